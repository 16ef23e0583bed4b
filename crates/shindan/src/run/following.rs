//! What follows a change of knowledge: cases of every subject, told in a few lines or as an answer of its own.

use shindan_app::clock;
use shindan_app::records::refresh::{AfterChange, after_knowledge_change, refresh_all};
use shindan_app::records::{Call, RecordsError};
use shindan_report::portfolio::{Followed, followed, summary, write_followed};

use super::acting::{Session, error_text, fail, print};
use crate::cli::TableOrJson;
use crate::exit::Exit;
use crate::output::{Face, say};
use crate::progress::Bar;

/// `case refresh --all` and `case refresh --changed`.
pub fn refresh(session: &mut Session, call: &Call, all: bool, format: TableOrJson, face: &Face) -> Exit {
    let after = match follow(session, call, all, face) {
        Ok(after) => after,
        Err(error) => return fail(&error, Some(&session.records), format, face),
    };
    let shown = shown(&after, face);
    let written = print(face, |out| match format {
        TableOrJson::Json => write_followed(out, &shown).map_err(Into::into),
        TableOrJson::Table => out.write_all(followed(&shown, &face.words, &face.style(None)).as_bytes()),
    });
    written.and(exit(&after))
}

/// After the knowledge base was built anew: the cases follow, and a few lines on standard error say what became of them. Nothing is
/// told where nothing is compared or kept yet.
pub fn after_build(session: &mut Session, format: TableOrJson, face: &Face) -> Exit {
    match follow(session, &Call::at(clock::now()), false, face) {
        Ok(after) if after.is_empty() => Exit::Done,
        Ok(after) => {
            say!("{}", summary(&shown(&after, face), &face.words).trim_end());
            exit(&after)
        }
        Err(error) => fail(&error, Some(&session.records), format, face),
    }
}

fn follow(session: &mut Session, call: &Call, all: bool, face: &Face) -> Result<AfterChange, RecordsError> {
    let bar = Bar::new(&face.words);
    let work = if all { refresh_all } else { after_knowledge_change };
    work(&mut session.records, &session.who, call, &bar)
}

fn shown<'a>(after: &'a AfterChange, face: &Face) -> Followed<'a> {
    Followed {
        changed_keys: after.renewed.changed_keys,
        components: after.renewed.components(),
        refreshed: &after.refreshed,
        unchanged: after.unchanged.iter().map(|one| one.called.as_deref()).collect(),
        failed: after
            .failed
            .iter()
            .map(|one| (one.called.as_deref(), error_text(&one.error, face)))
            .collect(),
    }
}

/// A subject that was not compared, or not completely, makes the answer incomplete.
fn exit(after: &AfterChange) -> Exit {
    let incomplete = !after.failed.is_empty() || after.refreshed.iter().any(|one| one.unreadable > 0);
    if incomplete { Exit::Unreadable } else { Exit::Done }
}
