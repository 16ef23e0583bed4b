//! Bad input through the real executable: a clear message with file and place, the rest goes on, the exit code says
//! so; never a panic, never a silent zero.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)] // helpers outside #[test] may fail a test, too

mod common;

use std::io::{Seek, Write};
use std::path::Path;

use common::{
    Folder, Said, check, codes_of_inputs, command, data, knowledge, rejections, run, said, text, zip,
};

/// Builds from bad documents beside a good one: the bad one is named, the good one is read.
#[track_caller]
fn build_beside(name: &str, content: &[u8], code: &str) -> Said {
    let folder = Folder::new();
    let bad = folder.write(name, content);
    let data_dir = folder.join("data");
    let said =
        run(["kb", "build", "--data-dir", text(&data_dir), text(&bad), text(&data("advisories/ghsa.json"))])
            .ends(3)
            .complains(&[name]);
    let found = rejections(&data_dir);
    assert!(found.iter().any(|c| c == code), "{code} not in {found:?}: {said}");
    let shown = ["kb", "show", "CVE-2024-11111", "--data-dir", text(&data_dir), "--format", "json"];
    run(shown).ends(0);
    // Alone, it makes no knowledge base at all, rather than an empty one.
    let alone = folder.join("alone");
    run(["kb", "build", "--data-dir", text(&alone), text(&bad)]).ends(3).complains(&[name]);
    run(["kb", "status", "--data-dir", text(&alone)]).ends(4);
    said
}

/// Checks a bad inventory beside a good one: the bad one is named, the good one is judged.
#[track_caller]
fn check_beside(name: &str, content: &[u8], code: &str) -> Said {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let bad = folder.write(name, content);
    let bom = data("inventories/bom.json");
    let said = check(&data_dir, &bad, &[text(&bom)]).ends(3).complains(&[name]);
    let answer = said.json();
    let found = codes_of_inputs(&answer);
    assert!(found.iter().any(|c| c == code), "{code} not in {found:?}");
    // The readable part of the bad one may add to the three.
    assert!(answer["summary"]["findings"].as_u64().unwrap() >= 3, "{answer:#}");
    // Alone, it is no clean bill either.
    let alone = run(["check", text(&bad), "--data-dir", text(&data_dir), "--lang", "en"]).ends(3);
    assert!(alone.stdout.contains("could not be read"), "{alone}");
    said
}

#[test]
fn truncated_json() {
    let osv = std::fs::read(data("advisories/rustsec.json")).unwrap();
    let said = build_beside("cut.json", &osv[..osv.len() - 20], "json-invalid");
    assert!(said.stderr.contains("cut.json:"), "the place is named: {said}");
    let bom = std::fs::read(data("inventories/bom.json")).unwrap();
    let said = check_beside("cut.json", &bom[..bom.len() - 20], "json-invalid");
    assert!(said.stderr.contains("cut.json:"), "the place is named: {said}");
}

#[test]
fn two_json_values_in_one_file() {
    let osv = std::fs::read(data("advisories/rustsec.json")).unwrap();
    let bom = std::fs::read(data("inventories/clean.json")).unwrap();
    build_beside("two.json", &[osv.clone(), osv].concat(), "json-trailing-content");
    check_beside("two.json", &[bom.clone(), bom].concat(), "json-trailing-content");
}

#[test]
fn empty_files() {
    for content in [b"".as_slice(), b" \n\t\r\n", b"\xef\xbb\xbf"] {
        build_beside("empty.json", content, "file-empty");
        check_beside("empty.json", content, "file-empty");
    }
}

#[test]
fn wrong_encodings() {
    let osv = std::fs::read_to_string(data("advisories/rustsec.json")).unwrap();
    let latin = osv.replace("Sample", "S\u{1}mple").into_bytes();
    let latin: Vec<u8> = latin.into_iter().map(|b| if b == 1 { 0xE4 } else { b }).collect();
    build_beside("latin.json", &latin, "encoding-invalid");
    let bom = std::fs::read_to_string(data("inventories/bom.json")).unwrap();
    let latin = bom.replace("example-fixed", "ex\u{1}mple").into_bytes();
    let latin: Vec<u8> = latin.into_iter().map(|b| if b == 1 { 0xE4 } else { b }).collect();
    check_beside("latin.json", &latin, "encoding-invalid");
    // UTF-16 with a byte order mark is no damage: it is read.
    let wide: Vec<u8> =
        std::iter::once(0xFEFF_u16).chain(bom.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let answer = check(&data_dir, &folder.write("wide.json", wide), &[]).ends(0).json();
    assert_eq!(answer["summary"]["findings"], 3);
}

#[test]
fn unknown_formats_and_binaries() {
    for content in [b"hello\n".as_slice(), b"{}", b"[1,2]", b"null", b"\x7fELF\x02\x01\x01"] {
        build_beside("what.bin", content, "format-unknown");
    }
    build_beside("page.html", b"<html><body></body></html>", "format-unsupported");
    for content in [
        b"hello there\n\tworld\n".as_slice(),
        b"{}",
        b"[1,2]",
        b"<html></html>",
        b"\x7fELF\x02\x01\x01\0\0\0",
    ] {
        let folder = Folder::new();
        let data_dir = knowledge(&folder);
        let said = check(&data_dir, &folder.write("what.bin", content), &[]);
        said.ends(3).complains(&["what.bin"]);
    }
    let spdx = br#"{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","packages":[]}"#;
    check_beside("spdx.json", spdx, "inventory-empty");
    build_beside("spdx.json", spdx, "format-unsupported");
    check_beside("spdx.yaml", b"SPDXID: SPDXRef-DOCUMENT\nspdxVersion: SPDX-2.3\n", "format-unsupported");
}

#[test]
fn deep_nesting() {
    let levels = 100_000;
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(levels), close.repeat(levels));
        build_beside("deep.json", deep.as_bytes(), "format-unknown");
        // In a field that is not read, it is passed over without recursion: what is read is right.
        let osv = std::fs::read_to_string(data("advisories/ghsa.json")).unwrap();
        let hidden = osv.replacen('{', &format!("{{\"database_specific\":{deep},"), 1);
        let folder = Folder::new();
        let (path, data_dir) = (folder.write("hidden.json", hidden), folder.join("data"));
        run(["kb", "build", "--data-dir", text(&data_dir), text(&path)]).ends(0);
        let bom = std::fs::read_to_string(data("inventories/bom.json")).unwrap();
        let hidden = bom.replacen('{', &format!("{{\"x\":{deep},"), 1);
        let answer = check(&data_dir, &folder.write("hidden-bom.json", hidden), &[]).ends(0).json();
        assert_eq!(answer["summary"]["findings"], 1);
    }
    // In a field that is read, it is refused.
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let osv = std::fs::read_to_string(data("advisories/ghsa.json")).unwrap();
    let deep = format!("\"affected\": [{}1{},", "[".repeat(levels), "]".repeat(levels));
    let path = folder.write("refused.json", osv.replacen("\"affected\": [", &deep, 1));
    let said = run(["kb", "build", "--data-dir", text(&folder.join("new")), text(&path)]);
    said.ends(3).complains(&["refused.json"]);
    let unclosed = "[".repeat(levels);
    check(&data_dir, &folder.write("deep.json", &unclosed), &[]).ends(3).complains(&["deep.json"]);
    let nested = format!(
        "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":[{}{}]}}",
        "{\"type\":\"library\",\"name\":\"a\",\"components\":[".repeat(levels),
        "]}".repeat(levels)
    );
    check_beside("components.json", nested.as_bytes(), "depth-exceeded");
    let xml = format!(
        "<VULDEF-Document xmlns=\"http://jvn.jp/vuldef/\" version=\"3.2\">{}{}</VULDEF-Document>",
        "<a>".repeat(levels),
        "</a>".repeat(levels)
    );
    build_beside("deep.xml", xml.as_bytes(), "depth-exceeded");
    let lock = format!(
        "version = 4\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = {}{}\n",
        "[".repeat(levels),
        "]".repeat(levels)
    );
    check(&data_dir, &folder.write("Cargo.lock", lock), &[]).ends(3).complains(&["Cargo.lock"]);
    let lock = format!(
        "{{\"name\":\"a\",\"lockfileVersion\":1,\"dependencies\":{}{{}}{}}}",
        "{\"a\":{\"version\":\"1.0.0\",\"dependencies\":".repeat(levels),
        "}}".repeat(levels)
    );
    check(&data_dir, &folder.write("package-lock.json", lock), &[]).ends(3).complains(&["package-lock.json"]);
}

#[test]
fn entities_are_never_expanded() {
    let mut laughs =
        String::from("<?xml version=\"1.0\"?>\n<!DOCTYPE VULDEF-Document [\n<!ENTITY a0 \"ha\">\n");
    for level in 1..12 {
        laughs.push_str(&format!("<!ENTITY a{level} \"{}\">\n", format!("&a{};", level - 1).repeat(10)));
    }
    laughs.push_str("]>\n<VULDEF-Document version=\"3.2\" xmlns=\"http://jvn.jp/vuldef/\"><Vulinfo><VulinfoID>&a11;</VulinfoID></Vulinfo></VULDEF-Document>");
    build_beside("laughs.xml", laughs.as_bytes(), "xml-entity-refused");
    let external = "<!DOCTYPE rdf:RDF SYSTEM \"file:///etc/passwd\" [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>\
                    <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:sec=\"http://jvn.jp/rss/mod_sec/3.0/\"><item><title>&x;</title></item></rdf:RDF>";
    build_beside("external.xml", external.as_bytes(), "xml-entity-refused");
    let undeclared = "<VULDEF-Document version=\"3.2\" xmlns=\"http://jvn.jp/vuldef/\"><Vulinfo><VulinfoID>&unknown;</VulinfoID></Vulinfo></VULDEF-Document>";
    let said = build_beside("undeclared.xml", undeclared.as_bytes(), "xml-entity-refused");
    assert!(!said.stderr.contains("/etc"), "{said}");
    // As an inventory, it is refused as well.
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    check(&data_dir, &folder.write("laughs.xml", laughs), &[]).ends(3);
}

#[test]
fn zip_bombs_nested_archives_and_names_that_leave() {
    let kev = std::fs::read(data("more/kev.json")).unwrap();
    let zeros = vec![b'0'; 16 << 20];
    let bomb = zip(&[("kev.json", &kev), ("zeros.json", &zeros)]);
    assert!(bomb.len() < 100_000);
    let said = build_beside_reading_the_rest("bomb.zip", &bomb, "archive-bomb");
    assert!(said.stderr.contains("zeros.json"), "the entry is named: {said}");
    let inner = zip(&[("kev.json", &kev)]);
    let nested = zip(&[("kev.json", &kev), ("inner.zip", &inner)]);
    let said = build_beside_reading_the_rest("nested.zip", &nested, "archive-nested");
    assert!(said.stderr.contains("inner.zip"), "{said}");
    for name in ["../../escaped.json", "/tmp/escaped.json", "C:\\escaped.json", "a\\..\\..\\escaped.json"] {
        let leaving = zip(&[("kev.json", &kev), (name, &kev)]);
        let said = build_beside_reading_the_rest("leaving.zip", &leaving, "archive-path-traversal");
        assert!(said.stderr.contains("escaped.json"), "{said}");
    }
    let whole = zip(&[("kev.json", &kev)]);
    build_beside("cut.zip", &whole[..whole.len() - 5], "archive-invalid");
}

/// An archive of which one entry is refused: the entry `kev.json` is still read.
#[track_caller]
fn build_beside_reading_the_rest(name: &str, content: &[u8], code: &str) -> Said {
    let folder = Folder::new();
    let bad = folder.write(name, content);
    let data_dir = folder.join("data");
    let said = run(["kb", "build", "--data-dir", text(&data_dir), text(&bad)]).ends(3).complains(&[name]);
    let found = rejections(&data_dir);
    assert!(found.iter().any(|c| c == code), "{code} not in {found:?}");
    let status = run(["kb", "status", "--data-dir", text(&data_dir), "--format", "json"]).ends(0).json();
    let sources = status["sources"].as_array().unwrap();
    assert!(sources.iter().any(|s| s["name"] == "CISA KEV" && s["advisories"] == 1), "{status:#}");
    assert_eq!(status["rejected"], 1, "{status:#}");
    // Nothing was written outside the data folder.
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
    said
}

/// A line of 1 GB in a sparse file, which takes no room on the disk: refused, within bounded memory.
#[test]
#[cfg(target_os = "linux")]
fn a_line_of_a_gigabyte() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let sparse = |name: &str, beginning: &str, size: u64| {
        let path = folder.join(name);
        let mut file = std::fs::File::create(&path).unwrap();
        file.write_all(beginning.as_bytes()).unwrap();
        file.set_len(size).unwrap();
        file.rewind().unwrap();
        path
    };
    // Beyond the limit it is refused by its size alone.
    let huge = sparse("huge.csv", "maker,model,firmware\n", (1 << 30) + 1);
    let said = bounded(&["check", text(&huge), "--data-dir", text(&data_dir), "--format", "json"], 1 << 20);
    assert_eq!(codes_of_inputs(&said.ends(3).json()), ["file-too-large"]);
    let said = bounded(&["kb", "build", text(&huge), "--data-dir", text(&folder.join("x"))], 1 << 20);
    said.ends(3).complains(&["huge.csv"]);
    // Below the limit: read once, and not multiplied.
    let line = folder.join("line.csv");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&line).unwrap());
    file.write_all(b"maker,model,firmware\n").unwrap();
    for _ in 0..24 {
        file.write_all(&vec![b'x'; 1 << 20]).unwrap();
    }
    file.flush().unwrap();
    drop(file);
    let said = bounded(&["check", text(&line), "--data-dir", text(&data_dir), "--format", "json"], 400 << 10);
    assert_eq!(codes_of_inputs(&said.ends(3).json()), ["line-too-long"]);
}

/// Runs with at most so many KiB of address space.
#[cfg(target_os = "linux")]
fn bounded(arguments: &[&str], kib: u64) -> Said {
    let program = env!("CARGO_BIN_EXE_shindan");
    let script = format!("ulimit -v {kib}; exec \"$0\" \"$@\"");
    let output = std::process::Command::new("sh")
        .args(["-c", &script, program])
        .args(arguments)
        .env_remove("SHINDAN_LANG")
        .env_remove("SHINDAN_DATA_DIR")
        .output()
        .expect("runs");
    said(output)
}

#[test]
fn files_and_folders_that_cannot_be_opened() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let bom = data("inventories/bom.json");
    let none = folder.join("none.json");
    let answer = check(&data_dir, &none, &[text(&bom)]).ends(3).complains(&["none.json"]).json();
    assert_eq!(answer["summary"]["findings"], 3);
    assert_eq!(codes_of_inputs(&answer), ["file-unreadable"]);
    run(["kb", "build", "--data-dir", text(&data_dir), text(&none), text(&data("advisories"))])
        .ends(3)
        .complains(&["none.json"]);
    assert_eq!(rejections(&data_dir), ["file-unreadable"]);
    // An empty folder holds no inventory: that is no clean bill.
    let empty = folder.join("empty");
    std::fs::create_dir_all(&empty).unwrap();
    let said = check(&data_dir, &empty, &[]);
    said.ends(3).complains(&["empty"]);
    run(["kb", "build", "--data-dir", text(&folder.join("new")), text(&empty)]).ends(3);
}

/// Files without permission; root may read everything, so nothing is shown there.
#[test]
#[cfg(unix)]
fn files_and_folders_without_permission() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let closed = folder.write("closed/bom.json", std::fs::read(data("inventories/bom.json")).unwrap());
    let parent = closed.parent().unwrap();
    let set =
        |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    set(&closed, 0o000);
    if std::fs::read(&closed).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    check(&data_dir, &closed, &[]).ends(3).complains(&["bom.json"]);
    set(&closed, 0o644);
    set(parent, 0o000);
    check(&data_dir, parent, &[]).ends(3).complains(&["closed"]);
    set(parent, 0o755);
    set(&data_dir.join("kb"), 0o555);
    run(["kb", "build", "--data-dir", text(&data_dir), text(&data("more"))]).ends(3);
    check(&data_dir, &data("inventories/bom.json"), &[]).ends(0);
    set(&data_dir.join("kb"), 0o755);
}

#[test]
fn inventories_that_say_little_or_nonsense() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    // Without versions: undetermined, with the vulnerability that could hit.
    let bom = folder.write(
        "unversioned.json",
        r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[
            {"type":"library","name":"example-pad","purl":"pkg:npm/example-pad"},
            {"type":"library","name":"example-pad","version":"","purl":"pkg:npm/example-pad"},
            {"type":"library","name":"example-pad","version":"no version","purl":"pkg:npm/example-pad@no%20version"}]}"#,
    );
    let answer = check(&data_dir, &bom, &[]).ends(0).json();
    assert_eq!(answer["summary"]["findings"], 0);
    assert_eq!(answer["summary"]["undetermined"], 3, "{answer:#}");
    for undetermined in answer["undetermined"].as_array().unwrap() {
        assert_eq!(undetermined["vulnerability"], "CVE-2024-11111");
    }
    // Dependencies in a circle.
    let bom = folder.write(
        "circle.json",
        r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[
            {"type":"library","bom-ref":"a","name":"example-pad","version":"1.0.0","purl":"pkg:npm/example-pad@1.0.0"},
            {"type":"library","bom-ref":"b","name":"example-crate","version":"1.0.0","purl":"pkg:cargo/example-crate@1.0.0"}],
            "dependencies":[{"ref":"a","dependsOn":["b"]},{"ref":"b","dependsOn":["a"]},{"ref":"c","dependsOn":["c"]}]}"#,
    );
    let said = check(&data_dir, &bom, &[]);
    let answer = said.json();
    assert_eq!(answer["summary"]["findings"], 2);
    assert!(codes_of_inputs(&answer).iter().any(|c| c == "reference-cycle"), "{answer:#}");
    // Ecosystems that are not known, or that the base does not cover, are told.
    let bom = folder.write(
        "unknown.json",
        r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[
            {"type":"library","name":"a","version":"1","purl":"pkg:nonsense/a@1"},
            {"type":"library","name":"b","version":"1","purl":"pkg:maven/g/b@1"},
            {"type":"library","name":"c","version":"1"}]}"#,
    );
    let answer = check(&data_dir, &bom, &[]).ends(0).json();
    let codes: Vec<&str> =
        answer["undetermined"].as_array().unwrap().iter().map(|u| u["code"].as_str().unwrap()).collect();
    assert_eq!(codes.len(), 3, "{answer:#}");
    assert!(codes.contains(&"identifier-missing"), "{codes:?}");
    assert_eq!(answer["coverage"]["judged"], 0);
    // An inventory that lists nothing is no clean one.
    let bom =
        folder.write("nothing.json", r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[]}"#);
    let answer = check(&data_dir, &bom, &[]).ends(3).json();
    assert_eq!(codes_of_inputs(&answer), ["inventory-empty"]);
}

#[test]
fn advisories_of_unknown_ecosystems_are_kept_and_told() {
    let folder = Folder::new();
    let osv =
        std::fs::read_to_string(data("advisories/ghsa.json")).unwrap().replace("\"npm\"", "\"Nonsense\"");
    let path = folder.write("nonsense.json", osv);
    let data_dir = folder.join("data");
    run(["kb", "build", "--data-dir", text(&data_dir), text(&path)]).ends(0);
    let status = run(["kb", "status", "--data-dir", text(&data_dir), "--format", "json"]).ends(0).json();
    assert_eq!(status["sources"][0]["warnings"]["ecosystem-unknown"], 1, "{status:#}");
    run(["kb", "show", "CVE-2024-11111", "--data-dir", text(&data_dir)]).ends(0);
}

/// Hundreds of bad files: messages are bounded, all of them are counted.
#[test]
fn many_bad_files_do_not_flood() {
    let folder = Folder::new();
    for number in 0..300 {
        folder.write(&format!("bad/{number}.json"), "{\"id\":");
    }
    folder.write("bad/good.json", std::fs::read(data("advisories/ghsa.json")).unwrap());
    let data_dir = folder.join("data");
    let said = run(["kb", "build", "--data-dir", text(&data_dir), text(&folder.join("bad"))]).ends(3);
    assert!(said.stderr.lines().count() < 60, "{said}");
    let status = run(["kb", "status", "--data-dir", text(&data_dir), "--format", "json"]).ends(0).json();
    assert_eq!(status["rejected"], 300);
}

/// Control characters of a foreign file must not reach the terminal.
#[test]
fn what_describes_a_folder_is_passed_over_unless_it_is_named() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let bom = std::fs::read(data("inventories/bom.json")).unwrap();
    folder.write("in/bom.json", &bom);
    let readme = folder.write("in/README.md", b"# What this is");
    folder.write("in/~$ledger.xlsx", b"x");
    run(["check", text(&folder.join("in")), "--data-dir", text(&data_dir)]).ends(0);
    run(["check", text(&readme), "--data-dir", text(&data_dir)]).ends(3).complains(&["README.md"]);
    // A folder that holds nothing else is empty, not clean.
    folder.write("only/LICENSE", b"terms");
    run(["check", text(&folder.join("only")), "--data-dir", text(&data_dir)]).ends(3).complains(&["only"]);
}

#[test]
fn terminals_get_no_foreign_control_characters() {
    let folder = Folder::new();
    let data_dir = knowledge(&folder);
    let bom = folder.write(
        "bom.json",
        r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[
            {"type":"library","name":"\u001b[31mred\u0007\u009b2J","version":"1.0.0","purl":"pkg:npm/example-pad@1.0.0"}]}"#,
    );
    let said = run(["check", text(&bom), "--data-dir", text(&data_dir)]).ends(0);
    let bad: Vec<char> =
        said.stdout.chars().chain(said.stderr.chars()).filter(|c| c.is_control() && *c != '\n').collect();
    assert!(bad.is_empty(), "{bad:?} in {said}");
    let odd = folder.write("odd.csv", "\u{1b}]0;title\u{7}hello\n");
    let said = said_of_both(&data_dir, &odd);
    assert!(!said.contains('\u{1b}') && !said.contains('\u{7}'), "{said:?}");
}

fn said_of_both(data_dir: &Path, path: &Path) -> String {
    let checked = run(["check", text(path), "--data-dir", text(data_dir)]).ends(3);
    let output =
        command(["kb", "build", "--data-dir", text(&data_dir.join("x")), text(path)]).output().unwrap();
    let built = said(output).ends(3);
    format!("{}{}{}{}", checked.stdout, checked.stderr, built.stdout, built.stderr)
}
