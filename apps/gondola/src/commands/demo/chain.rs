//! The chain of the demo: its stores, its products, and how many units each store had a week ago.

use gondola_store_domain::{StoreKind, StoreStatus};
use uuid::Uuid;

/// A store of the demo.
pub(in crate::commands) struct DemoStore {
    /// The last group of its id.
    pub(in crate::commands) end: u128,
    pub(in crate::commands) code: &'static str,
    pub(in crate::commands) name: &'static str,
    pub(in crate::commands) city: &'static str,
    pub(in crate::commands) region: &'static str,
    pub(in crate::commands) kind: StoreKind,
    /// Why it is in maintenance, where it is.
    pub(in crate::commands) maintenance: Option<&'static str>,
    /// Units of each product, in the order of [`PRODUCTS`].
    pub(in crate::commands) units: [u32; PRODUCTS.len()],
}

impl DemoStore {
    pub(in crate::commands) const fn id(&self) -> Uuid {
        Uuid::from_u128(0x1111_1111_1111_1111_1111_0000_0000_0000 | self.end)
    }

    pub(in crate::commands) const fn status(&self) -> StoreStatus {
        if self.maintenance.is_some() { StoreStatus::Maintenance } else { StoreStatus::Active }
    }

    const fn shop(
        (end, code, name): (u128, &'static str, &'static str),
        (city, region): (&'static str, &'static str),
        units: [u32; PRODUCTS.len()],
    ) -> Self {
        Self { end, code, name, city, region, kind: StoreKind::Shop, maintenance: None, units }
    }
}

/// SKU, name, category, price in centavos.
pub(in crate::commands) const PRODUCTS: [(&str, &str, &str, u64); 10] = [
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

/// The id of a product, by its place in [`PRODUCTS`].
pub(in crate::commands) const fn product_id(index: usize) -> Uuid {
    Uuid::from_u128(0x2222_2222_2222_2222_2222_2222_2222_0001 + index as u128)
}

/// The stores: a flagship, shops of many sizes, one that is being repaired, a counter where orders are fetched, and the
/// distribution centre that supplies them all.
pub(in crate::commands) const STORES: [DemoStore; 10] = [
    DemoStore::shop(
        (0x1111_1111_1111, "SP-PAULISTA", "Avenida Paulista"),
        ("São Paulo", "SP"),
        [100, 24, 60, 45, 30, 80, 120, 12, 20, 35],
    ),
    DemoStore {
        kind: StoreKind::PickUpPoint,
        ..DemoStore::shop(
            (0x1111_1111_1112, "SP-PINHEIROS", "Pinheiros"),
            ("São Paulo", "SP"),
            [6, 2, 4, 3, 2, 5, 8, 1, 2, 3],
        )
    },
    DemoStore::shop(
        (0x1111_1111_1113, "RJ-COPACABANA", "Copacabana"),
        ("Rio de Janeiro", "RJ"),
        [70, 12, 40, 30, 15, 50, 90, 20, 10, 18],
    ),
    DemoStore::shop(
        (0x1111_1111_1114, "RJ-BARRA", "Barra da Tijuca"),
        ("Rio de Janeiro", "RJ"),
        [80, 18, 35, 28, 20, 60, 75, 25, 15, 22],
    ),
    DemoStore::shop(
        (0x1111_1111_1115, "MG-SAVASSI", "Savassi"),
        ("Belo Horizonte", "MG"),
        [45, 9, 30, 25, 12, 40, 50, 8, 9, 14],
    ),
    DemoStore {
        maintenance: Some("The roof is being repaired"),
        ..DemoStore::shop(
            (0x1111_1111_1116, "PR-BATEL", "Batel"),
            ("Curitiba", "PR"),
            [30, 6, 20, 18, 8, 25, 35, 10, 12, 9],
        )
    },
    DemoStore::shop(
        (0x1111_1111_1117, "RS-MOINHOS", "Moinhos de Vento"),
        ("Porto Alegre", "RS"),
        [35, 7, 55, 20, 10, 30, 40, 9, 11, 12],
    ),
    DemoStore::shop(
        (0x1111_1111_1118, "BA-BARRA", "Barra"),
        ("Salvador", "BA"),
        [40, 10, 25, 22, 9, 35, 60, 14, 8, 10],
    ),
    DemoStore::shop(
        (0x1111_1111_1119, "PE-BOAVIAGEM", "Boa Viagem"),
        ("Recife", "PE"),
        [50, 11, 28, 24, 11, 45, 65, 16, 9, 13],
    ),
    DemoStore {
        kind: StoreKind::DistributionCentre,
        ..DemoStore::shop(
            (0x1111_1111_111a, "SP-CD-CAJAMAR", "Distribution centre Cajamar"),
            ("Cajamar", "SP"),
            [800, 250, 600, 500, 300, 900, 1_000, 200, 240, 350],
        )
    },
];
