//! What suppliers offer: an offer is made or replaced as a whole, while its supplier is there.

use gondola_store_domain::{Aggregate, Command, Refusal, Supplier, SupplierCode, SupplierOffer};
use kit_core::{Caller, Version};
use kit_service::ReadError;

use super::entries::{CatalogueService, Written};
use super::errors::WriteError;
use super::named::Named;

impl CatalogueService<SupplierOffer> {
    /// Makes an offer, or gives the one of the same product and supplier these terms; `supplier` is as it is now.
    ///
    /// That a supplier is removed at this very moment is not seen: then the offer stays, and lists show whose it is.
    pub async fn put(
        &self,
        offer: SupplierOffer,
        supplier: &Supplier,
        expected: Option<Version>,
        caller: Caller,
    ) -> Written<SupplierOffer> {
        let refused = unavailable(supplier);
        let id = offer.id();
        if self.find(&Named::Id(id)).await?.is_none() {
            let command = Command::Register(offer.clone());
            let made = self.execute(command, expected, refused.clone(), caller.clone()).await;
            // somebody else has made it meanwhile
            if !matches!(made, Err(WriteError::Refused(Refusal::AlreadyRegistered { .. }))) {
                return made;
            }
        }
        self.execute(Command::Update(id, offer.into()), expected, refused, caller).await
    }
}

impl CatalogueService<Supplier> {
    /// The code of a supplier that may have offers, as it is written there.
    pub(super) async fn available(
        &self,
        code: &SupplierCode,
    ) -> Result<Result<SupplierCode, Refusal<SupplierOffer>>, ReadError> {
        let found = self.find(&Named::Code(code.clone())).await?;
        let Some(entry) = found else {
            return Ok(Err(Refusal::SupplierUnavailable { supplier: code.clone() }));
        };
        Ok(unavailable(&entry.state).map_or(Ok(entry.state.code), Err))
    }
}

/// The refusal of offers of a supplier that was removed.
fn unavailable(supplier: &Supplier) -> Option<Refusal<SupplierOffer>> {
    let code = || supplier.code.clone();
    supplier.is_removed().then(|| Refusal::SupplierUnavailable { supplier: code() })
}
