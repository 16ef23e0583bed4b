//! What is read before anybody asks: how the portfolio stands, and the ledger for figures over time. Nobody waits for it then.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use shindan_app::data_folder::DataFolder;
use shindan_app::memory;
use shindan_app::portfolio;
use shindan_app::records::Records;

use crate::visit::CaseHistory;

/// So many entries are read at a time, and then others may go on.
const ENTRIES: usize = 4_096;
/// How long the server is left alone after it has begun.
const BEGINNING: Duration = Duration::from_millis(500);
/// How long others may go on between two parts.
const PAUSE: Duration = Duration::from_millis(2);

/// Reads in a thread of its own that ends when all is read, or nobody can ask any more. It reads only, which keeps no writer waiting.
/// What goes wrong is told to whoever asks, who reads on from there.
pub(crate) fn read(history: &CaseHistory, folder: DataFolder) {
    let history = Arc::downgrade(history);
    let begun = std::thread::Builder::new().name("ahead".to_owned()).spawn(move || {
        std::thread::sleep(BEGINNING);
        if history.strong_count() > 0 {
            portfolio::read_ahead(&folder);
        }
        let Ok(records) = Records::open(&folder) else { return };
        while let Some(history) = history.upgrade() {
            let read = history.lock().unwrap_or_else(PoisonError::into_inner).read_ahead(&records, ENTRIES);
            match read {
                Ok(false) => std::thread::sleep(PAUSE),
                Ok(true) | Err(_) => break,
            }
        }
        // What the database keeps of its pages goes first.
        drop(records);
        memory::give_back();
    });
    // Without a thread, the first who asks waits.
    let _without = begun.is_err();
}
