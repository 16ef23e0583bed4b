//! Samples written by us after documented and published output; damaged samples; genuine reports of nmap.

use std::fmt::Write;
use std::path::PathBuf;

use shindan_domain::diagnostic::{Code, Severity};
use shindan_domain::sighting::SightingReport;

use super::read;
use crate::limits::Limits;

fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/sighting/samples");
    let paths = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<(String, Vec<u8>)> = paths
        .filter(|path| path.extension().is_some_and(|e| e != "expected"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    all.sort();
    all
}

fn told(report: &SightingReport) -> String {
    let mut text = format!("{}", report.format);
    let skipped = report.skipped;
    if let Some(at) = report.taken_at {
        write!(text, " taken {at}").unwrap();
    }
    for range in &report.ranges {
        write!(text, " range {range}").unwrap();
    }
    writeln!(
        text,
        " groups {} incomplete {} ended {} own {}",
        skipped.groups, skipped.incomplete, skipped.ended, skipped.own
    )
    .unwrap();
    for one in &report.observed {
        write!(text, "{}:", one.line).unwrap();
        one.mac.iter().for_each(|mac| write!(text, " {mac}").unwrap());
        one.addresses.iter().for_each(|address| write!(text, " {address}").unwrap());
        one.names.iter().for_each(|name| write!(text, " name={name}").unwrap());
        let others = [
            ("serial", &one.serial),
            ("vendor", &one.vendor),
            ("port", &one.port),
            ("version", &one.version),
        ];
        for (name, value) in others {
            value.iter().for_each(|value| write!(text, " {name}={value}").unwrap());
        }
        one.lease.iter().for_each(|lease| {
            write!(text, " lease={}", lease.state).unwrap();
            lease.ends.iter().for_each(|ends| write!(text, " until {ends}").unwrap());
        });
        one.seen_at.iter().for_each(|at| write!(text, " at {at}").unwrap());
        text.push('\n');
    }
    for diagnostic in &report.diagnostics {
        let params: Vec<String> =
            diagnostic.params.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let line = diagnostic.place.line.map(|line| line.to_string()).unwrap_or_default();
        writeln!(text, "! {line} {} {}", diagnostic.code.as_str(), params.join(" ")).unwrap();
    }
    text
}

#[test]
fn samples_of_every_format() {
    let mut formats = std::collections::BTreeSet::new();
    for (name, bytes) in samples() {
        let report =
            read(&bytes, &name, &Limits::DEFAULT).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
        formats.insert(report.format);
        let told = told(&report);
        let path = format!("{}/src/sighting/samples/{name}.expected", env!("CARGO_MANIFEST_DIR"));
        if std::env::var_os("SHINDAN_BLESS").is_some() {
            std::fs::write(&path, &told).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(told, expected, "{name}");
    }
    assert_eq!(
        formats.len(),
        shindan_domain::sighting::SightingFormat::ALL.len(),
        "each format has a sample"
    );
}

#[test]
fn the_same_table_in_three_encodings() {
    let of = |name: &str| {
        let bytes = samples().into_iter().find(|(own, _)| own == name).unwrap().1;
        read(&bytes, name, &Limits::DEFAULT).unwrap().observed
    };
    assert_eq!(of("arp-windows-cp932.txt"), of("arp-windows-utf16.txt"));
    assert_eq!(of("arp-windows-cp932.txt").len(), 2);
}

fn code(bytes: &[u8]) -> Code {
    let errors = read(bytes, "x", &Limits::DEFAULT).unwrap_err();
    assert!(errors.iter().any(|error| error.severity() == Severity::Error));
    errors[0].code
}

#[test]
fn nothing_seen_is_an_error() {
    assert_eq!(code(b""), Code::FileEmpty);
    assert_eq!(code(b" \r\n\n"), Code::FileEmpty);
    assert_eq!(code(b"hello\nworld\n"), Code::FormatUnknown);
    assert_eq!(code(b"name,owner\nct,ward\n"), Code::FormatUnknown);
    assert_eq!(code(b"PK\x03\x04\0\0"), Code::FormatUnknown);
    assert_eq!(code(b"<html></html>"), Code::FormatUnknown);
    assert_eq!(code(b"{\"hosts\": []}"), Code::FormatUnknown);
    // Known formats in which nobody answered.
    assert_eq!(code(b"MAC,IP\n"), Code::SightingsNone);
    assert_eq!(
        code(b"IP address       HW type     Flags       HW address            Mask     Device\n"),
        Code::SightingsNone
    );
    assert_eq!(code(b"192.168.10.77 dev eth0  FAILED\n"), Code::SightingsNone);
    assert_eq!(code(b"lease 10.0.0.1 {\n  binding state free;\n}\n"), Code::SightingsNone);
    let scan = "<nmaprun start='1' args='nmap 10.0.0.0/24'><runstats><finished time='2' exit='success'/></runstats></nmaprun>";
    assert_eq!(code(scan.as_bytes()), Code::SightingsNone);
}

#[test]
fn declarations_and_entities_are_refused() {
    let scan = |doctype: &str, name: &str| {
        format!(
            "<?xml version=\"1.0\"?>{doctype}<nmaprun start=\"1\"><host><status state=\"up\"/><address addr=\"10.0.0.1\" \
             addrtype=\"ipv4\"/><hostnames><hostname name=\"{name}\"/></hostnames></host></nmaprun>"
        )
    };
    assert!(read(scan("<!DOCTYPE nmaprun>", "a").as_bytes(), "x", &Limits::DEFAULT).is_ok());
    for doctype in [
        "<!DOCTYPE nmaprun SYSTEM \"http://example.com/nmap.dtd\">",
        "<!DOCTYPE nmaprun [<!ENTITY a \"b\">]>",
        "<!DOCTYPE other>",
        "<!DOCTYPE nmaprun><!DOCTYPE nmaprun>",
    ] {
        assert_eq!(code(scan(doctype, "a").as_bytes()), Code::XmlEntityRefused, "{doctype}");
    }
    assert_eq!(code(scan("", "&lol;").as_bytes()), Code::XmlInvalid);
}

#[test]
fn a_scan_that_did_not_end_says_so_and_covers_nothing() {
    let scan = |stats: &str, args: &str| {
        let text = format!(
            "<nmaprun start=\"10\" args=\"{args}\"><host><status state=\"up\"/><address addr=\"10.0.0.1\" addrtype=\"ipv4\"/></host>{stats}</nmaprun>"
        );
        let report = read(text.as_bytes(), "x", &Limits::DEFAULT).unwrap();
        let ranges: Vec<String> = report.ranges.iter().map(ToString::to_string).collect();
        (ranges.join(" "), report.unreadable())
    };
    let ended = "<runstats><finished time=\"20\" exit=\"success\"/></runstats>";
    assert_eq!(scan(ended, "nmap 10.0.0.0/24"), ("10.0.0.0/24".to_owned(), 0));
    assert_eq!(scan("", "nmap 10.0.0.0/24"), (String::new(), 1));
    let failed = "<runstats><finished time=\"20\" exit=\"error\"/></runstats>";
    assert_eq!(scan(failed, "nmap 10.0.0.0/24"), (String::new(), 1), "it did not look at all of them");
    for unclear in
        ["--exclude=10.0.0.9", "-exclude 10.0.0.9", "--excludefile x", "--excludefile=x", "-iLx", "-iR5"]
    {
        assert_eq!(scan(ended, &format!("nmap {unclear} 10.0.0.0/24")).0, "", "{unclear}");
    }
    assert_eq!(scan(ended, "nmap --exclude 10.0.0.9 10.0.0.0/24").0, "");
    assert_eq!(scan(ended, "nmap -iL targets.txt 10.0.0.0/24").0, "");
    assert_eq!(scan(ended, "nmap -S 10.9.9.9 -e eth0 10.0.0.1").0, "10.0.0.1/32");
}

/// A damaged entry is named, or the whole file is refused: no device disappears in silence.
#[test]
fn a_damaged_address_is_named() {
    let mut tried = 0;
    for (name, bytes) in samples() {
        if name.contains("utf16") || name.contains("cp932") {
            continue;
        }
        let report = read(&bytes, &name, &Limits::DEFAULT).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        for one in report.observed.iter().filter(|one| one.mac.is_some()) {
            let mac = one.mac.unwrap();
            let digits = mac.to_string().replace(':', "");
            let forms = [
                mac.to_string(),
                mac.to_string().replace(':', "-"),
                format!("{}.{}.{}", &digits[..4], &digits[4..8], &digits[8..]),
                format!("{}-{}-{}", &digits[..4], &digits[4..8], &digits[8..]),
                format!("{}-{}", &digits[..6], &digits[6..]),
            ];
            let Some(form) = forms.iter().find(|form| text.contains(form.as_str())) else { continue };
            let damaged = text.replace(form.as_str(), &format!("{}zz", &form[..form.len() - 2]));
            tried += 1;
            match read(damaged.as_bytes(), &name, &Limits::DEFAULT) {
                Err(errors) => assert!(!errors.is_empty()),
                Ok(damaged) => {
                    let lost = damaged.observed.iter().filter(|own| own.mac.is_some()).count()
                        < report.observed.iter().filter(|own| own.mac.is_some()).count();
                    let named = damaged.unreadable() > report.unreadable();
                    // A client identifier of a DHCP server need not be a hardware address.
                    let other = name.starts_with("dhcp-powershell");
                    assert!(lost && (named || other), "{name}: {form}");
                }
            }
        }
    }
    assert!(tried > 55, "{tried}");
}

#[test]
fn damaged_files_neither_panic_nor_come_out_empty() {
    let check = |bytes: &[u8], name: &str| match read(bytes, name, &Limits::DEFAULT) {
        Ok(report) => assert!(!report.observed.is_empty(), "{name}"),
        Err(errors) => assert!(errors.iter().any(|error| error.severity() == Severity::Error), "{name}"),
    };
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % bound.max(1) as u64).unwrap()
    };
    for (name, bytes) in samples() {
        for length in 0..bytes.len() {
            check(&bytes[..length], &name);
        }
        for _ in 0..400 {
            let mut damaged = bytes.clone();
            for _ in 0..=below(4) {
                let at = below(damaged.len());
                match below(3) {
                    0 => damaged[at] = u8::try_from(below(256)).unwrap(),
                    1 => drop(damaged.drain(at..(at + 1 + below(40)).min(damaged.len()))),
                    _ => {
                        let piece: Vec<u8> = damaged[at..(at + below(60)).min(damaged.len())].to_vec();
                        let to = below(damaged.len());
                        damaged.splice(to..to, piece);
                    }
                }
                if damaged.is_empty() {
                    break;
                }
            }
            check(&damaged, &name);
        }
    }
}

#[test]
fn limits_hold() {
    let limits = Limits { file_size: 100, line: 50, ..Limits::DEFAULT };
    let long = format!("192.168.10.1 dev eth0 lladdr 00:1b:17:00:01:10 {}\n", "x".repeat(30));
    let error = |text: &str| read(text.as_bytes(), "x", &limits).unwrap_err()[0].code;
    assert_eq!(error(&long), Code::LineTooLong);
    assert_eq!(error(&long.repeat(3)), Code::FileTooLarge);
    let bad =
        "192.168.10.1 dev eth0 lladdr 00:1b:17:00:01:10 REACHABLE\n".to_owned() + &"zzz\n".repeat(5_000);
    let report = read(bad.as_bytes(), "x", &Limits::DEFAULT).unwrap();
    assert_eq!(report.diagnostics.len(), 101, "the first are named, the rest is counted");
    assert_eq!(report.diagnostics[100].params["value"], "+4900");
}

#[test]
fn genuine_reports_of_nmap() {
    let Some(folder) = shindan_testdata::path("scans/nmap") else { return };
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let report = read(&bytes, "genuine.xml", &Limits::DEFAULT).unwrap();
        // What a person reads in the file: one host, scanned on 17 February 2020, no hardware address.
        assert_eq!(report.observed.len(), 1, "{}", path.display());
        let host = &report.observed[0];
        assert_eq!(host.addresses.iter().map(ToString::to_string).collect::<Vec<_>>(), ["192.168.0.1"]);
        assert_eq!((host.mac, host.version.as_deref()), (None, None));
        assert_eq!(host.seen_at.unwrap().to_string(), "2020-02-17T09:07:35Z");
        assert_eq!(report.ranges.iter().map(ToString::to_string).collect::<Vec<_>>(), ["192.168.0.1/32"]);
        for length in (0..bytes.len()).step_by(7) {
            assert!(read(&bytes[..length], "cut.xml", &Limits::DEFAULT).is_err(), "{length}");
        }
    }
}
