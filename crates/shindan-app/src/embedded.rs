//! Data packs inside the binary: policy, decision table, device dictionary, guideline catalogues.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use shindan_domain::agreement::Template;
use shindan_domain::assessment::{CheckPack, OutsideRules, SeverityTable};
use shindan_domain::collect::SourcePack;
use shindan_domain::crosswalk::{CheckEvidence, Crosswalk, EvidenceRow};
use shindan_domain::devices::DeviceDictionary;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::priority::{DecisionTable, Policy};
use shindan_formats::assessment_checks::read_checks;
use shindan_formats::duties::read_duties;
use shindan_formats::outside_rules::read_outside_rules;
use shindan_formats::severities::read_severities;
use shindan_formats::sources::read_sources;
use shindan_formats::{catalog, devices, policy};

use crate::error::AppError;

/// The guideline catalogues that ship with the program: path, content.
pub const CATALOGS: &[(&str, &[u8])] = &[
    (
        "catalog/mic-meti-provider-1.1-annex2-p30.toml",
        include_bytes!("../../../catalog/mic-meti-provider-1.1-annex2-p30.toml"),
    ),
    ("catalog/mhlw-6.0.toml", include_bytes!("../../../catalog/mhlw-6.0.toml")),
];

/// What a check can contribute to each row of [`CATALOGS`], made from them: every answer says it, and reading the catalogues
/// would take longer than judging a lock file. A line has catalogue, id, number, and contributions separated by spaces.
const EVIDENCE_ROWS: &str = include_str!("../../../catalog/evidence-rows.tsv");

/// Catalogue, id, number and contributions.
type Row = ([&'static str; 3], Vec<CheckEvidence>);

/// What a check can contribute to each row of the catalogues that ship with the program, in their order.
pub fn evidence_rows() -> impl Iterator<Item = EvidenceRow<'static>> {
    static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| EVIDENCE_ROWS.lines().filter_map(row).collect());
    ROWS.iter().map(|([catalog, id, number], from_check)| EvidenceRow { catalog, id, number, from_check })
}

fn row(line: &'static str) -> Option<Row> {
    let mut fields = line.split('\t');
    let names = [fields.next()?, fields.next()?, fields.next()?];
    let known = |name: &str| CheckEvidence::ALL.into_iter().find(|evidence| evidence.as_str() == name);
    Some((names, fields.next()?.split(' ').filter_map(known).collect()))
}

/// The policy by which priorities are decided: decision table, defaults and thresholds.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Prioritisation {
    /// SSVC deployer table.
    pub table: DecisionTable,
    /// Where inputs come from and what is taken when they are missing.
    pub policy: Policy,
}

/// The rules for priorities that ship with the program: path, content.
pub const RULES: (&str, &str) =
    ("catalog/policy/default.toml", include_str!("../../../catalog/policy/default.toml"));
/// The decision table that ships with the program: path, content.
pub const TABLE: (&str, &str) =
    ("catalog/policy/ssvc-deployer.toml", include_str!("../../../catalog/policy/ssvc-deployer.toml"));

/// [`RULES`] and [`TABLE`] as they were read, made from them: every answer begins with them, and reading them from the form that people
/// write takes fifteen times as long (933,000 instead of 59,000 instructions).
const PREPARED: (&str, &str) =
    ("catalog/policy/prepared.json", include_str!("../../../catalog/policy/prepared.json"));

/// The policy that ships with the program.
///
/// # Errors
/// [`AppError::Pack`] if it is unreadable, which a test excludes.
pub fn prioritisation() -> Result<Prioritisation, AppError> {
    serde_json::from_str(PREPARED.1).map_err(|error| {
        let place = Place::file(PREPARED.0).at_line(error.line() as u64);
        AppError::Pack(vec![Diagnostic::new(Code::JsonInvalid, place).with("reason", error)])
    })
}

/// Rules and table from their texts (path, content).
///
/// # Errors
/// [`AppError::Pack`] with everything that is wrong with them.
pub fn read_prioritisation(rules: (&str, &str), table: (&str, &str)) -> Result<Prioritisation, AppError> {
    let table = policy::read_decision_table(table.0, table.1.as_bytes());
    let policy = policy::read_policy(rules.0, rules.1.as_bytes());
    Ok(Prioritisation {
        table: table.value.ok_or(AppError::Pack(table.diagnostics))?,
        policy: policy.value.ok_or(AppError::Pack(policy.diagnostics))?,
    })
}

/// The dictionaries that ship with the program: path, content.
const DICTIONARIES: [(&str, &str); 2] = [
    ("catalog/devices/devices.toml", include_str!("../../../catalog/devices/devices.toml")),
    ("catalog/devices/windows-programs.toml", include_str!("../../../catalog/devices/windows-programs.toml")),
];

/// The dictionary of devices and programs that ships with the program.
///
/// # Errors
/// [`AppError::Pack`] if a pack is unreadable, which a test excludes.
pub fn device_dictionary() -> Result<DeviceDictionary, AppError> {
    let mut dictionary = DeviceDictionary::default();
    for (path, text) in DICTIONARIES {
        let read = devices::read(text, path).map_err(|d: Diagnostic| AppError::Pack(vec![d]))?;
        dictionary.makers.extend(read.makers);
        dictionary.rules.extend(read.rules);
        dictionary.possible.extend(read.possible);
    }
    Ok(dictionary)
}

/// The pack of duties that ships with the program: path, content.
const DUTIES: (&str, &str) =
    ("catalog/duties/roles.toml", include_str!("../../../catalog/duties/roles.toml"));

/// The duties that an agreement on roles begins with, as they ship with the program.
///
/// # Errors
/// [`AppError::Pack`] if the pack is unreadable, which a test excludes.
pub fn duties() -> Result<Template, AppError> {
    let reading = read_duties(DUTIES.0, DUTIES.1.as_bytes());
    reading.value.ok_or(AppError::Pack(reading.diagnostics))
}

/// The rules of the outside check that ship with the program: path, content.
const OUTSIDE: (&str, &str) =
    ("catalog/assessment/outside-rules.toml", include_str!("../../../catalog/assessment/outside-rules.toml"));

/// What is said about each rule of the outside check, as it ships with the program.
///
/// # Errors
/// [`AppError::Pack`] if the pack is unreadable, which a test excludes.
pub fn outside_rules() -> Result<OutsideRules, AppError> {
    let reading = read_outside_rules(OUTSIDE.0, OUTSIDE.1.as_bytes());
    reading.value.ok_or(AppError::Pack(reading.diagnostics))
}

/// The sources that are proposed, as they ship with the program: path, content.
const SOURCES: (&str, &str) =
    ("catalog/collect/sources.toml", include_str!("../../../catalog/collect/sources.toml"));

/// The sources that are proposed, as they ship with the program.
///
/// # Errors
/// [`AppError::Pack`] if the pack is unreadable, which a test excludes.
pub fn sources() -> Result<SourcePack, AppError> {
    let reading = read_sources(SOURCES.0, SOURCES.1.as_bytes());
    reading.value.ok_or(AppError::Pack(reading.diagnostics))
}

/// The checks of assessments that ship with the program: path, content.
const CHECKS: (&str, &str) =
    ("catalog/assessment/checks.toml", include_str!("../../../catalog/assessment/checks.toml"));

/// What is looked at in an assessment, by the kind of application, as it ships with the program.
///
/// # Errors
/// [`AppError::Pack`] if the pack is unreadable, which a test excludes.
pub fn assessment_checks() -> Result<CheckPack, AppError> {
    let reading = read_checks(CHECKS.0, CHECKS.1.as_bytes());
    reading.value.ok_or(AppError::Pack(reading.diagnostics))
}

/// The table of severities and priorities that ships with the program: path, content.
const SEVERITIES: (&str, &str) =
    ("catalog/assessment/severities.toml", include_str!("../../../catalog/assessment/severities.toml"));

/// By which table findings are rated, as it ships with the program.
///
/// # Errors
/// [`AppError::Pack`] if the table is unreadable, which a test excludes.
pub fn assessment_severities() -> Result<SeverityTable, AppError> {
    let reading = read_severities(SEVERITIES.0, SEVERITIES.1.as_bytes());
    reading.value.ok_or(AppError::Pack(reading.diagnostics))
}

/// The guideline catalogues that ship with the program, and the user's own (path, content), as one crosswalk.
///
/// # Errors
/// [`AppError::Pack`] if a pack is unreadable or contradicts another one.
pub fn crosswalk(own: &[(String, Vec<u8>)]) -> Result<Crosswalk, AppError> {
    let own = own.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()));
    let reading = catalog::read_crosswalk(CATALOGS.iter().copied().chain(own));
    reading.value.ok_or(AppError::Pack(reading.diagnostics))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_pack_that_ships_is_readable() {
        prioritisation().unwrap();
        duties().unwrap();
        assessment_checks().unwrap();
        assessment_severities().unwrap();
        let dictionary = device_dictionary().unwrap();
        for rule in &dictionary.rules {
            let known = dictionary.makers.iter().any(|maker| maker.name == rule.maker);
            assert!(known, "rule for a maker that has no entry: {}", rule.maker);
        }
        assert_eq!(crosswalk(&[]).unwrap().catalogs().len(), CATALOGS.len());
    }

    /// `SHINDAN_BLESS=1` writes the rows anew.
    #[test]
    fn rows_of_evidence_are_those_of_the_catalogues() {
        let read = crosswalk(&[]).unwrap();
        let line = |row: EvidenceRow<'_>| {
            let contributions: Vec<&str> = row.from_check.iter().map(|it| it.as_str()).collect();
            format!("{}\t{}\t{}\t{}\n", row.catalog, row.id, row.number, contributions.join(" "))
        };
        let expected: String = read.evidence_rows().map(line).collect();
        if std::env::var_os("SHINDAN_BLESS").is_some() {
            let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalog/evidence-rows.tsv");
            std::fs::write(file, &expected).unwrap();
        }
        assert_eq!(EVIDENCE_ROWS, expected, "SHINDAN_BLESS=1 writes them anew, for the next build");
        let rows: Vec<EvidenceRow<'_>> = evidence_rows().collect();
        assert_eq!(rows, read.evidence_rows().collect::<Vec<_>>());
    }

    /// `SHINDAN_BLESS=1` writes it anew.
    #[test]
    fn the_prepared_policy_is_the_one_that_people_read() {
        let read = read_prioritisation(RULES, TABLE).unwrap();
        let expected = serde_json::to_string_pretty(&read).unwrap() + "\n";
        if std::env::var_os("SHINDAN_BLESS").is_some() {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(PREPARED.0);
            std::fs::write(file, &expected).unwrap();
        }
        assert_eq!(PREPARED.1, expected, "SHINDAN_BLESS=1 writes it anew, for the next build");
        assert_eq!(prioritisation().unwrap(), read);
    }

    #[test]
    fn a_pack_of_ones_own_that_contradicts_is_refused() {
        let (path, bytes) = CATALOGS[0];
        let twice = [(path.to_owned(), bytes.to_vec())];
        assert!(matches!(crosswalk(&twice), Err(AppError::Pack(_))));
    }
}
