//! Every address of the pages.

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::routing::{get, post};
use shindan_server::desk::Desk;

use crate::asked::Asked;
use crate::pages::assets as assets_of;
use crate::pages::{
    account, area, assessments, bundles, confirmation, crosswalk, figures, form, ledger, list, login,
    preferences, record, reports, search, settings, setup, sources, switch, system, today, trouble,
    vulnerability, work,
};
use crate::visit::{CaseHistory, Options, Web};
use crate::{ahead, assets};

/// The router of the pages.
pub fn router(desk: Desk, options: Options) -> Router {
    let history = CaseHistory::default();
    ahead::read(&history, desk.folder().clone());
    let web = Web { desk, options, history, jobs: crate::jobs::Jobs::default() };
    let pages = people(Router::new())
        .route(
            "/assets/{version}/{name}",
            get(|Path((_, name)): Path<(String, String)>| async move { assets::asset(&name) }),
        )
        .route("/setup", get(setup::before::language))
        .route("/setup/organisation", get(setup::before::organisation).post(setup::before::keep_organisation))
        .route("/setup/administrator", get(setup::before::administrator).post(setup::before::set_up))
        .route("/setup/keys", get(setup::after::keys).post(setup::after::make_card))
        .route("/setup/card", get(setup::after::card_file))
        .route("/setup/network", get(setup::after::network).post(setup::after::add_sources))
        .route("/setup/next", get(setup::after::next))
        .route("/", get(today::show))
        .route("/search", get(search::show))
        .route("/cases", get(list::cases))
        .route("/assets", get(assets_of::list::show))
        .route("/assets/import", get(assets_of::import::show).post(assets_of::import::take))
        .route("/assets/import/file/{hash}", get(assets_of::import::look).post(assets_of::import::confirm))
        .route("/assets/import/past", get(assets_of::past::show))
        .route("/assets/import/past/{number}", get(assets_of::past::one))
        .route("/assets/import/undo", post(assets_of::past::undo))
        .route("/assets/{key}", get(assets_of::one::show))
        .route("/assets/{key}/remove", post(assets_of::one::remove))
        .route("/evidence", get(crosswalk::show))
        .route("/settings", get(settings::show))
        .route("/vulnerabilities", get(vulnerability::list))
        .route("/vulnerabilities/{id}", get(vulnerability::show))
        .route("/figures", get(figures::show))
        .route("/records/{kind}", get(list::show))
        .route("/records/{kind}/new", get(form::new).post(form::begin))
        .route("/records/{kind}/{called}/do/{command}", get(form::step).post(form::take_step))
        .route("/tasks", get(area::tasks))
        .route("/tasks/{name}", get(form::task).post(form::do_task))
        .route("/records/{kind}/{called}", get(record::show))
        .route("/records/system/{called}/lists", post(system::add))
        .route("/records/system/{called}/lists/release", post(system::release))
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
        .route("/confirmations", get(confirmation::show));
    pages
        .fallback(unknown)
        .layer(axum::middleware::from_fn_with_state(web.clone(), setup::door::guard))
        .with_state(web)
}

/// Log-in, and what a person settles for themselves.
fn people(router: Router<Web>) -> Router<Web> {
    router
        .route("/language", post(account::language))
        .route("/theme", post(account::theme))
        .route("/system", post(switch::choose))
        .route("/calendar", post(preferences::calendar))
        .route("/columns", post(preferences::columns))
        .route("/login", get(login::show).post(login::enter))
        .route("/logout", post(login::leave))
        .route("/invitation", get(login::invitation).post(login::redeem))
        .route("/account", get(account::show))
        .route("/account/password", post(account::password))
        .route("/account/sessions", post(account::end))
        .route("/account/totp/begin", post(account::begin_totp))
        .route("/account/totp", post(account::confirm_totp))
        .route("/account/totp/remove", post(account::remove_totp))
        .route("/account/recovery", post(account::recovery))
        .route("/people/{called}/invitation", post(account::invite))
}

async fn unknown(State(_): State<Web>, request: Request) -> axum::response::Response {
    let (parts, _) = request.into_parts();
    trouble::page(&shindan_server::problem::Problem::new("path-unknown", 404), &Asked::of(&parts))
}
