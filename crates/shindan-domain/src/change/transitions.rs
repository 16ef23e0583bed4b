//! What follows from what happened to a change. Each stage is made from the one before it.

use super::{
    AgreedAlternative, AppliedTo, AssetProgress, Basis, Change, ChangeEvent, Emergency, Ended,
    ImpactAssessed, Path, Preparation, Rollout, Stage, TestRun, Tested, Withdrawal,
};
use crate::process::{Occurrence, OutOfOrder};

impl Change {
    pub(super) fn changed(mut self, event: &ChangeEvent, when: &Occurrence) -> Result<Self, OutOfOrder> {
        let state = self.state();
        let wrong = || OutOfOrder::new(event, state);
        match event {
            ChangeEvent::Planned { .. } => return Err(wrong()),
            _ if self.has_ended() => return Err(wrong()),
            ChangeEvent::PatchChosen { patch } => {
                self.plan.draft.patch = Some(*patch);
                return Ok(self);
            }
            ChangeEvent::EmergencyDeclared { reason, notice } => {
                self.emergency = Some(Emergency {
                    reason: reason.clone(),
                    notice: notice.clone(),
                    declared_by: when.actor.person,
                    at: when.at,
                    approval: None,
                });
                return Ok(self);
            }
            ChangeEvent::EmergencyApproved { word } => {
                let emergency = self.emergency.as_mut().ok_or_else(wrong)?;
                emergency.approval = Some(word.clone().given(when));
                return Ok(self);
            }
            _ => {}
        }
        let Change { plan, emergency, stage } = self;
        let stage = stage.changed(event, &plan.assets, when).ok_or_else(wrong)?;
        Ok(Change { plan, emergency, stage })
    }
}

impl Stage {
    /// The stage after an event; `None` if it cannot happen here.
    fn changed(self, event: &ChangeEvent, assets: &[String], when: &Occurrence) -> Option<Stage> {
        match event {
            ChangeEvent::ImpactAssessed { .. }
            | ChangeEvent::TestsPlanned { .. }
            | ChangeEvent::TestRun { .. }
            | ChangeEvent::ResultsConfirmed { .. } => self.prepared(event, when),
            ChangeEvent::Consented { .. } | ChangeEvent::ConsentWithdrawn { .. } => {
                self.consented(event, when)
            }
            ChangeEvent::Applied { path, .. } => self.begun(*path, assets)?.rolled_out(event, when),
            ChangeEvent::Failed { .. }
            | ChangeEvent::LeftOut { .. }
            | ChangeEvent::ConfirmedAfter { .. }
            | ChangeEvent::RolledBack { .. } => self.rolled_out(event, when),
            ChangeEvent::CannotApply { .. } | ChangeEvent::Cancelled { .. } | ChangeEvent::Closed => {
                self.ended(event, when)
            }
            ChangeEvent::Planned { .. }
            | ChangeEvent::PatchChosen { .. }
            | ChangeEvent::EmergencyDeclared { .. }
            | ChangeEvent::EmergencyApproved { .. } => None,
        }
    }

    /// The preparation goes on. A test after the consent takes the consent away: it was given to other results.
    fn prepared(self, event: &ChangeEvent, when: &Occurrence) -> Option<Stage> {
        match self {
            Stage::Preparing(preparation) => {
                preparation.changed(event, when).map(Box::new).map(Stage::Preparing)
            }
            Stage::Ready(ready) => Preparation::Confirmed(ready.confirmed)
                .changed(event, when)
                .map(Box::new)
                .map(Stage::Preparing),
            Stage::Rollout { basis: Basis::Emergency(preparation), rollout } => {
                let basis = Basis::Emergency(Box::new(preparation.changed(event, when)?));
                Some(Stage::Rollout { basis, rollout })
            }
            Stage::Rollout { basis: Basis::Regular(_), .. } | Stage::Ended(_) => None,
        }
    }

    fn consented(self, event: &ChangeEvent, when: &Occurrence) -> Option<Stage> {
        match (self, event) {
            (Stage::Preparing(preparation), ChangeEvent::Consented { consent, word }) => match *preparation {
                Preparation::Confirmed(confirmed) => {
                    let ready = confirmed.consented(consent.clone(), word.clone().given(when));
                    Some(Stage::Ready(Box::new(ready)))
                }
                _ => None,
            },
            (Stage::Ready(ready), event) => ready.changed(event, when).map(Box::new).map(Stage::Ready),
            (Stage::Rollout { basis: Basis::Regular(ready), rollout }, event) => {
                let basis = Basis::Regular(Box::new(ready.changed(event, when)?));
                Some(Stage::Rollout { basis, rollout })
            }
            _ => None,
        }
    }

    /// The first application begins the rollout. Only what is ready can go the regular path.
    fn begun(self, path: Path, assets: &[String]) -> Option<Stage> {
        match (self, path) {
            (Stage::Ready(ready), Path::Regular) => {
                let (basis, rollout) = (Basis::Regular(ready), Rollout::of(assets));
                Some(Stage::Rollout { basis, rollout })
            }
            (Stage::Ready(ready), Path::Emergency) => {
                let basis = Basis::Emergency(Box::new(Preparation::Confirmed(ready.confirmed)));
                Some(Stage::Rollout { basis, rollout: Rollout::of(assets) })
            }
            (Stage::Preparing(preparation), Path::Emergency) => {
                let basis = Basis::Emergency(preparation);
                Some(Stage::Rollout { basis, rollout: Rollout::of(assets) })
            }
            (Stage::Preparing(_), Path::Regular) | (Stage::Ended(_), _) => None,
            (rollout @ Stage::Rollout { .. }, _) => Some(rollout),
        }
    }

    fn rolled_out(self, event: &ChangeEvent, when: &Occurrence) -> Option<Stage> {
        let Stage::Rollout { basis, mut rollout } = self else {
            return None;
        };
        rollout.record(event, when)?;
        Some(Stage::Rollout { basis, rollout })
    }

    fn ended(self, event: &ChangeEvent, when: &Occurrence) -> Option<Stage> {
        let ended = match (self, event) {
            (Stage::Rollout { basis, rollout }, ChangeEvent::Closed) => Ended::of(basis, rollout),
            (_, ChangeEvent::CannotApply { reason, alternative, word }) => {
                let (alternative, reason) = (alternative.clone(), reason.clone());
                let agreed = AgreedAlternative { alternative, reason, agreed: word.clone().given(when) };
                Ended::CannotApply { agreed: Box::new(agreed) }
            }
            (Stage::Preparing(_) | Stage::Ready(_), ChangeEvent::Cancelled { reason }) => {
                Ended::Cancelled { reason: reason.clone() }
            }
            _ => return None,
        };
        Some(Stage::Ended(ended))
    }
}

impl super::Ready {
    fn changed(mut self, event: &ChangeEvent, when: &Occurrence) -> Option<Self> {
        match event {
            ChangeEvent::Consented { consent, word } => {
                Some(self.consented(consent.clone(), word.clone().given(when)))
            }
            ChangeEvent::ConsentWithdrawn { reason } => {
                let (reason, by, at) = (reason.clone(), when.actor.person, when.at);
                self.withdrawn = Some(Withdrawal { reason, by, at });
                Some(self)
            }
            _ => None,
        }
    }
}

impl Preparation {
    fn changed(self, event: &ChangeEvent, when: &Occurrence) -> Option<Preparation> {
        match event {
            ChangeEvent::ImpactAssessed { impact } => match self {
                Preparation::Planned | Preparation::ImpactAssessed(_) => {
                    let (impact, by, at) = (impact.clone(), when.actor.person, when.at);
                    Some(Preparation::ImpactAssessed(ImpactAssessed { impact, by, at }))
                }
                _ => None,
            },
            ChangeEvent::TestsPlanned { tests } => {
                let tests = tests.clone();
                match self {
                    Preparation::Planned => None,
                    Preparation::ImpactAssessed(assessed) => {
                        Some(Preparation::TestsPlanned(assessed.planned(tests)))
                    }
                    Preparation::TestsPlanned(planned) => {
                        Some(Preparation::TestsPlanned(planned.assessed.planned(tests)))
                    }
                    Preparation::Tested(Tested { planned, runs })
                    | Preparation::Confirmed(super::Confirmed { tested: Tested { planned, runs }, .. }) => {
                        let planned = planned.assessed.planned(tests);
                        Some(Preparation::Tested(Tested { planned, runs }))
                    }
                }
            }
            ChangeEvent::TestRun { .. } => {
                let run = TestRun::of(event, when)?;
                match self {
                    Preparation::TestsPlanned(planned) => Some(Preparation::Tested(planned.run(run))),
                    Preparation::Tested(tested) => Some(Preparation::Tested(tested.run(run))),
                    Preparation::Confirmed(confirmed) => Some(Preparation::Tested(confirmed.tested.run(run))),
                    Preparation::Planned | Preparation::ImpactAssessed(_) => None,
                }
            }
            ChangeEvent::ResultsConfirmed { word } => match self {
                Preparation::Tested(tested) => {
                    Some(Preparation::Confirmed(tested.confirmed(word.clone().given(when))))
                }
                _ => None,
            },
            _ => None,
        }
    }
}

impl TestRun {
    fn of(event: &ChangeEvent, when: &Occurrence) -> Option<TestRun> {
        let ChangeEvent::TestRun { test, result, place, file, documents, note } = event else {
            return None;
        };
        Some(TestRun {
            test: test.clone(),
            result: *result,
            place: place.clone(),
            file: *file,
            documents: documents.clone(),
            note: note.clone(),
            by: when.actor.person,
            at: when.at,
        })
    }
}

impl Rollout {
    /// Records progress; `None` for an asset that has not come as far as the event needs.
    fn record(&mut self, event: &ChangeEvent, when: &Occurrence) -> Option<()> {
        let (by, at) = (when.actor.person, when.at);
        match event {
            ChangeEvent::Applied { assets, path, file } => {
                for asset in assets {
                    let applied = AppliedTo { at, by, path: *path, file: *file };
                    self.set(asset, AssetProgress::Applied(applied));
                }
            }
            ChangeEvent::Failed { asset, reason } => {
                let applied = self.assets.get(asset)?.applied()?.clone();
                self.set(asset, AssetProgress::Failed { applied, reason: reason.clone() });
            }
            ChangeEvent::LeftOut { assets, reason, alternative } => {
                for asset in assets {
                    let (reason, alternative) = (reason.clone(), alternative.clone());
                    self.set(asset, AssetProgress::LeftOut { reason, alternative, by, at });
                }
            }
            ChangeEvent::ConfirmedAfter { assets, proof, word } => {
                for asset in assets {
                    let applied = self.assets.get(asset)?.applied()?.clone();
                    let (proof, confirmation) = (proof.clone(), word.clone().given(when));
                    self.set(asset, AssetProgress::Confirmed { applied, proof, confirmation });
                }
            }
            ChangeEvent::RolledBack { assets, reason } => {
                for asset in assets {
                    self.set(asset, AssetProgress::RolledBack { reason: reason.clone(), by, at });
                }
            }
            _ => return None,
        }
        Some(())
    }
}
