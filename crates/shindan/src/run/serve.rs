//! `serve`: the records over HTTP, until the process is asked to end.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use shindan_app::data_folder::DataFolder;
use shindan_app::demo::{self, Demo, DemoAccount};
use shindan_app::records::collect::schedule::Schedule;
use shindan_app::records::collect::sync::Reach;
use shindan_app::records::{Records, RecordsError, setup};
use shindan_server::{Limits, ServeError, Server, Tls};

use super::acting::fail;
use super::notify;
use super::schedule::{Beside, token_in};
use crate::cli::TableOrJson;
use crate::cli::serve::ServeArguments;
use crate::exit::Exit;
use crate::output::{Face, say};

/// How sources are reached.
fn reach(arguments: &ServeArguments) -> Reach {
    Reach {
        proxy: arguments.proxy.clone(),
        ca_files: arguments.ca_files.clone(),
        nvd_key_file: arguments.nvd_key_file.clone(),
    }
}

/// The code of the first start, if there are no records yet.
fn first_start(folder: &DataFolder) -> Result<Option<String>, RecordsError> {
    match Records::open(folder) {
        Ok(_) => Ok(None),
        Err(RecordsError::Missing(_)) => setup::code().map(Some),
        Err(error) => Err(error),
    }
}

/// Listens, says where, and serves.
pub fn serve(arguments: &ServeArguments, face: &Face) -> Exit {
    let folder = DataFolder::new(&arguments.data.data_dir);
    let reach = reach(arguments);
    let path = folder.root().display().to_string();
    let tls = match tls(arguments, face) {
        Ok(tls) => tls,
        Err(exit) => return exit,
    };
    let code = match first_start(&folder) {
        Ok(code) => code,
        Err(error) => return fail(&error, None, TableOrJson::Table, face),
    };
    let options = shindan_web::Options { secure: tls.is_some(), setup: code.clone() };
    let secure = options.secure;
    let pages = |desk| Some(shindan_web::router(desk, options));
    let bound = Server::bind_with_pages(arguments.listen, folder, Limits::default(), reach.clone(), pages);
    let server = match bound {
        Ok(server) => server,
        Err(error) => return told(&error, face),
    };
    let address = server.address();
    let shown = format!("{}://{address}", if tls.is_some() { "https" } else { "http" });
    let server = match tls {
        Some(tls) => server.with_tls(tls),
        None => server,
    };
    say!("{}", face.words.get("cli-serving", &[("path", (&path).into()), ("address", (&shown).into())]));
    if let Some(code) = &code {
        let values = [("address", (&shown).into()), ("code", code.into())];
        say!("{}", face.words.get("cli-serving-setup", &values));
    }
    if !address.ip().is_loopback() && !secure {
        say!("{}", face.words.t("cli-serving-openly"));
    }
    match arguments.schedule_token.as_ref().filter(|_| !arguments.no_schedule) {
        Some(token_file) => with_schedule(server, token_file, arguments, face),
        None => {
            if !arguments.no_schedule {
                say!("{}", face.words.t("cli-schedule-off"));
            }
            server.run();
            Exit::Done
        }
    }
}

/// The certificate, if one is given.
fn tls(arguments: &ServeArguments, face: &Face) -> Result<Option<Tls>, Exit> {
    let (Some(certificates), Some(key)) = (&arguments.tls_cert, &arguments.tls_key) else { return Ok(None) };
    Tls::from_files(certificates, key).map(Some).map_err(|error| {
        let reason = error.to_string();
        say!("{}", face.words.get("cli-serving-tls", &[("reason", (&reason).into())]));
        Exit::Unreadable
    })
}

/// Serves the demo: the hospital at this address, its vendor at the next port, until the process is asked to end.
pub fn serve_demo(demo: &Demo, listen: SocketAddr, face: &Face) -> Exit {
    let vendor_at = SocketAddr::new(listen.ip(), listen.port().checked_add(1).unwrap_or(0));
    let sides = [
        ("cli-demo-hospital", demo.data.clone(), listen, demo::accounts()),
        (
            "cli-demo-vendor",
            DataFolder::new(demo.folder.join("vendor").join("data")),
            vendor_at,
            demo::vendor_accounts(),
        ),
    ];
    let mut servers = Vec::new();
    for (key, folder, address, accounts) in sides {
        let pages = |desk| Some(shindan_web::router(desk, shindan_web::Options::default()));
        let server =
            match Server::bind_with_pages(address, folder, Limits::default(), Reach::default(), pages) {
                Ok(server) => server,
                Err(error) => return told(&error, face),
            };
        let address = format!("http://{}", server.address());
        say!("\n{}", face.words.get(key, &[("address", (&address).into())]));
        for DemoAccount { name, role, password } in accounts {
            say!("  {name}  {}  {password}", face.words.term(role.term()));
        }
        servers.push(server);
    }
    say!("\n{}", face.words.t("cli-demo-serving"));
    std::thread::scope(|scope| {
        for server in servers {
            scope.spawn(|| server.run());
        }
    });
    Exit::Done
}

/// Serves, and looks at sources when they are due.
fn with_schedule(server: Server, token_file: &Path, arguments: &ServeArguments, face: &Face) -> Exit {
    let folder = DataFolder::new(&arguments.data.data_dir);
    let reach = reach(arguments);
    let schedule = match Schedule::new(folder.clone(), &reach) {
        Ok(schedule) => schedule,
        Err(error) => return fail(&error, None, TableOrJson::Table, face),
    };
    let stop = Arc::new(AtomicBool::new(false));
    let sender = match arguments.notify.as_ref().map(|path| notify::sender(path, &stop, face)) {
        Some(None) => return Exit::Usage,
        sender => sender.flatten(),
    };
    let shown = token_file.display().to_string();
    say!("{}", face.words.get("cli-schedule-on", &[("path", (&shown).into())]));
    let beside = Beside { schedule: &schedule, folder: &folder, sender: sender.as_ref(), face, stop: &stop };
    std::thread::scope(|scope| {
        // Whatever ends the server ends the schedule with it: what is under way is recorded as stopped.
        let stopping = Stopping(&stop);
        let serving = scope.spawn(move || {
            let _stopping = stopping;
            server.run();
        });
        beside.go_on(&|| token_in(token_file));
        // A panic of the server has told itself; the exit code must not say that all went well.
        if serving.join().is_ok() { Exit::Done } else { Exit::Unreadable }
    })
}

/// Tells the schedule to stop when the server is gone.
struct Stopping<'a>(&'a AtomicBool);

impl Drop for Stopping<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
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
