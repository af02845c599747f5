//! Rate limits that processes share: for each key the moment at which its quota is whole again, by the clock of Redis.

use std::num::NonZeroU32;
use std::time::Duration;

use async_trait::async_trait;
use fred::clients::Client;
use fred::error::Error;
use fred::interfaces::{ClientLike as _, LuaInterface as _};
use fred::types::Value;
use kit_rate_limit::{Key, Quota, SharedLimits, SharedLimitsError, Standing};
use sha2::{Digest as _, Sha256};
use tokio::task::AbortHandle;

use crate::address::{RedisAddress, RedisAddressError};

/// GCRA: takes units, all of them or none; whether it did, units that remain, microseconds to wait.
///
/// The key; microseconds in which a unit comes back, units at once, units to take. What lies further ahead than a whole
/// quota was written before the clock went back.
const TAKE: &str = "
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local unit, burst, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local whole = unit * burst
local at = tonumber(redis.call('GET', KEYS[1]) or now) or now
at = math.min(math.max(at, now), now + whole)
local after = at + unit * cost
local over = after - now - whole
if over > 0 then return {0, math.floor((now + whole - at) / unit), over} end
redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.ceil((after - now) / 1000))
return {1, math.floor(-over / unit), 0}";

/// Rate limits in a Redis.
///
/// Keys are hashed, so that no names and addresses of callers are kept there, and end when they say nothing any more. A Redis that
/// was emptied gives everybody a whole quota.
pub struct RedisLimits {
    client: Client,
    /// Before every key.
    space: String,
    connection: AbortHandle,
}

impl RedisLimits {
    /// The limits whose keys begin with `space`; connects until it is dropped.
    pub fn open(address: &RedisAddress, space: &str) -> Result<Self, RedisAddressError> {
        let client = address.client()?;
        let connection = client.connect().abort_handle();
        Ok(Self { client, space: space.to_owned(), connection })
    }

    fn key(&self, limit: &str, key: &Key) -> String {
        let hash = Sha256::digest(key.as_str().as_bytes());
        let hash = hash.iter().take(16).fold(0_u128, |all, byte| all << 8 | u128::from(*byte));
        format!("{}:{limit}:{hash:032x}", self.space)
    }
}

impl Drop for RedisLimits {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

#[async_trait]
impl SharedLimits for RedisLimits {
    async fn take(
        &self,
        limit: &str,
        key: &Key,
        quota: Quota,
        cost: NonZeroU32,
    ) -> Result<Standing, SharedLimitsError> {
        let unit = quota.time_for(1).as_micros().max(1);
        let arguments: Vec<Value> = vec![
            i64::try_from(unit).unwrap_or(i64::MAX).into(),
            i64::from(quota.burst().get()).into(),
            i64::from(cost.get()).into(),
        ];
        let taken: Result<(i64, i64, i64), Error> =
            self.client.eval(TAKE, self.key(limit, key), arguments).await;
        let (allowed, remaining, wait) =
            taken.map_err(|error| SharedLimitsError(error.to_string()))?;
        Ok(Standing {
            is_allowed: allowed == 1,
            remaining: u32::try_from(remaining).unwrap_or(0),
            retry_after: Duration::from_micros(u64::try_from(wait).unwrap_or(0)),
        })
    }
}
