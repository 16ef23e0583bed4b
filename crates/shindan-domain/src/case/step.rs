//! Steps of cases, policies and exclusions by name: refusals say which step was asked for, and which one stands against it.

use crate::terms;

terms! {
    /// What somebody asked for, or did.
    pub enum Step ("step") {
        /// Proposes a policy or an exclusion.
        Propose = "propose",
        /// Proposes another version.
        Revise = "revise",
        /// Approves.
        Approve = "approve",
        /// Does not approve a proposal.
        Reject = "reject",
        /// Takes back what was in force.
        Withdraw = "withdraw",
        /// Judges whether a vulnerability applies.
        Judge = "judge",
        /// Analyses the risk.
        Analyse = "analyse",
        /// Decides the measure.
        Decide = "decide",
        /// Does not approve a decision, or takes it back.
        Decline = "decline",
        /// Records how far a treatment has come.
        Progress = "progress",
        /// Records the proof of a patch.
        ProvePatch = "prove-patch",
        /// Records evidence of a measure's effect.
        ShowEffect = "show-effect",
        /// Records the replacement of an asset.
        Replace = "replace",
        /// Confirms as a second person.
        Confirm = "confirm",
        /// Closes.
        Close = "close",
        /// Opens again.
        Reopen = "reopen",
        /// Takes over the provider's decision.
        Inherit = "inherit",
        /// Takes over an agreed alternative.
        AgreeAlternative = "agree-alternative",
        /// Recorded the evidence.
        RecordEvidence = "record-evidence",
    }
}
