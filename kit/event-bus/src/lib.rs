//! The bus port between contexts and its in-memory adapter.
