//! `cpeApplicability`: which CPE names, on or with which platforms.
//!
//! An AND of two nodes reads "this product, where that one is present": the vulnerable names of one node become
//! statements, the names of the other its platform condition. Source: CVE Record Format 5.1, `cpeApplicability`, after
//! NVD's configurations.

use shindan_domain::advisory::{Affected, ProductRef, Status};
use shindan_domain::cpe::{Attribute, AttributeValue, Cpe};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::version::{Bound, Scheme, VersionClaim, VersionRange};

use super::model::{Configuration, CpeMatch, Node};
use crate::advisory::statements::Statements;
use crate::text::shorten;

/// Adds the statements of a list of configurations, of which `pointer` is the place.
pub(in crate::advisory) fn add(
    configurations: &[Configuration<'_>],
    pointer: &str,
    place: &Place,
    statements: &mut Statements,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (index, configuration) in configurations.iter().enumerate() {
        let pointer = format!("{pointer}/{index}");
        let place = place.clone().at_field(pointer.clone());
        add_configuration(configuration, &pointer, &place, statements, diagnostics);
    }
}

fn add_configuration(
    configuration: &Configuration<'_>,
    pointer: &str,
    place: &Place,
    statements: &mut Statements,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let negated = configuration.negate == Some(true)
        || configuration.nodes.iter().any(|node| node.negate == Some(true));
    let across_nodes = is_and(configuration.operator.as_deref());
    if negated {
        note(place, "negate", "true", "false", diagnostics);
    }
    for (index, node) in configuration.nodes.iter().enumerate() {
        let inside = is_and(node.operator.as_deref());
        for (at, leaf) in node.matches.iter().enumerate() {
            if !leaf.vulnerable {
                continue;
            }
            let mut platforms: Vec<Vec<&CpeMatch<'_>>> = Vec::new();
            if across_nodes {
                let others = configuration.nodes.iter().enumerate().filter(|(other, _)| *other != index);
                platforms.extend(others.flat_map(|(_, node)| groups(node)));
            }
            // Beside vulnerable names, those that are not vulnerable are where it runs.
            platforms.extend(runs_on(node, inside, leaf).into_iter().map(|other| vec![other]));
            let pointer = format!("{pointer}/nodes/{index}/cpeMatch/{at}");
            let place = place.clone().at_field(pointer.clone());
            if let Some(statement) = statement(leaf, &platforms, negated, pointer, &place, diagnostics) {
                statements.add(statement);
            }
        }
    }
}

fn is_and(operator: Option<&str>) -> bool {
    operator.is_some_and(|text| text.eq_ignore_ascii_case("AND"))
}

/// What a node demands as a condition: one of its names, or each of them.
fn groups<'n>(node: &'n Node<'n>) -> Vec<Vec<&'n CpeMatch<'n>>> {
    if is_and(node.operator.as_deref()) {
        node.matches.iter().map(|leaf| vec![leaf]).collect()
    } else {
        vec![node.matches.iter().collect()]
    }
}

fn runs_on<'n>(node: &'n Node<'n>, is_and: bool, leaf: &CpeMatch<'_>) -> Vec<&'n CpeMatch<'n>> {
    let same = |other: &CpeMatch<'_>| other.criteria.as_str() == leaf.criteria.as_str();
    node.matches.iter().filter(|other| is_and && !other.vulnerable && !same(other)).collect()
}

fn note(place: &Place, field: &str, value: &str, expected: &str, diagnostics: &mut Vec<Diagnostic>) {
    let diagnostic = Diagnostic::new(Code::FieldTolerated, place.clone()).with("field", field);
    diagnostics.push(diagnostic.with("value", value).with("expected", expected));
}

fn statement(
    leaf: &CpeMatch<'_>,
    platforms: &[Vec<&CpeMatch<'_>>],
    negated: bool,
    pointer: String,
    place: &Place,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Affected> {
    let cpe = name(&leaf.criteria, place, diagnostics)?;
    let on = platforms.iter().map(|group| names(group, place, diagnostics)).collect();
    let text = match negated {
        true => format!("negate: {}", leaf.criteria),
        false => String::new(),
    };
    let versions = match negated {
        // "Everywhere but here" cannot be said as ranges of this product.
        true => VersionClaim::undetermined_text(&text),
        false => versions(leaf, &cpe),
    };
    let fixed = leaf.end_excluding.as_ref().map(|version| version.trim().to_owned());
    Some(Affected {
        vulnerabilities: Vec::new(),
        product: ProductRef { cpes: vec![cpe.to_string()], ..ProductRef::default() },
        status: Status::Affected,
        versions,
        text,
        fixed_versions: fixed.into_iter().collect(),
        platforms: on,
        updates: Vec::new(),
        within: None,
        justification: None,
        impact: String::new(),
        pointer,
    })
}

/// The CPE names of a group of which one must be present. A group whose names are all unreadable stays a condition
/// that nothing meets.
fn names(group: &[&CpeMatch<'_>], place: &Place, diagnostics: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for leaf in group {
        if let Some(cpe) = name(&leaf.criteria, place, diagnostics).map(|cpe| cpe.to_string())
            && !out.contains(&cpe)
        {
            out.push(cpe);
        }
    }
    out
}

/// Reads a CPE name of either form; what is not one is reported as `cpe-invalid`.
pub(super) fn name(text: &str, place: &Place, diagnostics: &mut Vec<Diagnostic>) -> Option<Cpe> {
    match Cpe::parse(text.trim()) {
        Ok(cpe) => Some(cpe),
        Err(error) => {
            let diagnostic = Diagnostic::new(Code::CpeInvalid, place.clone());
            let reason = shorten(&error.to_string(), 200);
            diagnostics.push(diagnostic.with("cpe", shorten(text, 200)).with("reason", reason));
            None
        }
    }
}

/// The version of the name if it has one, else the range beside it. Without either, the name stands for every version.
fn versions(leaf: &CpeMatch<'_>, cpe: &Cpe) -> VersionClaim {
    let scheme = Scheme::Generic;
    if let Some(version) = cpe.version().as_literal() {
        let update = cpe.get(Attribute::Update).as_literal();
        let version = match update {
            Some(update) => format!("{version} {update}"),
            None => version.to_owned(),
        };
        return VersionClaim::ranged(vec![VersionRange::exactly(scheme, version)]);
    }
    if *cpe.version() != AttributeValue::Any {
        // NA, or a version with wildcards.
        return VersionClaim::undetermined_text(&leaf.criteria);
    }
    let text = |field: &Option<crate::json::Str<'_>>| field.as_ref().map(|text| text.trim().to_owned());
    let lower = match (text(&leaf.start_including), text(&leaf.start_excluding)) {
        (Some(version), _) => Bound::Inclusive(version),
        (None, Some(version)) => Bound::Exclusive(version),
        (None, None) => Bound::Unbounded,
    };
    let upper = match (text(&leaf.end_including), text(&leaf.end_excluding)) {
        (Some(version), _) => Bound::Inclusive(version),
        (None, Some(version)) => Bound::Exclusive(version),
        (None, None) => Bound::Unbounded,
    };
    let range = VersionRange { scheme, lower, upper };
    if range.is_all() {
        return VersionClaim::All;
    }
    VersionClaim::ranged(vec![range])
}
