//! Several files about one Windows host, joined: `systeminfo` names the system, `Get-HotFix` its updates, `ver` or DISM
//! its exact build, an export of the registry the programs. None of them is complete alone.
//!
//! The rules, in this order:
//!
//! 1. A file that names its host belongs to that host.
//! 2. A file that does not name it belongs to the host whose name stands in the file's name (`SRV01_programs.reg`),
//!    else to the only host that files of the same folder are about. With several hosts it stays alone, which is said.
//!    Two lists of updates that have none in common are of different hosts, whatever their folder: such a file is not
//!    joined, which is said.
//! 3. Files of one host are joined within a folder; across folders only where exactly one of them tells the system.
//!
//! What was joined stands in the inventory that names the system, with the file in front of the place; the other
//! inventory is left with a note.

mod system;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Place};
use crate::inventory::{Component, Inventory, InventoryKind};

/// Name of a component that stands for a Windows of which nothing but its host, its updates or its build is known.
pub const UNNAMED_SYSTEM: &str = "Microsoft Windows";

/// What one file tells about one host.
#[derive(Debug, Clone)]
struct Part {
    inventory: usize,
    asset: usize,
    folder: String,
    /// File name in lower case.
    file: String,
    /// Name of the host, folded.
    host: Option<String>,
    /// True if the file itself names the host.
    names_host: bool,
    /// True if it tells which Windows it is.
    named: bool,
}

/// Parts that are about the same host.
type Groups = BTreeMap<(String, Option<String>), Vec<Part>>;

/// Joins what the inventories tell about the same Windows hosts. Other inventories are left as they are.
///
/// Every inventory that comes from Windows must go through here, also a single one: what a list without a name can
/// tell of its system by the build alone is filled in here, and what nobody tells is said.
pub fn join(inventories: &mut [&mut Inventory]) {
    let parts = parts(inventories);
    let mut groups = group(parts, inventories);
    unite_folders(&mut groups);
    for parts in groups.into_values() {
        join_group(&parts, inventories);
    }
    for inventory in inventories.iter_mut().filter(|inventory| is_windows(inventory.kind)) {
        system::name_by_build(inventory);
    }
}

fn is_windows(kind: InventoryKind) -> bool {
    tells_system(kind) || kind == InventoryKind::WindowsPrograms
}

/// True for inventories whose components stand for operating systems.
fn tells_system(kind: InventoryKind) -> bool {
    matches!(kind, InventoryKind::WindowsSystemInfo | InventoryKind::WindowsUpdates)
}

fn parts(inventories: &[&mut Inventory]) -> Vec<Part> {
    let mut parts = Vec::new();
    for (number, inventory) in inventories.iter().enumerate().filter(|(_, i)| is_windows(i.kind)) {
        let (folder, file) = folder_and_file(&inventory.path);
        for (asset, told) in inventory.assets.iter().enumerate() {
            let host = told.name.as_deref().map(fold_host).filter(|host| !host.is_empty());
            parts.push(Part {
                inventory: number,
                asset,
                folder: folder.clone(),
                file: file.to_lowercase(),
                names_host: host.is_some(),
                host,
                named: system_of(inventory, asset).is_some_and(|component| component.cpe.is_some()),
            });
        }
    }
    parts
}

/// The folder in one spelling (`./dump//a.txt` and `dump\a.txt` are in the same one), and the name of the file.
fn folder_and_file(path: &str) -> (String, &str) {
    let (folder, file) = match path.rfind(['/', '\\']) {
        Some(at) => path.split_at(at + 1),
        None => ("", path),
    };
    let root = if folder.starts_with(['/', '\\']) { "/" } else { "" };
    let steps = folder.split(['/', '\\']).filter(|step| !step.is_empty() && *step != ".");
    (steps.fold(root.to_owned(), |folder, step| folder + step + "/"), file)
}

/// Host names are compared without case and without their domain.
fn fold_host(name: &str) -> String {
    name.trim().trim_start_matches('\\').split('.').next().unwrap_or_default().to_lowercase()
}

/// The component that stands for the operating system of an asset.
fn system_of(inventory: &Inventory, asset: usize) -> Option<&Component> {
    let own = |component: &&Component| component.asset.is_some_and(|own| own as usize == asset);
    if tells_system(inventory.kind) { inventory.components.iter().find(own) } else { None }
}

fn system_mut(inventory: &mut Inventory, asset: usize) -> Option<&mut Component> {
    let own = |component: &&mut Component| component.asset.is_some_and(|own| own as usize == asset);
    if tells_system(inventory.kind) { inventory.components.iter_mut().find(own) } else { None }
}

/// Rules 1 and 2.
fn group(parts: Vec<Part>, inventories: &mut [&mut Inventory]) -> Groups {
    let mut hosts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for part in &parts {
        if let Some(host) = &part.host {
            hosts.entry(part.folder.clone()).or_default().insert(host.clone());
        }
    }
    let mut groups = Groups::new();
    for mut part in parts {
        if part.host.is_none() {
            let beside = hosts.get(&part.folder);
            let count = beside.map_or(0, BTreeSet::len);
            let by_file =
                || beside?.iter().filter(|host| names_host(&part.file, host)).max_by_key(|h| h.len());
            let only = || beside.filter(|hosts| hosts.len() == 1)?.first();
            part.host = by_file().or_else(only).cloned();
            if part.host.is_none() && count > 1 {
                if let Some(inventory) = inventories.get_mut(part.inventory) {
                    let place = Place::file(inventory.path.clone());
                    let warning = Diagnostic::new(Code::HostAmbiguous, place).with("count", count);
                    inventory.diagnostics.push(warning);
                }
                continue;
            }
        }
        groups.entry((part.folder.clone(), part.host.clone())).or_default().push(part);
    }
    groups
}

/// True if the host's name is a word of the file's name.
fn names_host(file: &str, host: &str) -> bool {
    let mut from = 0;
    while let Some(at) = file.get(from..).and_then(|rest| rest.find(host)) {
        let (start, end) = (from + at, from + at + host.len());
        let joins = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '-');
        let before = file.get(..start).and_then(|text| text.chars().next_back());
        let after = file.get(end..).and_then(|text| text.chars().next());
        if !joins(before) && !joins(after) {
            return true;
        }
        from = end;
    }
    false
}

/// Rule 3: a group that does not tell its system goes to the only one of the same host that does.
fn unite_folders(groups: &mut Groups) {
    let tells = |parts: &[Part]| parts.iter().any(|part| part.named);
    let mut by_host: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for ((folder, host), parts) in groups.iter() {
        if let Some(host) = host.as_ref().filter(|_| tells(parts)) {
            by_host.entry(host.clone()).or_default().push(folder.clone());
        }
    }
    let open: Vec<(String, Option<String>)> =
        groups.iter().filter(|(_, parts)| !tells(parts)).map(|(key, _)| key.clone()).collect();
    for key in open {
        let Some([folder]) = key.1.as_ref().and_then(|host| by_host.get(host)).map(Vec::as_slice) else {
            continue;
        };
        let Some(mut parts) = groups.remove(&key) else { continue };
        // A file without a name of its host stays in its folder.
        if let Some(target) = groups.get_mut(&(folder.clone(), key.1.clone())) {
            target.append(&mut parts);
        }
    }
}

fn join_group(parts: &[Part], inventories: &mut [&mut Inventory]) {
    let kind = |part: &Part| inventories.get(part.inventory).map(|inventory| inventory.kind);
    let Some(target) = parts
        .iter()
        .find(|part| part.named)
        .or_else(|| parts.iter().find(|part| kind(part).is_some_and(tells_system)))
        .or(parts.first())
        .cloned()
    else {
        return;
    };
    for part in parts {
        if (part.inventory, part.asset) != (target.inventory, target.asset) {
            join_part(&target, part, inventories);
        }
    }
}

fn join_part(target: &Part, part: &Part, inventories: &mut [&mut Inventory]) {
    let Some(source) = inventories.get(part.inventory) else { return };
    let told = system_of(source, part.asset).cloned();
    let asset = source.assets.get(part.asset).cloned().unwrap_or_default();
    let Some(goal) = inventories.get_mut(target.inventory) else { return };
    let goal_path = goal.path.clone();
    let guessed = !part.names_host || !target.names_host;
    let joined = match (system_mut(goal, target.asset), &told) {
        (Some(own), Some(told)) => match system::strangers(own, told).filter(|_| guessed) {
            Some(pair) => Err(pair),
            None => system::add(own, told),
        },
        _ => Ok(()),
    };
    if joined.is_ok()
        && let Some(own) = goal.assets.get_mut(target.asset)
    {
        system::complete(own, &asset);
    }
    let host = goal.assets.get(target.asset).and_then(|own| own.name.clone()).unwrap_or_default();
    let mut moved = Vec::new();
    if let Some(source) = inventories.get_mut(part.inventory) {
        let place = Place::file(source.path.clone());
        if let Err((first, second)) = joined {
            let warning = Diagnostic::new(Code::HostContradiction, place).with("file", goal_path);
            source.diagnostics.push(warning.with("first", first).with("second", second));
            return;
        }
        moved = take_components(source, part.asset);
        let note = Diagnostic::new(Code::HostJoined, place).with("file", goal_path).with("host", host);
        // One file may tell of the same host twice; once is enough.
        if part.inventory != target.inventory && !source.diagnostics.contains(&note) {
            source.diagnostics.push(note);
        }
    }
    if let Some(goal) = inventories.get_mut(target.inventory) {
        for component in &mut moved {
            component.asset = u32::try_from(target.asset).ok();
        }
        goal.components.edit().append(&mut moved);
    }
}

/// Takes the components of an asset out of an inventory: the operating system is dropped, it was added elsewhere;
/// programs keep their place, with the file in front.
fn take_components(source: &mut Inventory, asset: usize) -> Vec<Component> {
    let system = tells_system(source.kind);
    let own = |component: &Component| component.asset.is_some_and(|own| own as usize == asset);
    let file = source.path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let mut first = true;
    let mut moved = Vec::new();
    let mut kept = Vec::new();
    for mut component in std::mem::take(&mut source.components) {
        if !own(&component) {
            kept.push(component);
        } else if system && std::mem::take(&mut first) {
            // The operating system itself.
        } else {
            component.pointer = format!("{file}: {}", component.pointer);
            moved.push(component);
        }
    }
    if kept.is_empty() {
        source.assets.clear();
    }
    source.components = kept.into();
    moved
}

#[cfg(test)]
mod tests;
