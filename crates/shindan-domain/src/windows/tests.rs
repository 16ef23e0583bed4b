use std::collections::BTreeSet;

use super::*;

fn text(product: Option<Product>) -> String {
    let Some(product) = product else { return "-".to_owned() };
    let mut text = product.line.name.to_owned();
    for more in [product.edition.map(Edition::as_str), product.architecture.map(Architecture::as_str)] {
        text.push_str(&more.map(|m| format!(", {m}")).unwrap_or_default());
    }
    if product.core {
        text.push_str(", core");
    }
    text
}

#[test]
fn names_in_advisories() {
    for (name, expected) in [
        ("Windows Server 2019", "Windows Server 2019"),
        ("Windows Server 2019  (Server Core installation)", "Windows Server 2019, core"),
        ("Windows Server, version 1803  (Server Core Installation)", "Windows Server version 1803, core"),
        ("Windows Server version 20H2", "Windows Server version 20H2"),
        ("Windows Server 2022, 23H2 Edition (Server Core installation)", "Windows Server version 23H2, core"),
        ("Windows Server 2022 Datacenter: Azure Edition (Hotpatch)", "Windows Server 2022"),
        ("Windows Server 2012 R2", "Windows Server 2012 R2"),
        ("Windows Server 2008 for Itanium-Based Systems Service Pack 2", "Windows Server 2008, itanium"),
        (
            "Windows Server 2008 R2 for x64-based Systems Service Pack 1 (Server Core installation)",
            "Windows Server 2008 R2, x64, core",
        ),
        ("Windows Server 2008 R2 Systems Service Pack 1", "Windows Server 2008 R2"),
        ("Windows 10 Version 22H2 for x64-based Systems", "Windows 10 Version 22H2, x64"),
        ("Windows 10 for 32-bit Systems", "Windows 10 Version 1507, x86"),
        ("Windows 10 Enterprise LTSC 2019", "Windows 10 Version 1809, ltsc"),
        ("Windows 11 for ARM64-based Systems", "Windows 11 Version 21H2, arm64"),
        ("Windows 11 version 22H3", "Windows 11 Version 23H2"),
        ("Windows 8.1 for x64-based systems", "Windows 8.1, x64"),
        ("Windows RT 8.1", "Windows RT 8.1"),
        ("Windows Vista x64 Edition Service Pack 2", "Windows Vista, x64"),
        // Another program, or nothing that is known.
        ("Internet Explorer 11 on Windows 10 for 32-bit Systems", "-"),
        ("Windows Admin Center", "-"),
        ("Windows Defender", "-"),
        ("Windows App Client for Windows Desktop", "-"),
        ("Windows Server", "-"),
        ("Windows 10 Version 9912", "-"),
        ("Windows 12", "-"),
        ("Windows", "-"),
        ("", "-"),
    ] {
        assert_eq!(text(advised(name)), expected, "{name}");
    }
}

#[test]
fn names_of_systems() {
    for (name, build, expected) in [
        ("Microsoft Windows 10 Pro", "10.0.19045", "Windows 10 Version 22H2, pro"),
        ("Microsoft Windows 10 Pro Education", "10.0.19045.4170", "Windows 10 Version 22H2, pro"),
        ("Microsoft Windows 10 Enterprise LTSC", "10.0.17763", "Windows 10 Version 1809, ltsc"),
        ("Microsoft Windows 10 IoT Enterprise LTSC", "10.0.19044", "Windows 10 Version 21H2, iot_ltsc"),
        ("Microsoft Windows 11 Home", "10.0.22631", "Windows 11 Version 23H2, home"),
        ("Microsoft Windows Server 2019 Standard", "10.0.17763", "Windows Server 2019"),
        ("Microsoft Windows Server 2012 R2 Datacenter", "6.3.9600", "Windows Server 2012 R2"),
        ("Microsoft® Windows Server® 2008 Standard", "6.0.6002", "Windows Server 2008"),
        ("Microsoft Windows 7 Professional", "6.1.7601", "Windows 7, pro"),
        ("Microsoft Windows 10 Pro", "10.0.99999", "-"),
        ("Microsoft Windows 10 Pro", "22H2", "-"),
        ("Microsoft SQL Server 2019", "10.0.17763", "-"),
    ] {
        assert_eq!(text(installed(name, build)), expected, "{name} {build}");
    }
}

#[test]
fn cpe_names() {
    let product = installed("Microsoft Windows 10 Pro", "10.0.19045").map(|mut p| {
        p.architecture = Architecture::of_text("x64-based PC");
        p.cpe()
    });
    assert_eq!(product.as_deref(), Some("cpe:2.3:o:microsoft:windows_10_22h2:*:*:*:*:pro:*:x64:*"));
    let server = advised("Windows Server 2022, 23H2 Edition (Server Core installation)").map(|p| p.cpes());
    assert_eq!(
        server.unwrap_or_default(),
        [
            "cpe:2.3:o:microsoft:windows_server_23h2:*:*:*:*:*:*:*:*",
            "cpe:2.3:o:microsoft:windows_server_2022_23h2:*:*:*:*:*:*:*:*",
        ]
    );
    assert_eq!(Line::of_cpe("microsoft", "windows_server_2019"), Line::named("windows server 2019"));
    assert_eq!(Line::of_cpe("vmware", "windows_server_2019"), None);
}

#[test]
fn every_line_is_found_by_its_name_build_and_cpe() {
    let mut products = BTreeSet::new();
    for line in Line::all() {
        assert!(!line.builds.is_empty() && !line.products.is_empty(), "{}", line.name);
        assert_eq!(text(advised(line.name)), line.name);
        for product in line.products {
            assert!(products.insert(product), "{product} names two lines");
            assert!(crate::cpe::Cpe::parse(&Product::of_line(line).cpe()).is_ok());
        }
        for build in line.builds {
            let found = Line::of_build(line.server, build).map(|found| found.name);
            // Windows RT and Windows 8 have one build; the name of the system tells them apart.
            assert_eq!(
                found,
                Some(line.name.replace(" RT 8.1", " 8.1").replace(" RT", " 8").as_str()),
                "{build}"
            );
        }
    }
}

#[test]
fn builds_of_a_line() {
    let line = |name: &str| Line::named(name).expect("in the table");
    let of = |name: &str, build: &str| line(name).build_of(build).unwrap_or_default();
    assert_eq!(of("Windows Server 2019", "10.0.17763.5576"), "10.0.17763.5576");
    assert_eq!(of("Windows Server 2019", "10.0.14393.5576"), "", "another line's");
    assert_eq!(of("Windows 10 Version 21H2", "10.0.19043.1237"), "10.0.19044.1237", "one core");
    assert_eq!(of("Windows Server 2012 R2", "1.001"), "", "an installer's version");
    assert_eq!(of("Windows Server 2012 R2", "1.1.0.0"), "");
    assert_eq!(of("Windows Server 2019", "10.0.17763"), "", "no revision");
    assert_eq!(of("Windows Server 2008", "6.0.6003.22567"), "6.0.6003.22567");
    assert!(revision_known("10.0.17763.5576"));
    assert!(!revision_known("10.0.17763"));
    assert!(!revision_known("1809"));
}

#[test]
fn texts_that_mean_a_windows() {
    for text in ["Windows10 Pro", "Microsoft Windows", " windows 11", "Win11", "WindowsServer2016"] {
        assert!(is_meant(text), "{text}");
    }
    for text in ["Ubuntu 22.04", "winter", "windows-sys", "WindowsApps", "専用OS", ""] {
        assert!(!is_meant(text), "{text}");
    }
}

#[test]
fn names_of_updates() {
    for (text, expected) in [
        ("5035849", Some("KB5035849")),
        (" KB5035849 ", Some("KB5035849")),
        ("kb 5035849", Some("KB5035849")),
        ("KB890830", Some("KB890830")),
        ("Release Notes", None),
        ("MS16-039", None),
        ("KB", None),
        ("", None),
        ("1234", None),
        ("５０３５８４９", None),
    ] {
        assert_eq!(update(text).as_deref(), expected, "{text}");
    }
    assert_eq!(
        updates("KB4524570; 4519998 and KB 4525106, 4524570 (MS16-039)"),
        ["KB4524570", "KB4519998", "KB4525106"]
    );
    assert!(updates("").is_empty());
}
