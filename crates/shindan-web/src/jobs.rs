//! Long work that a page begins and that goes on while nobody looks: looking at sources, taking a bundle in.
//!
//! What it did stands in the ledger. What is kept here is only how far it is, for the person who began it, until the program ends.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use shindan_app::progress::{Progress, Stage};
use shindan_app::records::Entered;
use shindan_domain::ledger::Hash;
use shindan_domain::record_id::PersonId;
use shindan_server::command::Session;
use shindan_server::desk::Desk;
use shindan_server::problem::Problem;

/// So many works are remembered; the oldest that ended go first.
const REMEMBERED: usize = 64;

/// Works of this program, by the name in their address.
#[derive(Debug, Clone, Default)]
pub(crate) struct Jobs(Arc<Mutex<BTreeMap<String, Arc<Job>>>>);

/// A work.
#[derive(Debug)]
pub(crate) struct Job {
    /// Who began it; only they see it.
    pub person: PersonId,
    /// The key of its name.
    pub title: &'static str,
    /// The page that it was begun on.
    pub back: &'static str,
    pub begun: Timestamp,
    state: Mutex<State>,
}

/// How far it is.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub stage: Option<Stage>,
    pub done: u64,
    pub total: Option<u64>,
    /// What is being fetched: of which source, bytes so far, and of how many.
    pub fetching: Option<(String, u64, Option<u64>)>,
    pub end: Option<Result<Ended, Problem>>,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ended {
    pub lines: Vec<Line>,
    /// A file that was made: what it is called where it is saved, and where it is.
    pub file: Option<(String, PathBuf)>,
}

/// A line of what came of it.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub what: String,
    pub tone: &'static str,
    pub text: String,
    pub address: Option<String>,
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    // A thread that panicked while it wrote a number left a number.
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Job {
    /// How far it is now.
    pub(crate) fn state(&self) -> State {
        held(&self.state).clone()
    }
}

impl Progress for Job {
    fn stage(&self, stage: Stage, total: Option<u64>) {
        let mut state = held(&self.state);
        (state.stage, state.total, state.done, state.fetching) = (Some(stage), total, 0, None);
    }

    fn advance(&self, steps: u64) {
        let mut state = held(&self.state);
        state.done = state.done.saturating_add(steps);
        state.fetching = None;
    }

    fn fetching(&self, source: &str, bytes: u64, total: Option<u64>) {
        held(&self.state).fetching = Some((source.to_owned(), bytes, total));
    }
}

impl Jobs {
    /// The work of this name that this person began.
    pub(crate) fn find(&self, name: &str, person: PersonId) -> Option<Arc<Job>> {
        held(&self.0).get(name).filter(|job| job.person == person).cloned()
    }

    /// Begins a work as this person, now, and answers where it can be looked at. The page need not wait.
    pub(crate) fn begin(
        &self,
        desk: &Desk,
        (who, begun): (Entered, Timestamp),
        (title, back): (&'static str, &'static str),
        work: impl FnOnce(&mut Session<'_>, &dyn Progress) -> Result<Ended, Problem> + Send + 'static,
    ) -> String {
        let job = Arc::new(Job { person: who.person(), title, back, begun, state: Mutex::default() });
        let name = self.remember(&job);
        let progress = Arc::clone(&job);
        desk.begin(
            who,
            move |session| work(session, progress.as_ref()),
            move |done| held(&job.state).end = Some(done),
        );
        format!("/work/{name}")
    }

    fn remember(&self, job: &Arc<Job>) -> String {
        let mut all = held(&self.0);
        while all.len() >= REMEMBERED {
            let ended = all.iter().filter(|(_, job)| held(&job.state).end.is_some());
            let Some(oldest) = ended.min_by_key(|(_, job)| job.begun).map(|(name, _)| name.clone()) else {
                break;
            };
            all.remove(&oldest);
        }
        let seed = format!("{} {} {}", job.begun.as_nanosecond(), job.person, all.len());
        let name: String = Hash::of(seed.as_bytes()).to_string().chars().take(20).collect();
        all.insert(name.clone(), Arc::clone(job));
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(person: u128, begun: i64) -> Arc<Job> {
        Arc::new(Job {
            person: PersonId(uuid::Uuid::from_u128(person)),
            title: "web-src-look",
            back: "/sources",
            begun: Timestamp::from_second(begun).unwrap(),
            state: Mutex::default(),
        })
    }

    #[test]
    fn only_who_began_a_work_sees_it_and_only_ended_ones_are_forgotten() {
        let jobs = Jobs::default();
        let first = job(1, 1);
        let name = jobs.remember(&first);
        assert!(jobs.find(&name, first.person).is_some());
        assert!(jobs.find(&name, PersonId(uuid::Uuid::from_u128(2))).is_none());
        let second = job(1, 2);
        let ended = jobs.remember(&second);
        held(&second.state).end = Some(Ok(Ended::default()));
        for more in 3..80 {
            jobs.remember(&job(1, more));
        }
        assert!(jobs.find(&name, first.person).is_some(), "it is under way");
        assert!(jobs.find(&ended, first.person).is_none());
    }

    #[test]
    fn a_stage_begins_at_nothing() {
        let job = job(1, 1);
        job.stage(Stage::Reading, Some(3));
        job.advance(2);
        job.fetching("jvn", 10, None);
        assert_eq!((job.state().done, job.state().total), (2, Some(3)));
        assert_eq!(job.state().fetching, Some(("jvn".to_owned(), 10, None)));
        job.stage(Stage::Indexing, None);
        assert_eq!((job.state().done, job.state().total, job.state().fetching), (0, None, None));
    }
}
