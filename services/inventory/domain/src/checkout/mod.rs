//! A checkout: a basket of one store that the store accepts, the inventory holds and the notification service takes a
//! confirmation of, and that is then committed or rolled back in all of them.
//!
//! What must happen is a [`CheckoutStep`], ordered by an event and followed by one that tells its outcome, one at a time. The
//! sale of the units is the one step that can be refused after the commit was ordered, so it comes first; what follows it
//! must be done and is tried for ever.

mod command;
mod decide;
mod event;
mod refusal;
mod state;
mod step;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub use command::{BeginCheckout, CancelCheckout, CheckoutCommand, CommitCheckout, ExpireCheckout};
pub use decide::decide_checkout;
pub use event::{CheckoutEvent, Confirmation};
pub use refusal::CheckoutRefusal;
pub use state::{
    Checkout, CheckoutStatus, CheckoutTerms, Participant, ParticipantStatus, evolve_checkout,
};
pub use step::CheckoutStep;

/// Version of what follows what; noted when a checkout begins, which goes on by it to its end.
pub const CHECKOUT_DEFINITION: u16 = 1;

/// How much longer the store holds the units than the checkout lasts.
///
/// A commit is ordered before the deadline, so the sale has at least so long to be made in. Where all processes stand still
/// for longer it is refused, and all is rolled back.
pub const CHECKOUT_GRACE: Duration = Duration::from_mins(5);
