//! How many live streams one caller may have open.

use std::collections::HashMap;
use std::sync::Arc;

use kit_core::Actor;
use parking_lot::Mutex;

/// Streams of one caller at once, where callers must say who they are.
pub(super) const STREAMS_OF_CALLER_MAX: usize = 32;

/// The open streams of each caller.
#[derive(Clone, Default)]
pub(in crate::http) struct CallerPlaces(Arc<Mutex<HashMap<Actor, usize>>>);

/// A caller's place for a stream, until it is dropped.
pub(super) struct CallerPlace {
    places: CallerPlaces,
    caller: Actor,
}

impl CallerPlaces {
    /// A place, if the caller has not taken all of its own.
    pub(super) fn take(&self, caller: &Actor) -> Option<CallerPlace> {
        let mut open = self.0.lock();
        let streams = open.entry(caller.clone()).or_default();
        if *streams >= STREAMS_OF_CALLER_MAX {
            return None;
        }
        *streams += 1;
        Some(CallerPlace { places: self.clone(), caller: caller.clone() })
    }
}

impl Drop for CallerPlace {
    fn drop(&mut self) {
        let mut open = self.places.0.lock();
        if let Some(streams) = open.get_mut(&self.caller) {
            *streams -= 1;
            if *streams == 0 {
                open.remove(&self.caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_has_so_many_places_and_others_have_their_own() {
        let (places, maria, joao) =
            (CallerPlaces::default(), Actor::system("maria"), Actor::system("joao"));
        let mut taken: Vec<_> =
            (0..STREAMS_OF_CALLER_MAX).map(|_| places.take(&maria).unwrap()).collect();
        assert!(places.take(&maria).is_none());
        let of_joao = places.take(&joao).unwrap();
        taken.pop();
        taken.push(places.take(&maria).unwrap());
        assert!(places.take(&maria).is_none());
        drop((taken, of_joao));
        assert!(places.0.lock().is_empty(), "who has no stream is forgotten");
    }
}
