//! An import as callers see it.

use kit_core::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::job::{Changed, Job, JobState};

/// How far an import is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum ImportStatus {
    /// Its turn comes after those before it.
    Waiting,
    /// It is being imported.
    Running,
    /// All lines are dealt with.
    Done,
    /// It ended in another way, which `failure` tells.
    Failed,
}

/// Why an import failed.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"code": "imported-before", "detail": "all lines of b.csv are equal to those of a.csv"}))]
pub(super) struct ImportFailure {
    /// `file-refused`: the file as a whole is doubtful, and nothing of it was booked. `imported-before`: all lines are equal to
    /// those of another file. `too-many-rejected`: all lines are dealt with, but more were rejected than `maxRejected`.
    /// `broken-off`: sent again, the file goes on where it was.
    code: String,
    /// What happened, and what to do.
    detail: String,
}

/// Lines that were rejected for one reason.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"code": "unknown-product", "count": 2}))]
pub(super) struct ImportRejection {
    /// The kind of trouble.
    code: String,
    /// How many lines.
    count: u64,
}

/// Lines that were taken without a field, because it was not understood.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({"field": "price", "count": 2, "lines": [3, 17]}))]
pub(super) struct ImportWarning {
    /// What the field has.
    field: String,
    /// How many lines.
    count: u64,
    /// The numbers of the first of them, at most 20.
    lines: Vec<u64>,
}

/// What an import with `update` makes of a field; with `dryRun` what it would.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "line": 2, "code": "PROD123456", "field": "unit_price_minor_units", "before": "15990", "after": "16990"
}))]
pub(super) struct ImportChange {
    /// The line that says so.
    line: u64,
    /// The code of the entry.
    code: String,
    /// The column of the field, as exports have it.
    field: String,
    /// What it had; empty where it had nothing.
    before: String,
    /// What it has.
    after: String,
}

/// A file that was sent, and what becomes of its lines.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({
    "importId": "88888888-8888-8888-8888-888888888888", "kind": "stock", "name": "deliveries-2026-11-28.csv",
    "status": "done", "createdAt": "2026-11-28T12:00:00.000Z", "startedAt": "2026-11-28T12:00:00.010Z",
    "endedAt": "2026-11-28T12:00:04.200Z", "createdBy": "user:ana", "size": 1200, "bytesRead": 1200,
    "dryRun": false, "lines": 40, "accepted": 38, "changed": 0, "unchanged": 0, "warned": 0, "rejected": 2,
    "rejections": [{"code": "unknown-product", "count": 2}], "warnings": [], "changes": []
}))]
#[expect(clippy::struct_field_names, reason = "the names on the wire")]
pub(super) struct Import {
    /// Which one.
    import_id: Uuid,
    /// What the file lists.
    kind: String,
    /// What it is called.
    name: String,
    /// How far it is.
    status: ImportStatus,
    /// When it had arrived.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When its turn came.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
    /// Who sent it.
    created_by: String,
    /// Size of the file in bytes.
    size: u64,
    /// Bytes that have been read of it; a file is read twice, the first time to look at all of it before anything is booked.
    bytes_read: u64,
    /// Whether nothing was changed: then the numbers say what would be.
    dry_run: bool,
    /// Lines read: `accepted`, `unchanged` and `rejected` together.
    lines: u64,
    /// Lines that were booked, or registered.
    accepted: u64,
    /// Lines among those that changed an entry which was there, with `update`.
    changed: u64,
    /// Lines that were booked before, or say what is known already.
    unchanged: u64,
    /// Lines that were taken without a field that was not understood.
    warned: u64,
    /// Lines that were not taken: `/imports/{importId}/rejected-lines` has them.
    rejected: u64,
    /// What lines were rejected for.
    rejections: Vec<ImportRejection>,
    /// What lines were taken without.
    warnings: Vec<ImportWarning>,
    /// What lines change, with `update`: at most 100 fields.
    changes: Vec<ImportChange>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<ImportFailure>,
    /// What became of the file, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<String>,
}

impl ImportChange {
    fn of(changed: Changed) -> Self {
        let Changed { line, code, field, before, after } = changed;
        Self { line, code, field, before, after }
    }
}

impl Import {
    pub(super) fn of((job, bytes_read): (Job, u64)) -> Self {
        let name = job.options.called().to_owned();
        let failure = job.failure.map(|it| ImportFailure { code: it.code, detail: it.detail });
        let rejections = job.lines.reasons.into_iter();
        let warnings = job.lines.warnings.into_iter();
        let changes = job.lines.changes.into_iter();
        Self {
            import_id: job.id,
            kind: job.kind,
            name,
            status: match job.state {
                JobState::Waiting => ImportStatus::Waiting,
                JobState::Running => ImportStatus::Running,
                JobState::Done => ImportStatus::Done,
                JobState::Failed => ImportStatus::Failed,
            },
            created_at: job.created_at,
            started_at: job.started_at,
            ended_at: job.ended_at,
            created_by: job.actor,
            size: job.size,
            bytes_read: bytes_read.min(job.size),
            dry_run: job.options.dry_run,
            lines: job.lines.read,
            accepted: job.lines.accepted,
            changed: job.lines.changed,
            unchanged: job.lines.unchanged,
            warned: job.lines.warned,
            rejected: job.lines.rejected,
            rejections: rejections.map(|(code, count)| ImportRejection { code, count }).collect(),
            warnings: warnings
                .map(|(field, count, lines)| ImportWarning { field, count, lines })
                .collect(),
            changes: changes.map(ImportChange::of).collect(),
            failure,
            report: job.report,
        }
    }
}
