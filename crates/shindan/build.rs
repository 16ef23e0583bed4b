//! Lays the functions that a short answer needs next to each other in the executable. They are a few hundred of some hundred thousand;
//! scattered over all of it, they would make every start read and keep many times the memory that they take.
//!
//! `link-order.txt` names them as `cargo run --release -p xtask -- link-order` found them in a running program. A name that is no longer
//! there is passed over: the executable is then as right, and only less dense. A linker that cannot order functions is left alone.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=link-order.txt");
    // What says how is linked.
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER"] {
        println!("cargo:rerun-if-env-changed={name}");
    }
    let variable = |name: &str| env::var(name).unwrap_or_default();
    // The names are those of this target and of the release profile.
    let target = variable("TARGET");
    if target != "x86_64-unknown-linux-gnu" || variable("HOST") != target || variable("PROFILE") != "release"
    {
        return;
    }
    let (project, made) = (variable("CARGO_MANIFEST_DIR"), variable("OUT_DIR"));
    // A path that is no text cannot be handed on in one.
    if project.is_empty() || made.is_empty() {
        return;
    }
    let order = Path::new(&project).join("link-order.txt");
    let arguments = [
        format!("-Wl,--symbol-ordering-file={}", order.display()),
        "-Wl,--no-warn-symbol-ordering".to_owned(),
    ];
    if links_with(&arguments, Path::new(&made)) {
        for argument in arguments {
            println!("cargo:rustc-link-arg-bin=shindan={argument}");
        }
    }
}

/// True if an empty program is linked with these arguments, in the way in which cargo is going to link the real one.
fn links_with(arguments: &[String], folder: &Path) -> bool {
    let source = folder.join("empty.rs");
    if std::fs::write(&source, "fn main() {}\n").is_err() {
        return false;
    }
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    rustc.arg("--edition=2024").arg(&source).arg("-o").arg(folder.join("empty"));
    if let Ok(flags) = env::var("CARGO_ENCODED_RUSTFLAGS") {
        rustc.args(flags.split('\x1f').filter(|flag| !flag.is_empty()));
    }
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        rustc
            .arg("-C")
            .arg([std::ffi::OsStr::new("linker="), &linker].into_iter().collect::<std::ffi::OsString>());
    }
    rustc.args(arguments.iter().flat_map(|argument| ["-C".to_owned(), format!("link-arg={argument}")]));
    rustc.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}
