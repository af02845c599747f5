//! Rules of the code base that are executed: see `tests/it`, one file for each kind of rule.
