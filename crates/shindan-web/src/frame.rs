//! The frame around every page: areas, title, bread crumbs, language, person, and what the page is as of.

use shindan_report::words::Words;

use crate::address::encoded;
use crate::asked::Asked;
use crate::assets;

/// The six areas (UI.md, frame).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Area {
    /// 今日
    Today,
    /// 脆弱性
    Vulnerabilities,
    /// 資産
    Assets,
    /// 対応
    Cases,
    /// 証跡
    Evidence,
    /// 設定
    Settings,
}

impl Area {
    pub(crate) const ALL: [Area; 6] =
        [Area::Today, Area::Vulnerabilities, Area::Assets, Area::Cases, Area::Evidence, Area::Settings];

    /// The key of its name.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Area::Today => "web-area-today",
            Area::Vulnerabilities => "web-area-vulnerabilities",
            Area::Assets => "web-area-assets",
            Area::Cases => "web-area-cases",
            Area::Evidence => "web-area-evidence",
            Area::Settings => "web-area-settings",
        }
    }

    /// Its first page.
    pub(crate) fn address(self) -> &'static str {
        match self {
            Area::Today => "/",
            Area::Vulnerabilities => "/vulnerabilities",
            Area::Assets => "/assets",
            Area::Cases => "/cases",
            Area::Evidence => "/evidence",
            Area::Settings => "/settings",
        }
    }

    /// The letter that leads there after `g`.
    pub(crate) fn letter(self) -> char {
        match self {
            Area::Today => 't',
            Area::Vulnerabilities => 'v',
            Area::Assets => 'a',
            Area::Cases => 'c',
            Area::Evidence => 'e',
            Area::Settings => 's',
        }
    }

    /// Its pages, below it in the navigation: address and key of the name.
    pub(crate) fn pages(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Area::Today => &[],
            Area::Vulnerabilities => &[
                ("/vulnerabilities", "web-nav-vulnerabilities"),
                ("/records/notice", "web-nav-notices"),
                ("/sources", "web-nav-sources"),
            ],
            Area::Assets => &[
                ("/assets", "web-nav-assets"),
                ("/records/system", "web-nav-systems"),
                ("/records/device", "web-nav-devices"),
                ("/records/sighting", "web-nav-sightings"),
                ("/records/interface", "web-nav-interfaces"),
                ("/assets/import", "web-nav-import"),
            ],
            Area::Cases => &[
                ("/cases", "web-nav-cases"),
                ("/records/patch", "web-nav-patches"),
                ("/records/change", "web-nav-changes"),
                ("/records/inquiry", "web-nav-inquiries"),
                ("/assessments", "web-nav-assessments"),
                ("/tasks", "web-nav-tasks"),
            ],
            Area::Evidence => &[
                ("/evidence", "web-nav-crosswalk"),
                ("/reports", "web-nav-reports"),
                ("/confirmations", "web-nav-confirmations"),
                ("/records/instruction", "web-nav-instructions"),
                ("/records/review", "web-nav-reviews"),
                ("/records/agreement", "web-nav-agreements"),
                ("/ledger", "web-nav-ledger"),
            ],
            Area::Settings => &[
                ("/settings", "web-nav-settings"),
                ("/records/person", "web-nav-people"),
                ("/records/party", "web-nav-parties"),
                ("/records/policy", "web-nav-policies"),
                ("/records/exchange", "web-nav-exchange"),
                ("/account", "web-nav-account"),
            ],
        }
    }
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Link {
    pub text: String,
    pub address: String,
}

impl Link {
    pub(crate) fn new(text: impl Into<String>, address: impl Into<String>) -> Link {
        Link { text: text.into(), address: address.into() }
    }
}

/// Who is logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signed {
    pub name: String,
    pub roles: String,
}

/// The choice of a system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Switch {
    /// What can be chosen: identifier, name, whether it is the one.
    pub systems: Vec<(String, String, bool)>,
    /// There are more than can be chosen from.
    pub more: bool,
    /// What the page does with the choice, in words; empty while nothing is chosen.
    pub says: String,
    /// The same page with all systems.
    pub all: Option<Link>,
}

impl Switch {
    /// Whether all systems are shown.
    pub(crate) fn is_all(&self) -> bool {
        !self.systems.iter().any(|(.., here)| *here)
    }
}

/// The frame.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub w: Words,
    pub area: Area,
    /// The title: a noun that could be a sentence.
    pub title: String,
    /// What it is about, below the title.
    pub lead: String,
    pub crumbs: Vec<Link>,
    /// The one thing to do here first.
    pub primary: Option<Link>,
    /// Nobody: only the page is shown, without areas.
    pub person: Option<Signed>,
    /// The token of forms.
    pub csrf: String,
    /// As of when.
    pub made: String,
    /// How fresh the sources are, in words; empty: not known here.
    pub fresh: String,
    /// What waits in the areas, as in [`Area::ALL`].
    pub counts: [u64; 6],
    /// Which system is shown; `None`: there is nothing to choose.
    pub switch: Option<Switch>,
    /// What was just done.
    pub told: Option<String>,
    /// Where the page is, to come back after a change of language.
    pub here: String,
    path: String,
    pub theme: String,
    pub base: String,
}

impl Frame {
    pub(crate) fn new(asked: &Asked, area: Area, title: String) -> Frame {
        Frame {
            w: asked.words(),
            area,
            title,
            lead: String::new(),
            crumbs: Vec::new(),
            primary: None,
            person: None,
            csrf: String::new(),
            made: String::new(),
            fresh: String::new(),
            counts: [0; 6],
            switch: None,
            told: asked.query("told").map(|key| asked.words().t(&format!("web-told-{key}"))),
            here: encoded(&asked.here()),
            path: asked.uri.path().to_owned(),
            theme: asked.theme.clone(),
            base: assets::base(),
        }
    }

    /// What the page shows is one thing, to which the choice of a system makes no difference.
    pub(crate) fn apart(&mut self) {
        if let Some(switch) = self.switch.as_mut().filter(|switch| !switch.says.is_empty()) {
            switch.says = self.w.t("web-scope-apart");
        }
    }

    /// The navigation.
    pub(crate) fn areas(&self) -> Vec<Entry> {
        let entry = |(area, count): (Area, u64)| Entry {
            text: self.w.t(area.key()),
            address: area.address(),
            letter: area.letter(),
            here: area == self.area,
            count,
            pages: if area == self.area { self.pages_of(area) } else { Vec::new() },
        };
        Area::ALL.into_iter().zip(self.counts).map(entry).collect()
    }

    fn pages_of(&self, area: Area) -> Vec<(String, &'static str, bool)> {
        // The longest address that this page is below of.
        let below = |address: &str| self.path == address || self.path.starts_with(&format!("{address}/"));
        let best =
            area.pages().iter().map(|(address, _)| *address).filter(|a| below(a)).max_by_key(|a| a.len());
        area.pages().iter().map(|(address, key)| (self.w.t(key), *address, best == Some(*address))).collect()
    }
}

/// An area in the navigation.
pub(crate) struct Entry {
    pub text: String,
    pub address: &'static str,
    pub letter: char,
    pub here: bool,
    pub count: u64,
    pub pages: Vec<(String, &'static str, bool)>,
}
