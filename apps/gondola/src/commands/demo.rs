//! `gondola demo`: the product with something in it: 10 stores, 10 products, stock in each.

use std::process::ExitCode;

use anyhow::Context;
use gondola_inventory::use_cases::{Freshness, LevelRef, ProductRef, StockRequest, StoreRef};
use gondola_inventory_domain::{AddStock, PositiveQuantity, Reason, SetStockPolicy, StockQuantity};
use gondola_store_domain as catalogue;
use kit_core::{Actor, Caller, IdSource, RandomIds, Scope};
use uuid::Uuid;

use super::serve;
use crate::compose;
use crate::compose::Gondola;
use crate::roles::Roles;

/// Stores: the last group of the id, code, name, city, region.
const STORES: [(u128, &str, &str, &str, &str); 10] = [
    (0x1111_1111_1111, "SP-PAULISTA", "Avenida Paulista", "São Paulo", "SP"),
    (0x1111_1111_1112, "SP-PINHEIROS", "Pinheiros", "São Paulo", "SP"),
    (0x1111_1111_1113, "RJ-COPACABANA", "Copacabana", "Rio de Janeiro", "RJ"),
    (0x1111_1111_1114, "RJ-BARRA", "Barra da Tijuca", "Rio de Janeiro", "RJ"),
    (0x1111_1111_1115, "MG-SAVASSI", "Savassi", "Belo Horizonte", "MG"),
    (0x1111_1111_1116, "PR-BATEL", "Batel", "Curitiba", "PR"),
    (0x1111_1111_1117, "RS-MOINHOS", "Moinhos de Vento", "Porto Alegre", "RS"),
    (0x1111_1111_1118, "BA-BARRA", "Barra", "Salvador", "BA"),
    (0x1111_1111_1119, "PE-BOAVIAGEM", "Boa Viagem", "Recife", "PE"),
    (0x1111_1111_111a, "SP-CD-CAJAMAR", "Distribution centre Cajamar", "Cajamar", "SP"),
];

/// Products: SKU, name, category, price in centavos.
const PRODUCTS: [(&str, &str, &str, u64); 10] = [
    ("PROD123456", "Wireless headphones", "Audio", 29_990),
    ("PROD123457", "Smart television 55 inch", "Television", 249_900),
    ("PROD123458", "Coffee machine", "Kitchen", 59_900),
    ("PROD123459", "Air fryer", "Kitchen", 39_900),
    ("PROD123460", "Notebook 14 inch", "Computers", 349_900),
    ("PROD123461", "Smartphone 256 GB", "Phones", 199_900),
    ("PROD123462", "Running shoes", "Sport", 34_990),
    ("PROD123463", "Children's bicycle", "Sport", 79_900),
    ("PROD123464", "Office chair", "Furniture", 89_900),
    ("PROD123465", "Robot vacuum cleaner", "Home", 129_900),
];

/// Units that every store receives of every product.
const UNITS: i64 = 100;

/// How to serve.
#[derive(Clone, Debug, clap::Args)]
#[group(id = "demo")]
pub(crate) struct Args {
    #[command(flatten)]
    serve: serve::Args,
}

/// Fills the data folder, unless that was done before, and serves.
pub(crate) async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let (gondola, listen) = serve::start(&args.serve).await?;
    fill(&gondola).await.context("cannot write the demo data")?;
    serve::serve_until_told(args.serve, Roles::ALL, listen, gondola.serving()).await
}

/// A demo id: the groups of ones that the first documents use, with an end of its own.
fn store_id(end: u128) -> Uuid {
    Uuid::from_u128(0x1111_1111_1111_1111_1111_0000_0000_0000 | end)
}

fn product_id(number: usize) -> Uuid {
    Uuid::from_u128(0x2222_2222_2222_2222_2222_2222_2222_0000 | number as u128)
}

async fn fill(gondola: &Gondola) -> anyhow::Result<()> {
    let actor = Actor::system("system:demo");
    let caller = Caller {
        actor,
        correlation_id: RandomIds.next_id(compose::now()),
        idempotency: None,
        scope: Scope::All,
    };
    for (end, code, name, city, region) in STORES {
        let kind = if code.contains("-CD-") {
            catalogue::StoreKind::DistributionCentre
        } else {
            catalogue::StoreKind::Shop
        };
        let store = catalogue::Store {
            city: Some(catalogue::Label::new(city)?),
            kind,
            ..catalogue::Store::new(
                catalogue::StoreId::from_uuid(store_id(end)),
                catalogue::StoreCode::new(code)?,
                catalogue::Name::new(name)?,
                catalogue::Label::new(region)?,
            )
        };
        gondola.store.catalogue.register_store(store, caller.clone()).await?;
    }
    for (number, (sku, name, category, price)) in PRODUCTS.into_iter().enumerate() {
        let product = catalogue::Product {
            category: Some(catalogue::Label::new(category)?),
            unit_price: Some(catalogue::Price::new(price, catalogue::Currency::new("BRL")?)?),
            ..catalogue::Product::new(
                catalogue::ProductId::from_uuid(product_id(number + 1)),
                catalogue::Sku::new(sku)?,
                catalogue::Name::new(name)?,
            )
        };
        gondola.store.catalogue.register_product(product, caller.clone()).await?;
    }
    receive(gondola, &caller).await
}

/// Receives stock where nothing was ever recorded.
async fn receive(gondola: &Gondola, caller: &Caller) -> anyhow::Result<()> {
    let mut requests = Vec::new();
    for (end, ..) in STORES {
        let store = gondola_inventory_domain::StoreId::from_uuid(store_id(end));
        for number in 1..=PRODUCTS.len() {
            let product = gondola_inventory_domain::ProductId::from_uuid(product_id(number));
            if gondola.inventory.queries.level(store, product, Freshness::Strong).await?.is_some() {
                continue;
            }
            let add = AddStock {
                quantity: PositiveQuantity::new(UNITS)?,
                reason: Some(Reason::new("Demo stock")?),
                reference: None,
                occurred_at: None,
            };
            let policy = SetStockPolicy {
                safety_stock: None,
                reorder_point: Some(StockQuantity::new(UNITS / 10)?),
            };
            let level = LevelRef { store: StoreRef::Id(store), product: ProductRef::Id(product) };
            let add = StockRequest::AddStock { level: level.clone(), add };
            let policy = StockRequest::SetPolicy { level, policy };
            requests.extend([add, policy].map(|request| (request, caller.clone())));
        }
    }
    for performed in gondola.inventory.commands.perform_all(requests).await {
        performed?;
    }
    Ok(())
}
