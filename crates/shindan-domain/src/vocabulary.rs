//! All sets of terms, for the tests of words. It stands above the modules that define them.

use crate::term::Term;

/// Every term that a record can show. A module that defines a set adds it here.
pub fn vocabulary() -> Vec<Term> {
    let mut all = Vec::new();
    all.extend(crate::ledger::Kind::terms());
    all.extend(crate::process::Relation::terms());
    all.extend(crate::people::Role::terms());
    all.extend(crate::people::Action::terms());
    all.extend(crate::people::Scope::terms());
    all.extend(crate::people::PersonState::terms());
    all.extend(crate::people::LoginOutcome::terms());
    all.extend(crate::approval::Means::terms());
    // ---- cases, policy, control
    all.extend(crate::policy::PolicyKind::terms());
    all.extend(crate::policy::PolicyState::terms());
    all.extend(crate::case::terms());
    all.extend(crate::control::terms());
    // ---- organisation, patch, change, inquiry, confirmation, review
    all.extend(crate::step::Step::terms());
    all.extend(crate::organisation::MasterState::terms());
    all.extend(crate::organisation::PartyKind::terms());
    all.extend(crate::organisation::ServiceState::terms());
    all.extend(crate::organisation::Purpose::terms());
    all.extend(crate::patch::PatchState::terms());
    all.extend(crate::patch::EffectTest::terms());
    all.extend(crate::change::ChangeKind::terms());
    all.extend(crate::change::ChangeState::terms());
    all.extend(crate::change::TestResult::terms());
    all.extend(crate::change::Path::terms());
    all.extend(crate::change::AssetState::terms());
    all.extend(crate::change::ProofBasis::terms());
    all.extend(crate::inquiry::InquiryState::terms());
    all.extend(crate::inquiry::Way::terms());
    all.extend(crate::inquiry::Affected::terms());
    all.extend(crate::inquiry::MayPatch::terms());
    all.extend(crate::confirmation::InstructionState::terms());
    all.extend(crate::confirmation::Fitness::terms());
    all.extend(crate::review::ReviewState::terms());
    all.extend(crate::review::ReviewResult::terms());
    all.extend(crate::sighting::ImportState::terms());
    all.extend(crate::sighting::LeaseState::terms());
    all.extend(crate::sighting::MatchBasis::terms());
    all.extend(crate::sighting::Resolution::terms());
    all.extend(crate::sighting::SightingFormat::terms());
    all.extend(crate::sighting::SightingKind::terms());
    all.extend(crate::sighting::SightingState::terms());
    all.extend(crate::patch::verification_terms());
    all.extend(crate::comparison::ComparisonState::terms());
    // ---- beside the ledger, devices, sightings, agreements, exchange, interfaces
    all.extend(crate::comparison::KeptPart::terms());
    all.extend(crate::interface::terms());
    all.extend(crate::agreement::terms());
    all.extend(crate::device::terms());
    all.extend(crate::exchange::terms());
    // ---- assessments
    all.extend(crate::assessment::terms());
    // ---- collecting
    all.extend(crate::collect::terms());
    all.extend(crate::notify::terms());
    all
}
