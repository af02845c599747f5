//! How many files and connections this process may have open at once.

use kit_http::ServerConfig;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors that connections leave to the files of logs and views, whose readers open more under load. Of a low limit
/// they leave half.
const RESERVE: u64 = 512;

/// Lets the process open as many files as it may, and gives the connections for which there are descriptors.
pub(crate) fn connections_max() -> usize {
    let descriptors = raise_limit();
    let connections = connections_for(descriptors);
    if connections < ServerConfig::default().connections_max {
        tracing::warn!(descriptors, connections, "few_connections_for_lack_of_descriptors");
    }
    connections
}

/// Raises the soft limit of descriptors to the hard one, as every process may; none is no limit.
fn raise_limit() -> Option<u64> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    match setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        Ok(()) => maximum,
        Err(error) => {
            tracing::debug!(%error, "limit_of_descriptors_stays");
            current
        }
    }
}

fn connections_for(descriptors: Option<u64>) -> usize {
    let most = ServerConfig::default().connections_max;
    let Some(descriptors) = descriptors else { return most };
    let left = descriptors - RESERVE.min(descriptors / 2);
    usize::try_from(left).map_or(most, |left| left.clamp(1, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_to_files() {
        let most = ServerConfig::default().connections_max;
        assert_eq!(connections_for(None), most);
        assert_eq!(connections_for(Some(1 << 20)), most);
        assert_eq!(connections_for(Some(1_024)), 512);
        assert_eq!(connections_for(Some(256)), 128);
        assert_eq!(connections_for(Some(1)), 1);
    }
}
