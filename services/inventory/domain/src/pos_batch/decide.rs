//! Decides commands to one batch of a till.

use kit_core::Timestamp;

use super::difference::differences;
use super::{
    LineOutcome, MERGE, POS_LINES_MAX, POS_SEQUENCE_MAX, PosBatch, PosBatchCommand, PosBatchEvent,
    PosBatchRefusal, PosBatchTerms, RefusedLine, ShortLine,
};
use crate::{RecordStep, StepOutcome};

/// Decides a command against the present state. No events mean that the command is granted and nothing had to change: so
/// is what was received before.
pub fn decide_pos_batch(
    batch: &PosBatch,
    command: &PosBatchCommand,
    now: Timestamp,
) -> Result<Vec<PosBatchEvent>, PosBatchRefusal> {
    match (command, &batch.terms) {
        (PosBatchCommand::ReceivePosBatch(command), None) => receive(&command.terms, now),
        (PosBatchCommand::ReceivePosBatch(command), Some(received)) => {
            again(received, &command.terms)
        }
        (_, None) => Err(PosBatchRefusal::Unknown),
        (_, Some(_)) if batch.is_merged() => Ok(Vec::new()),
        (PosBatchCommand::RecordMerge(merge), Some(_)) => Ok(vec![merged(&merge.outcomes)]),
        (PosBatchCommand::RecordStep(step), Some(_)) => Ok(delayed(batch, step)),
    }
}

fn receive(terms: &PosBatchTerms, now: Timestamp) -> Result<Vec<PosBatchEvent>, PosBatchRefusal> {
    if !(1..=POS_SEQUENCE_MAX).contains(&terms.sequence) {
        return Err(PosBatchRefusal::Sequence(terms.sequence));
    }
    if !(1..=POS_LINES_MAX).contains(&terms.lines.len()) {
        return Err(PosBatchRefusal::LineCount(terms.lines.len()));
    }
    let lines = terms.lines.iter().enumerate();
    let faults: Vec<_> = lines
        .filter_map(|(place, line)| Some((place, line.time_fault(terms.opened_at, now)?)))
        .collect();
    if !faults.is_empty() {
        return Err(PosBatchRefusal::Times(faults));
    }
    Ok(vec![PosBatchEvent::Received(terms.clone())])
}

/// What comes again must be the same, whatever the time is by now.
fn again(
    received: &PosBatchTerms,
    sent: &PosBatchTerms,
) -> Result<Vec<PosBatchEvent>, PosBatchRefusal> {
    if received == sent {
        return Ok(Vec::new());
    }
    Err(PosBatchRefusal::SequenceReused { differences: differences(received, sent) })
}

fn merged(outcomes: &[LineOutcome]) -> PosBatchEvent {
    let (mut shortfalls, mut refused) = (Vec::new(), Vec::new());
    for (line, outcome) in (0..).zip(outcomes) {
        match outcome {
            LineOutcome::Merged { missing: 0 } => {}
            LineOutcome::Merged { missing } => shortfalls.push(ShortLine { line, units: *missing }),
            LineOutcome::Refused(detail) => {
                refused.push(RefusedLine { line, detail: detail.clone() });
            }
        }
    }
    PosBatchEvent::Merged { shortfalls, refused }
}

/// Told once. That it is done is told by what came of its lines.
fn delayed(batch: &PosBatch, record: &RecordStep) -> Vec<PosBatchEvent> {
    let (attempts, detail) = match &record.outcome {
        StepOutcome::Delayed { attempts, detail } => (*attempts, detail),
        StepOutcome::Refused(detail) => (1, detail),
        StepOutcome::Done => return Vec::new(),
    };
    if record.step != MERGE || batch.delayed.is_some() {
        return Vec::new();
    }
    vec![PosBatchEvent::StepDelayed { attempts, detail: detail.clone() }]
}
