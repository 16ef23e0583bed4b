//! One file from a form, as it arrives: beside the records, by its SHA-256, for a day. Only a person who may change something sends one.

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use multer::{Field, Multipart};
use shindan_domain::ledger::Hash;
use shindan_server::desk::Sent;
use shindan_server::problem::Problem;

use crate::guard;
use crate::visit::{Asked, Form, Web};

/// A form with one file.
#[derive(Debug)]
pub(crate) struct WithFile {
    /// The file; `None` if none was chosen.
    pub hash: Option<Hash>,
}

/// Text fields hold so many bytes at most.
const TEXT: usize = 64 << 10;

/// Takes the form in. The session's token stands before the file.
///
/// # Errors
/// A form of another origin or session, a file that is too large or does not arrive; a person who can change nothing.
pub(crate) async fn one_file(web: &Web, asked: &Asked, request: Request) -> Result<WithFile, Problem> {
    let unknown = || Problem::new("token-missing", 401);
    let secret = asked.session.clone().ok_or_else(unknown)?;
    let entered = web.desk.enter(secret, |session, entered| {
        session.may_upload()?;
        Ok((session.who.person(), entered.csrf.clone()))
    });
    let (person, csrf) = entered.await?;
    let (parts, body) = request.into_parts();
    let media = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(media).map_err(|_| Problem::new("body-incomplete", 400))?;
    let mut fields = Multipart::new(body.into_data_stream(), boundary);
    let mut form = Form::default();
    while let Some(field) = fields.next_field().await.map_err(|_| Problem::new("body-incomplete", 400))? {
        let name = field.name().unwrap_or_default().to_owned();
        let Some(file) = field.file_name().map(str::to_owned) else {
            let value = text(field).await?;
            form.0.push((name, value));
            continue;
        };
        if !asked.same_origin || !guard::same_secret(form.text("csrf"), &csrf) {
            return Err(Problem::new("form-foreign", 403));
        }
        if file.is_empty() {
            return Ok(WithFile { hash: None });
        }
        let hash = web.desk.take(person, &file, Body::from_stream(field), Sent::Document).await?;
        return Ok(WithFile { hash: Some(hash) });
    }
    Ok(WithFile { hash: None })
}

async fn text(mut field: Field<'static>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| Problem::new("body-incomplete", 400))? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > TEXT {
            return Err(Problem::new("body-too-large", 413).with("limit", TEXT.to_string()));
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
