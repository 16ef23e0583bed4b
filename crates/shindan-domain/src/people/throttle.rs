//! How often one may guess: growing waits that cannot be used to lock others out.
//!
//! There is no lock of an account. Failures are counted in budgets:
//!
//! - *pair*: one account from one address (an IPv6 network of /64 is one address),
//! - *address*: all accounts from one address,
//! - *device*: one account from a browser in which its person logged in before. Such a browser has this budget only; what others do,
//!   from wherever, never makes its person wait.
//!
//! A failure is counted *before* the password is looked at, so that guesses sent at the same time are bounded, too. A success takes
//! its own count back and forgets the pair's or the device's failures, never the address's: with an account of their own nobody gets
//! more guesses at others'. An attempt while one has to wait is refused unseen and not counted.

use jiff::{SignedDuration, Timestamp};

/// Failures of one budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Failures that are not forgotten.
    pub failures: u32,
    /// Until when nothing is looked at, UTC; in the past if nobody has to wait.
    pub until: Timestamp,
    /// When the last failure was counted, UTC.
    pub counted_at: Timestamp,
    /// True once an attempt during this wait was noted in the log.
    pub noted: bool,
}

/// How much one may guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Failures without a wait.
    pub free: u32,
    /// The first wait, in seconds; each further failure doubles it.
    pub first: i64,
    /// The longest wait, in seconds.
    pub longest: i64,
    /// So many hours after the last failure all are forgotten.
    pub forgotten_after: i64,
}

/// One account from one address.
pub const PAIR: Budget = Budget { free: 5, first: 30, longest: 3_600, forgotten_after: 24 };
/// All accounts from one address: a hospital behind one address has many people who mistype.
pub const ADDRESS: Budget = Budget { free: 50, first: 5, longest: 600, forgotten_after: 6 };
/// One account from a browser that is known to be its person's.
pub const DEVICE: Budget = Budget { free: 10, first: 30, longest: 900, forgotten_after: 24 };
/// The password or code that is asked of somebody who is in already, before something is changed.
pub const WITHIN: Budget = Budget { free: 5, first: 30, longest: 900, forgotten_after: 24 };

impl Budget {
    /// Counts one more guess.
    ///
    /// # Errors
    /// Until when nothing is looked at.
    pub fn take(&self, before: Option<Tally>, now: Timestamp) -> Result<Tally, Timestamp> {
        let before = before.filter(|tally| !self.is_forgotten(tally, now));
        if let Some(tally) = before
            && now < tally.until
        {
            // A clock that was set back must not make anybody wait longer than the longest wait.
            return Err(tally.until.min(later(now, self.longest)));
        }
        let failures = before.map_or(0, |tally| tally.failures).saturating_add(1);
        Ok(Tally { failures, until: later(now, self.wait(failures)), counted_at: now, noted: false })
    }

    /// True if a tally counts no more.
    pub fn is_forgotten(&self, tally: &Tally, now: Timestamp) -> bool {
        now >= later(tally.counted_at, self.forgotten_after * 3_600)
    }

    /// The wait after so many failures, in seconds.
    fn wait(&self, failures: u32) -> i64 {
        match failures.checked_sub(self.free) {
            None => 0,
            Some(over) => {
                let doubled = self.first.saturating_mul(1_i64.checked_shl(over.min(30)).unwrap_or(i64::MAX));
                doubled.min(self.longest)
            }
        }
    }

    /// No more guesses than this are looked at within 24 hours, whatever the attacker does with their times.
    pub fn at_most_a_day(&self) -> u32 {
        let (mut guesses, mut seconds) = (0_u32, 0_i64);
        while seconds < 24 * 3_600 {
            guesses += 1;
            seconds += self.wait(guesses);
        }
        // What was forgotten within the day can be used once more.
        guesses.saturating_mul(u32::try_from(24 / self.forgotten_after).unwrap_or(1).max(1)) + self.free
    }
}

fn later(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        later("2026-11-27T00:00:00Z".parse().unwrap(), seconds)
    }

    #[test]
    fn waits_grow_and_end() {
        let mut tally = None;
        let mut now = 0;
        let mut waits = Vec::new();
        for _ in 0..16 {
            let taken = PAIR.take(tally, at(now)).unwrap();
            let wait = taken.until.duration_since(at(now)).as_secs();
            waits.push(wait);
            if wait > 0 {
                assert!(PAIR.take(Some(taken), at(now + wait - 1)).is_err());
            }
            now += wait;
            tally = Some(taken);
        }
        assert_eq!(waits, [0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600, 3600]);
        let after_a_day = PAIR.take(tally, at(now + 24 * 3_600)).unwrap();
        assert_eq!(after_a_day.failures, 1);
    }

    #[test]
    fn a_clock_that_is_set_back_keeps_nobody_out_for_long() {
        let taken = (0..40).fold(None, |tally: Option<Tally>, _| {
            let now = tally.map_or(at(0), |tally| tally.until);
            Some(PAIR.take(tally, now).unwrap())
        });
        let until = PAIR.take(taken, at(-1_000_000)).unwrap_err();
        assert!(until <= at(-1_000_000 + PAIR.longest));
    }

    /// The rules of the module's first lines, as a model: which budgets an attempt takes from, and what a success gives back.
    #[derive(Default)]
    struct Door {
        pairs: BTreeMap<u8, Tally>,
        addresses: BTreeMap<u8, Tally>,
        device: Option<Tally>,
    }

    impl Door {
        /// A wrong guess from an address; true if it was looked at.
        fn guess(&mut self, address: u8, now: Timestamp) -> bool {
            let pair = PAIR.take(self.pairs.get(&address).copied(), now);
            let whole = ADDRESS.take(self.addresses.get(&address).copied(), now);
            let (Ok(pair), Ok(whole)) = (pair, whole) else { return false };
            self.pairs.insert(address, pair);
            self.addresses.insert(address, whole);
            true
        }

        /// The owner, from the browser that is known to be theirs.
        fn owner(&mut self, now: Timestamp) -> bool {
            let taken = DEVICE.take(self.device, now);
            if taken.is_ok() {
                self.device = None;
            }
            taken.is_ok()
        }
    }

    proptest! {
        /// Whatever attackers do from however many addresses, the owner's known browser never waits, and guesses are bounded by the
        /// number of addresses.
        #[test]
        fn nobody_locks_the_owner_out_and_guesses_are_bounded(
            steps in proptest::collection::vec((0_u8..6, 0_i64..2_000, any::<bool>()), 1..600)
        ) {
            let mut door = Door::default();
            let mut now = 0;
            let mut looked_at: BTreeMap<u8, Vec<i64>> = BTreeMap::new();
            for (address, pause, owner_comes) in steps {
                now += pause;
                if door.guess(address, at(now)) {
                    looked_at.entry(address).or_default().push(now);
                }
                if owner_comes {
                    prop_assert!(door.owner(at(now)));
                }
            }
            for times in looked_at.values() {
                for first in times {
                    let within = times.iter().filter(|time| (*first..first + 86_400).contains(*time)).count();
                    prop_assert!(within <= PAIR.at_most_a_day() as usize, "{within} guesses in a day");
                }
            }
        }

        /// The greediest attacker: a guess whenever one is looked at.
        #[test]
        fn the_greediest_is_bounded_too(start in 0_i64..100_000) {
            let mut tally = None;
            let mut now = start;
            let mut guesses = 0_u32;
            while now < start + 86_400 {
                let taken = PAIR.take(tally, at(now)).unwrap();
                guesses += 1;
                now = now.max(taken.until.duration_since(at(0)).as_secs());
                tally = Some(taken);
            }
            prop_assert!(guesses <= PAIR.at_most_a_day());
            prop_assert!(PAIR.at_most_a_day() < 60, "six-digit codes and passwords are safe: {}", PAIR.at_most_a_day());
            prop_assert!(ADDRESS.at_most_a_day() < 1_200);
        }
    }
}
