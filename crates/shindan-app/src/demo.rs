//! Use case `demo`: a sample hospital and its vendor through the real pipeline, from files inside the binary.
//!
//! The files are written by us from published facts; each names its source. The demo has a clock of its own, so that
//! its answer is the same on every day. Only who opens its pages finds the story moved, so that it ended a few days ago ([`run_until`]).

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;

mod assessments;
mod cast;
mod collection;
mod days;
mod devices;
mod lately;
mod provider;
mod story;
mod vendor;

use cast::Cast;
pub use cast::DemoAccount;
use days::Days;
pub use story::Told;

use crate::author::Author;
use crate::check::{self, CheckOptions, Checked};
use crate::data_folder::DataFolder;
use crate::error::AppError;
use crate::knowledge::{self, BuildOptions, Built};
use crate::progress::Progress;
use crate::records::RecordsError;

/// Marks a folder as a demo, so that a later demo may write over it.
const MARKER: &str = ".shindan-demo";

/// The time the demo holds for, unless its story is moved.
const CLOCK: &str = "2024-10-15T00:00:00Z";

include!(concat!(env!("OUT_DIR"), "/demo_files.rs"));

/// What the demo did.
#[derive(Debug)]
pub struct Demo {
    /// The folder it wrote to.
    pub folder: PathBuf,
    /// The folder with the knowledge base.
    pub data: DataFolder,
    /// The folder with the inventories.
    pub inventory: PathBuf,
    /// The time the answer holds for.
    pub now: Timestamp,
    /// The knowledge base.
    pub built: Built,
    /// The answer.
    pub checked: Checked,
    /// The folder with a token of every role.
    pub tokens: PathBuf,
    /// What happened after the check.
    pub told: Told,
}

/// Who can log in to the hospital of the demo by browser.
pub fn accounts() -> Vec<DemoAccount> {
    cast::HOSPITAL.accounts()
}

/// Who can log in to the vendor of the demo by browser.
pub fn vendor_accounts() -> Vec<DemoAccount> {
    cast::VENDOR.accounts()
}

/// Writes the files to `folder`, builds a knowledge base from them, checks the inventories, and lets the hospital's people deal
/// with what was found ([`Told`]).
///
/// # Errors
/// [`AppError::DemoFolder`] if the folder holds something else; those of building, checking and of the use cases on records.
pub fn run(folder: &Path, progress: &dyn Progress) -> Result<Demo, RecordsError> {
    run_on(folder, Days::AS_WRITTEN, progress)
}

/// The same, with everything that the people do moved so that the last of it is done on that day in Japan. What is published about
/// vulnerabilities is not moved.
///
/// # Errors
/// As [`run`].
pub fn run_until(folder: &Path, last: Date, progress: &dyn Progress) -> Result<Demo, RecordsError> {
    run_on(folder, Days::ending(last), progress)
}

fn run_on(folder: &Path, days: Days, progress: &dyn Progress) -> Result<Demo, RecordsError> {
    let written = CLOCK
        .parse::<Timestamp>()
        .map_err(|error| AppError::Io { path: PathBuf::from(CLOCK), error: std::io::Error::other(error) })?;
    let now = days.time(written);
    prepare(folder)?;
    for (name, content) in DEMO_FILES {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(AppError::io(parent))?;
        }
        fs::write(&path, days.file(name, content)).map_err(AppError::io(&path))?;
    }
    let data = DataFolder::new(folder.join("data"));
    let advisories = [folder.join("advisories")];
    let author = Author::before_setup(&data, "demo")?;
    let built = knowledge::build(&data, &advisories, BuildOptions::default(), &author, now, progress)?;
    let inventory = folder.join("inventory");
    let options = CheckOptions { now, max_age_days: None, allow_stale: false, only: None, register: false };
    let checked = check::check(&data, std::slice::from_ref(&inventory), &options)?;
    let cast = Cast::assemble(&data, folder, (now, days), &cast::HOSPITAL)?;
    let told = story::tell(cast, &data, &inventory.join("devices.csv"), &folder.join("assessments"))?;
    let tokens = folder.join(cast::TOKENS);
    Ok(Demo { folder: folder.to_owned(), data, inventory, now, built, checked, tokens, told })
}

/// Accepts a folder that is absent, empty or an earlier demo.
fn prepare(folder: &Path) -> Result<(), AppError> {
    let marker = folder.join(MARKER);
    match fs::read_dir(folder) {
        Ok(mut entries) => {
            if entries.next().is_some() && !marker.exists() {
                return Err(AppError::DemoFolder(folder.to_owned()));
            }
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            fs::create_dir_all(folder).map_err(AppError::io(folder))?;
        }
        Err(error) => return Err(AppError::Io { path: folder.to_owned(), error }),
    }
    // An advisory or inventory of an earlier version of the demo must not stay and be read.
    for part in ["advisories", "assessments", "inventory", "data", "documents", cast::TOKENS, vendor::FOLDER]
    {
        let path = folder.join(part);
        if path.exists() {
            fs::remove_dir_all(&path).map_err(AppError::io(&path))?;
        }
    }
    fs::write(&marker, "written by `shindan demo`; may be deleted\n").map_err(AppError::io(&marker))
}
