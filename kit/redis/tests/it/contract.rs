//! The shared contracts, on one node and on a cluster.

use crate::servers::{cache, leases};

const NODE: &str = "GONDOLA_TEST_REDIS";
const CLUSTER: &str = "GONDOLA_TEST_REDIS_CLUSTER";

kit_testkit::cache_contract!(
    node,
    cache(NODE).await,
    #[ignore = "needs Redis: make test-services"]
);

kit_testkit::cache_contract!(
    cluster,
    cache(CLUSTER).await,
    #[ignore = "needs Redis: make test-services"]
);

kit_testkit::lease_contract!(
    leases_of_a_node,
    leases(NODE).await,
    #[ignore = "needs Redis: make test-services"]
);

kit_testkit::lease_contract!(
    leases_of_a_cluster,
    leases(CLUSTER).await,
    #[ignore = "needs Redis: make test-services"]
);
