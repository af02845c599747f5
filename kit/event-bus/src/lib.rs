//! The bus port between contexts, its in-memory adapter, and the consumer that runs on every adapter.
//!
//! * [`port`]: what an adapter must do; the contract suite in `kit-testkit` proves that it does.
//! * [`memory`]: the adapter for contexts that share one process.
//! * [`consumer`]: handles the messages of a group for as long as the process lives.
//! * [`parked`]: what it keeps of keys with a message that it cannot handle.
//!
//! A bus in memory carries messages and does not keep them: a group gets what is published after it subscribed, and
//! publishers tell everything again at each start. A [durable](EventBus::is_durable) bus keeps them: a group goes on where
//! it was. A copy in memory, which is empty at each start, [replays](EventBus::replay) them all.
//!
//! ```
//! use kit_event_bus::{EventBus, MemoryBus, Message};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), kit_event_bus::BusError> {
//! let bus = MemoryBus::default();
//! let mut news = bus.subscribe("search", &["store-registered"]).await?;
//! let message = Message {
//!     topic: "store-registered".into(),
//!     key: "store-7".into(),
//!     id: uuid::Uuid::from_u128(1),
//!     payload: "{}".into(),
//!     trace: None,
//! };
//! bus.publish(vec![message]).await?;
//!
//! let delivery = news.next().await?;
//! assert_eq!(&*delivery.message().key, "store-7");
//! delivery.ack().await?; // once its effect is durable
//! # Ok(())
//! # }
//! ```

pub mod consumer;
pub mod memory;
pub mod parked;
pub mod port;

pub use consumer::{Consumer, HandleError, Handler};
pub use memory::MemoryBus;
pub use parked::{ConsumerEnded, Drained, ParkedKeys, Unreadable};
pub use port::{Acknowledge, BusError, Delivery, EventBus, Message, Place, Places, Subscription};
