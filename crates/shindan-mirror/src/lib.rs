//! Plays a source of vulnerability information on loopback: pages with validators and ranges, and faults on purpose.
//!
//! For tests only. A real source cannot be asked to cut a download, to send a web page instead of data or to send everyone
//! away for a minute; this one does it on request, and remembers what it was asked ([`Seen`]). The same goes for a server that
//! takes mail ([`Mailbox`]).
//!
//! Invariants, stated as absences: nothing that ships depends on it. It listens on 127.0.0.1 alone, on a port that the
//! operating system chooses, never longer than its [`Mirror`] lives. It reads no clock: the `Date` it sends is given. It never
//! makes up a page: what it was not given is answered with 404. No mail leaves it.

mod answer;
mod fault;
mod mailbox;
mod page;
mod request;

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

pub use fault::Fault;
pub use mailbox::{At, Letter, MailFault, Mailbox};
pub use page::Page;
pub use request::Seen;

/// How long the listener rests when nobody asks.
const REST: Duration = Duration::from_millis(2);

/// How long a client may take to say what it wants, and to take what it is sent.
const PATIENCE: Duration = Duration::from_secs(10);

/// A source on loopback. It stops when it is dropped.
#[derive(Debug)]
pub struct Mirror {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
    stop: Arc<AtomicBool>,
    listening: Option<JoinHandle<()>>,
}

/// What is served, what goes wrong, and what was asked.
#[derive(Debug, Default)]
struct Script {
    pages: BTreeMap<String, Page>,
    always: BTreeMap<String, Fault>,
    once: BTreeMap<(String, usize), Fault>,
    date: Option<String>,
    seen: Vec<Seen>,
}

impl Script {
    /// The page that was asked for: of several that fit, the one with the longest query.
    fn page(&self, seen: &Seen) -> Option<&Page> {
        let fitting = self.pages.values().filter(|page| seen.fits(&page.path));
        fitting.max_by_key(|page| page.path.matches(['?', '&']).count())
    }

    /// What goes wrong with the request that came last.
    fn fault(&self, seen: &Seen) -> Option<Fault> {
        let once = self.once.iter().find(|((path, nth), _)| {
            seen.fits(path) && self.seen.iter().filter(|other| other.fits(path)).count() == *nth
        });
        let always = || self.always.iter().find(|(path, _)| seen.fits(path)).map(|(_, fault)| fault);
        once.map(|(_, fault)| fault).or_else(always).cloned()
    }
}

impl Mirror {
    /// Begins to serve `pages` on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn start(pages: Vec<Page>) -> io::Result<Mirror> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        listener.set_nonblocking(true)?;
        let pages = pages.into_iter().map(|page| (page.path.clone(), page)).collect();
        let script = Arc::new(Mutex::new(Script { pages, ..Script::default() }));
        let stop = Arc::new(AtomicBool::new(false));
        let (for_listener, told_to_stop) = (Arc::clone(&script), Arc::clone(&stop));
        let listening = std::thread::spawn(move || listen(&listener, &for_listener, &told_to_stop));
        Ok(Mirror { address, script, stop, listening: Some(listening) })
    }

    /// The address of a path, such as `http://127.0.0.1:40123/feed.rdf`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Serves this page from now on, in place of the one at the same path.
    pub fn put(&self, page: Page) {
        self.script().pages.insert(page.path.clone(), page);
    }

    /// Lets the `nth` request (from 1) to `path` go wrong. A path with a query means the requests that hold all of its fields.
    pub fn fault(&self, path: &str, nth: usize, fault: Fault) {
        self.script().once.insert((path.to_owned(), nth), fault);
    }

    /// Lets every request to `path` go wrong for which no other fault is planned.
    pub fn always(&self, path: &str, fault: Fault) {
        self.script().always.insert(path.to_owned(), fault);
    }

    /// The `Date` of every answer from now on, as it is sent: `Fri, 27 Nov 2026 06:00:00 GMT`. Without it, none is sent.
    pub fn date(&self, date: &str) {
        self.script().date = Some(date.to_owned());
    }

    /// What was asked of `path` so far (without its query), in order.
    #[must_use]
    pub fn seen(&self, path: &str) -> Vec<Seen> {
        self.script().seen.iter().filter(|seen| seen.path() == path).cloned().collect()
    }

    /// Everything that was asked so far, in order.
    #[must_use]
    pub fn all_seen(&self) -> Vec<Seen> {
        self.script().seen.clone()
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        lock(&self.script)
    }
}

impl Drop for Mirror {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(listening) = self.listening.take()
            && listening.join().is_err()
        {
            eprintln!("shindan-mirror: the listener ended badly");
        }
    }
}

/// A panic in a test must not hide what the mirror saw.
fn lock(script: &Mutex<Script>) -> MutexGuard<'_, Script> {
    script.lock().unwrap_or_else(PoisonError::into_inner)
}

fn listen(listener: &TcpListener, script: &Arc<Mutex<Script>>, stop: &Arc<AtomicBool>) {
    while !stop.load(Ordering::SeqCst) {
        match listener.accept() {
            Ok((stream, _)) => {
                let (script, stop) = (Arc::clone(script), Arc::clone(stop));
                std::thread::spawn(move || {
                    // A client that hangs up early is part of the play: it is what a cancelled download looks like.
                    if let Err(error) = serve(&stream, &script, &stop)
                        && std::env::var_os("SHINDAN_MIRROR_LOG").is_some()
                    {
                        eprintln!("shindan-mirror: {error}");
                    }
                });
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => std::thread::sleep(REST),
            Err(error) => {
                eprintln!("shindan-mirror: {error}");
                return;
            }
        }
    }
}

fn serve(stream: &TcpStream, script: &Mutex<Script>, stop: &AtomicBool) -> io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let seen = request::read(stream)?;
    let (page, fault, date) = {
        let mut script = lock(script);
        script.seen.push(seen.clone());
        let page = script.page(&seen).cloned();
        let fault = script.fault(&seen);
        if let (Some(Fault::Grow(more)), Some(page)) = (&fault, &page)
            && let Some(page) = script.pages.get_mut(&page.path)
        {
            page.grow(more);
        }
        (page, fault, script.date.clone())
    };
    answer::send(stream, &seen, page.as_ref(), fault.as_ref(), date.as_deref(), stop)
}
