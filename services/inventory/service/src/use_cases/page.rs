//! A part of a list, and where the next part begins.

/// Some items of a list; `K` is what the query needs to go on after the last of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T, K> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<K>,
}

impl<T, K> Page<T, K> {
    /// Cuts a page of at most `limit` from rows of which one more was asked for: it says whether there is another page.
    pub(super) fn cut(mut rows: Vec<T>, limit: usize, key: impl Fn(&T) -> K) -> Self {
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(key);
        Self { items: rows, next }
    }
}
