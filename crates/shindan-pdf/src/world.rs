//! All that the typesetter can see: one template, two fonts, one paper. It has no file, no package, no network and no clock.

use std::path::PathBuf;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Str, Value};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::{PdfError, fonts};

const TEMPLATE: &str = include_str!("template.typ");

pub(crate) struct PaperWorld {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    main: Source,
}

impl PaperWorld {
    /// `paper`: what the template reads, as JSON.
    pub(crate) fn new(paper: Vec<u8>) -> Result<Self, PdfError> {
        let fonts = fonts::load()?;
        let mut inputs = Dict::new();
        inputs.insert(Str::from("paper"), Value::Bytes(Bytes::new(paper)));
        Ok(PaperWorld {
            library: LazyHash::new(Library::builder().with_inputs(inputs).build()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            main: Source::detached(TEMPLATE),
        })
    }
}

impl World for PaperWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::NotFound(PathBuf::new()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    /// The date of a paper is given, never read.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
