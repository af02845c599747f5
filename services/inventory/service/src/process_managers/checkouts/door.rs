//! The door to checkouts: requests go in, and each comes out as the checkout stands after it.

use std::sync::Arc;

use gondola_inventory_domain::{
    BeginCheckout, Checkout, CheckoutCommand, CheckoutId, CheckoutRefusal, CommitCheckout,
    Confirmation, CustomerRef, InvalidBasket, OrderRef, PositiveQuantity, Reason, TimeToLive,
    TransactionRef, sum_demand,
};
use kit_core::{Caller, RecordedEvent, Scope};
use kit_executor::{CommandReceipt, ExecutorConfig};
use kit_process_manager::{Participants, Runner};
use kit_service::ReadError;

use super::process::{CheckoutProcess, Participating, ToCheckout};
use crate::process_managers::driven::{Driven, DrivenDeps, ProcessAt};
use crate::use_cases::{
    Catalogue, Customers, OrderConfirmations, ProductRef, StockCommands, StoreRef, UnknownName,
};

/// Who records outcomes.
const ACTOR: &str = "system:checkouts";

/// A checkout that is asked for, with store and products by id or by code.
#[derive(Clone, Debug)]
pub struct CheckoutOrder {
    /// The store that serves it.
    pub store: StoreRef,
    /// 1 to 500 lines; those of one product are added up.
    pub lines: Vec<(ProductRef, PositiveQuantity)>,
    /// Time from now until the deadline.
    pub ttl: TimeToLive,
    /// The reason, as free text.
    pub reason: Option<Reason>,
    /// The order that it is for.
    pub order: Option<OrderRef>,
    /// The customer that it is for.
    pub customer: Option<CustomerRef>,
    /// Whether the notification service is to take part.
    pub confirmation: ConfirmationPolicy,
}

/// Whether the notification service is to take part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConfirmationPolicy {
    /// It must: where there is none nothing begins.
    Required,
    /// It must where there is one.
    #[default]
    IfServed,
    /// It must not.
    NotWanted,
}

/// A checkout as it stands.
pub type CheckoutAt = ProcessAt<Checkout>;

/// A request that was not performed.
#[derive(Debug, thiserror::Error)]
pub enum CheckoutError {
    /// The rules of checkouts do not allow it.
    #[error(transparent)]
    Refused(#[from] CheckoutRefusal),
    /// A confirmation is required, and this installation has no notification service.
    #[error(
        "a confirmation is required, and this process knows no notification service: ask another process, or check out with \
         confirmation ifServed or notWanted; operators name one with --notification-url"
    )]
    NotServed,
    /// A store or product that the catalogue does not have.
    #[error(transparent)]
    UnknownName(#[from] UnknownName),
    /// Lines that cannot be held in one piece.
    #[error(transparent)]
    InvalidLines(#[from] InvalidBasket),
    /// Not performed for another reason than the rules.
    #[error(transparent)]
    Failed(#[from] kit_service::CommandError),
    /// How it stands cannot be told now; it was performed.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// What checkouts work with.
pub(crate) struct CheckoutsDeps {
    pub(crate) driven: DrivenDeps<Checkout>,
    pub(crate) commands: Arc<StockCommands>,
    /// The notification service; `None` where the installation has none.
    pub(crate) confirmations: Option<Arc<dyn OrderConfirmations>>,
}

/// Performs requests about checkouts, and drives each as far as it goes by itself.
pub struct Checkouts {
    pub(in crate::process_managers) driven: Driven<CheckoutProcess>,
    catalogue: Arc<Catalogue>,
    customers: Customers,
    /// Whether there is a notification service.
    is_served: bool,
}

impl Checkouts {
    /// Starts the executor of checkouts, and gives their runner too, which is still to be run.
    pub(crate) fn start(
        deps: CheckoutsDeps,
        limits: ExecutorConfig,
    ) -> (Self, Runner<CheckoutProcess>) {
        let CheckoutsDeps { driven, commands, confirmations } = deps;
        let (catalogue, clock) = (Arc::clone(&commands.catalogue), Arc::clone(&driven.clock));
        let customers = commands.customers.clone();
        let is_served = confirmations.is_some();
        let participants: Arc<dyn Participants<_>> =
            Arc::new(Participating { commands, confirmations, clock });
        let (driven, runner) = Driven::start(driven, limits, ACTOR, |_| participants);
        (Self { driven, catalogue, customers, is_served }, runner)
    }

    /// Begins a checkout, which those who take part accept or refuse.
    pub async fn request(
        &self,
        order: CheckoutOrder,
        mut caller: Caller,
    ) -> Result<CommandReceipt<CheckoutAt>, CheckoutError> {
        let CheckoutOrder { store, lines, ttl, reason, order, customer, confirmation } = order;
        let confirmation = match (confirmation, self.is_served) {
            (ConfirmationPolicy::Required, false) => return Err(CheckoutError::NotServed),
            (ConfirmationPolicy::NotWanted, _) => Confirmation::NotWanted,
            (_, true) => Confirmation::Asked,
            (ConfirmationPolicy::IfServed, false) => Confirmation::NotServed,
        };
        let customer = self.customers.name(customer, &mut caller).await?;
        let store = self.catalogue.store(&store, &caller.scope).await?;
        let lines = sum_demand(&self.catalogue.lines(&lines).await?)?;
        let begin = BeginCheckout { store, lines, ttl, reason, order, customer, confirmation };
        let id = CheckoutId::from_uuid(self.driven.new_id());
        self.order_and_settle(id, CheckoutCommand::BeginCheckout(begin), caller).await
    }

    /// Has the units sold to a customer, if that is not the one of the checkout.
    pub async fn commit(
        &self,
        id: CheckoutId,
        transaction: TransactionRef,
        customer: Option<CustomerRef>,
        mut caller: Caller,
    ) -> Result<CommandReceipt<CheckoutAt>, CheckoutError> {
        let customer = self.customers.name(customer, &mut caller).await?;
        let sale = CommitCheckout { transaction, customer };
        self.perform(id, CheckoutCommand::CommitCheckout(sale), caller).await
    }

    /// Performs a command, and drives the checkout as far as it goes by itself; what takes longer than two seconds or fails on
    /// the way goes on later. Who does not see its store does not see it at all.
    pub async fn perform(
        &self,
        id: CheckoutId,
        command: CheckoutCommand,
        caller: Caller,
    ) -> Result<CommandReceipt<CheckoutAt>, CheckoutError> {
        if self.find(id, &caller.scope).await?.is_none() {
            return Err(CheckoutRefusal::Unknown.into());
        }
        self.order_and_settle(id, command, caller).await
    }

    async fn order_and_settle(
        &self,
        id: CheckoutId,
        command: CheckoutCommand,
        caller: Caller,
    ) -> Result<CommandReceipt<CheckoutAt>, CheckoutError> {
        let receipt = match self.driven.order(ToCheckout { id, command }, caller).await {
            Ok(receipt) => receipt,
            Err(rejection) => return Err(kit_service::CommandError::or_refusal(rejection)?.into()),
        };
        // a repetition is about the one that began first
        let id = receipt.answer;
        self.driven.settle(id.as_uuid()).await;
        let answer = self.driven.find(id.as_uuid(), &Scope::All).await?;
        let answer = answer.ok_or(CheckoutRefusal::Unknown)?;
        let CommandReceipt { position, repeated, .. } = receipt;
        Ok(CommandReceipt { position: position.max(answer.position), answer, repeated })
    }

    /// A checkout as it stands, if its store is within a scope.
    pub async fn find(
        &self,
        id: CheckoutId,
        scope: &Scope,
    ) -> Result<Option<CheckoutAt>, ReadError> {
        self.driven.find(id.as_uuid(), scope).await
    }

    /// What happened to a checkout as it stands, in order.
    pub async fn history(&self, at: &CheckoutAt) -> Result<Vec<Arc<RecordedEvent>>, ReadError> {
        self.driven.history(at.id, at.version).await
    }
}
