//! Views in PostgreSQL that several processes share: who follows, who is refused, who sees what.

use kit_postgres::Database;
use kit_testkit::postgres::{APP, MIGRATOR, Schema, address};

use crate::adapters::{PostgresViews, STOCK_VIEWS};

/// The views of a schema whose tables are made now.
pub(super) async fn migrated(schema: &Schema) -> PostgresViews {
    STOCK_VIEWS.apply(&database(schema, MIGRATOR)).await.unwrap();
    PostgresViews { primary: database(schema, APP), replica: None }
}

fn database(schema: &Schema, role: &str) -> Database {
    Database::new(&address(role), &schema.name, &schema.name).unwrap()
}
