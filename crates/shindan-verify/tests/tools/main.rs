//! Artefacts made by the real tools: gpg, minisign, openssl, osslsigncode, rpm, apt-ftparchive. A test whose tools are
//! absent says SKIPPED, and fails if `SHINDAN_REQUIRE_TOOLS=1`.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)] // helpers of tests may fail them

mod authenticode;
mod certificates;
mod minisign;
mod mutation;
mod openpgp;
mod packages;
mod workshop;
