//! What a mail server on loopback takes is what was written; what it does not take is an error that says so.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use shindan_mirror::{At, MailFault, Mailbox};
use shindan_notify::{MailSettings, Mailer, Message, NotifyError, Secret, Security, SettingsError};

/// Made for the tests of the crate that fetches: one authority that nobody else trusts.
const KEY: &[u8] = include_bytes!("../../shindan-fetch/tests/tls/source.key.der");
const GOOD: &[u8] = include_bytes!("../../shindan-fetch/tests/tls/good.der");
const OTHER_NAME: &[u8] = include_bytes!("../../shindan-fetch/tests/tls/other.der");

fn settings(port: u16) -> MailSettings {
    MailSettings {
        host: "127.0.0.1".to_owned(),
        port,
        security: Security::ClearText,
        login: None,
        from: "shindan@hospital.example".to_owned(),
        ca_files: Vec::new(),
        timeout: Duration::from_millis(400),
    }
}

fn mailer(mailbox: &Mailbox) -> Mailer {
    Mailer::new(settings(mailbox.address().port())).unwrap()
}

fn message() -> Message {
    Message {
        id: "0190-digest.1".to_owned(),
        at: "2026-11-27T06:00:00Z".parse().unwrap(),
        subject: "【shindan】新しい脆弱性 3 件（うち緊急 1 件）".to_owned(),
        text: "緊急: CVE-2026-0001\r\n.\n..で始まる行\n詳しくは `shindan case list`".to_owned(),
    }
}

fn to(address: &str) -> Vec<String> {
    vec![address.to_owned()]
}

#[test]
fn a_japanese_letter_arrives_as_it_was_written() {
    let mailbox = Mailbox::start().unwrap();
    mailer(&mailbox).send(&message(), &to("tanto@hospital.example")).unwrap();
    let letters = mailbox.letters();
    let [letter] = letters.as_slice() else { panic!("{letters:?}") };
    assert_eq!(letter.from, "shindan@hospital.example");
    assert_eq!(letter.to, ["tanto@hospital.example"]);
    assert!(letter.data.is_ascii(), "every server takes it: {}", letter.data);
    assert!(letter.data.lines().all(|line| line.len() <= 78), "{}", letter.data);
    let (head, body) = letter.data.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("Message-ID: <0190-digest.1@hospital.example>"), "{head}");
    assert!(head.contains("Date: Fri, 27 Nov 2026 06:00:00 +0000"), "{head}");
    assert!(head.contains("Content-Type: text/plain; charset=utf-8"), "{head}");
    assert!(head.contains("Subject: =?utf-8?"), "{head}");
    assert_eq!(subject(head), message().subject);
    assert!(head.contains("Content-Transfer-Encoding: base64"), "{head}");
    let text = String::from_utf8(base64(body)).unwrap();
    assert_eq!(text.replace("\r\n", "\n"), message().text.replace("\r\n", "\n"));
}

#[test]
fn an_english_letter_arrives_as_it_was_written() {
    let mailbox = Mailbox::start().unwrap();
    let text = "First line\n.\n..two dots\n".to_owned();
    let plain = Message { subject: "3 new cases".to_owned(), text: text.clone(), ..message() };
    mailer(&mailbox).send(&plain, &to("a@hospital.example")).unwrap();
    let data = mailbox.letters()[0].data.clone();
    let (head, body) = data.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("Subject: 3 new cases"), "{head}");
    assert_eq!(body.replace("\r\n", "\n").trim_end(), text.trim_end());
}

#[test]
fn no_line_becomes_a_header() {
    let mailbox = Mailbox::start().unwrap();
    let mailer = mailer(&mailbox);
    let bent = Message { subject: "a\r\nBcc: x@evil.example".to_owned(), ..message() };
    assert_eq!(mailer.send(&bent, &to("a@b.example")), Err(NotifyError::Subject));
    let bent = Message { id: "1>\r\nBcc: x@evil.example".to_owned(), ..message() };
    assert_eq!(mailer.send(&bent, &to("a@b.example")), Err(NotifyError::Id));
    for bad in ["a@b.example\r\nBcc: x@evil.example", "a@b.example, x@evil.example", "a", "", "a b@c.example"]
    {
        assert_eq!(mailer.send(&message(), &to(bad)), Err(NotifyError::Recipient), "{bad:?}");
    }
    assert_eq!(mailer.send(&message(), &[]), Err(NotifyError::NoRecipient));
    let from = "a@b.example\r\nBcc: x@evil.example".to_owned();
    let refused = Mailer::new(MailSettings { from, ..settings(25) }).unwrap_err();
    assert!(matches!(refused, SettingsError::From { .. }), "{refused:?}");
    assert_eq!(mailbox.callers(), 0, "nobody was bothered");
}

#[test]
fn each_fault_has_its_error() {
    let late = Duration::from_millis(900);
    for (fault, code, passes) in [
        (MailFault::Code(At::Greeting, 421), "mail-later", true),
        (MailFault::Code(At::Greeting, 554), "mail-refused", false),
        (MailFault::Code(At::From, 451), "mail-later", true),
        (MailFault::Code(At::To, 450), "mail-later", true),
        (MailFault::Code(At::To, 550), "mail-refused", false),
        (MailFault::Code(At::Data, 452), "mail-later", true),
        (MailFault::Code(At::End, 554), "mail-refused", false),
        (MailFault::Code(At::From, 530), "mail-login", false),
        (MailFault::Cut(At::Greeting), "mail-cut", true),
        (MailFault::Cut(At::To), "mail-cut", true),
        (MailFault::Cut(At::End), "mail-cut", true),
        (MailFault::Slow(At::Greeting, late), "mail-timeout", true),
        (MailFault::Slow(At::End, late), "mail-timeout", true),
        (MailFault::Garbage, "mail-protocol", false),
    ] {
        let mailbox = Mailbox::start().unwrap();
        mailbox.fault(Some(fault.clone()));
        let error = mailer(&mailbox).send(&message(), &to("a@b.example")).unwrap_err();
        assert_eq!((error.code(), error.passes()), (code, passes), "{fault:?}: {error:?}");
        assert_eq!(mailbox.callers(), 1, "{fault:?}");
        mailbox.fault(None);
        mailer(&mailbox).send(&message(), &to("a@b.example")).unwrap();
    }
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = Mailer::new(settings(port)).unwrap().send(&message(), &to("a@b.example")).unwrap_err();
    assert_eq!((error.code(), error.passes()), ("mail-connect", true));
}

#[test]
fn a_login_is_sent_where_it_is_asked_for_and_shown_nowhere() {
    let mailbox = Mailbox::start().unwrap();
    let login = Some(("shindan".to_owned(), Secret::new("hush\n")));
    let mailer = Mailer::new(MailSettings { login, ..settings(mailbox.address().port()) }).unwrap();
    assert!(!format!("{mailer:?}").contains("hush"), "{mailer:?}");
    let error = mailer.send(&message(), &to("a@b.example")).unwrap_err();
    assert_eq!(error, NotifyError::Login, "the server offers none");
    mailbox.ask_login();
    mailbox.fault(Some(MailFault::Code(At::Login, 535)));
    let error = mailer.send(&message(), &to("a@b.example")).unwrap_err();
    assert!(error == NotifyError::Login && !error.passes() && !error.to_string().contains("hush"));
    mailbox.fault(None);
    mailer.send(&message(), &to("a@b.example")).unwrap();
    let login = mailbox.letters()[0].login.clone().unwrap();
    assert_eq!(base64(login.strip_prefix("PLAIN ").unwrap()), b"\0shindan\0hush");
}

#[test]
fn nothing_goes_out_in_clear_text() {
    for host in ["mail.hospital.example", "10.0.0.1", "localhost.evil.example"] {
        let open = MailSettings { host: host.to_owned(), ..settings(25) };
        assert_eq!(Mailer::new(open).unwrap_err(), SettingsError::ClearText { host: host.to_owned() });
    }
    // A server that offers no STARTTLS, or somebody who took the offer out, gets nothing.
    let mailbox = Mailbox::start().unwrap();
    let secure = MailSettings { security: Security::StartTls, ..settings(mailbox.address().port()) };
    let error = Mailer::new(secure).unwrap().send(&message(), &to("a@b.example")).unwrap_err();
    assert_eq!(error, NotifyError::Tls);
    assert_eq!(mailbox.letters(), []);
}

fn authority() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shindan-fetch/tests/tls/ca.pem")
}

/// A mail server over TLS. It takes one caller after the other.
fn over_tls(certificate: &[u8]) -> (u16, Arc<Mailbox>) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY.to_vec()));
    let chain = vec![CertificateDer::from(certificate.to_vec())];
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap());
    let (listener, mailbox) =
        (TcpListener::bind("127.0.0.1:0").unwrap(), Arc::new(Mailbox::start().unwrap()));
    let (port, inner) = (listener.local_addr().unwrap().port(), Arc::clone(&mailbox));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let stream = StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), stream);
            // A client that does not like the certificate hangs up: that is what the test is about.
            drop(inner.take_from(stream));
        }
    });
    (port, mailbox)
}

#[test]
fn an_authority_in_the_settings_is_trusted_and_no_other() {
    let secure = |port, ca_files| MailSettings { security: Security::Tls, ca_files, ..settings(port) };
    let (port, mailbox) = over_tls(GOOD);
    let trusting = Mailer::new(secure(port, vec![authority()])).unwrap();
    trusting.send(&message(), &to("a@b.example")).unwrap();
    assert_eq!(mailbox.letters().len(), 1);
    let (other, _mailbox) = over_tls(OTHER_NAME);
    for (port, ca_files) in [(port, Vec::new()), (other, vec![authority()])] {
        let error = Mailer::new(secure(port, ca_files)).unwrap().send(&message(), &to("a@b.example"));
        assert_eq!(error, Err(NotifyError::Tls));
    }
    assert_eq!(mailbox.letters().len(), 1);
    let missing = Mailer::new(secure(port, vec!["/nowhere/ca.pem".into()])).unwrap_err();
    assert_eq!(missing.code(), "ca-unreadable");
    let no_certificate = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let none = Mailer::new(secure(port, vec![no_certificate])).unwrap_err();
    assert_eq!(none.code(), "ca-empty");
}

/// A subject as a mail program reads it (RFC 2047, 6.2): the blank between two encoded words is none.
fn subject(head: &str) -> String {
    let unfolded = head.replace("\r\n ", " ");
    let line = unfolded.lines().find_map(|line| line.strip_prefix("Subject: ")).unwrap();
    let (mut read, mut after_plain) = (Vec::new(), false);
    for (n, word) in line.split(' ').enumerate() {
        let inner = word.strip_prefix("=?utf-8?b?").and_then(|rest| rest.strip_suffix("?="));
        if n > 0 && (after_plain || inner.is_none()) {
            read.push(b' ');
        }
        after_plain = inner.is_none();
        read.extend(inner.map_or_else(|| word.as_bytes().to_vec(), base64));
    }
    String::from_utf8(read).unwrap()
}

fn base64(text: &str) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let values = text.bytes().filter_map(|c| LETTERS.iter().position(|letter| *letter == c));
    let values: Vec<usize> = values.collect();
    let mut bytes = Vec::new();
    for four in values.chunks(4) {
        let bits = four.iter().enumerate().fold(0, |bits, (n, value)| bits | value << (18 - 6 * n));
        bytes.extend((0..four.len() - 1).map(|n| u8::try_from(bits >> (16 - 8 * n) & 255).unwrap()));
    }
    bytes
}
