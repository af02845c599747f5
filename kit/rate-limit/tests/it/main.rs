//! Rate limits: what they let through, what they remember, and what becomes of them when others do not answer.

mod local;
mod shared;
