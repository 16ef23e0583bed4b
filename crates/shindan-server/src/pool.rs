//! Open records that wait for the next request.

use std::sync::{Mutex, PoisonError};

use shindan_app::data_folder::DataFolder;
use shindan_app::records::{Records, RecordsError};

/// Opening costs less than a millisecond, but not nothing.
#[derive(Debug)]
pub(crate) struct Pool {
    folder: DataFolder,
    idle: Mutex<Vec<Records>>,
    most: usize,
}

impl Pool {
    /// Opens the records once, so that damage is found before anybody asks. A folder without records may be one that is about to be
    /// set up.
    pub(crate) fn new(folder: DataFolder, most: usize) -> Result<Pool, RecordsError> {
        let idle = match Records::open(&folder) {
            Ok(first) => vec![first],
            Err(RecordsError::Missing(_)) => Vec::new(),
            Err(error) => return Err(error),
        };
        Ok(Pool { folder, idle: Mutex::new(idle), most })
    }

    /// Refuses a folder without records: REST alone sets nothing up.
    pub(crate) fn must_be_set_up(&self) -> Result<(), RecordsError> {
        self.with(|_| ())
    }

    /// The data folder.
    pub(crate) fn folder(&self) -> &DataFolder {
        &self.folder
    }

    /// Does something with open records. After a panic inside, they are not used again.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&mut Records) -> T) -> Result<T, RecordsError> {
        let waiting = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut records = match waiting {
            Some(records) => records,
            None => Records::open(&self.folder)?,
        };
        let done = work(&mut records);
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.most {
            idle.push(records);
        }
        Ok(done)
    }
}
