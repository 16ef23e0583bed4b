//! The server that is measured: started as anyone would start it, its time to be ready, and its memory as Linux tells it.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::client::Client;
use crate::Failure;

/// Longer than any start that could be meant.
const PATIENCE: Duration = Duration::from_secs(30);

/// `shindan serve`, until it is dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From before the start of the process to the first byte of the log-in page.
    pub ready: Duration,
}

/// Resident memory, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// Of this process alone: heap, stacks, changed data.
    pub private: u64,
    /// Pages of files that are mapped, which the system may take back at any time: the knowledge base and the program itself.
    pub mapped: u64,
}

impl Server {
    /// Starts it in a data folder, on a free port of this computer.
    ///
    /// # Errors
    /// When it does not begin to answer.
    #[allow(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
    pub fn start(shindan: &Path, data: &Path) -> Result<Server, Failure> {
        let began = Instant::now();
        let mut child = Command::new(shindan)
            .args(["--lang", "en", "serve", "--no-schedule", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(data)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let told = address_of(&mut child);
        let mut server = Server { child, address: ([127, 0, 0, 1], 0).into(), ready: Duration::ZERO };
        server.address = told?;
        while Client::new(server.address).get("/login").is_err() {
            if began.elapsed() > PATIENCE {
                return Err("the server does not answer".into());
            }
        }
        server.ready = began.elapsed();
        Ok(server)
    }

    /// Its memory now; `None` where the system does not tell.
    pub fn memory(&self) -> Option<Memory> {
        let text = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let of = |name: &str| -> Option<u64> {
            let line = text.lines().find(|line| line.starts_with(name))?;
            Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
        };
        let shared = of("RssShmem:").unwrap_or(0);
        Some(Memory { private: of("RssAnon:")? + shared, mapped: of("RssFile:")? })
    }
}

/// It says where it listens on one of its two outputs; both are read to their end, so that it never waits for a reader.
fn address_of(child: &mut Child) -> Result<SocketAddr, Failure> {
    let (sender, receiver) = std::sync::mpsc::channel();
    let outputs: [Option<Box<dyn std::io::Read + Send>>; 2] = [
        child.stdout.take().map(|out| Box::new(out) as _),
        child.stderr.take().map(|out| Box::new(out) as _),
    ];
    for output in outputs.into_iter().flatten() {
        let sender = sender.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let part = line.split_once("http://").map(|(_, rest)| rest);
                let digits = |c: char| c.is_ascii_digit() || c == '.' || c == ':';
                let address = part.and_then(|rest| rest.split(|c| !digits(c)).next()?.parse().ok());
                match address {
                    // Who asked has what they want after the first.
                    Some(address) => drop(sender.send(address)),
                    None => eprintln!("  server: {line}"),
                }
            }
        });
    }
    drop(sender);
    receiver.recv_timeout(PATIENCE).map_err(|_| "the server did not say where it listens".into())
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
