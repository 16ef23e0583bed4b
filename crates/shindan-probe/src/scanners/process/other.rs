//! Processes where there are no groups (Windows): the child alone is ended. What it started may live on; the scanners of the
//! pack that run there start nothing.

use super::{Child, Command, Path, PathBuf, io};

/// The file, if it is a program.
pub(crate) fn program(path: &Path) -> Option<PathBuf> {
    let path = path.with_extension("exe");
    path.is_file().then_some(path)
}

pub(super) fn private(_: &mut tempfile::Builder<'_, '_>) {}

pub(super) fn in_a_group(_: &mut Command) {}

pub(super) fn has_ended(child: &mut Child) -> io::Result<bool> {
    Ok(child.try_wait()?.is_some())
}

pub(super) fn ask_to_end(_: &Child) {}

pub(super) fn kill(child: &mut Child) {
    // An error says that it has ended already, which is what is wanted.
    drop(child.kill());
}
