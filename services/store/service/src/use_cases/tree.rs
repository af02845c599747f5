//! Entries of a kind that is a tree: what stands above one, and what needs one that is to be removed.

use gondola_store_domain::{Command, DEPTH_MAX, Refusal, check_place};
use kit_executor::Versioned;
use kit_service::ReadError;

use super::decider::{CatalogueCommand, CatalogueRefusal};
use super::entries::CatalogueService;
use super::listing::Users;
use super::named::Named;
use super::stored::Stored;

impl<A: Stored> CatalogueService<A> {
    /// What an entry stands below after a command, the next one first, as it is now or as `earlier` commands make it.
    ///
    /// The decision reads them once more, in the same transaction; see [`check`].
    pub(super) async fn above(
        &self,
        command: &Command<A>,
        earlier: &[Command<A>],
    ) -> Result<Vec<A::Id>, ReadError> {
        let mut above = Vec::new();
        if !A::IS_TREE {
            return Ok(above);
        }
        let id = command.target();
        let mut next = match command {
            Command::Register(new) => new.parent(),
            Command::Update(_, changes) => {
                let present = self.find(&Named::Id(id)).await?;
                present.and_then(|entry| entry.state.apply(changes).parent())
            }
        };
        while let Some(parent) = next.filter(|next| *next != id && above.len() < DEPTH_MAX) {
            above.push(parent);
            let registered = earlier.iter().filter_map(Command::registers);
            next = match registered.clone().find(|one| one.id() == parent) {
                Some(one) => one.parent(),
                None => self.find(&Named::Id(parent)).await?.and_then(|entry| entry.state.parent()),
            };
        }
        Ok(above)
    }

    /// The refusal of a command that removes an entry which others need. The view is asked, once it has all that was
    /// written before.
    pub(super) async fn in_use(
        &self,
        command: &Command<A>,
    ) -> Result<Option<Refusal<A>>, ReadError> {
        let Command::Update(id, changes) = command else { return Ok(None) };
        if !A::HAS_USERS {
            return Ok(None);
        }
        let Some(entry) = self.find(&Named::Id(*id)).await? else { return Ok(None) };
        let after = entry.state.clone().apply(changes);
        if entry.state.is_removed() || !after.is_removed() {
            return Ok(None);
        }
        self.view.freshness().reach(self.end()).await?;
        let Users { children, products, offers } =
            self.view.users(A::look_up(after.code())).await?;
        let code = after.code().clone();
        let needed = children > 0 || products > 0 || offers > 0;
        Ok(needed.then_some(Refusal::InUse { code, children, products, offers }))
    }
}

/// Checks the place of an entry after a command below those that the command names; `streams` are theirs.
///
/// Where one of them has moved since they were found, the command is to be sent again.
pub(super) fn check<A: Stored>(
    command: &CatalogueCommand<A>,
    after: &A,
    streams: &[Versioned<'_, Option<A>>],
) -> Result<(), CatalogueRefusal<A>> {
    let mut above: Vec<A> = Vec::new();
    let mut next = after.parent();
    for (id, stream) in command.above.iter().zip(streams) {
        if next != Some(*id) {
            return Err(CatalogueRefusal::Moved);
        }
        let Some(other) = stream.state.as_ref() else { break };
        next = other.parent();
        above.push(other.clone());
    }
    let is_whole = next.is_none_or(|next| next == after.id()) || above.len() >= DEPTH_MAX;
    if above.len() == command.above.len() && !is_whole {
        return Err(CatalogueRefusal::Moved);
    }
    check_place(after, &above).map_err(CatalogueRefusal::Rule)
}
