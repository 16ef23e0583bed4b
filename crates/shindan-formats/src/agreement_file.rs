//! Reads an agreement that another installation wrote (`docs/schemas/agreement-1.json`).

use shindan_domain::agreement::{AgreementFile, FILE_SCHEMA};
use shindan_domain::diagnostic::{Code, Diagnostic, Place};

use crate::json;
use crate::limits::Limits;

/// The largest file, in bytes.
pub const LARGEST: usize = 4 << 20;
/// So many duties and parties at most.
const MOST: (usize, usize) = (1000, 50);

/// Reads an agreement. Whether its content has the hash that it states is for the caller to see.
///
/// # Errors
/// `file-too-large`; those of [`json::read`], also for a field that this version does not know: both sides must mean the same;
/// `format-unsupported` for another schema; `field-invalid` for more duties or parties than people agree on.
pub fn read(bytes: &[u8], path: &str) -> Result<AgreementFile, Diagnostic> {
    if bytes.len() > LARGEST {
        let diagnostic = Diagnostic::new(Code::FileTooLarge, Place::file(path));
        return Err(diagnostic.with("size", bytes.len()).with("limit", LARGEST));
    }
    let file: AgreementFile = json::read(bytes, path, &Limits { depth: 16, ..Limits::DEFAULT })?;
    if file.schema != FILE_SCHEMA {
        let diagnostic = Diagnostic::new(Code::FormatUnsupported, Place::file(path));
        return Err(diagnostic.with("format", "shindan.agreement").with("version", &file.schema));
    }
    let (duties, parties) = (file.content.duties.len(), file.content.parties.len());
    if duties > MOST.0 || parties > MOST.1 {
        let place = Place::file(path).at_field("content");
        let found = format!("{duties} duties, {parties} parties");
        let diagnostic = Diagnostic::new(Code::FieldInvalid, place).with("field", "content");
        return Err(diagnostic
            .with("value", found)
            .with("expected", format!("{} duties, {} parties", MOST.0, MOST.1)));
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As this program writes it.
    const SAMPLE: &str = r#"{
  "schema": "shindan.agreement/1",
  "content": {
    "title": "役割分担合意書", "system": "モニタ監視", "version": 1, "from": "2026-12-01", "review": "2027-03-31",
    "parties": [
      {"name": "中央病院", "part": "institution", "signs": true},
      {"name": "医療情報サービス", "part": "provider", "signs": true}
    ],
    "duties": [
      {"key": "patch", "topic": "patching", "text": "patch を行う", "involvement": {"医療情報サービス": "does"}},
      {"key": "accounts", "topic": "patching", "text": "accounts を行う", "involvement": {"中央病院": "does"}}
    ]
  },
  "content_hash": "3536098d7e231116590fb56a99cb4571a4137ee94f052b45a78b7b15e6401a87",
  "state": "proposed",
  "confirmations": [{"party": "中央病院", "content_hash": "3536098d7e231116590fb56a99cb4571a4137ee94f052b45a78b7b15e6401a87", "at": "2026-11-26T00:00:00Z", "means": "software"}],
  "discussion": [{"duty": "patch", "first": "2026-11-26", "agreed": ["中央病院"]}],
  "made": "2026-11-26T00:00:00Z",
  "record": "MED-2026-0001"
}"#;

    #[test]
    fn what_was_written_is_read_and_its_hash_is_that_of_the_domain() {
        let file = read(SAMPLE.as_bytes(), "agr.json").unwrap();
        assert_eq!(file.content.hash(), file.content_hash);
        assert!(file.confirmed_by("中央病院") && !file.confirmed_by("医療情報サービス"));
        let again = serde_json::to_vec(&file).unwrap();
        assert_eq!(read(&again, "agr.json").unwrap(), file);
    }

    #[test]
    fn nothing_that_is_not_understood_is_passed_over() {
        for (from, to, code) in [
            ("agreement/1", "agreement/2", Code::FormatUnsupported),
            ("\"state\"", "\"stete\"", Code::FieldInvalid),
            ("\"signs\": true", "\"signs\": true, \"also\": 1", Code::FieldInvalid),
            ("\"does\"", "\"may\"", Code::FieldInvalid),
            ("2026-12-01", "2026-13-01", Code::FieldInvalid),
        ] {
            let text = SAMPLE.replacen(from, to, 1);
            assert_eq!(read(text.as_bytes(), "agr.json").unwrap_err().code, code, "{to}");
        }
        assert_eq!(read(b" ", "agr.json").unwrap_err().code, Code::FileEmpty);
        assert_eq!(read(&vec![b' '; LARGEST + 1], "agr.json").unwrap_err().code, Code::FileTooLarge);
        let duty = r#"{"key": "accounts","#;
        let many: String = (0..1000)
            .map(|n| {
                format!(r#"{{"key": "d{n}", "topic": "other", "text": "x", "involvement": {{}}}},{}"#, "")
            })
            .collect();
        let many = SAMPLE.replacen(duty, &format!("{many}{duty}"), 1);
        assert_eq!(read(many.as_bytes(), "agr.json").unwrap_err().code, Code::FieldInvalid);
    }

    /// Whatever byte is changed or cut: an error, or a file whose stated hash tells that it was changed, or a change outside
    /// of the content – never a changed content that still has the hash.
    #[test]
    fn no_changed_content_keeps_its_hash() {
        let whole = read(SAMPLE.as_bytes(), "agr.json").unwrap();
        for place in 0..SAMPLE.len() {
            assert!(read(&SAMPLE.as_bytes()[..place], "agr.json").is_err(), "cut at {place}");
            for mask in [0x01, 0x20, 0x80] {
                let mut bytes = SAMPLE.as_bytes().to_vec();
                bytes[place] ^= mask;
                let Ok(file) = read(&bytes, "agr.json") else { continue };
                assert!(
                    file.content == whole.content || file.content.hash() != file.content_hash,
                    "byte {place} ^ {mask}"
                );
            }
        }
    }
}
