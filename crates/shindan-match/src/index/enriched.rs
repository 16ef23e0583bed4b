//! What the catalogue of exploited vulnerabilities and EPSS say about each CVE, over all their files.

use rustc_hash::FxHashMap;
use shindan_domain::advisory::{Enrichment, EpssEntry, KevEntry};
use shindan_domain::finding::EpssScore;

/// Rows by CVE number.
#[derive(Debug, Default)]
pub(super) struct Enriched<'r> {
    kev: FxHashMap<&'r str, KevEntry>,
    epss: FxHashMap<&'r str, EpssScore>,
}

impl<'r> Enriched<'r> {
    pub fn of(rows: impl IntoIterator<Item = &'r Enrichment>) -> Self {
        let mut enriched = Enriched::default();
        for row in rows {
            match row {
                Enrichment::Kev(entry) => enriched.add_kev(entry),
                Enrichment::Epss(entry) => enriched.add_epss(entry),
            }
        }
        enriched
    }

    fn add_kev(&mut self, entry: &'r KevEntry) {
        match self.kev.get_mut(entry.cve.as_str()) {
            // NVD and CISA's containers repeat the catalogue in part: what one leaves out, the other says.
            Some(known) => *known = both(known, entry),
            None => {
                self.kev.insert(&entry.cve, entry.clone());
            }
        }
    }

    fn add_epss(&mut self, entry: &'r EpssEntry) {
        let score = EpssScore {
            score: entry.score.clone(),
            percentile: entry.percentile.clone(),
            date: entry.date.clone(),
        };
        // Several EPSS files: the newest day wins, whatever the order they were given in.
        let known = self.epss.entry(&entry.cve).or_insert_with(|| score.clone());
        if known.date <= score.date {
            *known = score;
        }
    }

    /// The rows of one CVE number, which is asked for once.
    pub fn take(&mut self, cve: &str) -> (Option<KevEntry>, Option<EpssScore>) {
        (self.kev.remove(cve), self.epss.remove(cve))
    }
}

/// What two sources say of one entry of the catalogue of exploited vulnerabilities: the earliest day, and every fact.
fn both(a: &KevEntry, b: &KevEntry) -> KevEntry {
    let earliest = |x: &str, y: &str| -> String {
        [x, y].into_iter().filter(|day| !day.is_empty()).min().unwrap_or_default().to_owned()
    };
    KevEntry {
        cve: a.cve.clone(),
        date_added: earliest(&a.date_added, &b.date_added),
        due_date: earliest(&a.due_date, &b.due_date),
        ransomware: a.ransomware || b.ransomware,
    }
}
