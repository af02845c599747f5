//! Versioned integration events: the only thing that the contexts share.
