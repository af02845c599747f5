//! Listing alerts.

use gondola_notification_domain::{AlertId, StoreId};
use kit_http::{Cursor, Json, Limit, Page, Place, Problem, Problems, Query, RequestContext};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::Context;
use super::bodies::AlertBody;
use super::words::{AlertRuleKind, AlertSeverity, AlertStateWord};
use crate::http::Here;
use crate::use_cases::alerts::AlertQuery;

/// The order of the list.
const ORDER: &str = "alerts, newest first";

/// Which alerts are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AlertList {
    /// Only those of this store.
    store_id: Option<Uuid>,
    /// Only those as bad as this.
    #[param(inline)]
    severity: Option<AlertSeverity>,
    /// Only those that stand so.
    #[param(inline)]
    state: Option<AlertStateWord>,
    /// Only those of rules of this kind.
    #[param(inline)]
    rule: Option<AlertRuleKind>,
    /// How many items the page may have.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// `nextCursor` of the page before.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor<Place<AlertId>>>,
}

/// Lists alerts, newest first. One that is resolved is kept for 90 days.
///
/// A rule has at most one alert that is not resolved of each stock level, store, saga or view: a level that stays low, sale
/// after sale, has one. A caller that works in some stores sees the alerts of those.
#[utoipa::path(
    get, path = "/api/v1/alerts", tag = "Alerts", params(AlertList),
    responses((status = 200, description = "A page of alerts", body = Page<AlertBody>), Problems)
)]
pub(super) async fn list_alerts(
    Here(context): Here<Context>,
    Query(list): Query<AlertList>,
    caller: RequestContext,
) -> Result<Json<Page<AlertBody>>, Problem> {
    let query = AlertQuery {
        store: list.store_id.map(StoreId::from_uuid),
        severity: list.severity.map(Into::into),
        state: list.state.map(Into::into),
        kind: list.rule.map(Into::into),
        scope: caller.scope,
        before: list.cursor.map(|cursor| cursor.key_in(ORDER)).transpose()?,
        limit: list.limit.get(),
    };
    let found = context.read_model.alerts(query).await?;
    Ok(Json(found.page(ORDER, AlertBody::from, |last| last)))
}
