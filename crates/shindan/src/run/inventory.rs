//! `inventory import | undo | imports | show | remove | map`

use shindan_app::clock;
use shindan_app::data_folder::DataFolder;
use shindan_app::error::AppError;
use shindan_app::register::{self, GivenMapping, ImportOptions};
use shindan_domain::asset_ledger::Unsettled;
use shindan_domain::comparison::KeptPart;
use shindan_domain::devices::ConfirmedIdentity;
use shindan_domain::register::RegisteredAsset;
use shindan_report::{asset_list, json, table};

use super::keeping::{keep, named};
use super::{fail, not_written};
use crate::cli::acting::Keeping;
use crate::cli::inventory::{
    AssetsFormat, Author, ImportArguments, InventoryCommand, MapCommand, MapSetArguments,
};
use crate::cli::{DataFolder as Data, TableOrJson};
use crate::exit::Exit;
use crate::output::{Face, write_to};

/// Runs a verb of `inventory`.
pub fn run(command: InventoryCommand, face: &Face) -> Exit {
    let ended = match command {
        InventoryCommand::Import(arguments) => {
            return import(arguments, face).unwrap_or_else(|exit| exit);
        }
        InventoryCommand::Undo { data, author, format } => undo(data, author, format, face),
        InventoryCommand::Imports { data, format } => imports(&DataFolder::new(data.data_dir), format, face),
        InventoryCommand::Show { data, unsettled, format } => {
            show(&DataFolder::new(data.data_dir), unsettled, format, face)
        }
        InventoryCommand::Remove { asset, reason, data, author } => {
            return remove(data, author, &asset, &reason, face).unwrap_or_else(|exit| exit);
        }
        InventoryCommand::Map(command) => map(command, face),
    };
    ended.unwrap_or_else(|error| fail(&error, face))
}

fn import(arguments: ImportArguments, face: &Face) -> Result<Exit, Exit> {
    let ImportArguments { file, data, preview, author, format, .. } = arguments;
    let options = ImportOptions {
        strict: arguments.strict,
        mapping: arguments.mapping.map(GivenMapping::File),
        name: None,
        save_mapping: arguments.save_mapping,
        sheet: arguments.sheet,
        ledger: arguments.ledger,
    };
    let now = clock::now();
    let report = if preview {
        let folder = DataFolder::new(data.data_dir);
        register::import(&folder, &file, &options, None, now).map_err(|error| fail(&error, face))?
    } else {
        change(data, author, face, |folder, author| {
            register::import(folder, &file, &options, Some(author), now)
        })?
    };
    face.tell(&report.reading.diagnostics);
    let written = write_to(None, |out| match format {
        TableOrJson::Json => Ok(json::write_import(&report, out)?),
        TableOrJson::Table => {
            let text = table::import(&report, preview, &face.words, &face.style(None));
            out.write_all(text.as_bytes())
        }
    });
    written.map_err(|error| not_written(&error, face))?;
    Ok(if register::is_partial(&report) { Exit::Unreadable } else { Exit::Done })
}

/// Changes the register: with a personal token as soon as the installation is set up.
fn change<T>(
    data: Data,
    author: Author,
    face: &Face,
    work: impl FnOnce(&DataFolder, &shindan_app::author::Author) -> Result<T, AppError>,
) -> Result<T, Exit> {
    let Author { by, token } = author;
    keep(Keeping { data, token }, by.as_deref(), KeptPart::Register, face, work)
}

fn undo(data: Data, author: Author, format: TableOrJson, face: &Face) -> Result<Exit, AppError> {
    let folder = DataFolder::new(&data.data_dir);
    let undone =
        match change(data, author, face, |folder, author| register::undo(folder, author, clock::now())) {
            Ok(undone) => undone,
            Err(exit) => return Ok(exit),
        };
    if format == TableOrJson::Json {
        return imports(&folder, format, face);
    }
    Ok(say(&table::undone(&undone, &face.words), face))
}

fn imports(folder: &DataFolder, format: TableOrJson, face: &Face) -> Result<Exit, AppError> {
    let mut register = register::load(folder)?;
    if format == TableOrJson::Table {
        register.imports.iter_mut().for_each(|import| import.by = named(folder, &import.by));
    }
    let written = write_to(None, |out| match format {
        TableOrJson::Json => Ok(json::write_imports(&register, out)?),
        TableOrJson::Table => {
            out.write_all(table::imports(&register, &face.words, &face.style(None)).as_bytes())
        }
    });
    Ok(written.map_or_else(|error| not_written(&error, face), |()| Exit::Done))
}

fn show(folder: &DataFolder, unsettled: bool, format: AssetsFormat, face: &Face) -> Result<Exit, AppError> {
    let register = register::load(folder)?;
    let wanted = |asset: &&RegisteredAsset| !unsettled || !Unsettled::of(&asset.asset).is_empty();
    let assets: Vec<&RegisteredAsset> = register.assets.values().filter(wanted).collect();
    let written = write_to(None, |out| match format {
        AssetsFormat::Json => Ok(json::write_assets(&assets, out)?),
        AssetsFormat::Csv => out.write_all(asset_list::assets(&assets, &face.words).as_bytes()),
        AssetsFormat::Table => {
            out.write_all(table::assets(&assets, &face.words, &face.style(None)).as_bytes())
        }
    });
    Ok(written.map_or_else(|error| not_written(&error, face), |()| Exit::Done))
}

fn remove(data: Data, author: Author, asset: &str, reason: &str, face: &Face) -> Result<Exit, Exit> {
    let removed = change(data, author, face, |folder, author| {
        register::remove(folder, asset, reason, author, clock::now())
    })?;
    let text = face.words.get("inventory-removed", &[("key", (&removed.key).into())]);
    Ok(say(&format!("{text}\n"), face))
}

fn map(command: MapCommand, face: &Face) -> Result<Exit, AppError> {
    match command {
        MapCommand::List { data, format } => list(&DataFolder::new(data.data_dir), format, face),
        MapCommand::Set(arguments) => Ok(set(arguments, face).unwrap_or_else(|exit| exit)),
        MapCommand::Remove { maker, model, data, author } => {
            let withdrawn = change(data, author, face, |folder, author| {
                register::withdraw(folder, &maker, &model, author, clock::now())
            });
            Ok(withdrawn
                .map_or_else(|exit| exit, |number| recorded("map-removed", &maker, &model, number, face)))
        }
    }
}

fn list(folder: &DataFolder, format: TableOrJson, face: &Face) -> Result<Exit, AppError> {
    let mut register = register::load(folder)?;
    if format == TableOrJson::Table {
        register.identities.iter_mut().for_each(|entry| entry.by = named(folder, &entry.by));
    }
    let unresolved = register::unresolved(folder, clock::now())?;
    let written = write_to(None, |out| match format {
        TableOrJson::Json => Ok(json::write_map(&unresolved, &register.identities, out)?),
        TableOrJson::Table => {
            let text = table::map(&unresolved, &register.identities, &face.words, &face.style(None));
            out.write_all(text.as_bytes())
        }
    });
    Ok(written.map_or_else(|error| not_written(&error, face), |()| Exit::Done))
}

fn set(arguments: MapSetArguments, face: &Face) -> Result<Exit, Exit> {
    let MapSetArguments { maker, model, product, cpe, none: _, reason, data, author } = arguments;
    let identity = match reason {
        Some(reason) => ConfirmedIdentity::JudgedByHand { reason },
        None => ConfirmedIdentity::Products(product.into_iter().chain(cpe).collect()),
    };
    let number = change(data, author, face, |folder, author| {
        register::confirm(folder, &maker, &model, identity, author, clock::now())
    })?;
    Ok(recorded("map-set", &maker, &model, number, face))
}

fn recorded(key: &str, maker: &str, model: &str, number: u64, face: &Face) -> Exit {
    let values = [("maker", maker.into()), ("model", model.into()), ("number", number.into())];
    say(&format!("{}\n", face.words.get(key, &values)), face)
}

fn say(text: &str, face: &Face) -> Exit {
    let written = write_to(None, |out| out.write_all(text.as_bytes()));
    written.map_or_else(|error| not_written(&error, face), |()| Exit::Done)
}
