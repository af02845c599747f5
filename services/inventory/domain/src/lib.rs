//! Stock levels and reservations: the rules of promising stock, without input or output.
