use proptest::prelude::*;

use super::*;

fn cpe(text: &str) -> Cpe {
    Cpe::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// A name that differs from `cpe:2.3:a:v:p:*…` in its version only.
fn version(value: &str) -> Cpe {
    cpe(&format!("cpe:2.3:a:v:p:{value}:*:*:*:*:*:*:*"))
}

#[test]
fn both_bindings_say_the_same() {
    // Examples of NISTIR 7695 sections 6.1 and 6.2, and real names.
    for (uri, formatted) in [
        (
            "cpe:/a:microsoft:internet_explorer:8.0.6001:beta",
            "cpe:2.3:a:microsoft:internet_explorer:8.0.6001:beta:*:*:*:*:*:*",
        ),
        (
            "cpe:/a:microsoft:internet_explorer:8.%02:sp%01",
            "cpe:2.3:a:microsoft:internet_explorer:8.*:sp?:*:*:*:*:*:*",
        ),
        (
            "cpe:/a:microsoft:internet_explorer:8.%02:sp%01%01",
            "cpe:2.3:a:microsoft:internet_explorer:8.*:sp??:*:*:*:*:*:*",
        ),
        (
            "cpe:/a:hp:insight_diagnostics:7.4.0.1570::~~online~win2003~x64~",
            "cpe:2.3:a:hp:insight_diagnostics:7.4.0.1570:*:*:*:online:win2003:x64:*",
        ),
        (
            "cpe:/a:hp:openview_network_manager:7.51:-:~~~linux~~",
            "cpe:2.3:a:hp:openview_network_manager:7.51:-:*:*:*:linux:*:*",
        ),
        (
            "cpe:/a:foo%5cbar:big%24money_2010:::~~special~ipod_touch~80gb~",
            r"cpe:2.3:a:foo\\bar:big\$money_2010:*:*:*:*:special:ipod_touch:80gb:*",
        ),
        ("cpe:/a:foo%7ebar:big%7emoney_2010", r"cpe:2.3:a:foo\~bar:big\~money_2010:*:*:*:*:*:*:*:*"),
        ("cpe:/o:fortinet:fortios", "cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:*"),
        ("cpe:/a:misc:multiple_vendors", "cpe:2.3:a:misc:multiple_vendors:*:*:*:*:*:*:*:*"),
        ("cpe:/a:redhat:openshift:4.6::el8", "cpe:2.3:a:redhat:openshift:4.6:*:el8:*:*:*:*:*"),
        ("cpe:/h:cisco:asa_5505:-", "cpe:2.3:h:cisco:asa_5505:-:*:*:*:*:*:*:*"),
        ("cpe:/a:v%3ax:%2d:%01x%02", r"cpe:2.3:a:v\:x:\-:?x*:*:*:*:*:*:*:*"),
    ] {
        assert_eq!(cpe(uri).to_string(), formatted);
        assert_eq!(cpe(formatted).to_uri(), uri);
        assert_eq!(cpe(uri), cpe(formatted));
        assert_eq!(cpe(formatted).to_string(), formatted);
    }
}

#[test]
fn accepts_the_wild_and_says_so() {
    for (text, formatted, note) in [
        (
            "cpe:2.3:a:vendor:pro+duct(x)!:1.0:*:*:*:*:*:*:*",
            r"cpe:2.3:a:vendor:pro\+duct\(x\)\!:1.0:*:*:*:*:*:*:*",
            Leniency::UnescapedPunctuation,
        ),
        ("cpe:/a:foo!bar:x", r"cpe:2.3:a:foo\!bar:x:*:*:*:*:*:*:*:*", Leniency::UnescapedPunctuation),
        ("cpe:2.3:a:v:p:1.0", "cpe:2.3:a:v:p:1.0:*:*:*:*:*:*:*", Leniency::MissingComponents),
        ("cpe:2.3:a:v:p::*:*:*:*:*:*:*", "cpe:2.3:a:v:p:*:*:*:*:*:*:*:*", Leniency::EmptyComponent),
        ("CPE:2.3:a:V:P:1:*:*:*:*:*:*:*", "cpe:2.3:a:v:p:1:*:*:*:*:*:*:*", Leniency::UpperCase),
        ("cpe:/a:日立:hirdb", "cpe:2.3:a:日立:hirdb:*:*:*:*:*:*:*:*", Leniency::NonAscii),
        ("cpe:2.3::misc", "cpe:2.3:*:misc:*:*:*:*:*:*:*:*:*", Leniency::EmptyComponent),
    ] {
        let (name, notes) = Cpe::parse_lenient(text).unwrap();
        assert_eq!(name.to_string(), formatted);
        assert!(notes.contains(&note), "{text}: {notes:?}");
    }
    assert_eq!(Cpe::parse_lenient(r"cpe:2.3:a:vendor:pro\:duct:1.0-rc_1:*:*:*:*:*:*:*").unwrap().1, []);
    assert_eq!(Cpe::parse_lenient("cpe:/a:vendor:product:1.0::~~~wordpress~~").unwrap().1, []);
}

#[test]
fn refuses_what_can_be_read_in_two_ways() {
    for text in [
        "",
        "cpe",
        "cpe:",
        "cpe:2.3",
        "cpe:2.4:a:b:c",
        "cpe:2.3:x:v:p:*:*:*:*:*:*:*:*",
        "cpe:/x:v:p",
        "cpe:2.3:a:vendor:pro:duct:1.0:*:*:*:*:*:*:*",
        "cpe:2.3:a:v:p:1.*.2:*:*:*:*:*:*:*",
        "cpe:/a:foo:bar:12.%02.1234",
        "cpe:2.3:a:v:p:**:*:*:*:*:*:*:*",
        r"cpe:2.3:a:v:p\",
        "cpe:/a:v:p%2",
        "cpe:/a:v:p:1::~a~b",
        "cpe:/a:1:2:3:4:5:6:7",
        "cpe:/a:v%0a:p",
        "cpe:2.3:a*:v:p:*:*:*:*:*:*:*:*",
    ] {
        assert!(Cpe::parse(text).is_err(), "{text}");
    }
}

#[test]
fn attributes_compare_as_table_6_2() {
    use Relation::{Disjoint, Equal, Subset, Superset, Undefined};
    for (row, source, target, relation) in [
        (1, "*", "*", Equal),
        (2, "*", "-", Superset),
        (3, "*", "1", Superset),
        (4, "*", "1*", Undefined),
        (5, "-", "*", Subset),
        (6, "-", "-", Equal),
        (7, "-", "1", Disjoint),
        (8, "-", "1*", Undefined),
        (9, "1", "1", Equal),
        (10, "1", "2", Disjoint),
        (11, "1", "1*", Undefined),
        (12, "1", "-", Disjoint),
        (13, "1", "*", Subset),
        (14, "1*", "12", Superset),
        (14, "1*", "21", Disjoint),
        (15, "1*", "*", Subset),
        (16, "1*", "-", Disjoint),
        (17, "1*", "*2", Undefined),
    ] {
        let (source, target) = (version(source), version(target));
        assert_eq!(compare_attributes(source.version(), target.version()), relation, "row {row}");
        assert_eq!(source.matches(&target), relation, "row {row}");
    }
}

#[test]
fn wildcards_cover_what_they_should() {
    for (pattern, text, covered) in [
        ("8.*", "8.0.1", true),
        ("8.*", "8", false),
        ("8.?", "8.1", true),
        ("8.?", "8.", true),
        ("8.?", "8.12", false),
        ("8.??", "8.12", true),
        ("*.1", "4.3.1", true),
        ("*.1*", "4.3.1.7", true),
        ("?a", "aa", true),
        ("?a", "aaa", false),
        ("??", "1", true),
        ("??", "123", false),
        ("*日本*", "x日本y", true),
        (r"1\*", "1*", false),
        ("1*", r"1\*", true),
    ] {
        let relation = version(pattern).matches(&version(text));
        assert_eq!(relation == Relation::Superset, covered, "{pattern} {text}: {relation:?}");
    }
}

#[test]
fn names_compare_as_table_6_4() {
    let fortios = cpe("cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:*");
    let device = cpe("cpe:2.3:o:fortinet:fortios:6.0.4:*:*:*:*:*:*:*");
    assert_eq!(fortios.matches(&device), Relation::Superset);
    assert_eq!(device.matches(&fortios), Relation::Subset);
    assert_eq!(fortios.matches(&fortios), Relation::Equal);
    assert_eq!(fortios.matches(&cpe("cpe:/o:fortinet:fortimanager:6.0.4")), Relation::Disjoint);
    // The source is wider in the version, narrower in the environment: neither holds the other.
    let plugin = cpe("cpe:2.3:a:v:p:*:*:*:*:*:wordpress:*:*");
    assert_eq!(plugin.matches(&version("1.0")), Relation::Undefined);
    assert_eq!(plugin.matches(&version("1.0")).truth(), Truth::Unknown);
    // Versions are compared elsewhere.
    assert_eq!(version("2.0").matches_except_version(&version("1.0")), Relation::Equal);
    assert_eq!(version("2.0").matches(&version("1.0")), Relation::Disjoint);
    assert_eq!(plugin.matches_except_version(&version("1.0")), Relation::Subset);
}

#[test]
fn configurations_have_three_outcomes() {
    let leaf = |text: &str, vulnerable| Node::Match(Leaf { criteria: cpe(text), vulnerable });
    let product = leaf("cpe:2.3:a:v:p:*:*:*:*:*:*:*:*", true);
    let windows = leaf("cpe:2.3:o:microsoft:windows:*:*:*:*:*:*:*:*", false);
    let both = Node::And { negate: false, children: vec![product.clone(), windows.clone()] };
    let p = version("1.0");
    let w = cpe("cpe:2.3:o:microsoft:windows:10:*:*:*:*:*:*:*");
    assert_eq!(both.evaluate(&[p.clone(), w.clone()]), Truth::True);
    assert_eq!(both.evaluate(std::slice::from_ref(&p)), Truth::Unknown);
    assert_eq!(both.evaluate(std::slice::from_ref(&w)), Truth::False);
    assert_eq!(both.evaluate(&[]), Truth::False);
    let either = Node::Or { negate: false, children: vec![windows.clone(), product.clone()] };
    assert_eq!(either.evaluate(std::slice::from_ref(&p)), Truth::True);
    assert_eq!(either.evaluate(&[]), Truth::Unknown);
    let without = Node::Or { negate: true, children: vec![windows] };
    assert_eq!(without.evaluate(&[w]), Truth::False);
    assert_eq!(without.evaluate(&[p]), Truth::Unknown);
    assert_eq!(Node::<Leaf>::And { negate: true, children: vec![] }.evaluate(&[]), Truth::Unknown);
    let mut deep = product;
    for _ in 0..1000 {
        deep = Node::Or { negate: false, children: vec![deep] };
    }
    assert_eq!(deep.evaluate(&[]), Truth::Unknown);
}

#[test]
fn vendor_and_product_come_cheap() {
    let plain = vendor_product("cpe:2.3:o:fortinet:fortios:6.0.4:*:*:*:*:*:*:*").unwrap();
    assert!(matches!(plain, (Cow::Borrowed("o"), Cow::Borrowed("fortinet"), Cow::Borrowed("fortios"))));
    for (text, expected) in [
        ("cpe:/a:misc:multiple_vendors", Some(["a", "misc", "multiple_vendors"])),
        (r"cpe:2.3:a:Vendor:pro\:duct\!:1:*:*:*:*:*:*:*", Some(["a", "vendor", "pro:duct!"])),
        ("cpe:/a:v%21x:p", Some(["a", "v!x", "p"])),
        ("cpe:2.3:a:*:-:1:*:*:*:*:*:*:*", Some(["a", "*", "-"])),
        (r"cpe:2.3:a:\*:\-:1:*:*:*:*:*:*:*", Some(["a", "\\*", "\\-"])),
        ("cpe:/a:v", Some(["a", "v", "*"])),
        ("cpe:2.3:a:v*:p:1:*:*:*:*:*:*:*", None),
        ("cpe:2.3:a:v", None),
        // An unescaped colon in a name that IBM published.
        ("cpe:2.3:a:ibm:sterling_connect:direct:6.0.0.0:*:*:*:*:unix:*:*", None),
        ("fortios", None),
    ] {
        let found = vendor_product(text);
        let found =
            found.as_ref().map(|(part, vendor, product)| [part.as_ref(), vendor.as_ref(), product.as_ref()]);
        assert_eq!(found, expected, "{text}");
    }
}

/// Every name in the genuine data is read, and both bindings keep it. Templates in schemas (`{part}`) are no names.
#[test]
fn genuine_names_survive() {
    let mut folders: Vec<_> =
        ["jvn", "nvd", "vendor", "cve5/cve"].into_iter().filter_map(shindan_testdata::path).collect();
    if folders.is_empty() {
        return;
    }
    let (mut names, mut refused) = (std::collections::BTreeSet::new(), Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                // In JSON a backslash stands twice.
                let is_json = path.extension().is_some_and(|extension| extension == "json");
                let text = if is_json { text.replace("\\\\", "\\") } else { text };
                let words = text.split(['"', '<', '>', ' ', '\n', '\r']);
                names.extend(
                    words.filter(|word| word.starts_with("cpe:") && !word.contains('{')).map(str::to_owned),
                );
            }
        }
    }
    for name in &names {
        match Cpe::parse(name) {
            Ok(read) => {
                assert_eq!(cpe(&read.to_string()), read, "{name}");
                assert_eq!(cpe(&read.to_uri()), read, "{name}");
            }
            Err(error) => refused.push(format!("{name}: {error}")),
        }
    }
    eprintln!("cpe: {} genuine names, {} refused {refused:?}", names.len(), refused.len());
    assert!(names.len() > 500 && refused.is_empty());
}

proptest! {
    #[test]
    fn never_panics(text in "\\PC*", tail in "[a-zA-Z0-9:*?~%\\\\!. -]{0,60}") {
        for text in [text, format!("cpe:2.3:a:{tail}"), format!("cpe:/a:{tail}")] {
            let _ = (Cpe::parse_lenient(&text).is_ok(), vendor_product(&text));
        }
    }

    #[test]
    fn what_is_read_can_be_written_and_read(tail in "[a-zA-Zあ0-9:*?~\\\\! ._-]{0,40}", uri in any::<bool>()) {
        let text = if uri { format!("cpe:/a:{tail}") } else { format!("cpe:2.3:a:{tail}") };
        if let Ok(name) = Cpe::parse(&text) {
            prop_assert_eq!(&Cpe::parse(&name.to_string()).unwrap(), &name);
            prop_assert_eq!(&Cpe::parse(&name.to_uri()).unwrap(), &name);
            prop_assert_eq!(name.matches(&name) == Relation::Equal, true);
        }
    }

    #[test]
    fn the_cheap_reading_agrees(tail in "[a-zA-Z0-9:*?~\\\\!._-]{0,30}", uri in any::<bool>()) {
        let text = if uri { format!("cpe:/a:{tail}") } else { format!("cpe:2.3:a:{tail}") };
        if let (Ok(name), Some((part, vendor, product))) = (Cpe::parse(&text), vendor_product(&text)) {
            for (value, key) in [(name.part(), part), (name.vendor(), vendor), (name.product(), product)] {
                prop_assert_eq!(formatted::plain_key(value.clone()), Some(key));
            }
        }
    }

    #[test]
    fn comparison_is_consistent(a in "[*?]?[ab]{0,3}[*?]?", b in "[ab]{1,4}") {
        let (Ok(source), Ok(target)) = (
            Cpe::parse(&format!("cpe:2.3:a:v:p:{a}:*:*:*:*:*:*:*")),
            Cpe::parse(&format!("cpe:2.3:a:v:p:{b}:*:*:*:*:*:*:*")),
        ) else { return Ok(()) };
        // A model that tries every way to fill the wildcards.
        let literal = a.trim_matches(['*', '?']);
        let fits = |wildcard: Option<char>, filler: &str| match wildcard {
            Some('*') => true,
            Some('?') => filler.len() <= 1,
            _ => filler.is_empty(),
        };
        let before = a.chars().next().filter(|c| "*?".contains(*c));
        let after = a.chars().last().filter(|c| "*?".contains(*c)).filter(|_| a.len() > 1 || before.is_none());
        let model = a.is_empty()
            || (literal.is_empty() && (a.contains('*') || b.len() <= a.len()))
            || (!literal.is_empty()
                && (0..=b.len()).any(|start| {
                    b[start..].strip_prefix(literal).is_some_and(|rest| fits(before, &b[..start]) && fits(after, rest))
                }));
        let relation = source.matches(&target);
        prop_assert_eq!(model, matches!(relation, Relation::Equal | Relation::Superset), "{:?}", relation);
    }
}
