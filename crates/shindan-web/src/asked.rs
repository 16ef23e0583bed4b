//! What a request says before anybody is known: address, cookies, language, where it comes from.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use axum::http::Uri;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE, HeaderMap, HeaderName, USER_AGENT};
use axum::http::request::Parts;
use shindan_report::words::{Calendar, Lang, Words};
use shindan_server::Peer;

use crate::address::pairs;
use crate::guard;

/// The cookie of the session.
pub(crate) const SESSION: &str = "shindan_session";
/// The cookie of the system that is shown alone.
const SYSTEM: &str = "shindan_system";
/// The port that an address without one means to this program, and to tests.
const PORT: u16 = 0;
/// The cookie of the language.
pub(crate) const LANGUAGE: &str = "shindan_lang";
/// The cookie of light and dark.
pub(crate) const THEME: &str = "shindan_theme";
/// Sent by htmx with every request of its own.
const HTMX: HeaderName = HeaderName::from_static("hx-request");

/// What a request says, before anybody is known.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// Path and what follows it.
    pub uri: Uri,
    /// The language of the answer.
    pub lang: Lang,
    /// `light`, `dark`, or nothing: as the system has it.
    pub theme: String,
    /// The secret of the session.
    pub session: Option<String>,
    /// The name of the cookie of the session: cookies do not tell ports of one host apart, names do.
    pub session_name: String,
    /// The name of the cookie of the system that is shown alone.
    pub system_name: String,
    /// Whether a part of a page is asked for.
    pub htmx: bool,
    /// Whether the browser says that a page of this server asks.
    pub same_origin: bool,
    /// Whose connection it came by.
    pub address: IpAddr,
    /// What the browser calls itself.
    pub agent: String,
    cookies: BTreeMap<String, String>,
}

impl Asked {
    pub(crate) fn of(parts: &Parts) -> Asked {
        let headers = &parts.headers;
        let cookies = cookies(headers);
        let lang = cookies.get(LANGUAGE).and_then(|lang| lang.parse().ok());
        let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let theme = cookies.get(THEME).filter(|theme| matches!(theme.as_str(), "light" | "dark"));
        let peer = parts.extensions.get::<Peer>().copied();
        let port = peer.map_or(PORT, |peer| peer.local.port());
        let session_name = format!("{SESSION}_{port}");
        Asked {
            uri: parts.uri.clone(),
            lang: lang.unwrap_or_else(|| wanted(text(&ACCEPT_LANGUAGE))),
            theme: theme.cloned().unwrap_or_default(),
            session: cookies.get(&session_name).filter(|text| !text.is_empty()).cloned(),
            session_name,
            system_name: format!("{SYSTEM}_{port}"),
            htmx: text(&HTMX) == Some("true"),
            same_origin: guard::same_origin(headers),
            address: peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.client.ip()),
            agent: text(&USER_AGENT).unwrap_or_default().chars().take(200).collect(),
            cookies,
        }
    }

    /// The words of the language, with days as pages have them for who is not known, and times of Japan.
    pub(crate) fn words(&self) -> Words {
        Words::new(self.lang).dated(Calendar::Western).in_japan_time()
    }

    /// A cookie.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// A value of the address; of several with one name the first, empty ones do not count.
    pub(crate) fn query(&self, name: &str) -> Option<String> {
        let pairs = pairs(self.uri.query().unwrap_or_default());
        pairs.into_iter().find(|(known, value)| known == name && !value.is_empty()).map(|(_, value)| value)
    }

    /// Path and query, as text.
    pub(crate) fn here(&self) -> String {
        self.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
    }
}

/// Japanese unless the browser wants English more.
fn wanted(accept: Option<&str>) -> Lang {
    let Some(accept) = accept else { return Lang::Ja };
    let place =
        |lang: &str| accept.split(',').position(|range| range.trim().to_ascii_lowercase().starts_with(lang));
    match (place("ja"), place("en")) {
        (None, Some(_)) => Lang::En,
        (Some(ja), Some(en)) if en < ja => Lang::En,
        _ => Lang::Ja,
    }
}

fn cookies(headers: &HeaderMap) -> BTreeMap<String, String> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn japanese_unless_english_is_wanted_more() {
        assert_eq!(wanted(None), Lang::Ja);
        assert_eq!(wanted(Some("fr")), Lang::Ja);
        assert_eq!(wanted(Some("en-US,en;q=0.9")), Lang::En);
        assert_eq!(wanted(Some("en;q=0.9, ja")), Lang::En);
        assert_eq!(wanted(Some("ja, en")), Lang::Ja);
    }
}
