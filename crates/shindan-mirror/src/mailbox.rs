//! A server that takes mail on loopback (RFC 5321), and what can go wrong with it.

use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::{PATIENCE, REST};

/// The longest line that is read, and the longest letter.
const LONGEST: u64 = 1 << 20;

/// A letter that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Who it is from, as the envelope says.
    pub from: String,
    /// Who it is for, as the envelope says.
    pub to: Vec<String>,
    /// Head and body as they came, with the doubled dots made single again.
    pub data: String,
    /// What was sent with `AUTH`, as it came.
    pub login: Option<String>,
}

/// When something goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// At the greeting.
    Greeting,
    /// At `EHLO`.
    Hello,
    /// At `AUTH`.
    Login,
    /// At `MAIL FROM`.
    From,
    /// At `RCPT TO`.
    To,
    /// At `DATA`.
    Data,
    /// After the letter.
    End,
}

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailFault {
    /// This code instead of the usual one.
    Code(At, u16),
    /// The connection is closed instead of an answer.
    Cut(At),
    /// The answer comes so much later.
    Slow(At, Duration),
    /// Something that is no mail server.
    Garbage,
}

/// A server that takes mail. It stops when it is dropped.
#[derive(Debug)]
pub struct Mailbox {
    address: SocketAddr,
    kept: Arc<Mutex<Kept>>,
    stop: Arc<AtomicBool>,
    listening: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Kept {
    letters: Vec<Letter>,
    fault: Option<MailFault>,
    asks_login: bool,
    callers: usize,
}

impl Mailbox {
    /// Begins to take mail on a free port of 127.0.0.1, without TLS.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn start() -> io::Result<Mailbox> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        listener.set_nonblocking(true)?;
        let (kept, stop) = (Arc::new(Mutex::new(Kept::default())), Arc::new(AtomicBool::new(false)));
        let (for_listener, told_to_stop) = (Arc::clone(&kept), Arc::clone(&stop));
        let listening = std::thread::spawn(move || listen(&listener, &for_listener, &told_to_stop));
        Ok(Mailbox { address, kept, stop, listening: Some(listening) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Everything goes wrong in this way from now on; `None`: nothing does any more.
    pub fn fault(&self, fault: Option<MailFault>) {
        lock(&self.kept).fault = fault;
    }

    /// Offers to log in from now on (`AUTH PLAIN`), and takes any login.
    pub fn ask_login(&self) {
        lock(&self.kept).asks_login = true;
    }

    /// What was taken so far.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        lock(&self.kept).letters.clone()
    }

    /// How often somebody called.
    #[must_use]
    pub fn callers(&self) -> usize {
        lock(&self.kept).callers
    }

    /// Takes mail from a stream that a test made itself: one over TLS.
    ///
    /// # Errors
    /// When the caller hangs up.
    pub fn take_from(&self, stream: impl Read + Write) -> io::Result<()> {
        talk(stream, &self.kept)
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        if let Some(listening) = self.listening.take()
            && listening.join().is_err()
        {
            eprintln!("shindan-mirror: the mailbox ended badly");
        }
    }
}

fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

fn listen(listener: &TcpListener, kept: &Arc<Mutex<Kept>>, stop: &AtomicBool) {
    while !stop.load(Ordering::SeqCst) {
        match listener.accept() {
            Ok((stream, _)) => {
                let kept = Arc::clone(kept);
                std::thread::spawn(move || {
                    if let Err(error) = ready(&stream).and_then(|()| talk(&stream, &kept))
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

fn ready(stream: &TcpStream) -> io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))
}

/// One caller, from greeting to farewell.
fn talk(stream: impl Read + Write, kept: &Mutex<Kept>) -> io::Result<()> {
    let (fault, asks_login) = {
        let mut kept = lock(kept);
        kept.callers += 1;
        (kept.fault.clone(), kept.asks_login)
    };
    let mut caller = Caller { stream: BufReader::new(stream), fault };
    if caller.fault == Some(MailFault::Garbage) {
        return caller.stream.get_mut().write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    }
    let mut letter = None;
    caller.answer(At::Greeting, 220, "played ESMTP")?;
    loop {
        let line = caller.line()?;
        let (verb, rest) = line.split_once([' ', ':']).unwrap_or((line.as_str(), ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => {
                let text = if asks_login { "played\r\n250 AUTH PLAIN" } else { "played" };
                caller.answer(At::Hello, 250, text)?;
            }
            "AUTH" => {
                let letter = letter.get_or_insert_with(empty);
                letter.login = Some(rest.to_owned());
                caller.answer(At::Login, 235, "welcome")?;
            }
            "MAIL" => {
                letter.get_or_insert_with(empty).from = address(rest);
                caller.answer(At::From, 250, "good")?;
            }
            "RCPT" => {
                letter.get_or_insert_with(empty).to.push(address(rest));
                caller.answer(At::To, 250, "good")?;
            }
            "DATA" => {
                if !caller.answer(At::Data, 354, "go on")? {
                    continue;
                }
                let data = caller.data()?;
                let good = caller.answer(At::End, 250, "taken")?;
                if let Some(letter) = letter.take().filter(|_| good) {
                    lock(kept).letters.push(Letter { data, ..letter });
                }
            }
            "NOOP" | "RSET" => caller.say(250, "good")?,
            "QUIT" => return caller.say(221, "bye"),
            _ => caller.say(502, "not played")?,
        }
    }
}

fn empty() -> Letter {
    Letter { from: String::new(), to: Vec::new(), data: String::new(), login: None }
}

/// `FROM:<a@b> BODY=8BITMIME`, or `TO:<a@b>`
fn address(rest: &str) -> String {
    let inner = rest.split_once('<').and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or(rest, |(address, _)| address).to_owned()
}

struct Caller<S: Read> {
    stream: BufReader<S>,
    fault: Option<MailFault>,
}

impl<S: Read + Write> Caller<S> {
    /// Answers, or lets go wrong what is to go wrong here. Whether all went well.
    fn answer(&mut self, at: At, code: u16, text: &str) -> io::Result<bool> {
        match &self.fault {
            Some(MailFault::Code(when, code)) if *when == at => {
                let code = *code;
                self.say(code, "played fault")?;
                return Ok(false);
            }
            Some(MailFault::Cut(when)) if *when == at => return Err(io::ErrorKind::BrokenPipe.into()),
            Some(MailFault::Slow(when, late)) if *when == at => std::thread::sleep(*late),
            _ => {}
        }
        self.say(code, text)?;
        Ok(true)
    }

    fn say(&mut self, code: u16, text: &str) -> io::Result<()> {
        // The last of several lines is the one with a blank after its code.
        let mark = if text.contains("\r\n") { '-' } else { ' ' };
        let stream = self.stream.get_mut();
        stream.write_all(format!("{code}{mark}{text}\r\n").as_bytes())?;
        stream.flush()
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        let read = self.stream.by_ref().take(LONGEST).read_until(b'\n', &mut line)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let text = String::from_utf8(line).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        Ok(text.trim_end_matches(['\r', '\n']).to_owned())
    }

    fn data(&mut self) -> io::Result<String> {
        let mut data = String::new();
        loop {
            let line = self.line()?;
            if line == "." {
                return Ok(data);
            }
            data.push_str(line.strip_prefix('.').unwrap_or(&line));
            data.push_str("\r\n");
            if data.len() as u64 > LONGEST {
                return Err(io::ErrorKind::InvalidData.into());
            }
        }
    }
}
