//! 取込記録: which files were read, by whom, what stood in them and what came of the comparison.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{IpRange, MatchBasis, SightingFormat};
use crate::evidence::Document;
use crate::ledger::Kind;
use crate::process::{Event, Filed, Label, Occurrence, OutOfOrder, Process, Reason, Shown, View};
use crate::record_id::{PersonId, SightingId};
use crate::terms;

terms! {
    /// Whether everything in the files could be read.
    pub enum ImportState ("sighting-import-state") {
        /// Yes.
        Complete = "complete",
        /// Some lines could not be read.
        Partial = "partial",
    }
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadFile {
    /// The file.
    pub document: Document,
    /// What it was recognised as.
    pub format: SightingFormat,
    /// When it was taken, as the file or the person says.
    pub taken: Timestamp,
    /// True if the file says it; false if the person did.
    pub dated: bool,
    /// Lines or elements in which something was seen.
    pub observed: u64,
    /// Entries without a device: broadcast, no answer, ended leases, the switch itself.
    pub skipped: u64,
    /// Lines that could not be read.
    pub unreadable: u64,
    /// Addresses that were looked at as a whole.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ranges: Vec<IpRange>,
    /// By what it shows devices.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub shows: BTreeSet<MatchBasis>,
}

/// What a comparison came to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ComparisonCounts {
    /// Things that were seen, each once.
    pub seen: u64,
    /// How many of them are known.
    pub known: u64,
    /// Devices that they were compared with.
    pub devices: u64,
    /// After how many days without a sighting a device counts as not seen; `None`: that was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent_days: Option<u16>,
    /// Discrepancies that were found, old and new.
    pub found: u64,
    /// Discrepancies that are new.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opened: Vec<SightingId>,
    /// Those that were settled and are open again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reopened: Vec<SightingId>,
    /// Those that are no more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resolved: Vec<SightingId>,
    /// What could not be judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Reason>,
}

/// What can happen to an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SightingImportEvent {
    /// Files were read.
    Recorded {
        /// The network, as the person calls it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        network: Option<String>,
        /// The files.
        files: Vec<ReadFile>,
    },
    /// They were compared with what is known.
    Compared(ComparisonCounts),
}

impl Event for SightingImportEvent {}

/// An import of files of sightings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SightingImport {
    /// The network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The files.
    pub files: Vec<ReadFile>,
    /// Who read them.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// The last comparison, with who made it and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared: Option<(ComparisonCounts, PersonId, Timestamp)>,
}

impl SightingImport {
    /// Whether everything could be read.
    pub fn state(&self) -> ImportState {
        let partial = self.files.iter().any(|file| file.unreadable > 0);
        if partial { ImportState::Partial } else { ImportState::Complete }
    }

    fn title(&self) -> String {
        let files = self.files.iter().map(|file| file.document.name.as_str());
        self.network.as_deref().into_iter().chain(files).collect::<Vec<_>>().join(" ")
    }
}

fn number(count: u64) -> Shown {
    Shown::Number(i64::try_from(count).unwrap_or(i64::MAX))
}

impl Process for SightingImport {
    const KIND: Kind = Kind::SightingImport;
    type Event = SightingImportEvent;

    fn apply(
        state: Option<Self>,
        event: &SightingImportEvent,
        when: &Occurrence,
    ) -> Result<Self, OutOfOrder> {
        let (by, at) = (when.actor.person, when.at);
        match (state, event) {
            (None, SightingImportEvent::Recorded { network, files }) => {
                Ok(SightingImport { network: network.clone(), files: files.clone(), by, at, compared: None })
            }
            (Some(import), SightingImportEvent::Compared(counts)) => {
                Ok(SightingImport { compared: Some((counts.clone(), by, at)), ..import })
            }
            (None, event) => Err(OutOfOrder::new(event, "nothing")),
            (Some(import), event) => Err(OutOfOrder::new(event, import.state())),
        }
    }

    fn filed(&self) -> Filed {
        Filed::new(self.state().term(), false, self.title())
    }

    fn view(&self) -> View {
        let file = |file: &ReadFile| -> Vec<Option<Shown>> {
            let ranges: Vec<Shown> = file.ranges.iter().map(|range| range.to_string().into()).collect();
            vec![
                Some(file.document.clone().into()),
                Some(file.format.term().into()),
                Some(file.taken.into()),
                Some(number(file.observed)),
                Some(number(file.skipped)),
                Some(number(file.unreadable)),
                (!ranges.is_empty()).then_some(ranges.into()),
            ]
        };
        let view = View::new(self.state().term())
            .maybe(Label::Network, self.network.as_ref())
            .fact(Label::By, self.by)
            .fact(Label::At, self.at);
        let view = match &self.compared {
            None => view,
            Some((counts, _, at)) => counts.shown(view.fact(Label::ComparedAt, *at)),
        };
        view.section(
            Label::Files,
            &[
                Label::Document,
                Label::Format,
                Label::TakenAt,
                Label::Observed,
                Label::Skipped,
                Label::Unreadable,
                Label::Ranges,
            ],
            self.files.iter().map(file).collect(),
        )
    }
}

impl ComparisonCounts {
    fn shown(&self, view: View) -> View {
        let record = |id: &SightingId| Shown::from(crate::ledger::Stream::new(Kind::Sighting, *id));
        let list = |ids: &[SightingId]| -> Option<Shown> {
            let list: Vec<Shown> = ids.iter().map(record).collect();
            (!list.is_empty()).then(|| list.into())
        };
        view.fact(Label::SeenDevices, number(self.seen))
            .fact(Label::KnownDevices, number(self.known))
            .fact(Label::ComparedWith, number(self.devices))
            .maybe(Label::AbsentDays, self.absent_days.map(i64::from))
            .fact(Label::Discrepancies, number(self.found))
            .maybe(Label::NewDiscrepancies, list(&self.opened))
            .maybe(Label::ReopenedDiscrepancies, list(&self.reopened))
            .maybe(Label::ResolvedDiscrepancies, list(&self.resolved))
            .section(
                Label::Undetermined,
                &[Label::Reason],
                self.doubts.iter().map(|doubt| vec![Some(doubt.clone().into())]).collect(),
            )
    }
}
