//! A source over TLS is believed only with a certificate that somebody whom we trust vouches for.
//!
//! The certificates in `tls/` were made for these tests, from one authority that nobody else trusts; its key is gone.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod play;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use play::{Play, settings};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use shindan_fetch::{CertificateTrouble, FetchError, Request, Settings};

const KEY: &[u8] = include_bytes!("tls/source.key.der");
const GOOD: &[u8] = include_bytes!("tls/good.der");
const EXPIRED: &[u8] = include_bytes!("tls/expired.der");
const NOT_YET_VALID: &[u8] = include_bytes!("tls/early.der");
const OTHER_NAME: &[u8] = include_bytes!("tls/other.der");

/// A source over TLS that gives each caller the same answer.
fn source(certificate: &[u8], answer: &str) -> SocketAddr {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY.to_vec()));
    let chain = vec![CertificateDer::from(certificate.to_vec())];
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap());
    let (listener, answer) = (TcpListener::bind("127.0.0.1:0").unwrap(), answer.to_owned());
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream);
            let mut head = [0; 4096];
            // A client that does not like the certificate hangs up: that is what the tests are about.
            if stream.read(&mut head).is_ok() {
                drop(stream.write_all(answer.as_bytes()));
                stream.conn.send_close_notify();
                drop(stream.flush());
            }
        }
    });
    address
}

fn trusting() -> Play {
    let authority = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tls/ca.pem");
    Play::with(Settings { ca_files: vec![authority], ..settings() }, Vec::new())
}

fn at(address: SocketAddr) -> Request {
    Request { url: format!("https://{address}/a.json"), ..Request::default() }
}

const DATA: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";

#[test]
fn an_authority_in_the_settings_is_trusted() {
    let mut play = trusting();
    assert_eq!(play.get(&at(source(GOOD, DATA))).unwrap().bytes, 2);
    assert_eq!(std::fs::read(play.file()).unwrap(), b"{}");
}

#[test]
fn any_other_certificate_is_refused_at_once_and_by_name() {
    for (certificate, trust, expected) in [
        (GOOD, false, CertificateTrouble::UnknownIssuer),
        (EXPIRED, true, CertificateTrouble::Expired),
        (NOT_YET_VALID, true, CertificateTrouble::NotYetValid),
        (OTHER_NAME, true, CertificateTrouble::OtherName),
    ] {
        let mut play = if trust { trusting() } else { Play::new(Vec::new()) };
        let error = play.refused(&at(source(certificate, DATA)));
        let told = matches!(error, FetchError::Tls { trouble, .. } if trouble == expected);
        assert!(told, "{expected:?}: {error:?}");
        assert!(play.waited().is_zero(), "a certificate does not get better by waiting");
    }
}

/// Loopback may be asked in clear text; a redirect from https may not lead there all the same.
#[test]
fn no_redirect_leads_from_https_to_http() {
    let mut play = trusting();
    play.mirror.put(shindan_mirror::Page::new("/a.json", &b"{}"[..]));
    for to in [play.mirror.url("/a.json"), play.mirror.url("/a.json").replace("http:", "HTTP:")] {
        let answer =
            format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        let error = play.refused(&at(source(GOOD, &answer)));
        assert_eq!(error.code(), "redirect-insecure", "{error:?}");
    }
    assert_eq!(play.mirror.all_seen(), []);
}

#[test]
fn a_connection_that_ends_without_a_word_is_a_cut() {
    let cut = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{}";
    assert_eq!(trusting().refused(&at(source(GOOD, cut))).code(), "cut");
}
