//! Tells people by mail and webhook what changed (SPEC.md section 4, ④-2): the only crate that sends.
//!
//! It knows no domain: a message is a subject, a text and to whom.
