//! Domain to people and other tools: words in Japanese and English, and every form of an answer.
//!
//! Invariants, stated as absences: nothing here reads a file, a clock or the network; nothing here decides. What is
//! *undetermined* in the domain is shown as undetermined in every form, with its count and its reason, and no
//! wording says "safe".
//!
//! - [`json`]: the versioned contract for scripts. Independent of language; `text` fields are English.
//! - [`table`]: the terminal, aligned with Japanese width; colour only together with words.
//! - [`html`]: one self-contained file that needs no network and works without its script.
//! - [`csv`] and [`excel`]: spreadsheets; a row for everything, and a sheet for each question.
//! - [`sarif`] and [`vex`]: what other tools read, SARIF 2.1.0 and CycloneDX 1.6.
//! - [`assessments`]: security assessments, as lists and as 診断実施報告.
//! - [`collect`]: sources of vulnerability information, and whether they are looked at.
//! - [`accounts`]: sessions in the browser, and who logged in.
//! - [`records`]: what is decided and done, from the ledger.
//! - [`figure`]: charts as SVG, each with its data as a table and in words.
//! - [`paper`]: what a report says, before it has a form.
//! - [`words`]: every text of the above, one key in both languages.

pub mod accounts;
pub mod agreement;
pub mod assessments;
pub mod asset_list;
pub mod bundle;
pub mod cases;
pub mod collect;
pub mod control;
mod coverage;
pub mod csv;
pub mod dates;
pub mod devices;
pub mod digest;
pub mod excel;
pub mod exchange;
pub mod figure;
pub mod hits;
pub mod html;
pub mod json;
mod labels;
mod links;
pub mod notification;
pub mod opinions;
pub mod order;
pub mod paper;
mod phrases;
pub mod portfolio;
mod record;
pub mod records;
#[cfg(any(test, feature = "sample"))]
pub mod sample;
pub mod sarif;
pub mod since;
pub mod table;
pub mod vex;
pub mod words;

pub use words::{Lang, Words};
