use super::*;

fn told(name: &str, updates: &[&str], builds: &[&str]) -> String {
    let texts = |list: &[&str]| list.iter().map(|t| (*t).to_owned()).collect();
    let named = named(name);
    let claim = named.claim(name, &Fix { updates: texts(updates), builds: texts(builds) });
    let versions = match &claim.versions {
        VersionClaim::All => "*".to_owned(),
        VersionClaim::Ranged { ranges, .. } => ranges[0].to_string(),
        VersionClaim::Undetermined { .. } => "?".to_owned(),
    };
    let on = if named.platform.is_empty() { "" } else { " on Windows" };
    format!("{} / {}{on}: {versions}", named.product.vendor.unwrap(), named.product.product.unwrap())
}

#[test]
fn windows_by_build_and_by_update() {
    let server = "Windows Server 2019  (Server Core installation)";
    assert_eq!(
        told(server, &["KB5035849"], &["10.0.17763.5576"]),
        "Microsoft / Windows Server 2019: >=10.0.17763 <10.0.17763.5576"
    );
    assert_eq!(told(server, &["KB5035849"], &["1.001"]), "Microsoft / Windows Server 2019: *");
    assert_eq!(told(server, &[], &["1.001"]), "Microsoft / Windows Server 2019: ?");
    // A hotpatch is a lower build than the cumulative update of the same month.
    assert_eq!(
        told("Windows Server 2022", &["KB5035857", "KB5035959"], &["10.0.20348.2333", "10.0.20348.2340"]),
        "Microsoft / Windows Server 2022: >=10.0.20348 <10.0.20348.2340"
    );
    assert_eq!(
        told("Windows 10 Version 21H2 for x64-based Systems", &[], &["10.0.19043.1237"]),
        "Microsoft / Windows 10 Version 21H2: >=10.0.19044 <10.0.19044.1237"
    );
    assert_eq!(
        named("Windows 10 Version 22H2 for x64-based Systems").product.cpes,
        ["cpe:2.3:o:microsoft:windows_10_22h2:*:*:*:*:*:*:x64:*"]
    );
}

#[test]
fn programs_by_their_own_counting() {
    for (name, builds, expected) in [
        (".NET 8.0", &["8.0.3"][..], "Microsoft / .NET 8.0: >=8.0 <8.0.3"),
        (
            "Microsoft Visual Studio 2022 version 17.9",
            &["17.9.3"],
            "Microsoft / Microsoft Visual Studio 2022 version 17.9: >=17.9 <17.9.3",
        ),
        (
            "Microsoft Visual Studio 2019 version 16.11 (includes 16.0 - 16.10)",
            &["16.11.34"],
            "Microsoft / Microsoft Visual Studio 2019 version 16.11 (includes 16.0 - 16.10): >=16.0 <16.11.34",
        ),
        ("Visual Studio Code", &["1.87.2"], "Microsoft / Visual Studio Code: <1.87.2"),
        (
            "Microsoft Exchange Server 2019 Cumulative Update 14",
            &["15.02.1544.009"],
            "Microsoft / Microsoft Exchange Server 2019 Cumulative Update 14: >=15.2 <15.02.1544.009",
        ),
        (
            "Microsoft SQL Server 2019 for x64-based Systems (CU 25)",
            &["15.0.4360.2"],
            "Microsoft / Microsoft SQL Server 2019 for x64-based Systems (CU 25): >=15.0 <15.0.4360.2",
        ),
        (
            "Microsoft Excel 2016 (32-bit edition)",
            &["16.0.5439.1000"],
            "Microsoft / Microsoft Excel 2016: <16.0.5439.1000",
        ),
        (
            "Microsoft Office 2019 for 32-bit editions",
            &["https://aka.ms/OfficeSecurityReleases"],
            "Microsoft / Microsoft Office 2019: ?",
        ),
        (
            "Internet Explorer 11 on Windows Server 2012 R2",
            &["1.001"],
            "Microsoft / Internet Explorer 11 on Windows: ?",
        ),
        // The build of the system is not a version of the framework.
        (
            "Microsoft .NET Framework 3.5 AND 4.8 on Windows Server 2019",
            &["10.0.17763.5576"],
            "Microsoft / Microsoft .NET Framework 3.5 AND 4.8 on Windows: ?",
        ),
        ("Adobe Flash Player on Windows RT 8.1", &[], "Adobe / Adobe Flash Player on Windows: ?"),
        (
            "ODBC Driver 17 for SQL Server on Linux",
            &["17.10.6.1"],
            "Microsoft / ODBC Driver 17 for SQL Server on Linux: <17.10.6.1",
        ),
        ("", &[], "Microsoft / : ?"),
    ] {
        assert_eq!(told(name, &[], builds), expected);
    }
}

#[test]
fn cve_records_name_one_windows() {
    let cpe = |product: &str| format!("cpe:2.3:o:microsoft:{product}:*:*:*:*:*:*:x64:*");
    let check = |name: &str, given: &[&str], kept: &[&str], dropped: usize| {
        let mut product = ProductRef {
            vendor: Some("Microsoft".to_owned()),
            product: Some(name.to_owned()),
            cpes: given.iter().map(|p| cpe(p)).collect(),
            ..ProductRef::default()
        };
        assert_eq!(align_windows(&mut product).len(), dropped, "{name}");
        let products: Vec<&str> = product.cpes.iter().filter_map(|c| c.split(':').nth(4)).collect();
        assert_eq!(products, kept, "{name}");
    };
    check("Windows 10 Version 1909", &["windows_10_1909", "windows_10_1809"], &["windows_10_1909"], 1);
    check("Windows 10 Version 2004", &["windows_10_1809"], &["windows_10_2004"], 1);
    check("Windows 8.1", &["windows_8.1", "windows_rt_8.1"], &["windows_8.1", "windows_rt_8.1"], 0);
    check("Windows Server 2012 R2", &["windows_server_2012_R2"], &["windows_server_2012_R2"], 0);
    check(
        "Windows 10 Version 1903 for x64-based Systems",
        &["windows_10"],
        &["windows_10", "windows_10_1903"],
        0,
    );
    check("Microsoft Edge", &["windows_10_1809"], &["windows_10_1809"], 0);
}

/// Which Windows the genuine CVE records of Microsoft mean, and how many of them name another one besides.
#[test]
fn genuine_records_name_the_windows_they_mean() {
    let Some(path) = shindan_testdata::path("cve5/vulnrichment-half.zip") else { return };
    let bytes = std::fs::read(path).unwrap();
    let archive = crate::archive::Archive::open(&bytes, "z", &crate::limits::Limits::DEFAULT).unwrap();
    let (mut windows, mut tolerated, mut others) = (0, 0, std::collections::BTreeSet::new());
    for index in 0..archive.len() {
        let entry = archive.entry(index).unwrap();
        if memchr::memmem::find(&entry.bytes, b"\"Windows").is_none() {
            continue;
        }
        let reading = crate::advisory::read(&entry.bytes, &entry.name, &crate::limits::Limits::DEFAULT);
        tolerated += reading
            .diagnostics
            .iter()
            .filter(|d| d.params.get("field").is_some_and(|field| field == "cpes"))
            .count();
        for affected in reading.advisories.iter().flat_map(|a| &a.affected) {
            let Some(name) = affected.product.product.as_deref().filter(|n| n.starts_with("Windows ")) else {
                continue;
            };
            if affected.product.vendor.as_deref() != Some(VENDOR) {
                continue;
            }
            match named(name).line {
                Some(line) => {
                    windows += 1;
                    let own = |cpe: &String| {
                        line.products.iter().any(|p| cpe.contains(&format!(":microsoft:{p}:")))
                    };
                    assert!(affected.product.cpes.iter().any(own), "{name}: {:?}", affected.product.cpes);
                }
                None => {
                    others.insert(name.to_owned());
                }
            }
        }
    }
    eprintln!("CVE 5: {windows} statements about Windows, {tolerated} names of another Windows; {others:?}");
    assert_eq!(others.len(), 0, "{others:?}");
    assert!(windows > 9_000);
}
