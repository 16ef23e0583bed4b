//! Why the answer about a component is what it is: under which identities it was looked up, which statements were
//! looked at, and by which rule each of them was taken or dropped. *Code + parameters*; words are added at the edge.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::advisory::Status;
use crate::diagnostic::{Code, Diagnostic, Params};
use crate::finding::{Finding, InputReport, MatchMethod, NotAffected, Undetermined};
use crate::inventory::{Asset, SharedComponent};
use crate::knowledge::KnowledgeSummary;

macro_rules! rules {
    ($($(#[$meta:meta])* $name:ident = $text:literal;)*) => {
        /// A rule that was applied. Stable: scripts depend on the text form.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $($(#[$meta])* $name,)*
        }

        impl Rule {
            /// All rules, in the order of their definition. The words of each language are tested against this.
            pub const ALL: &'static [Rule] = &[$(Rule::$name,)*];

            /// The stable text form, as in JSON output.
            pub fn as_str(self) -> &'static str {
                match self { $(Rule::$name => $text,)* }
            }
        }
    };
}

rules! {
    // ---- how a name as written became the name that was looked up -----------------------------------
    /// As the specification of the identifier says.
    AsSpecified = "as-specified";
    /// The package URL names the source package, of which the distribution's advisories speak.
    SourcePackage = "source-package";
    /// Signs, case, width and legal form of the names do not count.
    NamesFolded = "names-folded";
    /// The device dictionary knows the maker's name as another spelling. Params: `written`, `maker`.
    MakerAlias = "maker-alias";
    /// The device dictionary says which software runs on such models. Params: `maker`, `pattern`, `product`.
    RunsSoftware = "runs-software";
    /// The names resemble each other: they share words, or the number lies in a series.
    NamesResemble = "names-resemble";
    /// A person said which product it is.
    ConfirmedByPerson = "confirmed-by-person";
    /// Another identity could be judged, so that this one need not be. Params: `code` (what it could not).
    OtherIdentityJudged = "other-identity-judged";

    // ---- what became of a statement when it was compared with the component -------------------------
    /// The version lies in the range. Params: `version`, `range`.
    InRange = "in-range";
    /// The statement means every version.
    AllVersions = "all-versions";
    /// The version lies in none of the ranges. Params: `version`, `range`.
    NotInRange = "not-in-range";
    /// The statement holds for another release of the distribution. Params: `theirs`, `own`.
    OtherRelease = "other-release";
    /// The statement means another edition or platform of the product. Params: `theirs`, `own`.
    OtherEdition = "other-edition";
    /// The statement holds only inside a product that the inventory does not show. Params: `product`.
    OutsideProduct = "outside-product";
    /// An installed update contains the fix. Params: `update`.
    UpdateInstalled = "update-installed";
    /// An installed update replaces the one that contains the fix. Params: `update`, `installed`.
    UpdateReplaced = "update-replaced";
    /// The source took the advisory back.
    Withdrawn = "withdrawn";
    /// Whether the component is meant cannot be told; the reason is given beside it.
    Undetermined = "undetermined";
    /// The advisory calls the version not affected or fixed: that holds within this advisory.
    ClearsWithin = "clears-within";
    /// A VEX document calls the component not affected or fixed: that holds against other advisories, too.
    Denies = "denies";
    /// It calls something not affected or fixed, but cannot be compared with the component: it clears nothing. The
    /// reason is given beside it.
    ClearsNothing = "clears-nothing";

    // ---- what followed once all statements had been compared ----------------------------------------
    /// The same advisory calls the version not affected or fixed.
    ClearedByItself = "cleared-by-itself";
    /// Somebody who knows the product denies it. Params: `advisory`, `source`.
    Denied = "denied";
    /// The same source says otherwise in a newer document. Params: `advisory`, `source`.
    Superseded = "superseded";
    /// The denial does not count: another document of the same weight, or the same source, calls it affected.
    Contradicted = "contradicted";
    /// Another statement covers the component, so that this one need not be settled.
    AnsweredByHit = "answered-by-hit";
    /// It names no versions, and another source that does does not cover the component.
    AnsweredByVersions = "answered-by-versions";
    /// Somebody who knows the product denies the vulnerability. Params: `advisory`, `source`.
    AnsweredByDenial = "answered-by-denial";
    /// Another statement about the same vulnerability is open for the same reason and stands for it.
    SaidAlready = "said-already";

    // ---- identifiers --------------------------------------------------------------------------------
    /// A source says that two identifiers mean the same vulnerability. Params: `first`, `second`, `advisory`, `source`.
    AliasMerged = "alias-merged";
    /// A source says so and is not followed: two CVE numbers would have become one. Params: `first`, `second`,
    /// `advisory`, `source`.
    AliasRefused = "alias-refused";
    /// A source said so and took it back. Params: `first`, `second`, `advisory`, `source`.
    AliasWithdrawn = "alias-withdrawn";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A rule with its particulars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Which.
    pub rule: Rule,
    /// With which particulars.
    pub params: Params,
    /// Why something could not be told, for [`Rule::Undetermined`] and [`Rule::ClearsNothing`].
    pub reason: Option<(Code, Params)>,
}

impl Applied {
    /// A rule without particulars.
    pub fn new(rule: Rule) -> Self {
        Applied { rule, params: Params::new(), reason: None }
    }

    /// Adds a parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }
}

/// An identity under which a component was looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriedIdentity {
    /// How.
    pub method: MatchMethod,
    /// As the inventory writes it.
    pub written: String,
    /// What was looked up: names after folding.
    pub looked_up: String,
    /// By which rule the one became the other.
    pub rule: Applied,
    /// Statements filed there.
    pub statements: usize,
}

/// What a statement came to in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CandidateOutcome {
    /// It is part of a finding.
    Taken,
    /// It would be, and somebody who knows the product denies it.
    Denied,
    /// It could not be judged.
    Open,
    /// It denies what others say.
    Denies,
    /// It has no effect on the answer.
    Dropped,
}

impl CandidateOutcome {
    /// All.
    pub const ALL: [CandidateOutcome; 5] = [
        CandidateOutcome::Taken,
        CandidateOutcome::Denied,
        CandidateOutcome::Open,
        CandidateOutcome::Denies,
        CandidateOutcome::Dropped,
    ];

    /// The stable text form, as in JSON output.
    pub fn as_str(self) -> &'static str {
        match self {
            CandidateOutcome::Taken => "taken",
            CandidateOutcome::Denied => "denied",
            CandidateOutcome::Open => "open",
            CandidateOutcome::Denies => "denies",
            CandidateOutcome::Dropped => "dropped",
        }
    }
}

/// A statement that was looked at for a component, about one vulnerability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The vulnerability, by its best identifier.
    pub vulnerability: String,
    /// The advisory.
    pub advisory: String,
    /// Its source.
    pub source: String,
    /// Document and place inside it.
    pub place: String,
    /// By which identity the statement was found.
    pub method: MatchMethod,
    /// How the source names the product.
    pub identifier: String,
    /// With which status.
    pub status: Status,
    /// Which versions: ranges as text, `*`, or the text that could not be understood.
    pub versions: String,
    /// The rules applied to it, in their order; never empty.
    pub rules: Vec<Applied>,
    /// What it came to.
    pub outcome: CandidateOutcome,
}

/// Everything about one component.
#[derive(Debug, Clone, PartialEq)]
pub struct ExplainedComponent {
    /// Which.
    pub component: SharedComponent,
    /// On which asset.
    pub asset: Option<Arc<Asset>>,
    /// Index into [`Explanation::inputs`].
    pub input: usize,
    /// Under which identities it was looked up.
    pub identities: Vec<TriedIdentity>,
    /// Identities that could not be judged and need not be.
    pub passed_over: Vec<Applied>,
    /// The statements that were looked at, by vulnerability.
    pub candidates: Vec<Candidate>,
    /// Why identifiers mean the same vulnerability, or do not.
    pub merges: Vec<Applied>,
    /// What hits it; with the path to each priority, its defaults included.
    pub findings: Vec<Finding>,
    /// What would hit it.
    pub not_affected: Vec<NotAffected>,
    /// What could not be judged.
    pub undetermined: Vec<Undetermined>,
}

/// The whole answer of `check --explain`.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The time the answer holds for.
    pub as_of: Timestamp,
    /// What was asked.
    pub asked: String,
    /// With which knowledge.
    pub knowledge: KnowledgeSummary,
    /// Which inputs.
    pub inputs: Vec<InputReport>,
    /// The components of that name, in the order of inputs; never empty.
    pub components: Vec<ExplainedComponent>,
    /// Remarks about the answer as a whole.
    pub remarks: Vec<Diagnostic>,
}
