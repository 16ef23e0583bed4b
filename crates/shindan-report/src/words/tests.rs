use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use shindan_domain::advisory::{Justification, Status};
use shindan_domain::crosswalk::{Certainty, EvidenceCode, EvidenceItem};
use shindan_domain::diagnostic::{Code, Params, Severity};
use shindan_domain::explanation::{Applied, CandidateOutcome, Rule};
use shindan_domain::finding::{Confidence, MatchMethod, NameReading};
use shindan_domain::identifier::FindingKind;
use shindan_domain::inventory::{AssetKind, Exposure, InventoryKind};
use shindan_domain::priority::{Decision, ORIGINS, POINTS};
use shindan_domain::verification::{Check, CheckOutcome, Method, Outcome, Strength, VerificationCode};

use super::{Lang, Part, Words, code_text, evidence_text, grouped, rule_text, verification_text, ways};

const DIAGNOSTICS: &str = include_str!("../../../shindan-domain/src/diagnostic.rs");

/// All files of a language.
fn sources(lang: Lang) -> impl Iterator<Item = &'static str> {
    [Part::Answers, Part::Records].into_iter().flat_map(move |part| lang.sources(part).iter().copied())
}

/// Key → the values that its text uses, from the text of the files.
fn keys(lang: Lang) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in sources(lang) {
        let mut current = String::new();
        for line in source.lines() {
            if let Some((key, _)) =
                line.split_once(" = ").filter(|(k, _)| k.starts_with(|c: char| c.is_ascii_lowercase()))
            {
                current = key.to_owned();
                assert!(!keys.contains_key(key), "{lang}: {key} is defined twice");
            }
            let values = line.split("{ $").skip(1).filter_map(|t| t.split_whitespace().next());
            if !line.starts_with('#') && !current.is_empty() {
                keys.entry(current.clone()).or_default().extend(values.map(str::to_owned));
            }
        }
    }
    keys
}

/// Those values of a text that are particulars: what is left is a step, page or field that it names.
fn particulars(values: &BTreeSet<String>) -> BTreeSet<String> {
    values.iter().filter(|name| ways::typed(name).is_none()).cloned().collect()
}

#[test]
fn every_step_that_a_text_names_is_known() {
    for (key, values) in keys(Lang::Ja) {
        let named = |name: &&String| name.starts_with("do-") || name.starts_with("with-");
        let unknown: Vec<_> = particulars(&values).into_iter().filter(|name| named(&name)).collect();
        assert!(unknown.is_empty(), "{key}: {unknown:?}");
    }
}

#[test]
fn files_are_valid_fluent() {
    for lang in Lang::ALL {
        for source in sources(lang) {
            let resource = FluentResource::try_new(source.to_owned());
            assert!(resource.is_ok(), "{lang}: {:?}", resource.err().map(|(_, errors)| errors));
        }
    }
}

#[test]
fn both_languages_have_the_same_keys_and_values() {
    let (ja, en) = (keys(Lang::Ja), keys(Lang::En));
    assert_eq!(ja, en);
    assert!(ja.len() > 200, "the files were read");
}

#[test]
fn every_code_has_words_with_documented_parameters_only() {
    let documented = documented_parameters();
    assert_eq!(documented.len(), Code::ALL.len(), "every code was found in its source");
    let keys = keys(Lang::Ja);
    for code in Code::ALL {
        let used = keys.get(&format!("code-{code}")).unwrap_or_else(|| panic!("no words for {code}"));
        let (used, known) = (particulars(used), &documented[code.as_str()]);
        assert!(used.is_subset(known), "{code}: uses {used:?}, documented are {known:?}");
    }
}

/// Code → parameters named in its documentation, read from the source of the domain.
fn documented_parameters() -> BTreeMap<&'static str, BTreeSet<String>> {
    documented(DIAGNOSTICS, &Code::ALL.iter().map(|c| c.as_str()).collect::<Vec<_>>())
}

fn documented(source: &str, codes: &[&'static str]) -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    let mut comment = String::new();
    for line in source.lines().map(str::trim) {
        let defined = |code: &&&str| {
            line.contains(&format!("= \"{code}\",")) || line.ends_with(&format!("= \"{code}\";"))
        };
        if let Some(text) = line.strip_prefix("///") {
            comment.push_str(text);
        } else if let Some(code) = codes.iter().find(defined) {
            let names = comment.split_once("Params:").map_or("", |(_, names)| names);
            found.insert(*code, names.split('`').skip(1).step_by(2).map(str::to_owned).collect());
            comment.clear();
        } else {
            comment.clear();
        }
    }
    found
}

#[test]
fn every_kind_of_evidence_has_words_with_documented_parameters_only() {
    let source = include_str!("../../../shindan-domain/src/crosswalk/evidence.rs");
    let documented = documented(source, &EvidenceCode::ALL.iter().map(|c| c.as_str()).collect::<Vec<_>>());
    assert_eq!(documented.len(), EvidenceCode::ALL.len(), "every code was found in its source");
    let keys = keys(Lang::Ja);
    let english = Words::new(Lang::En);
    for code in EvidenceCode::ALL {
        let used = keys
            .get(&format!("evidence-{}", code.as_str()))
            .unwrap_or_else(|| panic!("no words for {code:?}"));
        assert_eq!(used, &documented[code.as_str()], "{code:?}");
        let params = used.iter().map(|n| (n.clone(), format!("<{n}>"))).collect();
        let item = EvidenceItem { code: *code, params };
        assert_eq!(evidence_text(&item).to_string(), english.evidence(&item), "{code:?}");
    }
}

#[test]
fn every_rule_has_words_with_documented_parameters_only() {
    let source = include_str!("../../../shindan-domain/src/explanation.rs");
    let documented = documented(source, &Rule::ALL.iter().map(|r| r.as_str()).collect::<Vec<_>>());
    assert_eq!(documented.len(), Rule::ALL.len(), "every rule was found in its source");
    let keys = keys(Lang::Ja);
    let english = Words::new(Lang::En);
    for rule in Rule::ALL {
        let used = keys.get(&format!("rule-{rule}")).unwrap_or_else(|| panic!("no words for {rule}"));
        let known = &documented[rule.as_str()];
        assert!(used.is_subset(known), "{rule}: uses {used:?}, documented are {known:?}");
        let params = known.iter().map(|name| (name.clone(), format!("<{name}>"))).collect();
        let applied = Applied { params, ..Applied::new(*rule) };
        assert_eq!(rule_text(&applied).to_string(), english.rule(&applied), "{rule}");
    }
}

#[test]
fn every_verification_code_has_words_with_documented_parameters_only() {
    let source = include_str!("../../../shindan-domain/src/verification.rs");
    let documented =
        documented(source, &VerificationCode::ALL.iter().map(|c| c.as_str()).collect::<Vec<_>>());
    assert_eq!(documented.len(), VerificationCode::ALL.len(), "every code was found in its source");
    let keys = keys(Lang::Ja);
    let english = Words::new(Lang::En).for_command_line();
    for code in VerificationCode::ALL {
        let used = keys.get(&format!("verify-{code}")).unwrap_or_else(|| panic!("no words for {code}"));
        let (used, known) = (particulars(used), &documented[code.as_str()]);
        assert!(used.is_subset(known), "{code}: uses {used:?}, documented are {known:?}");
        let mut check = Check::new(Method::Sha256, CheckOutcome::Passed, *code);
        for name in known {
            check = check.with(name, format!("<{name}>"));
        }
        assert_eq!(verification_text(&check).to_string(), english.verification(&check), "{code}");
    }
}

#[test]
fn no_placeholder_stays_in_any_text() {
    for lang in Lang::ALL {
        let words = Words::new(lang);
        for (key, values) in keys(lang) {
            let values = particulars(&values);
            for count in [0u64, 1, 2, 12_345] {
                let values: Vec<_> = values.iter().map(|v| (v.as_str(), count.into())).collect();
                let text = words.get(&key, &values);
                assert!(!text.contains(['{', '}', '$']), "{lang}: {key}: {text}");
                assert_ne!(text, format!("[{key}]"), "{lang}: {key} is missing");
                assert!(!text.contains(['\u{2068}', '\u{2069}']), "{lang}: {key}: isolation marks");
                assert!(!text.trim().is_empty(), "{lang}: {key} is empty");
            }
        }
        for code in Code::ALL {
            let text = words.code(*code, &Params::new());
            assert!(!text.contains(['{', '}', '$']), "{lang}: {code} without parameters: {text}");
        }
    }
}

#[test]
fn json_texts_are_what_fluent_makes_of_the_english_file() {
    let english = Words::new(Lang::En).for_command_line();
    let documented = documented_parameters();
    for code in Code::ALL {
        let filled = documented[code.as_str()].iter().map(|n| (n.clone(), format!("<{n}>"))).collect();
        for params in [filled, Params::new()] {
            assert_eq!(code_text(*code, &params).to_string(), english.code(*code, &params), "{code}");
        }
    }
}

#[test]
fn every_value_of_every_enumeration_has_a_label() {
    let mut wanted: Vec<(&str, &str)> = Vec::new();
    for decision in Decision::ALL {
        wanted.extend([("priority", decision.as_str()), ("act", decision.as_str())]);
    }
    use MatchMethod as M;
    let methods = [
        M::Purl,
        M::Cpe,
        M::DeviceProduct,
        M::DeviceModel,
        M::HardwareSoftware,
        M::SupportEnd,
        M::ConfirmedIdentity,
        M::BomLink,
    ];
    wanted.extend(methods.map(|m| ("method", m.as_str())));
    wanted.extend(NameReading::ALL.map(|r| ("reading-of-name", r.as_str())));
    for confidence in [Confidence::Low, Confidence::Medium, Confidence::High] {
        wanted.extend([("confidence", confidence.as_str()), ("confidence-note", confidence.as_str())]);
    }
    wanted.extend(AssetKind::ALL.map(|k| ("asset-kind", k.as_str())));
    wanted.extend([Exposure::Small, Exposure::Controlled, Exposure::Open].map(|e| ("exposure", e.as_str())));
    use FindingKind as K;
    let kinds = [K::Vulnerability, K::Misconfiguration, K::Unmaintained, K::Unsound, K::EndOfLife];
    wanted.extend(kinds.map(|k| ("kind", k.as_str())));
    let statuses = [Status::Affected, Status::NotAffected, Status::Fixed, Status::UnderInvestigation];
    wanted.extend(statuses.map(|s| ("status", s.as_str())));
    use InventoryKind as I;
    let inventories = [I::CyclonedxJson, I::CargoLock, I::PackageLock, I::Requirements, I::DeviceList];
    wanted.extend(inventories.map(|k| ("inventory", k.as_str())));
    wanted.extend(Justification::ALL.map(|j| ("justification", j.as_str())));
    wanted.extend(["none", "low", "medium", "high", "critical"].map(|s| ("cvss", s)));
    wanted.extend(["note", "warning", "error"].map(|s| ("severity", s)));
    wanted.extend(["ranged", "all", "undetermined"].map(|s| ("state", s)));
    wanted.extend(POINTS.map(|p| ("point", p)));
    wanted.extend(["none", "poc", "public-poc", "active"].map(|v| ("value-exploitation", v)));
    wanted.extend(["small", "controlled", "open"].map(|v| ("value-exposure", v)));
    wanted.extend(["no", "yes"].map(|v| ("value-automatable", v)));
    wanted.extend(["low", "medium", "high", "very-high"].map(|v| ("value-human-impact", v)));
    wanted.extend(ORIGINS.map(|o| ("origin", o)));
    wanted.extend(CandidateOutcome::ALL.map(|o| ("candidate", o.as_str())));
    wanted.extend(Justification::ALL.map(|j| ("justification", j.as_str())));
    wanted.extend(Certainty::ALL.map(|c| ("certainty", c.as_str())));
    wanted.extend(
        Outcome::ALL.iter().flat_map(|o| [("verify-outcome", o.as_str()), ("verify-advice", o.as_str())]),
    );
    wanted.extend(CheckOutcome::ALL.iter().map(|o| ("verify-result", o.as_str())));
    wanted.extend(Method::ALL.iter().map(|m| ("verify-method", m.as_str())));
    wanted.extend(Strength::ALL.iter().map(|s| ("verify-strength", s.as_str())));
    let known = keys(Lang::Ja);
    for (family, value) in wanted {
        assert!(known.contains_key(&format!("{family}-{value}")), "no label {family}-{value}");
    }
}

/// The codes that the domain lists under "why something could not be judged" have a short name and a next step.
#[test]
fn every_reason_has_a_short_name_and_a_next_step() {
    let section = DIAGNOSTICS.split("why something could not be judged ---").nth(1).unwrap();
    let section = section.split("// ----").next().unwrap();
    let known = keys(Lang::Ja);
    let mut count = 0;
    for code in Code::ALL.iter().filter(|c| section.contains(&format!("= \"{c}\","))) {
        count += 1;
        assert!(known.contains_key(&format!("reason-{code}")), "no reason-{code}");
        assert!(known.contains_key(&format!("next-{code}")), "no next-{code}");
    }
    assert!(count >= 12, "the section was found");
}

#[test]
fn every_warning_has_a_short_name_for_counts() {
    let known = keys(Lang::Ja);
    for code in Code::ALL.iter().filter(|c| c.severity() == Severity::Warning) {
        assert!(known.contains_key(&format!("reason-{code}")), "no reason-{code}");
    }
}

/// Every key that the code or a template asks for exists. (`label` falls back to the value by design.)
#[test]
fn every_key_that_is_asked_for_exists() {
    let sources = [
        include_str!("../phrases.rs"),
        include_str!("../coverage.rs"),
        include_str!("../record.rs"),
        include_str!("../excel/mod.rs"),
        include_str!("../excel/assets.rs"),
        include_str!("../excel/evidence.rs"),
        include_str!("../excel/lists.rs"),
        include_str!("../excel/overview.rs"),
        include_str!("../excel/sources.rs"),
        include_str!("../excel/support.rs"),
        include_str!("../excel/table.rs"),
        include_str!("../excel/works.rs"),
        include_str!("../sarif/notes.rs"),
        include_str!("../sarif/results.rs"),
        include_str!("../sarif/rules.rs"),
        include_str!("../vex/statements.rs"),
        include_str!("../table/check.rs"),
        include_str!("../table/explain.rs"),
        include_str!("../table/inventory.rs"),
        include_str!("../table/knowledge.rs"),
        include_str!("../table/crosswalk.rs"),
        include_str!("../html/view.rs"),
        include_str!("../html/rows.rs"),
        include_str!("../../templates/check.html"),
    ];
    let known = keys(Lang::Ja);
    let mut count = 0;
    for source in sources {
        // Sheets and states are named in lists.
        let named = ["\"col-", "\"do-", "\"sheet-", "\"support-", "\"coverage-", "\"exit-", "\"record-"];
        for start in [".t(\"", ".get(\"", "labels.text(\""].into_iter().chain(named) {
            for rest in source.split(start).skip(1) {
                let prefix = if start.starts_with('"') { start.trim_start_matches('"') } else { "" };
                let key = format!("{prefix}{}", rest.split('"').next().unwrap());
                // `params.get("limit")` and `params.get("cell")` are parameters, not keys.
                if !["limit", "cell"].contains(&key.as_str()) {
                    count += 1;
                    assert!(known.contains_key(&key), "no words for {key}");
                }
            }
        }
    }
    assert!(count > 250, "the sources were searched: {count}");
    for sheet in
        ["first", "findings", "undetermined", "not-affected", "assets", "support", "sources", "evidence"]
    {
        assert!(known.contains_key(&format!("sheet-{sheet}-question")), "no question of {sheet}");
    }
}

#[test]
fn counts_have_separators_and_plurals() {
    assert_eq!(grouped(0), "0");
    assert_eq!(grouped(999), "999");
    assert_eq!(grouped(1_234_567), "1,234,567");
    let en = Words::new(Lang::En);
    assert_eq!(en.get("places", &[("n", 1u64.into())]), "1 place");
    assert_eq!(en.get("places", &[("n", 12_345u64.into())]), "12,345 places");
    assert_eq!(Words::new(Lang::Ja).get("count", &[("n", 12_345u64.into())]), "12,345 件");
}

#[test]
fn languages_are_read_from_their_tags_only() {
    assert_eq!("ja".parse(), Ok(Lang::Ja));
    assert_eq!("en".parse(), Ok(Lang::En));
    assert!("fr".parse::<Lang>().is_err());
}
