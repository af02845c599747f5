//! Classes of routes: what is limited together.

/// Routes that are limited together; each caller has a quota for each class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateClass {
    /// Answers of one page. The unit is a request.
    Reads,
    /// Changes of one thing. The unit is a request.
    Commands,
    /// Changes of many things in one body. The unit is a line of it.
    Bulk,
    /// Streams that stay open. The unit is one that is opened.
    Streams,
}

impl RateClass {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Reads, Self::Commands, Self::Bulk, Self::Streams];

    /// Its name in headers, problems, metrics, and the OpenAPI document.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::Commands => "commands",
            Self::Bulk => "bulk",
            Self::Streams => "streams",
        }
    }
}
