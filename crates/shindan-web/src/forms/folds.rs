//! Fields that few people need at once: they stand behind folds, each with a sentence that says when it is the right one. What stands in
//! one or is wrong there opens it, so that nothing that was typed is out of sight.

use super::field::{Field, Of};

/// Some fields of a form behind a fold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fold {
    /// Words stand under `fold-{kind}-{command}-{key}`, and the sentence under the same with `-hint`.
    pub key: &'static str,
    /// Names of its fields, in their order.
    pub fields: &'static [&'static str],
}

const VERIFY: &[Fold] = &[
    Fold { key: "checksums", fields: &["checksums", "checksums_signature", "name"] },
    Fold { key: "windows", fields: &["authenticode", "cms", "certificates"] },
    Fold { key: "packages", fields: &["rpm", "release", "release_signature", "packages"] },
    Fold { key: "sigstore", fields: &["sigstore", "trust_root", "identity", "issuer"] },
];

/// The folds of a form; its other fields stand before them.
pub(crate) fn of(of: Of<'_>) -> &'static [Fold] {
    match (of.kind, of.command) {
        ("patch", "verify") => VERIFY,
        _ => &[],
    }
}

impl Fold {
    /// The key of its words.
    pub(crate) fn words(&self, of: Of<'_>) -> String {
        format!("fold-{}-{}-{}", of.kind, of.command, self.key)
    }

    /// Its fields among those of the form.
    pub(crate) fn among<'f>(&self, fields: &'f [Field]) -> Vec<&'f Field> {
        let found = self.fields.iter().map(|name| fields.iter().find(|field| field.name == *name));
        found.flatten().collect()
    }
}
