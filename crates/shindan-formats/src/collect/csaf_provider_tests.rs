use super::*;

const PROVIDER: &str = include_str!("samples/provider-metadata.json");

const HOSTS: [&str; 2] = ["example.org", "dl.example.org"];

fn reasons(diagnostics: &[Diagnostic]) -> Vec<&str> {
    diagnostics
        .iter()
        .map(|told| told.params.get("reason").map_or(told.code.as_str(), String::as_str))
        .collect()
}

#[test]
fn a_provider_of_either_version_of_csaf() {
    let provider = provider(PROVIDER.as_bytes(), "p.json", &HOSTS, &Limits::DEFAULT).expect("reads");
    assert_eq!(provider.publisher, "Example");
    let directory = |url: &str| Distribution::Directory { url: url.to_owned() };
    let white = Distribution::Rolie {
        url: "https://example.org/csaf/white.json".to_owned(),
        tlp: "WHITE".to_owned(),
    };
    let expected = [directory("https://example.org/csaf/"), white, directory("https://dl.example.org/csaf")];
    assert_eq!(provider.distributions, expected);
    assert_eq!(provider.keys.len(), 1);
    assert_eq!(provider.keys[0].fingerprint, "AB12");
    assert_eq!(reasons(&provider.diagnostics), ["not-https", "other-host", "other-host"]);
}

#[test]
fn a_provider_without_a_usable_way_is_an_error() {
    let read =
        |text: &str| provider(text.as_bytes(), "p", &["example.org"], &Limits::DEFAULT).expect_err(text).code;
    let with = |list: &str| {
        format!(r#"{{"canonical_url":"u","publisher":{{"name":"n"}},"distributions":[{list}]}}"#)
    };
    assert_eq!(read(&with("")), Code::FieldMissing);
    assert_eq!(read(&with(r#"{"directory_url":"https://evil.org/"}"#)), Code::AddressRefused);
    assert_eq!(read("{}"), Code::FieldMissing);
    assert_eq!(read("<html>"), Code::PageInsteadOfData);
    assert_eq!(read("{\"canonical_url\":"), Code::JsonInvalid);
}

#[test]
fn a_rolie_feed() {
    let text = r#"{"feed":{"id":"f","updated":"2026-10-08T10:00:00Z","entry":[
      {"id":"EX-1","title":"t","published":"2026-10-01T00:00:00Z","updated":"2026-10-08T00:00:00Z",
       "link":[{"rel":"self","href":"https://example.org/2026/ex-1.json"},
               {"rel":"hash","href":"https://example.org/2026/ex-1.json.sha256"},
               {"rel":"hash","href":"https://evil.org/ex-1.json.sha512"},
               {"rel":"signature","href":"https://example.org/2026/ex-1.json.asc"}],
       "content":{"type":"application/json","src":"https://example.org/2026/ex-1.json"}},
      {"id":"EX-2","link":[{"rel":"self","href":"https://example.org/../ex-2.json"}]},{"id":"EX-3"}]}}"#;
    let feed = rolie(text.as_bytes(), "f", &HOSTS, Emptiness::NeverEmpty, &Limits::DEFAULT).expect("reads");
    let [entry] = feed.entries.as_slice() else { panic!("{:?}", feed.entries) };
    assert_eq!(entry.url, "https://example.org/2026/ex-1.json");
    assert_eq!(entry.hashes, ["https://example.org/2026/ex-1.json.sha256"]);
    assert_eq!(entry.signature.as_deref(), Some("https://example.org/2026/ex-1.json.asc"));
    assert_eq!(reasons(&feed.diagnostics), ["other-host", "leaves-folder", "field-missing"]);
    let empty = br#"{"feed":{"entry":[]}}"#;
    let read = |emptiness| rolie(empty, "f", &HOSTS, emptiness, &Limits::DEFAULT);
    assert_eq!(read(Emptiness::NeverEmpty).expect_err("never empty").code, Code::FeedEmpty);
    assert!(read(Emptiness::MayBeEmpty).expect("may be").entries.is_empty());
    let none = br#"{"feed":{"entry":[{"id":"EX-3"}]}}"#;
    let error = rolie(none, "f", &HOSTS, Emptiness::MayBeEmpty, &Limits::DEFAULT).expect_err("none is used");
    assert_eq!(error.code, Code::FieldMissing);
}

const FOLDER: &str = "https://example.org/csaf/";

#[test]
fn changes_and_index() {
    let text = "\"2026/ex-1.json\",\"2026-10-08T00:00:00Z\"\r\n2026/ex-1.json,2026-10-07T00:00:00Z\n\
                ../../etc/passwd,2026-10-07T00:00:00Z\n2026/ex-2.json,soon\n";
    let files = changes(text.as_bytes(), "changes.csv", FOLDER, &Limits::DEFAULT).expect("reads");
    let newest = files.files["https://example.org/csaf/2026/ex-1.json"];
    assert_eq!(newest.map(|at| at.to_string()).as_deref(), Some("2026-10-08T00:00:00Z"));
    assert_eq!(files.files["https://example.org/csaf/2026/ex-2.json"], None);
    assert_eq!(reasons(&files.diagnostics), ["leaves-folder", "date-invalid"]);
    let text = "2026/ex-1.json\r\n\nhttps://evil.org/a.json\n";
    let files = index(text.as_bytes(), "index.txt", FOLDER, &Limits::DEFAULT).expect("reads");
    assert_eq!(files.files.len(), 1);
    assert_eq!(reasons(&files.diagnostics), ["leaves-folder"]);
}

#[test]
fn lists_of_files_are_never_quietly_empty() {
    let changed = |text: &str| changes(text.as_bytes(), "f", FOLDER, &Limits::DEFAULT).expect_err(text).code;
    assert_eq!(changed(" "), Code::FileEmpty);
    assert_eq!(changed("<html>"), Code::PageInsteadOfData);
    assert_eq!(changed("a.json"), Code::FieldInvalid);
    assert_eq!(changed("a.json,2026-10-08T00:00:00Z,x"), Code::FieldInvalid);
    assert_eq!(changed("/a.json,2026-10-08T00:00:00Z"), Code::AddressRefused);
    let indexed = |text: &str| index(text.as_bytes(), "f", FOLDER, &Limits::DEFAULT).expect_err(text).code;
    assert_eq!(indexed("# none"), Code::FileEmpty);
    assert_eq!(indexed("../a.json"), Code::AddressRefused);
    let few = Limits { entries: 1, ..Limits::DEFAULT };
    assert_eq!(index(b"a\nb", "f", FOLDER, &few).expect_err("too long").code, Code::ListTooLong);
}
