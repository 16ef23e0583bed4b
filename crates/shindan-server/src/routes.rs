//! All routes, and the way of a request: headers, body within limits, a blocking thread, the answer.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use axum::http::{Request, StatusCode};
use axum::response::Response;
use axum::routing::{any, get};
use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::records::exchange::{self, sealed_limit};
use shindan_app::records::words_given::PATCH_LIMIT;
use shindan_app::records::{Call, DOCUMENT_LIMIT, RecordsError};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_report::words::Lang;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::ask::{Ask, language};
use crate::assessments;
use crate::command::{Listed, Network, Session};
use crate::commands;
use crate::desk::Desk;
use crate::document::Document;
use crate::give;
use crate::hashing::Hashing;
use crate::pool::Pool;
use crate::problem::Problem;
use crate::query::{Pairs, invalid};
use crate::read;
use crate::reply::{self, Reply};
use crate::sources;
use crate::uploads::Uploads;

/// What a request may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size of a body in bytes.
    pub body: usize,
    /// How long a client may take to send headers, and then the body.
    pub receiving: Duration,
    /// Use cases that run at the same time; others wait.
    pub at_work: usize,
    /// Connections that are open at the same time; others wait.
    pub connections: usize,
    /// Passwords that are hashed at the same time: as many as there are processors.
    pub hashing: usize,
    /// How many more wait for that; others are asked to come again.
    pub waiting_to_hash: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            body: 1 << 20,
            receiving: Duration::from_secs(15),
            at_work: 8,
            connections: 256,
            hashing: std::thread::available_parallelism().map_or(1, usize::from),
            waiting_to_hash: 32,
        }
    }
}

/// What all requests share.
pub(crate) struct Api {
    pub(crate) pool: Pool,
    pub(crate) uploads: Uploads,
    pub(crate) network: Network,
    pub(crate) at_work: Arc<Semaphore>,
    pub(crate) hashing: Hashing,
    pub(crate) limits: Limits,
}

type Shared = State<Arc<Api>>;
type Address = Query<Vec<(String, String)>>;

/// What all requests share, and the router of REST; `pages` answer every address that is not below `/api/`.
pub(crate) fn router(
    folder: DataFolder,
    limits: Limits,
    network: Network,
    pages: impl FnOnce(Desk) -> Option<Router>,
) -> Result<Router, RecordsError> {
    let uploads = Uploads::new(folder.root());
    let pool = Pool::new(folder, limits.at_work)?;
    let at_work = Arc::new(Semaphore::new(limits.at_work));
    let hashing = Hashing::new(limits.hashing, limits.waiting_to_hash);
    let api = Arc::new(Api { pool, uploads, network, at_work, hashing, limits });
    let pages = pages(Desk { api: Arc::clone(&api) });
    if pages.is_none() {
        api.pool.must_be_set_up()?;
    }
    let tasks = commands::tasks().iter().fold(Router::new(), |router, task| {
        let work = move |State(api): Shared, request: Request<Body>| async move {
            api.change(request, move |session, body| task.run(body, session)).await
        };
        router.route(&format!("/api/v1/{}", task.name), axum::routing::post(work))
    });
    let rest = tasks
        .route("/api/openapi.json", get(description))
        .route("/api/v1/me", get(me))
        .route("/api/v1/uploads", axum::routing::post(upload))
        .route("/api/v1/ledger/entries", get(ledger_entries))
        .route("/api/v1/ledger/verification", get(ledger_verification))
        .route("/api/v1/ledger/checkpoints", axum::routing::post(ledger_checkpoint))
        .route("/api/v1/ledger/refusals", get(ledger_refusals))
        .route("/api/v1/control-status", get(control_status))
        // ---- devices
        .route("/api/v1/device-alarms", get(device_alarms))
        // ---- sources
        .route("/api/v1/source-status", get(source_status))
        .route("/api/v1/source-calendar", get(source_calendar))
        .route("/api/v1/source-proposals", get(source_proposals))
        .route("/api/v1/collection", get(collection))
        // ---- assessments
        .route("/api/v1/assessment-checks", get(assessment_checks))
        .route("/api/v1/assessment-timing", get(assessment_timing))
        .route("/api/v1/documents/{sha256}", get(document))
        .route("/api/v1/{kind}", get(list).post(begin))
        .route("/api/v1/{kind}/{record}", get(record))
        .route("/api/v1/{kind}/{record}/entries", get(record_entries))
        .route("/api/v1/{kind}/{record}/gate", get(gate))
        .route("/api/v1/{kind}/{record}/findings", get(findings))
        // ---- agreements
        .route("/api/v1/{kind}/{record}/print", get(agreement_print))
        .route("/api/v1/{kind}/{record}/export", get(agreement_export))
        .route("/api/v1/{kind}/{record}/diff", get(agreement_diff))
        // ---- exchange
        .route("/api/v1/exchange-card", get(exchange_card))
        .route("/api/v1/exchange-card/file", get(exchange_card_file))
        .route("/api/v1/{kind}/{record}/sent/{number}", get(exchange_sent))
        .route("/api/v1/{kind}/{record}/received/{number}", get(exchange_received))
        .route("/api/v1/{kind}/{record}/received/{number}/receipt", get(exchange_receipt))
        .route("/api/v1/{kind}/{record}/received/{number}/contents/{place}", get(exchange_content))
        .route("/api/v1/{kind}/{record}/{command}", axum::routing::post(change))
        .method_not_allowed_fallback(unknown_method)
        .with_state(api);
    Ok(match pages {
        Some(pages) => rest.route("/api/{*path}", any(unknown_path)).fallback_service(pages),
        None => rest.fallback(unknown_path),
    })
}

async fn description() -> Response {
    reply::json(StatusCode::OK, crate::openapi::document())
}

async fn unknown_path(headers: HeaderMap) -> Response {
    Problem::new("path-unknown", 404).into_response(language(&headers))
}

async fn unknown_method(headers: HeaderMap) -> Response {
    Problem::new("method-unknown", 405).into_response(language(&headers))
}

async fn me(State(api): Shared, request: Request<Body>) -> Response {
    api.read(request, read::me).await
}

async fn ledger_entries(State(api): Shared, Query(query): Address, request: Request<Body>) -> Response {
    api.read(request, move |session| read::entries(session, &Pairs::new(query, read::ENTRIES)?)).await
}

async fn ledger_verification(State(api): Shared, Query(query): Address, request: Request<Body>) -> Response {
    api.read(request, move |session| read::verify(session, &Pairs::new(query, read::VERIFY)?)).await
}

async fn ledger_refusals(State(api): Shared, Query(query): Address, request: Request<Body>) -> Response {
    api.read(request, move |session| read::refusals(session, &Pairs::new(query, read::REFUSALS)?)).await
}

async fn ledger_checkpoint(State(api): Shared, request: Request<Body>) -> Response {
    api.change(request, |session, _| read::checkpoint(session)).await
}

async fn control_status(State(api): Shared, Query(query): Address, request: Request<Body>) -> Response {
    api.read(request, move |session| read::control_status(session, &Pairs::new(query, read::STATUS)?)).await
}

async fn device_alarms(State(api): Shared, Query(query): Address, request: Request<Body>) -> Response {
    api.read(request, move |session| read::device_alarms(session, &Pairs::new(query, read::DEVICE_ALARMS)?))
        .await
}

async fn source_status(State(api): Shared, Query(query): Address, request: Request<Body>) -> Response {
    api.read(request, move |session| {
        Pairs::new(query, sources::NONE)?;
        sources::status(session)
    })
    .await
}

async fn source_calendar(State(api): Shared, Query(query): Address, request: Request<Body>) -> Response {
    api.read(request, move |session| sources::calendar(session, &Pairs::new(query, sources::MONTH)?)).await
}

async fn source_proposals(State(api): Shared, Query(query): Address, request: Request<Body>) -> Response {
    api.read(request, move |session| {
        Pairs::new(query, sources::NONE)?;
        sources::proposals(session)
    })
    .await
}

async fn collection(State(api): Shared, Query(query): Address, request: Request<Body>) -> Response {
    api.read(request, move |session| sources::collection(session, &Pairs::new(query, sources::MONTH)?)).await
}

async fn assessment_checks(State(api): Shared, Query(query): Address, request: Request<Body>) -> Response {
    api.read(request, move |session| assessments::checks(session, &Pairs::new(query, assessments::CHECKS)?))
        .await
}

async fn assessment_timing(State(api): Shared, Query(query): Address, request: Request<Body>) -> Response {
    api.read(request, move |session| assessments::timing(session, &Pairs::new(query, assessments::TIMING)?))
        .await
}

async fn document(State(api): Shared, Path(called): Path<String>, request: Request<Body>) -> Response {
    api.give(request, move |session, _| read::document(session, &called)).await
}

async fn agreement_print(
    State(api): Shared,
    Path((kind, called)): Path<(String, String)>,
    request: Request<Body>,
) -> Response {
    api.give(request, move |session, lang| {
        let agreement = session.only(&kind, Kind::Agreement, &called)?;
        give::paper(session, agreement, lang)
    })
    .await
}

async fn agreement_export(
    State(api): Shared,
    Path((kind, called)): Path<(String, String)>,
    request: Request<Body>,
) -> Response {
    api.give(request, move |session, _| {
        let agreement = session.only(&kind, Kind::Agreement, &called)?;
        give::export(session, agreement)
    })
    .await
}

async fn agreement_diff(
    State(api): Shared,
    Path((kind, called)): Path<(String, String)>,
    Query(query): Address,
    request: Request<Body>,
) -> Response {
    api.read(request, move |session| {
        let agreement = session.only(&kind, Kind::Agreement, &called)?;
        give::diff(session, agreement, &Pairs::new(query, give::DIFF)?)
    })
    .await
}

async fn exchange_card(State(api): Shared, Query(query): Address, request: Request<Body>) -> Response {
    api.read(request, move |session| give::card(session, &Pairs::new(query, give::CARD)?)).await
}

async fn exchange_card_file(State(api): Shared, Query(query): Address, request: Request<Body>) -> Response {
    api.give(request, move |session, _| give::card_file(session, &Pairs::new(query, give::CARD)?)).await
}

async fn exchange_sent(
    State(api): Shared,
    Path((kind, called, number)): Path<(String, String, String)>,
    request: Request<Body>,
) -> Response {
    api.give(request, move |session, _| {
        let partner = session.only(&kind, Kind::Exchange, &called)?;
        give::sent(session, partner, give::number(&number)?)
    })
    .await
}

async fn exchange_received(
    State(api): Shared,
    Path((kind, called, number)): Path<(String, String, String)>,
    request: Request<Body>,
) -> Response {
    api.read(request, move |session| {
        let partner = session.only(&kind, Kind::Exchange, &called)?;
        give::received(session, partner, give::number(&number)?)
    })
    .await
}

async fn exchange_receipt(
    State(api): Shared,
    Path((kind, called, number)): Path<(String, String, String)>,
    request: Request<Body>,
) -> Response {
    api.give(request, move |session, _| {
        let partner = session.only(&kind, Kind::Exchange, &called)?;
        give::receipt(session, partner, give::number(&number)?)
    })
    .await
}

async fn exchange_content(
    State(api): Shared,
    Path((kind, called, number, place)): Path<(String, String, String, String)>,
    request: Request<Body>,
) -> Response {
    api.give(request, move |session, _| {
        let partner = session.only(&kind, Kind::Exchange, &called)?;
        give::content(session, partner, give::number(&number)?, give::number(&place)?)
    })
    .await
}

async fn upload(State(api): Shared, Query(query): Address, request: Request<Body>) -> Response {
    let lang = language(request.headers());
    let answer = api.upload(query, request).await;
    answer.map_or_else(|problem| problem.into_response(lang), Reply::into_response)
}

async fn list(
    State(api): Shared,
    Path(kind): Path<String>,
    Query(query): Address,
    request: Request<Body>,
) -> Response {
    api.read(request, move |session| read::list(session, kind_of(&kind)?, &Pairs::new(query, read::LIST)?))
        .await
}

async fn record(
    State(api): Shared,
    Path((kind, called)): Path<(String, String)>,
    Query(query): Address,
    request: Request<Body>,
) -> Response {
    api.read(request, move |session| {
        let stream = session.find(kind_of(&kind)?, &called)?;
        read::record(session, stream, &Pairs::new(query, read::RECORD)?)
    })
    .await
}

async fn record_entries(
    State(api): Shared,
    Path((kind, called)): Path<(String, String)>,
    request: Request<Body>,
) -> Response {
    api.read(request, move |session| {
        let stream = session.find(kind_of(&kind)?, &called)?;
        read::entries_of(session, stream)
    })
    .await
}

async fn gate(
    State(api): Shared,
    Path((kind, called)): Path<(String, String)>,
    Query(query): Address,
    request: Request<Body>,
) -> Response {
    api.read(request, move |session| {
        // Only changes have one.
        let stream = session.only(&kind, Kind::Change, &called)?;
        read::gate(session, stream, &Pairs::new(query, read::GATE)?)
    })
    .await
}

async fn findings(
    State(api): Shared,
    Path((kind, called)): Path<(String, String)>,
    Query(query): Address,
    request: Request<Body>,
) -> Response {
    api.read(request, move |session| {
        let plan = session.only(&kind, Kind::AssessmentPlan, &called)?;
        assessments::findings_of(session, plan, &Pairs::new(query, assessments::FINDINGS)?)
    })
    .await
}

async fn begin(State(api): Shared, Path(kind): Path<String>, request: Request<Body>) -> Response {
    api.change(request, move |session, body| command(&kind, None)?.run(body, session, None)).await
}

async fn change(
    State(api): Shared,
    Path((kind, called, name)): Path<(String, String, String)>,
    request: Request<Body>,
) -> Response {
    api.change(request, move |session, body| command(&kind, Some(&name))?.run(body, session, Some(&called)))
        .await
}

fn kind_of(text: &str) -> Result<Kind, Problem> {
    text.parse().map_err(|_| Problem::new("path-unknown", 404))
}

fn command(kind: &str, name: Option<&str>) -> Result<&'static Listed, Problem> {
    let kind = kind_of(kind)?;
    let found = commands::all().iter().find(|command| command.kind == kind && command.name == name);
    found.ok_or_else(|| Problem::new("path-unknown", 404))
}

/// How large the body is said to be, in bytes.
fn announced_size(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Whether the body is said to be JSON; one that is said to be too large is refused before it is read.
fn announced(headers: &HeaderMap, limit: usize) -> Result<bool, Problem> {
    if announced_size(headers).is_some_and(|size| size > limit as u64) {
        return Err(Problem::too_large(limit as u64));
    }
    let media = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media = media.map(|text| text.split(';').next().unwrap_or_default().trim());
    Ok(media.is_some_and(|text| text.eq_ignore_ascii_case("application/json")))
}

impl Session<'_> {
    /// The record that a client means, under an address that only one kind of record has.
    fn only(&self, given: &str, kind: Kind, called: &str) -> Result<Stream, Problem> {
        if kind_of(given)? != kind {
            return Err(Problem::new("path-unknown", 404));
        }
        self.find(kind, called)
    }
}

impl Api {
    async fn read(
        self: Arc<Self>,
        request: Request<Body>,
        work: impl FnOnce(&mut Session<'_>) -> Result<Reply, Problem> + Send + 'static,
    ) -> Response {
        let lang = language(request.headers());
        let asked = Ask::of(request.headers());
        let answer = match asked {
            Ok(ask) => self.blocking(Ask { key: None, seen: None, ..ask }, None, work).await,
            Err(problem) => Err(problem),
        };
        answer.map_or_else(|problem| problem.into_response(lang), Reply::into_response)
    }

    /// Answers with a file.
    async fn give(
        self: Arc<Self>,
        request: Request<Body>,
        work: impl FnOnce(&mut Session<'_>, Lang) -> Result<Document, Problem> + Send + 'static,
    ) -> Response {
        let lang = language(request.headers());
        let opened = match Ask::of(request.headers()) {
            Ok(ask) => {
                let ask = Ask { key: None, seen: None, ..ask };
                self.blocking(ask, None, move |session| work(session, lang)).await
            }
            Err(problem) => Err(problem),
        };
        opened.map_or_else(|problem| problem.into_response(lang), Document::into_response)
    }

    async fn change(
        self: Arc<Self>,
        request: Request<Body>,
        work: impl FnOnce(&mut Session<'_>, &[u8]) -> Result<Reply, Problem> + Send + 'static,
    ) -> Response {
        let lang = language(request.headers());
        let answer = self.change_answer(request, work).await;
        answer.map_or_else(|problem| problem.into_response(lang), Reply::into_response)
    }

    async fn change_answer(
        self: Arc<Self>,
        request: Request<Body>,
        work: impl FnOnce(&mut Session<'_>, &[u8]) -> Result<Reply, Problem> + Send + 'static,
    ) -> Result<Reply, Problem> {
        let ask = Ask::of(request.headers())?;
        let address = request.uri().path().to_owned();
        let body = self.body(request).await?;
        let mut asked_for = address.into_bytes();
        asked_for.push(b'\n');
        asked_for.extend_from_slice(&body);
        let digest = Hash::of(&asked_for);
        self.blocking(ask, Some(digest), move |session| work(session, &body)).await
    }

    /// Takes a file in, from somebody whose token permits changes.
    async fn upload(
        self: Arc<Self>,
        query: Vec<(String, String)>,
        request: Request<Body>,
    ) -> Result<Reply, Problem> {
        let ask = Ask::of(request.headers())?;
        let query = Pairs::new(query, read::UPLOAD)?;
        let name = query.text("name").unwrap_or_default().to_owned();
        let limit = match (query.parsed("patch", false)?, query.parsed("sealed", false)?) {
            (false, false) => DOCUMENT_LIMIT,
            (true, false) => PATCH_LIMIT,
            (false, true) => sealed_limit(&exchange::Limits::default()),
            (true, true) => return Err(invalid("sealed", "true")),
        };
        let (tell, told) = tokio::sync::oneshot::channel();
        let permitted = Arc::clone(&self).blocking(ask, None, move |session| {
            session.uploads.clean(session.call.now);
            session.may_upload()?;
            // Nobody listens if the client left meanwhile.
            let _left = tell.send(session.who.person());
            Ok(Reply::new(Vec::new()))
        });
        permitted.await?;
        if announced_size(request.headers()).is_some_and(|size| size > limit) {
            return Err(Problem::too_large(limit));
        }
        let person = told.await.map_err(|error| Problem::internal(&error))?;
        let body = request.into_body();
        let upload = self.uploads.take(person, &name, body, limit, self.limits.receiving).await?;
        Ok(read::uploaded(&upload))
    }

    /// The body, as JSON within limits.
    async fn body(&self, request: Request<Body>) -> Result<Vec<u8>, Problem> {
        let limit = self.limits.body;
        let is_json = announced(request.headers(), limit)?;
        let received =
            tokio::time::timeout(self.limits.receiving, to_bytes(request.into_body(), limit)).await;
        let body = received.map_err(|_| Problem::new("too-slow", 408))?.map_err(|error| {
            let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            if cause.contains("length limit") {
                Problem::too_large(limit as u64)
            } else {
                Problem::new("body-incomplete", 400)
            }
        })?;
        if !body.is_empty() && !is_json {
            return Err(Problem::new("media-type", 415));
        }
        Ok(body.to_vec())
    }

    /// Does the work in a thread that may wait. It goes on to its end even if the client does not.
    async fn blocking<T: Send + 'static>(
        self: Arc<Self>,
        ask: Ask,
        digest: Option<Hash>,
        work: impl FnOnce(&mut Session<'_>) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let api = Arc::clone(&self);
        let at_work = self.place().await?;
        let done = tokio::task::spawn_blocking(move || {
            let _until_done = at_work;
            api.work(ask, digest, work)
        });
        let done = done.await;
        done.unwrap_or_else(|error| Err(Problem::internal(&error)))
    }

    /// A place to work, as soon as one is free. It belongs into the thread that works, which goes on when the client has left.
    pub(crate) async fn place(&self) -> Result<OwnedSemaphorePermit, Problem> {
        Arc::clone(&self.at_work).acquire_owned().await.map_err(|error| Problem::internal(&error))
    }

    fn work<T>(
        &self,
        ask: Ask,
        digest: Option<Hash>,
        work: impl FnOnce(&mut Session<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let now = clock::now();
        let done = self.pool.with(|records| {
            let who = records.enter(&ask.token, now).map_err(|error| Problem::of(error, None, false))?;
            let call = Call { now, once: ask.key.zip(digest), seen: ask.seen };
            work(&mut Session { records, who, call, uploads: &self.uploads, network: &self.network })
        });
        done.unwrap_or_else(|error| Err(Problem::of(error, None, false)))
    }
}
