//! What the verbs that change files beside the ledger have in common: who may do so, and the note in the ledger.

use shindan_app::author::{Author, person_recorded};
use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::error::AppError;
use shindan_app::records::{Call, Records, kept};
use shindan_domain::comparison::KeptPart;

use super::acting::{enter, fail};
use crate::cli::TableOrJson;
use crate::cli::acting::{Keeping, Reading};
use crate::exit::Exit;
use crate::output::{Face, say};

/// Carries a change out: with a personal token as soon as the installation has a ledger, else by the name that is given.
///
/// # Errors
/// The exit code of what was told: no token, a role that does not permit it, or what `work` could not do.
pub fn keep<T>(
    keeping: Keeping,
    by: Option<&str>,
    part: KeptPart,
    face: &Face,
    work: impl FnOnce(&DataFolder, &Author) -> Result<T, AppError>,
) -> Result<T, Exit> {
    let folder = DataFolder::new(&keeping.data.data_dir);
    let name = by.map(str::to_owned).unwrap_or_else(of_system);
    if let Ok(author) = Author::before_setup(&folder, &name) {
        return work(&folder, &author).map_err(|error| super::fail(&error, face));
    }
    if by.is_some() {
        say!("{}: {}", face.words.t("cli-error"), face.words.t("cli-by-with-ledger"));
        return Err(Exit::Usage);
    }
    let Keeping { data, token } = keeping;
    let reading = Reading { data, token, format: TableOrJson::Table };
    let told = |error, records: Option<&Records>| fail(&error, records, reading.format, face);
    let mut session = enter(&reading, face).map_err(|error| told(error, None))?;
    let call = Call::at(clock::now());
    let kept = kept::keep(&mut session.records, &session.who, &call, part, |author| work(&folder, author));
    kept.map_err(|error| told(error, Some(&session.records)))
}

/// What the system calls the user.
fn of_system() -> String {
    let names = ["USER", "USERNAME", "LOGNAME"];
    // A name that is not set or no text is no name.
    let name = names.iter().find_map(|name| std::env::var(name).ok()).map(|name| name.trim().to_owned());
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| "unknown".to_owned())
}

/// Recorded authors as people read them: persons of the installation by name, as far as it is kept.
pub fn named(folder: &DataFolder, recorded: &str) -> String {
    let known = || {
        let person = person_recorded(recorded)?;
        // Without a readable ledger the id is shown, which is what is recorded.
        Records::open(folder).ok()?.store().name(person).ok()?
    };
    known().unwrap_or_else(|| recorded.to_owned())
}
