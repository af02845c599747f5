//! The feature flags of the inventory context.

use kit_feature_flags::{EVERYTHING, Flag};

/// Where `--cache` names a cache that processes share: the stores whose stock levels are kept in it and read from it. A new
/// cache is begun with few stores, and one that makes trouble is left without a restart.
pub const SHARED_STOCK_CACHE: Flag = Flag {
    key: "shared-stock-cache",
    default_percent: EVERYTHING,
    what: "Stores whose stock levels are kept in, and read from, the cache that processes share (`--cache`)",
};
