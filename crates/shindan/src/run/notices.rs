//! `notice list | show | judge`

use std::collections::BTreeSet;

use shindan_app::records::RecordsError;
use shindan_app::records::collect;
use shindan_domain::collect::Concerns;
use shindan_domain::ledger::Kind;
use shindan_domain::record_id::{CaseId, NoticeId};
use uuid::Uuid;

use super::acting::{list, show};
use super::step::{Given, on};
use crate::cli::sources::{JudgeNoticeArguments, NoticeCommand};
use crate::exit::Exit;
use crate::output::Face;

const NOTICE: (Kind, fn(Uuid) -> NoticeId) = (Kind::Notice, NoticeId);

/// Runs a verb of `notice`.
pub fn run(command: NoticeCommand, face: &Face) -> Exit {
    let request = format!("{command:?}");
    match command {
        NoticeCommand::List(arguments) => list(Kind::Notice, &arguments, face),
        NoticeCommand::Show(arguments) => show(Kind::Notice, &arguments, face),
        NoticeCommand::Judge(arguments) => judge(&arguments, &request, face),
    }
}

fn judge(arguments: &JudgeNoticeArguments, request: &str, face: &Face) -> Exit {
    on(NOTICE, &arguments.record, Given { request, acting: &arguments.acting }, face, |s, call, id| {
        // The command line asks for exactly one of the two.
        let concerns = if arguments.us { Concerns::Us } else { Concerns::NotUs };
        let found = arguments.cases.iter().map(|case| s.id(Kind::Case, case).map(CaseId));
        let cases: BTreeSet<CaseId> = found.collect::<Result<_, RecordsError>>()?;
        collect::judge(&mut s.records, &s.who, call, id, (concerns, arguments.because.clone(), cases))
    })
}
