//! Stocktakes, as a process: shelves are counted, compared with the books and reviewed, and what is approved is posted.

pub(in crate::process_managers) mod codec;
mod door;
mod process;

pub(crate) use door::StocktakesDeps;
pub use door::{NewStocktake, StocktakeAt, StocktakeError, Stocktakes};
pub use process::StocktakeProcess;
