//! `serve`: the records over HTTP, until the process is asked to end.

use shindan_app::data_folder::DataFolder;
use shindan_server::{Limits, ServeError, Server};

use super::acting::fail;
use crate::cli::TableOrJson;
use crate::cli::serve::ServeArguments;
use crate::exit::Exit;
use crate::output::{Face, say};

/// Listens, says where, and serves.
pub fn serve(arguments: &ServeArguments, face: &Face) -> Exit {
    let folder = DataFolder::new(&arguments.data.data_dir);
    let path = folder.root().display().to_string();
    let server = match Server::bind(arguments.listen, folder, Limits::default()) {
        Ok(server) => server,
        Err(error) => return told(&error, face),
    };
    let address = server.address();
    let shown = address.to_string();
    say!("{}", face.words.get("cli-serving", &[("path", (&path).into()), ("address", (&shown).into())]));
    if !address.ip().is_loopback() {
        say!("{}", face.words.t("cli-serving-openly"));
    }
    server.run();
    Exit::Done
}

fn told(error: &ServeError, face: &Face) -> Exit {
    match error {
        ServeError::Records(error) => return fail(error, None, TableOrJson::Table, face),
        ServeError::Address { address, error } => {
            let (address, reason) = (address.to_string(), error.to_string());
            let values = [("address", (&address).into()), ("reason", (&reason).into())];
            say!("{}", face.words.get("cli-serving-address", &values));
        }
        ServeError::Threads(error) => {
            let reason = error.to_string();
            say!("{}", face.words.get("cli-serving-threads", &[("reason", (&reason).into())]));
        }
    }
    Exit::Unreadable
}
