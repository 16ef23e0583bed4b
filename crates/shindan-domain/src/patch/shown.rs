//! How lists and people see a patch.

use super::{Effect, FormerFile, Genuineness, Patch, PatchState, ProofAlternative, Verified};
use crate::approval::Given;
use crate::ledger::{Kind, Stream};
use crate::process::{Filed, Label, Link, Relation, Shown, View};
use crate::term::Term;
use crate::verification::{Check, CheckOutcome, Method, Outcome};

/// The outcome of a verification as a term.
fn outcome(outcome: Outcome) -> Term {
    Term { set: "verification-outcome", value: outcome.as_str() }
}

/// Every term of verifications that a patch shows.
pub(crate) fn verification_terms() -> impl Iterator<Item = Term> {
    let methods =
        Method::ALL.iter().map(|method| Term { set: "verification-method", value: method.as_str() });
    let checks = CheckOutcome::ALL.iter().map(|result| Term { set: "check-outcome", value: result.as_str() });
    Outcome::ALL.iter().map(|result| outcome(*result)).chain(methods).chain(checks)
}

pub(super) fn filed(patch: &Patch) -> Filed {
    let state = patch.state();
    let open = !matches!(state, PatchState::Usable | PatchState::Withdrawn);
    let mut filed = Filed::new(state.term(), open, &patch.particulars.name);
    let case = |case| Link::record(Relation::Case, Stream::new(Kind::Case, case));
    filed.links.push(Link::record(Relation::Party, Stream::new(Kind::Party, patch.particulars.maker)));
    filed.links.extend(patch.particulars.cases.iter().copied().map(case));
    filed
        .links
        .extend(patch.particulars.vulnerabilities.iter().map(|id| Link::to(Relation::Vulnerability, id)));
    filed.links.sort();
    filed.links.dedup();
    filed
}

pub(super) fn view(patch: &Patch) -> View {
    let particulars = &patch.particulars;
    let cases: Vec<Shown> =
        particulars.cases.iter().map(|case| Stream::new(Kind::Case, *case).into()).collect();
    let vulnerabilities: Vec<Shown> = particulars.vulnerabilities.iter().map(Shown::from).collect();
    let view = View::new(patch.state().term())
        .fact(Label::Name, &particulars.name)
        .fact(Label::Maker, Stream::new(Kind::Party, particulars.maker))
        .maybe(Label::Cases, (!cases.is_empty()).then_some(cases))
        .maybe(Label::Vulnerabilities, (!vulnerabilities.is_empty()).then_some(vulnerabilities))
        .fact(Label::File, patch.file.document.clone())
        .fact(Label::ObtainedFrom, patch.file.obtained_from.as_str())
        .maybe(Label::WithdrawnBecause, patch.withdrawn.as_ref());
    let view = effect(alternative(expected(view, patch), &patch.genuineness), &patch.effect);
    let view = checks(view, patch);
    let former = patch.former.iter().map(former_row).collect();
    let columns = [Label::File, Label::State, Label::Until, Label::Reason];
    let next = if patch.withdrawn.is_some() { Vec::new() } else { patch.blockers() };
    view.section(Label::FormerFiles, &columns, former).next(next)
}

fn expected(view: View, patch: &Patch) -> View {
    let rows = patch.particulars.expected.iter().map(|expected| -> Vec<Option<Shown>> {
        vec![
            Some(method(expected.method)),
            Some((&expected.value).into()),
            Some(expected.channel.as_str().into()),
        ]
    });
    view.section(Label::Expected, &[Label::Method, Label::Value, Label::Channel], rows.collect())
}

fn method(method: Method) -> Shown {
    Term { set: "verification-method", value: method.as_str() }.into()
}

fn checks(view: View, patch: &Patch) -> View {
    let summary = |verified: &Verified| -> Vec<Option<Shown>> {
        let sha256 = &verified.verdict.sha256;
        vec![
            Some(outcome(verified.verdict.outcome).into()),
            Some(verified.by.into()),
            Some(verified.at.into()),
            (!sha256.is_empty()).then(|| sha256.into()),
        ]
    };
    let check = |check: &Check| -> Vec<Option<Shown>> {
        let result = Term { set: "check-outcome", value: check.outcome.as_str() };
        vec![
            Some(method(check.method)),
            Some(result.into()),
            check.expected.as_ref().map(Shown::from),
            check.computed.as_ref().map(Shown::from),
            check.signer.as_ref().map(Shown::from),
            check.channel.as_ref().map(|channel| channel.as_str().into()),
        ]
    };
    let last = patch.verifications.last().map(|verified| verified.verdict.checks.as_slice());
    let columns =
        [Label::Method, Label::Result, Label::Expected, Label::Computed, Label::Signer, Label::Channel];
    view.section(
        Label::Verifications,
        &[Label::Result, Label::By, Label::At, Label::Sha256],
        patch.verifications.iter().map(summary).collect(),
    )
    .section(Label::Checks, &columns, last.unwrap_or_default().iter().map(check).collect())
}

fn alternative(view: View, genuineness: &Genuineness) -> View {
    let show = |view: View, alternative: &ProofAlternative| {
        let documents: Vec<Shown> = alternative.documents.iter().cloned().map(Shown::from).collect();
        view.fact(Label::ProofAlternative, &alternative.text)
            .fact(Label::ProposedBy, alternative.proposed_by)
            .fact(Label::Documents, documents)
    };
    match genuineness {
        Genuineness::AlternativeProposed { alternative } => show(view, alternative),
        Genuineness::AlternativeApproved { alternative, approval } => {
            show(view, alternative).section(Label::Approval, &Given::COLUMNS, vec![approval.row()])
        }
        _ => view,
    }
}

fn effect(view: View, effect: &Effect) -> View {
    let Some((proof, by, at)) = effect.proof() else {
        return view;
    };
    let row = vec![
        Some(proof.test().term().into()),
        Some(Shown::Number(proof.remaining().into())),
        Some(by.into()),
        Some(at.into()),
        Some(proof.document().clone().into()),
    ];
    let columns = [Label::Method, Label::Remaining, Label::By, Label::At, Label::Document];
    let view = view.section(Label::Effect, &columns, vec![row]);
    match effect {
        Effect::Effective { confirmed: Some(given), .. } => {
            view.section(Label::EffectConfirmed, &Given::COLUMNS, vec![given.row()])
        }
        _ => view,
    }
}

fn former_row(former: &FormerFile) -> Vec<Option<Shown>> {
    let state = match former.genuineness {
        Genuineness::Quarantined => PatchState::Quarantined,
        Genuineness::Genuine | Genuineness::AlternativeApproved { .. } => PatchState::EffectToProve,
        Genuineness::AlternativeProposed { .. } => PatchState::AlternativeProposed,
        Genuineness::NoMeans => PatchState::NoMeans,
        Genuineness::KeyNotAcceptable => PatchState::KeyNotAcceptable,
        Genuineness::Unreadable => PatchState::Unreadable,
        Genuineness::NotVerified => PatchState::Registered,
    };
    vec![
        Some(former.file.document.clone().into()),
        Some(state.term().into()),
        Some(former.until.into()),
        Some((&former.reason).into()),
    ]
}
