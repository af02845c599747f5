//! What stores and products have in common, so that commands, lookups and storage are written once for both.

use std::fmt;
use std::str::FromStr;

use gondola_store_domain::{
    Product, ProductChanges, ProductCommand, ProductEvent, ProductId, Refusal, Sku, Store,
    StoreChanges, StoreCode, StoreCommand, StoreEvent, StoreId, UpdateProduct, UpdateStore,
    product, store,
};
use kit_core::StreamId;
use kit_event_store::{Claim, ClaimKey};
use uuid::Uuid;

use super::stored::{self, Unreadable};

/// An aggregate of the catalogue: its events carry its whole state, and its code is unique and never changes.
pub trait Aggregate: Clone + fmt::Debug + PartialEq + Send + Sync + 'static {
    /// The id type.
    type Id: Copy + fmt::Debug + fmt::Display + FromStr + PartialEq + Send + Sync + 'static;
    /// What people call it.
    type Code: Clone + fmt::Debug + fmt::Display + FromStr + PartialEq + Send + Sync + 'static;
    /// A command that changes one.
    type Command: Send + Sync + 'static;
    /// A partial update.
    type Changes: Send + 'static;
    /// What happened to one.
    type Event: Send + 'static;

    /// What it is called in messages.
    const NOUN: &'static str;
    /// Namespace of the claims that keep codes unique.
    const CODES: &'static str;
    /// Name of the event of its registration.
    const REGISTERED: &'static str;
    /// Name of the event of an update.
    const UPDATED: &'static str;

    /// Wraps a UUID.
    fn id_from(id: Uuid) -> Self::Id;
    /// Its stream.
    fn stream(id: Self::Id) -> StreamId;
    /// Its id.
    fn id(&self) -> Self::Id;
    /// Its code.
    fn code(&self) -> &Self::Code;
    /// The command that registers it as given.
    fn register(self) -> Self::Command;
    /// The command that updates it.
    fn update(id: Self::Id, changes: Self::Changes) -> Self::Command;
    /// Which one a command is about.
    fn target(command: &Self::Command) -> Self::Id;
    /// What a command registers, if it does.
    fn registers(command: &Self::Command) -> Option<&Self>;
    /// The domain's decision.
    fn decide(state: Option<&Self>, command: &Self::Command) -> Result<Vec<Self::Event>, Refusal>;
    /// The domain's fold.
    fn evolve(state: Option<Self>, event: &Self::Event) -> Option<Self>;
    /// The name of an event in the log, and the state after it.
    fn event_parts(event: &Self::Event) -> (&'static str, &Self);
    /// The event of its registration.
    fn registered(self) -> Self::Event;
    /// The event of an update.
    fn updated(self) -> Self::Event;
    /// The refusal of a command when its code belongs to `holder`.
    fn code_taken(&self, holder: Self::Id) -> Refusal;
    /// The holder of the code, if the refusal is that a code is taken.
    fn already_registered(refusal: &Refusal) -> Option<(Self::Id, &Self::Code)>;
    /// Writes it as JSON in the present shape.
    fn write(&self) -> Box<str>;
    /// Reads it from JSON in the present shape.
    fn read(json: &str) -> Result<Self, Unreadable>;

    /// The key of the claim on a code.
    fn code_key(code: &Self::Code) -> ClaimKey {
        ClaimKey::new(Self::CODES, code.to_string())
    }

    /// The claim on its own code; it holds for ever.
    fn code_claim(&self) -> Claim {
        Claim {
            key: Self::code_key(self.code()),
            value: self.id().to_string().into(),
            expires_at: None,
        }
    }
}

/// How a caller names a store or product.
#[derive(Clone, Debug, PartialEq)]
pub enum Named<A: Aggregate> {
    /// By id.
    Id(A::Id),
    /// By store code or SKU.
    Code(A::Code),
}

impl<A: Aggregate> Named<A> {
    /// Reads a name: a UUID is an id, another usable text a code; `None` when it can be neither.
    pub fn parse(text: &str) -> Option<Self> {
        let id = text.parse().ok().map(Self::Id);
        id.or_else(|| text.parse().ok().map(Self::Code))
    }
}

impl Aggregate for Store {
    type Id = StoreId;
    type Code = StoreCode;
    type Command = StoreCommand;
    type Changes = StoreChanges;
    type Event = StoreEvent;

    const NOUN: &'static str = "store";
    const CODES: &'static str = "store-code";
    const REGISTERED: &'static str = "StoreRegisteredEvent";
    const UPDATED: &'static str = "StoreUpdatedEvent";

    fn id_from(id: Uuid) -> StoreId {
        StoreId::from_uuid(id)
    }

    fn stream(id: StoreId) -> StreamId {
        id.stream()
    }

    fn id(&self) -> StoreId {
        self.store_id
    }

    fn code(&self) -> &StoreCode {
        &self.code
    }

    fn register(self) -> StoreCommand {
        StoreCommand::RegisterStore(self)
    }

    fn update(store_id: StoreId, changes: StoreChanges) -> StoreCommand {
        StoreCommand::UpdateStore(UpdateStore { store_id, changes })
    }

    fn target(command: &StoreCommand) -> StoreId {
        match command {
            StoreCommand::RegisterStore(store) => store.store_id,
            StoreCommand::UpdateStore(update) => update.store_id,
        }
    }

    fn registers(command: &StoreCommand) -> Option<&Self> {
        match command {
            StoreCommand::RegisterStore(store) => Some(store),
            StoreCommand::UpdateStore(_) => None,
        }
    }

    fn decide(state: Option<&Self>, command: &StoreCommand) -> Result<Vec<StoreEvent>, Refusal> {
        store::decide(state, command)
    }

    fn evolve(state: Option<Self>, event: &StoreEvent) -> Option<Self> {
        store::evolve(state, event)
    }

    fn event_parts(event: &StoreEvent) -> (&'static str, &Self) {
        (event.event_type(), event.store())
    }

    fn registered(self) -> StoreEvent {
        StoreEvent::StoreRegisteredEvent(self)
    }

    fn updated(self) -> StoreEvent {
        StoreEvent::StoreUpdatedEvent(self)
    }

    fn code_taken(&self, store_id: StoreId) -> Refusal {
        let code = self.code.clone();
        Refusal::StoreAlreadyRegistered { store_id, code }
    }

    fn already_registered(refusal: &Refusal) -> Option<(StoreId, &StoreCode)> {
        match refusal {
            Refusal::StoreAlreadyRegistered { store_id, code } => Some((*store_id, code)),
            _ => None,
        }
    }

    fn write(&self) -> Box<str> {
        stored::write_store(self)
    }

    fn read(json: &str) -> Result<Self, Unreadable> {
        stored::read_store(json)
    }
}

impl Aggregate for Product {
    type Id = ProductId;
    type Code = Sku;
    type Command = ProductCommand;
    type Changes = ProductChanges;
    type Event = ProductEvent;

    const NOUN: &'static str = "product";
    const CODES: &'static str = "sku";
    const REGISTERED: &'static str = "ProductRegisteredEvent";
    const UPDATED: &'static str = "ProductUpdatedEvent";

    fn id_from(id: Uuid) -> ProductId {
        ProductId::from_uuid(id)
    }

    fn stream(id: ProductId) -> StreamId {
        id.stream()
    }

    fn id(&self) -> ProductId {
        self.product_id
    }

    fn code(&self) -> &Sku {
        &self.sku
    }

    fn register(self) -> ProductCommand {
        ProductCommand::RegisterProduct(self)
    }

    fn update(product_id: ProductId, changes: ProductChanges) -> ProductCommand {
        ProductCommand::UpdateProduct(UpdateProduct { product_id, changes })
    }

    fn target(command: &ProductCommand) -> ProductId {
        match command {
            ProductCommand::RegisterProduct(product) => product.product_id,
            ProductCommand::UpdateProduct(update) => update.product_id,
        }
    }

    fn registers(command: &ProductCommand) -> Option<&Self> {
        match command {
            ProductCommand::RegisterProduct(product) => Some(product),
            ProductCommand::UpdateProduct(_) => None,
        }
    }

    fn decide(
        state: Option<&Self>,
        command: &ProductCommand,
    ) -> Result<Vec<ProductEvent>, Refusal> {
        product::decide(state, command)
    }

    fn evolve(state: Option<Self>, event: &ProductEvent) -> Option<Self> {
        product::evolve(state, event)
    }

    fn event_parts(event: &ProductEvent) -> (&'static str, &Self) {
        (event.event_type(), event.product())
    }

    fn registered(self) -> ProductEvent {
        ProductEvent::ProductRegisteredEvent(self)
    }

    fn updated(self) -> ProductEvent {
        ProductEvent::ProductUpdatedEvent(self)
    }

    fn code_taken(&self, product_id: ProductId) -> Refusal {
        let sku = self.sku.clone();
        Refusal::ProductAlreadyRegistered { product_id, sku }
    }

    fn already_registered(refusal: &Refusal) -> Option<(ProductId, &Sku)> {
        match refusal {
            Refusal::ProductAlreadyRegistered { product_id, sku } => Some((*product_id, sku)),
            _ => None,
        }
    }

    fn write(&self) -> Box<str> {
        stored::write_product(self)
    }

    fn read(json: &str) -> Result<Self, Unreadable> {
        stored::read_product(json)
    }
}
