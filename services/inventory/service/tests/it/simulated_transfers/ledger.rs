//! The log of stock and transfers, folded by a code of its own: at each event no unit is lost and no step is done twice.

use std::collections::BTreeMap;

use kit_core::RecordedEvent;
use serde_json::Value;

/// What stores and transfers have said so far, of one product.
#[derive(Default)]
pub(super) struct Ledger {
    /// Units that came from outside.
    received: i64,
    /// On hand over all stores.
    on_hand: i64,
    transfers: BTreeMap<String, Account>,
}

/// One transfer: what stores say, and what it says itself.
#[derive(Debug, Default)]
struct Account {
    source: String,
    asked: i64,
    left: i64,
    arrived: i64,
    back: i64,
    /// The receipt that is ordered and not told as received: put away, and lost.
    ordered: (i64, i64),
    /// The receipts that are told: put away of what was sent, over, lost.
    told: (i64, i64, i64),
    ordered_over: i64,
    end: Option<&'static str>,
}

fn units(value: &Value, name: &str) -> i64 {
    value[name].as_i64().unwrap_or(0)
}

impl Ledger {
    /// Takes in the next event, and checks all that must hold after it.
    pub(super) fn see(&mut self, recorded: &RecordedEvent) {
        let data: Value = serde_json::from_str(&recorded.event.data).unwrap();
        let (name, stream) = (&*recorded.event.event_type, recorded.stream.to_string());
        match name {
            "StockAddedEvent" => {
                self.received += units(&data, "quantity");
                self.on_hand += units(&data, "quantity");
            }
            "StockTransferredOutEvent" => {
                self.on_hand -= units(&data, "quantity");
                self.of(&data).left += units(&data, "quantity");
            }
            "StockTransferredInEvent" => {
                self.on_hand += units(&data, "quantity");
                let account = self.of(&data);
                let from_source = data["fromStoreId"] == account.source.as_str();
                let place = if from_source { &mut account.arrived } else { &mut account.back };
                *place += units(&data, "quantity");
            }
            _ => {
                if let Some(id) = stream.strip_prefix("transfer-") {
                    self.transfers.entry(id.to_owned()).or_default().told(name, &data);
                }
            }
        }
        self.check(recorded);
    }

    fn of(&mut self, data: &Value) -> &mut Account {
        let id = data["transferId"].as_str().unwrap();
        self.transfers.get_mut(id).expect("stores move what was asked for")
    }

    fn check(&self, recorded: &RecordedEvent) {
        let at = format!("position {} ({})", recorded.position, recorded.event.event_type);
        for (id, account) in &self.transfers {
            account.check(&format!("transfer {id}, {at}: {account:?}"));
        }
    }

    /// On hand over all stores at the end of the log: what came, without what the transfers say was lost, and with what they
    /// say was over. Every transfer has ended, and nothing is on its way.
    pub(super) fn finish(self) -> i64 {
        let mut expected = self.received;
        for (id, account) in &self.transfers {
            assert!(account.end.is_some(), "transfer {id} has not ended: {account:?}");
            assert_eq!(account.in_transit(), 0, "transfer {id}: {account:?}");
            let (_, over, lost) = account.told;
            expected += over - lost;
        }
        assert_eq!(self.on_hand, expected, "units were lost or made");
        expected
    }

    /// How the transfers have ended.
    pub(super) fn ends(&self) -> Vec<&'static str> {
        self.transfers.values().filter_map(|account| account.end).collect()
    }
}

impl Account {
    fn told(&mut self, name: &str, data: &Value) {
        match name {
            "TransferRequestedEvent" => {
                data["sourceStoreId"].as_str().unwrap().clone_into(&mut self.source);
                self.asked = units(&data["lines"][0], "quantity");
            }
            "TransferReceiptOrderedEvent" => {
                let line = &data["lines"][0];
                self.ordered_over = units(line, "over");
                let put_away = units(line, "accepted") + self.ordered_over;
                self.ordered = (put_away, units(line, "damaged") + units(line, "short"));
            }
            "TransferReceivedEvent" => {
                let (put_away, lost) = std::mem::take(&mut self.ordered);
                let over = std::mem::take(&mut self.ordered_over);
                self.told.0 += put_away - over;
                self.told.1 += over;
                self.told.2 += lost;
                if self.in_transit() == 0 {
                    self.end = Some("closed");
                }
            }
            "TransferReturnedEvent" => self.end = Some("returned"),
            "TransferCancelledEvent" => self.end = Some("cancelled"),
            "TransferHoldRefusedEvent" => self.end = Some("refused"),
            _ => {}
        }
    }

    /// Units over of receipts whose units are on the shelf, whether or not that is told.
    fn over_on_shelf(&self) -> i64 {
        let untold = self.arrived - self.told.0 - self.told.1;
        self.told.1 + if untold == 0 { 0 } else { self.ordered_over }
    }

    /// Units that left the source and are in no store and not lost.
    fn in_transit(&self) -> i64 {
        self.left - (self.arrived - self.over_on_shelf()) - self.back - self.told.2
    }

    fn check(&self, at: &str) {
        assert!(self.left == 0 || self.left == self.asked, "left once: {at}");
        let untold = self.arrived - self.told.0 - self.told.1;
        assert!(untold == 0 || untold == self.ordered.0, "put away once: {at}");
        assert!(self.in_transit() >= 0, "{at}");
        match self.end {
            Some("closed" | "returned") => assert_eq!(self.in_transit(), 0, "{at}"),
            Some(_) => assert_eq!(self.left, 0, "given up with units on their way: {at}"),
            None => {}
        }
    }
}
