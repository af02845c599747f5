//! How far a backup or a restore has come, as it is told to those who wait for it.

/// Is told how far work is that may take long enough for somebody to wonder.
pub trait Progress: Send + Sync {
    /// A phase begins that comes to so many steps, such as events or bytes; the one before has ended.
    fn begin(&self, phase: &str, steps: u64);

    /// So many steps of the phase are done. Cheap enough to be called for each.
    fn at(&self, done: u64);
}

/// Nobody waits.
impl Progress for () {
    fn begin(&self, _phase: &str, _steps: u64) {}

    fn at(&self, _done: u64) {}
}
