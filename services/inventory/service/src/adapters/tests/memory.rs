//! A stock read model in memory: the port's double, which shows what the suite asks of an adapter and nothing more.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use gondola_inventory_domain::{
    LineStatus, ProductId, Reservation, ReservationId, ReservationLine, StoreId, parse_stream_id,
    stream_id,
};
use kit_core::{Clock, Position, RecordedEvent, Timestamp};
use kit_event_store::parking::Parking;
use kit_event_store::projection::{Progress, Projection, ProjectionError, Tracker};
use kit_service::ReadError;

use crate::adapters::customer_column::customer_in;
use crate::adapters::fold::{Changes, LevelKey, LineChange, LineKey, StoredStatus};
use crate::adapters::observer::LevelObserver;
use crate::use_cases::{
    ChangedLevels, FoundReservations, HoldCount, LevelSort, LowStock, OverdueLevel, ProductTotals,
    StockLevel, StockReadModel, StoreStock, WantedReservations, decode_event,
};

#[derive(Default)]
struct Tables {
    at: Position,
    levels: BTreeMap<LevelKey, StockLevel>,
    /// Reservations of one line each, by the line's key.
    lines: BTreeMap<LineKey, Reservation>,
}

/// The read model; [`MemoryWriter`] fills it.
pub(super) struct MemoryReadModel {
    tables: Arc<Mutex<Tables>>,
    progress: Progress,
    clock: Arc<dyn Clock>,
}

/// Applies events to the read model of the same tables.
pub(super) struct MemoryWriter {
    tables: Arc<Mutex<Tables>>,
    parking: Parking,
    observer: Arc<dyn LevelObserver>,
    clock: Arc<dyn Clock>,
}

/// An empty read model and its writer.
pub(super) fn empty(
    observer: Arc<dyn LevelObserver>,
    clock: Arc<dyn Clock>,
) -> (MemoryReadModel, MemoryWriter, Tracker) {
    let (tables, parking) = (Arc::new(Mutex::new(Tables::default())), Parking::default());
    let writer =
        MemoryWriter { tables: Arc::clone(&tables), parking, observer, clock: Arc::clone(&clock) };
    let (tracker, progress) = Progress::of(&writer);
    (MemoryReadModel { tables, progress, clock }, writer, tracker)
}

#[async_trait]
impl Projection for MemoryWriter {
    fn name(&self) -> &'static str {
        "memory"
    }

    async fn checkpoint(&mut self) -> Result<Position, ProjectionError> {
        Ok(self.tables.lock().unwrap_or_else(PoisonError::into_inner).at)
    }

    fn parking(&self) -> Parking {
        self.parking.clone()
    }

    async fn apply(&mut self, events: Vec<Arc<RecordedEvent>>) -> Result<(), ProjectionError> {
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut changes, mut parking) = (Changes::default(), self.parking.begin());
        for event in &events {
            tables.at = tables.at.max(event.position);
            let Some(decoded) = parking.admit(event, decode_event)? else { continue };
            let (product, store) = parse_stream_id(&event.stream).unwrap();
            let key = (store, product);
            let known = tables.levels.get(&key).copied();
            let known = known.unwrap_or_else(|| StockLevel::unrecorded(store, product));
            changes.levels.entry(key).or_insert(known).as_of = self.clock.now();
            changes.fold(key, event, decoded);
        }
        for (key, change) in std::mem::take(&mut changes.lines) {
            tables.change_line(key, change);
        }
        for (id, deadline) in std::mem::take(&mut changes.extended) {
            let own = tables.lines.values_mut().filter(|line| line.id == id);
            own.for_each(|line| line.expires_at = deadline);
        }
        for (key, level) in &mut changes.levels {
            level.next_deadline = tables.deadlines(*key).map(|(deadline, _)| deadline).min();
            tables.levels.insert(*key, *level);
        }
        drop(tables);
        parking.commit();
        self.observer.changed(&mut changes.levels.into_values());
        Ok(())
    }
}

impl Tables {
    /// Deadline and units of a level's active lines.
    fn deadlines(&self, key: LevelKey) -> impl Iterator<Item = (Timestamp, u32)> {
        let own =
            self.lines.values().filter(move |line| (line.store, line.lines[0].product) == key);
        let active = own.filter(|line| line.lines[0].status == LineStatus::Active);
        active.map(|line| (line.expires_at, line.lines[0].held))
    }

    /// A level at a moment.
    fn at(&self, level: &StockLevel, now: Timestamp) -> StockLevel {
        let deadlines: Vec<_> = self.deadlines((level.store, level.product)).collect();
        let passed = deadlines.iter().filter(|(deadline, _)| *deadline <= now);
        let lapsed = passed.map(|(_, units)| units).sum();
        let next_deadline = deadlines.iter().map(|(deadline, _)| *deadline);
        let next_deadline = next_deadline.filter(|deadline| *deadline > now).min();
        StockLevel {
            reserved: level.reserved - lapsed,
            lapsed,
            next_deadline,
            as_of: now,
            ..*level
        }
    }

    fn change_line(&mut self, key: LineKey, change: LineChange) {
        let (id, product) = key;
        if let Some(made) = change.made {
            let line = ReservationLine {
                product,
                quantity: made.quantity,
                committed: 0,
                held: made.quantity,
                status: LineStatus::Active,
                ended_at: None,
                transaction: None,
            };
            let reservation = Reservation {
                id,
                store: made.store,
                created_at: made.created_at,
                expires_at: made.expires_at,
                order: made.order,
                customer: made.customer.and_then(|text| customer_in(&text)),
                lines: vec![line],
            };
            self.lines.insert(key, reservation);
        }
        let Some(reservation) = self.lines.get_mut(&key) else { return };
        if let Some(customer) = change.customer {
            reservation.customer = reservation.customer.take().or_else(|| customer_in(&customer));
        }
        let line = &mut reservation.lines[0];
        line.committed += change.sold;
        line.held = change.held.unwrap_or(line.held);
        line.transaction = change.transaction.or(line.transaction.take());
        if let Some((end, at)) = change.ended {
            (line.status, line.ended_at) = (StoredStatus::told(end as i64), Some(at));
        }
    }

    /// All reservations, those of several lines as one.
    fn reservations(&self) -> Vec<Reservation> {
        let mut all: Vec<Reservation> = Vec::new();
        for line in self.lines.values().cloned() {
            match all.last_mut().filter(|whole| whole.id == line.id) {
                Some(whole) => {
                    whole.customer = whole.customer.take().or(line.customer);
                    whole.lines.extend(line.lines);
                }
                None => all.push(line),
            }
        }
        all
    }
}

#[async_trait]
impl StockReadModel for MemoryReadModel {
    async fn level(
        &self,
        store: StoreId,
        product: ProductId,
    ) -> Result<Option<StockLevel>, ReadError> {
        let tables = self.tables.lock().unwrap();
        let level = tables.levels.get(&(store, product));
        Ok(level.map(|level| tables.at(level, self.clock.now())))
    }

    async fn levels(&self, named: Vec<LevelKey>) -> Result<Vec<StockLevel>, ReadError> {
        let (tables, now) = (self.tables.lock().unwrap(), self.clock.now());
        let found = named.iter().filter_map(|key| tables.levels.get(key));
        Ok(found.map(|level| tables.at(level, now)).collect())
    }

    async fn changed_levels(&self, wanted: ChangedLevels) -> Result<Vec<StockLevel>, ReadError> {
        let (tables, now) = (self.tables.lock().unwrap(), self.clock.now());
        let mut levels: Vec<_> =
            tables.levels.values().map(|level| tables.at(level, now)).collect();
        levels.retain(|level| {
            let wanted_store = |stores: &Vec<_>| stores.contains(&level.store);
            level.position > wanted.after && wanted.stores.as_ref().is_none_or(wanted_store)
        });
        levels.sort_by_key(|level| level.position);
        levels.truncate(wanted.limit);
        Ok(levels)
    }

    async fn store_stock(&self, wanted: StoreStock) -> Result<Vec<StockLevel>, ReadError> {
        let StoreStock { store, filter, sort, after, limit } = wanted;
        let key = |level: &StockLevel| (LevelSort::key(sort, level), level.product);
        let tables = self.tables.lock().unwrap();
        let now = self.clock.now();
        let levels = tables.levels.values().map(|level| tables.at(level, now));
        let mut levels: Vec<_> = levels.collect();
        levels.retain(|level| {
            let available = level.available();
            level.store == store
                && (!filter.low_stock || available <= level.reorder_point)
                && filter.available_min.is_none_or(|least| available >= least)
                && filter.available_max.is_none_or(|most| available <= most)
                && after.is_none_or(|after| key(level) > after)
        });
        levels.sort_by_key(key);
        levels.truncate(limit);
        Ok(levels)
    }

    async fn low_stock(&self, wanted: LowStock) -> Result<Vec<StockLevel>, ReadError> {
        let LowStock { stores, after, limit } = wanted;
        let tables = self.tables.lock().unwrap();
        let now = self.clock.now();
        let mut levels: Vec<_> =
            tables.levels.values().map(|level| tables.at(level, now)).collect();
        levels.retain(|level| {
            level.reorder_point > 0
                && level.available() <= level.reorder_point
                && stores.as_ref().is_none_or(|stores| stores.contains(&level.store))
                && after.is_none_or(|after| (level.store, level.product) > after)
        });
        levels.sort_by_key(|level| (level.store, level.product));
        levels.truncate(limit);
        Ok(levels)
    }

    async fn product_stock(
        &self,
        product: ProductId,
        after: Option<StoreId>,
        limit: usize,
    ) -> Result<Vec<StockLevel>, ReadError> {
        let tables = self.tables.lock().unwrap();
        let of_product = tables.levels.values().filter(|level| level.product == product);
        let later = of_product.filter(|level| after.is_none_or(|after| level.store > after));
        let now = self.clock.now();
        Ok(later.take(limit).map(|level| tables.at(level, now)).collect())
    }

    async fn product_totals(&self, product: ProductId) -> Result<ProductTotals, ReadError> {
        let levels = self.product_stock(product, None, usize::MAX).await?;
        Ok(levels.iter().fold(ProductTotals::default(), |sum, level| ProductTotals {
            stores: sum.stores + 1,
            on_hand: sum.on_hand + u64::from(level.on_hand),
            reserved: sum.reserved + u64::from(level.reserved),
            offered: sum.offered + u64::from(level.offered()),
        }))
    }

    async fn reservation(&self, id: ReservationId) -> Result<Option<Reservation>, ReadError> {
        let tables = self.tables.lock().unwrap();
        Ok(tables.reservations().into_iter().find(|whole| whole.id == id))
    }

    async fn reservations(
        &self,
        wanted: WantedReservations,
    ) -> Result<FoundReservations, ReadError> {
        let as_of = self.clock.now();
        let mut all = self.tables.lock().unwrap().reservations();
        let place = |it: &Reservation| (it.expires_at, it.id);
        all.sort_by_key(place);
        if wanted.descending {
            all.reverse();
        }
        let further = |it: &Reservation| match wanted.after {
            Some(after) if wanted.descending => place(it) < after,
            Some(after) => place(it) > after,
            None => true,
        };
        all.retain(|it| further(it) && wanted.filter.accepts(it, as_of));
        let next = all.get(wanted.limit).and_then(|_| all.get(wanted.limit - 1)).map(place);
        all.truncate(wanted.limit);
        Ok(FoundReservations { reservations: all, next, as_of })
    }

    async fn overdue(&self, now: Timestamp, limit: usize) -> Result<Vec<OverdueLevel>, ReadError> {
        let tables = self.tables.lock().unwrap();
        let parking = self.progress.parking();
        let active = |line: &&Reservation| {
            let stream = stream_id(line.lines[0].product, line.store);
            line.lines[0].status == LineStatus::Active && parking.find(&stream).is_none()
        };
        let overdue = tables.lines.values().filter(|line| line.expires_at <= now).filter(active);
        let mut overdue: Vec<_> = overdue.collect();
        overdue.sort_by_key(|line| line.expires_at);
        overdue.truncate(limit);
        let mut levels: Vec<OverdueLevel> = Vec::new();
        for (store, product) in overdue.iter().map(|line| (line.store, line.lines[0].product)) {
            let same = |level: &&mut OverdueLevel| (level.store, level.product) == (store, product);
            match levels.iter_mut().find(same) {
                Some(level) => level.holds += 1,
                None => levels.push(OverdueLevel { store, product, holds: 1 }),
            }
        }
        Ok(levels)
    }

    async fn count_holds(&self, now: Timestamp) -> Result<HoldCount, ReadError> {
        let tables = self.tables.lock().unwrap();
        let active =
            tables.lines.values().filter(|line| line.lines[0].status == LineStatus::Active);
        let (mut count, active) = (HoldCount::default(), active.collect::<Vec<_>>());
        count.active = u32::try_from(active.len()).unwrap();
        let overdue = active.iter().filter(|line| line.expires_at <= now).count();
        count.overdue = u32::try_from(overdue).unwrap();
        Ok(count)
    }

    fn progress(&self) -> Progress {
        self.progress.clone()
    }
}
