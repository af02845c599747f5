//! Whole-product tests: the real binary under load, crashes and races.
//!
//! All of it is in `tests/it`. The tests run the `gondola` of their own target folder, so build it first
//! (`cargo build -p gondola`), or name another one with `GONDOLA_BIN`. Further settings, all optional:
//!
//! - `GONDOLA_TEST_UNITS`: units fought for in the oversell tests, holds of a level with many, and a quarter of the events of
//!   one with a long past; 5,000 by default.
//! - `GONDOLA_TEST_CRASHES`: kills per kind of store, 25 by default.
//! - `GONDOLA_TEST_CHAIN_SECONDS`: for how long processes of a chain are killed; 300 by default, 60 on MariaDB.
//! - `GONDOLA_TEST_SEED`: repeats the random choices of a run that printed this seed.
//!
//! `scripts/test-repeat 30` runs them thirty times in a row. A test of a fault says at its head where the fault may
//! strike and what is right there.
