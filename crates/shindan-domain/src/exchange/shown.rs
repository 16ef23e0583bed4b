//! How lists and people see the exchange with a partner.

use super::{
    ContentType, Exchange, ExchangeState, KeptContent, PartnerKey, ReceivedFile, RefusedBundle,
    RefusedImport, SentFile, TakenBundle, VoidNumber,
};
use crate::calendar::day;
use crate::ledger::{Kind, Stream};
use crate::process::{Filed, Label, Link, Reason, ReasonCode, Relation, Shown, View};

pub(super) fn filed(exchange: &Exchange) -> Filed {
    let state = exchange.state();
    let card = exchange.current_key().or_else(|| exchange.proposed_key()).or(exchange.keys.last());
    let title = card.map(|key| key.card.party.as_str()).unwrap_or_default();
    let open = state != ExchangeState::Confirmed || exchange.proposed_key().is_some();
    let mut filed = Filed::new(state.term(), open, title);
    filed.due = exchange.unacknowledged().map(|file| day(file.expires)).min();
    filed.links = vec![
        Link::record(Relation::Party, Stream::new(Kind::Party, exchange.party)),
        Link::to(Relation::PartOf, exchange.installation.to_string()),
    ];
    filed.links.sort();
    filed
}

pub(super) fn view(exchange: &Exchange) -> View {
    View::new(exchange.state().term())
        .fact(Label::Party, Stream::new(Kind::Party, exchange.party))
        .fact(Label::PartnerInstallation, exchange.installation.to_string())
        .fact(Label::NextToSend, number(exchange.sending.next))
        .fact(Label::NextExpected, number(exchange.receiving.next))
        .section(
            Label::PartnerKeys,
            &[
                Label::State,
                Label::Name,
                Label::Fingerprint,
                Label::By,
                Label::At,
                Label::Compared,
                Label::ApprovedBy,
                Label::Means,
                Label::Reason,
            ],
            exchange.keys.iter().map(key).collect(),
        )
        .section(
            Label::SentFiles,
            &[
                Label::Sequence,
                Label::State,
                Label::SealedContents,
                Label::Encrypted,
                Label::At,
                Label::By,
                Label::Expires,
                Label::AcknowledgedAt,
                Label::Reason,
                Label::Document,
            ],
            exchange.sending.files.iter().map(sent).collect(),
        )
        .section(
            Label::ReceivedFiles,
            &[Label::Sequence, Label::SealedContents, Label::At, Label::By, Label::Document],
            exchange.receiving.files.iter().map(received).collect(),
        )
        .section(
            Label::VoidNumbers,
            &[Label::Sequence, Label::Reason, Label::By, Label::At],
            exchange.receiving.void.iter().map(void).collect(),
        )
        .section(
            Label::RefusedImports,
            &[Label::Reason, Label::By, Label::At, Label::Document],
            exchange.receiving.refused.iter().map(refused).collect(),
        )
        .section(
            Label::BundlesTaken,
            &[Label::Sequence, Label::MadeAt, Label::At, Label::By, Label::Reason, Label::Document],
            exchange.bundles.taken.iter().rev().map(taken).collect(),
        )
        .section(
            Label::BundlesRefused,
            &[Label::Sequence, Label::Reason, Label::By, Label::At],
            exchange.bundles.refused.iter().rev().map(refused_bundle).collect(),
        )
        .next(next(exchange))
}

fn next(exchange: &Exchange) -> Vec<Reason> {
    let mut next = Vec::new();
    next.extend(exchange.proposed_key().map(|_| Reason::new(ReasonCode::CardNotConfirmed)));
    if exchange.current_key().is_none() && exchange.proposed_key().is_none() {
        next.push(Reason::new(ReasonCode::PartnerKeyMissing));
    }
    next.extend(exchange.unacknowledged().map(|file| {
        let reason = Reason::new(ReasonCode::ReceiptOutstanding).with("number", file.sequence);
        reason.with("date", day(file.expires))
    }));
    let untold = exchange.void_to_tell();
    let untold: Vec<String> = untold.iter().map(ToString::to_string).collect();
    if !untold.is_empty() {
        next.push(Reason::new(ReasonCode::VoidToTell).with("numbers", untold.join(", ")));
    }
    let last = exchange.receiving.files.last();
    let contents = last.into_iter().flat_map(|file| &file.contents);
    next.extend(contents.map(|kept| to_do(kept.content.content_type).with("file", &kept.content.path)));
    next
}

/// What to do with a content of the last file that came.
fn to_do(content: ContentType) -> Reason {
    Reason::new(match content {
        ContentType::Sbom => ReasonCode::ContentSbom,
        ContentType::Csaf | ContentType::Vex => ReasonCode::ContentAdvisory,
        ContentType::Inquiry => ReasonCode::ContentInquiry,
        ContentType::Answer => ReasonCode::ContentAnswer,
        ContentType::PatchManifest => ReasonCode::ContentPatchManifest,
        ContentType::Agreement => ReasonCode::ContentAgreement,
        ContentType::Confirmation => ReasonCode::ContentConfirmation,
        ContentType::Mds => ReasonCode::ContentMds,
        ContentType::Document | ContentType::Receipt => ReasonCode::ContentDocument,
    })
}

fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn key(key: &PartnerKey) -> Vec<Option<Shown>> {
    let confirmed = key.confirmed.as_ref();
    vec![
        Some(key.state().term().into()),
        Some((&key.card.party).into()),
        // Not before it was confirmed: whoever confirms is to hear it from the partner, not to copy it from here.
        key.confirmed.as_ref().map(|_| key.card.fingerprint().to_string().into()),
        Some(key.added_by.into()),
        Some(key.added_at.into()),
        confirmed.map(|confirmed| confirmed.compared.term().into()),
        confirmed.map(|confirmed| confirmed.given.recorded_by.into()),
        confirmed.map(|confirmed| confirmed.given.word.means().term().into()),
        key.revoked.as_ref().map(|revoked| (&revoked.reason).into()),
    ]
}

fn sent(file: &SentFile) -> Vec<Option<Shown>> {
    let contents = file.contents.iter().map(|content| Shown::from(&content.path));
    vec![
        Some(number(file.sequence).into()),
        Some(file.state().term().into()),
        Some(contents.collect::<Vec<_>>().into()),
        Some(file.encrypted.into()),
        Some(file.created.into()),
        Some(file.by.into()),
        Some(file.expires.into()),
        file.receipt.as_ref().map(|receipt| receipt.received.into()),
        file.void.as_ref().map(|void| (&void.reason).into()),
        Some(file.document.clone().into()),
    ]
}

fn received(file: &ReceivedFile) -> Vec<Option<Shown>> {
    let content = |kept: &KeptContent| {
        let named = vec![kept.content.content_type.term().into(), Shown::from(kept.document.clone())];
        Shown::from(named)
    };
    vec![
        Some(number(file.sequence).into()),
        Some(file.contents.iter().map(content).collect::<Vec<_>>().into()),
        Some(file.at.into()),
        Some(file.by.into()),
        Some(file.document.clone().into()),
    ]
}

fn void(void: &VoidNumber) -> Vec<Option<Shown>> {
    let reason = match &void.reason {
        Some(reason) => Shown::from(reason),
        None => Reason::new(ReasonCode::VoidByPartner).into(),
    };
    vec![Some(number(void.sequence).into()), Some(reason), Some(void.by.into()), Some(void.at.into())]
}

fn refused(refused: &RefusedImport) -> Vec<Option<Shown>> {
    vec![
        Some(refused.reason.clone().into()),
        Some(refused.by.into()),
        Some(refused.at.into()),
        Some(refused.document.clone().into()),
    ]
}

fn taken(taken: &TakenBundle) -> Vec<Option<Shown>> {
    vec![
        Some(number(taken.bundle.sequence).into()),
        Some(taken.created.into()),
        Some(taken.at.into()),
        Some(taken.by.into()),
        taken.expired_because.as_ref().map(Shown::from),
        Some(taken.document.clone().into()),
    ]
}

fn refused_bundle(refused: &RefusedBundle) -> Vec<Option<Shown>> {
    vec![
        Some(number(refused.bundle.sequence).into()),
        Some(refused.reason.clone().into()),
        Some(refused.by.into()),
        Some(refused.at.into()),
    ]
}
