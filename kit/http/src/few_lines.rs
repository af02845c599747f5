//! Lines about what callers can do as often as they like: some a second, and then how many were left out.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// Lines within [`WINDOW`].
const LINES_MAX: u32 = 10;

const WINDOW: Duration = Duration::from_secs(1);

/// Lines of one kind.
#[derive(Default)]
pub(crate) struct FewLines(Mutex<Window>);

#[derive(Default)]
struct Window {
    began: Option<Instant>,
    written: u32,
    left_out: u64,
}

impl FewLines {
    /// Whether a line may be written now; how many were left out since the one before.
    pub(crate) fn take(&self, now: Instant) -> Option<u64> {
        let mut window = self.0.lock();
        if window.began.is_none_or(|began| now.duration_since(began) >= WINDOW) {
            (window.began, window.written) = (Some(now), 0);
        }
        if window.written == LINES_MAX {
            window.left_out += 1;
            return None;
        }
        window.written += 1;
        Some(std::mem::take(&mut window.left_out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_has_few_lines_and_the_next_one_says_how_many_there_were() {
        let (lines, began) = (FewLines::default(), Instant::now());
        let written = (0..1_000).filter(|_| lines.take(began) == Some(0)).count();
        assert_eq!(written, 10);
        assert_eq!(lines.take(began + Duration::from_millis(999)), None);
        assert_eq!(lines.take(began + WINDOW), Some(991));
        assert_eq!(lines.take(began + WINDOW), Some(0));
    }
}
