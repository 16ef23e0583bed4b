//! How lists and people see a discrepancy.

use super::{Sighting, SightingKind, SightingStage};
use crate::process::{Filed, Label, Link, Relation, Shown, View};

pub(super) fn filed(sighting: &Sighting) -> Filed {
    let mut filed = Filed::new(sighting.status(), sighting.is_open(), sighting.title());
    filed.priority = Some(match sighting.found.kind {
        SightingKind::RetiredSeen => 0,
        SightingKind::UnknownDevice => 1,
        SightingKind::RandomisedDevice | SightingKind::NotSeen | SightingKind::FirmwareChanged => 2,
        SightingKind::AddressChanged => 3,
    });
    if let SightingStage::Explained { until, .. } = sighting.stage {
        filed.due = Some(until);
    }
    let device = sighting.found.device.as_ref();
    let mut links: Vec<Link> =
        device.map(|device| Link::to(Relation::Asset, &device.key)).into_iter().collect();
    links
        .extend(device.and_then(|device| device.stream).map(|stream| Link::record(Relation::PartOf, stream)));
    if let SightingStage::Registered { key, .. } = &sighting.stage {
        links.push(Link::to(Relation::Asset, key));
    }
    links.sort();
    links.dedup();
    filed.links = links;
    filed
}

fn texts(values: impl IntoIterator<Item = String>) -> Option<Shown> {
    let list: Vec<Shown> = values.into_iter().map(Shown::from).collect();
    (!list.is_empty()).then(|| list.into())
}

pub(super) fn view(sighting: &Sighting) -> View {
    let found = &sighting.found;
    let evidence = &found.evidence;
    let device = found.device.as_ref();
    let view = View::new(sighting.status())
        .fact(Label::Kind, found.kind.term())
        .maybe(Label::Device, device.and_then(|device| device.stream))
        .maybe(Label::Asset, device.map(|device| &device.label))
        .maybe(Label::RegisterKey, device.map(|device| &device.key))
        .maybe(Label::Basis, found.basis.map(super::MatchBasis::term))
        .maybe(Label::Mac, evidence.mac.map(|mac| mac.to_string()))
        .maybe(Label::Addresses, texts(evidence.addresses.iter().map(ToString::to_string)))
        .maybe(Label::SeenNames, texts(evidence.names.iter().cloned()))
        .maybe(Label::HardwareMaker, evidence.vendor.as_ref())
        .maybe(Label::Port, evidence.port.as_ref())
        .maybe(Label::Network, evidence.network.as_ref())
        .maybe(Label::RegisteredValue, found.registered.as_ref())
        .maybe(Label::SeenVersion, evidence.version.as_ref())
        .maybe(Label::FirstSeen, sighting.first_seen)
        .maybe(Label::LastSeen, evidence.last_seen);
    let view = stage(view, &sighting.stage);
    let past = |stage: &SightingStage| -> Vec<Option<Shown>> {
        match stage {
            SightingStage::Open { since } => vec![None, None, None, None, Some((*since).into())],
            SightingStage::Explained { reason, until, by, at, .. } => {
                vec![None, Some(reason.into()), Some((*until).into()), Some((*by).into()), Some((*at).into())]
            }
            SightingStage::Registered { label, by, at, .. } => {
                vec![None, Some(label.into()), None, Some((*by).into()), Some((*at).into())]
            }
            SightingStage::Resolved { how, by, at, .. } => {
                vec![Some(how.term().into()), None, None, Some((*by).into()), Some((*at).into())]
            }
        }
    };
    view.section(
        Label::Past,
        &[Label::Result, Label::Reason, Label::Until, Label::By, Label::At],
        sighting.past.iter().map(past).collect(),
    )
    .next(sighting.missing())
}

fn stage(view: View, stage: &SightingStage) -> View {
    match stage {
        SightingStage::Open { since } => view.fact(Label::Since, *since),
        SightingStage::Explained { reason, until, documents, by, at } => {
            let documents: Vec<Shown> = documents.iter().cloned().map(Shown::from).collect();
            view.fact(Label::Reason, reason)
                .fact(Label::Until, *until)
                .maybe(Label::Documents, (!documents.is_empty()).then_some(documents))
                .fact(Label::By, *by)
                .fact(Label::At, *at)
        }
        SightingStage::Registered { key, label, by, at } => view
            .fact(Label::RegisteredAs, format!("{label} ({key})"))
            .fact(Label::By, *by)
            .fact(Label::At, *at),
        SightingStage::Resolved { how, shown_at, by, at } => view
            .fact(Label::Result, how.term())
            .maybe(Label::Date, *shown_at)
            .fact(Label::By, *by)
            .fact(Label::At, *at),
    }
}
