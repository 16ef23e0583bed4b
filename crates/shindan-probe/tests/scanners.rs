//! Starting scanners: a fake one that lingers, floods and tells, and the real nmap and Wapiti on the weak application.
//!
//! The real ones are used if they are installed; CI installs them and sets `SHINDAN_NEED_SCANNERS=1`, under which an absent one
//! is a failure.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::panic)]

mod weak;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use shindan_domain::assessment::ScanFormat;
use shindan_probe::scanners::{
    self, Ended, Found, Order, Outcome, Progress, RunError, ScanTarget, Scanner, Since, TargetKind,
};
use shindan_probe::{Clock, LookUps, Permit};
use weak::{loopback, permit};

fn clock() -> Clock {
    Clock { timestamp: jiff::Timestamp::now, instant: Instant::now }
}

fn fake_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fake")
}

/// Where programs are: the fake one, and those of the system.
fn search() -> OsString {
    let system = std::env::var_os("PATH").unwrap();
    std::env::join_paths([fake_folder()].into_iter().chain(std::env::split_paths(&system))).unwrap()
}

fn fake(target: TargetKind, arguments: &[&str]) -> Scanner {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    Scanner {
        key: "fake".to_owned(),
        name: "Fake Scan".to_owned(),
        executables: words(&["fakescan"]),
        version: words(&["--version"]),
        version_after: "Fake Scan version ".to_owned(),
        version_after_too: None,
        target,
        format: ScanFormat::NmapXml,
        output: Some("report.json".to_owned()),
        ports: words(&["-p", "{ports}"]),
        ipv6: words(&["-6"]),
        environment: Vec::new(),
        safe: words(arguments),
        since: Vec::new(),
    }
}

fn found(scanner: &Scanner) -> Found {
    let all = scanners::installed(std::slice::from_ref(scanner), &search(), clock(), &AtomicBool::new(false));
    all.into_iter().next().unwrap_or_else(|| panic!("{} is not installed", scanner.name))
}

fn order<'a>(scanner: &'a Scanner, program: &'a Found, target: ScanTarget) -> Order<'a> {
    let time = Duration::from_secs(30);
    Order { scanner, program, target, ports: Vec::new(), rules: None, time, most_bytes: 1 << 20 }
}

fn run(order: &Order<'_>, permit: &Permit) -> Result<Outcome, RunError> {
    scanners::run(order, permit, &search(), clock(), &mut |_| {}, &AtomicBool::new(false))
}

/// A process that has ended and was not waited for is no longer at work.
fn at_work(pid: &str) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit(')').next().is_some_and(|rest| !rest.is_empty() && !rest.trim_start().starts_with(['Z', 'X']))
}

fn nobody_is_left(outcome: &Outcome) {
    let line = outcome.printed.lines().find_map(|line| line.strip_prefix("pids ")).unwrap();
    let pids: Vec<&str> = line.split(' ').collect();
    assert_eq!(pids.len(), 2);
    let begun = Instant::now();
    while pids.iter().any(|pid| at_work(pid)) {
        assert!(begun.elapsed() < Duration::from_secs(2), "{pids:?} live on");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_scanner_is_found_with_its_version_and_only_from_whole_paths() {
    let scanner = fake(TargetKind::Host, &["report", "{output}", "{address}"]);
    let found = found(&scanner);
    assert_eq!((found.key.as_str(), found.version.as_deref()), ("fake", Some("3.4.1")));
    assert_eq!(found.path, fake_folder().join("fakescan"));
    let nothing = |path: &str| {
        scanners::installed(std::slice::from_ref(&scanner), path.as_ref(), clock(), &AtomicBool::new(false))
    };
    assert_eq!(nothing("tests/fake"), Vec::new(), "from wherever this was started");
    assert_eq!(nothing(""), Vec::new());
}

#[test]
fn arguments_arrive_one_by_one_and_the_environment_is_clean() {
    let mut scanner = fake(TargetKind::Host, &["report", "{output}", "$(id)", "a b;c", "--", "{address}"]);
    scanner.since = vec![
        Since { version: "3.4".to_owned(), arguments: vec!["--new".to_owned()] },
        Since { version: "3.5".to_owned(), arguments: vec!["--newer".to_owned()] },
    ];
    let program = found(&scanner);
    let order = order(&scanner, &program, ScanTarget::Host("127.0.0.1".to_owned()));
    let outcome = run(&order, &loopback()).unwrap();
    let lines: Vec<&str> = outcome.printed.lines().collect();
    for line in ["[$(id)]", "[a b;c]", "[--new]", "[--]", "[127.0.0.1]", "LANG=C.UTF-8"] {
        assert!(lines.contains(&line), "{line}: {lines:?}");
    }
    assert!(!outcome.printed.contains("--newer"));
    for name in ["CARGO", "USER", "http_proxy", "SSH_AUTH_SOCK", "SHINDAN"] {
        assert!(!lines.iter().any(|line| line.starts_with(name)), "{name} was handed on");
    }
    assert!(lines.iter().any(|line| line.starts_with("drwx------")), "others may read the folder: {lines:?}");
    assert_eq!((outcome.ended, outcome.exit), (Ended::ByItself, Some(3)));
    assert_eq!(outcome.output, b"{\"findings\":[]}");
    assert_eq!(outcome.complained, "as an error\n");
    let home = lines.iter().find_map(|line| line.strip_prefix("HOME=")).unwrap();
    assert!(!Path::new(home).exists(), "the folder is removed");
}

#[test]
fn several_addresses_are_arguments_of_their_own_and_each_must_be_permitted() {
    let several = fake(TargetKind::Host, &["report", "{output}", "--", "{addresses}"]);
    let single = fake(TargetKind::Host, &["report", "{output}", "--", "{address}"]);
    let program = found(&several);
    let addresses =
        |all: &[&str]| ScanTarget::Addresses(all.iter().map(|one| one.parse().unwrap()).collect());
    let both = addresses(&["127.0.0.2", "127.0.0.1"]);
    let outcome = run(&order(&several, &program, both.clone()), &permit(&["127.0.0.0/30"], &[])).unwrap();
    assert!(outcome.printed.contains("[--]\n[127.0.0.1]\n[127.0.0.2]\n"), "{}", outcome.printed);
    assert!(!outcome.printed.contains("[-6]"));
    let narrow = run(&order(&several, &program, both.clone()), &permit(&["127.0.0.1"], &[]));
    assert!(
        matches!(narrow, Err(RunError::NotPermitted { address: Some(address), .. }) if address.to_string() == "127.0.0.2")
    );
    let other = run(&order(&single, &program, both), &loopback());
    assert!(matches!(other, Err(RunError::OtherTarget(_))), "it takes one address only");
    assert!(matches!(
        run(&order(&several, &program, addresses(&[])), &loopback()),
        Err(RunError::NotAHost(_))
    ));
    let sixth = run(&order(&several, &program, addresses(&["::1"])), &permit(&["::1"], &[])).unwrap();
    assert!(sixth.printed.contains("[-6]\n[--]\n[::1]\n"), "{}", sixth.printed);
}

#[test]
fn names_are_looked_up_once_and_what_is_unknown_stays_unknown() {
    // No name at all; asks no name server.
    let names = LookUps::new(["localhost".to_owned(), "a..b".to_owned()].into(), clock());
    assert!(names.get("localhost").unwrap().iter().all(std::net::IpAddr::is_loopback));
    assert_eq!(names.get("a..b"), None);
    assert_eq!(names.get("127.0.0.9").unwrap(), ["127.0.0.9".parse().unwrap()].into(), "another one");
    assert_eq!(names.get("c..d"), None);
    // Once the time is over nothing is waited for, and nothing is known.
    let late = || Instant::now() + Duration::from_secs(60) * CALLS.fetch_add(1, Ordering::SeqCst);
    static CALLS: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let clock = Clock { timestamp: jiff::Timestamp::now, instant: late };
    let late = LookUps::new(["localhost".to_owned()].into(), clock);
    assert_eq!(late.get("localhost"), None);
}

#[test]
fn targets_outside_of_the_permit_start_nothing() {
    let host = fake(TargetKind::Host, &["report", "{output}", "{address}"]);
    let url = fake(TargetKind::Url, &["report", "{output}", "{target}"]);
    let program = found(&host);
    let refused = |scanner: &Scanner, target: ScanTarget, permit: &Permit| {
        run(&order(scanner, &program, target), permit).unwrap_err()
    };
    let at = |text: &str| ScanTarget::Host(text.to_owned());
    let web = |text: &str| ScanTarget::Url(text.parse().unwrap());
    let none = Permit::default();
    assert!(matches!(refused(&host, at("127.0.0.1"), &none), RunError::NotPermitted { .. }));
    assert!(matches!(refused(&host, at("localhost"), &none), RunError::NotPermitted { .. }));
    assert!(matches!(refused(&url, web("http://localhost/"), &none), RunError::NotPermitted { .. }));
    let elsewhere = permit(&["127.0.0.1"], &["http://127.0.0.1/app/".to_owned()]);
    assert!(matches!(refused(&url, web("http://127.0.0.1/"), &elsewhere), RunError::NotPermitted { .. }));
    for text in ["-oN", "a b", "127.0.0.1/24", "127.0.0.1;id", "", "127.0.0.1\n", "127.0.0.1,10.0.0.1"] {
        assert!(matches!(refused(&host, at(text), &loopback()), RunError::NotAHost(_)), "{text}");
    }
    assert!(matches!(refused(&host, at("outside-check.invalid"), &loopback()), RunError::NotResolved { .. }));
    assert!(matches!(refused(&host, ScanTarget::ThisComputer, &loopback()), RunError::OtherTarget(_)));
}

#[test]
fn cancelling_ends_the_whole_group_within_a_second() {
    let scanner = fake(TargetKind::Host, &["linger", "{output}", "{address}"]);
    let program = found(&scanner);
    let order = order(&scanner, &program, ScanTarget::Host("127.0.0.1".to_owned()));
    let cancel = AtomicBool::new(false);
    let mut cancelled = None;
    let mut told = |progress: Progress| {
        if progress.last_line.starts_with("pids ") && cancelled.is_none() {
            cancelled = Some(Instant::now());
            cancel.store(true, Ordering::SeqCst);
        }
    };
    let outcome = scanners::run(&order, &loopback(), &search(), clock(), &mut told, &cancel).unwrap();
    assert!(cancelled.unwrap().elapsed() < Duration::from_secs(1), "{:?}", cancelled.unwrap().elapsed());
    assert_eq!((outcome.ended, outcome.exit, outcome.cancelled()), (Ended::Cancelled, None, true));
    nobody_is_left(&outcome);
}

#[test]
fn its_time_ends_it_and_what_it_leaves_behind_is_ended() {
    let scanner = fake(TargetKind::Host, &["linger", "{output}", "{address}"]);
    let program = found(&scanner);
    let mut order = order(&scanner, &program, ScanTarget::Host("127.0.0.1".to_owned()));
    order.time = Duration::from_secs(1);
    let begun = Instant::now();
    let outcome = run(&order, &loopback()).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    assert!(outcome.timed_out());
    nobody_is_left(&outcome);
    let leaving = fake(TargetKind::Host, &["leave", "{output}", "{address}"]);
    order.scanner = &leaving;
    let begun = Instant::now();
    let outcome = run(&order, &loopback()).unwrap();
    assert!(begun.elapsed() < Duration::from_secs(4), "a pipe that is held open is not waited for");
    assert_eq!((outcome.ended, outcome.exit), (Ended::ByItself, Some(0)));
    nobody_is_left(&outcome);
}

#[test]
fn floods_are_stopped_at_the_limit() {
    for how in ["print", "fill"] {
        let scanner = fake(TargetKind::Host, &[how, "{output}", "{address}"]);
        let program = found(&scanner);
        let mut order = order(&scanner, &program, ScanTarget::Host("127.0.0.1".to_owned()));
        order.most_bytes = 20_000;
        let begun = Instant::now();
        let outcome = run(&order, &loopback()).unwrap();
        assert_eq!((outcome.ended, outcome.exit), (Ended::TooLarge, None), "{how}");
        assert!(outcome.output.len() <= 20_000 && begun.elapsed() < Duration::from_secs(10), "{how}");
    }
}

/// The real one, or nothing with a line that says so.
fn real(key: &str, is_needed: bool) -> Option<(Scanner, Found)> {
    let scanner = scanners::known().unwrap().into_iter().find(|scanner| scanner.key == key).unwrap();
    let path = std::env::var_os("PATH").unwrap();
    let all = scanners::installed(std::slice::from_ref(&scanner), &path, clock(), &AtomicBool::new(false));
    let Some(found) = all.into_iter().next() else {
        let needed = is_needed && std::env::var("SHINDAN_NEED_SCANNERS").as_deref() == Ok("1");
        assert!(!needed, "{key} is needed and not installed");
        eprintln!("SKIPPED: {key} is not installed");
        return None;
    };
    let version = found.version.as_deref().unwrap_or_default();
    assert!(version.starts_with(|c: char| c.is_ascii_digit()), "{key} tells its version: {found:?}");
    Some((scanner, found))
}

fn finished(outcome: &Outcome) -> String {
    let said = format!("{}\n{}", outcome.printed, outcome.complained);
    assert_eq!(outcome.ended, Ended::ByItself, "{said}");
    assert!(!outcome.output.is_empty(), "{said}");
    String::from_utf8(outcome.output.clone()).unwrap()
}

#[test]
fn the_real_nmap_looks_at_the_weak_application() {
    let Some((scanner, found)) = real("nmap", true) else { return };
    let app = weak::weak();
    let mut order = order(&scanner, &found, ScanTarget::Host("127.0.0.1".to_owned()));
    order.ports = vec![app.address.port()];
    order.time = Duration::from_secs(120);
    let outcome = run(&order, &loopback()).unwrap();
    let report = finished(&outcome);
    assert_eq!(outcome.exit, Some(0));
    assert!(app.connections() > 0);
    for word in
        [&format!("portid=\"{}\"", app.address.port()), "state=\"open\"", "2.4.49", "exit=\"success\""]
    {
        assert!(report.contains(word), "{word}: {report}");
    }
}

#[test]
fn the_real_wapiti_looks_at_the_weak_application() {
    let Some((scanner, found)) = real("wapiti", true) else { return };
    let app = weak::weak();
    let mut order = order(&scanner, &found, ScanTarget::Url(app.http().parse().unwrap()));
    order.time = Duration::from_secs(180);
    let outcome = run(&order, &loopback()).unwrap();
    let report = finished(&outcome);
    assert!(app.connections() > 0);
    for word in ["\"vulnerabilities\"", "X-Frame-Options is not set", "Secure flag is not set"] {
        assert!(report.contains(word), "{word}: {report} {}", outcome.printed);
    }
}

#[test]
fn other_real_scanners_take_their_arguments() {
    for key in ["testssl", "lynis"] {
        real(key, false);
    }
    if let Some((scanner, found)) = real("bandit", false) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("weak.py"), "eval(input())\n").unwrap();
        let outcome =
            run(&order(&scanner, &found, ScanTarget::Folder(folder.path().to_owned())), &loopback());
        assert!(finished(&outcome.unwrap()).contains("B307"));
    }
    if let Some((scanner, found)) = real("ssh-audit", false) {
        let app = weak::listen("127.0.0.1", |mut stream| {
            drop(std::io::Write::write_all(&mut stream, b"SSH-2.0-OpenSSH_7.4\r\n"));
        });
        let mut order = order(&scanner, &found, ScanTarget::Host("127.0.0.1".to_owned()));
        order.ports = vec![app.address.port()];
        let outcome = run(&order, &loopback()).unwrap();
        assert!(app.connections() > 0, "{}{}", outcome.printed, outcome.complained);
    }
}
