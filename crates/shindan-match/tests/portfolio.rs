//! Stored lists and changed keys against the plain way: whatever changes, the part that is judged again leads to the answer that
//! judging everything would have given.

#![allow(clippy::expect_used)] // helpers outside #[test] functions may fail a test, too

use std::collections::BTreeMap;

use shindan_domain::advisory::{
    AdvisedVulnerability, Advisory, AdvisoryFormat, Affected, Enrichment, EpssEntry, KevEntry, ProductRef,
    SourceDocument, Status, Supersedence,
};
use shindan_domain::devices::{DeviceDictionary, HardwareRule, Maker};
use shindan_domain::finding::{Decided, Finding, NotAffected, Undetermined, VulnerabilityFacts};
use shindan_domain::identifier::FindingKind;
use shindan_domain::inventory::{Asset, Component, Inventory, InventoryKind};
use shindan_domain::priority::Decision;
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};
use shindan_match::check::{Judge, OneVulnerability, Outcome, Question, check};
use shindan_match::confirmed::ConfirmedIdentities;
use shindan_match::index::build::{Knowledge, build};
use shindan_match::index::layout::IndexError;
use shindan_match::index::prints::{ChangedKeys, changed_keys};
use shindan_match::index::read::Index;
use shindan_match::portfolio::{
    Stored, answer, base, folded, keys_of, stand, stand_again, stand_whole, tell, top,
};
use shindan_match::prepared::Prepared;

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 7, 2);

/// Numbers that are the same in every run (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % bound.max(1) as u64).expect("below a usize")
    }

    fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    fn of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }
}

const PACKAGES: [&str; 4] = ["smallvec", "tokio", "serde", "hyper"];
const CPES: [&str; 4] = [
    "cpe:2.3:a:acme:viewer:*:*:*:*:*:*:*:*",
    "cpe:2.3:o:fortinet:fortios:*:*:*:*:*:*:*:*",
    "cpe:2.3:o:microsoft:windows_10_22h2:*:*:*:*:*:*:x64:*",
    "cpe:2.3:a:acme:server:*:*:*:*:*:*:*:*",
];
const DEVICES: [(&str, &str); 5] = [
    ("Philips", "IntelliVue MX800"),
    ("Phillips", "IntelliVue MX850"),
    ("Fortinet", "FortiGate-60F"),
    ("Acme", "Viewer Station 3"),
    ("Nobody", "Thing"),
];
const UPDATES: [&str; 4] = ["KB1", "KB2", "KB3", "KB4"];

fn cve(number: usize) -> String {
    format!("CVE-2026-{:04}", 1000 + number)
}

fn product(numbers: &mut Numbers) -> ProductRef {
    match numbers.below(5) {
        0 | 1 => ProductRef {
            ecosystem: Some("crates.io".to_owned()),
            package: Some(numbers.of(&PACKAGES).to_owned()),
            ..ProductRef::default()
        },
        2 => ProductRef { cpes: vec![numbers.of(&CPES).to_owned()], ..ProductRef::default() },
        3 => {
            let (vendor, name) = DEVICES[numbers.below(DEVICES.len())];
            ProductRef {
                vendor: Some(vendor.to_owned()),
                product: Some(name.to_owned()),
                ..ProductRef::default()
            }
        }
        _ => ProductRef {
            vendor: Some(numbers.of(&["Fortinet", "Acme"]).to_owned()),
            product: Some(numbers.of(&["FortiOS", "Viewer", "Viewer Station"]).to_owned()),
            ..ProductRef::default()
        },
    }
}

fn affected(numbers: &mut Numbers) -> Affected {
    let status = match numbers.below(8) {
        0 => Status::NotAffected,
        1 => Status::Fixed,
        2 => Status::UnderInvestigation,
        _ => Status::Affected,
    };
    let versions = match numbers.below(4) {
        0 => VersionClaim::All,
        _ => VersionClaim::ranged(vec![VersionRange {
            scheme: Scheme::Generic,
            lower: Bound::Inclusive(format!("1.{}", numbers.below(4))),
            upper: Bound::Exclusive(format!("{}.0", 2 + numbers.below(3))),
        }]),
    };
    let mut made = Affected::new(product(numbers), status, versions);
    made.pointer = format!("/affected/{}", numbers.below(9));
    if numbers.one_in(6) {
        made.platforms = vec![vec![numbers.of(&CPES).to_owned()]];
    }
    if numbers.one_in(4) {
        made.updates = vec![numbers.of(&UPDATES).to_owned()];
    }
    if numbers.one_in(8) {
        made.within = Some(Box::new(ProductRef {
            vendor: Some("Acme".to_owned()),
            product: Some("Viewer".to_owned()),
            ..ProductRef::default()
        }));
    }
    made
}

fn advisory(numbers: &mut Numbers, id: usize) -> Advisory {
    let vex = numbers.one_in(5);
    let named = 1 + numbers.below(2);
    let formats = [AdvisoryFormat::Osv, AdvisoryFormat::Csaf];
    let mut made = Advisory::new(format!("ADV-{id}"), numbers.of(&["one", "two"]), formats[numbers.below(2)]);
    made.vulnerabilities = (0..named)
        .map(|_| AdvisedVulnerability {
            id: cve(numbers.below(12)),
            kind: if numbers.one_in(9) { FindingKind::EndOfLife } else { FindingKind::Vulnerability },
            ..AdvisedVulnerability::default()
        })
        .collect();
    made.affected = (0..=numbers.below(3)).map(|_| affected(numbers)).collect();
    made.exploitability = vex;
    made.modified =
        Some(jiff::Timestamp::new(1_700_000_000 + numbers.below(1000) as i64, 0).expect("a time"));
    if numbers.one_in(5) {
        let (newer, older) = (numbers.of(&UPDATES), numbers.of(&UPDATES));
        made.supersedes = vec![Supersedence { newer: newer.to_owned(), older: older.to_owned() }];
    }
    if numbers.one_in(10) {
        made.withdrawn = made.modified;
    }
    made
}

fn knowledge(numbers: &mut Numbers) -> Knowledge {
    let document = SourceDocument {
        path: "test.json".to_owned(),
        sha256: String::new(),
        size: 0,
        format: Some(AdvisoryFormat::Osv),
        source: "test".to_owned(),
        records: 1,
        rejected: 0,
        newest: None,
    };
    let devices = DeviceDictionary {
        possible: vec![],
        makers: vec![Maker { name: "Philips".into(), aliases: vec!["Phillips".into()] }],
        rules: vec![HardwareRule {
            maker: "Fortinet".into(),
            models: vec!["FortiGate*".into()],
            vendor: "Fortinet".into(),
            product: "FortiOS".into(),
            cpe: Some(CPES[1].into()),
        }],
    };
    let count = 4 + numbers.below(12);
    Knowledge {
        documents: vec![document],
        advisories: (0..count).map(|id| advisory(numbers, id)).collect(),
        devices,
        ..Knowledge::default()
    }
}

/// One thing that a new issue of the sources may bring.
fn change(numbers: &mut Numbers, knowledge: &mut Knowledge) {
    let at = numbers.below(knowledge.advisories.len());
    match numbers.below(7) {
        0 => knowledge.advisories.push(advisory(numbers, 100)),
        1 => drop(knowledge.advisories.remove(at)),
        2 => knowledge.advisories[at].affected.push(affected(numbers)),
        3 => knowledge.advisories[at].withdrawn = Some(jiff::Timestamp::UNIX_EPOCH),
        4 => knowledge.enrichments.push(Enrichment::Epss(EpssEntry {
            cve: cve(numbers.below(12)),
            score: format!("0.{}", 1 + numbers.below(9)),
            percentile: String::new(),
            date: "2026-07-01".to_owned(),
        })),
        5 => knowledge.enrichments.push(Enrichment::Kev(KevEntry {
            cve: cve(numbers.below(12)),
            date_added: "2026-07-01".to_owned(),
            due_date: String::new(),
            ransomware: false,
        })),
        _ => {
            let made = advisory(numbers, at);
            knowledge.advisories[at] = Advisory { id: knowledge.advisories[at].id.clone(), ..made };
        }
    }
    if knowledge.advisories.is_empty() {
        knowledge.advisories.push(advisory(numbers, 101));
    }
}

fn component(numbers: &mut Numbers, number: usize) -> Component {
    let version = Some(format!("{}.{}", 1 + numbers.below(3), numbers.below(5)));
    let made = Component { version: version.clone(), pointer: format!("/{number}"), ..Component::default() };
    match numbers.below(6) {
        0 | 1 => {
            let name = numbers.of(&PACKAGES);
            Component { name: name.to_owned(), purl: Some(format!("pkg:cargo/{name}")), ..made }
        }
        2 => {
            let cpe = numbers.of(&CPES).to_owned();
            let updates = numbers.one_in(2).then(|| vec![numbers.of(&UPDATES).to_owned()]);
            Component { name: cpe.clone(), cpe: Some(cpe), updates, ..made }
        }
        3 | 4 => {
            let (maker, model) = DEVICES[numbers.below(DEVICES.len())];
            Component {
                name: format!("{maker} {model}"),
                maker: Some(maker.to_owned()),
                model: Some(model.to_owned()),
                firmware: version,
                asset: Some(u32::try_from(numbers.below(3)).expect("small")),
                program: numbers.one_in(4),
                ..made
            }
        }
        _ => Component {
            name: "nameless".to_owned(),
            purl: numbers.one_in(2).then(|| "pkg:oci/acme/app".to_owned()),
            ..made
        },
    }
}

fn inventory(numbers: &mut Numbers) -> Inventory {
    let count = 3 + numbers.below(10);
    let dated = numbers.one_in(2);
    let asset = |number: usize| Asset {
        asset_id: format!("A{number}"),
        support_end: dated.then(|| format!("2026-{:02}-30", 6 + number)),
        ..Asset::default()
    };
    let opinions = if numbers.one_in(5) {
        vec![Advisory { exploitability: true, ..advisory(numbers, 500) }]
    } else {
        vec![]
    };
    Inventory {
        path: "inventory".to_owned(),
        kind: InventoryKind::CyclonedxJson,
        subject: None,
        about: numbers.one_in(3).then(|| Box::new(component(numbers, 900))),
        components: (0..count).map(|number| component(numbers, number)).collect(),
        assets: (0..3).map(asset).collect(),
        opinions,
        diagnostics: vec![],
    }
}

/// What an answer holds, without what depends on numbers in the index.
#[derive(Debug, PartialEq)]
struct Told {
    findings: Vec<Finding>,
    not_affected: Vec<NotAffected>,
    undetermined: Vec<Undetermined>,
    coverage: shindan_domain::finding::Coverage,
}

fn told(mut outcome: Outcome) -> Told {
    Told {
        findings: outcome.take_findings(),
        not_affected: outcome.take_not_affected(),
        undetermined: outcome.undetermined,
        coverage: outcome.coverage,
    }
}

/// With every list in an order of its own.
fn sorted(mut told: Told) -> Vec<String> {
    let plain = |finding: &mut Finding| {
        let grounds = std::sync::Arc::make_mut(&mut finding.grounds);
        grounds.bases.sort_by_key(|basis| format!("{basis:?}"));
        grounds.disputed.sort_by_key(|opinion| format!("{opinion:?}"));
        grounds.fixed_versions.sort();
    };
    told.findings.iter_mut().for_each(plain);
    for turned in &mut told.not_affected {
        plain(&mut turned.finding);
        turned.opinions.sort_by_key(|opinion| format!("{opinion:?}"));
    }
    // Of several sources that leave the same open, the first one read is named.
    for doubt in told.undetermined.iter_mut().filter(|doubt| doubt.vulnerability.is_some()) {
        doubt.advisory = None;
        doubt.params = std::sync::Arc::default();
    }
    let mut all: Vec<String> = told.findings.iter().map(|one| format!("{one:?}")).collect();
    all.extend(told.not_affected.iter().map(|one| format!("{one:?}")));
    all.extend(told.undetermined.iter().map(|one| format!("{one:?}")));
    all.sort();
    all
}

type Ecosystems = BTreeMap<String, u64>;

fn with<T>(
    index: Index<'_>,
    ecosystems: &Ecosystems,
    only: Option<&OneVulnerability>,
    work: impl FnOnce(Question<'_>) -> T,
) -> T {
    let prioritise = |_: &_, _: Option<&_>| Decided { priority: Decision::Scheduled, path: vec![] };
    let confirmed = ConfirmedIdentities::default();
    work(Question { index, ecosystems, prioritise: &prioritise, only, confirmed: &confirmed, today: TODAY })
}

fn stored_bytes(index: Index<'_>, ecosystems: &Ecosystems, inventory: &Inventory) -> Vec<u8> {
    with(index, ecosystems, None, |question| {
        let prepared = Prepared::new(inventory, &index).expect("prepares");
        let standings = stand(question, &prepared, 0..inventory.components.len()).expect("stands");
        let whole = stand_whole(question, &prepared).expect("stands");
        base(&prepared, &standings, whole).expect("writes")
    })
}

fn asked(index: &Index<'_>, identifier: &str) -> OneVulnerability {
    let found = index.find(identifier).expect("reads").unwrap_or_default();
    OneVulnerability { identifier: identifier.to_owned(), numbers: found.vulnerabilities }
}

/// `who` over the stored list and over the whole inventory.
fn assert_same_who(index: Index<'_>, ecosystems: &Ecosystems, stored: &Stored<'_>, inventory: &Inventory) {
    for number in 0..12 {
        let asked = asked(&index, &cve(number));
        let keys = keys_of(&index, &asked).expect("keys");
        let some = stored.consulting(&keys).expect("consulting");
        with(index, ecosystems, Some(&asked), |question| {
            let full = check(question, inventory, 0, 0..inventory.components.len()).expect("checks");
            let part = answer(question, stored, 0, &some).expect("answers");
            assert_eq!(told(part), told(full), "{}", asked.identifier);
        });
    }
}

/// What is told from the stored list alone, and by judging the whole inventory; priorities depend on facts and asset.
fn assert_tells_the_same(
    index: Index<'_>,
    ecosystems: &Ecosystems,
    stored: &Stored<'_>,
    inventory: &Inventory,
    today: jiff::civil::Date,
) -> usize {
    let prioritise = |facts: &VulnerabilityFacts, asset: Option<&Asset>| Decided {
        priority: match (&facts.kev, &facts.epss, asset.is_some_and(|asset| asset.asset_id == "A1")) {
            (Some(_), _, true) => Decision::Immediate,
            (Some(_), _, false) => Decision::OutOfCycle,
            (None, Some(_), _) => Decision::Scheduled,
            (None, None, _) => Decision::Defer,
        },
        path: vec![],
    };
    let confirmed = ConfirmedIdentities::default();
    let question =
        Question { index, ecosystems, prioritise: &prioritise, only: None, confirmed: &confirmed, today };
    let mut full = check(question, inventory, 0, 0..inventory.components.len()).expect("checks");
    let mut part = tell(question, stored, 0).expect("tells");
    assert_eq!(part.notes, full.notes);
    // No case follows what is denied, and none the order.
    drop((full.take_not_affected(), part.take_not_affected()));
    let (part, full) = (told(part), told(full));
    assert_eq!(part.coverage, full.coverage);
    let count = full.findings.len();
    assert_eq!(sorted(part), sorted(full));
    count
}

#[test]
fn who_judges_which_part_does_not_show() {
    let mut found = 0;
    for seed in 0..120 {
        let mut numbers = Numbers(seed);
        let (bytes, _) = build(&knowledge(&mut numbers)).expect("builds");
        let inventory = inventory(&mut numbers);
        let index = Index::open(&bytes).expect("opens");
        let ecosystems = index.meta().expect("summary").ecosystems;
        let count = inventory.components.len();
        with(index, &ecosystems, None, |question| {
            let prepared = Prepared::new(&inventory, &index).expect("prepares");
            for size in 1..=4 {
                let judge = || Judge::new(question, &prepared, 0).expect("begins");
                let mut judges = [judge(), judge()];
                let mut total = Outcome::default();
                for start in (0..count.max(1)).step_by(size) {
                    let part = start..count.min(start + size);
                    total.join(judges[numbers.below(2)].part(part).expect("judges"));
                }
                let whole = told(check(question, &inventory, 0, 0..count).expect("checks"));
                found += whole.findings.len();
                assert_eq!(told(total), whole, "seed {seed}, parts of {size}");
            }
        });
    }
    assert!(found > 100, "only {found} findings were compared");
}

#[test]
fn the_part_is_the_whole_for_one_vulnerability_and_after_any_change() {
    let (mut spared, mut changed_some, mut found) = (0, 0, 0);
    for seed in 0..120 {
        let mut numbers = Numbers(seed);
        let mut known = knowledge(&mut numbers);
        let inventory = inventory(&mut numbers);
        let (old_bytes, _) = build(&known).expect("builds");
        let old = Index::open(&old_bytes).expect("opens");
        let ecosystems = old.meta().expect("summary").ecosystems;
        let base_bytes = stored_bytes(old, &ecosystems, &inventory);
        let stored = Stored::open(&base_bytes, None).expect("opens");
        assert_eq!(stored.inventory().expect("reads"), inventory);
        assert_same_who(old, &ecosystems, &stored, &inventory);

        let mut top_bytes: Option<Vec<u8>> = None;
        let mut before = old_bytes.clone();
        for _ in 0..3 {
            change(&mut numbers, &mut known);
            let (after, _) = build(&known).expect("builds");
            let (was, now) = (Index::open(&before).expect("opens"), Index::open(&after).expect("opens"));
            let covered = now.meta().expect("summary").ecosystems;
            let covered_before = was.meta().expect("summary").ecosystems;
            let stored = Stored::open(&base_bytes, top_bytes.as_deref()).expect("opens");
            let keys = changed_keys(&was, &now).expect("compares");
            let some = stored.consulting(&keys.all()).expect("consulting");
            changed_some += usize::from(!some.is_empty());
            // Whatever is not concerned is told as before.
            for position in 0..inventory.components.len() {
                if some.contains(&(position as u32)) {
                    continue;
                }
                spared += 1;
                let one = |index, covered| {
                    with(index, covered, None, |question| {
                        let outcome = check(question, &inventory, 0, position..position + 1).expect("checks");
                        sorted(told(outcome))
                            .into_iter()
                            .filter(|text| position > 0 || !text.contains("/900"))
                            .collect::<Vec<_>>()
                    })
                };
                assert_eq!(
                    one(was, &covered_before),
                    one(now, &covered),
                    "seed {seed}, component {position}"
                );
            }
            let (standings, whole) =
                with(now, &covered, None, |question| stand_again(question, &stored, &some)).expect("stands");
            let renewed_whole = whole.clone();
            let renewed = top(&stored, &standings, whole).expect("writes");
            let layered = Stored::open(&base_bytes, Some(&renewed)).expect("opens");
            assert_same_who(now, &covered, &layered, &inventory);
            let flat = folded(&stored, &standings, renewed_whole).expect("writes");
            let flat = Stored::open(&flat, None).expect("opens");
            assert_same_who(now, &covered, &flat, &inventory);
            assert_eq!(flat.inventory().expect("reads"), inventory);
            for list in [&layered, &flat] {
                for today in [TODAY, jiff::civil::date(2027, 7, 2)] {
                    found += assert_tells_the_same(now, &covered, list, &inventory, today);
                }
            }
            let anew = stored_bytes(now, &covered, &inventory);
            let anew = Stored::open(&anew, None).expect("opens");
            for key in keys.all() {
                assert_eq!(layered.consulting(&[key]), anew.consulting(&[key]), "seed {seed}");
                assert_eq!(flat.consulting(&[key]), anew.consulting(&[key]), "seed {seed}");
            }
            (top_bytes, before) = (Some(renewed), after);
        }
    }
    assert!(
        spared > 300 && changed_some > 90 && found > 500,
        "{spared} spared, {changed_some} changed, {found} found: the test tests little"
    );
}

fn compare(before: &Knowledge, after: &Knowledge) -> ChangedKeys {
    let (one, other) = (build(before).expect("builds").0, build(after).expect("builds").0);
    changed_keys(&Index::open(&one).expect("opens"), &Index::open(&other).expect("opens")).expect("compares")
}

fn about(id: &str, vulnerability: &str, package: &str) -> Advisory {
    let product = ProductRef {
        ecosystem: Some("crates.io".to_owned()),
        package: Some(package.to_owned()),
        ..ProductRef::default()
    };
    Advisory {
        vulnerabilities: vec![AdvisedVulnerability {
            id: vulnerability.to_owned(),
            ..AdvisedVulnerability::default()
        }],
        affected: vec![Affected::new(product, Status::Affected, VersionClaim::All)],
        ..Advisory::new(id, "test", AdvisoryFormat::Osv)
    }
}

#[test]
fn exactly_the_keys_of_what_changed() {
    let all = vec![
        about("A", "CVE-2026-0001", "a"),
        about("B", "CVE-2026-0002", "b"),
        about("C", "CVE-2026-0002", "c"),
    ];
    let known = |advisories: Vec<Advisory>| Knowledge { advisories, ..Knowledge::default() };
    let before = known(all.clone());
    assert!(compare(&before, &before.clone_for_test()).is_empty());
    // Another order, and other numbers for what follows.
    let mut turned = all.clone();
    turned.reverse();
    assert!(compare(&before, &known(turned)).is_empty());
    let mut more = vec![about("0", "CVE-2020-0001", "new")];
    more.extend(all.clone());
    let changed = compare(&before, &known(more));
    assert_eq!((changed.says.len(), changed.facts.len()), (1, 0));
    // Taken back: its key, and the one of what was taken back there.
    let mut withdrawn = all.clone();
    withdrawn[0].withdrawn = Some(jiff::Timestamp::UNIX_EPOCH);
    let changed = compare(&before, &known(withdrawn));
    assert_eq!((changed.says.len(), changed.facts.len()), (2, 0));
    // Newly exploited: the facts under both keys that name it.
    let exploited = Knowledge {
        enrichments: vec![Enrichment::Kev(KevEntry {
            cve: "CVE-2026-0002".to_owned(),
            date_added: "2026-07-01".to_owned(),
            due_date: String::new(),
            ransomware: false,
        })],
        ..known(all.clone())
    };
    let changed = compare(&before, &exploited);
    assert_eq!((changed.says.len(), changed.facts.len()), (0, 2));
    // A fix was added.
    let mut fixed = all;
    fixed[1].affected[0].fixed_versions = vec!["2.0".to_owned()];
    let changed = compare(&before, &known(fixed));
    assert_eq!((changed.says.len(), changed.facts.len()), (1, 0));
}

trait CloneForTest {
    fn clone_for_test(&self) -> Knowledge;
}

impl CloneForTest for Knowledge {
    fn clone_for_test(&self) -> Knowledge {
        Knowledge { advisories: self.advisories.clone(), ..Knowledge::default() }
    }
}

#[test]
fn damage_is_an_error_and_never_a_component_that_is_missing() {
    let mut numbers = Numbers(7);
    let known = knowledge(&mut numbers);
    let inventory = inventory(&mut numbers);
    let (bytes, _) = build(&known).expect("builds");
    let index = Index::open(&bytes).expect("opens");
    let ecosystems = index.meta().expect("summary").ecosystems;
    let good = stored_bytes(index, &ecosystems, &inventory);
    let read = |bytes: &[u8]| -> Result<_, IndexError> {
        let stored = Stored::open(bytes, None)?;
        let all = (0..12).map(|number| {
            let keys = keys_of(&index, &asked(&index, &cve(number))).expect("keys");
            let some = stored.consulting(&keys)?;
            let told = with(index, &ecosystems, None, |q| answer(q, &stored, 0, &some)).map(told)?;
            Ok((some, told))
        });
        let told_again = with(index, &ecosystems, None, |q| tell(q, &stored, 0)).map(told)?;
        Ok((stored.inventory()?, told_again, all.collect::<Result<Vec<_>, IndexError>>()?))
    };
    let expected = read(&good).expect("reads");
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0x20;
        if let Ok(same) = read(&bad) {
            assert_eq!(same, expected, "byte {at} was changed unnoticed");
        }
        assert!(read(&good[..at]).is_err(), "cut at {at} was not noticed");
    }
}
