use super::*;
use crate::inventory::Asset;

const SERVER_2019: &str = "cpe:2.3:o:microsoft:windows_server_2019:*:*:*:*:*:*:x64:*";

/// An inventory of one host: file, host, and what `fill` makes of its only component.
fn file(kind: InventoryKind, path: &str, host: &str, fill: impl FnOnce(&mut Component)) -> Inventory {
    let mut component = Component {
        name: UNNAMED_SYSTEM.to_owned(),
        asset: Some(0),
        pointer: "line 3".to_owned(),
        ..Component::default()
    };
    fill(&mut component);
    Inventory {
        path: path.to_owned(),
        kind,
        subject: None,
        about: None,
        components: vec![component].into(),
        assets: vec![Asset { name: Some(host.to_owned()).filter(|h| !h.is_empty()), ..Asset::default() }],
        opinions: Vec::new(),
        diagnostics: Vec::new(),
    }
}

fn system(path: &str, host: &str) -> Inventory {
    file(InventoryKind::WindowsSystemInfo, path, host, |component| {
        component.name = "Microsoft Windows Server 2019 Standard".to_owned();
        component.version = Some("10.0.17763".to_owned());
        component.cpe = Some(SERVER_2019.to_owned());
    })
}

fn updates(path: &str, host: &str, list: &[&str]) -> Inventory {
    file(InventoryKind::WindowsUpdates, path, host, |component| {
        component.updates = Some(list.iter().map(|update| (*update).to_owned()).collect());
    })
}

fn build(path: &str, version: &str) -> Inventory {
    file(InventoryKind::WindowsSystemInfo, path, "", |component| component.version = Some(version.to_owned()))
}

fn programs(path: &str, host: &str) -> Inventory {
    file(InventoryKind::WindowsPrograms, path, host, |component| {
        component.name = "7-Zip 19.00 (x64)".to_owned();
        component.program = true;
    })
}

/// One line per component and per diagnostic, in the order of the files.
fn check(inventories: impl IntoIterator<Item = Inventory>, expected: &[&str]) {
    let mut inventories: Vec<Inventory> = inventories.into_iter().collect();
    join(&mut inventories.iter_mut().collect::<Vec<_>>());
    let mut lines = Vec::new();
    for inventory in &inventories {
        for component in &inventory.components {
            let host = component
                .asset
                .and_then(|asset| inventory.assets.get(asset as usize)?.name.as_deref())
                .unwrap_or("-");
            let version = component.version.as_deref().unwrap_or("-");
            let updates = component.updates.as_ref().map_or("-".to_owned(), |list| list.join("+"));
            let name = &component.name;
            lines
                .push(format!("{} {host} {name} {version} {updates} @{}", inventory.path, component.pointer));
        }
        for diagnostic in &inventory.diagnostics {
            let params: Vec<&str> = diagnostic.params.values().map(String::as_str).collect();
            lines.push(format!("{} ! {} {}", inventory.path, diagnostic.code, params.join(" ")));
        }
    }
    assert_eq!(lines, expected);
}

#[test]
fn files_of_one_folder_are_one_host() {
    check(
        [
            updates("a/hotfix.csv", "SRV01", &["KB2", "KB3"]),
            programs("a/programs.reg", ""),
            system("a/systeminfo.txt", "srv01"),
            build("a/ver.txt", "10.0.17763.5576"),
        ],
        &[
            "a/hotfix.csv ! host-joined a/systeminfo.txt srv01",
            "a/programs.reg ! host-joined a/systeminfo.txt srv01",
            "a/systeminfo.txt srv01 Microsoft Windows Server 2019 Standard 10.0.17763.5576 KB2+KB3 @line 3",
            "a/systeminfo.txt srv01 7-Zip 19.00 (x64) - - @programs.reg: line 3",
            "a/ver.txt ! host-joined a/systeminfo.txt srv01",
        ],
    );
}

#[test]
fn hosts_are_kept_apart() {
    check(
        [
            system("SRV01.txt", "SRV01"),
            system("SRV02.txt", "SRV02"),
            updates("updates.csv", "SRV02.hospital.local", &["KB2"]),
            programs("srv01_programs.reg", ""),
            programs("programs.reg", ""),
        ],
        &[
            "SRV01.txt SRV01 Microsoft Windows Server 2019 Standard 10.0.17763 - @line 3",
            "SRV01.txt SRV01 7-Zip 19.00 (x64) - - @srv01_programs.reg: line 3",
            "SRV02.txt SRV02 Microsoft Windows Server 2019 Standard 10.0.17763 KB2 @line 3",
            "updates.csv ! host-joined SRV02.txt SRV02",
            "srv01_programs.reg ! host-joined SRV01.txt SRV01",
            "programs.reg - 7-Zip 19.00 (x64) - - @line 3",
            "programs.reg ! host-ambiguous 2",
        ],
    );
}

#[test]
fn across_folders_by_name_and_only_where_it_is_clear() {
    check(
        [system("a/s.txt", "SRV01"), updates("b/u.csv", "SRV01", &["KB2"]), programs("c/p.reg", "")],
        &[
            "a/s.txt SRV01 Microsoft Windows Server 2019 Standard 10.0.17763 KB2 @line 3",
            "b/u.csv ! host-joined a/s.txt SRV01",
            "c/p.reg - 7-Zip 19.00 (x64) - - @line 3",
        ],
    );
    check(
        [system("a/s.txt", "SRV01"), system("b/s.txt", "SRV01"), updates("c/u.csv", "SRV01", &["KB2"])],
        &[
            "a/s.txt SRV01 Microsoft Windows Server 2019 Standard 10.0.17763 - @line 3",
            "b/s.txt SRV01 Microsoft Windows Server 2019 Standard 10.0.17763 - @line 3",
            "c/u.csv SRV01 Microsoft Windows - KB2 @line 3",
            "c/u.csv ! windows-not-named Microsoft Windows",
        ],
    );
}

#[test]
fn one_folder_has_many_spellings() {
    check(
        [
            system("./dump/s.txt", "SRV01"),
            updates("dump//u.csv", "", &["KB2"]),
            programs("dump\\p.reg", ""),
            updates("/dump/u.csv", "", &["KB3"]),
        ],
        &[
            "./dump/s.txt SRV01 Microsoft Windows Server 2019 Standard 10.0.17763 KB2 @line 3",
            "./dump/s.txt SRV01 7-Zip 19.00 (x64) - - @p.reg: line 3",
            "dump//u.csv ! host-joined ./dump/s.txt SRV01",
            "dump\\p.reg ! host-joined ./dump/s.txt SRV01",
            "/dump/u.csv - Microsoft Windows - KB3 @line 3",
            "/dump/u.csv ! windows-not-named Microsoft Windows",
        ],
    );
}

/// Somebody put the list of another host into the folder: its updates must not count as installed here.
#[test]
fn lists_without_a_common_update_are_of_two_hosts() {
    let with_updates = |host: &str| {
        let mut system = system("s.txt", host);
        system.components[0].updates = Some(vec!["KB1".to_owned(), "KB2".to_owned()]);
        system
    };
    check(
        [with_updates("SRV01"), updates("u.csv", "", &["KB8", "KB9"])],
        &[
            "s.txt SRV01 Microsoft Windows Server 2019 Standard 10.0.17763 KB1+KB2 @line 3",
            "u.csv - Microsoft Windows - KB8+KB9 @line 3",
            "u.csv ! host-contradiction s.txt KB1 KB8",
            "u.csv ! windows-not-named Microsoft Windows",
        ],
    );
    // With a common one, or a name of its own, it is the same host.
    check(
        [with_updates("SRV01"), updates("u.csv", "", &["kb2", "KB9"]), updates("v.csv", "srv01", &["KB7"])],
        &[
            "s.txt SRV01 Microsoft Windows Server 2019 Standard 10.0.17763 KB1+KB2+kb2+KB9+KB7 @line 3",
            "u.csv ! host-joined s.txt SRV01",
            "v.csv ! host-joined s.txt SRV01",
        ],
    );
    check(
        [with_updates(""), updates("u.csv", "SRV02", &["KB8"])],
        &[
            "s.txt - Microsoft Windows Server 2019 Standard 10.0.17763 KB1+KB2 @line 3",
            "u.csv SRV02 Microsoft Windows - KB8 @line 3",
            "u.csv ! host-contradiction s.txt KB1 KB8",
            "u.csv ! windows-not-named Microsoft Windows",
        ],
    );
}

#[test]
fn contradictions_are_said() {
    check(
        [system("s.txt", "SRV01"), build("ver.txt", "10.0.20348.2340")],
        &[
            "s.txt SRV01 Microsoft Windows Server 2019 Standard 10.0.17763 - @line 3",
            "ver.txt - Windows Server 2022 10.0.20348.2340 - @line 3",
            "ver.txt ! host-contradiction s.txt 10.0.17763 10.0.20348.2340",
        ],
    );
}

#[test]
fn a_build_alone_may_name_the_system() {
    check(
        [build("ver.txt", "10.0.20348.2340")],
        &["ver.txt - Windows Server 2022 10.0.20348.2340 - @line 3"],
    );
    check(
        [build("ver.txt", "10.0.17763.5576")],
        &[
            "ver.txt - Microsoft Windows 10.0.17763.5576 - @line 3",
            "ver.txt ! windows-not-named Microsoft Windows 10.0.17763.5576",
        ],
    );
    check(
        [
            updates("a.csv", "", &["KB2"]),
            updates("b.csv", "", &["KB2", "KB3"]),
            build("ver.txt", "10.0.22631.3296"),
        ],
        &[
            "a.csv - Windows 11 Version 23H2 10.0.22631.3296 KB2+KB3 @line 3",
            "b.csv ! host-joined a.csv ",
            "ver.txt ! host-joined a.csv ",
        ],
    );
}

#[test]
fn releases_that_share_their_updates() {
    let mut client = system("s.txt", "PC01");
    client.components[0].name = "Microsoft Windows 10 Pro".to_owned();
    client.components[0].version = Some("10.0.19045".to_owned());
    client.components[0].cpe = Some("cpe:2.3:o:microsoft:windows_10_22h2:*:*:*:*:*:*:x64:*".to_owned());
    check(
        [client, build("dism.txt", "10.0.19041.3930")],
        &[
            "s.txt PC01 Microsoft Windows 10 Pro 10.0.19045.3930 - @line 3",
            "dism.txt ! host-joined s.txt PC01",
        ],
    );
}

#[test]
fn names_of_hosts_in_names_of_files() {
    assert!(names_host("srv01_programs.reg", "srv01") && names_host("programs-of srv01.reg", "srv01"));
    assert!(!names_host("srv011.reg", "srv01") && !names_host("srv01-b.reg", "srv01"));
    assert!(names_host("xsrv01 srv01.reg", "srv01"));
}
