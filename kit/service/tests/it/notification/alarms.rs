//! What other contexts tell on the bus: each alarm is a notice.

use async_trait::async_trait;
use kit_core::{Actor, Caller, Scope};
use kit_event_bus::{HandleError, Handler, Message, Place};
use kit_executor::{Executor, Rejection};
use serde::Deserialize;
use uuid::Uuid;

use super::rules::{Notify, Rules};

/// The topic of alarms.
pub(crate) const TOPIC: &str = "alarm-raised";

#[derive(Deserialize)]
struct Alarm {
    address: Uuid,
    text: String,
}

/// Performs the command for each alarm.
pub(super) struct Alarms(pub(super) Executor<Rules>);

#[async_trait]
impl Handler for Alarms {
    async fn handle(&mut self, message: &Message, _: Option<&Place>) -> Result<(), HandleError> {
        let alarm = serde_json::from_str(&message.payload);
        let Alarm { address, text } =
            alarm.map_err(|error| HandleError::Poison(error.to_string()))?;
        let command = Notify { notice_id: message.id, address, text };
        let actor = Actor::system("system:alarms");
        let caller =
            Caller { actor, correlation_id: message.id, idempotency: None, scope: Scope::All };
        match self.0.perform(command, caller).await {
            // refused: the message came again
            Ok(_) | Err(Rejection::Refused { .. }) => Ok(()),
            Err(failure) => Err(HandleError::Unavailable(failure.to_string())),
        }
    }
}
