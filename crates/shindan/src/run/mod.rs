//! One module per verb: call the use case, print, decide the exit code.

mod check;
mod crosswalk;
mod cvss;
mod demo;
mod knowledge;
mod version_order;

use shindan_app::error::AppError;

use crate::cli::{Arguments, Command};
use crate::exit::Exit;
use crate::output::Face;

/// Runs the command.
pub fn run(arguments: Arguments) -> Exit {
    let face = Face::new(&arguments);
    match arguments.command {
        Command::Kb(command) => knowledge::run(command, &face),
        Command::Check(arguments) => check::check(arguments, &face),
        Command::Who(arguments) => check::who(arguments, &face),
        Command::VersionOrder { scheme } => version_order::run(scheme, &face),
        Command::Cvss { vectors } => cvss::run(&vectors, &face),
        Command::Crosswalk(command) => crosswalk::run(command, &face),
        Command::Demo { dir } => demo::run(&dir, &face),
    }
}

/// Tells an error of a use case and turns it into an exit code.
fn fail(error: &AppError, face: &Face) -> Exit {
    match error {
        AppError::NotFound(id) => {
            eprintln!("{}", face.words.get("cli-not-found", &[("id", id.as_str().into())]));
        }
        AppError::DemoFolder(path) => {
            let path = path.display().to_string();
            eprintln!("{}", face.words.get("cli-demo-folder", &[("path", path.as_str().into())]));
        }
        AppError::NothingReadable(diagnostics) => {
            face.tell(diagnostics);
            eprintln!("{}", face.words.t("cli-nothing-readable"));
        }
        AppError::Pack(diagnostics) => face.tell(diagnostics),
        _ => match error.diagnostic() {
            Some(diagnostic) => eprintln!("{}", face.line(&diagnostic)),
            None => eprintln!("{}: {error}", face.words.t("cli-error")),
        },
    }
    exit_of(error)
}

fn exit_of(error: &AppError) -> Exit {
    match error {
        AppError::KnowledgeMissing(_) | AppError::Index { .. } | AppError::NotFound(_) => Exit::Knowledge,
        AppError::DemoFolder(_) => Exit::Usage,
        AppError::Io { .. } | AppError::Pack(_) | AppError::NothingReadable(_) | AppError::Json(_) => {
            Exit::Unreadable
        }
    }
}

/// Tells that output could not be written.
fn not_written(error: &std::io::Error, face: &Face) -> Exit {
    eprintln!("{}", face.words.get("cli-not-written", &[("reason", error.to_string().as_str().into())]));
    Exit::Unreadable
}
