//! Which event bus there is, chosen by a URL, and how it is opened.

use std::str::FromStr;
use std::sync::Arc;

use anyhow::bail;
use kit_event_bus::{EventBus, MemoryBus};

/// Where contexts tell each other their news: a scheme, and for servers an address, as in `kafka://broker:9092`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EventBusUrl {
    /// Within one process; nothing is kept.
    Memory,
    /// Between processes; what is told is kept.
    #[cfg(feature = "kafka")]
    Kafka(kafka::Address),
}

/// Argument of the commands that serve.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct BusArgs {
    /// Where contexts tell each other their news: `memory:` within this process, or `kafka://HOST:PORT[,HOST:PORT][/PREFIX]`
    /// between processes; the names of topics and groups begin with the prefix, so that installations can share brokers.
    #[arg(
        long,
        default_value = "memory:",
        env = "GONDOLA_EVENT_BUS",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) event_bus: EventBusUrl,
}

impl FromStr for EventBusUrl {
    type Err = anyhow::Error;

    fn from_str(url: &str) -> anyhow::Result<Self> {
        match url.split_once(':').unwrap_or((url, "")) {
            ("memory", "") => Ok(Self::Memory),
            ("kafka", place) => kafka(place),
            (scheme, _) => bail!(
                "there is no event bus {scheme:?} as in {url:?}; there are memory: and kafka://HOST:PORT[,HOST:PORT]"
            ),
        }
    }
}

#[cfg(feature = "kafka")]
fn kafka(place: &str) -> anyhow::Result<EventBusUrl> {
    place.parse().map(EventBusUrl::Kafka)
}

#[cfg(not(feature = "kafka"))]
fn kafka(_place: &str) -> anyhow::Result<EventBusUrl> {
    Err(super::not_built_in("Kafka"))
}

impl EventBusUrl {
    /// Whether it reaches other processes.
    pub(crate) fn is_shared(&self) -> bool {
        *self != Self::Memory
    }

    /// Opens the bus; servers are reached when they are first needed.
    #[cfg_attr(
        not(feature = "kafka"),
        expect(
            clippy::unnecessary_wraps,
            reason = "only a client of a server can fail to be made"
        )
    )]
    pub(crate) fn open(&self) -> anyhow::Result<Arc<dyn EventBus>> {
        match self {
            Self::Memory => Ok(Arc::new(MemoryBus::default())),
            #[cfg(feature = "kafka")]
            Self::Kafka(address) => address.open(),
        }
    }
}

#[cfg(feature = "kafka")]
mod kafka {
    //! The address of Kafka's brokers.

    use std::str::FromStr;
    use std::sync::Arc;

    use anyhow::{Context, ensure};
    use gondola_contracts::topics;
    use kit_event_bus::EventBus;
    use kit_event_bus_kafka::{KafkaBus, KafkaOptions};

    /// What integration events are, to programs that do not know them.
    const CONTENT_TYPE: &str = "application/cloudevents+json; charset=UTF-8";

    /// Brokers, and what the names of topics and groups begin with.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub(crate) struct Address {
        servers: String,
        prefix: String,
    }

    impl FromStr for Address {
        type Err = anyhow::Error;

        fn from_str(place: &str) -> anyhow::Result<Self> {
            let place = place.strip_prefix("//").unwrap_or(place);
            let (servers, prefix) = place.split_once('/').unwrap_or((place, ""));
            for server in servers.split(',') {
                let parts = server.rsplit_once(':').filter(|(host, _)| !host.is_empty());
                let port = parts.and_then(|(_, port)| port.parse::<u16>().ok());
                ensure!(port.is_some(), "{server:?} is no broker: give HOST:PORT");
            }
            let fine = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
            ensure!(
                prefix.chars().all(fine),
                "the prefix {prefix:?} has more than a-z, 0-9, - and _"
            );
            let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}.") };
            Ok(Self { servers: servers.to_owned(), prefix })
        }
    }

    impl Address {
        pub(super) fn open(&self) -> anyhow::Result<Arc<dyn EventBus>> {
            let options = KafkaOptions {
                servers: self.servers.clone(),
                prefix: self.prefix.clone(),
                client_id: "gondola".to_owned(),
                partitions: KafkaOptions::DEFAULT_PARTITIONS,
                // whose readers need every store, product and stock level, however old
                compacted: topics::OF_WHOLE_STATES,
                content_type: CONTENT_TYPE,
                handling_max: KafkaOptions::DEFAULT_HANDLING_MAX,
            };
            Ok(Arc::new(KafkaBus::new(options).context("cannot use Kafka")?))
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn an_address_names_brokers_and_perhaps_a_prefix() {
            let parse = |place: &str| place.parse::<Address>().unwrap();
            let (one, two) = (parse("//a:9092"), parse("//a:9092,[::1]:9093/staging"));
            assert_eq!((&*one.servers, &*one.prefix), ("a:9092", ""));
            assert_eq!((&*two.servers, &*two.prefix), ("a:9092,[::1]:9093", "staging."));
            for wrong in ["", "//", "//a", "//a:b", "//:1", "//a:1,", "//a:1/x/y", "//a:99999"] {
                assert!(wrong.parse::<Address>().is_err(), "{wrong:?}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_there_is_not_is_refused_with_what_there_is() {
        let told = |url: &str| url.parse::<EventBusUrl>().unwrap_err().to_string();
        assert_eq!("memory:".parse::<EventBusUrl>().unwrap(), EventBusUrl::Memory);
        for unknown in ["nats://a:1", "memory:x", ""] {
            assert!(told(unknown).contains("there are memory: and kafka://"), "{unknown:?}");
        }
    }

    #[test]
    #[cfg(not(feature = "kafka"))]
    fn a_driver_that_is_not_built_in_is_named_with_the_build_that_has_it() {
        let told = "kafka://broker:9092".parse::<EventBusUrl>().unwrap_err().to_string();
        assert!(told.contains("make dist") && told.contains("--features servers"), "{told}");
    }
}
