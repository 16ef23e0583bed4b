//! The pages, one module each: context, sample, how it is made.

pub(crate) mod account;
pub(crate) mod agreement;
pub(crate) mod area;
pub(crate) mod assessments;
pub(crate) mod assets;
pub(crate) mod beside;
pub(crate) mod bundles;
pub(crate) mod confirmation;
pub(crate) mod crosswalk;
mod crosswalk_file;
pub(crate) mod figure;
pub(crate) mod figures;
pub(crate) mod first;
pub(crate) mod form;
pub(crate) mod go_on;
pub(crate) mod ledger;
pub(crate) mod list;
pub(crate) mod login;
pub(crate) mod paper_table;
pub(crate) mod policy;
pub(crate) mod preferences;
pub(crate) mod process;
pub(crate) mod record;
pub(crate) mod reports;
#[cfg(test)]
mod samples;
pub(crate) mod search;
pub(crate) mod settings;
pub(crate) mod setup;
pub(crate) mod sources;
pub(crate) mod switch;
pub(crate) mod system;
pub(crate) mod today;
pub(crate) mod trouble;
pub(crate) mod value;
pub(crate) mod vulnerability;
pub(crate) mod work;
