//! A client, a mirror and a folder, with a clock that only goes on when somebody waits.
#![allow(dead_code, clippy::unwrap_used)] // each test file uses some of it

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use shindan_fetch::{Client, FetchError, Fetched, Post, Posted, Request, Settings, Surroundings};
use shindan_mirror::{Mirror, Page};

pub const OLD: &[u8] = b"the old file";
pub const NOW: &str = "2026-11-27T06:00:00Z";

pub struct Play {
    pub mirror: Mirror,
    pub folder: tempfile::TempDir,
    /// Every wait, in order, the steps of one wait added up by the test that wants to know.
    pub waited: Arc<Mutex<Vec<Duration>>>,
    pub cancelled: Arc<AtomicBool>,
    pub progress: Vec<(u64, Option<u64>)>,
    client: Client,
}

/// Quick, and with three attempts.
pub fn settings() -> Settings {
    Settings {
        user_agent: "shindan-test/1 (+https://example.org/)".to_owned(),
        connect_timeout: Duration::from_secs(2),
        idle_timeout: Duration::from_millis(300),
        total_timeout: Duration::from_secs(5),
        largest: 1 << 20,
        attempts: 3,
        pause: Duration::ZERO,
        backoff: Duration::from_secs(2),
        longest_wait: Duration::from_secs(60),
        ..Settings::default()
    }
}

impl Play {
    pub fn new(pages: Vec<Page>) -> Play {
        Play::with(settings(), pages)
    }

    pub fn with(settings: Settings, pages: Vec<Page>) -> Play {
        let waited = Arc::new(Mutex::new(Vec::new()));
        let cancelled = Arc::new(AtomicBool::new(false));
        let passed = Arc::new(AtomicU64::new(0));
        let (for_sleep, for_now, passed_in_sleep) = (Arc::clone(&waited), Arc::clone(&passed), passed);
        let surroundings = Surroundings {
            now: Box::new(move || {
                let start: Timestamp = NOW.parse().unwrap();
                let millis = i64::try_from(for_now.load(Ordering::SeqCst)).unwrap();
                start + SignedDuration::from_millis(millis)
            }),
            sleep: Box::new(move |long| {
                for_sleep.lock().unwrap().push(long);
                passed_in_sleep.fetch_add(u64::try_from(long.as_millis()).unwrap(), Ordering::SeqCst);
            }),
            chance: Box::new(|| 1.0),
        };
        let client = Client::new(settings, surroundings).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), OLD).unwrap();
        Play {
            mirror: Mirror::start(pages).unwrap(),
            folder,
            waited,
            cancelled,
            progress: Vec::new(),
            client,
        }
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("file")
    }

    pub fn part(&self) -> PathBuf {
        self.folder.path().join("file.part")
    }

    pub fn request(&self, path: &str) -> Request {
        Request { url: self.mirror.url(path), ..Request::default() }
    }

    pub fn get(&mut self, request: &Request) -> Result<Fetched, FetchError> {
        let progress = &mut self.progress;
        let file = self.folder.path().join("file");
        self.client.get(request, &file, &mut |done, total| progress.push((done, total)), &self.cancelled)
    }

    pub fn post(&self, post: &Post) -> Result<Posted, FetchError> {
        self.client.post(post, &self.cancelled)
    }

    /// Fetches while something happens.
    pub fn get_while(
        &self,
        request: &Request,
        happens: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<Fetched, FetchError> {
        self.client.get(request, &self.file(), happens, &self.cancelled)
    }

    /// Fetches what must not succeed, and checks that the old file stands and nothing lies about.
    pub fn refused(&mut self, request: &Request) -> FetchError {
        let error = self.get(request).unwrap_err();
        self.old_file_stands();
        assert_eq!(self.names(), ["file"], "{error}");
        error
    }

    pub fn old_file_stands(&self) {
        assert_eq!(std::fs::read(self.file()).unwrap(), OLD);
    }

    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    pub fn waited(&self) -> Duration {
        self.waited.lock().unwrap().iter().sum()
    }

    pub fn asked(&self, path: &str) -> usize {
        self.mirror.seen(path).len()
    }
}
