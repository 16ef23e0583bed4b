//! All that is known while one inventory is judged: the knowledge index, and what the inventory states itself.

use shindan_domain::advisory::Advisory;
use shindan_domain::finding::VulnerabilityFacts;

use crate::check::OneVulnerability;
use crate::index::layout::IndexError;
use crate::index::own::OwnStatements;
use crate::index::read::{AdvisoryHead, Index, List};

/// Both, asked as one. Cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The knowledge index.
    pub index: Index<'a>,
    /// What the inventory states itself; `None` if nothing.
    pub own: Option<&'a OwnStatements<'a>>,
}

impl<'a> Known<'a> {
    /// What the inventory states itself about this product key.
    pub fn own_list(&self, key: &[u8]) -> Option<List<'a>> {
        self.own.and_then(|own| own.list(key))
    }

    /// The numbers of what is asked about, those that only the inventory knows included.
    pub fn all(&self, asked: &OneVulnerability) -> Vec<u32> {
        let own = self.own.map(|own| own.find(&asked.identifier)).unwrap_or_default();
        asked.numbers.iter().copied().chain(own).collect()
    }

    /// True if the inventory states it itself.
    pub fn is_own(&self, advisory: u32) -> bool {
        self.own.is_some_and(|own| own.advisory(advisory).is_some())
    }

    /// The facts of a vulnerability.
    ///
    /// # Errors
    /// [`IndexError::Damaged`]
    pub fn vulnerability(&self, number: u32) -> Result<VulnerabilityFacts, IndexError> {
        match self.own.and_then(|own| own.vulnerability(number)) {
            Some(facts) => Ok(facts.clone()),
            None => self.index.vulnerability(number),
        }
    }

    /// Who says it.
    ///
    /// # Errors
    /// [`IndexError::Damaged`]
    pub fn advisory_head(&self, number: u32) -> Result<AdvisoryHead<'a>, IndexError> {
        match self.own.and_then(|own| own.advisory_head(number)) {
            Some(head) => Ok(head),
            None => self.index.advisory_head(number),
        }
    }

    /// The whole advisory.
    ///
    /// # Errors
    /// [`IndexError::Damaged`]
    pub fn advisory(&self, number: u32) -> Result<Advisory, IndexError> {
        match self.own.and_then(|own| own.advisory(number)) {
            Some(advisory) => Ok(advisory.clone()),
            None => self.index.advisory(number),
        }
    }
}
