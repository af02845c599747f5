//! The `gondola` binary.

fn main() {}
