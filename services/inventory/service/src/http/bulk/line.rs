//! One line of a bulk write: what it asks for.

use gondola_inventory_domain::ReservationId;
use kit_core::Version;
use kit_http::Problem;
use serde::Serialize;

use crate::http::conditional::if_version;
use crate::http::reservations::commit::CommitRequest;
use crate::http::reservations::extend::ExtendRequest;
use crate::http::reservations::release::ReleaseRequest;
use crate::http::reservations::reserve::ReserveRequest;
use crate::http::stock::add::AddStockRequest;
use crate::http::stock::adjust::AdjustStockRequest;
use crate::http::stock::count::CountStockRequest;
use crate::http::stock::policy::StockPolicyRequest;
use crate::use_cases::StockRequest;

/// One command; `op` says which, the other fields are those of its own route.
#[derive(Debug, Serialize)]
#[serde(tag = "op", rename_all = "camelCase")]
pub(super) enum BatchLine {
    /// As `POST /inventory/stock`.
    Stock(AddStockRequest),
    /// As `POST /inventory/adjust`.
    Adjust(AdjustStockRequest),
    /// As `POST /inventory/count`.
    Count(CountStockRequest),
    /// As `POST /inventory/policy`.
    Policy(StockPolicyRequest),
    /// As `POST /inventory/reserve`.
    Reserve(ReserveRequest),
    /// As `POST /inventory/commit`.
    Commit(CommitRequest),
    /// As `POST /inventory/release`.
    Release(ReleaseRequest),
    /// As `POST /inventory/extend`.
    Extend(ExtendRequest),
}

impl BatchLine {
    /// What it asks for.
    pub(super) fn request(&self) -> Result<StockRequest, Problem> {
        let (request, expected) = match self {
            Self::Stock(body) => (body.request()?, body.expected_version()),
            Self::Adjust(body) => (body.request()?, body.expected_version()),
            Self::Count(body) => (body.request()?, body.expected_version()),
            Self::Policy(body) => (body.request()?, body.expected_version()),
            Self::Reserve(body) => (body.request()?, body.expected_version()),
            Self::Commit(body) => (body.request()?, None),
            Self::Release(body) => (body.request()?, None),
            Self::Extend(body) => (body.request()?, None),
        };
        Ok(if_version(expected.map(Version::new), request))
    }

    /// Name of the operation, as its own route is called.
    pub(super) fn operation(&self) -> &'static str {
        match self {
            Self::Stock(_) => "stock",
            Self::Adjust(_) => "adjust",
            Self::Count(_) => "count",
            Self::Policy(_) => "policy",
            Self::Reserve(_) => "reserve",
            Self::Commit(_) => "commit",
            Self::Release(_) => "release",
            Self::Extend(_) => "extend",
        }
    }

    /// The status of success.
    pub(super) const fn success(&self) -> u16 {
        match self {
            Self::Stock(_) | Self::Reserve(_) => 201,
            _ => 200,
        }
    }

    /// The reservation id that the caller chose, if the line makes a reservation.
    pub(super) fn chosen_id(&self) -> Option<ReservationId> {
        match self {
            Self::Reserve(body) => body.chosen_id(),
            _ => None,
        }
    }
}
