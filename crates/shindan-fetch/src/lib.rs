//! Fetches from sources of vulnerability information, with evidence of what was sent and when (SPEC.md section 4, ④-2).
//!
//! One request is one [`Client::get`]: it asks only for what is new, waits its turn, tries again when that can help, takes up a
//! download where it was cut, and puts the file in place as a whole. What it answers ([`Fetched`]) is what a record of a check
//! needs: status, validators, SHA-256, size, the server's clock beside ours. What it cannot fetch is a [`FetchError`] with a
//! code; there is no third way.
//!
//! [`Client::post`] is the other direction: it tells a webhook something, for the crate that tells people of changes.
//!
//! Invariants, stated as absences: no other crate fetches from sources, and this one knows nothing of what it fetches. A file is
//! never changed in place: on any error the old one stands untouched. A failed fetch never looks like *not modified*. Nothing is
//! fetched in clear text except from this computer or where the settings name the host, and no redirect leads from https to
//! http. No address with a password in it is used, no secret stands in an error, and a header with a secret is not carried to
//! another host. No clock is read, nobody slept and no chance drawn except through [`Surroundings`]. No proxy and no
//! certificate is taken from the environment.

mod address;
mod body;
mod client;
mod error;
mod exchange;
mod partial;
mod post;
mod redirect;
mod request;
mod retry;
mod settings;
mod surroundings;

pub use address::RedactedUrl;
pub use client::Client;
pub use error::{AddressFault, CertificateTrouble, FetchError, FileStep};
pub use post::{Post, Posted};
pub use request::{Expected, Fetched, Request, Validators};
pub use settings::{Settings, SettingsError};
pub use surroundings::Surroundings;
