//! Takes a form in: its texts, and its files as they arrive. Files are taken in only after the session's token came with the form.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use multer::{Constraints, Multipart, SizeLimit};
use shindan_domain::ledger::Hash;
use shindan_server::desk::Sent;
use shindan_server::problem::Problem;

use super::typed::Typed;
use crate::asked::Asked;
use crate::guard;
use crate::visit::{Door, Form, Web};

/// What came.
#[derive(Debug, Default)]
pub(crate) struct Came {
    /// What was typed; files by their SHA-256.
    pub typed: Typed,
    /// Files that were not taken in: the field, and why.
    pub refused: Vec<(String, Problem)>,
}

/// Bytes of all texts of a form at most.
const TEXTS: u64 = 1 << 20;
/// Fields of a form at most.
const FIELDS: usize = 5000;

/// Reads a form that may hold files.
///
/// # Errors
/// The form does not come from a page of this session, or cannot be read.
pub(crate) async fn take(web: &Web, parts: &Parts, body: Body, sent: Sent) -> Result<Came, Problem> {
    let asked = Asked::of(parts);
    let foreign = || Problem::new("form-foreign", 403);
    if !asked.same_origin {
        return Err(foreign());
    }
    let door = web.door(&asked).await?;
    let media = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Ok(boundary) = multer::parse_boundary(media) else {
        let form = Form::read(body).await?;
        return match guard::same_secret(form.text("csrf"), &door.csrf) {
            true => Ok(Came { typed: Typed::of(form.0), refused: Vec::new() }),
            false => Err(foreign()),
        };
    };
    // Several files of the largest size, and the texts.
    let whole = sent.limit().saturating_mul(4).saturating_add(TEXTS);
    let limits = Constraints::new().size_limit(SizeLimit::new().whole_stream(whole));
    let mut form = Multipart::with_constraints(body.into_data_stream(), boundary, limits);
    let mut came = Came::default();
    let mut reading = Reading { web, door: &door, sent, own: false, texts: 0, fields: 0 };
    while let Some(field) = form.next_field().await.map_err(|error| unreadable(&error, whole))? {
        reading.field(field, &mut came).await?;
    }
    if reading.own { Ok(came) } else { Err(foreign()) }
}

/// Reads a form with one file, `file`; `None` if none was chosen.
///
/// # Errors
/// As [`take`]; a file that is too large or does not arrive; a person who can change nothing.
pub(crate) async fn one_file(web: &Web, parts: &Parts, body: Body) -> Result<Option<Hash>, Problem> {
    let came = take(web, parts, body, Sent::Document).await?;
    if let Some((_, problem)) = came.refused.into_iter().next() {
        return Err(problem);
    }
    let kept = came.typed.all("file").pop().and_then(|file| file.split(' ').next());
    kept.map(|hash| hash.parse().map_err(|_| Problem::new("body-incomplete", 400))).transpose()
}

struct Reading<'r> {
    web: &'r Web,
    door: &'r Door,
    sent: Sent,
    /// The session's token came.
    own: bool,
    texts: u64,
    fields: usize,
}

impl Reading<'_> {
    async fn field(&mut self, mut field: multer::Field<'static>, came: &mut Came) -> Result<(), Problem> {
        self.fields += 1;
        let name = field.name().unwrap_or_default().to_owned();
        let too_large = || Problem::new("body-too-large", 413).with("limit", TEXTS.to_string());
        if self.fields > FIELDS {
            return Err(too_large());
        }
        if let Some(file) = field.file_name().map(str::to_owned) {
            return self.file(&name, &file, field, came).await;
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|error| unreadable(&error, TEXTS))? {
            self.texts += chunk.len() as u64;
            if self.texts > TEXTS {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.own = self.own || (name == "csrf" && guard::same_secret(&text, &self.door.csrf));
        came.typed.add(name, text);
        Ok(())
    }

    async fn file(
        &mut self,
        name: &str,
        file: &str,
        field: multer::Field<'static>,
        came: &mut Came,
    ) -> Result<(), Problem> {
        // No file was chosen.
        if file.is_empty() {
            return Ok(());
        }
        if !self.own {
            return Err(Problem::new("form-foreign", 403));
        }
        self.door.may_send.clone()?;
        match self.web.desk.take(self.door.person, file, Body::from_stream(field), self.sent).await {
            Ok(hash) => came.typed.add(name.to_owned(), format!("{hash} {file}")),
            Err(problem) => came.refused.push((name.to_owned(), problem)),
        }
        Ok(())
    }
}

fn unreadable(error: &multer::Error, limit: u64) -> Problem {
    match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => {
            Problem::new("body-too-large", 413).with("limit", limit.to_string())
        }
        _ => Problem::new("body-incomplete", 400),
    }
}
