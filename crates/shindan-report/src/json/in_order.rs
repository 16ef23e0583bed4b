//! Bytes that several workers make beside each other, written in the order of their numbers.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use serde::ser::Error as _;
use serde_json::Error;

use super::raw;

/// Calls what it is given on as many threads as pay, and returns when each call has returned. The calls share one piece of work: who
/// comes first takes what is next of it, so that a single call does it, too.
pub type Workers<'w> = dyn Fn(&(dyn Fn() + Sync)) + 'w;

/// One worker: the caller.
pub fn alone(work: &(dyn Fn() + Sync)) {
    work();
}

/// What was made, up to the first gap written and behind it kept.
#[derive(Debug)]
pub(super) struct InOrder<W> {
    state: Mutex<State<W>>,
}

#[derive(Debug)]
struct State<W> {
    out: W,
    next: usize,
    waiting: BTreeMap<usize, Vec<u8>>,
    failed: Option<Error>,
    /// Nothing is held back that could be read already.
    promptly: bool,
}

impl<W: Write> InOrder<W> {
    /// Writes to `out`; `promptly`, if somebody reads what is there while the rest is still being made.
    pub(super) fn new(out: W, promptly: bool) -> Self {
        let state = State { out, next: 0, waiting: BTreeMap::new(), failed: None, promptly };
        InOrder { state: Mutex::new(state) }
    }

    /// True once something failed: nothing more has to be made.
    pub(super) fn has_failed(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).failed.is_some()
    }

    /// Takes the bytes with this number, counted from 0, once each, and answers an empty buffer for the next ones; `None` once something failed:
    /// then nothing more is wanted.
    pub(super) fn put(&self, number: usize, made: Result<Vec<u8>, Error>) -> Option<Vec<u8>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.failed.is_some() {
            return None;
        }
        match made.and_then(|bytes| state.add(number, bytes)) {
            Ok(spare) => Some(spare),
            Err(error) => {
                state.failed = Some(error);
                None
            }
        }
    }

    /// Where it was written to, once everything was put.
    ///
    /// # Errors
    /// The first one of making or writing; a gap in what was put.
    pub(super) fn end(self) -> Result<W, Error> {
        let State { out, next, waiting, failed, .. } =
            self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        match failed {
            Some(error) => Err(error),
            None if waiting.is_empty() => Ok(out),
            None => Err(Error::custom(format!("part {next} is missing"))),
        }
    }
}

impl<W: Write> State<W> {
    fn add(&mut self, number: usize, bytes: Vec<u8>) -> Result<Vec<u8>, Error> {
        self.waiting.insert(number, bytes);
        let mut spare = Vec::new();
        while let Some(bytes) = self.waiting.remove(&self.next) {
            raw(&mut self.out, &bytes)?;
            self.next += 1;
            spare = bytes;
        }
        if self.promptly {
            self.out.flush().map_err(Error::io)?;
        }
        spare.clear();
        Ok(spare)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_early_waits_for_what_is_in_front_of_it() {
        let all = InOrder::new(Vec::new(), true);
        for (number, text) in [(2, "c"), (0, "a"), (1, "b"), (3, "d")] {
            assert_eq!(all.put(number, Ok(text.into())), Some(Vec::new()));
        }
        assert_eq!(all.end().unwrap(), b"abcd");
    }

    #[test]
    fn the_first_failure_is_told_and_nothing_is_written_behind_it() {
        let mut written = Vec::new();
        let all = InOrder::new(&mut written, false);
        assert!(all.put(0, Ok(b"a".to_vec())).is_some() && !all.has_failed());
        let failure = |kind: std::io::ErrorKind| Err(Error::io(kind.into()));
        assert!(all.put(1, failure(std::io::ErrorKind::StorageFull)).is_none() && all.has_failed());
        assert!(all.put(2, Ok(b"c".to_vec())).is_none());
        assert!(all.put(1, failure(std::io::ErrorKind::BrokenPipe)).is_none());
        assert_eq!(all.end().unwrap_err().io_error_kind(), Some(std::io::ErrorKind::StorageFull));
        assert_eq!(written, b"a");
    }

    #[test]
    fn what_is_missing_is_no_end() {
        let all = InOrder::new(Vec::new(), false);
        assert!(all.put(0, Ok(b"a".to_vec())).is_some());
        assert!(all.put(2, Ok(b"c".to_vec())).is_some());
        assert!(all.end().unwrap_err().to_string().contains("part 1"));
    }
}
