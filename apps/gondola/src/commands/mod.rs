//! One module for each command of `gondola`: its arguments, and how it is run.

pub(crate) mod import;
