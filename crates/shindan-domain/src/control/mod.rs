//! 対策項目: what records show.
use crate::term::Term;
/// Terms.
pub fn terms() -> Vec<Term> {
    Vec::new()
}
