//! Importing files that ask for transfers between stores.

use std::collections::HashMap;

use anyhow::{Context, ensure};
use foldhash::fast::RandomState;
use gondola_inventory::process_managers::transfers::{
    TransferAt, TransferError, TransferFilter, TransferOrder,
};
use gondola_inventory::use_cases::ProductRef;
use gondola_inventory_domain::{
    PositiveQuantity, ProductId, Reference, Transfer, TransferId, TransferRefusal, TransferStatus,
    sum_demand,
};
use uuid::Uuid;

use super::account::Outcome;
use super::checkpoint::Tally;
use super::csv_file::{CsvFile, Row};
use super::format::numbers::NumberFormat;
use super::input::{Input, InputFile};
use super::names::Names;
use super::progress::Progress;
use super::reading::{MomentNeed, Survey, Watched};
use super::reject::Reject;
use super::reject_file::RejectFile;
use super::services::{Services, now};
use super::transfer_lines::{TransferColumns, TransferLine, order};

/// A file that asks for transfers, looked at as a whole.
///
/// It keeps no progress: a reference is that of one transfer for ever, and the log itself tells what was asked for before.
pub struct TransferImport {
    input: InputFile,
    csv_file: CsvFile,
    columns: TransferColumns,
    numbers: NumberFormat,
    progress: Progress,
}

/// What became of the lines of one reference.
enum Fate {
    /// They are a transfer now.
    Begun,
    /// They were one before.
    Before,
    /// They are none.
    Rejected(Reject),
}

/// The lines of one reference, as they stand together in the file.
#[derive(Default)]
struct Group {
    reference: Option<Reference>,
    rows: Vec<Row>,
    lines: Vec<Result<TransferLine, Reject>>,
}

impl TransferImport {
    /// Opens a file, and refuses one in which the lines of a reference do not stand together.
    pub fn open(input: &Input) -> anyhow::Result<Self> {
        let input = InputFile::find(input)?;
        let progress = input.progress(0)?;
        let csv_file = input.open(&progress)?;
        let columns = TransferColumns::find(&csv_file)?;
        let watched = Watched { numbers: columns.numbers(), ..Watched::default() };
        let mut together = Together::default();
        let survey = Survey::read(input.open(&progress)?, &watched, |row| {
            columns.reference(row).map_or(Ok(()), |reference| together.note(&reference, row.line))
        });
        let reading =
            survey.and_then(|survey| survey.reading(input.reading(), MomentNeed::Safe, now()));
        let numbers = reading.with_context(|| input.name())?.numbers;
        progress.say("importing");
        Ok(Self { input, csv_file, columns, numbers, progress })
    }

    /// Asks for the transfers of the file in its order, and says what became of its lines.
    pub async fn run(self, services: &Services) -> anyhow::Result<Outcome> {
        let Self { input, mut csv_file, columns, numbers, progress } = self;
        let names = Names::seen_by(services).await?;
        let mut out = Out {
            services,
            rejects: RejectFile::new(&input, csv_file.layout(), 0),
            tally: Tally::default(),
            progress: &progress,
            dry_run: input.is_dry_run(),
        };
        let mut group = Group::default();
        while let Some(row) = csv_file.next()? {
            out.tally.lines += 1;
            match columns.reference(&row) {
                Err(reject) => out.reject(&row, &reject)?,
                Ok(reference) => {
                    if group.reference.as_ref() != Some(&reference) {
                        out.perform(std::mem::take(&mut group)).await?;
                        group.reference = Some(reference);
                    }
                    group.lines.push(columns.read(&row, numbers, &names));
                    group.rows.push(row);
                }
            }
        }
        out.perform(group).await?;
        out.rejects.sync()?;
        progress.report(&input.name(), &out.tally, &input.rejected())
    }
}

/// Where each reference stands: its lines are one transfer only if nobody has to wait for the end of the file to know them.
#[derive(Default)]
struct Together {
    present: Option<Reference>,
    /// The last line of each reference.
    seen: HashMap<Reference, u64, RandomState>,
}

impl Together {
    fn note(&mut self, reference: &Reference, line: u64) -> anyhow::Result<()> {
        let before = self.seen.insert(reference.clone(), line);
        let goes_on = self.present.as_ref() == Some(reference);
        if let Some(before) = before.filter(|_| !goes_on) {
            ensure!(
                goes_on,
                "line {line}: reference {:?} stood on line {before} already, with others between: sort the file by \
                 reference, so that the lines of each transfer stand together",
                reference.as_str()
            );
        }
        self.present = Some(reference.clone());
        Ok(())
    }
}

/// Where transfers go, and what is said about their lines.
struct Out<'a> {
    services: &'a Services,
    rejects: RejectFile,
    tally: Tally,
    progress: &'a Progress,
    dry_run: bool,
}

impl Out<'_> {
    fn reject(&mut self, row: &Row, reject: &Reject) -> anyhow::Result<()> {
        Tally::count(&mut self.tally.rejected, reject.code);
        self.rejects.add(row, reject)
    }

    /// Asks for the transfer of a group. One of whose lines is wrong is not asked for at all: half a delivery is none.
    async fn perform(&mut self, group: Group) -> anyhow::Result<()> {
        let Group { reference: Some(reference), rows, lines } = group else { return Ok(()) };
        let wrong = rows.iter().zip(&lines).find(|(_, line)| line.is_err());
        if let Some(place) = wrong.map(|(row, _)| row.line) {
            let other = format!(
                "line {place} of the same transfer is rejected: correct it, and send all of them"
            );
            let other = Reject::new("incomplete-transfer", other);
            for (row, line) in rows.iter().zip(lines) {
                self.reject(row, &line.err().unwrap_or_else(|| other.clone()))?;
            }
            return Ok(());
        }
        let lines: Vec<TransferLine> = lines.into_iter().flatten().collect();
        let fate = match order(&reference, &lines) {
            Ok(order) if self.dry_run => expected(self.services, &reference, &order).await?,
            Ok(order) => request(self.services, &reference, order).await?,
            Err(reject) => Fate::Rejected(reject),
        };
        for row in &rows {
            match &fate {
                Fate::Begun => {
                    self.tally.applied += 1;
                    self.progress.applied();
                }
                Fate::Before => self.tally.applied += 1,
                Fate::Rejected(reject) => self.reject(row, reject)?,
            }
        }
        self.progress.tell(&self.tally);
        Ok(())
    }
}

/// Asks for a transfer, and says what it is to the lines that ask for it.
async fn request(
    services: &Services,
    reference: &Reference,
    order: TransferOrder,
) -> anyhow::Result<Fate> {
    let (transfers, caller) = (&services.transfers, services.registrar());
    let scope = caller.scope.clone();
    // an export names transfers without a reference by their ids
    let by_id = Uuid::try_parse(reference.as_str()).ok().map(TransferId::from_uuid);
    if let Some(id) = by_id
        && let Some(found) = transfers.find(id, &scope).await?
    {
        return Ok(before(&order, reference, &found));
    }
    match transfers.request(order.clone(), caller).await {
        Ok(receipt) => Ok(begun(&receipt.answer.transfer)),
        Err(TransferError::Refused(TransferRefusal::ReferenceTaken { transfer, .. })) => {
            let found = transfers.find(transfer, &scope).await?;
            Ok(found.map_or_else(|| taken(reference), |found| before(&order, reference, &found)))
        }
        Err(TransferError::Refused(refusal)) => {
            Ok(Fate::Rejected(Reject::new(refusal.code(), refusal.to_string())))
        }
        Err(TransferError::InvalidLines(error)) => {
            Ok(Fate::Rejected(Reject::new(error.code(), error.to_string())))
        }
        Err(error) => Err(error).context("cannot ask for a transfer"),
    }
}

/// What would become of a transfer if it were asked for; whether the store that sends has enough is not known.
async fn expected(
    services: &Services,
    reference: &Reference,
    order: &TransferOrder,
) -> anyhow::Result<Fate> {
    let (transfers, scope) = (&services.transfers, &services.author.scope);
    let mut id = Uuid::try_parse(reference.as_str()).ok().map(TransferId::from_uuid);
    if id.is_none() {
        let filter = TransferFilter {
            reference: Some(reference.clone()),
            scope: scope.clone(),
            limit: 1,
            ..TransferFilter::default()
        };
        id = transfers.list(filter).await?.items.first().map(|listed| listed.id);
    }
    let found = match id {
        Some(id) => transfers.find(id, scope).await?,
        None => None,
    };
    let stands = found.filter(|found| found.transfer.status() != TransferStatus::Refused);
    Ok(stands.map_or(Fate::Begun, |found| before(order, reference, &found)))
}

/// What a transfer is that has begun just now.
fn begun(transfer: &Transfer) -> Fate {
    if transfer.status() != TransferStatus::Refused {
        return Fate::Begun;
    }
    let detail = transfer.refusal().unwrap_or("the store that sends refuses it");
    let reason = format!("{detail}; nothing is held, and the same reference may come again");
    Fate::Rejected(Reject::new("transfer-refused", reason))
}

/// What a reference comes to that others have used.
fn taken(reference: &Reference) -> Fate {
    let reason = format!(
        "reference {:?} is that of a transfer of others: give this one a reference of its own",
        reference.as_str()
    );
    Fate::Rejected(Reject::new("transfer-reference-taken", reason))
}

/// What a transfer with the same reference is that had begun before.
fn before(order: &TransferOrder, reference: &Reference, found: &TransferAt) -> Fate {
    if is_asked(order, &found.transfer) {
        return Fate::Before;
    }
    let reason = format!(
        "reference {:?} is that of transfer {}, which has other stores or lines: give this one a reference of its own",
        reference.as_str(),
        found.id
    );
    Fate::Rejected(Reject::new("transfer-reference-taken", reason))
}

/// Whether a transfer is the one that is asked for: between the same stores, with as many of the same products.
fn is_asked(order: &TransferOrder, transfer: &Transfer) -> bool {
    use gondola_inventory::use_cases::StoreRef::Id;
    let Some(terms) = transfer.terms() else { return false };
    let by_id = |(product, units): &(ProductRef, PositiveQuantity)| match product {
        ProductRef::Id(id) => Some((*id, *units)),
        _ => None,
    };
    let wanted: Option<Vec<(ProductId, PositiveQuantity)>> =
        order.lines.iter().map(by_id).collect();
    let Some(Ok(mut wanted)) = wanted.map(|lines| sum_demand(&lines)) else { return false };
    let mut had: Vec<_> =
        transfer.lines().iter().map(|line| (line.product, line.quantity)).collect();
    wanted.sort_unstable_by_key(|line| line.0);
    had.sort_unstable();
    let wanted = wanted.iter().map(|(product, units)| (*product, units.get()));
    order.source == Id(terms.source)
        && order.destination == Id(terms.destination)
        && wanted.eq(had.iter().copied())
}
