//! Panics on purpose, so that a test of the whole product can show what becomes of them.
//!
//! They exist in builds with debug assertions only, where an operator of the shipped product cannot reach them. A panic
//! from outside, by a signal or a debugger, would take the process with it and prove nothing about its supervision.

#[cfg(debug_assertions)]
static ARMED: std::sync::Mutex<Option<String>> = std::sync::Mutex::new(None);

/// Lets the critical task or thread with this name panic when it has its next piece of work. Only once.
#[cfg(debug_assertions)]
pub fn arm(name: String) {
    *ARMED.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(name);
}

/// A piece of work begins in the critical thread with this name; a task has such a point whenever it is polled. Nothing
/// happens in a build without debug assertions.
///
/// # Panics
/// Where a test has armed it.
#[cfg_attr(not(debug_assertions), expect(unused_variables, reason = "nothing happens here"))]
pub fn fault_point(name: &str) {
    #[cfg(debug_assertions)]
    {
        let mut armed = ARMED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if armed.as_deref() == Some(name) {
            *armed = None;
            drop(armed);
            panic!("on purpose");
        }
    }
}
