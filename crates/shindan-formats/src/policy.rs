//! Decision tables and policies (TOML) of `catalog/policy/`.

use shindan_domain::diagnostic::Code;
use shindan_domain::inventory::{AssetKind, Exposure};
use shindan_domain::priority::{
    AutomatableRule, ByKind, Decision, DecisionPoint, DecisionTable, Exploitation, ExploitationRule,
    ExposureRule, HumanImpact, HumanImpactRule, KindRules, Policy, Probability,
};

pub use crate::toml_fields::PackReading;
use crate::toml_fields::{Fields, Reader, read};

/// The `schema` line of a decision table.
pub const TABLE_SCHEMA: &str = "shindan.decision-table/1";
/// The `schema` line of a policy.
pub const POLICY_SCHEMA: &str = "shindan.policy/1";

/// Reads a decision table.
///
/// `points` names the questions; each row of `rows` holds a value for every point but the last, then one outcome for
/// every value of the last point.
pub fn read_decision_table(path: &str, bytes: &[u8]) -> PackReading<DecisionTable> {
    read(path, bytes, |reader, root| {
        reader.schema(root, TABLE_SCHEMA)?;
        let id = reader.text(root, "id");
        reader.localised(root, "title");
        reader.optional_text(root, "source");
        let points = points(reader, root);
        let rows = reader.rows(root, "rows");
        let (id, points) = (id?, points?);
        let expanded = expand(reader, &points, &rows)?;
        let expanded = expanded.iter().map(|(values, outcome)| (values.clone(), *outcome));
        match DecisionTable::new(id.clone(), points, expanded) {
            Ok(table) => Some(table),
            Err(error) => {
                let offset = reader.offset_of(root, "rows");
                reader
                    .report(Code::DecisionTableInvalid, offset, Some("rows".to_owned()))
                    .add("table", id)
                    .add("reason", error);
                None
            }
        }
    })
}

fn points(reader: &mut Reader<'_>, root: &mut Fields<'_, '_>) -> Option<Vec<DecisionPoint>> {
    let names = reader.texts(root, "points");
    if names.is_empty() {
        let offset = reader.offset_of(root, "points");
        reader.report(Code::FieldMissing, offset, Some("points".to_owned())).add("field", "points");
        return None;
    }
    let mut points = Vec::new();
    for (name, offset) in &names {
        match DecisionPoint::ALL.into_iter().find(|point| point.as_str() == name) {
            Some(point) => points.push(point),
            None => {
                let known = DecisionPoint::ALL.map(DecisionPoint::as_str).join(", ");
                reader.invalid(*offset, "points", name, &known);
            }
        }
    }
    (points.len() == names.len()).then_some(points)
}

/// A row of the file to one row per value of the last point.
fn expand<'r>(
    reader: &mut Reader<'_>,
    points: &[DecisionPoint],
    rows: &'r [(Vec<String>, usize)],
) -> Option<Vec<(Vec<&'r str>, Decision)>> {
    let (last, first) = points.split_last()?;
    let mut expanded = Vec::new();
    for (index, (cells, offset)) in rows.iter().enumerate() {
        let field = format!("rows[{index}]");
        if cells.len() != first.len() + last.values().len() {
            let expected = format!("{} values and {} outcomes", first.len(), last.values().len());
            reader.invalid(*offset, &field, cells.len(), &expected);
            return None;
        }
        let (values, outcomes) = cells.split_at_checked(first.len())?;
        for (last_value, outcome) in last.values().iter().copied().zip(outcomes) {
            let Ok(outcome) = outcome.parse::<Decision>() else {
                let expected = Decision::ALL.map(Decision::as_str).join(", ");
                reader.invalid(*offset, &field, outcome, &expected);
                return None;
            };
            let mut row: Vec<&'r str> = values.iter().map(String::as_str).collect();
            row.push(last_value);
            expanded.push((row, outcome));
        }
    }
    Some(expanded)
}

const EXPOSURES: [(&str, Exposure); 3] =
    [("small", Exposure::Small), ("controlled", Exposure::Controlled), ("open", Exposure::Open)];

fn exploitations() -> [(&'static str, Exploitation); 3] {
    Exploitation::ALL.map(|value| (value.as_str(), value))
}

fn human_impacts() -> [(&'static str, HumanImpact); 4] {
    HumanImpact::ALL.map(|value| (value.as_str(), value))
}

/// Reads a policy. Every field is mandatory: a default in code would not be visible.
pub fn read_policy(path: &str, bytes: &[u8]) -> PackReading<Policy> {
    read(path, bytes, |reader, root| {
        reader.schema(root, POLICY_SCHEMA)?;
        let id = reader.text(root, "id");
        let version = reader.text(root, "version");
        let title = reader.localised(root, "title");
        let table = reader.text(root, "table");
        let exploitation = exploitation(reader, root);
        let exposure = exposure(reader, root);
        let automatable = automatable(reader, root);
        let human_impact = human_impact(reader, root);
        let kinds = kinds(reader, root);
        Some(Policy {
            id: id?,
            version: version?,
            title: title?,
            table: table?,
            exploitation: exploitation?,
            exposure: exposure?,
            automatable: automatable?,
            human_impact: human_impact?,
            kinds: kinds?,
        })
    })
}

fn exploitation(reader: &mut Reader<'_>, root: &mut Fields<'_, '_>) -> Option<ExploitationRule> {
    let mut fields = reader.table(root, "exploitation")?;
    let kev = reader.choice(&mut fields, "kev", &exploitations());
    let threshold = reader.text(&mut fields, "epss_threshold").and_then(|text| {
        // More digits than are compared would be a threshold that nobody can rely on.
        let digits = text.split_once('.').map_or(0, |(_, digits)| digits.len());
        let parsed = text.parse::<Probability>().ok().filter(|_| digits <= 18);
        if parsed.is_none() {
            let offset = reader.offset_of(&fields, "epss_threshold");
            let expected = "a decimal number from 0 to 1 in quotation marks, at most 18 digits: \"0.1\"";
            reader.invalid(offset, "exploitation.epss_threshold", text, expected);
        }
        parsed
    });
    let epss_at_or_above = reader.choice(&mut fields, "epss_at_or_above", &exploitations());
    let epss_raises_ssvc = reader.boolean(&mut fields, "epss_raises_ssvc");
    let default = reader.choice(&mut fields, "default", &exploitations());
    reader.finish(&fields);
    Some(ExploitationRule {
        kev: kev?,
        epss_threshold: threshold?,
        epss_at_or_above: epss_at_or_above?,
        epss_raises_ssvc: epss_raises_ssvc?,
        default: default?,
    })
}

fn exposure(reader: &mut Reader<'_>, root: &mut Fields<'_, '_>) -> Option<ExposureRule> {
    let mut fields = reader.table(root, "exposure")?;
    let by_kind = by_kind(reader, &mut fields, &EXPOSURES);
    let default = reader.choice(&mut fields, "default", &EXPOSURES);
    reader.finish(&fields);
    Some(ExposureRule { by_kind: by_kind?, default: default? })
}

fn automatable(reader: &mut Reader<'_>, root: &mut Fields<'_, '_>) -> Option<AutomatableRule> {
    let mut fields = reader.table(root, "automatable")?;
    let default = reader.choice(&mut fields, "default", &[("no", false), ("yes", true)]);
    reader.finish(&fields);
    Some(AutomatableRule { default: default? })
}

fn human_impact(reader: &mut Reader<'_>, root: &mut Fields<'_, '_>) -> Option<HumanImpactRule> {
    let mut fields = reader.table(root, "human_impact")?;
    let by_kind = by_kind(reader, &mut fields, &human_impacts());
    let default = reader.choice(&mut fields, "default", &human_impacts());
    reader.finish(&fields);
    Some(HumanImpactRule { by_kind: by_kind?, default: default? })
}

/// `[….by_kind]`: a value for every kind of asset. All are mandatory.
fn by_kind<T: Copy>(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_, '_>,
    words: &[(&str, T)],
) -> Option<ByKind<T>> {
    let mut table = reader.table(fields, "by_kind")?;
    let mut values = ByKind::empty();
    let mut complete = true;
    for kind in AssetKind::ALL {
        match reader.choice(&mut table, kind.as_str(), words) {
            Some(value) => drop(values.set(kind, value)),
            None => complete = false,
        }
    }
    reader.finish(&table);
    complete.then_some(values)
}

fn kinds(reader: &mut Reader<'_>, root: &mut Fields<'_, '_>) -> Option<KindRules> {
    let mut fields = reader.table(root, "kinds")?;
    let misconfiguration = outcomes_by_exposure(reader, &mut fields, "misconfiguration");
    let unmaintained = outcomes_by_exposure(reader, &mut fields, "unmaintained");
    let unsound = outcomes_by_exposure(reader, &mut fields, "unsound");
    let end_of_life = outcomes_by_exposure(reader, &mut fields, "end_of_life");
    reader.finish(&fields);
    Some(KindRules {
        misconfiguration: misconfiguration?,
        unmaintained: unmaintained?,
        unsound: unsound?,
        end_of_life: end_of_life?,
    })
}

fn outcomes_by_exposure(
    reader: &mut Reader<'_>,
    fields: &mut Fields<'_, '_>,
    name: &str,
) -> Option<[Decision; 3]> {
    let words = Decision::ALL.map(|decision| (decision.as_str(), decision));
    let mut table = reader.table(fields, name)?;
    let outcomes = EXPOSURES.map(|(exposure, _)| reader.choice(&mut table, exposure, &words));
    reader.finish(&table);
    let [small, controlled, open] = outcomes;
    Some([small?, controlled?, open?])
}
