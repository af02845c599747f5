//! Many facts from before what their stock levels remember, told in bulk: right, and at the cost of few.

use std::sync::Arc;

use kit_testkit::instrumented_store::InstrumentedStore;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{App, STORES, about, midnight, ndjson, open};
use crate::facts::{level, minutes_ago, on_hand};

/// Receipts one after the other: more than a stock level remembers.
const RECEIPTS: i64 = 80;

/// When the first of them was, in minutes before now.
const SINCE: i64 = 100;

async fn start(kind: &str, folder: &TempDir) -> (App, Arc<InstrumentedStore>) {
    let clock = midnight();
    let watched = Arc::new(InstrumentedStore::around(open(kind, folder.path(), &clock)));
    let views = folder.path().join("views");
    let app = App::start_on(Arc::clone(&watched) as _, &views, clock, false).await;
    (app, watched)
}

/// A line of a batch about something that happened so many minutes ago.
fn line(app: &App, number: u32, minutes: i64, op: &str, fields: Value) -> Value {
    let mut line = about(number, fields);
    line["op"] = json!(op);
    line["occurredAt"] = json!(minutes_ago(&app.clock, minutes));
    line
}

fn receipt(app: &App, number: u32, minutes: i64, quantity: i64) -> Value {
    line(app, number, minutes, "stock", json!({"quantity": quantity}))
}

fn gone(app: &App, number: u32, minutes: i64, units: i64, already_left: bool) -> Value {
    let fields = json!({"delta": -units, "reason": "Sold", "alreadyLeft": already_left});
    line(app, number, minutes, "adjust", fields)
}

async fn tell(app: &App, lines: &[Value]) {
    let told = app.batch(ndjson(lines)).await.expect(200);
    assert!(!told.text.contains("\"problem\""), "{}", told.text);
}

#[tokio::test]
async fn the_late_facts_of_a_group_read_the_history_of_their_level_once() {
    const LEVELS: u32 = 10;
    const LATE: i64 = 20;
    for kind in STORES {
        let folder = TempDir::new().unwrap();
        let (app, log) = start(kind, &folder).await;
        let mut lines: Vec<_> = (0..LEVELS).map(|number| receipt(&app, number, 300, 500)).collect();
        for minutes in 0..RECEIPTS {
            lines.extend((0..LEVELS).map(|number| receipt(&app, number, SINCE - minutes, 1)));
        }
        tell(&app, &lines).await;
        let (read, written) = (log.stream_events(), log.appends());

        let levels = 0..LEVELS;
        let late = levels.flat_map(|number| (0..LATE).map(move |late| (number, 200 - late)));
        let late = late.map(|(number, minutes)| gone(&app, number, minutes, 1, false));
        tell(&app, &late.collect::<Vec<_>>()).await;
        let facts = usize::try_from(i64::from(LEVELS) * LATE).unwrap();
        let history = usize::try_from(i64::from(LEVELS) * (RECEIPTS + 1)).unwrap();
        let read = log.stream_events() - read;
        assert!(read <= 2 * history + 2 * facts, "{kind}: {read} events for {facts} facts");
        let written = log.appends() - written;
        assert!(written <= facts / 5, "{kind}: {written} writes");
        for number in 0..LEVELS {
            assert_eq!(on_hand(&app, number).await, 500 + RECEIPTS - LATE, "{kind}");
        }
        app.shut_down().await;
    }
}

/// What happened so many minutes ago.
#[derive(Clone, Copy, Debug)]
enum Fact {
    Came(i64),
    Left(i64),
    Counted(i64),
}

/// On hand and shortfall after facts in the order in which they happened, those of one minute as told.
fn naive(facts: &[(i64, Fact)]) -> (i64, i64) {
    let mut facts = facts.to_vec();
    facts.sort_by_key(|(minutes, _)| -minutes);
    facts.into_iter().fold((0, 0), |(on_hand, shortfall), (_, fact)| match fact {
        Fact::Came(units) => (on_hand + units, shortfall),
        Fact::Left(units) => ((on_hand - units).max(0), shortfall + (units - on_hand).max(0)),
        Fact::Counted(units) => (units, 0),
    })
}

#[tokio::test]
async fn late_facts_of_any_kind_told_together_end_at_what_happened() {
    let folder = TempDir::new().unwrap();
    let (app, _) = start("memory", &folder).await;
    let mut random = 7_u64;
    let mut below = |end: i64| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        i64::try_from(random >> 33).unwrap() % end
    };
    for number in 0..60 {
        let mut facts: Vec<_> =
            (0..RECEIPTS).map(|minutes| (SINCE - minutes, Fact::Came(1))).collect();
        // each at a moment of its own: those of one moment count as recorded, and some look back and some need not
        let mut moments: Vec<_> = (SINCE - 40..=SINCE + 20).collect();
        facts.extend((0..30).map(|_| {
            let place = usize::try_from(below(i64::try_from(moments.len()).unwrap())).unwrap();
            let minutes = moments.swap_remove(place);
            let fact = match below(10) {
                0 => Fact::Counted(below(40)),
                1..4 => Fact::Came(1 + below(5)),
                _ => Fact::Left(1 + below(5)),
            };
            (minutes, fact)
        }));
        let lines = facts.iter().map(|(minutes, fact)| match *fact {
            Fact::Came(units) => receipt(&app, number, *minutes, units),
            Fact::Left(units) => gone(&app, number, *minutes, units, true),
            Fact::Counted(units) => {
                line(&app, number, *minutes, "count", json!({"counted": units}))
            }
        });
        tell(&app, &lines.collect::<Vec<_>>()).await;
        let level = level(&app, number, "?consistency=strong").await;
        let found = (level["onHand"].as_i64().unwrap(), level["shortfall"].as_i64().unwrap_or(0));
        assert_eq!(found, naive(&facts), "{facts:?}");
    }
    app.shut_down().await;
}
