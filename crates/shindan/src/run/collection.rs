//! `report collection`

use std::io::{self, Write};

use shindan_app::clock;
use shindan_app::records::collect;
use shindan_domain::calendar::day;
use shindan_report::collect::{
    CollectionReport, collection_csv, collection_html, collection_paper, collection_table, write_collection,
};
use shindan_report::excel;

use super::acting::{enter, fail};
use super::not_written;
use super::papers::{self, PaperForm, refuse_terminal};
use crate::cli::TableOrJson;
use crate::cli::acting::Reading;
use crate::cli::sources::{CollectionArguments, CollectionFormat};
use crate::exit::Exit;
use crate::output::{Face, write_to};

/// Prints the record of collection of a month in one of its forms.
pub fn report(arguments: CollectionArguments, face: &Face) -> Exit {
    let CollectionArguments { month, format, output, data, token } = arguments;
    if let Err(exit) = refuse_terminal(format.of_paper(), output.as_deref(), face) {
        return exit;
    }
    let refusals = if format == CollectionFormat::Json { TableOrJson::Json } else { TableOrJson::Table };
    let reading = Reading { data, token, format: refusals };
    let now = clock::now();
    let month = month.unwrap_or_else(|| day(now));
    let found = enter(&reading, face)
        .and_then(|session| collect::collection(&session.records, &session.who, month, now));
    let report = match found {
        Ok(report) => report,
        Err(error) => return fail(&error, None, reading.format, face),
    };
    let written = write_to(output.as_deref(), |out| write(&report, format, output.is_some(), face, out));
    written.map_or_else(|error| not_written(&error, face), |()| Exit::Done)
}

fn write(
    report: &CollectionReport,
    format: CollectionFormat,
    to_file: bool,
    face: &Face,
    out: &mut dyn Write,
) -> io::Result<()> {
    let words = &face.words;
    match format {
        CollectionFormat::Json => write_collection(out, report).map_err(Into::into),
        CollectionFormat::Csv => collection_csv(report, words, out),
        CollectionFormat::Pdf => {
            papers::write(out, &collection_paper(report, words), PaperForm::Pdf, report.made, face)
        }
        CollectionFormat::Xlsx => out.write_all(&excel::collection(report, words).map_err(io::Error::other)?),
        CollectionFormat::Html => {
            out.write_all(collection_html(report, words).map_err(io::Error::other)?.as_bytes())
        }
        CollectionFormat::Table => {
            let mut style = face.style(None);
            style.color &= !to_file;
            out.write_all(collection_table(report, words, &style).as_bytes())
        }
    }
}
