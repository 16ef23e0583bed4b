//! Closed sets of words in bodies: their text forms in the description.

use shindan_domain::assessment::{ApplicationKind, FindingVerdict, MergeRule};
use shindan_domain::case::{Applicability, Treatment};
use shindan_domain::change::{ChangeKind, TestResult};
use shindan_domain::confirmation::Fitness;
use shindan_domain::exchange::{Compared, ContentType};
use shindan_domain::inquiry::{Affected, MayPatch, Way};
use shindan_domain::interface::{Direction, IntegrityResult, Mechanism};
use shindan_domain::inventory::Exposure;
use shindan_domain::organisation::{PartyKind, Purpose, ServiceState};
use shindan_domain::people::{Role, Scope};
use shindan_domain::term::Term;
use utoipa::openapi::schema::{ArrayBuilder, Object, ObjectBuilder, SchemaType, Type};

pub(super) fn one_of(terms: impl Iterator<Item = Term>) -> Object {
    let values: Vec<&str> = terms.map(|term| term.value).collect();
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).enum_values(Some(values)).build()
}

pub(crate) fn compared() -> Object {
    one_of(Compared::terms())
}

pub(crate) fn content_type() -> Object {
    one_of(ContentType::terms())
}

pub(crate) fn role() -> Object {
    one_of(Role::terms())
}

pub(crate) fn roles() -> ArrayBuilder {
    ArrayBuilder::new().items(role())
}

pub(crate) fn scope() -> Object {
    one_of(Scope::terms())
}

pub(crate) fn applicability() -> Object {
    one_of(Applicability::terms())
}

pub(crate) fn treatment() -> Object {
    one_of(Treatment::terms())
}

pub(crate) fn effect() -> Object {
    one_of(shindan_domain::case::analysis::Effect::terms())
}

pub(crate) fn change_kind() -> Object {
    one_of(ChangeKind::terms())
}

pub(crate) fn test_result() -> Object {
    one_of(TestResult::terms())
}

pub(crate) fn fitness() -> Object {
    one_of(Fitness::terms())
}

pub(crate) fn party_kind() -> Object {
    one_of(PartyKind::terms())
}

pub(crate) fn service_state() -> Object {
    one_of(ServiceState::terms())
}

pub(crate) fn purpose() -> Object {
    one_of(Purpose::terms())
}

pub(crate) fn way() -> Object {
    one_of(Way::terms())
}

pub(crate) fn affected() -> Object {
    one_of(Affected::terms())
}

pub(crate) fn may_patch() -> Object {
    one_of(MayPatch::terms())
}

pub(crate) fn direction() -> Object {
    one_of(Direction::terms())
}

pub(crate) fn mechanism() -> Object {
    one_of(Mechanism::terms())
}

pub(crate) fn integrity_result() -> Object {
    one_of(IntegrityResult::terms())
}

// ---- agreements

pub(crate) fn duty_topic() -> Object {
    one_of(shindan_domain::agreement::DutyTopic::terms())
}

pub(crate) fn reopening_cause() -> Object {
    one_of(shindan_domain::agreement::CauseKind::terms())
}

// ---- assessments

pub(crate) fn application_kind() -> Object {
    one_of(ApplicationKind::terms())
}

pub(crate) fn assessment_way() -> Object {
    one_of(shindan_domain::assessment::Way::terms())
}

pub(crate) fn finding_verdict() -> Object {
    one_of(FindingVerdict::terms())
}

pub(crate) fn merge_rules() -> ArrayBuilder {
    ArrayBuilder::new().items(one_of(MergeRule::terms()))
}

pub(crate) fn exposure() -> Object {
    let values = [Exposure::Small, Exposure::Controlled, Exposure::Open].map(Exposure::as_str);
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).enum_values(Some(values)).build()
}
