//! The shared cache: an entry is a hash of its version and its value.

use async_trait::async_trait;
use fred::clients::Client;
use fred::error::{Error, ErrorKind};
use fred::interfaces::{
    ClientLike as _, HashesInterface as _, LuaInterface as _, PubsubInterface as _,
};
use fred::types::Value;
use kit_cache::{CacheError, Entry, Invalidation, SharedCache, Tell};
use tokio::sync::broadcast;
use tokio::task::AbortHandle;

use crate::address::{RedisAddress, RedisAddressError};
use crate::subscription::{self, Subscription};

/// Keeps an entry unless a newer one is there, and tells of one that is newer than what was there.
///
/// The key; version, value, milliseconds to live, channel, message. A channel without a name is told nothing.
const PUT_IF_NEWER: &str = "
if redis.call('TYPE', KEYS[1])['ok'] ~= 'hash' then redis.call('DEL', KEYS[1]) end
local present = tonumber(redis.call('HGET', KEYS[1], 'version') or '-1') or -1
local version = tonumber(ARGV[1])
if present > version then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'value', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
if present < version and ARGV[4] ~= '' then redis.call('PUBLISH', ARGV[4], ARGV[5]) end
return 1";

/// A part of a Redis that is one cache.
pub struct RedisCache {
    client: Client,
    /// Before every key.
    space: String,
    channel: String,
    subscription: Subscription,
    connection: AbortHandle,
}

impl RedisCache {
    /// The cache whose keys begin with `space`; connects, and listens to its changes, until it is dropped.
    pub fn open(address: &RedisAddress, space: &str) -> Result<Self, RedisAddressError> {
        let channel = format!("{space}:changes");
        let subscription = Subscription::start(address.subscriber()?, channel.clone());
        let client = address.client()?;
        // by itself, again and again; who calls meanwhile is told that it is not there
        let connection = client.connect().abort_handle();
        Ok(Self { client, space: space.to_owned(), channel, subscription, connection })
    }

    fn key(&self, key: &str) -> String {
        format!("{}:{key}", self.space)
    }
}

impl Drop for RedisCache {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

fn failed(error: &Error) -> CacheError {
    CacheError(error.to_string())
}

#[async_trait]
impl SharedCache for RedisCache {
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, CacheError> {
        match self.client.hget::<Value, _, _>(self.key(key), "value").await {
            Ok(value) => Ok(value.as_bytes().map(<[u8]>::to_vec)),
            // something else is kept there, which the next entry replaces
            Err(error) if *error.kind() == ErrorKind::InvalidArgument => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    async fn put_if_newer(&self, entry: Entry, tell: Tell) -> Result<bool, CacheError> {
        let Entry { key, version, value, time_to_live } = entry;
        let channel = match tell {
            Tell::Others => &*self.channel,
            Tell::Nobody => "",
        };
        let millis = i64::try_from(time_to_live.as_millis()).unwrap_or(i64::MAX);
        let message = subscription::changed(&key, version);
        let arguments: Vec<Value> = vec![
            version.to_string().into(),
            Value::Bytes(value.into()),
            millis.into(),
            channel.into(),
            message.into(),
        ];
        let kept: Result<i64, Error> =
            self.client.eval(PUT_IF_NEWER, self.key(&key), arguments).await;
        kept.map(|kept| kept == 1).map_err(|error| failed(&error))
    }

    async fn invalidate_all(&self) -> Result<(), CacheError> {
        let published = self.client.publish::<(), _, _>(&*self.channel, subscription::ALL).await;
        published.map_err(|error| failed(&error))
    }

    fn invalidations(&self) -> broadcast::Receiver<Invalidation> {
        self.subscription.invalidations()
    }

    fn health(&self) -> Result<(), String> {
        if self.client.is_connected() {
            return Ok(());
        }
        Err("Redis is not connected; reads take longer meanwhile".to_owned())
    }
}
