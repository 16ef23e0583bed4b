//! Building purls from parts that are not encoded.

use std::fmt;

use super::{Purl, PurlError, percent};

/// The parts of a purl as a person or a lock file gives them, not encoded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PurlParts<'p> {
    /// `npm`, `maven` …
    pub kind: &'p str,
    /// Segments separated by `/`.
    pub namespace: Option<&'p str>,
    /// Name of the package.
    pub name: &'p str,
    /// Version; an empty one is none.
    pub version: Option<&'p str>,
    /// Keys and values.
    pub qualifiers: &'p [(&'p str, &'p str)],
    /// Segments separated by `/`.
    pub subpath: Option<&'p str>,
}

impl PurlParts<'_> {
    /// Encodes and reads again: one set of rules for both directions.
    pub(super) fn build(&self) -> Result<Purl<'static>, PurlError> {
        let mut text = String::new();
        // Writing into a String cannot fail; an error would mean an encoding that cannot be read back either.
        self.write(&mut text).map_err(|_| PurlError::InvalidEncoding(text.clone()))?;
        Purl::parse(&text).map(Purl::into_owned)
    }

    fn write(&self, out: &mut String) -> fmt::Result {
        out.push_str("pkg:");
        // A slash or a percent sign here would move the border between the parts: leave it encoded and be refused.
        percent::write_encoded(out, self.kind)?;
        out.push('/');
        if let Some(namespace) = self.namespace {
            percent::write_path(out, namespace)?;
            out.push('/');
        }
        match self.kind {
            "git" => percent::write_path(out, self.name)?,
            _ => percent::write_encoded(out, self.name)?,
        }
        if let Some(version) = self.version {
            out.push('@');
            percent::write_encoded(out, version)?;
        }
        for (position, (key, value)) in self.qualifiers.iter().enumerate() {
            out.push(if position == 0 { '?' } else { '&' });
            percent::write_encoded(out, key)?;
            out.push('=');
            percent::write_encoded(out, value)?;
        }
        if let Some(subpath) = self.subpath {
            out.push('#');
            percent::write_path(out, subpath)?;
        }
        Ok(())
    }
}
