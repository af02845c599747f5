//! Stores and products: the catalogue's rules, without input or output.
