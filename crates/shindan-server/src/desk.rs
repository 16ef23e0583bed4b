//! What the pages are made with (crate `shindan-web`): the same open records, uploads and commands that REST answers with.
//!
//! A page enters with the secret of a session in the browser, REST with a personal token; from there the way is the same.

use std::fs::File;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Response;
use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::progress::Progress;
use shindan_app::records::accounts::SessionEntered;
use shindan_app::records::exchange::{self, sealed_limit};
use shindan_app::records::words_given::PATCH_LIMIT;
use shindan_app::records::{Call, DOCUMENT_LIMIT, Entered, Records, RecordsError};
use shindan_domain::ledger::{Hash, Kind};
use shindan_domain::record_id::PersonId;
use shindan_store::Store;

use crate::command::{Listed, ListedTask, Session};
use crate::commands;
use crate::commands::collect::LookNow;
use crate::document::Document;
use crate::hashing::HashingPlace;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::routes::Api;

/// The records of this server, for pages.
#[derive(Clone)]
pub struct Desk {
    pub(crate) api: Arc<Api>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desk")
    }
}

/// What kind of file is sent, for its limit of size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// Evidence, a list, a form.
    Document,
    /// A patch.
    Patch,
    /// A sealed file of a partner, or a bundle.
    Sealed,
}

impl Sent {
    /// How large it may be, in bytes.
    pub fn limit(self) -> u64 {
        match self {
            Sent::Document => DOCUMENT_LIMIT,
            Sent::Patch => PATCH_LIMIT,
            Sent::Sealed => sealed_limit(&exchange::Limits::default()),
        }
    }
}

impl Desk {
    /// The data folder.
    pub fn folder(&self) -> &DataFolder {
        self.api.pool.folder()
    }

    /// Does something with open records, in a thread that may wait; it goes on to its end even if the client leaves.
    ///
    /// # Errors
    /// If nothing was set up, or the records cannot be opened.
    pub async fn records<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Records) -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let api = Arc::clone(&self.api);
        let at_work = self.api.place().await?;
        let done = tokio::task::spawn_blocking(move || {
            let _until_done = at_work;
            api.pool.with(work).map_err(|error| Problem::of(error, None, false))
        });
        done.await.unwrap_or_else(|error| Err(Problem::internal(&error)))
    }

    /// Does something as the person whose session this is.
    ///
    /// # Errors
    /// Status 401 for a session that there is not; what `work` answers; those of [`Desk::records`].
    pub async fn enter<T: Send + 'static>(
        &self,
        session: String,
        work: impl FnOnce(&mut Session<'_>, &SessionEntered) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let api = Arc::clone(&self.api);
        self.records(move |records| {
            let now = clock::now();
            let entered =
                records.enter_session(&session, now).map_err(|error| Problem::of(error, None, false))?;
            let (who, call) = (entered.entered.clone(), Call::at(now));
            let mut session = Session { records, who, call, uploads: &api.uploads, network: &api.network };
            work(&mut session, &entered)
        })
        .await?
    }

    /// A place to hash a password, for what is done by somebody who may be anybody: to be asked for once the form is there, and kept
    /// until the hash is made.
    ///
    /// # Errors
    /// Status 503 if too many wait already.
    pub async fn place_to_hash(&self) -> Result<HashingPlace, Problem> {
        self.api.hashing.place().await
    }

    /// Whether the data folder was set up: whether it has records.
    pub fn is_set_up(&self) -> bool {
        Store::exists(self.folder().root())
    }

    /// Does something with the data folder before it was set up, in a thread that may wait.
    ///
    /// # Errors
    /// What `work` answers.
    pub async fn before_setup<T: Send + 'static>(
        &self,
        work: impl FnOnce(&DataFolder, jiff::Timestamp) -> Result<T, RecordsError> + Send + 'static,
    ) -> Result<T, Problem> {
        let api = Arc::clone(&self.api);
        let at_work = self.api.place().await?;
        let done = tokio::task::spawn_blocking(move || {
            let _until_done = at_work;
            work(api.pool.folder(), clock::now()).map_err(|error| Problem::of(error, None, false))
        });
        done.await.unwrap_or_else(|error| Err(Problem::internal(&error)))
    }

    /// Begins something, as the person whom a request let in, for which that request does not wait; `ended` is told what came of it.
    /// To be called while that request is worked on.
    pub fn begin<T: Send + 'static>(
        &self,
        who: Entered,
        work: impl FnOnce(&mut Session<'_>) -> Result<T, Problem> + Send + 'static,
        ended: impl FnOnce(Result<T, Problem>) + Send + 'static,
    ) {
        let desk = self.clone();
        tokio::runtime::Handle::current().spawn(async move {
            let api = Arc::clone(&desk.api);
            let done = desk.records(move |records| {
                let call = Call::at(clock::now());
                work(&mut Session { records, who, call, uploads: &api.uploads, network: &api.network })
            });
            ended(done.await.and_then(|done| done));
        });
    }

    /// Takes a file in that a person sends, as it arrives, and answers its SHA-256, by which commands name it.
    ///
    /// # Errors
    /// Too large, too slow, incomplete, or the disk is full.
    pub async fn take(&self, person: PersonId, name: &str, body: Body, sent: Sent) -> Result<Hash, Problem> {
        let receiving = self.api.limits.receiving;
        self.api.uploads.clean(clock::now());
        let upload = self.api.uploads.take(person, name, body, sent.limit(), receiving).await?;
        Ok(upload.sha256)
    }
}

/// Every command on records, as REST offers it.
pub fn commands() -> &'static [Listed] {
    commands::all()
}

/// Everything that is done to several records at once, as REST offers it.
pub fn tasks() -> &'static [ListedTask] {
    commands::tasks()
}

/// The command of this name on this kind of record; `None`: the one that begins such a record.
pub fn command(kind: Kind, name: Option<&str>) -> Option<&'static Listed> {
    commands::all().iter().find(|command| command.kind == kind && command.name == name)
}

/// Looks at sources as `POST /api/v1/sync` does, and tells how far it is.
///
/// # Errors
/// What REST answers instead of a result.
pub fn look(session: &mut Session<'_>, body: &[u8], progress: &dyn Progress) -> Result<Reply, Problem> {
    crate::command::read_body::<LookNow>(body)?.look(session, progress)
}

/// A kept document, for those who may read, as it is sent piece by piece.
///
/// # Errors
/// None with this SHA-256, or the person may not read.
pub fn document(session: &mut Session<'_>, sha256: &str) -> Result<Response<Body>, Problem> {
    Ok(crate::read::document(session, sha256)?.into_response())
}

/// An open file, as it is sent piece by piece under this name.
///
/// # Errors
/// If the system does not tell its size.
pub fn file(file: File, name: &str) -> Result<Response<Body>, Problem> {
    let document = Document::new(file, name).map_err(|error| Problem::internal(&error))?;
    Ok(document.into_response())
}

/// The `Content-Disposition` of a file of this name that is saved, in both forms of RFC 6266.
pub fn disposition(name: &str) -> String {
    crate::document::disposition(name)
}
