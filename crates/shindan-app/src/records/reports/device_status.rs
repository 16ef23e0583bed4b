//! 情報機器等状況報告: every device of the register and of the dossiers – use, support, updates, who patches it, risk, rule, open
//! cases, when it was last confirmed (運用編 8).

use std::collections::{BTreeMap, BTreeSet};

use shindan_domain::case::CaseState;
use shindan_domain::device::{Device, DeviceStage, RuleState};
use shindan_domain::inventory::Asset as Listed;
use shindan_domain::ledger::{Kind, Stream};
use shindan_domain::organisation::{Asset, MasterData, Patcher};
use shindan_domain::process::Label;
use shindan_domain::register::Register;
use shindan_report::paper::{Block, Cell, Column, Layout, Paper, Tone};
use uuid::Uuid;

use super::super::RecordsError;
use super::desk::Desk;

/// What is known of one thing.
struct Line<'a> {
    key: &'a str,
    listed: Option<&'a Listed>,
    asset: Option<&'a MasterData<Asset>>,
    device: Option<(Uuid, &'a Device)>,
}

pub(super) fn paper(desk: &Desk<'_>) -> Result<Paper, RecordsError> {
    let lines = lines(desk, &desk.register);
    let subject = desk.get("report-devices-subject", &[("count", lines.len().into())]);
    let mut paper = desk.paper(subject, Layout::Landscape);
    let without = lines.iter().filter(|line| line.device.is_none()).count();
    if without > 0 {
        paper.cautions.push(desk.get("report-devices-without-dossier", &[("count", without.into())]));
    }
    paper.cautions.push(desk.t("report-devices-caution"));
    let mut rows = Vec::new();
    for line in &lines {
        rows.push(row(desk, line)?);
    }
    paper.push(summary(desk, &lines));
    let mut columns = vec![Column::text(desk.t("report-devices-device"), 14)];
    columns.extend(desk.columns(&[
        (Label::Kind, 8),
        (Label::System, 10),
        (Label::Version, 10),
        (Label::State, 10),
    ]));
    columns.extend(desk.columns(&[
        (Label::SupportEnd, 10),
        (Label::DeviceUpdateMethod, 14),
        (Label::Patcher, 10),
        (Label::DeviceAnalyses, 12),
        (Label::DeviceRules, 10),
        (Label::OpenCases, 10),
    ]));
    columns.push(Column::text(desk.t("report-devices-last"), 10));
    columns.extend(desk.columns(&[(Label::Alarms, 18)]));
    paper.push(desk.table("report-devices-table", columns, rows, desk.t("report-devices-empty")));
    Ok(paper)
}

/// Everything of the register, with its dossier; then dossiers of what the register does not have.
fn lines<'a>(desk: &'a Desk<'_>, register: &'a Register) -> Vec<Line<'a>> {
    let mut assets: BTreeMap<&str, &MasterData<Asset>> = BTreeMap::new();
    for asset in desk.all.assets.values().filter(|asset| asset.ended.is_none()) {
        assets.insert(asset.particulars.key.as_str(), asset);
    }
    let mut dossiers: BTreeMap<&str, Vec<(Uuid, &Device)>> = BTreeMap::new();
    for (id, device) in &desk.all.devices {
        dossiers.entry(device.key.as_str()).or_default().push((*id, device));
    }
    let keys: BTreeSet<&str> =
        register.assets.keys().map(String::as_str).chain(dossiers.keys().copied()).collect();
    let mut lines = Vec::new();
    for key in keys {
        let listed = register.assets.get(key).map(|known| &known.asset);
        let asset = assets.get(key).copied();
        // A device that was replaced keeps its dossier under the same key: each is told.
        match dossiers.get(key) {
            None => lines.push(Line { key, listed, asset, device: None }),
            Some(several) => {
                lines.extend(several.iter().map(|device| Line { key, listed, asset, device: Some(*device) }));
            }
        }
    }
    lines
}

/// How many there are of each state.
fn summary(desk: &Desk<'_>, lines: &[Line<'_>]) -> Block {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for line in lines {
        *counts.entry(state(desk, line).text).or_default() += 1;
    }
    let count = |(state, count): (String, usize)| {
        (state, desk.get("report-devices-count", &[("count", count.into())]).into())
    };
    Block::Facts(counts.into_iter().map(count).collect())
}

fn row(desk: &Desk<'_>, line: &Line<'_>) -> Result<Vec<Cell>, RecordsError> {
    let device = line.device.map(|(_, device)| device);
    let system = device.and_then(|device| device.system);
    let system = system.or(line.asset.and_then(|asset| asset.particulars.system));
    let system = match system {
        Some(system) => desk.named(Stream::new(Kind::System, system))?.into(),
        None => desk.not_recorded(),
    };
    let kind = device.map(|device| desk.term(device.category.term()));
    let kind = kind.or_else(|| line.listed.and_then(|listed| listed.kind_text.clone()));
    Ok(vec![
        name(desk, line),
        desk.maybe(kind),
        system,
        version(desk, line),
        state(desk, line),
        support(desk, line),
        updates(desk, device),
        patcher(desk, line),
        risk(desk, device),
        rule(desk, device),
        open_cases(desk, line),
        desk.maybe(line.listed.and_then(|listed| listed.confirmed.clone())),
        alarms(desk, line),
    ])
}

fn name(desk: &Desk<'_>, line: &Line<'_>) -> Cell {
    let number = line.device.map(|(id, _)| desk.number(Stream::new(Kind::Device, id)));
    let listed = line.listed.map(|listed| listed.label().to_owned());
    let name = line.device.map(|(_, device)| device.name.clone()).or(listed);
    let mut parts: Vec<String> = number.into_iter().chain(name).filter(|part| !part.is_empty()).collect();
    if let Some(listed) = line.listed {
        let model = [&listed.maker, &listed.model].into_iter().flatten().cloned();
        parts.push(model.collect::<Vec<_>>().join(" "));
        parts.extend(listed.place.clone());
    }
    parts.retain(|part| !part.trim().is_empty());
    if parts.is_empty() {
        parts.push(line.key.to_owned());
    }
    desk.lines(parts)
}

fn version(desk: &Desk<'_>, line: &Line<'_>) -> Cell {
    let texts = line.listed.into_iter().flat_map(|listed| [&listed.firmware, &listed.os]).flatten();
    desk.lines(texts.filter(|text| !text.trim().is_empty()).cloned().collect())
}

/// The dossier knows better than the register.
fn state(desk: &Desk<'_>, line: &Line<'_>) -> Cell {
    if let Some((_, device)) = line.device {
        let tone = match &device.stage {
            DeviceStage::InUse { .. } => Tone::Plain,
            DeviceStage::Stopped { .. } | DeviceStage::SeenAgain { .. } => Tone::Late,
            DeviceStage::Disconnected { .. } | DeviceStage::Disposed { .. } => Tone::Quiet,
        };
        return Cell::toned(desk.term(device.state().term()), tone);
    }
    match line.listed {
        Some(listed) if listed.retired => Cell::toned(desk.t("report-devices-retired"), Tone::Quiet),
        Some(listed) => match listed.state.as_deref().map(str::trim).filter(|state| !state.is_empty()) {
            Some(state) => state.into(),
            None => desk.t("report-devices-listed").into(),
        },
        None => desk.not_recorded(),
    }
}

fn support(desk: &Desk<'_>, line: &Line<'_>) -> Cell {
    let listed = line.listed.and_then(|listed| listed.support_end.clone());
    let parsed = listed.as_deref().and_then(|text| text.parse().ok());
    let known = line.device.and_then(|(_, device)| device.support_end());
    match [known, parsed].into_iter().flatten().min() {
        Some(until) => desk.due(Some(until)),
        // What is written there and is no day is shown as it is.
        None => desk.maybe(listed),
    }
}

fn updates(desk: &Desk<'_>, device: Option<&Device>) -> Cell {
    let Some(calendar) = device.and_then(|device| device.updates.as_ref()) else {
        return desk.not_recorded();
    };
    let method = &calendar.method;
    let mut lines = vec![method.how.clone()];
    lines.extend(method.responsible.map(|party| desk.number_or_name(Stream::new(Kind::Party, party))));
    if let Some(last) = calendar.done.last() {
        let (on, result) = (desk.date(last.given.on), desk.term(last.given.result.term()));
        lines.push(desk.get("report-devices-updated", &[("on", (&on).into()), ("result", (&result).into())]));
    }
    let next = desk.due(Some(calendar.next));
    lines.push(format!("{}: {}", desk.label(Label::DeviceNextUpdate), next.text));
    Cell::toned(lines.join("\n"), next.tone)
}

/// Who patches it: as the organisation settled it, else as the register says.
fn patcher(desk: &Desk<'_>, line: &Line<'_>) -> Cell {
    match line.asset.map(|asset| asset.particulars.patcher) {
        Some(Patcher::Party(party)) => desk.number_or_name(Stream::new(Kind::Party, party)).into(),
        Some(Patcher::ToBeSettled(until)) => {
            let until = desk.due(Some(until));
            let text = desk.get("report-devices-to-be-settled", &[("until", until.text.as_str().into())]);
            Cell::toned(text, Tone::Undetermined)
        }
        None => desk.maybe(line.listed.and_then(|listed| listed.patched_by.clone())),
    }
}

fn risk(desk: &Desk<'_>, device: Option<&Device>) -> Cell {
    let Some(device) = device else { return desk.not_recorded() };
    let Some(analysis) = device.analysis() else {
        let key =
            if device.analyses.is_empty() { "report-not-recorded" } else { "report-devices-analysis-old" };
        return Cell::toned(desk.t(key), Tone::Undetermined);
    };
    let given = &analysis.given;
    let parts = [
        (Label::DeviceLikelihood, given.likelihood),
        (Label::PatientSafety, given.patient_safety),
        (Label::Availability, given.availability),
        (Label::DeviceConfidentiality, given.confidentiality),
    ];
    let part = |(label, level): (Label, shindan_domain::device::RiskLevel)| {
        format!("{}: {}", desk.label(label), desk.term(level.term()))
    };
    desk.lines(parts.into_iter().map(part).collect())
}

fn rule(desk: &Desk<'_>, device: Option<&Device>) -> Cell {
    let Some(device) = device else { return desk.not_recorded() };
    let state = device.rule_state();
    let tone = match state {
        RuleState::InForce => Tone::Proven,
        RuleState::Missing => Tone::Undetermined,
        _ => Tone::Late,
    };
    let version = device.rules.last().map(|rule| rule.version);
    let text = desk.term(state.term());
    match version {
        Some(version) => {
            let version = desk.get("report-version", &[("version", u64::from(version).into())]);
            Cell::toned(format!("{text}\n{version}"), tone)
        }
        None => Cell::toned(text, tone),
    }
}

/// Open cases that hit it, by number.
fn open_cases(desk: &Desk<'_>, line: &Line<'_>) -> Cell {
    let cases = desk.sorted(Kind::Case, &desk.all.cases).into_iter();
    let hit = cases.filter(|(_, case)| {
        case.is_open() && case.places.get(line.key).is_some_and(|place| place.gone.is_none())
    });
    let numbers: Vec<String> = hit.map(|(stream, _)| desk.number(stream)).collect();
    if numbers.is_empty() {
        return desk.t("report-devices-no-cases").into();
    }
    Cell::toned(numbers.join("\n"), Tone::Late)
}

fn alarms(desk: &Desk<'_>, line: &Line<'_>) -> Cell {
    let Some((_, device)) = line.device else { return desk.not_recorded() };
    let case = device.difference().and_then(|usage| usage.given.case);
    let case: Option<CaseState> =
        case.and_then(|case| desk.all.cases.get(&case.0)).map(shindan_domain::case::Case::state);
    let alarms = desk.reasons(&device.alarms(desk.day, case));
    if alarms.is_empty() {
        return desk.t("report-devices-no-alarms").into();
    }
    Cell::toned(alarms.join("\n"), Tone::Late)
}
