//! Use cases on inquiries: ask the provider, take the answers in, chase, judge (SPEC.md section 4, ④-1).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use shindan_domain::case::settle::{Alternative as CaseAlternative, AlternativeSource};
use shindan_domain::case::{Case, Subject};
use shindan_domain::evidence::Document;
use shindan_domain::inquiry::{Answer, Inquiry, InquiryDraft, Question, Way};
use shindan_domain::ledger::{Hash, Kind, Stream};
use shindan_domain::organisation::{Deployment, MasterData};
use shindan_domain::people::Action;
use shindan_domain::process::{Label, Occurrence, Reason, ReasonCode, Refusal};
use shindan_domain::record_id::{CaseId, InquiryId, PartyId, SystemId};
use shindan_report::Words;
use shindan_report::excel::inquiry::{FormRow, InquiryForm, columns, inquiry_form};

use super::inquiry_form::{Filled, FilledRow, answered_by_cell, read};
use super::organisation::needed;
use super::rollouts::agree;
use super::step::nothing;
use super::words_given::Pinned;
use super::{Act, Call, Done, Entered, Records, RecordsError};

/// What is asked, of whom, about which cases.
#[derive(Debug, Clone)]
pub struct InquiryOrder {
    /// The cases; one inquiry for each.
    pub cases: Vec<CaseId>,
    /// The system, where the case is not about one.
    pub system: Option<SystemId>,
    /// Who is asked.
    pub provider: PartyId,
    /// Until when an answer is expected, a day in Japan.
    pub due: Date,
    /// Further questions; each is asked about every case.
    pub further: Vec<String>,
    /// What was said besides.
    pub note: String,
}

/// How it is sent.
#[derive(Debug, Clone)]
pub enum SentBy {
    /// As a form in the language of these words.
    Form(Words),
    /// As a form that is signed by this installation.
    SignedForm(Words),
    /// In another way, with what was sent.
    Otherwise(Way, Option<PathBuf>),
}

/// Asks the provider: an inquiry for each case, drafted and sent in one act. With [`SentBy::Form`] all of them stand in one
/// workbook, which is kept; [`form_of`] gives it.
///
/// # Errors
/// Refused for a day that is not in the future, and where no system is known.
pub fn send(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    order: &InquiryOrder,
    sent_by: SentBy,
) -> Result<Done, RecordsError> {
    records.act(who, call, Action::Operate, None, |act| {
        let mut drafted = Vec::new();
        for case in &order.cases {
            drafted.push(draft(act, *case, order)?);
        }
        let Some((first, _)) = drafted.first() else {
            let reason = Reason::new(ReasonCode::TextMissing).with("field", Label::Cases.as_str());
            return Err(RecordsError::refused(None, reason.into()));
        };
        let main = Stream::new(Kind::Inquiry, *first);
        let (way, document) = match sent_by {
            SentBy::Form(words) => (Way::Spreadsheet, Some(form(act, &drafted, order, &words)?)),
            SentBy::SignedForm(words) => (Way::SignedFile, Some(form(act, &drafted, order, &words)?)),
            SentBy::Otherwise(way, file) => {
                let at = act.occurrence.at;
                (way, file.map(|path| act.records().take_in(&path, at)).transpose()?)
            }
        };
        for (id, _) in &drafted {
            let (document, note) = (document.clone(), order.note.clone());
            act.change::<Inquiry>(*id, |state, by| {
                Ok(vec![state.send(way, order.due, document, note, by)?])
            })?;
        }
        Ok(main)
    })
}

fn draft(
    act: &mut Act<'_>,
    case: CaseId,
    order: &InquiryOrder,
) -> Result<(InquiryId, Inquiry), RecordsError> {
    let state: Case = act.state(case)?;
    let system = match (order.system, state.subject) {
        (Some(system), _) | (None, Subject::System(system)) => Some(system),
        (None, Subject::Deployment(id)) => act.state::<MasterData<Deployment>>(id)?.particulars.system,
        (None, Subject::Release(_) | Subject::Register) => None,
    };
    let system = needed(system, Label::System)?;
    let title = state.title();
    let vulnerabilities: Vec<String> = state.vulnerabilities.keys().cloned().collect();
    let texts = std::iter::once(String::new()).chain(order.further.iter().cloned());
    let questions = (1..).zip(texts).map(|(key, text): (u32, String)| Question {
        key: key.to_string(),
        vulnerabilities: vulnerabilities.clone(),
        subject: title.clone(),
        text,
    });
    let questions = questions.collect();
    let draft = InquiryDraft { case, system, provider: order.provider, title, questions };
    let event = Inquiry::draft(draft).map_err(|refusal| RecordsError::refused(None, refusal))?;
    let id = InquiryId(act.new_id()?);
    let state = act.begin::<Inquiry>(id, &[event], true)?;
    Ok((id, state))
}

fn form(
    act: &Act<'_>,
    drafted: &[(InquiryId, Inquiry)],
    order: &InquiryOrder,
    words: &Words,
) -> Result<Document, RecordsError> {
    let records = act.records();
    let name = |stream: Stream| records.called(stream).unwrap_or_else(|| stream.id.to_string());
    let mut rows = Vec::new();
    for (id, inquiry) in drafted {
        let draft = &inquiry.draft;
        rows.extend(draft.questions.iter().map(|question| FormRow {
            inquiry: id.to_string(),
            key: question.key.clone(),
            case: name(Stream::new(Kind::Case, draft.case)),
            system: name(Stream::new(Kind::System, draft.system)),
            subject: question.subject.clone(),
            vulnerabilities: question.vulnerabilities.clone(),
            question: question.text.clone(),
        }));
    }
    let asked = drafted.iter().map(|(id, inquiry)| (*id, inquiry));
    let form = InquiryForm {
        provider: name(Stream::new(Kind::Party, order.provider)),
        due: order.due,
        made: act.occurrence.at,
        rows,
        digest: digest(asked),
    };
    let bytes = inquiry_form(&form, words).map_err(RecordsError::stored)?;
    let day = shindan_domain::calendar::day(act.occurrence.at);
    records.take_in_bytes(&bytes, &format!("inquiry-{day}.xlsx"), act.occurrence.at)
}

/// SHA-256 of what is asked, in hexadecimal: every question of every inquiry, in order.
fn digest<'a>(asked: impl Iterator<Item = (InquiryId, &'a Inquiry)>) -> String {
    let mut text = String::new();
    for (id, inquiry) in asked {
        for question in &inquiry.draft.questions {
            let vulnerabilities = question.vulnerabilities.join(" ");
            for part in [&id.to_string(), &question.key, &question.subject, &vulnerabilities, &question.text]
            {
                text.push_str(part);
                text.push('\u{1f}');
            }
        }
    }
    Hash::of(text.as_bytes()).to_string()
}

/// The form that was sent, as it was sent, with its name.
///
/// # Errors
/// Refused if the person may not read, or nothing was sent as a file; a damaged document is told.
pub fn form_of(
    records: &Records,
    who: &Entered,
    inquiry: InquiryId,
) -> Result<(String, Vec<u8>), RecordsError> {
    let stream = Stream::new(Kind::Inquiry, inquiry);
    let refused = |refusal| RecordsError::refused(Some(stream), refusal);
    who.permit(Action::Read).map_err(refused)?;
    let state: Inquiry = records.existing(inquiry)?;
    let sendings = state.correspondence().map(|correspondence| correspondence.sendings.as_slice());
    let document = sendings.and_then(|sendings| sendings.first()?.document.clone());
    let document = document.ok_or_else(|| refused(Refusal::new(ReasonCode::DocumentMissing)))?;
    let mut bytes = Vec::new();
    let mut file = records.store().open_document(&document.sha256)?;
    file.read_to_end(&mut bytes)
        .map_err(|error| RecordsError::unreadable(Path::new(&document.name), &error))?;
    Ok((document.name, bytes))
}

/// A provider's signature over a form.
#[derive(Debug, Clone)]
pub struct SignedBy {
    /// The detached signature.
    pub signature: PathBuf,
    /// The provider's key; it counts only if its fingerprint is pinned.
    pub key: PathBuf,
}

/// Takes answers in from a form that was filled in. All rows are looked at before anything is written; what is wrong is told
/// cell by cell. Questions that were left blank stay open.
///
/// # Errors
/// [`ReasonCode::AnswersDefective`] with every cell; [`ReasonCode::FormNotOurs`], [`ReasonCode::FormRowChanged`].
pub fn import(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    file: &Path,
    signed: Option<&SignedBy>,
) -> Result<Done, RecordsError> {
    records.act(who, call, Action::Operate, None, |act| {
        let filled = read(&bytes_of(file)?, file)?;
        let mut asked: BTreeMap<InquiryId, Inquiry> = BTreeMap::new();
        let mut order = Vec::new();
        for row in &filled.rows {
            if let Entry::Vacant(place) = asked.entry(row.inquiry) {
                place.insert(act.state(row.inquiry)?);
                order.push(row.inquiry);
            }
        }
        let in_order = order.iter().filter_map(|id| Some((*id, asked.get(id)?)));
        if digest(in_order) != filled.digest {
            return Err(RecordsError::refused(None, Refusal::new(ReasonCode::FormNotOurs)));
        }
        let (way, document) = taken_in(act, file, signed, asked.values().next())?;
        let answers = answers(&filled, &asked, &document, &act.occurrence)?;
        let mut main = None;
        for (id, answers) in answers {
            let by = filled.answered_by.clone();
            let document = Some(document.clone());
            act.change::<Inquiry>(id, |state, at| Ok(vec![state.answer(by, way, document, answers, at)?]))?;
            main.get_or_insert(Stream::new(Kind::Inquiry, id));
        }
        main.ok_or_else(|| RecordsError::refused(None, Refusal::new(ReasonCode::AnswersMissing)))
    })
}

/// The largest form that is read, in bytes.
const FORM_LIMIT: u64 = 64 << 20;

fn bytes_of(file: &Path) -> Result<Vec<u8>, RecordsError> {
    let unreadable = |error: std::io::Error| RecordsError::unreadable(file, &error);
    let mut bytes = Vec::new();
    File::open(file).map_err(unreadable)?.take(FORM_LIMIT).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

fn taken_in(
    act: &Act<'_>,
    file: &Path,
    signed: Option<&SignedBy>,
    inquiry: Option<&Inquiry>,
) -> Result<(Way, Document), RecordsError> {
    let at = act.occurrence.at;
    match (signed, inquiry) {
        (Some(SignedBy { signature, key }), Some(inquiry)) => {
            let provider = Pinned { party: inquiry.draft.provider, not_by: None };
            let (document, _) = act.records().take_in_signed(file, signature, key, provider, at)?;
            Ok((Way::SignedFile, document))
        }
        _ => Ok((Way::Spreadsheet, act.records().take_in(file, at)?)),
    }
}

/// The answers by inquiry.
fn answers(
    filled: &Filled,
    asked: &BTreeMap<InquiryId, Inquiry>,
    document: &Document,
    by: &Occurrence,
) -> Result<BTreeMap<InquiryId, Vec<Answer>>, RecordsError> {
    let mut wrong = Vec::new();
    if filled.answered_by.is_empty() {
        wrong.push(Reason::new(ReasonCode::FormCellMissing).with("cell", answered_by_cell()));
    }
    let mut answers: BTreeMap<InquiryId, Vec<Answer>> = BTreeMap::new();
    for row in filled.rows.iter().filter(|row| !row.is_blank()) {
        let Some(inquiry) = asked.get(&row.inquiry) else { continue };
        if is_changed(row, inquiry) {
            let reason = Reason::new(ReasonCode::FormRowChanged).with("cell", row.cell(columns::SUBJECT));
            wrong.push(reason.with("question", &row.key));
            continue;
        }
        match row.answer(document) {
            Err(reasons) => wrong.extend(reasons),
            Ok(answer) => {
                let defects = inquiry.defects(std::slice::from_ref(&answer), by);
                wrong.extend(defects.into_iter().map(|reason| at_cell(row, reason)));
                answers.entry(row.inquiry).or_default().push(answer);
            }
        }
    }
    if wrong.is_empty() {
        return Ok(answers);
    }
    let refusal = Refusal::new(ReasonCode::AnswersDefective).missing(wrong);
    Err(RecordsError::refused(None, refusal))
}

/// Whether what a row shows is not what was asked.
fn is_changed(row: &FilledRow, inquiry: &Inquiry) -> bool {
    let asked = inquiry.draft.questions.iter().find(|question| question.key == row.key);
    asked.is_none_or(|question| {
        let text = question.text.trim();
        row.text(columns::SUBJECT) != question.subject.trim()
            || (!text.is_empty() && row.text(columns::QUESTION) != text)
    })
}

/// What is wrong with an answer, with the cell where it is to be mended.
fn at_cell(row: &FilledRow, reason: Reason) -> Reason {
    let column = match reason.code {
        ReasonCode::AlternativeMissing => columns::ALTERNATIVE,
        ReasonCode::AnswerContradictory => columns::MAY_PATCH,
        ReasonCode::NextAnswerMissing => columns::NEXT,
        ReasonCode::DateNotInFuture => return row.wrong_day(columns::ALTERNATIVE_UNTIL),
        _ => columns::REMARKS,
    };
    let question = format!("{} ({})", row.key, row.cell(column));
    reason.with("question", question).with("cell", row.cell(column))
}

/// An answer that came in another way than by a form.
#[derive(Debug, Clone)]
pub struct AnswerGiven {
    /// Who answered at the provider: a department or function.
    pub answered_by: String,
    /// How it came.
    pub way: Way,
    /// The reply itself; only a telephone call or a meeting leaves none.
    pub file: Option<PathBuf>,
    /// The answers.
    pub answers: Vec<Answer>,
}

/// Records answers by hand.
///
/// # Errors
/// [`ReasonCode::AnswersDefective`] with everything that they lack.
pub fn answer(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    inquiry: InquiryId,
    given: AnswerGiven,
) -> Result<Done, RecordsError> {
    let AnswerGiven { answered_by, way, file, answers } = given;
    records.step::<Inquiry, _>(
        who,
        call,
        Action::Operate,
        inquiry,
        |records, by| file.map(|path| records.take_in(&path, by.at)).transpose(),
        |state, document, by| state.answer(answered_by, way, document, answers, by),
    )
}

/// Reminds the provider.
///
/// # Errors
/// Refused unless an answer is outstanding.
pub fn chase(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    inquiry: InquiryId,
    (way, due): (Way, Date),
    note: String,
) -> Result<Done, RecordsError> {
    records.step::<Inquiry, _>(who, call, Action::Operate, inquiry, nothing, |state, (), by| {
        state.chase(way, due, note, by)
    })
}

/// Judges that the answers are enough. An alternative that the provider offers becomes the agreed one, and the case goes back
/// to its decision with it, in the same act.
///
/// # Errors
/// Refused while a question is not answered, and for a case that is confirmed, accepted or closed.
pub fn judge(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    inquiry: InquiryId,
    text: String,
) -> Result<Done, RecordsError> {
    let stream = Stream::new(Kind::Inquiry, inquiry);
    records.act(who, call, Action::Manage, Some(stream), |act| {
        let state = act.change::<Inquiry>(inquiry, |state, _| Ok(vec![state.judge(text)?]))?;
        let offered: Vec<_> = state.agreed_alternatives().map(|(_, alternative)| alternative).collect();
        // With several answers the first day counts: after it somebody has to look again.
        if let Some(until) = offered.iter().map(|alternative| alternative.until).min() {
            let note: Vec<&str> = offered.iter().map(|alternative| alternative.text.as_str()).collect();
            let source = AlternativeSource::Inquiry(inquiry);
            agree(act, state.draft.case, CaseAlternative { source, note: note.join(" / "), until })?;
        }
        Ok(stream)
    })
}

/// Judges that the answers are not enough; it is asked again until another day.
///
/// # Errors
/// Refused before every question is answered.
pub fn find_insufficient(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    inquiry: InquiryId,
    text: String,
    (way, due): (Way, Date),
) -> Result<Done, RecordsError> {
    records.step::<Inquiry, _>(who, call, Action::Manage, inquiry, nothing, |state, (), by| {
        state.find_insufficient(text, way, due, by)
    })
}

/// Ends an inquiry without an answer.
///
/// # Errors
/// Refused unless it is overdue and the provider was reminded.
pub fn give_up_waiting(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    inquiry: InquiryId,
    text: String,
) -> Result<Done, RecordsError> {
    records.step::<Inquiry, _>(who, call, Action::Manage, inquiry, nothing, |state, (), by| {
        state.give_up_waiting(text, by)
    })
}

/// Gives an inquiry up before any answer came.
///
/// # Errors
/// Refused without a reason, and once there are answers.
pub fn cancel(
    records: &mut Records,
    who: &Entered,
    call: &Call,
    inquiry: InquiryId,
    reason: String,
) -> Result<Done, RecordsError> {
    records
        .step::<Inquiry, _>(who, call, Action::Operate, inquiry, nothing, |state, (), _| state.cancel(reason))
}
