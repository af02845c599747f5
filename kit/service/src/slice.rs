//! A part of a list, and where the next part begins.

use kit_http::{Cursor, Page};
use serde::Serialize;

/// Some items of a list; `K` is what a query needs to go on after the last of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice<T, K> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next part begins; `None` when this is the last one.
    pub next: Option<K>,
}

impl<T, K> Slice<T, K> {
    /// Cuts at most `limit` items from rows of which one more was asked for: it says whether there is another part.
    pub fn cut(mut rows: Vec<T>, limit: usize, key: impl FnOnce(&T) -> K) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(key);
        Self { items: rows, next }
    }

    /// The page that a caller gets; its cursor goes on in this order of this list only.
    ///
    /// `body` and `key` give the wire forms of an item and of where the next page begins.
    pub fn page<B, W: Serialize>(
        self,
        order: &str,
        body: impl FnMut(T) -> B,
        key: impl FnOnce(K) -> W,
    ) -> Page<B> {
        let next = self.next.map(|next| Cursor::in_order(order, key(next)));
        Page::new(self.items.into_iter().map(body).collect(), next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_row_more_than_wanted_says_that_there_is_another_part() {
        let cut = |rows: u32| Slice::cut((1..=rows).collect(), 2, |last| *last);
        assert_eq!(cut(3), Slice { items: vec![1, 2], next: Some(2) });
        assert_eq!(cut(2), Slice { items: vec![1, 2], next: None });
        assert_eq!(cut(0), Slice { items: vec![], next: None });
    }

    #[test]
    fn a_page_goes_on_in_its_order_only() {
        let slice = Slice::cut(vec![7, 8, 9], 2, |last| *last);
        let page = slice.page("things by number", |item| item * 10, |last| last);
        assert_eq!(page.items, [70, 80]);
        let cursor = || page.next_cursor.as_deref().unwrap().parse::<Cursor<_>>().unwrap();
        assert_eq!(cursor().key_in("things by number").unwrap(), 8);
        cursor().key_in("things by name").map(|_: i32| ()).unwrap_err();
    }
}
