use shindan_domain::diagnostic::Code;

use super::*;

const OURS: &str = include_str!("../../../catalog/assessment/checks.toml");

#[test]
fn the_pack_that_ships_has_checks_for_every_kind() {
    let reading = read_checks("checks.toml", OURS.as_bytes());
    assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
    let pack = reading.value.unwrap();
    for kind in ApplicationKind::ALL {
        let of_kind: Vec<&Check> = pack.of(*kind).collect();
        assert!((8..=16).contains(&of_kind.len()), "{kind}: {}", of_kind.len());
        let own = of_kind.iter().filter(|check| check.kinds.len() == 1).count();
        assert!(own >= 8, "{kind}: only {own} are specific to it");
        // Source level, or from outside: whichever of the two is due has checks (SPEC.md, ③-3).
        let by = |way: Way| of_kind.iter().any(|check| check.ways.contains(&way));
        assert!(by(Way::Configuration), "{kind}");
        assert_eq!(by(Way::Outside), kind.permits(Way::Outside), "{kind}");
        let source_is_rare = [ApplicationKind::Server, ApplicationKind::NetworkDevice].contains(kind);
        assert!(by(Way::Source) || source_is_rare, "{kind}");
    }
    assert_eq!(pack.check("web-session").unwrap().kinds, [ApplicationKind::Web].into());
    assert_eq!(pack.check("web-sessions"), None);
}

#[test]
fn every_reference_names_a_guide_that_is_known() {
    let pack = read_checks("checks.toml", OURS.as_bytes()).value.unwrap();
    let numbered = |text: &str, prefix: &str, most: u32| {
        text.strip_prefix(prefix)
            .and_then(|number| number.parse::<u32>().ok())
            .is_some_and(|n| n >= 1 && n <= most)
    };
    // Groups of WSTG 4.2 with how many tests each has.
    let wstg = [
        ("INFO", 10),
        ("CONF", 11),
        ("IDNT", 5),
        ("ATHN", 10),
        ("ATHZ", 4),
        ("SESS", 9),
        ("INPV", 19),
        ("ERRH", 2),
        ("CRYP", 4),
        ("BUSL", 9),
        ("CLNT", 13),
        ("APIT", 1),
    ];
    let groups = ["STORAGE", "CRYPTO", "AUTH", "NETWORK", "PLATFORM", "CODE", "RESILIENCE", "PRIVACY"];
    let known = |text: &str| {
        wstg.iter().any(|(group, most)| numbered(text, &format!("WSTG-{group}-"), *most))
            || numbered(text, "ASVS 5.0 V", 17)
            || numbered(text, "API Security Top 10 2023 API", 10)
            || numbered(text, "OWASP IoT Top 10 2018 I", 10)
            || numbered(text, "OWASP Docker Top 10 D", 10)
            || numbered(text, "Desktop App Security Top 10 DA", 10)
            || numbered(text, "CIS Controls ", 18)
            || text.strip_prefix("MASVS-").is_some_and(|group| groups.contains(&group))
            || (text.starts_with("CIS ") && text.ends_with(" Benchmark"))
            || ["NIST SP 800-", "NISTIR 8", "IEC ", "MDS2 (", "IMDRF N", "FDA "]
                .iter()
                .any(|one| text.starts_with(one))
    };
    for check in &pack.checks {
        assert!(!check.references.is_empty(), "{}", check.key);
        for reference in &check.references {
            assert!(known(reference), "{}: {reference}", check.key);
        }
    }
}

#[test]
fn what_is_wrong_is_named_with_its_place_and_no_half_pack_is_used() {
    let first_medical = OURS.matches("[[check]]\n").count()
        - OURS.split("key = \"medical-disclosure\"").nth(1).unwrap().matches("[[check]]\n").count()
        - 1;
    let medical = format!("check[{first_medical}].ways");
    let after_key = "key = \"medical-disclosure\"\nkinds = [\"medical-device\"]";
    for (from, to, field) in [
        ("kinds = [\"web\"]", "kinds = [\"website\"]", "check[4].kinds"),
        ("kinds = [\"web\"]", "kinds = []", "check[4].kinds"),
        ("kinds = [\"web\"]", "kinds = [\"web\", \"web\"]", "check[4].kinds"),
        ("kinds = [\"web\"]", "kind = [\"web\"]", "check[4].kind"),
        ("ways = [\"source\", \"outside\"]", "ways = [\"inside\"]", "check[0].ways"),
        ("key = \"secrets-in-source\"", "key = \"known-components\"", "check[1].key"),
        ("key = \"secrets-in-source\"", "key = \"\"", "check[1].key"),
        ("title = { ja = \"通信の暗号化\", en", "title = { ja = \"\", en", "check[2].title.ja"),
        (
            after_key,
            "key = \"medical-disclosure\"\nkinds = [\"medical-device\", \"web\", \"x\"]",
            &medical.replace("ways", "kinds"),
        ),
        ("schema = \"shindan.assessment-checks/1\"", "schema = \"shindan.duties/1\"", "schema"),
    ] {
        let text = OURS.replacen(from, to, 1);
        assert_ne!(text, OURS, "{from}");
        refused(&text, field);
    }
    // A medical device must not be looked at from outside, not even by a check that it shares with others.
    let (before, after) = OURS.split_once(after_key).unwrap();
    let text = format!(
        "{before}{after_key}{}",
        after.replacen("ways = [\"configuration\"]", "ways = [\"outside\"]", 1)
    );
    refused(&text, &medical);
    refused(
        &OURS.replacen("kinds = [\"web\", \"api\"]", "kinds = [\"web\", \"medical-device\"]", 1),
        "check[2].ways",
    );
    assert_eq!(read_checks("own.toml", b"").diagnostics[0].code, Code::FileEmpty);
    let (head, _) = OURS.split_once("[[check]]").unwrap();
    refused(head, "check");
}

fn refused(text: &str, field: &str) {
    let reading = read_checks("own.toml", text.as_bytes());
    let named = reading.diagnostics.iter().any(|d| d.place.field.as_deref() == Some(field));
    assert!(named, "{field}: {:?}", reading.diagnostics);
    assert!(reading.value.is_none(), "{field}");
}

#[test]
fn any_damage_is_an_error_or_another_pack_and_never_a_panic() {
    let bytes = OURS.as_bytes();
    let whole = read_checks("own.toml", bytes).value.unwrap().checks.len();
    for cut in (0..bytes.len()).step_by(997) {
        let reading = read_checks("own.toml", &bytes[..cut]);
        assert!(reading.value.is_none_or(|pack| pack.checks.len() <= whole && !pack.checks.is_empty()));
        let mut flipped = bytes.to_vec();
        flipped[cut] ^= 0x11;
        drop(read_checks("own.toml", &flipped));
    }
}
