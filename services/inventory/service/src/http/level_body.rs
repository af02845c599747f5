//! Bodies about one stock level: how each of them names it.

/// Declares a body about one stock level: the ways to name it come first, unknown fields are refused.
macro_rules! level_body {
    ($(#[$meta:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* }) => {
        #[derive(Clone, Debug, ::serde::Deserialize, ::serde::Serialize, ::utoipa::ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        $(#[$meta])*
        pub(in crate::http) struct $name {
            /// The store, by id; this or `storeCode`.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(example = "11111111-1111-1111-1111-111111111111")]
            store_id: Option<::uuid::Uuid>,
            /// The store, by its code in the catalogue.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(max_length = 64)]
            store_code: Option<String>,
            /// The product, by id; this, `productSku` or `productGtin`.
            #[serde(skip_serializing_if = "Option::is_none")]
            product_id: Option<::uuid::Uuid>,
            /// The product, by its SKU in the catalogue.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(max_length = 64, example = "PROD123456")]
            product_sku: Option<String>,
            /// The product, by its barcode: 8, 12, 13 or 14 digits.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(min_length = 8, max_length = 14)]
            product_gtin: Option<String>,
            $($(#[$field_doc])* $field: $kind,)*
            /// The version of the stock level that the caller has seen; at another one nothing is done (412).
            #[serde(skip_serializing_if = "Option::is_none")]
            expected_version: Option<u64>,
        }

        impl $name {
            /// The version of the stock level that the caller has seen.
            pub(in crate::http) const fn expected_version(&self) -> Option<u64> {
                self.expected_version
            }

            fn level(&self) -> Result<$crate::use_cases::LevelRef, ::kit_http::Problem> {
                let store = $crate::http::names::store_ref(self.store_id, self.store_code.as_deref())?;
                let (sku, gtin) = (self.product_sku.as_deref(), self.product_gtin.as_deref());
                let product = $crate::http::names::product_ref(self.product_id, sku, gtin)?;
                Ok($crate::use_cases::LevelRef { store, product })
            }
        }
    };
}

pub(super) use level_body;
