//! One module per verb: call the use case, print, decide the exit code.

mod accounts;
mod acting;
mod agreement;
mod assess;
mod assess_report;
mod assess_runs;
mod assess_scan;
mod bundle;
mod cases;
mod change;
mod check;
mod checking;
mod collection;
mod confirm;
mod crosswalk;
mod cvss;
mod deliver;
mod demo;
mod device;
mod exchange;
mod explain;
mod following;
mod inquiry;
mod interfaces;
mod inventory;
mod keeping;
mod knowledge;
mod ledger;
mod lines;
mod notices;
mod notify;
mod org;
mod papers;
mod patch;
mod people;
mod policy;
mod portfolio;
mod reports;
mod schedule;
mod serve;
mod sightings;
mod sources;
mod step;
mod sync;
mod version_order;

use shindan_app::error::AppError;
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use crate::cli::{Arguments, Command};
use crate::exit::Exit;
use crate::output::{Face, say};

/// Runs the command.
pub fn run(arguments: Arguments) -> Exit {
    let face = Face::new(&arguments);
    match arguments.command {
        Command::Kb(command) => knowledge::run(command, &face),
        Command::Check(arguments) => check::check(arguments, &face),
        Command::Who(arguments) => check::who(arguments, &face),
        Command::Inventory(command) => inventory::run(command, &face),
        Command::Patch(command) => patch::run(command, &face),
        Command::Setup(arguments) => people::set_up(arguments, &face),
        Command::User(command) => people::user(command, &face),
        Command::Token(command) => people::token(command, &face),
        Command::Case(command) => cases::run(command, &face),
        Command::Change(command) => change::run(command, &face),
        Command::Inquiry(command) => inquiry::run(command, &face),
        Command::Confirm(command) => confirm::confirm(command, &face),
        Command::Review(command) => confirm::review(command, &face),
        Command::Interface(command) => interfaces::run(command, &face),
        Command::Sources(command) => sources::run(command, &face),
        Command::Notice(command) => notices::run(command, &face),
        Command::Sync(arguments) => sync::run(arguments, &face),
        Command::Notify(command) => notify::run(command, &face),
        Command::Scheduler(command) => schedule::run(command, &face),
        Command::Bundle(command) => bundle::run(command, &face),
        Command::Portfolio(command) => portfolio::run(command, &face),
        Command::Assess(command) => assess::run(command, &face),
        Command::Agreement(command) => agreement::run(command, &face),
        // ---- devices
        Command::Device(command) => device::run(command, &face),
        Command::Exchange(command) => exchange::run(command, &face),
        Command::Org(command) => org::run(command, &face),
        Command::Policy(command) => policy::policy(command, &face),
        Command::Control(command) => policy::control(command, &face),
        Command::Report(command) => policy::report(command, &face),
        Command::Ledger(command) => ledger::run(command, &face),
        Command::Backup(arguments) => ledger::backup(arguments, &face),
        Command::Restore(arguments) => ledger::restore(arguments, &face),
        Command::Serve(arguments) => serve::serve(&arguments, &face),
        Command::VersionOrder(arguments) => version_order::run(arguments.scheme, &face),
        Command::Cvss(arguments) => cvss::run(&arguments.vectors, &face),
        Command::Crosswalk(command) => crosswalk::run(command, &face),
        Command::Demo(arguments) => demo::run(&arguments, &face),
    }
}

/// Tells an error of a use case and turns it into an exit code.
fn fail(error: &AppError, face: &Face) -> Exit {
    match error {
        AppError::NotFound(id) => {
            say!("{}", face.words.get("cli-not-found", &[("id", id.as_str().into())]));
        }
        AppError::NoSuchComponent { name, near, diagnostics } => {
            face.tell(diagnostics);
            say!("{}", face.words.get("cli-no-such-component", &[("name", name.as_str().into())]));
            if !near.is_empty() {
                let names = near.join(" | ");
                say!("{}", face.words.get("cli-near-names", &[("names", names.as_str().into())]));
            }
        }
        AppError::DemoFolder(path) => {
            let path = path.display().to_string();
            say!("{}", face.words.get("cli-demo-folder", &[("path", path.as_str().into())]));
        }
        AppError::RegisterMissing(path) => {
            let path = path.display().to_string();
            say!("{}", face.words.get("cli-register-missing", &[("path", path.as_str().into())]));
        }
        AppError::TokenNeeded(_) => {
            say!("{}: {}", face.words.t("cli-error"), face.words.t("cli-token-missing"))
        }
        AppError::NothingToUndo => say!("{}", face.words.t("cli-nothing-to-undo")),
        AppError::AssetUnknown(name) => {
            say!("{}", face.words.get("cli-asset-unknown", &[("name", name.as_str().into())]));
        }
        AppError::AssetStillThere(name) => {
            say!("{}", face.words.get("cli-asset-still-there", &[("name", name.as_str().into())]));
        }
        AppError::IdentityUnknown { maker, model } => {
            let values = [("maker", maker.as_str().into()), ("model", model.as_str().into())];
            say!("{}", face.words.get("cli-identity-unknown", &values));
        }
        AppError::NothingReadable(diagnostics) => {
            face.tell(diagnostics);
            say!("{}", face.words.t("cli-nothing-readable"));
        }
        AppError::Pack(diagnostics) | AppError::FilesUnreadable(diagnostics) => face.tell(diagnostics),
        _ => match error.diagnostic() {
            Some(diagnostic) => say!("{}", face.line(&diagnostic)),
            None => say!("{}: {error}", face.words.t("cli-error")),
        },
    }
    exit_of(error)
}

fn exit_of(error: &AppError) -> Exit {
    match error {
        AppError::KnowledgeMissing(_)
        | AppError::KnowledgeUnreadable { .. }
        | AppError::Index { .. }
        | AppError::NotFound(_) => Exit::Knowledge,
        AppError::TokenNeeded(_) => Exit::Refused,
        AppError::DemoFolder(_)
        | AppError::NoSuchComponent { .. }
        | AppError::RegisterMissing(_)
        | AppError::NothingToUndo
        | AppError::AssetUnknown(_)
        | AppError::AssetStillThere(_)
        | AppError::IdentityUnknown { .. } => Exit::Usage,
        AppError::Register { .. }
        | AppError::Portfolio { .. }
        | AppError::Io { .. }
        | AppError::Pack(_)
        | AppError::FilesUnreadable(_)
        | AppError::NothingReadable(_)
        | AppError::Json(_) => Exit::Unreadable,
    }
}

/// Tells that output could not be written. The error names the file, if it is one.
fn not_written(error: &std::io::Error, face: &Face) -> Exit {
    say!("{}", face.words.get("cli-not-written", &[("reason", error.to_string().as_str().into())]));
    Exit::Unreadable
}

/// Tells that standard input could not be read.
fn stdin_unreadable(error: &std::io::Error, face: &Face) -> Exit {
    let diagnostic = Diagnostic::new(Code::FileUnreadable, Place::file("stdin")).with("reason", error);
    say!("{}", face.line(&diagnostic));
    Exit::Unreadable
}
