//! AND/OR configurations, as NVD and CVE 5 publish them. Source: NISTIR 7698 section 6, with a third truth value.

use super::Cpe;

/// Three-valued truth: what is not visible in an inventory is unknown, not absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It does not hold.
    False,
    /// It cannot be told.
    Unknown,
    /// It holds.
    True,
}

impl Truth {
    /// The opposite; unknown stays unknown.
    #[must_use]
    pub fn negate(self) -> Truth {
        match self {
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
            Truth::True => Truth::False,
        }
    }
}

/// A configuration: a tree of conditions over leaves of type `L`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node<L = Leaf> {
    /// Every child holds.
    And {
        /// Turn the result round.
        negate: bool,
        /// Conditions.
        children: Vec<Node<L>>,
    },
    /// One child holds.
    Or {
        /// Turn the result round.
        negate: bool,
        /// Conditions.
        children: Vec<Node<L>>,
    },
    /// A condition of its own.
    Match(L),
}

/// A CPE name as the condition of a configuration (`cpeMatch`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The name; its version is compared too, if it has one.
    pub criteria: Cpe,
    /// True for the vulnerable product, false for the platform it must run on or with.
    pub vulnerable: bool,
}

/// Deeper trees are not evaluated. Published ones have two levels; the limit keeps hostile ones off the stack.
const MAX_DEPTH: usize = 32;

impl<L> Node<L> {
    /// Evaluates the tree with `decide` as judge of a single leaf.
    ///
    /// A node without children, and one deeper than 32 levels, is *unknown*: it states nothing.
    pub fn evaluate_with(&self, decide: &mut impl FnMut(&L) -> Truth) -> Truth {
        self.evaluate_at(0, decide)
    }

    fn evaluate_at(&self, depth: usize, decide: &mut impl FnMut(&L) -> Truth) -> Truth {
        if depth >= MAX_DEPTH {
            return Truth::Unknown;
        }
        let (negate, children, strongest) = match self {
            Node::Match(leaf) => return decide(leaf),
            Node::And { negate, children } => (*negate, children, Truth::False),
            Node::Or { negate, children } => (*negate, children, Truth::True),
        };
        // Kleene's logic: AND is the least, OR the greatest of its children.
        let mut result: Option<Truth> = None;
        for child in children {
            let truth = child.evaluate_at(depth + 1, decide);
            let combined = match (result, strongest) {
                (None, _) => truth,
                (Some(so_far), Truth::False) => so_far.min(truth),
                (Some(so_far), _) => so_far.max(truth),
            };
            result = Some(combined);
            if combined == strongest {
                break;
            }
        }
        let result = result.unwrap_or(Truth::Unknown);
        if negate { result.negate() } else { result }
    }
}

impl Node<Leaf> {
    /// Evaluates the tree against everything that is there.
    ///
    /// A vulnerable product that is not there makes its leaf *false*. A platform that is not there makes it *unknown*:
    /// inventories of applications do not list the operating system or the hardware below them.
    pub fn evaluate(&self, present: &[Cpe]) -> Truth {
        self.evaluate_with(&mut |leaf| leaf.evaluate(present))
    }
}

impl Leaf {
    /// The best that anything there makes of this leaf.
    pub fn evaluate(&self, present: &[Cpe]) -> Truth {
        let best = present.iter().map(|target| self.criteria.matches(target).truth()).max();
        let absent = if self.vulnerable { Truth::False } else { Truth::Unknown };
        match best {
            Some(Truth::False) | None => absent,
            Some(truth) => truth,
        }
    }
}
