//! The rules, one file for each kind; a rule that is not executed is an opinion.

mod alerts;
mod bans;
mod contexts;
mod crates;
mod docs;
mod editions;
mod frozen;
mod layers;
mod log_lines;
mod problems;
mod tidy;
mod words;
mod workspace;
