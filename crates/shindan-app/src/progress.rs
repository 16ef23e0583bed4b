//! Progress of long work, told to whoever shows it.

/// Receives progress. Called from several threads.
pub trait Progress: Sync {
    /// A stage begins; `total` is the number of steps, if it is known.
    fn stage(&self, stage: Stage, total: Option<u64>);
    /// So many more steps are done.
    fn advance(&self, steps: u64);
    /// A file of a source is coming: so many bytes of it are there, of how many, if the source tells.
    fn fetching(&self, _source: &str, _bytes: u64, _total: Option<u64>) {}
}

/// What is being done. Words are chosen by whoever shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading documents.
    Reading,
    /// Merging and indexing.
    Indexing,
    /// Comparing inventories with vulnerability information.
    Comparing,
    /// Writing and syncing to disk.
    Writing,
    /// Finished.
    Done,
}

/// Shows nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn stage(&self, _: Stage, _: Option<u64>) {}
    fn advance(&self, _: u64) {}
}
