//! Structured logs: JSON for machines, readable text on a terminal.
