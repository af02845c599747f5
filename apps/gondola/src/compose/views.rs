//! Where read models are kept, chosen by a URL.

use std::path::PathBuf;
use std::str::FromStr;

#[cfg(feature = "postgres")]
use anyhow::Context;
use anyhow::bail;

#[cfg(feature = "postgres")]
use super::postgres::PostgresUrl;

/// The context whose views can be in a database.
#[cfg(feature = "postgres")]
const INVENTORY: &str = "inventory";

/// Arguments of all commands that use views.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct ViewsArgs {
    /// Where the views of stock are kept: `sqlite:` in the data folder, for this process alone, or `postgres:` in a database,
    /// shared by all processes that write to the same log. An address is as for `--event-store`, and the schema is called
    /// `inventory_views`. Views of the catalogue are in the data folder always.
    #[arg(
        long = "views",
        id = "views_url",
        default_value = "sqlite:",
        env = "GONDOLA_VIEWS",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) url: ViewsUrl,

    /// A database that follows the one of `--views` and is read instead of it as long as it is less than half a second behind.
    #[arg(
        long = "views-replica",
        env = "GONDOLA_VIEWS_REPLICA",
        hide_env_values = true,
        value_name = "URL"
    )]
    replica: Option<ViewsUrl>,
}

/// Where views are kept: `sqlite:`, or `postgres:` and on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum ViewsUrl {
    /// In the data folder.
    #[default]
    Sqlite,
    /// In a database.
    #[cfg(feature = "postgres")]
    Postgres(PostgresUrl),
}

impl FromStr for ViewsUrl {
    type Err = anyhow::Error;

    fn from_str(url: &str) -> anyhow::Result<Self> {
        match url.split_once(':').unwrap_or((url, "")) {
            ("postgres" | "postgresql", _) => postgres(url),
            ("sqlite", "") => Ok(Self::Sqlite),
            ("sqlite", _) => {
                bail!("views in SQLite are in the data folder: say sqlite: and --data-dir")
            }
            (kind, _) => {
                bail!("there are no views in {kind:?}; there are sqlite: and postgres://...")
            }
        }
    }
}

#[cfg(feature = "postgres")]
fn postgres(url: &str) -> anyhow::Result<ViewsUrl> {
    url.parse().map(ViewsUrl::Postgres)
}

#[cfg(not(feature = "postgres"))]
fn postgres(_url: &str) -> anyhow::Result<ViewsUrl> {
    Err(super::not_built_in("PostgreSQL"))
}

impl ViewsArgs {
    /// The views of stock, in this folder unless they are in a database.
    pub(crate) fn of_stock(&self, folder: PathBuf) -> anyhow::Result<gondola_inventory::Views> {
        match (&self.url, &self.replica) {
            (ViewsUrl::Sqlite, None) => Ok(gondola_inventory::Views::Sqlite(folder)),
            #[cfg(feature = "postgres")]
            (ViewsUrl::Postgres(url), replica) => {
                let replica = match replica {
                    Some(ViewsUrl::Postgres(url)) => Some(url.views_of(INVENTORY)?),
                    Some(ViewsUrl::Sqlite) => {
                        bail!("--views-replica takes an address of PostgreSQL")
                    }
                    None => None,
                };
                let primary = url.views_of(INVENTORY)?;
                let views = gondola_inventory::PostgresViews { primary, replica };
                Ok(gondola_inventory::Views::Postgres(Box::new(views)))
            }
            (ViewsUrl::Sqlite, Some(_)) => {
                bail!("--views-replica needs the database that it follows: --views postgres://...")
            }
        }
    }

    /// Makes or updates the tables of a context's views, if they are in a database; the answer says what was done.
    #[cfg_attr(
        not(feature = "postgres"),
        expect(clippy::unused_async, reason = "only a database server keeps its callers waiting")
    )]
    pub(crate) async fn migrate(&self, context: &str) -> anyhow::Result<Option<String>> {
        #[cfg(feature = "postgres")]
        if let ViewsUrl::Postgres(url) = &self.url
            && context == INVENTORY
        {
            let migrated = gondola_inventory::STOCK_VIEWS.apply(&url.views_of(context)?).await;
            let migrated = migrated.context("cannot migrate the views of stock")?;
            return Ok(Some(super::postgres::told(&format!("views of {context}"), migrated)));
        }
        let _ = context;
        Ok(None)
    }

    /// Where `gondola verify` finds the views of stock.
    pub(crate) fn to_verify(&self) -> gondola_verify::ViewsAt {
        match &self.url {
            ViewsUrl::Sqlite => gondola_verify::ViewsAt::InUse,
            #[cfg(feature = "postgres")]
            ViewsUrl::Postgres(url) => gondola_verify::ViewsAt::Postgres(url.as_str().to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(url: &str) -> String {
        url.parse::<ViewsUrl>().unwrap_err().to_string()
    }

    #[test]
    fn a_url_names_a_kind() {
        assert_eq!("sqlite:".parse::<ViewsUrl>().unwrap(), ViewsUrl::Sqlite);
        assert!(told("sqlite:folder").contains("--data-dir"));
        assert!(told("redis://x").contains("\"redis\"; there are sqlite: and postgres:"));
    }

    #[test]
    #[cfg(not(feature = "postgres"))]
    fn a_driver_that_is_not_built_in_is_named_with_the_build_that_has_it() {
        assert!(told("postgres://db/gondola").contains("make dist"));
    }

    #[test]
    fn a_replica_follows_a_database() {
        let views = ViewsArgs { url: ViewsUrl::Sqlite, replica: Some(ViewsUrl::Sqlite) };
        let told = views.of_stock("data".into()).unwrap_err().to_string();
        assert!(told.contains("--views postgres"), "{told}");
    }
}
