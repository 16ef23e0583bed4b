//! Few passwords are hashed at the same time: each hash takes memory and a core on purpose, and anybody may ask for one.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::Problem;

/// Where passwords are hashed: a few places, and a line of bounded length before them.
#[derive(Debug)]
pub(crate) struct Hashing {
    /// Those at a place and those in the line together.
    room: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// A place to hash a password, until it is dropped. It belongs into the thread that hashes: a client that leaves does not end that.
#[derive(Debug)]
pub struct HashingPlace {
    _in_room: OwnedSemaphorePermit,
    _at_place: OwnedSemaphorePermit,
}

impl Hashing {
    /// So many places, and so many who wait.
    pub(crate) fn new(places: usize, waiting: usize) -> Hashing {
        let (places, room) = (places.max(1), places.max(1).saturating_add(waiting));
        Hashing { room: Arc::new(Semaphore::new(room)), places: Arc::new(Semaphore::new(places)) }
    }

    /// A place, as soon as one is free.
    ///
    /// # Errors
    /// Status 503 at once if the line is full.
    pub(crate) async fn place(&self) -> Result<HashingPlace, Problem> {
        let room = Arc::clone(&self.room).try_acquire_owned();
        let in_room = room.map_err(|_| Problem::new("busy", 503))?;
        let at_place = Arc::clone(&self.places).acquire_owned().await;
        let at_place = at_place.map_err(|error| Problem::internal(&error))?;
        Ok(HashingPlace { _in_room: in_room, _at_place: at_place })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_finds_the_line_full_is_sent_away_and_who_left_makes_room() {
        let hashing = Arc::new(Hashing::new(2, 1));
        let (one, _two) = (hashing.place().await.unwrap(), hashing.place().await.unwrap());
        let waiting = tokio::spawn({
            let hashing = Arc::clone(&hashing);
            async move { hashing.place().await.map(drop) }
        });
        while hashing.room.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused = hashing.place().await.unwrap_err();
        assert_eq!((refused.code(), refused.status()), ("busy", 503));
        assert!(!waiting.is_finished(), "nobody gets a place that is taken");
        drop(one);
        waiting.await.unwrap().unwrap();
        drop(hashing.place().await.unwrap());
    }
}
