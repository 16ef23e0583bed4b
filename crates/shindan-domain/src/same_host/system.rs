//! One operating system, told by several files.

use crate::cpe;
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::inventory::{Asset, AssetKind, Component, Inventory};
use crate::windows::{self, Line, Product};

use super::tells_system;

/// The line of Windows that a component's CPE name says it is.
fn line_of(component: &Component) -> Option<&'static Line> {
    let (_, vendor, product) = cpe::vendor_product(component.cpe.as_deref()?)?;
    Line::of_cpe(&vendor, &product)
}

/// Adds what another file tells about the same system. What the system is called, and its line, stay.
///
/// # Errors
/// Both versions, if they are of different builds: then nothing is added.
pub(super) fn add(own: &mut Component, told: &Component) -> Result<(), (String, String)> {
    let line = line_of(own).or_else(|| line_of(told));
    let version = match (&own.version, &told.version) {
        (Some(first), Some(second)) => {
            Some(exact(line, first, second).ok_or_else(|| (first.clone(), second.clone()))?)
        }
        (first, second) => first.clone().or_else(|| {
            second
                .as_ref()
                .map(|second| line.and_then(|line| line.build_of(second)).unwrap_or_else(|| second.clone()))
        }),
    };
    own.version = version;
    if own.cpe.is_none() && told.cpe.is_some() {
        own.cpe.clone_from(&told.cpe);
        own.name.clone_from(&told.name);
    }
    match (&mut own.updates, &told.updates) {
        (Some(known), Some(more)) => {
            for update in more {
                if !known.contains(update) {
                    known.push(update.clone());
                }
            }
        }
        (known @ None, Some(more)) => *known = Some(more.clone()),
        (_, None) => {}
    }
    Ok(())
}

/// One update of each, if both tell their updates and have none in common. `systeminfo` and `Get-HotFix` read the same
/// list, of which the older entries stay for years: two lists without a common entry are of two hosts.
pub(super) fn strangers(own: &Component, told: &Component) -> Option<(String, String)> {
    let (known, more) = (own.updates.as_deref()?, told.updates.as_deref()?);
    let pair = (known.first()?.clone(), more.first()?.clone());
    let same = |update: &String| known.iter().any(|other| other.eq_ignore_ascii_case(update));
    (!more.iter().any(same)).then_some(pair)
}

/// The more exact of two versions; of two exact ones the higher, which is that of the later file: a system does not
/// go back. `None` if they are of different builds.
fn exact(line: Option<&Line>, first: &str, second: &str) -> Option<String> {
    let own =
        |version: &str| line.and_then(|line| line.build_of(version)).unwrap_or_else(|| version.to_owned());
    let (first, second) = (own(first), own(second));
    let (build, revision) = split(&first);
    let (other, other_revision) = split(&second);
    if build != other {
        return None;
    }
    Some(if revision >= other_revision { first } else { second })
}

/// Build and revision of a version; a text of another form is a build as a whole.
fn split(version: &str) -> (&str, Option<u64>) {
    if !windows::revision_known(version) {
        return (version, None);
    }
    match version.rsplit_once('.') {
        Some((build, revision)) => (build, revision.parse().ok()),
        None => (version, None),
    }
}

/// Fills in what an asset lacks.
pub(super) fn complete(own: &mut Asset, told: &Asset) {
    let fields = [
        (&mut own.name, &told.name),
        (&mut own.maker, &told.maker),
        (&mut own.model, &told.model),
        (&mut own.serial, &told.serial),
        (&mut own.os, &told.os),
        (&mut own.kind_text, &told.kind_text),
    ];
    for (own, told) in fields {
        if own.is_none() {
            own.clone_from(told);
        }
    }
    own.kind = own.kind.or(told.kind);
}

/// Gives a system that no file names the name that its build has, if only one has it. What stays without a name is
/// said.
pub(super) fn name_by_build(inventory: &mut Inventory) {
    if !tells_system(inventory.kind) {
        return;
    }
    let Inventory { components, assets, diagnostics, path, .. } = inventory;
    for component in components.iter_mut().filter(|component| is_nameless(component)) {
        let version = component.version.clone().unwrap_or_default();
        let lines = [true, false].map(|server| Line::of_build(server, &version));
        if let ([Some(line), None] | [None, Some(line)], super::UNNAMED_SYSTEM) =
            (lines, component.name.as_str())
        {
            line.name.clone_into(&mut component.name);
            component.cpe = Some(Product::of_line(line).cpe());
            let asset = component.asset.and_then(|asset| assets.get_mut(asset as usize));
            if let Some(asset) = asset {
                let kind = if line.server { AssetKind::Server } else { AssetKind::Terminal };
                asset.kind = asset.kind.or(Some(kind));
                asset.os.get_or_insert_with(|| line.name.to_owned());
            }
            continue;
        }
        let name = format!("{} {version}", component.name);
        let warning = Diagnostic::new(Code::WindowsNotNamed, Place::file(path.clone()));
        diagnostics.push(warning.with("name", name.trim()));
    }
}

/// Programs, which joined inventories hold as well, have a maker or a model.
fn is_nameless(component: &Component) -> bool {
    !component.program && component.cpe.is_none()
}
