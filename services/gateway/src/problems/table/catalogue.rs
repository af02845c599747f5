//! Codes of stores, products, categories and suppliers.

use crate::problems::ProblemCode;

pub(super) const CODES: &[ProblemCode] = &[
    ProblemCode {
        code: "store-already-registered",
        status: Some(409),
        title: "Store already registered",
        topic: "Catalogue",
        cause: "The store's id or code is in the catalogue already, perhaps in another case; `storeId` and `storeCode` name \
            that store.",
        remedy: "Change it with `PATCH /api/v1/stores/{store}`, or take another code.",
    },
    ProblemCode {
        code: "store-not-found",
        status: Some(404),
        title: "Not found",
        topic: "Catalogue",
        cause: "No store of this id or code is in the catalogue.",
        remedy: "Register it first with `POST /api/v1/stores`.",
    },
    ProblemCode {
        code: "product-already-registered",
        status: Some(409),
        title: "Product already registered",
        topic: "Catalogue",
        cause: "The product's id or SKU is in the catalogue already, perhaps in another case; `productId` and `productSku` \
            name that product.",
        remedy: "Change it with `PATCH /api/v1/products/{product}`, or take another SKU.",
    },
    ProblemCode {
        code: "gtin-taken",
        status: Some(409),
        title: "Barcode taken",
        topic: "Catalogue",
        cause: "Another product, which `productId` names, has this barcode; leading zeros make no difference. Nothing was \
            done.",
        remedy: "Check the barcode. If it belongs here, take it from the other product first: `PATCH` it with `gtin` null.",
    },
    ProblemCode {
        code: "category-already-registered",
        status: Some(409),
        title: "Category already registered",
        topic: "Catalogue",
        cause: "The category's code is in the catalogue already, perhaps in another case or as one that was removed; \
            `categoryCode` has it as it is written there.",
        remedy: "Change it with `PATCH /api/v1/categories/{category}`, which also brings it back, or take another code.",
    },
    ProblemCode {
        code: "category-not-found",
        status: Some(404),
        title: "Not found",
        topic: "Catalogue",
        cause: "No category of this id or code is in the catalogue.",
        remedy: "Register it first with `POST /api/v1/categories`.",
    },
    ProblemCode {
        code: "parent-not-found",
        status: Some(409),
        title: "Parent not found",
        topic: "Catalogue",
        cause: "The category is to stand below `parent`, which is not registered or was removed. Nothing was done.",
        remedy: "Register the parent first, or bring it back: `PATCH` it with `status` active.",
    },
    ProblemCode {
        code: "parent-circle",
        status: Some(409),
        title: "Below itself",
        topic: "Catalogue",
        cause: "The category is to stand below itself, or below one that stands below it. Nothing was done.",
        remedy: "Choose another parent, or move the one below first.",
    },
    ProblemCode {
        code: "parent-too-deep",
        status: Some(409),
        title: "Too far down",
        topic: "Catalogue",
        cause: "A tree of categories has at most 16 levels. Nothing was done.",
        remedy: "Choose a parent that is nearer to the top.",
    },
    ProblemCode {
        code: "in-use",
        status: Some(409),
        title: "Still in use",
        topic: "Catalogue",
        cause: "The category cannot be removed: `children` categories stand directly below it, and `products` products \
            name it. Or the supplier cannot: it has `offers` offers that hold. Nothing was done.",
        remedy: "Move those to another category first; withdraw the offers, which `GET /api/v1/suppliers/{supplier}/products` \
            lists, or make the supplier inactive.",
    },
    ProblemCode {
        code: "supplier-already-registered",
        status: Some(409),
        title: "Supplier already registered",
        topic: "Catalogue",
        cause: "The supplier's code is in the catalogue already, perhaps in another case or as one that was removed; \
            `supplierCode` has it as it is written there.",
        remedy: "Change it with `PATCH /api/v1/suppliers/{supplier}`, which also brings it back, or take another code.",
    },
    ProblemCode {
        code: "supplier-not-found",
        status: Some(404),
        title: "Not found",
        topic: "Catalogue",
        cause: "No supplier of this id or code is in the catalogue.",
        remedy: "Register it first with `POST /api/v1/suppliers`.",
    },
    ProblemCode {
        code: "supplier-unavailable",
        status: Some(409),
        title: "Supplier not available",
        topic: "Catalogue",
        cause: "The supplier that `supplierCode` names was removed, and so offers nothing. Nothing was done.",
        remedy: "Bring it back first: `PATCH` it with `status` active.",
    },
    ProblemCode {
        code: "supplier-offer-already-registered",
        status: Some(409),
        title: "Offer already made",
        topic: "Catalogue",
        cause: "The supplier offers this product already. Nothing was done.",
        remedy: "Replace its terms with `PUT /api/v1/products/{product}/suppliers/{supplier}`.",
    },
    ProblemCode {
        code: "supplier-offer-not-found",
        status: Some(404),
        title: "Not found",
        topic: "Catalogue",
        cause: "The supplier offers nothing of this product, or has withdrawn it.",
        remedy: "Make the offer first with `PUT /api/v1/products/{product}/suppliers/{supplier}`.",
    },
    ProblemCode {
        code: "preferred-taken",
        status: Some(409),
        title: "Another one is preferred",
        topic: "Catalogue",
        cause: "Another supplier, which `supplierCode` names, is the preferred one of this product. Nothing was done.",
        remedy: "Take that from it first: `PATCH` its offer with `preferred` false.",
    },
    ProblemCode {
        code: "product-not-found",
        status: Some(404),
        title: "Not found",
        topic: "Catalogue",
        cause: "No product of this id, SKU or GTIN is in the catalogue.",
        remedy: "Register it first with `POST /api/v1/products`.",
    },
];
