//! Whole-product tests: the real binary under load, crashes and races.
