//! What caches in front of the servers, such as a CDN, may keep, and which of them are purged.

use std::sync::Arc;

use anyhow::{Result, ensure};
use kit_cdn::{Edge, EdgeCache, HttpEdgeCache, PurgeToken, PurgeUrl};
use kit_http::{EdgeCaching, EdgeLifetimes};

/// Longest that a cache may be told to keep an answer, in seconds: a day.
const SECONDS_MAX: i64 = 86_400;

/// Arguments of the commands that serve.
#[derive(Clone, Debug, clap::Args)]
#[expect(clippy::struct_field_names, reason = "the names of the flags")]
pub(crate) struct CdnArgs {
    /// Seconds for which a CDN or another cache in front may answer public reads by itself, as `s-maxage`; 0 has every reader
    /// ask here. What it keeps is at most so old, and with `--cdn-purge-url` as soon as it is told of a change no longer used.
    #[arg(long, env = "GONDOLA_CDN_S_MAXAGE", default_value_t = 0, value_name = "0..86400",
        value_parser = clap::value_parser!(u32).range(0..=SECONDS_MAX))]
    cdn_s_maxage: u32,

    /// Seconds for which it may go on with an answer while it fetches a newer one, as `stale-while-revalidate`: of a cache that
    /// cannot tell what was purged from what has expired, after a purge as well.
    #[arg(long, env = "GONDOLA_CDN_STALE_WHILE_REVALIDATE", default_value_t = 0, value_name = "0..86400",
        value_parser = clap::value_parser!(u32).range(0..=SECONDS_MAX))]
    cdn_stale_while_revalidate: u32,

    /// Seconds for which it may go on with an answer while no process answers, as `stale-if-error`.
    #[arg(long, env = "GONDOLA_CDN_STALE_IF_ERROR", default_value_t = 0, value_name = "0..86400",
        value_parser = clap::value_parser!(u32).range(0..=SECONDS_MAX))]
    cdn_stale_if_error: u32,

    /// Cache that is told of changes, as `varnish://HOST:PORT` or, with `POST` and `Surrogate-Key` by plain HTTP,
    /// `surrogate-key://HOST:PORT/PATH`; may be repeated.
    #[arg(
        long,
        env = "GONDOLA_CDN_PURGE_URL",
        hide_env_values = true,
        value_name = "URL",
        value_delimiter = ','
    )]
    cdn_purge_url: Vec<PurgeUrl>,

    /// Secret that purges bring, in `x-purge-token` to Varnish and `fastly-key` else. Better set by the variable or the file
    /// than on the command line, which other users of the machine see.
    #[arg(long, env = "GONDOLA_CDN_PURGE_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    cdn_purge_token: Option<PurgeToken>,
}

impl CdnArgs {
    /// Refuses what could not have a meaning.
    pub(crate) fn check(&self) -> Result<()> {
        let stale = self.cdn_stale_while_revalidate + self.cdn_stale_if_error;
        ensure!(
            self.cdn_s_maxage > 0 || (self.cdn_purge_url.is_empty() && stale == 0),
            "without --cdn-s-maxage no cache in front keeps anything that could be purged or become stale: give it, such as \
             --cdn-s-maxage 30, or leave the other --cdn- settings out"
        );
        ensure!(
            self.cdn_purge_token.is_none() || !self.cdn_purge_url.is_empty(),
            "--cdn-purge-token is for a cache that is told of changes: give --cdn-purge-url, or leave it out"
        );
        Ok(())
    }

    /// Whether caches in front give answers by themselves.
    pub(crate) const fn keeps_answers(&self) -> bool {
        self.cdn_s_maxage > 0
    }

    /// The caches in front. They are reached when there is something to purge.
    pub(crate) fn edge(&self) -> Edge {
        let caching = EdgeCaching::keeping(EdgeLifetimes {
            fresh: self.cdn_s_maxage,
            while_revalidate: self.cdn_stale_while_revalidate,
            if_error: self.cdn_stale_if_error,
        });
        let open = |url: &PurgeUrl| {
            let cache = HttpEdgeCache::new(url.clone(), self.cdn_purge_token.clone());
            Arc::new(cache) as Arc<dyn EdgeCache>
        };
        Edge { caching, caches: self.cdn_purge_url.iter().map(open).collect() }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::CdnArgs;

    #[derive(Parser)]
    struct Alone {
        #[command(flatten)]
        cdn: CdnArgs,
    }

    fn check(arguments: &[&str]) -> Result<usize, String> {
        let arguments = ["test"].iter().chain(arguments);
        let Alone { cdn } = Alone::try_parse_from(arguments).map_err(|error| error.to_string())?;
        cdn.check().map_err(|error| error.to_string())?;
        Ok(cdn.edge().caches.len())
    }

    #[test]
    fn what_is_purged_must_be_kept_first() {
        let url = ["--cdn-purge-url", "varnish://a:1"];
        assert_eq!(check(&[]), Ok(0));
        assert_eq!(check(&["--cdn-s-maxage", "30"]), Ok(0));
        assert_eq!(check(&[&url[..], &["--cdn-s-maxage", "30"]].concat()), Ok(1));
        for (arguments, told) in [
            (&url[..], "--cdn-s-maxage"),
            (&["--cdn-stale-if-error", "5"], "--cdn-s-maxage"),
            (&["--cdn-s-maxage", "30", "--cdn-purge-token", "hidden"], "--cdn-purge-url"),
            (&["--cdn-s-maxage", "86401"], "86401"),
            (&["--cdn-s-maxage", "30", "--cdn-purge-url", "https://a"], "varnish://"),
        ] {
            let refused = check(arguments).unwrap_err();
            assert!(refused.contains(told) && !refused.contains("hidden"), "{refused}");
        }
    }
}
