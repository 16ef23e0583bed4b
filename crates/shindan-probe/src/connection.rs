//! The one module that connects. Every connection passes [`Session::connect`], which asks the permit about the very address
//! that it connects to.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Write};
use std::net::{IpAddr, Shutdown, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use crate::clock::{Clock, Limits};
use crate::permit::Permit;
use crate::target::Target;

/// So often is looked whether somebody wants to stop.
pub(crate) const TICK: Duration = Duration::from_millis(50);

/// Why something could not be carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    Cancelled,
    TimedOut,
    Refused,
    NotPermitted,
    NotResolved,
    BrokenOff,
    NotHttp,
    NotTls,
    NoCommonTls,
    TooLarge,
    CertificateUnreadable,
}

impl Trouble {
    /// The word for it in diagnostics.
    pub(crate) fn reason(&self) -> &'static str {
        match self {
            Trouble::Cancelled => "cancelled",
            Trouble::TimedOut => "timed out",
            Trouble::Refused => "connection refused",
            Trouble::NotPermitted => "not permitted",
            Trouble::NotResolved => "name not resolved",
            Trouble::BrokenOff => "connection broken off",
            Trouble::NotHttp => "answer is not HTTP",
            Trouble::NotTls => "answer is not TLS",
            Trouble::NoCommonTls => "no TLS version or cipher in common",
            Trouble::TooLarge => "answer is too large",
            Trouble::CertificateUnreadable => "certificate unreadable",
        }
    }
}

/// One run: what is permitted, what is left of the limits, and what was touched.
pub(crate) struct Session<'a> {
    permit: &'a Permit,
    subject: &'a Target,
    limits: Limits,
    pub(crate) clock: Clock,
    cancel: &'a AtomicBool,
    ends: Instant,
    next: Option<Instant>,
    resolved: BTreeMap<(String, u16), Result<Vec<SocketAddr>, Trouble>>,
    pub(crate) touched: BTreeSet<String>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl<'a> Session<'a> {
    pub(crate) fn new(
        (subject, permit): (&'a Target, &'a Permit),
        limits: &Limits,
        clock: Clock,
        cancel: &'a AtomicBool,
    ) -> Self {
        let begun = clock.instant();
        Session {
            permit,
            subject,
            limits: *limits,
            clock,
            cancel,
            ends: later(begun, limits.total),
            next: None,
            resolved: BTreeMap::new(),
            touched: BTreeSet::new(),
            diagnostics: Vec::new(),
        }
    }

    /// True if this web address may be asked for; its addresses are judged when it is connected to.
    pub(crate) fn permits(&self, target: &Target) -> bool {
        self.permit.permits_url(self.subject, target)
    }

    /// As [`Permit::plain_beside`].
    pub(crate) fn plain_beside(&self, target: &Target) -> Option<Target> {
        self.permit.plain_beside(target)
    }

    /// Most bytes of one answer.
    pub(crate) fn bytes(&self) -> usize {
        self.limits.bytes
    }

    /// Connects to a permitted address of the target. Everything until the connection is dropped is one exchange and must end
    /// within its time.
    pub(crate) fn connect(&mut self, target: &Target) -> Result<Guarded<'a>, Trouble> {
        if !self.permits(target) {
            return Err(Trouble::NotPermitted);
        }
        self.keep_to_the_rate()?;
        let now = self.clock.instant();
        let deadline = later(now, self.limits.timeout).min(self.ends);
        let addresses = self.addresses_of(target, deadline)?;
        self.touched.insert(target.host.clone());
        let mut trouble = Trouble::NotPermitted;
        for address in addresses {
            match self.connect_to(address, deadline) {
                Ok(stream) => {
                    self.touched.insert(address.ip().to_canonical().to_string());
                    return Ok(Guarded { stream, clock: self.clock, deadline, cancel: self.cancel });
                }
                Err(Trouble::Cancelled) => return Err(Trouble::Cancelled),
                Err(other) => trouble = other,
            }
        }
        Err(trouble)
    }

    fn connect_to(&self, address: SocketAddr, deadline: Instant) -> Result<TcpStream, Trouble> {
        if !self.permit.permits_address(address.ip()) {
            return Err(Trouble::NotPermitted);
        }
        let left = deadline.saturating_duration_since(self.clock.instant()).max(TICK);
        // On a thread of its own: connecting cannot be broken off, and nobody must wait for it after cancelling.
        let answer = self.wait_for(deadline, move || TcpStream::connect_timeout(&address, left))?;
        answer.map_err(|error| match error.kind() {
            io::ErrorKind::ConnectionRefused => Trouble::Refused,
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Trouble::TimedOut,
            _ => Trouble::BrokenOff,
        })
    }

    /// The permitted addresses of the target's host. A name is resolved once in a run.
    fn addresses_of(&mut self, target: &Target, deadline: Instant) -> Result<Vec<SocketAddr>, Trouble> {
        let key = (target.host.clone(), target.port);
        if let Some(known) = self.resolved.get(&key) {
            return known.clone();
        }
        let asked = key.clone();
        let found = self.wait_for(deadline, move || match asked.0.parse::<IpAddr>() {
            Ok(address) => Ok(vec![SocketAddr::new(address, asked.1)]),
            Err(_) => (asked.0.as_str(), asked.1).to_socket_addrs().map(Iterator::collect),
        })?;
        let found: Result<Vec<SocketAddr>, Trouble> = found.map_err(|_: io::Error| Trouble::NotResolved);
        let permitted = found.and_then(|found| {
            let (permitted, others): (Vec<_>, Vec<_>) =
                found.into_iter().partition(|address| self.permit.permits_address(address.ip()));
            for address in others {
                let diagnostic =
                    Diagnostic::new(Code::ScanAddressNotPermitted, Place::file(target.to_string()));
                self.diagnostics.push(diagnostic.with("host", &target.host).with("address", address.ip()));
            }
            if permitted.is_empty() { Err(Trouble::NotPermitted) } else { Ok(permitted) }
        });
        self.resolved.insert(key, permitted.clone());
        permitted
    }

    fn wait_for<T: Send + 'static>(
        &self,
        deadline: Instant,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Trouble> {
        wait_for(self.clock, self.cancel, deadline, work)
    }

    fn may_go_on(&self, deadline: Instant) -> Result<(), Trouble> {
        may_go_on(self.clock, self.cancel, deadline)
    }

    fn keep_to_the_rate(&mut self) -> Result<(), Trouble> {
        self.may_go_on(self.ends)?;
        while let Some(wait) = self.next.and_then(|next| next.checked_duration_since(self.clock.instant())) {
            if wait.is_zero() {
                break;
            }
            std::thread::sleep(wait.min(TICK));
            self.may_go_on(self.ends)?;
        }
        let pause = Duration::from_secs(1) / self.limits.per_second.max(1);
        self.next = Some(later(self.clock.instant(), pause));
        Ok(())
    }
}

fn may_go_on(clock: Clock, cancel: &AtomicBool, deadline: Instant) -> Result<(), Trouble> {
    if cancel.load(Ordering::Relaxed) {
        return Err(Trouble::Cancelled);
    }
    if clock.instant() >= deadline { Err(Trouble::TimedOut) } else { Ok(()) }
}

/// Runs what cannot be broken off on a thread of its own, and waits for it no longer than permitted.
fn wait_for<T: Send + 'static>(
    clock: Clock,
    cancel: &AtomicBool,
    deadline: Instant,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Trouble> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        // Nobody may be waiting any longer; then the answer is of no use.
        drop(sender.send(work()));
    });
    loop {
        match receiver.recv_timeout(TICK) {
            Ok(answer) => return Ok(answer),
            Err(RecvTimeoutError::Disconnected) => return Err(Trouble::BrokenOff),
            Err(RecvTimeoutError::Timeout) => may_go_on(clock, cancel, deadline)?,
        }
    }
}

/// So long a name may take to be resolved before a scanner is started.
const RESOLVING: Duration = Duration::from_secs(20);

/// The addresses of a host, for a scanner that connects by itself.
pub(crate) fn resolve(host: &str, clock: Clock, cancel: &AtomicBool) -> Result<Vec<IpAddr>, Trouble> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![address]);
    }
    let asked = host.to_owned();
    let deadline = later(clock.instant(), RESOLVING);
    let found = wait_for(clock, cancel, deadline, move || (asked.as_str(), 0_u16).to_socket_addrs())?;
    let addresses: Vec<IpAddr> = found.map_err(|_| Trouble::NotResolved)?.map(|found| found.ip()).collect();
    if addresses.is_empty() { Err(Trouble::NotResolved) } else { Ok(addresses) }
}

/// Looks several host names up side by side, within 20 seconds for all of them, when the first of them is asked for.
#[derive(Debug)]
pub struct LookUps {
    names: BTreeSet<String>,
    clock: Clock,
    found: OnceCell<Answers>,
}

/// What is known of each name, and when the time is over.
#[derive(Debug)]
struct Answers {
    known: BTreeMap<String, BTreeSet<IpAddr>>,
    deadline: Instant,
}

impl LookUps {
    /// For these names. Nothing is asked yet.
    pub fn new(names: BTreeSet<String>, clock: Clock) -> Self {
        LookUps { names, clock, found: OnceCell::new() }
    }

    /// The addresses of a host name, as this computer looks names up. `None`: where the name leads is not known here; no answer and a
    /// wrong name are the same to who decides about targets. Another name than those is looked up in what is left of the time.
    /// Nothing is connected to.
    pub fn get(&self, host: &str) -> Option<BTreeSet<IpAddr>> {
        let answers = self.found.get_or_init(|| {
            let deadline = later(self.clock.instant(), RESOLVING);
            let names = self.names.iter().cloned().chain([host.to_owned()]).collect();
            Answers { known: side_by_side(names, self.clock, deadline), deadline }
        });
        if self.names.contains(host) || answers.known.contains_key(host) {
            return answers.known.get(host).cloned();
        }
        side_by_side(BTreeSet::from([host.to_owned()]), self.clock, answers.deadline).remove(host)
    }
}

/// Most names that are asked for at the same time.
const SIDE_BY_SIDE: usize = 16;

/// The addresses of those names that are known here.
fn side_by_side(
    names: BTreeSet<String>,
    clock: Clock,
    deadline: Instant,
) -> BTreeMap<String, BTreeSet<IpAddr>> {
    let (sender, receiver) = mpsc::channel();
    let wanted = names.len();
    let queue = Arc::new(Mutex::new(names));
    for _ in 0..wanted.min(SIDE_BY_SIDE) {
        let (sender, queue) = (sender.clone(), Arc::clone(&queue));
        std::thread::spawn(move || {
            // A thread that panicked with the queue took a name with it; the others go on.
            while let Some(name) = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_first() {
                let found = match name.parse::<IpAddr>() {
                    Ok(address) => Ok(BTreeSet::from([address])),
                    Err(_) => (name.as_str(), 0_u16)
                        .to_socket_addrs()
                        .map(|found| found.map(|found| found.ip()).collect::<BTreeSet<_>>()),
                };
                if sender.send((name, found)).is_err() {
                    // Nobody waits any longer.
                    return;
                }
            }
        });
    }
    drop(sender);
    let mut known = BTreeMap::new();
    loop {
        let left = deadline.saturating_duration_since(clock.instant());
        match receiver.recv_timeout(left) {
            // No answer and a wrong name are the same to who decides about targets: where it leads is not known.
            Ok((name, found)) => {
                known.extend(found.ok().filter(|found| !found.is_empty()).map(|at| (name, at)))
            }
            Err(RecvTimeoutError::Disconnected | RecvTimeoutError::Timeout) => return known,
        }
    }
}

fn later(from: Instant, by: Duration) -> Instant {
    // A duration beyond what a clock can tell means: a day.
    from.checked_add(by).unwrap_or_else(|| from + Duration::from_secs(86_400))
}

/// A connection that ends at its deadline, and soon after somebody wants to stop.
pub(crate) struct Guarded<'a> {
    stream: TcpStream,
    clock: Clock,
    deadline: Instant,
    cancel: &'a AtomicBool,
}

impl Guarded<'_> {
    /// What an error of reading or writing means.
    pub(crate) fn trouble(&self, error: &io::Error) -> Trouble {
        if self.cancel.load(Ordering::Relaxed) {
            Trouble::Cancelled
        } else if error.kind() == io::ErrorKind::TimedOut {
            Trouble::TimedOut
        } else {
            Trouble::BrokenOff
        }
    }

    fn turn(&self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(self.clock.instant());
        if self.cancel.load(Ordering::Relaxed) || left.is_zero() {
            return Err(io::Error::from(io::ErrorKind::TimedOut));
        }
        Ok(left.min(TICK))
    }
}

fn not_yet(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::Interrupted)
}

impl Read for Guarded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            self.stream.set_read_timeout(Some(self.turn()?))?;
            match self.stream.read(buffer) {
                Err(error) if not_yet(&error) => {}
                other => return other,
            }
        }
    }
}

impl Write for Guarded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            self.stream.set_write_timeout(Some(self.turn()?))?;
            match self.stream.write(bytes) {
                Err(error) if not_yet(&error) => {}
                other => return other,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl Drop for Guarded<'_> {
    fn drop(&mut self) {
        // The other side may have closed already; then there is nothing to close.
        drop(self.stream.shutdown(Shutdown::Both));
    }
}
