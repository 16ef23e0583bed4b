//! What can go wrong in a use case. The command line turns it into an exit code.

use std::path::PathBuf;

use shindan_domain::diagnostic::{Code, Diagnostic, Place};
use shindan_match::index::layout::IndexError;

/// A use case could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// There is no knowledge base in the data folder.
    #[error("there is no knowledge base in {}", .0.display())]
    KnowledgeMissing(PathBuf),
    /// The index file cannot be used.
    #[error("{}: {error}", path.display())]
    Index {
        /// The index file.
        path: PathBuf,
        /// Why.
        error: IndexError,
    },
    /// The knowledge base is there and the system does not let it be read.
    #[error("{}: {error}", path.display())]
    KnowledgeUnreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A file cannot be read or written.
    #[error("{}: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A data pack that ships with the program or that the user gave is not readable.
    #[error("{} errors in data packs", .0.len())]
    Pack(Vec<Diagnostic>),
    /// Nothing usable in any of the inputs: the knowledge base was left as it was.
    #[error("none of the {} documents could be read", .0.len())]
    NothingReadable(Vec<Diagnostic>),
    /// Files that a person gave to be read hold nothing that can be used. Nothing was written.
    #[error("{} errors in the files", .0.len())]
    FilesUnreadable(Vec<Diagnostic>),
    /// The identifier is not in the knowledge base.
    #[error("{0} is not in the knowledge base")]
    NotFound(String),
    /// No component has the name that is to be explained.
    #[error("no component is called {name}")]
    NoSuchComponent {
        /// As asked.
        name: String,
        /// Names that are near, the nearest first.
        near: Vec<String>,
        /// Why inputs could not be read, among whose components it may be.
        diagnostics: Vec<Diagnostic>,
    },
    /// The register of assets is damaged.
    #[error("{}: {reason}", path.display())]
    Register {
        /// The record, or the pointer to the last one.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Something that the portfolio keeps is damaged.
    #[error("{}: {reason}", path.display())]
    Portfolio {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// There is no register of assets in the data folder.
    #[error("there is no register of assets in {}", .0.display())]
    RegisterMissing(PathBuf),
    /// No import is in force that could be taken back.
    #[error("no import is in force")]
    NothingToUndo,
    /// There is no such asset in the register.
    #[error("{0} is not in the register")]
    AssetUnknown(String),
    /// The asset is in its ledger and can only be removed there.
    #[error("{0} is still in its ledger")]
    AssetStillThere(String),
    /// Nothing was said about this maker and model.
    #[error("nothing was said about {maker} {model}")]
    IdentityUnknown {
        /// Maker as given.
        maker: String,
        /// Model as given.
        model: String,
    },
    /// The folder for the demo holds something else.
    #[error("{} holds other files", .0.display())]
    DemoFolder(PathBuf),
    /// The installation has a ledger: only a personal token says who changes something.
    #[error("a personal token is needed for changes in {}", .0.display())]
    TokenNeeded(PathBuf),
    /// A value could not be written as JSON; a defect of this program.
    #[error("cannot write as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl AppError {
    /// Wraps an IO error with its file.
    pub fn io(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> AppError {
        let path = path.into();
        move |error| AppError::Io { path, error }
    }

    /// The error as code and parameters, where there is one, for words in the user's language.
    pub fn diagnostic(&self) -> Option<Diagnostic> {
        match self {
            AppError::KnowledgeMissing(path) => {
                Some(Diagnostic::new(Code::KnowledgeMissing, Place::file(path.display().to_string())))
            }
            AppError::Index { path, error } => {
                let place = Place::file(path.display().to_string());
                Some(match error {
                    IndexError::Damaged(reason) => {
                        Diagnostic::new(Code::KnowledgeDamaged, place).with("reason", reason)
                    }
                    IndexError::Version { found, expected } => Diagnostic::new(Code::KnowledgeVersion, place)
                        .with("found", found)
                        .with("expected", expected),
                    IndexError::Stored(reason) => {
                        Diagnostic::new(Code::PortfolioDamaged, place).with("reason", reason)
                    }
                })
            }
            AppError::Io { path, error } | AppError::KnowledgeUnreadable { path, error } => Some(
                Diagnostic::new(Code::FileUnreadable, Place::file(path.display().to_string()))
                    .with("reason", error),
            ),
            AppError::Register { path, reason } => Some(
                Diagnostic::new(Code::RegisterDamaged, Place::file(path.display().to_string()))
                    .with("reason", reason),
            ),
            AppError::Portfolio { path, reason } => Some(
                Diagnostic::new(Code::PortfolioDamaged, Place::file(path.display().to_string()))
                    .with("reason", reason),
            ),
            AppError::NothingReadable(_)
            | AppError::RegisterMissing(_)
            | AppError::NothingToUndo
            | AppError::AssetUnknown(_)
            | AppError::AssetStillThere(_)
            | AppError::IdentityUnknown { .. }
            | AppError::Pack(_)
            | AppError::NotFound(_)
            | AppError::NoSuchComponent { .. }
            | AppError::DemoFolder(_)
            | AppError::TokenNeeded(_)
            | AppError::Json(_)
            | AppError::FilesUnreadable(_) => None,
        }
    }
}
