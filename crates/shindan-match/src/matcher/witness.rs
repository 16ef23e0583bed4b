//! Whoever wants to know why something was judged as it was. Nobody usually does, and then it costs nothing: what is
//! told to [`Nobody`] is not even made.

use shindan_domain::explanation::TriedIdentity;

use super::{Clearing, Doubt, Hit, Recognised, Weighed};
use crate::index::posting::{ParticularsReader, StoredStatement};

/// Is told how a component is judged, while it is.
pub(crate) trait Witness<'a> {
    /// False if nothing told would be remembered.
    const WATCHES: bool;

    /// The component was looked up under this identity.
    fn tried(&mut self, identity: TriedIdentity);

    /// A statement was weighed, against this version of the component.
    fn weighed(
        &mut self,
        statement: &StoredStatement<'a>,
        reader: ParticularsReader<'a>,
        recognised: &Recognised<'_>,
        version: Option<&str>,
        weighed: &Weighed,
    );

    /// A statement that covers the component was dropped after all, or denied.
    fn dropped(&mut self, hit: &Hit<'a>, why: Dropped);

    /// A statement that could not be judged needs no answer any more.
    fn answered(&mut self, doubt: &Doubt, why: Answered);

    /// Somebody's word that the component is not affected does not count, because others contradict.
    fn contradicted(&mut self, clearing: &Clearing<'a>);

    /// An identity that could not be judged need not be, because another one was.
    fn passed_over(&mut self, doubt: &Doubt);
}

/// Why a statement that covers the component makes no finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dropped {
    /// The same advisory calls this version not affected or fixed.
    ClearedByItself,
    /// Somebody who knows the product calls it not affected or fixed.
    Denied {
        /// Number of the advisory that says so.
        by: u32,
    },
    /// The same source says otherwise in a newer document.
    Superseded {
        /// Number of the advisory that says so.
        by: u32,
    },
}

/// Why a statement that could not be judged needs no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answered {
    /// Another statement covers the component.
    ByHit,
    /// The same advisory calls this version not affected or fixed.
    ByItself,
    /// It says nothing about versions, and another source does.
    ByVersions,
    /// Somebody who knows the product calls it not affected or fixed.
    ByDenial {
        /// Number of the advisory that says so.
        by: u32,
    },
    /// Another statement about the same vulnerability is in doubt for the same reason.
    Repeated,
}

/// Remembers nothing.
pub(crate) struct Nobody;

impl<'a> Witness<'a> for Nobody {
    const WATCHES: bool = false;

    fn tried(&mut self, _: TriedIdentity) {}

    fn weighed(
        &mut self,
        _: &StoredStatement<'a>,
        _: ParticularsReader<'a>,
        _: &Recognised<'_>,
        _: Option<&str>,
        _: &Weighed,
    ) {
    }

    fn dropped(&mut self, _: &Hit<'a>, _: Dropped) {}

    fn answered(&mut self, _: &Doubt, _: Answered) {}

    fn contradicted(&mut self, _: &Clearing<'a>) {}

    fn passed_over(&mut self, _: &Doubt) {}
}
