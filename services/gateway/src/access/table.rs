//! The table of routes, roles and classes: the one place that says who may do what, and what is limited together.

use kit_auth::Role;
use kit_auth::Role::{Admin, Operator, Service, Store, Viewer};

use crate::limits::RateClass;

/// Who may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody: what it shows is no secret and belongs to nobody.
    Public,
    /// Callers with one of these roles; one that has [`Role::Store`] only sees and changes its own stores.
    Roles(&'static [Role]),
}

/// Who may come in at a route.
#[derive(Clone, Copy, Debug)]
pub struct RouteAccess {
    /// The method; who may `GET` may `HEAD`.
    pub method: &'static str,
    /// The path with the names of its parameters, as in the OpenAPI document.
    pub path: &'static str,
    /// Who.
    pub access: Access,
    /// What it is limited with; `None` where nothing is, since health must always be told.
    pub class: Option<RateClass>,
}

impl RouteAccess {
    const fn limited_as(self, class: RateClass) -> Self {
        Self { class: Some(class), ..self }
    }

    const fn unlimited(self) -> Self {
        Self { class: None, ..self }
    }
}

/// Reads stock, reservations, events and the catalogue.
const READ: Access = Access::Roles(&[Admin, Operator, Store, Service, Viewer]);

/// Changes stock and reservations. A bulk write holds any of these changes, so all of them have the same roles.
const WRITE: Access = Access::Roles(&[Admin, Operator, Store, Service]);

/// Decides about differences that a stocktake has found: not for those who count.
const STOCKTAKE_REVIEW: Access = Access::Roles(&[Admin, Operator]);

/// Changes what stores, products and suppliers there are.
const CATALOGUE: Access = Access::Roles(&[Admin, Operator]);

/// Sees and changes what is sent to whom: it tells of all stores.
const WEBHOOKS: Access = Access::Roles(&[Admin, Operator]);

/// Sees alerts, of its stores.
const ALERTS: Access = Access::Roles(&[Admin, Operator, Store, Viewer]);

/// Sees to alerts, of its stores.
const ALERT_HANDLING: Access = Access::Roles(&[Admin, Operator, Store]);

/// Sees and decides what is alerted of, in all stores.
const ALERT_RULES: Access = Access::Roles(&[Admin, Operator]);

/// Sees and changes who is told of what, with addresses of people.
const SUBSCRIPTIONS: Access = Access::Roles(&[Admin, Operator]);

/// Sees what goes through several places, of all stores, and helps where it is stuck.
const SAGAS: Access = Access::Roles(&[Admin, Operator]);

/// Sees what is kept of a person, and forgets them.
const PRIVACY: Access = Access::Roles(&[Admin]);

/// Looks things up, or takes part in a saga, for another service, without regard to stores.
const SERVICES: Access = Access::Roles(&[Admin, Service]);

/// Runs the system.
const OPERATIONS: Access = Access::Roles(&[Admin]);

/// A route that is in no table: a test fails before it is shipped, and until then nobody else finds it open.
const UNKNOWN: Access = OPERATIONS;

const fn get(path: &'static str, access: Access) -> RouteAccess {
    RouteAccess { method: "GET", path, access, class: Some(RateClass::Reads) }
}

const fn post(path: &'static str, access: Access) -> RouteAccess {
    RouteAccess { method: "POST", path, access, class: Some(RateClass::Commands) }
}

const fn put(path: &'static str, access: Access) -> RouteAccess {
    RouteAccess { method: "PUT", path, access, class: Some(RateClass::Commands) }
}

const fn delete(path: &'static str, access: Access) -> RouteAccess {
    RouteAccess { method: "DELETE", path, access, class: Some(RateClass::Commands) }
}

const fn patch(path: &'static str, access: Access) -> RouteAccess {
    RouteAccess { method: "PATCH", path, access, class: Some(RateClass::Commands) }
}

/// Every route.
pub const ACCESS: &[RouteAccess] = &[
    // stock and reservations
    get("/api/v1/inventory/availability", READ),
    get("/api/v1/inventory/events", READ).limited_as(RateClass::Streams),
    get("/api/v1/inventory/pos-batches/{posBatchId}", READ),
    get("/api/v1/inventory/products/{product}", READ),
    get("/api/v1/inventory/replenishment", READ),
    get("/api/v1/inventory/reservations", READ),
    get("/api/v1/inventory/reservations/{reservationId}", READ),
    get("/api/v1/inventory/split-reservations", READ),
    get("/api/v1/inventory/split-reservations/{splitReservationId}", READ),
    get("/api/v1/inventory/stocktakes", READ),
    get("/api/v1/inventory/stocktakes/{stocktakeId}", READ),
    get("/api/v1/inventory/stores/{store}/products", READ),
    get("/api/v1/inventory/stores/{store}/products/{product}", READ),
    get("/api/v1/inventory/stores/{store}/products/{product}/history", READ),
    get("/api/v1/inventory/stores/{store}/tills/{till}", READ),
    get("/api/v1/inventory/tills", READ),
    get("/api/v1/inventory/transfers", READ),
    get("/api/v1/inventory/transfers/{transferId}", READ),
    post("/api/v1/inventory/adjust", WRITE),
    post("/api/v1/inventory/availability", WRITE).limited_as(RateClass::Reads),
    post("/api/v1/inventory/batch", WRITE).limited_as(RateClass::Bulk),
    post("/api/v1/inventory/commit", WRITE),
    post("/api/v1/inventory/count", WRITE),
    post("/api/v1/inventory/extend", WRITE),
    post("/api/v1/inventory/levels/query", WRITE).limited_as(RateClass::Reads),
    post("/api/v1/inventory/policy", WRITE),
    post("/api/v1/inventory/pos-batches", WRITE),
    post("/api/v1/inventory/release", WRITE),
    post("/api/v1/inventory/reservations", WRITE),
    post("/api/v1/inventory/reserve", WRITE),
    post("/api/v1/inventory/sourcing", WRITE).limited_as(RateClass::Reads),
    post("/api/v1/inventory/split-reservations", WRITE),
    post("/api/v1/inventory/split-reservations/{splitReservationId}/commit", WRITE),
    post("/api/v1/inventory/split-reservations/{splitReservationId}/release", WRITE),
    post("/api/v1/inventory/stock", WRITE),
    post("/api/v1/inventory/stocktakes", WRITE),
    post("/api/v1/inventory/stocktakes/{stocktakeId}/approve", STOCKTAKE_REVIEW),
    post("/api/v1/inventory/stocktakes/{stocktakeId}/cancel", STOCKTAKE_REVIEW),
    post("/api/v1/inventory/stocktakes/{stocktakeId}/compare", WRITE),
    post("/api/v1/inventory/stocktakes/{stocktakeId}/counts", WRITE),
    post("/api/v1/inventory/stocktakes/{stocktakeId}/recount", STOCKTAKE_REVIEW),
    post("/api/v1/inventory/stocktakes/{stocktakeId}/reject", STOCKTAKE_REVIEW),
    post("/api/v1/inventory/transfers", WRITE),
    post("/api/v1/inventory/transfers/{transferId}/cancel", WRITE),
    post("/api/v1/inventory/transfers/{transferId}/dispatch", WRITE),
    post("/api/v1/inventory/transfers/{transferId}/receive", WRITE),
    post("/api/v1/inventory/transfers/{transferId}/return", WRITE),
    get("/api/v1/checkouts/{checkoutId}", READ),
    post("/api/v1/checkouts", WRITE),
    post("/api/v1/checkouts/{checkoutId}/cancel", WRITE),
    post("/api/v1/checkouts/{checkoutId}/commit", WRITE),
    get("/api/v1/live", READ).limited_as(RateClass::Streams),
    get("/api/v1/sagas", SAGAS),
    get("/api/v1/sagas/{sagaId}", SAGAS),
    post("/api/v1/sagas/{sagaId}/cancel", SAGAS),
    post("/api/v1/sagas/{sagaId}/retry", SAGAS),
    post("/api/v1/privacy/export", PRIVACY).limited_as(RateClass::Reads),
    post("/api/v1/privacy/forget", PRIVACY),
    post("/api/v1/inventory/names/drain", OPERATIONS),
    post("/api/v1/inventory/views/rebuild", OPERATIONS),
    post("/api/v1/inventory/views/reconcile", OPERATIONS),
    // the catalogue
    get("/api/v1/categories", READ),
    get("/api/v1/categories/{category}", READ),
    post("/api/v1/categories", CATALOGUE),
    patch("/api/v1/categories/{category}", CATALOGUE),
    get("/api/v1/products", READ),
    get("/api/v1/products/{product}", READ),
    get("/api/v1/products/{product}/suppliers", READ),
    get("/api/v1/products/{product}/suppliers/{supplier}", READ),
    get("/api/v1/stores", READ),
    get("/api/v1/stores/{store}", READ),
    get("/api/v1/stores/{store}/stock", READ),
    get("/api/v1/suppliers", READ),
    get("/api/v1/suppliers/{supplier}", READ),
    get("/api/v1/suppliers/{supplier}/products", READ),
    post("/api/v1/products", CATALOGUE),
    post("/api/v1/stores", CATALOGUE),
    post("/api/v1/suppliers", CATALOGUE),
    put("/api/v1/products/{product}/suppliers/{supplier}", CATALOGUE),
    patch("/api/v1/products/{product}", CATALOGUE),
    patch("/api/v1/products/{product}/suppliers/{supplier}", CATALOGUE),
    patch("/api/v1/stores/{store}", CATALOGUE),
    patch("/api/v1/suppliers/{supplier}", CATALOGUE),
    delete("/api/v1/products/{product}/suppliers/{supplier}", CATALOGUE),
    post("/api/v1/catalogue/look-up", SERVICES).limited_as(RateClass::Reads),
    post("/api/v1/stock-copy/drain", OPERATIONS),
    // files; who may send some of these sees its own imports
    get("/api/v1/catalogue/exports/{kind}", READ),
    get("/api/v1/imports", WRITE),
    get("/api/v1/imports/{importId}", WRITE),
    get("/api/v1/imports/{importId}/rejected-lines", WRITE),
    get("/api/v1/inventory/exports/{kind}", READ),
    post("/api/v1/catalogue/imports/{kind}", CATALOGUE),
    post("/api/v1/inventory/imports/{kind}", WRITE),
    // alerts
    get("/api/v1/alerts", ALERTS),
    get("/api/v1/alerts/{alertId}", ALERTS),
    post("/api/v1/alerts/{alertId}/acknowledge", ALERT_HANDLING),
    post("/api/v1/alerts/{alertId}/resolve", ALERT_HANDLING),
    get("/api/v1/alert-rules", ALERT_RULES),
    get("/api/v1/alert-rules/{ruleId}", ALERT_RULES),
    post("/api/v1/alert-rules", ALERT_RULES),
    put("/api/v1/alert-rules/{ruleId}", ALERT_RULES),
    delete("/api/v1/alert-rules/{ruleId}", ALERT_RULES),
    // the notification service's part in checkouts
    post("/api/v1/order-confirmations/commit", SERVICES),
    post("/api/v1/order-confirmations/drop", SERVICES),
    post("/api/v1/order-confirmations/prepare", SERVICES),
    // subscriptions, and what they were told
    get("/api/v1/notifications", SUBSCRIPTIONS),
    get("/api/v1/notifications/figures", SUBSCRIPTIONS),
    get("/api/v1/notifications/{notificationId}", SUBSCRIPTIONS),
    post("/api/v1/notifications/replay", SUBSCRIPTIONS),
    post("/api/v1/notifications/{notificationId}/replay", SUBSCRIPTIONS),
    get("/api/v1/subscriptions", SUBSCRIPTIONS),
    get("/api/v1/subscriptions/{subscriptionId}", SUBSCRIPTIONS),
    post("/api/v1/subscriptions", SUBSCRIPTIONS),
    post("/api/v1/subscriptions/{subscriptionId}/test", SUBSCRIPTIONS),
    put("/api/v1/subscriptions/{subscriptionId}", SUBSCRIPTIONS),
    delete("/api/v1/subscriptions/{subscriptionId}", SUBSCRIPTIONS),
    // webhooks
    get("/api/v1/webhooks", WEBHOOKS),
    get("/api/v1/webhooks/{webhookId}", WEBHOOKS),
    get("/api/v1/webhooks/{webhookId}/deliveries", WEBHOOKS),
    get("/api/v1/webhooks/{webhookId}/deliveries/{deliveryId}", WEBHOOKS),
    get("/api/v1/webhooks/{webhookId}/figures", WEBHOOKS),
    get("/api/v1/webhooks/{webhookId}/history", WEBHOOKS),
    post("/api/v1/webhooks", WEBHOOKS),
    post("/api/v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay", WEBHOOKS),
    post("/api/v1/webhooks/{webhookId}/replay", WEBHOOKS),
    post("/api/v1/webhooks/{webhookId}/rotate-secret", WEBHOOKS),
    put("/api/v1/webhooks/{webhookId}", WEBHOOKS),
    delete("/api/v1/webhooks/{webhookId}", WEBHOOKS),
    // health, for machines that have no credential
    get("/health", Access::Public).unlimited(),
    get("/health/live", Access::Public).unlimited(),
    get("/health/ready", Access::Public).unlimited(),
    // pages for people
    get("/", Access::Public),
    get("/assets/calls.js", Access::Public),
    get("/assets/events.js", Access::Public),
    get("/assets/feed.js", Access::Public),
    get("/assets/gondola.css", Access::Public),
    get("/assets/landing.js", Access::Public),
    get("/assets/mend.js", Access::Public),
    get("/assets/redoc-ui.js", Access::Public),
    get("/assets/redoc.js", Access::Public),
    get("/assets/swagger-ui.css", Access::Public),
    get("/assets/swagger-ui.js", Access::Public),
    get("/assets/swagger.js", Access::Public),
    get("/assets/viewers.css", Access::Public),
    get("/favicon.ico", Access::Public),
    get("/favicon.svg", Access::Public),
    get("/openapi.json", Access::Public),
    get("/openapi.yaml", Access::Public),
    get("/problems", Access::Public),
    get("/problems/", Access::Public),
    get("/problems/{code}", Access::Public),
    get("/redoc", Access::Public),
    get("/redoc/", Access::Public),
    get("/swagger", Access::Public),
    get("/swagger/", Access::Public),
    get("/swagger-ui.html", Access::Public),
];

/// Who may come in at a route with a method.
#[must_use]
pub fn access(method: &str, path: &str) -> Access {
    find(method, path).map_or(UNKNOWN, |route| route.access)
}

/// What a route with a method is limited with; what is in no table is a command.
pub(crate) fn rate_class(method: &str, path: &str) -> Option<RateClass> {
    find(method, path).map_or(Some(RateClass::Commands), |route| route.class)
}

fn find(method: &str, path: &str) -> Option<&'static RouteAccess> {
    let method = if method == "HEAD" { "GET" } else { method };
    ACCESS.iter().find(|route| route.path == path && route.method == method)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_route_stands_once() {
        let routes: BTreeSet<_> = ACCESS.iter().map(|route| (route.path, route.method)).collect();
        assert_eq!(routes.len(), ACCESS.len());
    }

    #[test]
    fn what_is_in_no_table_is_for_administrators() {
        for (method, path) in
            [("DELETE", "/api/v1/stores"), ("GET", "/api/v2/stores"), ("TRACE", "/")]
        {
            assert_eq!(access(method, path), Access::Roles(&[Admin]), "{method} {path}");
        }
        assert_eq!(access("HEAD", "/health"), Access::Public);
    }

    #[test]
    fn only_health_is_never_limited_and_only_bulk_counts_lines() {
        for RouteAccess { method, path, class, .. } in ACCESS {
            assert_eq!(class.is_none(), path.starts_with("/health"), "{method} {path}");
            let is_bulk = *class == Some(RateClass::Bulk);
            assert_eq!(is_bulk, path.ends_with("/batch"), "{method} {path}");
        }
        assert_eq!(rate_class("DELETE", "/api/v1/stores"), Some(RateClass::Commands));
        assert_eq!(rate_class("HEAD", "/api/v1/stores"), Some(RateClass::Reads));
    }

    /// A bulk write must not be a way around the table.
    #[test]
    fn a_caller_that_may_write_in_bulk_may_write_each_line() {
        let Access::Roles(batch) = access("POST", "/api/v1/inventory/batch") else { panic!() };
        for line in ["stock", "adjust", "count", "policy", "reserve", "commit", "release", "extend"]
        {
            let path = format!("/api/v1/inventory/{line}");
            let Access::Roles(one) = access("POST", &path) else { panic!() };
            assert!(batch.iter().all(|role| one.contains(role)), "{line}");
        }
    }

    #[test]
    fn changes_are_for_no_viewer_and_only_reads_are_public() {
        for RouteAccess { method, path, access, .. } in ACCESS {
            match access {
                Access::Public => assert!(*method == "GET" && !path.starts_with("/api/"), "{path}"),
                Access::Roles(roles) => {
                    assert!(roles.contains(&Admin), "{path}");
                    assert!(*method == "GET" || !roles.contains(&Viewer), "{path}");
                }
            }
        }
    }
}
