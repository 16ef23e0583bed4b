//! SARIF 2.1.0. Source: OASIS, Static Analysis Results Interchange Format Version 2.1.0.
//!
//! - One report for every run. Results of kind `pass`, `notApplicable` and `informational` are no findings; neither are those
//!   that a comparison calls `absent`. A result that names several places is one finding (section 3.27.12).
//! - A suppressed result is kept with that mark, unless the suppression is still under review or was rejected.
//! - What the list of rules holds beside those of the findings was carried out without finding anything. A list of nothing but
//!   the rules of the findings does not tell which were carried out.

mod rules;
mod shape;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::value::RawValue;
use shindan_domain::assessment::{Completion, LeftOut, ScanFormat, ScanPlace, ScanReport, ScanResult};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_domain::identifier::FindingKind;

use self::rules::Rules;
use self::shape::{
    Artifact, Component, Finding, Invocation, Location, LogicalLocation, Rule, Source, Suppression, Tool,
};
use super::filling::{Filling, text, title};
use super::value::{Object, Value, Word};
use crate::scan::{names, place, secrets};
use crate::text::shorten;

/// Tools under their several names, so that findings are recognised again whatever the form of the report.
const TOOLS: [(&str, &str); 13] = [
    ("semgrep", "semgrep"),
    ("opengrep", "semgrep"),
    ("codeql", "codeql"),
    ("gitleaks", "gitleaks"),
    ("trivy", "trivy"),
    ("grype", "grype"),
    ("bandit", "bandit"),
    ("nodejsscan", "njsscan"),
    ("njsscan", "njsscan"),
    ("mobsfscan", "mobsfscan"),
    ("osv-scanner", "osv-scanner"),
    ("nuclei", "nuclei"),
    ("zap", "zap"),
];

/// Tools that look at settings.
const OF_SETTINGS: [&str; 10] = [
    "dockle",
    "checkov",
    "tfsec",
    "kics",
    "hadolint",
    "terrascan",
    "kube-linter",
    "kubesec",
    "cfn-lint",
    "trivy config",
];

/// Reads every run.
pub(super) fn read(object: &Object<'_>, path: &str) -> Vec<ScanReport> {
    let version = object.word("version").unwrap_or_default();
    let runs = object.list("runs").unwrap_or_default();
    let mut reports: Vec<ScanReport> =
        (0..).zip(&runs).map(|(number, run)| read_run(number, run, path)).collect();
    if reports.is_empty() {
        reports.push(ScanReport::new(ScanFormat::Sarif, "SARIF", "sarif"));
    }
    if !version.is_empty()
        && !version.starts_with("2.1")
        && let Some(first) = reports.first_mut()
    {
        let diagnostic = Diagnostic::new(Code::FieldTolerated, Place::file(path).at_field("/version"));
        let diagnostic = diagnostic.with("field", "version").with("value", shorten(&version, 40));
        first.diagnostics.push(diagnostic.with("expected", "2.1.0"));
    }
    reports
}

/// What the results of a run refer to.
struct Run<'t> {
    rules: Rules<'t>,
    tool: &'t str,
    artifacts: Vec<Artifact>,
    logical: Vec<LogicalLocation>,
}

fn read_run(number: usize, run: &RawValue, path: &str) -> ScanReport {
    let pointer = format!("/runs/{number}");
    let mut filling = Filling::new(path, ScanFormat::Sarif, "SARIF", "sarif");
    let Ok(Value::Object(run)) = serde_json::from_str(run.get()) else {
        filling.unreadable(&pointer, "no object");
        return filling.finish();
    };
    let tool = read_tool(&mut filling, &run, &format!("{pointer}/tool"));
    name_tool(&mut filling.found.report, &tool);
    about(&mut filling, &run, &pointer);
    let artifacts: Vec<Artifact> = filling.numbered(&format!("{pointer}/artifacts"), run.raw("artifacts"));
    for artifact in artifacts.iter().filter(|one| one.roles.iter().any(|role| role == "analysisTarget")) {
        filling.touched(artifact.location.as_ref().map_or("", |location| location.uri.text()));
    }
    let at = format!("{pointer}/logicalLocations");
    let logical: Vec<LogicalLocation> = filling.numbered(&at, run.raw("logicalLocations"));
    let known = Run { rules: Rules::of(&tool), tool: tool.driver.name.text(), artifacts, logical };
    filling.each(&format!("{pointer}/results"), run.raw("results"), |filling, finding: Finding, at| {
        result(filling, &known, finding, at);
    });
    carried_out(&mut filling.found.report, &known.rules);
    filling.finish()
}

/// The tool and its extensions. A rule that cannot be read leaves the others, and their numbers, as they are.
fn read_tool(filling: &mut Filling<'_>, run: &Object<'_>, at: &str) -> Tool {
    let Some(tool) = run.object("tool") else {
        filling.unreadable(at, "no tool");
        return Tool::default();
    };
    let driver = tool.object("driver").unwrap_or_default();
    let driver = read_component(filling, &driver, &format!("{at}/driver"));
    let mut extensions = Vec::new();
    for (number, raw) in tool.list("extensions").unwrap_or_default().into_iter().enumerate() {
        let at = format!("{at}/extensions/{number}");
        extensions.push(match serde_json::from_str(raw.get()) {
            Ok(Value::Object(extension)) => read_component(filling, &extension, &at),
            _ => {
                filling.unreadable(&at, "no object");
                Component::default()
            }
        });
    }
    Tool { driver, extensions }
}

fn read_component(filling: &mut Filling<'_>, component: &Object<'_>, at: &str) -> Component {
    let word = |name: &str| Word(component.word(name));
    let messages = component.raw("globalMessageStrings");
    Component {
        name: word("name"),
        version: word("version"),
        semantic_version: word("semanticVersion"),
        guid: word("guid"),
        rules: filling.numbered(&format!("{at}/rules"), component.raw("rules")),
        global_message_strings: filling.one(&format!("{at}/globalMessageStrings"), messages),
    }
}

fn name_tool(report: &mut ScanReport, tool: &Tool) {
    let name = tool.driver.name.get().unwrap_or("SARIF");
    let lower = name.to_ascii_lowercase();
    let known = TOOLS.iter().find(|(begin, _)| lower.split(' ').any(|word| word == *begin));
    report.tool.name = shorten(name, 200);
    report.tool.key = match known {
        Some((_, key)) => (*key).to_owned(),
        None => shorten(&lower, 200).replace(' ', "-"),
    };
    let version = tool.driver.version.get().or(tool.driver.semantic_version.get());
    report.tool.version = version.map(|version| shorten(version, 200));
}

/// Times, completion, and what was looked at.
fn about(filling: &mut Filling<'_>, run: &Object<'_>, pointer: &str) {
    filling.each(
        &format!("{pointer}/invocations"),
        run.raw("invocations"),
        |filling, one: Invocation, at| {
            let started = filling.time(&format!("{at}/startTimeUtc"), one.start_time_utc.get());
            let ended = filling.time(&format!("{at}/endTimeUtc"), one.end_time_utc.get());
            let report = &mut filling.found.report;
            report.started = [report.started, started].into_iter().flatten().min();
            report.ended = report.ended.max(ended);
            match one.execution_successful {
                Some(false) => {
                    let why = [
                        &one.exit_code_description,
                        &one.exit_signal_name,
                        &one.process_start_failure_message,
                    ];
                    let why = why.into_iter().find_map(|word| word.get());
                    filling.unfinished(why.unwrap_or("executionSuccessful = false"));
                }
                Some(true) if report.completion == Completion::NotTold => {
                    report.completion = Completion::Finished;
                }
                _ => {}
            }
            if let Some(folder) = one.working_directory {
                filling.touched(folder.uri.text());
            }
        },
    );
    let at = format!("{pointer}/versionControlProvenance");
    filling.each(&at, run.raw("versionControlProvenance"), |filling, source: Source, _| {
        filling.touched(source.repository_uri.text());
    });
    let at = format!("{pointer}/originalUriBaseIds");
    filling.each(&at, run.raw("originalUriBaseIds"), |filling, base: shape::ArtifactLocation, _| {
        filling.touched(base.uri.text());
    });
    if run.object("externalPropertyFileReferences").is_some_and(|files| files.has("results")) {
        filling.unfinished("externalPropertyFileReferences: results in other files are not read");
    }
}

fn carried_out(report: &mut ScanReport, rules: &Rules<'_>) {
    let found: BTreeSet<&str> = report.results.iter().map(|result| result.rule.as_str()).collect();
    let listed: BTreeSet<String> = rules.ids().map(str::to_owned).collect();
    if listed.iter().any(|rule| !found.contains(rule.as_str())) {
        let all = listed.into_iter().chain(found.into_iter().map(str::to_owned)).collect();
        report.rules = Some(all);
    }
}

fn result(filling: &mut Filling<'_>, run: &Run<'_>, finding: Finding, at: &str) {
    let no_finding = match finding.kind.text() {
        "pass" => Some(LeftOut::Passed),
        "notApplicable" => Some(LeftOut::NotApplicable),
        "informational" => Some(LeftOut::AboutTheRun),
        _ if finding.baseline_state.text() == "absent" => Some(LeftOut::NotApplicable),
        _ => None,
    };
    if let Some(why) = no_finding {
        return filling.leave_out(why);
    }
    let rule = run.rules.rule_of(&finding);
    let message = run.rules.message(finding.message.as_ref(), rule);
    let id = finding.rule_id.get();
    let id =
        id.or(finding.rule.as_ref().and_then(|rule| rule.id.get())).or(rule.and_then(|rule| rule.id.get()));
    // Section 3.27.5 allows a result without a rule: its message is all there is.
    let id = id.map_or_else(|| shorten(&message, 80), |id| shorten(id, 400));
    if id.is_empty() {
        return filling.unreadable(at, "neither a rule nor a message");
    }
    let (place, others) = places(run, &finding);
    let mut result = ScanResult::new(id, headline(rule, &message), FindingKind::Vulnerability, place);
    result.text = text(&message);
    result.severity = level(&finding, rule);
    result.tool_fingerprint = fingerprint(&finding);
    result.suppressed = suppressed(&finding.suppressions);
    result.evidence = text(&others);
    result.count = finding.occurrence_count.and_then(|count| u32::try_from(count).ok()).unwrap_or(1).max(1);
    weaknesses(&mut result, run, &finding, rule);
    without_secrets(&mut result, run.tool, rule);
    filling.push(result);
}

fn headline(rule: Option<&Rule>, message: &str) -> String {
    let of_rule = rule.and_then(|rule| rule.short_description.as_ref()?.text.get().or(rule.name.get()));
    let line = title(of_rule.unwrap_or(message));
    if line.is_empty() { title(message) } else { line }
}

/// Section 3.27.10: the result's own level, else the rule's, else `warning`.
fn level(finding: &Finding, rule: Option<&Rule>) -> String {
    let own = finding.level.get();
    let of_rule = rule.and_then(|rule| rule.default_configuration.as_ref()?.level.get());
    let default = if matches!(finding.kind.text(), "" | "fail") { "warning" } else { "none" };
    own.or(of_rule).unwrap_or(default).to_owned()
}

/// The first place, and the others as text.
fn places(run: &Run<'_>, finding: &Finding) -> (ScanPlace, String) {
    let mut all = finding.locations.iter().map(|location| place_of(run, location));
    let mut first = all.next().unwrap_or_default();
    if let Some(request) = &finding.web_request {
        if first.path.is_none() && first.file.is_none() {
            first = place::web(request.target.text());
        }
        first.method = request.method.get().map(str::to_owned);
    }
    let others: Vec<String> = all
        .filter_map(|place| {
            let named = place.file.or(place.url).or(place.object)?;
            Some(place.line.map_or(named.clone(), |line| format!("{named}:{line}")))
        })
        .take(20)
        .collect();
    (first, others.join(", "))
}

fn place_of(run: &Run<'_>, location: &Location) -> ScanPlace {
    let physical = location.physical_location.as_ref();
    let artifact = physical.and_then(|physical| physical.artifact_location.as_ref());
    let listed = artifact.and_then(|artifact| {
        let index = usize::try_from(artifact.index?).ok()?;
        run.artifacts.get(index)?.location.as_ref()?.uri.get()
    });
    let uri = artifact.and_then(|artifact| artifact.uri.get()).or(listed).unwrap_or_default();
    let mut place = if uri.starts_with("http://") || uri.starts_with("https://") {
        place::web(uri)
    } else {
        ScanPlace { file: place::file(uri), ..ScanPlace::default() }
    };
    let region = physical.and_then(|physical| physical.region.as_ref());
    let line = region.and_then(|region| region.start_line);
    place.line = line.and_then(|line| u32::try_from(line).ok()).filter(|line| *line > 0);
    let code = region.and_then(|region| region.snippet.as_ref()?.text.get());
    place.code = code.map(text).filter(|code| !code.is_empty());
    let named = location.logical_locations.iter().find_map(|logical| {
        let listed = || run.logical.get(usize::try_from(logical.index?).ok()?);
        let own = logical.fully_qualified_name.get().or(logical.name.get());
        own.or_else(|| listed().and_then(|one| one.fully_qualified_name.get().or(one.name.get())))
    });
    place.object = named.map(|name| shorten(name, 400));
    place
}

/// The tool's own fingerprint. Semgrep writes `requires login` in its place where no one is logged in.
fn fingerprint(finding: &Finding) -> Option<String> {
    let usable = |value: &str| value.len() >= 8 && value != "requires login";
    let whole = finding.fingerprints.iter().flatten();
    let whole = whole.map(|(name, values)| (name, values.iter().find(|value| usable(value))));
    // The column is no identity by itself, and a hash of the whole file none of a place in it.
    let named = |name: &str| finding.partial_fingerprints.as_ref()?.get_key_value(name);
    let line = ["primaryLocationLineHash", "scanPrimaryLocationHash", "primaryLocationHash"];
    let partial = line.into_iter().filter_map(named);
    let partial = partial.map(|(name, values)| (name, values.iter().find(|value| usable(value))));
    whole.chain(partial).find_map(|(name, value)| Some(shorten(&format!("{name}:{}", value?), 400)))
}

/// Section 3.27.23 and 3.35: suppressed, if no suppression is still under review or was rejected.
fn suppressed(suppressions: &[Suppression]) -> Option<String> {
    let status = |one: &Suppression| one.status.get().or(one.state.get()).map(str::to_owned);
    let open = |one: &Suppression| matches!(status(one).as_deref(), Some("underReview" | "rejected"));
    if suppressions.iter().any(open) {
        return None;
    }
    let first = suppressions.first()?;
    let kind = first.kind.get().unwrap_or("suppressed");
    Some(first.justification.get().map_or(kind.to_owned(), |why| text(&format!("{kind}: {why}"))))
}

fn weaknesses(result: &mut ScanResult, run: &Run<'_>, finding: &Finding, rule: Option<&Rule>) {
    let relations =
        rule.iter().flat_map(|rule| rule.relationships.iter().filter_map(|one| one.target.as_ref()));
    for taxon in finding.taxa.iter().chain(relations) {
        let taxonomy = taxon.tool_component.as_ref().map_or("", |component| component.name.text());
        if taxonomy.to_ascii_uppercase().contains("CWE") {
            result.cwe.extend(names::cwe(taxon.id.text()));
        } else {
            result.cwe.extend(names::cwes(taxon.id.text()));
        }
    }
    let of_rule = rule.and_then(|rule| rule.properties.as_ref());
    for properties in [of_rule, finding.properties.as_ref()].into_iter().flatten() {
        for word in properties.cwe.iter() {
            result.cwe.extend(names::cwe(word));
        }
        for tag in properties.tags.iter() {
            result.cwe.extend(names::cwes(tag));
            names::identify(result, tag);
        }
        if let Some(score) = properties.security_severity.iter().find_map(names::score_unless_zero) {
            result.score_x10 = Some(score);
        }
        if let Some(precision) = properties.precision.0.first() {
            result.confidence = shorten(precision, 40);
        }
        result.place.purl = result.place.purl.take().or(properties.purls.0.first().cloned());
    }
    let id = result.rule.clone();
    names::identify(result, &id);
    if let Some(rule) = rule {
        names::reference(result, rule.help_uri.text());
        let help = rule.help.as_ref().or(rule.full_description.as_ref());
        let help = help.and_then(|help| help.text.get().or(help.markdown.get())).unwrap_or_default();
        result.advice = text(help);
    }
    let tool = run.tool.to_ascii_lowercase();
    let of_settings = OF_SETTINGS.iter().any(|name| tool.contains(name))
        || of_rule.is_some_and(|of_rule| {
            of_rule.tags.iter().any(|tag| tag.eq_ignore_ascii_case("misconfiguration"))
        });
    if of_settings {
        result.kind = FindingKind::Misconfiguration;
    }
}

fn without_secrets(result: &mut ScanResult, tool: &str, rule: Option<&Rule>) {
    let named = rule.and_then(|rule| rule.name.get()).unwrap_or_default();
    let names = [tool, result.rule.as_str(), result.title.as_str(), named];
    if secrets::sought(names) || secrets::is_evidence_of(&result.cwe) {
        result.text = secrets::message(&result.text);
        result.title = secrets::message(&result.title);
        result.place.code = result.place.code.take().map(|code| secrets::code(&code));
    }
}
