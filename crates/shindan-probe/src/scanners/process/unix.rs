//! Processes on Unix: a group of its own for each child, and signals to the whole group.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::{Child, Command, Path, PathBuf, io};

/// The file, if it is a program.
pub(crate) fn program(path: &Path) -> Option<PathBuf> {
    let file = std::fs::metadata(path).ok()?;
    (file.is_file() && file.permissions().mode() & 0o111 != 0).then(|| path.to_owned())
}

pub(super) fn private(builder: &mut tempfile::Builder<'_, '_>) {
    builder.permissions(Permissions::from_mode(0o700));
}

pub(super) fn in_a_group(command: &mut Command) {
    command.process_group(0);
}

fn group(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}

/// Looks whether it has ended, and leaves it to be waited for: its number must not go to another process yet.
pub(super) fn has_ended(child: &mut Child) -> io::Result<bool> {
    let Some(pid) = group(child) else { return Ok(true) };
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    match waitid(WaitId::Pid(pid), options) {
        Ok(status) => Ok(status.is_some()),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn send(child: &Child, signal: Signal) {
    if let Some(pid) = group(child) {
        // An error says that nobody of the group is left, which is what is wanted.
        let _nobody_is_left = kill_process_group(pid, signal);
    }
}

pub(super) fn ask_to_end(child: &Child) {
    send(child, Signal::TERM);
}

pub(super) fn kill(child: &mut Child) {
    send(child, Signal::KILL);
}
