//! Leases: a key that ends with the lease, and beside it the last epoch, which does not.

use std::time::Duration;

use async_trait::async_trait;
use fred::clients::Client;
use fred::error::Error;
use fred::interfaces::{ClientLike as _, LuaInterface as _};
use fred::types::Value;
use kit_core::Epoch;
use kit_lease::{Lease, LeaseError, Leases};
use tokio::task::AbortHandle;
use uuid::Uuid;

use crate::address::{RedisAddress, RedisAddressError};

/// Takes a lease that is free or the holder's own; the new epoch, or zero.
///
/// The lease and its epoch; holder, the epoch to be above, milliseconds to live.
const ACQUIRE: &str = "
local held = redis.call('GET', KEYS[1])
if held and string.sub(held, 1, 36) ~= ARGV[1] then return '0' end
local last = math.max(tonumber(redis.call('GET', KEYS[2]) or '0'), tonumber(ARGV[2]))
local epoch = string.format('%.0f', last + 1)
redis.call('SET', KEYS[2], epoch)
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. epoch, 'PX', ARGV[3])
return epoch";

/// The lease; holder with epoch, milliseconds to live.
const RENEW: &str = "
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])";

/// The lease; holder with epoch.
const RELEASE: &str = "
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])";

/// Leases in a Redis.
///
/// It may forget them, with their epochs, when it fails over to a replica or is emptied; the stores that holders write do not.
pub struct RedisLeases {
    client: Client,
    /// Before every name.
    space: String,
    connection: AbortHandle,
}

impl RedisLeases {
    /// The leases whose keys begin with `space`; connects until it is dropped.
    pub fn open(address: &RedisAddress, space: &str) -> Result<Self, RedisAddressError> {
        let client = address.client()?;
        let connection = client.connect().abort_handle();
        Ok(Self { client, space: space.to_owned(), connection })
    }

    /// The keys of a lease and of its epoch, on one node of a cluster.
    fn keys(&self, name: &str) -> [String; 2] {
        let lease = format!("{{{}:{name}}}", self.space);
        [lease.clone(), format!("{lease}:epoch")]
    }

    /// Runs a script on a lease where it is still its holder's; whether it was.
    async fn change(
        &self,
        script: &'static str,
        lease: &Lease,
        time_to_live: Option<Duration>,
    ) -> Result<bool, LeaseError> {
        let [key, _] = self.keys(&lease.name);
        let mut arguments = vec![Value::from(format!("{} {}", lease.holder, lease.epoch))];
        arguments.extend(time_to_live.map(millis));
        let changed: Result<i64, Error> = self.client.eval(script, key, arguments).await;
        changed.map(|changed| changed == 1).map_err(|error| unknown(&error))
    }
}

impl Drop for RedisLeases {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

fn millis(time: Duration) -> Value {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX).into()
}

fn unknown(error: &Error) -> LeaseError {
    LeaseError(error.to_string())
}

#[async_trait]
impl Leases for RedisLeases {
    async fn acquire(
        &self,
        name: &str,
        holder: Uuid,
        time_to_live: Duration,
        above: Epoch,
    ) -> Result<Option<Lease>, LeaseError> {
        let arguments: Vec<Value> =
            vec![holder.to_string().into(), above.to_string().into(), millis(time_to_live)];
        let epoch: Result<u64, Error> =
            self.client.eval(ACQUIRE, self.keys(name).to_vec(), arguments).await;
        let epoch = Epoch::new(epoch.map_err(|error| unknown(&error))?);
        let lease = Lease { name: name.to_owned(), holder, epoch };
        Ok(Some(lease).filter(|lease| lease.epoch > Epoch::ZERO))
    }

    async fn renew(&self, lease: &Lease, time_to_live: Duration) -> Result<bool, LeaseError> {
        self.change(RENEW, lease, Some(time_to_live)).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), LeaseError> {
        self.change(RELEASE, lease, None).await.map(drop)
    }
}
