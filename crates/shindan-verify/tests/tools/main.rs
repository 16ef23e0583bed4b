//! Artefacts made by the real tools: gpg, minisign, openssl, osslsigncode, rpm, apt-ftparchive. A test whose tools are
//! absent says SKIPPED, and fails if `SHINDAN_REQUIRE_TOOLS=1`.

mod authenticode;
mod certificates;
mod minisign;
mod mutation;
mod openpgp;
mod packages;
mod workshop;
