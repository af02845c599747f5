//! `gondola demo`: the product with something in it: a small chain, its stock, and what happened to it.

pub(super) mod chain;
mod story;

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, ensure};
use gondola_store::use_cases::Named;
use gondola_store_domain as catalogue;
use kit_core::{Actor, Caller, IdSource, Idempotency, Position, RandomIds, Scope};

use self::chain::{PRODUCTS, STORES, product_id};
use super::serve;
use crate::compose;
use crate::compose::Gondola;
use crate::compose::event_store::DataArgs;
use crate::roles::Roles;

/// Where the demo keeps its data unless it is told otherwise.
pub(crate) const DEFAULT_FOLDER: &str = "data/demo";

/// How to serve.
#[derive(Clone, Debug, clap::Args)]
#[group(id = "demo")]
pub(crate) struct Args {
    #[command(flatten)]
    serve: serve::Args,
}

/// Fills the data folder, unless that was done before, and serves. Its webhooks reach this machine: that is where those who try it
/// look at what comes.
pub(crate) async fn run(mut args: Args) -> anyhow::Result<ExitCode> {
    let began = Instant::now();
    args.serve.webhooks.or_this_machine();
    refuse_foreign_files(&args.serve.data)?;
    let (gondola, door) = serve::start(&args.serve).await?;
    refuse_foreign_data(&gondola).await?;
    fill(&gondola).await.context("cannot write the demo data")?;
    let serving = gondola.serving(&args.serve.data)?;
    serve::serve_until_told(args.serve, Roles::ALL, (door, began), serving).await
}

/// A folder with nothing of ours in it belongs to somebody else.
fn refuse_foreign_files(data: &DataArgs) -> anyhow::Result<()> {
    let folder = data.log_root();
    let Ok(files) = std::fs::read_dir(folder) else { return Ok(()) };
    let mut names = files.filter_map(|file| Some(file.ok()?.file_name()));
    let Some(first) = names.next() else { return Ok(()) };
    let is_ours = |name: &OsString| Roles::ALL.logs().any(|context| name == context);
    ensure!(
        is_ours(&first) || names.any(|name| is_ours(&name)),
        "the folder {} has files, such as {}, and no data of the demo: name an empty folder with --data-dir",
        folder.display(),
        first.display()
    );
    Ok(())
}

/// Demo data goes into an empty log or its own, never among what a chain has.
async fn refuse_foreign_data(gondola: &Gondola) -> anyhow::Result<()> {
    let ends = [gondola.store.head_at_start, gondola.inventory_log.end().position];
    if ends == [Position::ZERO; 2] {
        return Ok(());
    }
    let first = catalogue::StoreId::from_uuid(STORES[0].id());
    let found = gondola.store.look_ups.look_up(&[Named::Id(first)], &[]).await?;
    ensure!(
        !found.stores.is_empty(),
        "there is data already, and not that of the demo: name an empty folder with --data-dir, or start what is there \
         with `gondola serve`"
    );
    Ok(())
}

async fn fill(gondola: &Gondola) -> anyhow::Result<()> {
    let caller = Caller {
        actor: Actor::system("system:demo"),
        correlation_id: RandomIds.next_id(compose::now()),
        idempotency: None,
        scope: Scope::All,
    };
    register(gondola, &caller).await?;
    let story = story::story(compose::now())?;
    let requests = story.into_iter().map(|(name, request)| {
        // the name is all that tells one from another: times are new at each start
        let key = format!("demo: {name}").into();
        let idempotency = Some(Idempotency { key, fingerprint: "demo".into() });
        (request, Caller { idempotency, ..caller.clone() })
    });
    for performed in gondola.inventory.commands.perform_all(requests.collect()).await {
        performed?;
    }
    Ok(())
}

/// Registers stores and products; those that are there stay as they are.
async fn register(gondola: &Gondola, caller: &Caller) -> anyhow::Result<()> {
    for demo in &STORES {
        let store = catalogue::Store {
            city: Some(catalogue::Label::new(demo.city)?),
            kind: demo.kind,
            status: demo.status(),
            status_reason: demo.maintenance.map(catalogue::StatusReason::new).transpose()?,
            ..catalogue::Store::new(
                catalogue::StoreId::from_uuid(demo.id()),
                catalogue::StoreCode::new(demo.code)?,
                catalogue::Name::new(demo.name)?,
                catalogue::Label::new(demo.region)?,
            )
        };
        gondola.store.catalogue.register_store(store, caller.clone()).await?;
    }
    for (index, (sku, name, category, price)) in PRODUCTS.into_iter().enumerate() {
        let product = catalogue::Product {
            category: Some(catalogue::Label::new(category)?),
            unit_price: Some(catalogue::Price::new(price, catalogue::Currency::new("BRL")?)?),
            ..catalogue::Product::new(
                catalogue::ProductId::from_uuid(product_id(index)),
                catalogue::Sku::new(sku)?,
                catalogue::Name::new(name)?,
            )
        };
        gondola.store.catalogue.register_product(product, caller.clone()).await?;
    }
    Ok(())
}
