//! A provider's decision on a release holds for its deployments; a site decides otherwise with a reason (SPEC.md section 3).

use super::settle::ReopenReason;
use super::step::Step;
use super::{Case, CaseEvent, Stage, SubjectKind};
use crate::process::{Label, Occurrence, Reason, ReasonCode, Refusal, text_given};
use crate::record_id::CaseId;

impl Case {
    /// Whether a decision of the provider can be taken over now.
    ///
    /// # Errors
    /// [`ReasonCode::InheritanceSubject`] unless this is a deployment's case; [`ReasonCode::InheritanceOverridden`] once the site
    /// decided for itself; [`ReasonCode::StepOutOfOrder`] if something is approved here already.
    pub fn inheritable(&self) -> Result<(), Refusal> {
        if self.subject.kind() != SubjectKind::Deployment {
            let refusal = Refusal::new(ReasonCode::InheritanceSubject);
            return Err(refusal.with("subject", self.subject.kind()).with("from", SubjectKind::Release));
        }
        if self.overridden {
            return Err(Refusal::new(ReasonCode::InheritanceOverridden));
        }
        if self.stage.settled().is_some() {
            return Err(self.refuse(Step::Inherit));
        }
        Ok(())
    }

    /// Takes over what was approved for the release. `from` is the case of the release, `id` its record.
    ///
    /// # Errors
    /// [`ReasonCode::InheritanceSubject`] unless this is a deployment's case and `from` a release's;
    /// [`ReasonCode::InheritanceUnsettled`] if nothing is approved there; [`ReasonCode::InheritanceNotCovered`] with every
    /// vulnerability that the provider has not decided on; [`ReasonCode::InheritanceOverridden`] once the site decided for
    /// itself; [`ReasonCode::StepOutOfOrder`] if something is approved here already.
    pub fn inherit(&self, id: CaseId, from: &Case, by: &Occurrence) -> Result<CaseEvent, Refusal> {
        let kinds = (self.subject.kind(), from.subject.kind());
        if kinds != (SubjectKind::Deployment, SubjectKind::Release) {
            let refusal = Refusal::new(ReasonCode::InheritanceSubject);
            return Err(refusal.with("subject", kinds.0).with("from", kinds.1));
        }
        self.inheritable()?;
        let Some((settled, approval)) = from.stage.approved() else {
            return Err(Refusal::new(ReasonCode::InheritanceUnsettled).with("state", from.state()));
        };
        if let Stage::Accepted { until, .. } = &from.stage {
            super::commands::in_future(Label::Until, *until, by)?;
        }
        let not_covered: Vec<Reason> = self
            .hitting()
            .into_iter()
            .filter(|id| !from.covers(id, self))
            .map(|id| Reason::new(ReasonCode::InheritanceNotCovered).with("vulnerability", id))
            .collect();
        if !not_covered.is_empty() {
            return Err(Refusal::new(ReasonCode::InheritanceNotCovered)
                .with("vulnerability", not_covered.len())
                .missing(not_covered));
        }
        Ok(CaseEvent::Inherited { from: id, settled: settled.clone(), approval: approval.clone() })
    }

    /// True if this case decided on the vulnerability that `other` calls `id`.
    fn covers(&self, id: &str, other: &Case) -> bool {
        let aliases = other.vulnerabilities.get(id).map(|fact| &fact.aliases);
        self.vulnerabilities.contains_key(id)
            || aliases.is_some_and(|aliases| {
                self.vulnerabilities.values().any(|fact| !fact.aliases.is_disjoint(aliases))
            })
    }

    /// Opens the case again if the provider's decision no longer counts there. `from`: the case it was inherited from.
    ///
    /// # Errors
    /// [`ReasonCode::NotInherited`]; [`ReasonCode::NothingChanges`] while the same decision counts.
    pub fn follow_provider(&self, from: &Case) -> Result<CaseEvent, Refusal> {
        if self.inherited.is_none() {
            return Err(Refusal::new(ReasonCode::NotInherited));
        }
        if self.stage.approved() == from.stage.approved() {
            return Err(Refusal::new(ReasonCode::NothingChanges));
        }
        Ok(CaseEvent::Reopened { because: ReopenReason::ProviderReopened, note: String::new() })
    }

    /// The site decides for itself: the case begins again with the judgement.
    ///
    /// # Errors
    /// [`ReasonCode::NotInherited`]; [`ReasonCode::TextMissing`] without a reason.
    pub fn override_inherited(&self, reason: String) -> Result<CaseEvent, Refusal> {
        if self.inherited.is_none() {
            return Err(Refusal::new(ReasonCode::NotInherited));
        }
        text_given(Label::Reason.as_str(), &reason)?;
        Ok(CaseEvent::Overridden { reason })
    }
}
