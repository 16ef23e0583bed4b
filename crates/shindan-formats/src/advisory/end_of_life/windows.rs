//! Cycles of Windows: which line and which editions are meant.
//!
//! Source: endoflife.date, products `windows` (`10-22h2`, `11-24h2-e-lts`, `7-sp1`) and `windows-server` (`2012-r2`): `w` is
//! Home and Pro, `e` Enterprise and Education, `lts` long-term servicing.

use shindan_domain::advisory::ProductRef;
use shindan_domain::windows::{self, Edition, Line};

use super::cycle::Cycle;
use super::products::Product;

/// What a cycle of Windows is called elsewhere. `None` if the product is not Windows, or the cycle none that is known.
///
/// The CPE names tell line and edition, so that every version of them is meant. A cycle that does not name an edition
/// means those that no other cycle of its line names.
pub(super) fn statement(product: &Product, cycle: &Cycle, all: &[Cycle]) -> Option<ProductRef> {
    let (line, own) = meaning(&product.slug, &cycle.name)?;
    let others: Vec<Edition> = all
        .iter()
        .filter(|other| other.name != cycle.name)
        .filter_map(|other| meaning(&product.slug, &other.name))
        .filter(|(other, _)| *other == line)
        .flat_map(|(_, editions)| editions.iter().copied())
        .collect();
    let editions: Vec<Edition> = if own.is_empty() && !others.is_empty() {
        ALL.into_iter().filter(|edition| !others.contains(edition)).collect()
    } else {
        own.to_vec()
    };
    let named = |edition| windows::Product { edition, ..windows::Product::of_line(line) }.cpes();
    if editions.is_empty() {
        return Some(ProductRef {
            vendor: Some("Microsoft".to_owned()),
            product: Some(line.name.to_owned()),
            cpes: named(None),
            ..ProductRef::default()
        });
    }
    // Without the name of the line, which says nothing about the edition.
    let cpes = editions.into_iter().flat_map(|edition| named(Some(edition))).collect();
    Some(ProductRef { cpes, ..ProductRef::default() })
}

const ALL: [Edition; 7] = [
    Edition::Home,
    Edition::Pro,
    Edition::Enterprise,
    Edition::Education,
    Edition::LongTerm,
    Edition::IotLongTerm,
    Edition::IotCore,
];

/// Line and editions of a cycle; no editions where the cycle names none.
fn meaning(slug: &str, cycle: &str) -> Option<(&'static Line, &'static [Edition])> {
    let lower = cycle.to_lowercase();
    match slug {
        "windows-server" => {
            let name = lower.replace('-', " ");
            let line = Line::named(&format!("Windows Server version {name}"))
                .or_else(|| windows::advised(&format!("Windows Server {name}")).map(|found| found.line))?;
            Some((line, &[]))
        }
        "windows" => {
            let (line, rest) = client(&lower)?;
            Some((line, editions(rest)?))
        }
        _ => None,
    }
}

/// The line of a client, and what of the cycle's name is left: `11-24h2-e-lts` → Windows 11 Version 24H2, `e-lts`.
fn client(cycle: &str) -> Option<(&'static Line, &str)> {
    let (family, rest) = cycle.split_once('-').unwrap_or((cycle, ""));
    if matches!(family, "10" | "11") {
        let (release, rest) = rest.split_once('-').unwrap_or((rest, ""));
        return Some((Line::named(&format!("Windows {family} Version {release}"))?, rest));
    }
    // By the version of the system; service packs are what was served last.
    let name = match family {
        "5" => "Windows XP",
        "6" => "Windows Vista",
        "7" => "Windows 7",
        "8" => "Windows 8",
        "8.1" => "Windows 8.1",
        _ => return None,
    };
    Some((Line::named(name)?, rest.trim_start_matches("sp").trim_start_matches(|c: char| c.is_ascii_digit())))
}

fn editions(mark: &str) -> Option<&'static [Edition]> {
    Some(match mark {
        "" => &[],
        "w" => &[Edition::Home, Edition::Pro],
        "e" => &[Edition::Enterprise, Edition::Education],
        "e-lts" | "lts" => &[Edition::LongTerm],
        "iot-lts" => &[Edition::IotLongTerm],
        "iot" => &[Edition::IotCore],
        _ => return None,
    })
}
