//! The outside check beside a weak, a hardened and several hostile servers.
#![allow(clippy::unwrap_used, clippy::disallowed_methods)]

mod weak;

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use shindan_domain::assessment::{Completion, LeftOut, OutsideRule, ScanFormat, ScanReport};
use shindan_domain::diagnostic::Code;
use shindan_probe::{Limits, Permit, outside};
use weak::{App, clock, limits, listen, loopback, permit, rules};

fn check_with(url: &str, permit: &Permit, limits: &Limits, cancel: &AtomicBool) -> ScanReport {
    let mut steps = Vec::new();
    let target = url.parse().unwrap();
    let report =
        outside::check(&target, permit, &rules(), limits, clock(), &mut |step| steps.push(step.done), cancel);
    assert_eq!(steps, [0, 1, 2, 3, 4], "progress is told");
    let counted: u64 =
        report.left_out.iter().filter(|(why, _)| **why != LeftOut::Repeated).map(|(_, n)| n).sum();
    let found: BTreeSet<_> = report.results.iter().map(|result| &result.rule).collect();
    assert_eq!(counted + found.len() as u64, OutsideRule::ALL.len() as u64, "every rule has one outcome");
    report
}

fn check(url: &str, permit: &Permit) -> ScanReport {
    check_with(url, permit, &limits(), &AtomicBool::new(false))
}

fn found(report: &ScanReport) -> BTreeSet<String> {
    report.results.iter().map(|result| result.rule.clone()).collect()
}

fn named(rules: &[OutsideRule]) -> BTreeSet<String> {
    rules.iter().map(|rule| rule.id()).collect()
}

fn codes(report: &ScanReport) -> Vec<Code> {
    report.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn every_rule_is_found_on_the_weak_application() {
    let encrypted = weak::weak_encrypted();
    let report = check(&encrypted.https(), &loopback());
    assert_eq!((report.format, report.completion), (ScanFormat::Outside, Completion::Finished), "{report:?}");
    assert_eq!(report.tool.key, "shindan-outside");
    let mut all = found(&report);
    for rule in [OutsideRule::NoModernTls, OutsideRule::HstsShort, OutsideRule::NoHttpsRedirect] {
        assert!(!all.contains(&rule.id()), "{rule}");
    }
    all.extend(found(&check(&format!("{}short/", encrypted.https()), &loopback())));
    all.extend(found(&check(&weak::weak().http(), &loopback())));
    let ancient = check(&weak::ancient().https(), &loopback());
    assert_eq!(ancient.completion, Completion::Unfinished, "its pages cannot be read");
    all.extend(found(&ancient));
    assert_eq!(all, named(OutsideRule::ALL));
}

#[test]
fn findings_tell_where_and_what_and_no_secret() {
    let app = weak::weak();
    let report = check(&app.http(), &loopback());
    let component = |name: &str| {
        let mut all = report.results.iter().filter(|result| result.place.component.as_deref() == Some(name));
        all.next().and_then(|result| result.place.version.clone())
    };
    assert_eq!(component("Apache").as_deref(), Some("2.4.49"));
    assert_eq!(component("PHP").as_deref(), Some("7.4.3"));
    assert_eq!(component("ASP.NET").as_deref(), Some("4.0.30319"));
    assert_eq!(component("WordPress").as_deref(), Some("5.8"));
    let cookie = report.results.iter().find(|result| result.rule == "outside/cookie-not-secure").unwrap();
    assert_eq!(cookie.place.parameter.as_deref(), Some("SID"));
    assert_eq!(
        (cookie.place.host.as_deref(), cookie.place.port),
        (Some("127.0.0.1"), Some(app.address.port()))
    );
    assert_eq!((cookie.severity.as_str(), cookie.advice.as_str()), ("low", "advice"));
    assert!(!format!("{report:?}").contains("not-shown"), "a secret was taken over");
    assert!(
        report.touched.contains("127.0.0.1") && report.touched.contains(&app.http()),
        "{:?}",
        report.touched
    );
    let listed = report.results.iter().filter(|result| result.rule == "outside/directory-listing").count();
    assert_eq!(listed, 5, "each folder is a finding of its own");
}

#[test]
fn nothing_is_found_on_the_hardened_application() {
    let hardened = weak::hardened();
    let entrance = weak::redirecting(hardened.https());
    let permit = permit(&["127.0.0.1"], &[entrance.http(), hardened.https()]);
    let report = check(&entrance.http(), &permit);
    assert_eq!(found(&report), BTreeSet::new(), "{:?}", report.results);
    assert_eq!(report.diagnostics, Vec::new());
    assert_eq!(report.completion, Completion::Finished);
    assert_eq!(report.left_out.get(&LeftOut::Passed), Some(&(OutsideRule::ALL.len() as u64)));
    assert_eq!(report.rules, Some(named(OutsideRule::ALL)));
}

#[test]
fn nothing_outside_of_the_permit_is_connected_to() {
    let app = weak::weak();
    let port = app.address.port();
    for (url, permit) in [
        (app.http(), Permit::default()),
        (app.http(), permit(&["127.0.0.2", "10.0.0.0/8"], &[])),
        (format!("http://localhost:{port}/"), permit(&["192.0.2.0/24"], &[])),
        (app.http(), permit(&["127.0.0.1"], &["http://127.0.0.1:1/".to_owned()])),
    ] {
        let report = check(&url, &permit);
        assert_eq!(report.completion, Completion::Unfinished);
        assert_eq!(report.rules, Some(BTreeSet::new()), "nothing is passed: {report:?}");
        assert_eq!(report.touched, BTreeSet::new());
    }
    assert_eq!(app.connections(), 0);
    let report = check(&format!("http://localhost:{port}/"), &permit(&["192.0.2.0/24"], &[]));
    assert!(codes(&report).contains(&Code::ScanAddressNotPermitted), "{:?}", report.diagnostics);
}

#[test]
fn redirects_out_of_the_permit_are_recorded_and_not_followed() {
    let elsewhere = weak::weak();
    let app = weak::redirecting(elsewhere.http());
    let report = check(&app.http(), &permit(&["127.0.0.1"], &[app.http()]));
    assert_eq!(elsewhere.connections(), 0);
    assert!(app.connections() > 0);
    let noted = report.diagnostics.iter().find(|one| one.code == Code::ScanRedirectNotFollowed).unwrap();
    assert_eq!(noted.params["to"], elsewhere.http());
    // The web address is permitted, the network address is not.
    let other = listen("127.0.0.2", |_| {});
    let app = weak::redirecting(other.http());
    let report = check(&app.http(), &permit(&["127.0.0.1"], &[app.http(), other.http()]));
    assert_eq!(other.connections(), 0);
    assert_eq!(report.completion, Completion::Unfinished);
    assert!(!report.touched.contains("127.0.0.2"), "{:?}", report.touched);
}

/// Servers that try to keep a client, or to confuse it.
fn hostile() -> Vec<(&'static str, App, bool)> {
    let drip = |mut stream: TcpStream| {
        while stream.write_all(b"H").is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let drip_body = |mut stream: TcpStream| {
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n"));
        while stream.write_all(b"x").is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let endless = |mut stream: TcpStream| {
        let mut ignored = [0; 1];
        drop(stream.read(&mut ignored));
        drop(stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n"));
        while stream.write_all(&[b'x'; 65536]).is_ok() {}
    };
    let silent = |mut stream: TcpStream| {
        let mut ignored = [0; 4096];
        while stream.read(&mut ignored).is_ok_and(|length| length > 0) {}
        std::thread::sleep(Duration::from_secs(20));
    };
    let half_closed = |mut stream: TcpStream| {
        drop(stream.shutdown(Shutdown::Write));
        let mut ignored = [0; 4096];
        while stream.read(&mut ignored).is_ok_and(|length| length > 0) {}
    };
    let rubbish = |mut stream: TcpStream| {
        drop(stream.write_all(&[0x16, 3, 3, 0xff, 0xff, 1, 2, 3]));
        drop(stream.write_all(&[0x41; 4000]));
        std::thread::sleep(Duration::from_secs(2));
    };
    vec![
        ("drip", listen("127.0.0.1", drip), false),
        ("drip, encrypted", listen("127.0.0.1", drip), true),
        ("drip of the body", listen("127.0.0.1", drip_body), false),
        ("endless body", listen("127.0.0.1", endless), false),
        ("silent", listen("127.0.0.1", silent), false),
        ("silent, encrypted", listen("127.0.0.1", silent), true),
        ("half closed", listen("127.0.0.1", half_closed), false),
        ("half closed, encrypted", listen("127.0.0.1", half_closed), true),
        ("rubbish", listen("127.0.0.1", rubbish), false),
        ("rubbish, encrypted", listen("127.0.0.1", rubbish), true),
        ("closes at once, encrypted", listen("127.0.0.1", drop), true),
    ]
}

#[test]
fn hostile_servers_take_bounded_time_and_pass_nothing() {
    let quick = Limits { timeout: Duration::from_millis(200), total: Duration::from_secs(3), ..limits() };
    std::thread::scope(|scope| {
        for (name, app, is_encrypted) in hostile() {
            scope.spawn(move || {
                let url = if is_encrypted { app.https() } else { app.http() };
                let begun = Instant::now();
                let report = check_with(&url, &loopback(), &quick, &AtomicBool::new(false));
                assert!(begun.elapsed() < Duration::from_secs(5), "{name}: {:?}", begun.elapsed());
                assert_eq!(report.completion, Completion::Unfinished, "{name}");
                assert!(codes(&report).contains(&Code::ScanUnfinished), "{name}");
                let passed = report.rules.unwrap();
                for rule in
                    [OutsideRule::GitExposed, OutsideRule::DirectoryListing, OutsideRule::CertificateExpired]
                {
                    assert!(!passed.contains(&rule.id()), "{name}: {rule}");
                }
                if is_encrypted {
                    assert_eq!(passed, BTreeSet::new(), "{name}");
                }
            });
        }
    });
}

#[test]
fn cancelling_ends_it_within_a_second() {
    let silent = listen("127.0.0.1", |_stream| std::thread::sleep(Duration::from_secs(20)));
    let cancel = Arc::new(AtomicBool::new(false));
    let from_outside = cancel.clone();
    let cancelled = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        from_outside.store(true, Ordering::SeqCst);
        Instant::now()
    });
    let patient = Limits { timeout: Duration::from_secs(20), total: Duration::from_secs(60), ..limits() };
    let report = check_with(&silent.https(), &loopback(), &patient, &cancel);
    assert!(cancelled.join().unwrap().elapsed() < Duration::from_secs(1));
    assert_eq!((report.completion, report.rules), (Completion::Unfinished, Some(BTreeSet::new())));
}

#[test]
fn requests_keep_to_the_rate() {
    let app = weak::weak();
    let slow = Limits { per_second: 20, total: Duration::from_secs(20), ..limits() };
    let begun = Instant::now();
    check_with(&app.http(), &loopback(), &slow, &AtomicBool::new(false));
    let least = Duration::from_millis(50) * u32::try_from(app.connections() - 1).unwrap();
    assert!(
        app.connections() >= 8 && begun.elapsed() >= least,
        "{} in {:?}",
        app.connections(),
        begun.elapsed()
    );
}

/// A server of OpenSSL that is ended with the test.
struct OpenSsl(std::process::Child);

impl Drop for OpenSsl {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn openssl(version: &str) -> Option<(OpenSsl, u16)> {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/weak");
    let child = std::process::Command::new("openssl")
        .args(["s_server", "-quiet", "-www", "-accept", &format!("127.0.0.1:{port}"), version])
        .args(["-cipher", "DEFAULT:@SECLEVEL=0", "-certform", "DER", "-keyform", "DER"])
        .arg("-cert")
        .arg(folder.join("soon-self-signed.der"))
        .arg("-key")
        .arg(folder.join("soon-self-signed.key.der"))
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn();
    let server = match child {
        Ok(child) => OpenSsl(child),
        Err(error) => {
            let needed = std::env::var("SHINDAN_REQUIRE_TOOLS").as_deref() == Ok("1");
            assert!(!needed, "openssl is needed: {error}");
            eprintln!("SKIPPED: openssl cannot be started: {error}");
            return None;
        }
    };
    let begun = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(10), "openssl s_server {version} does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
    Some((server, port))
}

/// Somebody else's TLS is the oracle for which versions are seen.
#[test]
fn the_versions_that_openssl_offers_are_seen() {
    use OutsideRule::{NoModernTls, NoTls13, Tls10, Tls11};
    for (version, expected) in [
        ("-tls1", vec![Tls10, NoModernTls, NoTls13]),
        ("-tls1_1", vec![Tls11, NoModernTls, NoTls13]),
        ("-tls1_2", vec![NoTls13]),
        ("-tls1_3", vec![]),
    ] {
        let Some((_server, port)) = openssl(version) else { return };
        let patient = Limits { timeout: Duration::from_secs(5), total: Duration::from_secs(30), ..limits() };
        let url = format!("https://127.0.0.1:{port}/");
        let report = check_with(&url, &loopback(), &patient, &AtomicBool::new(false));
        let about_versions = [OutsideRule::Ssl3, Tls10, Tls11, NoModernTls, NoTls13].map(OutsideRule::id);
        let seen: BTreeSet<_> =
            found(&report).into_iter().filter(|rule| about_versions.contains(rule)).collect();
        assert_eq!(seen, named(&expected), "{version}: {:?}", report.diagnostics);
        let certificate = OutsideRule::CertificateSelfSigned.id();
        assert!(found(&report).contains(&certificate), "{version}: its certificate is read");
    }
}

#[test]
fn the_plain_side_of_an_encrypted_application_must_lead_to_it() {
    let rule = OutsideRule::NoHttpsRedirect.id();
    let (encrypted, open) = (weak::weak_encrypted(), weak::weak());
    let both = permit(&["127.0.0.1"], &[encrypted.https(), open.http()]);
    let report = check(&encrypted.https(), &both);
    let own: Vec<_> = report.results.iter().filter(|result| result.rule == rule).collect();
    assert_eq!(own.len(), 1, "what is shown in the clear");
    assert_eq!(own[0].place.port, Some(open.address.port()));
    assert!(
        !found(&check(&encrypted.https(), &permit(&["127.0.0.1"], &[encrypted.https()]))).contains(&rule)
    );
    let leads = weak::redirecting(encrypted.https());
    let both = permit(&["127.0.0.1"], &[encrypted.https(), leads.http()]);
    assert!(!found(&check(&encrypted.https(), &both)).contains(&rule));
    assert!(leads.connections() > 0, "it was asked");
}
