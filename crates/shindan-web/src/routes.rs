//! Every address of the pages.

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::routing::{get, post};
use shindan_server::desk::Desk;

use crate::assets;
use crate::pages::{account, area, form, list, login, record, search, today, trouble};
use crate::pages::{assessments, bundles, crosswalk, ledger, reports, settings, sources, work};
use crate::visit::{Asked, Options, Web};

/// The router of the pages.
pub fn router(desk: Desk, options: Options) -> Router {
    let web = Web { desk, options, jobs: crate::jobs::Jobs::default() };
    Router::new()
        .route(
            "/assets/{version}/{name}",
            get(|Path((_, name)): Path<(String, String)>| async move { assets::asset(&name) }),
        )
        .route("/language", axum::routing::post(account::language))
        .route("/theme", axum::routing::post(account::theme))
        .route("/login", get(login::show).post(login::enter))
        .route("/logout", axum::routing::post(login::leave))
        .route("/invitation", get(login::invitation).post(login::redeem))
        .route("/account", get(account::show))
        .route("/account/password", axum::routing::post(account::password))
        .route("/account/sessions", axum::routing::post(account::end))
        .route("/account/totp/begin", axum::routing::post(account::begin_totp))
        .route("/account/totp", axum::routing::post(account::confirm_totp))
        .route("/account/totp/remove", axum::routing::post(account::remove_totp))
        .route("/account/recovery", axum::routing::post(account::recovery))
        .route("/people/{called}/invitation", axum::routing::post(account::invite))
        .route("/", get(today::show))
        .route("/search", get(search::show))
        .route("/cases", get(list::cases))
        .route("/assets", get(list::assets))
        .route("/evidence", get(crosswalk::show))
        .route("/settings", get(settings::show))
        .route("/vulnerabilities", get(area::vulnerabilities))
        .route("/records/{kind}", get(list::show))
        .route("/records/{kind}/new", get(form::new).post(form::begin))
        .route("/records/{kind}/{called}/do/{command}", get(form::step).post(form::take_step))
        .route("/tasks", get(area::tasks))
        .route("/tasks/{name}", get(form::task).post(form::do_task))
        .route("/records/{kind}/{called}", get(record::show))
        // ---- evidence, sources, ledger, reports, settings
        .route("/sources", get(sources::show))
        .route("/sources/look", post(sources::look))
        .route("/sources/propose", post(sources::propose))
        .route("/sources/bundles", get(bundles::show))
        .route("/sources/bundles/export", post(bundles::export))
        .route("/sources/bundles/look", post(bundles::look))
        .route("/sources/bundles/import", post(bundles::import))
        .route("/work/{name}", get(work::show))
        .route("/work/{name}/file", get(work::file))
        .route("/ledger", get(ledger::show))
        .route("/ledger/refusals", get(ledger::refusals))
        .route("/ledger/verification", get(ledger::verification))
        .route("/ledger/checkpoints", post(ledger::checkpoint))
        .route("/ledger/{sequence}", get(ledger::entry))
        .route("/documents/{sha256}", get(ledger::document))
        .route("/reports", get(reports::show))
        .route("/reports/file", get(reports::file))
        .route("/settings/roles", get(settings::roles))
        .route("/settings/card", get(settings::card))
        .route("/settings/backup", post(settings::backup))
        .route("/assessments", get(assessments::show))
        .fallback(unknown)
        .with_state(web)
}

async fn unknown(State(_): State<Web>, request: Request) -> axum::response::Response {
    let (parts, _) = request.into_parts();
    trouble::page(&shindan_server::problem::Problem::new("path-unknown", 404), &Asked::of(&parts))
}
