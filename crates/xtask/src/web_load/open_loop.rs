//! Many people at once, in an open loop: requests come when they come, whether or not the ones before were answered. A request that has
//! to wait for a free client waits on the clock of its intended time, so that a slow server cannot hide how slow it is.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::client::Client;
use crate::Failure;

/// One request.
#[derive(Debug, Clone)]
pub enum Request {
    /// A page: its kind, its address.
    Look(&'static str, String),
    /// A form: its kind, where it goes, its fields.
    Write(&'static str, String, Vec<(String, String)>),
}

/// What came of one.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// Its kind.
    pub what: &'static str,
    /// From its intended time to the last byte of its answer.
    pub latency: Duration,
    /// Whether it was answered as it should be.
    pub answered: bool,
}

impl Request {
    fn send(&self, client: &mut Client) -> (&'static str, Result<bool, Failure>) {
        match self {
            Request::Look(what, address) => (what, client.get(address).map(|answer| answer.status == 200)),
            Request::Write(what, address, fields) => {
                let fields: Vec<(&str, &str)> =
                    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                (what, client.post(address, &fields).map(|answer| answer.status == 303))
            }
        }
    }
}

/// Sends the requests at their times, counted from now, by so many clients.
///
/// # Errors
/// When a client cannot connect at all.
#[allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
pub fn run(
    person: &Client,
    clients: usize,
    requests: &[(Duration, Request)],
) -> Result<Vec<Outcome>, Failure> {
    let mut all = Vec::with_capacity(clients);
    for _ in 0..clients {
        let mut client = person.another();
        client.get("/login")?;
        all.push(client);
    }
    let next = AtomicUsize::new(0);
    let outcomes = Mutex::new(Vec::with_capacity(requests.len()));
    let began = Instant::now();
    std::thread::scope(|scope| {
        for mut client in all {
            let (next, outcomes) = (&next, &outcomes);
            scope.spawn(move || {
                while let Some((after, request)) = requests.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let intended = began + *after;
                    std::thread::sleep(intended.saturating_duration_since(Instant::now()));
                    let (what, answered) = request.send(&mut client);
                    let latency = intended.elapsed();
                    if let Err(failure) = &answered {
                        eprintln!("  {what}: {failure}");
                    }
                    let outcome = Outcome { what, latency, answered: answered.unwrap_or(false) };
                    outcomes.lock().unwrap_or_else(PoisonError::into_inner).push(outcome);
                }
            });
        }
    });
    Ok(outcomes.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Times at which so many requests a second come, as those of people who do not know of each other: intervals are exponential.
pub fn arrivals(rate: f64, count: usize, seed: u64) -> Vec<Duration> {
    let mut state = seed;
    let mut at = 0.0;
    let mut next = || {
        let uniform = (splitmix(&mut state) >> 11) as f64 / (1_u64 << 53) as f64;
        at -= (1.0 - uniform).ln() / rate;
        Duration::from_secs_f64(at)
    };
    (0..count).map(|_| next()).collect()
}

/// The next number of SplitMix64.
pub fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// The latency that so many of a thousand do not exceed (nearest rank). `sorted`: in rising order, not empty.
pub fn per_mille(sorted: &[Duration], share: usize) -> Duration {
    let rank = (sorted.len() * share).div_ceil(1000).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_come_at_the_rate_and_not_evenly() {
        let times = arrivals(50.0, 3_000, 1);
        let last = times.last().unwrap().as_secs_f64();
        assert!((54.0..66.0).contains(&last), "{last}");
        assert!(times.windows(2).all(|two| two[0] <= two[1]));
        let together = times.windows(2).filter(|two| two[1] - two[0] < Duration::from_millis(2)).count();
        assert!(together > 200, "{together} come within two milliseconds of each other");
        assert_eq!(times, arrivals(50.0, 3_000, 1), "the same on every machine");
    }

    #[test]
    fn shares_are_of_the_nearest_rank() {
        let times: Vec<Duration> = (1..=200).map(Duration::from_millis).collect();
        assert_eq!(per_mille(&times, 500), Duration::from_millis(100));
        assert_eq!(per_mille(&times, 990), Duration::from_millis(198));
        assert_eq!(per_mille(&times, 1000), Duration::from_millis(200));
        assert_eq!(per_mille(&times[..1], 990), Duration::from_millis(1));
    }
}
