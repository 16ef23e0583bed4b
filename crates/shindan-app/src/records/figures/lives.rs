//! The lives of all cases in little memory: a server keeps them as long as it runs.

use jiff::Timestamp;
use jiff::civil::Date;
use shindan_domain::priority::Decision;
use uuid::Uuid;

/// A moment to the second, or never: figures count hours and days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct When(i64);

impl When {
    pub const NEVER: When = When(i64::MIN);

    /// The second in which this is.
    pub fn at(time: Timestamp) -> When {
        When(time.as_second())
    }

    pub fn is_never(self) -> bool {
        self == When::NEVER
    }

    /// The beginning of that second; `None`: never.
    pub fn time(self) -> Option<Timestamp> {
        // Made of a time: it is one.
        Timestamp::from_second(self.0).ok().filter(|_| !self.is_never())
    }

    /// This, unless it is never: then that.
    pub fn or(self, time: Timestamp) -> When {
        if self.is_never() { When::at(time) } else { self }
    }
}

/// What happened to a case, as far as figures need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Life {
    pub noticed: When,
    pub decided: When,
    pub done: When,
    /// Last days for decision and closing.
    pub due: Option<(Date, Date)>,
    pub priority: Decision,
    /// Whether a measure was decided since it was judged, and whether that is to accept the risk.
    pub treated: bool,
    pub accepting: bool,
    pub accepted: bool,
}

/// Lives by their case, in the order of identifiers. Cases are numbered in the order in which they begin, so that nearly every new one
/// is put at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Lives(Vec<(Uuid, Life)>);

impl Lives {
    fn place(&self, id: Uuid) -> Result<usize, usize> {
        match self.0.last() {
            Some((last, _)) if *last < id => Err(self.0.len()),
            _ => self.0.binary_search_by_key(&id, |(known, _)| *known),
        }
    }

    pub fn get(&self, id: Uuid) -> Option<Life> {
        self.place(id).ok().and_then(|place| self.0.get(place)).map(|(_, life)| *life)
    }

    pub fn put(&mut self, id: Uuid, life: Life) {
        match self.place(id) {
            Ok(place) => {
                if let Some(known) = self.0.get_mut(place) {
                    known.1 = life;
                }
            }
            Err(place) => self.0.insert(place, (id, life)),
        }
    }

    pub fn all(&self) -> impl Iterator<Item = &Life> {
        self.0.iter().map(|(_, life)| life)
    }

    /// Gives back memory that was taken in advance, but for some room.
    pub fn settle(&mut self) {
        if self.0.capacity() > self.0.len() + self.0.len() / 4 {
            self.0.shrink_to(self.0.len() + self.0.len() / 8);
        }
    }
}

#[cfg(test)]
impl Lives {
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn life(second: i64) -> Life {
        Life {
            noticed: When(second),
            decided: When::NEVER,
            done: When::NEVER,
            due: None,
            priority: Decision::Defer,
            treated: false,
            accepting: false,
            accepted: false,
        }
    }

    proptest! {
        #[test]
        fn what_was_put_last_is_found_in_whatever_order_it_came(puts in prop::collection::vec((0_u128..40, any::<i32>()), 0..200)) {
            let (mut lives, mut expected) = (Lives::default(), BTreeMap::new());
            for (id, second) in puts {
                let (id, life) = (Uuid::from_u128(id), life(second.into()));
                lives.put(id, life);
                expected.insert(id, life);
            }
            prop_assert_eq!(lives.all().collect::<Vec<_>>(), expected.values().collect::<Vec<_>>());
            for id in (0..41).map(Uuid::from_u128) {
                prop_assert_eq!(lives.get(id), expected.get(&id).copied());
            }
        }
    }

    #[test]
    fn a_life_is_small() {
        assert!(size_of::<(Uuid, Life)>() <= 64, "{}", size_of::<(Uuid, Life)>());
    }
}
