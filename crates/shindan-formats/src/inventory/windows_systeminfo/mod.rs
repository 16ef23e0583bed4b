//! What Windows tells about itself: `systeminfo` (list and CSV, Japanese and English), `Get-ComputerInfo`,
//! `Get-CimInstance Win32_OperatingSystem`, `reg query …\CurrentVersion`, `ver` and `winver`.
//!
//! Each host becomes an asset and the component of its operating system. `systeminfo` tells the build and not the
//! revision, which is what updates change: the version then has three parts (see `shindan_domain::windows`), and the
//! list of updates has to answer. A list that is cut off is an error and is not used; a list that is `N/A` is unknown,
//! not empty.

mod labels;
mod listing;
mod properties;

use shindan_domain::diagnostic::{Code, Diagnostic};
use shindan_domain::inventory::{Asset, AssetKind, Component, Inventory, InventoryKind};
use shindan_domain::same_host::UNNAMED_SYSTEM;
use shindan_domain::windows::{self, Architecture};

use super::collector::Collector;
use super::windows_banner;
use super::windows_records::Names;
use crate::limits::Limits;
use crate::text::shorten;

/// How many lines are looked at for the line of a console.
const BANNER: usize = 20;

/// How the text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// `systeminfo`, `systeminfo /fo list`.
    List,
    /// `systeminfo /fo csv`.
    Csv,
    /// Properties by name.
    Properties(properties::Shape),
    /// Nothing but the line of a console.
    Banner,
}

/// The shape of a text that tells which Windows it comes from. JSON is recognised by its keys.
pub(super) fn recognise(text: &str, names: &Names<'_>) -> Option<Shape> {
    // "OsName" is a property, "OS Name" a label.
    if let Some(shape) = properties::recognise(text, names) {
        Some(Shape::Properties(shape))
    } else if listing::is_list(text) {
        Some(Shape::List)
    } else {
        listing::is_csv(text).then_some(Shape::Csv)
    }
}

/// True if the head of the text is what a console shows first.
pub(super) fn has_banner(text: &str) -> bool {
    text.lines().take(BANNER).any(|line| windows_banner::build_in(line).is_some())
}

/// The shape of JSON with records of these names.
pub(super) fn recognise_names(names: &[String]) -> Option<Shape> {
    properties::recognise_names(names).map(Shape::Properties)
}

/// Reads every host of the text.
///
/// # Errors
/// If nothing could be read.
pub(super) fn read(
    text: &str,
    shape: Shape,
    mut found: Collector<'_>,
    limits: &Limits,
) -> Result<Inventory, Vec<Diagnostic>> {
    let mut systems = match shape {
        Shape::List => listing::read_list(text),
        Shape::Csv => listing::read_csv(text, &mut found),
        Shape::Properties(shape) => properties::read(text, shape, limits, &mut found),
        Shape::Banner => vec![System { updates: Updates::Elsewhere, ..System::at(1) }],
    };
    let build = text.lines().find_map(windows_banner::build_in);
    if let (Some(build), [only]) = (build, &mut systems[..]) {
        only.take_build(build);
    }
    inventory(systems, found)
}

/// What a text says about the installed updates.
#[derive(Debug, Default, PartialEq, Eq)]
enum Updates {
    /// It should, and does not: it is cut off.
    #[default]
    Missing,
    /// It does not; other commands do.
    Elsewhere,
    /// It says that it does not know, or shortens the list.
    Unknown,
    /// A list.
    List {
        /// How many it says there are; `None` if that is no number.
        stated: Option<usize>,
        /// Entries, as written.
        entries: Vec<String>,
        /// True if the text ends in the last entry.
        at_end: bool,
    },
}

/// What is read of one host.
#[derive(Debug, Default)]
struct System {
    line: u64,
    host: Option<String>,
    name: Option<String>,
    /// As written.
    version: Option<String>,
    configuration: Option<String>,
    maker: Option<String>,
    model: Option<String>,
    architecture: Option<String>,
    updates: Updates,
}

impl System {
    fn at(line: u64) -> Self {
        System { line, ..System::default() }
    }

    /// The number at the head of the version: `10.0.17763 N/A Build 17763`.
    fn number(&self) -> Option<&str> {
        let number = self.version.as_deref()?.split_whitespace().next()?;
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let parts = number.split('.').count();
        ((3..=4).contains(&parts) && number.split('.').all(digits)).then_some(number)
    }

    /// Takes the build that a console shows, if it is of this system: a session may be on another one.
    fn take_build(&mut self, build: String) {
        let same = match self.number() {
            Some(own) => build.strip_prefix(own).is_some_and(|rest| rest.starts_with('.')),
            None => self.version.is_none(),
        };
        if same {
            self.version = Some(build);
        }
    }

    fn kind(&self) -> Option<AssetKind> {
        let of = |text: &String| {
            let text = text.to_lowercase();
            if text.contains("workstation") || text.contains("ワークステーション") {
                Some(AssetKind::Terminal)
            } else if ["server", "サーバ", "controller", "コントローラ"]
                .iter()
                .any(|word| text.contains(word))
            {
                Some(AssetKind::Server)
            } else {
                None
            }
        };
        let by_name = || self.name.as_ref().map(|name| of(name).unwrap_or(AssetKind::Terminal));
        self.configuration.as_ref().and_then(of).or_else(by_name)
    }

    /// Says what is missing or wrong, and gives the installed updates.
    fn checked_updates(&mut self, found: &mut Collector<'_>) -> Option<Vec<String>> {
        let at = |found: &Collector<'_>, code| found.at_line(code, self.line);
        match std::mem::take(&mut self.updates) {
            Updates::Elsewhere => None,
            Updates::Missing => {
                found.push(at(found, Code::FieldMissing).with("field", "Hotfix(s)"));
                None
            }
            Updates::Unknown => {
                found.push(at(found, Code::UpdatesUnknown));
                None
            }
            Updates::List { stated, entries, at_end } => {
                let mut list = Vec::new();
                let mut without_number = 0_u64;
                for entry in &entries {
                    match number_in(entry) {
                        Some(update) if !list.contains(&update) => list.push(update),
                        Some(_) => {}
                        None => without_number += 1,
                    }
                }
                // Digits may be missing where the text ends; the output never ends here.
                let whole = entries.len() - usize::from(at_end);
                if stated.is_none_or(|stated| whole < stated) {
                    let stated = stated.map_or_else(|| "?".to_owned(), |stated| stated.to_string());
                    let cut = at(found, Code::UpdatesIncomplete).with("stated", stated);
                    found.push(cut.with("found", whole));
                    return None;
                }
                if without_number > 0 {
                    found.push(at(found, Code::UpdatesWithoutNumber).with("count", without_number));
                }
                Some(list)
            }
        }
    }

    fn report_missing(&self, found: &mut Collector<'_>) {
        for (field, value) in [("OS Name", &self.name), ("OS Version", &self.version)] {
            if value.is_none() {
                found.push(found.at_line(Code::FieldMissing, self.line).with("field", field));
            }
        }
        if let (Some(version), None) = (&self.version, self.number()) {
            let invalid = found.at_line(Code::FieldInvalid, self.line).with("field", "OS Version");
            found.push(invalid.with("value", shorten(version, 80)).with("expected", "10.0.17763"));
        }
    }
}

/// The update that an entry names: `KB5034122`, `KB2079403 - Update`.
fn number_in(entry: &str) -> Option<String> {
    entry.split(|c: char| !c.is_ascii_alphanumeric()).find_map(|word| {
        let front = word.get(..2)?;
        if front.eq_ignore_ascii_case("kb") { windows::update(word) } else { None }
    })
}

fn inventory(systems: Vec<System>, mut found: Collector<'_>) -> Result<Inventory, Vec<Diagnostic>> {
    let mut components = Vec::new();
    let mut assets = Vec::new();
    for mut system in systems {
        let updates = system.checked_updates(&mut found);
        // A console tells the build and nothing else; everything else names the system.
        let banner = system.name.is_none() && system.host.is_none() && system.number().is_some();
        if !banner {
            system.report_missing(&mut found);
        }
        let version = system.number().map(str::to_owned);
        let product = system.name.as_deref().zip(version.as_deref()).and_then(|(name, version)| {
            let mut product = windows::installed(name, version)?;
            let told = system.architecture.as_deref().and_then(Architecture::of_text);
            product.architecture = told.or(product.architecture);
            Some(product)
        });
        components.push(Component {
            name: system.name.clone().unwrap_or_else(|| UNNAMED_SYSTEM.to_owned()),
            version,
            cpe: product.map(|product| product.cpe()),
            asset: u32::try_from(assets.len()).ok(),
            updates,
            pointer: format!("line {}", system.line),
            ..Component::default()
        });
        assets.push(Asset {
            kind: system.kind(),
            kind_text: system.configuration,
            maker: system.maker,
            model: system.model,
            name: system.host,
            os: system.name,
            ..Asset::default()
        });
    }
    let subject = match &assets[..] {
        [only] => only.name.clone(),
        _ => None,
    };
    let mut inventory = found.readable(InventoryKind::WindowsSystemInfo, subject, components)?;
    inventory.assets = assets;
    Ok(inventory)
}
