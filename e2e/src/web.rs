//! Bytes over HTTP from the loopback device: readiness of the program and of chromedriver, and the end of a session.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::Outcome;

/// Sends one request and gives the beginning of the answer, its head at least: chromedriver keeps the connection open,
/// so the end would not come. Waits at most `limit`.
pub fn ask(port: u16, method: &str, path: &str, limit: Duration) -> Outcome<Vec<u8>> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let told = |error: std::io::Error| format!("{method} {path} on port {port}: {error}");
    let mut stream = TcpStream::connect_timeout(&address, limit).map_err(told)?;
    stream.set_read_timeout(Some(limit)).map_err(told)?;
    let head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).map_err(told)?;
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut part).map_err(told)? {
            0 => return Err(format!("{method} {path} on port {port}: the answer ends within its head")),
            size => answer.extend_from_slice(&part[..size]),
        }
    }
    Ok(answer)
}

/// Waits until `path` is answered with 200 or a redirection.
pub fn wait_for(port: u16, path: &str, limit: Duration) -> Outcome {
    let began = Instant::now();
    loop {
        let last = match ask(port, "GET", path, Duration::from_secs(5)) {
            Ok(answer) if answer.starts_with(b"HTTP/1.1 200") || answer.starts_with(b"HTTP/1.1 303") => {
                return Ok(());
            }
            Ok(answer) => String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned(),
            Err(error) => error,
        };
        if began.elapsed() > limit {
            return Err(format!("nothing answers {path} on port {port} within {limit:?}: {last}"));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Where the next port is looked for. Below the ports that a system hands out by itself (32768 and above): there a connection
/// of any browser could take one between this look and the start of the program.
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A free port, whose next one is free, too: `shindan demo --serve` takes both. No two callers of one process get the same.
pub fn free_ports() -> Outcome<u16> {
    const FIRST: u32 = 20_000;
    const PAIRS: u32 = 6_000;
    let own = std::process::id().wrapping_mul(97);
    for _ in 0..PAIRS {
        let pair = own.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % PAIRS;
        let first = u16::try_from(FIRST + 2 * pair).map_err(|error| format!("no such port: {error}"))?;
        let free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
        if free(first) && free(first + 1) {
            return Ok(first);
        }
    }
    Err("no two free ports beside each other".to_owned())
}
