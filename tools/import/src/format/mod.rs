//! How files write things down: encodings, delimiters, numbers, dates and units of measure.

pub(super) mod dates;
pub(super) mod delimiter;
pub(super) mod line_ends;
pub(super) mod measure;
pub(super) mod moments;
pub(super) mod numbers;
pub(super) mod text;
