//! HTTP requests to other processes: addresses, connections, spans, and questions to a service that may not answer.
//!
//! [`ServiceClient`] is for a context that asks another one: it passes on the time that is left, the request's id and its
//! trace, and lets no failure cost more than was agreed. The gateway, which passes on whole requests, and purges build on
//! the same connections. [`outside_connections`] lead to servers of others, a [`GuardedClient`] to addresses that others
//! chose, and [`ApiClient`] is for commands that ask a running server on behalf of people.

mod api;
mod authorities;
mod connections;
mod guarded;
mod metrics;
mod outside;
mod peer;
mod service;
mod span;
mod tunnel;
mod url;

pub use api::{ApiAnswer, ApiClient, ApiError, ApiUrl, InvalidApiUrl};
pub use authorities::{AuthoritiesError, TrustedAuthorities, certificate_fault};
pub use connections::{Connections, connections, innermost};
pub use guarded::{
    AllowedPlace, AllowedPlaces, AnswerLimits, GuardedAnswer, GuardedClient, GuardedError,
    InvalidPlace,
};
pub use outside::{OutsideConnections, outside_connections};
pub use service::{CallError, Credential, ServiceClient};
pub use span::{begin_span, end_span};
pub use tunnel::tunnel;
pub use url::{InvalidUrl, ServiceUrl};
