//! Tells how far a long check has come.

/// Number of events between two calls; a power of two.
const EVENTS_PER_CALL: u64 = 1_024;

/// Is told the context whose log is read, the position that was reached, and where the log ends.
pub type Told<'a> = &'a dyn Fn(&str, u64, u64);

/// How far the check of one log has come.
pub(super) struct Progress<'a> {
    pub(super) context: &'a str,
    pub(super) end: u64,
    pub(super) told: Told<'a>,
}

impl Progress<'_> {
    /// Tells the position, now and then.
    pub(super) fn tick(&self, position: u64) {
        if position.is_multiple_of(EVENTS_PER_CALL) {
            (self.told)(self.context, position, self.end);
        }
    }
}
