//! How lists and people see a device.

use std::collections::BTreeSet;

use super::{
    AnalysisGiven, Dated, Device, DeviceStage, InformationGiven, LifeStep, RemoteLine, Rule, UpdateDone,
    UseStatement,
};
use crate::calendar::day;
use crate::case::CaseState;
use crate::evidence::Document;
use crate::ledger::{Kind, Stream};
use crate::process::{Filed, Label, Link, Relation, Shown, View};
use crate::record_id::PartyId;

type Row = Vec<Option<Shown>>;

fn party(party: PartyId) -> Stream {
    Stream::new(Kind::Party, party)
}

pub(super) fn filed(device: &Device) -> Filed {
    let open = !matches!(device.stage, DeviceStage::Disposed { .. });
    let mut filed = Filed::new(device.state().term(), open, &device.name);
    let in_use = matches!(device.stage, DeviceStage::InUse { .. });
    let dates = [
        device.stage.disconnection_open().map(day),
        device.updates.as_ref().map(|calendar| calendar.next).filter(|_| in_use),
        device.support_end().filter(|_| in_use),
    ];
    filed.due = dates.into_iter().flatten().min();
    let mut links = BTreeSet::from([
        Link::to(Relation::Asset, &device.key),
        Link::record(Relation::PartOf, Stream::new(Kind::Asset, device.asset)),
    ]);
    let system = device.system.map(|system| Stream::new(Kind::System, system));
    links.extend(system.map(|system| Link::record(Relation::Subject, system)));
    let cases = device.uses.iter().filter_map(|usage| usage.given.case);
    links.extend(cases.map(|case| Link::record(Relation::Case, Stream::new(Kind::Case, case))));
    let line = device.remote_line.as_ref();
    let parties = line.into_iter().flat_map(|line| [line.owner, line.provider]).flatten();
    links.extend(parties.map(|id| Link::record(Relation::Party, party(id))));
    filed.links = links.into_iter().collect();
    filed
}

pub(super) fn view(device: &Device) -> View {
    let view = View::new(device.state().term())
        .fact(Label::Name, &device.name)
        .fact(Label::DeviceCategory, device.category.term())
        .fact(Label::Asset, &device.key)
        .maybe(Label::System, device.system.map(|system| Stream::new(Kind::System, system)));
    let view = stage(device, network(device, view));
    let view = updates(device, line(device, usage(device, view)));
    // How the case of a difference stands is not known here: the difference and its case are shown above.
    lists(device, view).next(device.lacking(Some(CaseState::Closed)))
}

fn network(device: &Device, view: View) -> View {
    let network = &device.network;
    let macs: Vec<Shown> = network.macs.iter().map(|mac| mac.to_string().into()).collect();
    let addresses: Vec<Shown> = network.addresses.iter().map(|address| address.to_string().into()).collect();
    let names: Vec<Shown> = network.host_names.iter().map(Shown::from).collect();
    let some = |list: Vec<Shown>| (!list.is_empty()).then_some(list);
    view.maybe(Label::DeviceMacs, some(macs))
        .maybe(Label::DeviceAddresses, some(addresses))
        .maybe(Label::DeviceDhcp, network.dhcp.then_some(true))
        .maybe(Label::DeviceHostNames, some(names))
        .maybe(Label::DeviceSerial, network.serial.as_ref())
        .maybe(Label::DeviceFirmware, network.firmware.as_ref())
}

fn stage(device: &Device, view: View) -> View {
    match &device.stage {
        DeviceStage::InUse { since } => view.fact(Label::Since, *since),
        DeviceStage::Stopped { stop } => {
            view.fact(Label::Since, stop.since).fact(Label::Reason, &stop.reason).fact(Label::By, stop.by)
        }
        DeviceStage::Disconnected { stop, disconnection } => {
            let confirmed = &disconnection.confirmed;
            view.fact(Label::Since, stop.since)
                .fact(Label::DeviceDisconnection, disconnection.means.term())
                .fact(Label::DeviceHow, &disconnection.how)
                .fact(Label::DeviceChecked, disconnection.checked)
                .fact(Label::By, confirmed.recorded_by)
                .fact(Label::Means, confirmed.word.means().term())
                .maybe(Label::Documents, documents(&disconnection.documents))
        }
        DeviceStage::Disposed { disposal, .. } => view
            .fact(Label::Date, disposal.on)
            .fact(Label::DeviceHow, &disposal.how)
            .fact(Label::By, disposal.by)
            .maybe(Label::Documents, documents(&disposal.documents)),
        DeviceStage::SeenAgain { seen, .. } => view
            .fact(Label::At, seen.at)
            .fact(Label::DeviceSeenAs, &seen.by_what)
            .maybe(Label::Document, seen.document.clone()),
    }
}

fn usage(device: &Device, view: View) -> View {
    let Some(usage) = device.usage() else { return view };
    view.fact(Label::DeviceIntendedUse, &usage.given.intended)
        .fact(Label::DeviceActualUse, &usage.given.actual)
        .fact(Label::DeviceUse, usage.given.comparison.term())
        .maybe(Label::Case, usage.given.case.map(|case| Stream::new(Kind::Case, case)))
}

fn line(device: &Device, view: View) -> View {
    let Some(RemoteLine { kind, description, owner, provider, connection }) = &device.remote_line else {
        return view;
    };
    let named = vec![kind.term().into(), description.into(), connection.term().into()];
    view.fact(Label::DeviceRemoteLine, named)
        .maybe(Label::DeviceLineOwner, owner.map(party))
        .maybe(Label::DeviceLineProvider, provider.map(party))
}

fn updates(device: &Device, view: View) -> View {
    let ends = device.support_ends.iter();
    let ends: Vec<Shown> = ends.map(|end| vec![end.until.into(), Shown::from(&end.what)].into()).collect();
    let view = view.maybe(Label::SupportEnd, (!ends.is_empty()).then_some(ends));
    let Some(calendar) = &device.updates else { return view };
    let method = &calendar.method;
    view.fact(Label::DeviceUpdateMethod, &method.how)
        .maybe(Label::Responsible, method.responsible.map(party))
        .fact(Label::IntervalDays, i64::from(method.interval_days))
        .fact(Label::DeviceNextUpdate, calendar.next)
}

fn lists(device: &Device, view: View) -> View {
    view.section(
        Label::DeviceInformation,
        &[Label::Kind, Label::Version, Label::Date, Label::Content, Label::Document, Label::By, Label::At],
        device.information.iter().map(information).collect(),
    )
    .section(
        Label::DeviceUses,
        &[
            Label::DeviceUse,
            Label::DeviceIntendedUse,
            Label::DeviceActualUse,
            Label::Reason,
            Label::Case,
            Label::Documents,
            Label::By,
            Label::At,
        ],
        device.uses.iter().map(use_row).collect(),
    )
    .section(
        Label::DeviceAnalyses,
        &[
            Label::Content,
            Label::DeviceMeasures,
            Label::DeviceLikelihood,
            Label::PatientSafety,
            Label::Availability,
            Label::DeviceConfidentiality,
            Label::Outdated,
            Label::Documents,
            Label::By,
            Label::At,
        ],
        device.analyses.iter().map(|(facts, analysis)| analysis_row(device, *facts, analysis)).collect(),
    )
    .section(
        Label::DeviceUpdates,
        &[
            Label::Date,
            Label::Result,
            Label::DeviceFirmware,
            Label::Note,
            Label::Documents,
            Label::By,
            Label::At,
        ],
        device.updates.iter().flat_map(|calendar| &calendar.done).map(update_row).collect(),
    )
    .section(
        Label::DeviceRules,
        &[
            Label::Version,
            Label::State,
            Label::DeviceDepartment,
            Label::Documents,
            Label::By,
            Label::At,
            Label::ApprovedBy,
            Label::Means,
            Label::Reason,
        ],
        device.rules.iter().map(|rule| rule_row(device, rule)).collect(),
    )
    .section(
        Label::DeviceLife,
        &[Label::State, Label::Since, Label::Until, Label::DeviceHow, Label::By, Label::Reason],
        device.past.iter().map(life_row).collect(),
    )
}

fn documents(documents: &[Document]) -> Option<Shown> {
    let shown: Vec<Shown> = documents.iter().cloned().map(Shown::from).collect();
    (!shown.is_empty()).then_some(shown.into())
}

fn information(entry: &Dated<InformationGiven>) -> Row {
    let given = &entry.given;
    vec![
        Some(given.kind.term().into()),
        given.edition.as_ref().map(Shown::from),
        given.dated.map(Shown::from),
        Some((&given.content).into()),
        Some(given.document.clone().into()),
        Some(entry.by.into()),
        Some(entry.at.into()),
    ]
}

fn use_row(entry: &Dated<UseStatement>) -> Row {
    let given = &entry.given;
    vec![
        Some(given.comparison.term().into()),
        Some((&given.intended).into()),
        Some((&given.actual).into()),
        Some((&given.reason).into()),
        given.case.map(|case| Stream::new(Kind::Case, case).into()),
        documents(&given.documents),
        Some(entry.by.into()),
        Some(entry.at.into()),
    ]
}

fn analysis_row(device: &Device, facts: u32, entry: &Dated<AnalysisGiven>) -> Row {
    let given = &entry.given;
    vec![
        Some((&given.content).into()),
        Some((&given.measures).into()),
        Some(given.likelihood.term().into()),
        Some(given.patient_safety.term().into()),
        Some(given.availability.term().into()),
        Some(given.confidentiality.term().into()),
        Some((facts != device.facts).into()),
        documents(&given.documents),
        Some(entry.by.into()),
        Some(entry.at.into()),
    ]
}

fn update_row(entry: &Dated<UpdateDone>) -> Row {
    let given = &entry.given;
    vec![
        Some(given.on.into()),
        Some(given.result.term().into()),
        given.firmware.as_ref().map(Shown::from),
        Some((&given.note).into()),
        documents(&given.documents),
        Some(entry.by.into()),
        Some(entry.at.into()),
    ]
}

fn rule_row(device: &Device, rule: &Rule) -> Row {
    let approval = rule.approval.as_ref();
    vec![
        Some(i64::from(rule.version).into()),
        Some(device.state_of_rule(rule).term().into()),
        Some((&rule.text.department).into()),
        documents(&rule.documents),
        Some(rule.by.into()),
        Some(rule.at.into()),
        approval.map(|given| given.recorded_by.into()),
        approval.map(|given| given.word.means().term().into()),
        rule.sent_back.as_ref().map(|back| (&back.given).into()),
    ]
}

fn life_row(step: &LifeStep) -> Row {
    let (since, how) = match &step.stage {
        DeviceStage::InUse { since } => (Some((*since).into()), None),
        DeviceStage::Stopped { stop } => (Some(stop.since.into()), None),
        DeviceStage::Disconnected { disconnection, .. } => {
            (Some(disconnection.checked.into()), Some(&disconnection.how))
        }
        DeviceStage::Disposed { disposal, .. } => (Some(disposal.on.into()), Some(&disposal.how)),
        DeviceStage::SeenAgain { seen, .. } => (Some(seen.at.into()), Some(&seen.by_what)),
    };
    vec![
        Some(step.stage.state().term().into()),
        since,
        Some(step.until.into()),
        how.map(Shown::from),
        Some(step.by.into()),
        step.reason.as_ref().map(Shown::from),
    ]
}
