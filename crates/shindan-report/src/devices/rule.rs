//! 運用管理規程 of a device, generated from its dossier: plain HTML that prints on A4 and holds no name of a person.

use askama::Template;
use jiff::civil::Date;
use shindan_domain::device::{Device, RemoteLine, RuleText, UseComparison};

use crate::dates;
use crate::words::Words;

/// What a rule is made from.
#[derive(Debug, Clone)]
pub struct RuleSheet<'a> {
    /// The dossier.
    pub device: &'a Device,
    /// What the writer gave.
    pub text: &'a RuleText,
    /// Display number of the dossier.
    pub number: &'a str,
    /// Number of this version of the rule.
    pub version: u32,
    /// When it is written.
    pub written: Date,
    /// What the system is called.
    pub system: Option<String>,
    /// Whose the device is.
    pub owner: Option<String>,
    /// Who updates it.
    pub updated_by: Option<String>,
    /// Whose the maintenance line is.
    pub line_owner: Option<String>,
    /// Who maintains by it.
    pub line_provider: Option<String>,
}

#[derive(Template)]
#[template(path = "device-rule.html")]
struct Page<'a> {
    w: &'a Words,
    name: &'a str,
    facts: Vec<(String, String)>,
    chapters: Vec<Chapter>,
}

/// A chapter: paragraphs, then a list of facts.
#[derive(Default)]
struct Chapter {
    title: String,
    paragraphs: Vec<String>,
    facts: Vec<(String, String)>,
}

/// The rule as one HTML page in the language of the words.
///
/// # Errors
/// Only what formatting into a string can report, which does not happen with the views of this crate.
pub fn rule_html(sheet: &RuleSheet<'_>, words: &Words) -> Result<String, askama::Error> {
    let chapters = vec![
        purpose(sheet, words),
        usage(sheet, words),
        information(sheet, words),
        risk(sheet, words),
        line(sheet, words),
        updates(sheet, words),
        provisions(sheet, words),
        stopping(words),
        upkeep(words),
    ];
    Page { w: words, name: &sheet.device.name, facts: facts(sheet, words), chapters }.render()
}

fn chapter(key: &str, words: &Words) -> Chapter {
    Chapter { title: words.t(key), ..Chapter::default() }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn facts(sheet: &RuleSheet<'_>, words: &Words) -> Vec<(String, String)> {
    let device = sheet.device;
    let network = &device.network;
    let join = |list: Vec<String>| (!list.is_empty()).then(|| list.join(", "));
    let mut addresses: Vec<String> = network.addresses.iter().map(ToString::to_string).collect();
    addresses.extend(network.dhcp.then(|| "DHCP".to_owned()));
    let all = [
        ("rule-number", Some(format!("{}-{}", sheet.number, sheet.version))),
        ("rule-written", Some(dates::date(sheet.written, words))),
        ("rule-category", Some(words.term(device.category.term()))),
        ("rule-system", sheet.system.clone()),
        ("rule-owner", sheet.owner.clone()),
        ("rule-department", Some(sheet.text.department.clone())),
        ("rule-asset", Some(device.key.clone())),
        ("rule-serial", network.serial.clone()),
        ("rule-addresses", join(addresses)),
        ("rule-macs", join(network.macs.iter().map(ToString::to_string).collect())),
        ("rule-hosts", join(network.host_names.iter().cloned().collect())),
    ];
    all.into_iter().filter_map(|(key, value)| Some((words.t(key), value?))).collect()
}

fn purpose(sheet: &RuleSheet<'_>, words: &Words) -> Chapter {
    let values = [
        ("device", sheet.device.name.as_str().into()),
        ("department", sheet.text.department.as_str().into()),
    ];
    Chapter { paragraphs: vec![words.get("rule-purpose-text", &values)], ..chapter("rule-purpose", words) }
}

fn usage(sheet: &RuleSheet<'_>, words: &Words) -> Chapter {
    let mut all = chapter("rule-use", words);
    let Some(usage) = sheet.device.usage().map(|usage| &usage.given) else { return all };
    all.facts = vec![
        (words.t("rule-intended"), usage.intended.clone()),
        (words.t("rule-actual"), usage.actual.clone()),
        (words.t("rule-comparison"), words.term(usage.comparison.term())),
    ];
    all.paragraphs = vec![words.t(match usage.comparison {
        UseComparison::Same => "rule-use-same",
        UseComparison::Differs => "rule-use-differs",
    })];
    all
}

fn information(sheet: &RuleSheet<'_>, words: &Words) -> Chapter {
    let fact = |one: &shindan_domain::device::InformationGiven| {
        let kind = words.term(one.kind.term());
        let dated = one.dated.map(|day| dates::date(day, words));
        let named: Vec<String> = [Some(kind), one.edition.clone(), dated].into_iter().flatten().collect();
        (named.join(" "), one.content.clone())
    };
    Chapter {
        facts: sheet.device.information.iter().map(|one| fact(&one.given)).collect(),
        ..chapter("rule-information", words)
    }
}

fn risk(sheet: &RuleSheet<'_>, words: &Words) -> Chapter {
    let mut all = chapter("rule-risk", words);
    let Some(analysis) = sheet.device.analysis().map(|analysis| &analysis.given) else { return all };
    let levels = [
        ("rule-likelihood", analysis.likelihood),
        ("rule-patient-safety", analysis.patient_safety),
        ("rule-availability", analysis.availability),
        ("rule-confidentiality", analysis.confidentiality),
    ];
    all.facts = vec![(words.t("rule-threat"), analysis.content.clone())];
    all.facts.extend(levels.map(|(key, level)| (words.t(key), words.term(level.term()))));
    all.facts.push((words.t("rule-measures"), analysis.measures.clone()));
    all
}

fn line(sheet: &RuleSheet<'_>, words: &Words) -> Chapter {
    let mut all = chapter("rule-line", words);
    let Some(RemoteLine { kind, description, connection, .. }) = &sheet.device.remote_line else {
        all.paragraphs = vec![words.t("rule-line-none")];
        return all;
    };
    let nobody = || words.t("rule-nobody");
    all.facts = vec![
        (words.t("rule-line-kind"), format!("{} {description}", words.term(kind.term()))),
        (words.t("rule-line-owner"), sheet.line_owner.clone().unwrap_or_else(nobody)),
        (words.t("rule-line-provider"), sheet.line_provider.clone().unwrap_or_else(nobody)),
        (words.t("rule-line-connection"), words.term(connection.term())),
    ];
    all.paragraphs = vec![words.t("rule-line-text")];
    all
}

fn updates(sheet: &RuleSheet<'_>, words: &Words) -> Chapter {
    let mut all = chapter("rule-updates", words);
    if let Some(calendar) = &sheet.device.updates {
        let method = &calendar.method;
        let by = sheet.updated_by.clone().unwrap_or_else(|| words.t("rule-nobody"));
        let days = u64::from(method.interval_days);
        all.facts = vec![
            (words.t("rule-updated-by"), by),
            (words.t("rule-update-how"), method.how.clone()),
            (words.t("rule-update-interval"), words.get("rule-days", &[("days", days.into())])),
            (words.t("rule-update-next"), dates::date(calendar.next, words)),
        ];
    }
    let ends = sheet.device.support_ends.iter();
    all.facts.extend(
        ends.map(|end| {
            (words.t("rule-support-end"), format!("{} {}", dates::date(end.until, words), end.what))
        }),
    );
    all.paragraphs = vec![words.t("rule-updates-text")];
    all
}

fn provisions(sheet: &RuleSheet<'_>, words: &Words) -> Chapter {
    Chapter { paragraphs: lines(&sheet.text.provisions), ..chapter("rule-provisions", words) }
}

fn stopping(words: &Words) -> Chapter {
    Chapter { paragraphs: lines(&words.t("rule-stopping-text")), ..chapter("rule-stopping", words) }
}

fn upkeep(words: &Words) -> Chapter {
    Chapter { paragraphs: vec![words.t("rule-upkeep-text")], ..chapter("rule-upkeep", words) }
}
