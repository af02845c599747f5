//! What keeps codes and barcodes unique beside the claims on them: entries that are older than those claims.
//!
//! A log from before has claims on codes as they are written only, and none on barcodes. The view, which is complete from
//! the start on, tells of such entries; what is registered at the same moment, the claims keep apart.

use gondola_store_domain::{Command, Gtin, Refusal};
use kit_executor::{CommandReceipt, Rejection};
use kit_service::ReadError;

use super::decider::{CatalogueRefusal, Entry, gtin_of};
use super::entries::{CatalogueService, Written};
use super::errors::WriteError;
use super::listing::LookUp;
use super::named::Named;
use super::stored::Stored;

impl<A: Stored> CatalogueService<A> {
    /// The refusal of each command that gives an entry a code or a barcode which another one has, as the view knows it.
    pub(super) async fn known(
        &self,
        commands: &[Command<A>],
    ) -> Result<Vec<Option<Refusal<A>>>, ReadError> {
        let wanted: Vec<(usize, LookUp)> = (0..).zip(commands).flat_map(look_ups).collect();
        let mut known = vec![None; commands.len()];
        if wanted.is_empty() {
            return Ok(known);
        }
        let found = self.view.look_up(wanted.iter().map(|(_, one)| one.clone()).collect()).await?;
        for ((place, look_up), id) in wanted.into_iter().zip(found) {
            let Some(id) = id.and_then(|id| id.parse().ok()) else { continue };
            let command = &commands[place];
            if id != command.target() && known[place].is_none() {
                known[place] = self.still(command, &look_up, id).await?;
            }
        }
        Ok(known)
    }

    /// The refusal, if the other entry still has what the view says: a barcode may be given to another.
    async fn still(
        &self,
        command: &Command<A>,
        look_up: &LookUp,
        id: A::Id,
    ) -> Result<Option<Refusal<A>>, ReadError> {
        let Some(Entry { state, .. }) = self.find(&Named::Id(id)).await? else { return Ok(None) };
        let LookUp::Gtin(number) = look_up else {
            return Ok(Some(Refusal::AlreadyRegistered { id, code: state.code().clone() }));
        };
        let has_it = state.gtin().is_some_and(|gtin| gtin.number() == *number);
        let gtin = gtin_of(command).filter(|_| has_it).cloned();
        Ok(gtin.map(|gtin| Refusal::GtinTaken { gtin, holder: id }))
    }

    /// The result of a command; that its barcode was taken at the same moment is told with who has it.
    pub(super) async fn answered(
        &self,
        executed: Result<CommandReceipt<Entry<A>>, Rejection<CatalogueRefusal<A>>>,
        gtin: Option<Gtin>,
    ) -> Written<A> {
        let (
            Err(Rejection::Refused { refusal: CatalogueRefusal::GtinTaken, position }),
            Some(gtin),
        ) = (&executed, gtin)
        else {
            return executed.map_err(WriteError::from);
        };
        self.view.freshness().reach(*position).await?;
        let found = self.view.look_up(vec![LookUp::Gtin(gtin.number())]).await?;
        let holder = found.into_iter().flatten().next().and_then(|id| id.parse().ok());
        match holder {
            Some(holder) => Err(WriteError::Refused(Refusal::GtinTaken { gtin, holder })),
            // it was given up just now
            None => executed.map_err(WriteError::from),
        }
    }
}

/// What is to be looked up before a command, with its place.
fn look_ups<A: Stored>((place, command): (usize, &Command<A>)) -> Vec<(usize, LookUp)> {
    let code = command.registers().map(|new| A::look_up(new.code()));
    let gtin = gtin_of(command).map(|gtin| LookUp::Gtin(gtin.number()));
    code.into_iter().chain(gtin).map(|one| (place, one)).collect()
}
