//! Advisories of every format, recognised from their content.

use shindan_domain::advisory::{Advisory, AdvisoryFormat, Enrichment};
use shindan_domain::diagnostic::Diagnostic;

mod cpe_name;
pub mod csaf;
mod dates;
pub mod jvn;

/// What one document yields. A document may be readable in part: advisories and diagnostics go side by side.
#[derive(Debug, Default)]
pub struct Reading {
    /// What the document was recognised as; `None` if it was not recognised (then there is a diagnostic).
    pub format: Option<AdvisoryFormat>,
    /// Name of the source (`RustSec`, `CISA`, `JVN iPedia` …); `unknown` if the document does not tell.
    pub source: String,
    /// Advisories, with `document` left 0: whoever reads the document sets it.
    pub advisories: Vec<Advisory>,
    /// KEV and EPSS rows.
    pub enrichments: Vec<Enrichment>,
    /// What was odd, rejected or unreadable.
    pub diagnostics: Vec<Diagnostic>,
    /// Records inside the document that were rejected (each has a diagnostic of severity error).
    pub rejected: u64,
    /// The greatest date that the document tells about itself or its records.
    pub newest: Option<jiff::Timestamp>,
}

impl Reading {
    /// A reading of a recognised document that holds nothing yet.
    fn of(format: AdvisoryFormat, source: &str) -> Reading {
        Reading { format: Some(format), source: source.to_owned(), ..Reading::default() }
    }

    /// A document of no readable format, and why.
    fn refused(diagnostic: Diagnostic) -> Reading {
        Reading { source: "unknown".to_owned(), diagnostics: vec![diagnostic], ..Reading::default() }
    }

    /// Counts a record that could not be read, with the reason.
    fn reject(&mut self, diagnostic: Diagnostic) {
        self.rejected += 1;
        self.diagnostics.push(diagnostic);
    }

    /// Keeps the greater date.
    fn seen(&mut self, time: Option<jiff::Timestamp>) {
        self.newest = self.newest.max(time);
    }
}
