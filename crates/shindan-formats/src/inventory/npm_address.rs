//! Where packages of npm come from, as the lock files of npm, yarn and pnpm write it.

/// True for what is no version but a place: git, a folder, an archive.
pub(super) fn is_location(text: &str) -> bool {
    text.contains("://")
        || ["file:", "git:", "git+", "github:", "gitlab:", "bitbucket:", "gist:"]
            .iter()
            .any(|scheme| text.starts_with(scheme))
}

/// True if the archive has the address form that the registry and its mirrors use (`…/name/-/name-1.0.0.tgz`), or if
/// the lock says no more than that it came from a registry.
pub(super) fn is_registry_archive(resolved: &str) -> bool {
    let web = resolved.starts_with("https://") || resolved.starts_with("http://");
    (web && resolved.contains("/-/")) || !is_location(resolved)
}
