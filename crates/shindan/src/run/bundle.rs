//! `bundle`: what was collected goes into closed networks, and comes there.

use std::path::Path;

use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::records::collect::bundles::{
    self, BundleGiven, BundleMade, BundleManifest, BundleOrder, BundleSource, BundleTaken,
};
use shindan_app::records::{Call, RecordsError};
use shindan_domain::collect::CheckResult;
use shindan_domain::ledger::Kind;
use shindan_domain::people::Action;
use shindan_domain::record_id::SourceId;
use shindan_report::bundle::{
    BundleImported, BundleLine, BundlePage, BundleVerdict, bundle, bundle_import, bundle_import_json,
    bundle_json,
};
use shindan_report::collect::SyncedLine;

use super::acting::{Session, enter, fail, print};
use super::following::after_build;
use crate::cli::TableOrJson;
use crate::cli::bundle::{BundleCommand, BundleFileArguments, ExportBundleArguments, ImportBundleArguments};
use crate::exit::Exit;
use crate::output::{Face, say};
use crate::progress::Bar;

/// Runs a verb of `bundle`.
pub fn run(command: BundleCommand, face: &Face) -> Exit {
    match command {
        BundleCommand::Export(arguments) => export(&arguments, face),
        BundleCommand::Import(arguments) => import(&arguments, face),
        BundleCommand::Show(arguments) => look(&arguments, face, |session, file| {
            let manifest = bundles::head(&session.records, &session.who, file, clock::now())?;
            Ok((manifest, None))
        }),
        BundleCommand::Verify(arguments) => look(&arguments, face, |session, file| {
            let looked = bundles::examine(&session.records, &session.who, file, clock::now())?;
            Ok((looked.manifest, Some((looked.refused, looked.expired))))
        }),
    }
}

fn export(arguments: &ExportBundleArguments, face: &Face) -> Exit {
    let format = arguments.reading.format;
    let made =
        enter(&arguments.reading, face).and_then(|mut session| exported(&mut session, arguments, face));
    let made = match made {
        Ok(made) => made,
        Err(error) => return fail(&error, None, format, face),
    };
    let path = arguments.output.display().to_string();
    let page = page(&made.manifest);
    let printed = print(face, |out| match format {
        TableOrJson::Table => out.write_all(bundle(&page, None, &face.words, &face.style(None)).as_bytes()),
        TableOrJson::Json => writeln!(out, "{}", bundle_json(&page, None, Some(&path))),
    });
    let values = [("path", path.as_str().into()), ("bytes", made.bytes.into())];
    say!("{}", face.words.get("cli-bundle-written", &values));
    printed
}

fn exported(
    session: &mut Session,
    arguments: &ExportBundleArguments,
    face: &Face,
) -> Result<BundleMade, RecordsError> {
    let named = arguments.leave_out.iter().map(|source| session.id(Kind::Source, source).map(SourceId));
    let order = BundleOrder {
        out: arguments.output.clone(),
        since: arguments.since,
        leave_out: named.collect::<Result<_, _>>()?,
        days: arguments.days,
        name: arguments.name.clone(),
    };
    let folder = DataFolder::new(&arguments.reading.data.data_dir);
    let bar = Bar::new(&face.words);
    let call = Call::at(clock::now());
    bundles::export(&mut session.records, (&session.who, &call), &folder, &order, &bar)
}

fn import(arguments: &ImportBundleArguments, face: &Face) -> Exit {
    let format = arguments.reading.format;
    let mut session = match enter(&arguments.reading, face) {
        Ok(session) => session,
        Err(error) => return fail(&error, None, format, face),
    };
    let given =
        BundleGiven { file: arguments.file.clone(), expired_because: arguments.accept_expired.clone() };
    let folder = DataFolder::new(&arguments.reading.data.data_dir);
    let bar = Bar::new(&face.words);
    let call = Call::at(clock::now());
    match bundles::import(&mut session.records, (&session.who, &call), &folder, &given, &bar) {
        Ok(taken) => {
            let told = tell(&taken, format, face);
            told.and(cases_follow(&mut session, taken.built.is_some(), format, face))
        }
        Err(error) => fail(&error, Some(&session.records), format, face),
    }
}

/// Cases follow what the knowledge base holds now. An approver who took an expired bundle in may not be one who may do that.
fn cases_follow(session: &mut Session, built: bool, format: TableOrJson, face: &Face) -> Exit {
    if !built {
        return Exit::Done;
    }
    if session.who.permit(Action::Operate).is_err() {
        say!("{}", face.words.t("cli-bundle-cases-not-followed"));
        return Exit::Done;
    }
    after_build(session, format, face)
}

/// What came; a source that the bundle does not bring, or brings as failed, makes the answer incomplete.
fn tell(taken: &BundleTaken, format: TableOrJson, face: &Face) -> Exit {
    let line = |one: &'_ shindan_app::records::collect::sync::Synced| one.outcome.result();
    let sources = taken.sources.iter().map(|one| SyncedLine {
        id: one.source,
        name: &one.name,
        check: one.check.as_deref(),
        outcome: &one.outcome,
        alarms: &one.alarms,
    });
    let imported = BundleImported {
        page: page(&taken.manifest),
        expired: taken.expired,
        added: &taken.added,
        passed_over: &taken.passed_over,
        sources: sources.collect(),
        rebuilt: taken.built.is_some(),
    };
    let printed = print(face, |out| match format {
        TableOrJson::Table => {
            out.write_all(bundle_import(&imported, &face.words, &face.style(None)).as_bytes())
        }
        TableOrJson::Json => writeln!(out, "{}", bundle_import_json(&imported)),
    });
    for one in &taken.sources {
        for alarm in &one.alarms {
            let text = face.words.reason(&alarm.reason());
            say!("{}: {}: {text}", face.words.t("cli-warning"), one.name);
        }
    }
    let mut incomplete = taken.sources.iter().any(|one| line(one) == CheckResult::Failed);
    if let Some(built) = &taken.built {
        face.tell(&built.diagnostics);
        incomplete |= built.anything_unreadable();
    }
    if incomplete { printed.and(Exit::Unreadable) } else { printed }
}

/// Why it would be refused, and why an approver would have to give a reason; `None`: it was not judged.
type Judged = Option<(Option<shindan_domain::process::Reason>, Option<shindan_domain::process::Reason>)>;

fn look(
    arguments: &BundleFileArguments,
    face: &Face,
    at: impl FnOnce(&Session, &Path) -> Result<(BundleManifest, Judged), RecordsError>,
) -> Exit {
    let format = arguments.reading.format;
    let looked = enter(&arguments.reading, face).and_then(|session| at(&session, &arguments.file));
    let (manifest, judged) = match looked {
        Ok(looked) => looked,
        Err(error) => return fail(&error, None, format, face),
    };
    let verdict = judged.as_ref().map(|(refused, expired)| match (refused, expired) {
        (Some(reason), _) => BundleVerdict::Refused(reason),
        (None, Some(reason)) => BundleVerdict::NeedsPerson(reason),
        (None, None) => BundleVerdict::Accepted,
    });
    let page = page(&manifest);
    let printed = print(face, |out| match format {
        TableOrJson::Table => {
            out.write_all(bundle(&page, verdict, &face.words, &face.style(None)).as_bytes())
        }
        TableOrJson::Json => writeln!(out, "{}", bundle_json(&page, verdict, None)),
    });
    match verdict {
        None | Some(BundleVerdict::Accepted) => printed,
        Some(_) => Exit::Refused.and(printed),
    }
}

fn page(manifest: &BundleManifest) -> BundlePage<'_> {
    BundlePage {
        party: &manifest.sender.party,
        installation: manifest.sender.installation,
        key: &manifest.sender.key,
        sequence: manifest.sequence,
        since: manifest.since.map(|since| since.sequence),
        created: manifest.created,
        expires: manifest.expires,
        files: manifest.files.len() as u64,
        bytes: manifest.files.iter().map(|file| file.size).sum(),
        unchanged: manifest.unchanged.len() as u64,
        sources: manifest.sources.iter().map(|source| source_line(manifest, source)).collect(),
    }
}

fn source_line<'m>(manifest: &'m BundleManifest, source: &'m BundleSource) -> BundleLine<'m> {
    BundleLine {
        name: &source.name,
        title: &source.title,
        kind: source.kind,
        licence: source.licence.as_deref(),
        left_out: source.left_out.is_some(),
        stale: source.stale,
        last: source.last_check.map(|last| (last.at, last.result, last.failure)),
        last_good: source.last_good,
        files: manifest.whole(&source.name).count() as u64,
    }
}
