//! Where Redis is, and how connections to it are made.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use fred::clients::{Client, SubscriberClient};
use fred::types::Builder;
use fred::types::config::{Config, ReconnectPolicy, UnresponsiveConfig};

/// Longest wait for a connection.
const CONNECT_WAIT_MAX: Duration = Duration::from_secs(5);

/// Longest wait for an answer, beyond which nobody waits for it.
const ANSWER_MAX: Duration = Duration::from_secs(2);

/// A connection on which an answer is awaited for longer is made anew: its server may be gone without a word.
const UNRESPONSIVE_AFTER: Duration = Duration::from_secs(4);

/// Pauses between attempts to connect, in milliseconds: the first, the longest, and how they grow.
const RECONNECT: (u32, u32, u32) = (100, 2_000, 2);

/// Commands that may wait for a connection; more fail at once.
const WAITING_MAX: usize = 10_000;

/// Messages that a listener may be behind.
const MESSAGES_MAX: usize = 4_096;

/// The address of a node, as in `redis://:PASSWORD@HOST:PORT`, or of a cluster, as in
/// `redis-cluster://:PASSWORD@HOST:PORT?node=HOST:PORT`.
#[derive(Clone, PartialEq, Eq)]
pub struct RedisAddress(Config);

/// It may have a password, so it is not shown.
impl fmt::Debug for RedisAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedisAddress(..)")
    }
}

/// This is the address of no Redis.
#[derive(Debug, thiserror::Error)]
pub enum RedisAddressError {
    /// Its scheme is another one.
    #[error(
        "a shared cache is at redis://:PASSWORD@HOST:PORT or redis-cluster://:PASSWORD@HOST:PORT?node=HOST:PORT, \
         not at {0}:"
    )]
    Scheme(String),
    /// It asks for encryption, which this build has not.
    #[error("rediss: asks for TLS, which this build has not: use redis: and a tunnel")]
    NoTls,
    /// It cannot be understood.
    #[error("this is no address like redis://:PASSWORD@HOST:PORT: {0}")]
    Address(String),
}

impl FromStr for RedisAddress {
    type Err = RedisAddressError;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        let (scheme, _) = url.split_once(':').unwrap_or((url, ""));
        match scheme {
            "redis" | "redis-cluster" => {}
            "rediss" | "rediss-cluster" => return Err(RedisAddressError::NoTls),
            other => return Err(RedisAddressError::Scheme(other.to_owned())),
        }
        let config = Config::from_url(url)
            .map_err(|error| RedisAddressError::Address(error.details().to_owned()))?;
        Ok(Self(Config { fail_fast: false, ..config }))
    }
}

impl RedisAddress {
    fn builder(&self) -> Builder {
        let (first, longest, growth) = RECONNECT;
        let mut builder = Builder::from_config(self.0.clone());
        builder
            .set_policy(ReconnectPolicy::new_exponential(0, first, longest, growth))
            .with_performance_config(|performance| {
                performance.default_command_timeout = ANSWER_MAX;
                performance.broadcast_channel_capacity = MESSAGES_MAX;
            })
            .with_connection_config(|connection| {
                connection.connection_timeout = CONNECT_WAIT_MAX;
                connection.internal_command_timeout = ANSWER_MAX;
                connection.max_command_attempts = 1;
                connection.max_command_buffer_len = WAITING_MAX;
                connection.unresponsive = UnresponsiveConfig {
                    max_timeout: Some(UNRESPONSIVE_AFTER),
                    interval: UNRESPONSIVE_AFTER / 4,
                };
            });
        builder
    }

    /// A client that is not connected yet.
    pub(crate) fn client(&self) -> Result<Client, RedisAddressError> {
        self.builder().build().map_err(|error| unusable(&error))
    }

    /// A client for messages that is not connected yet.
    pub(crate) fn subscriber(&self) -> Result<SubscriberClient, RedisAddressError> {
        self.builder().build_subscriber_client().map_err(|error| unusable(&error))
    }
}

fn unusable(error: &fred::error::Error) -> RedisAddressError {
    RedisAddressError::Address(error.details().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str) -> String {
        url.parse::<RedisAddress>().unwrap_err().to_string()
    }

    #[test]
    fn a_node_and_a_cluster_have_addresses() {
        for good in ["redis://:p@h:6379", "redis://h", "redis-cluster://:p@h:1?node=h:2&node=h:3"] {
            assert!(good.parse::<RedisAddress>().is_ok(), "{good}");
        }
        assert!(refused("http://h").contains("not at http:"));
        assert!(refused("rediss://h").contains("TLS"));
        assert!(refused("redis://h:port").contains("no address like"));
    }

    #[test]
    fn no_password_is_shown() {
        let address: RedisAddress = "redis://:secret@h:6379".parse().unwrap();
        assert!(!format!("{address:?}").contains("secret"));
        assert!(!refused("redis://:secret@h:port").contains("secret"));
    }
}
