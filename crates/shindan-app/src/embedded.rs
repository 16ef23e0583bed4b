//! Data packs inside the binary: policy, decision table, device dictionary, guideline catalogues.

use shindan_domain::agreement::Template;
use shindan_domain::assessment::{CheckPack, OutsideRules, SeverityTable};
use shindan_domain::collect::SourcePack;
use shindan_domain::crosswalk::{CheckEvidence, Crosswalk, EvidenceRow};
use shindan_domain::devices::DeviceDictionary;
use shindan_domain::diagnostic::Diagnostic;
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

/// What a check can contribute to each row of [`CATALOGS`]: every answer says it, and reading the catalogues would take
/// longer than judging a lock file. A test holds it against them.
pub const EVIDENCE_ROWS: [EvidenceRow<'static>; 12] = {
    const ANNEX: &str = "mic-meti-provider-1.1-annex2-p30";
    const MHLW: &str = "mhlw-6.0";
    const fn row(
        catalog: &'static str,
        number: &'static str,
        id: &'static str,
        from_check: &'static [CheckEvidence],
    ) -> EvidenceRow<'static> {
        EvidenceRow { catalog, id, number, from_check }
    }
    [
        row(ANNEX, "②-2", "2-2", &[CheckEvidence::PrioritiesComputed]),
        row(ANNEX, "②-3", "2-3", &[]),
        row(ANNEX, "②-4", "2-4", &[]),
        row(ANNEX, "③-1", "3-1", &[]),
        row(ANNEX, "③-2", "3-2", &[]),
        row(ANNEX, "③-3", "3-3", &[]),
        row(ANNEX, "④-1", "4-1", &[CheckEvidence::ComponentsCompared]),
        row(ANNEX, "④-2", "4-2", &[CheckEvidence::SourcesConsulted]),
        row(ANNEX, "⑤-1", "5-1", &[]),
        row(MHLW, "企画管理編 9", "kikaku-9", &[]),
        row(MHLW, "企画管理編 15", "kikaku-15", &[]),
        row(MHLW, "システム運用編 8", "unyo-8", &[CheckEvidence::DevicesJudged]),
    ]
};

/// The policy by which priorities are decided: decision table, defaults and thresholds.
#[derive(Debug)]
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

/// The policy that ships with the program.
///
/// # Errors
/// [`AppError::Pack`] if a pack is unreadable, which a test excludes.
pub fn prioritisation() -> Result<Prioritisation, AppError> {
    read_prioritisation(RULES, TABLE)
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

    #[test]
    fn rows_of_evidence_are_those_of_the_catalogues() {
        let read = crosswalk(&[]).unwrap();
        assert_eq!(read.evidence_rows().collect::<Vec<_>>(), EVIDENCE_ROWS);
    }

    #[test]
    fn a_pack_of_ones_own_that_contradicts_is_refused() {
        let (path, bytes) = CATALOGS[0];
        let twice = [(path.to_owned(), bytes.to_vec())];
        assert!(matches!(crosswalk(&twice), Err(AppError::Pack(_))));
    }
}
