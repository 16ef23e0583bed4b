//! What the definition of each type adds to the general rules. Source: purl type definitions.

use std::borrow::Cow;

use super::{Purl, PurlError, lowered};

/// Normalises and checks a purl after the rules of its type.
pub(super) fn apply(purl: &mut Purl<'_>) -> Result<(), PurlError> {
    match purl.kind.as_ref() {
        "alpm" | "apk" | "bitbucket" | "brew" | "composer" | "deb" | "git" | "gitee" | "github"
        | "githubactions" | "golang" | "hex" | "luarocks" | "npm" => {
            lower_namespace(purl);
            lower_name(purl);
        }
        "bitnami" | "oci" => lower_name(purl),
        "qpkg" | "rpm" | "yocto" => lower_namespace(purl),
        "huggingface" => lower_version(purl),
        "pypi" => {
            replace_name(purl, pep_503);
            lower_version(purl);
        }
        "pub" => replace_name(purl, pub_name),
        // Azure Databricks folds case, Azure ML does not.
        "mlflow" if purl.qualifier("repository_url").is_some_and(|url| url.contains("azuredatabricks")) => {
            lower_name(purl);
        }
        "vscode-extension" => {
            require(purl, purl.namespace.is_some(), "needs the publisher as namespace")?;
            lower_namespace(purl);
            lower_name(purl);
            lower_version(purl);
        }
        "swift" => require(purl, purl.namespace.is_some(), "needs the host and owner as namespace")?,
        "otp" => {
            require(purl, purl.namespace.is_none(), "has no namespace")?;
            lower_name(purl);
        }
        "vcpkg" => require(purl, purl.namespace.is_none(), "has no namespace")?,
        "julia" => {
            require(purl, purl.namespace.is_none(), "has no namespace")?;
            require(purl, purl.qualifier("uuid").is_some(), "needs the qualifier uuid")?;
        }
        "cpan" => {
            require(purl, !purl.name.contains("::"), "names the distribution, not a module with \"::\"")?;
        }
        "chrome-extension" => {
            let id = purl.name.len() == 32 && purl.name.bytes().all(|b| b.is_ascii_lowercase());
            require(purl, id, "has a name of 32 letters")?;
            let version = purl.version.as_deref().is_none_or(is_chrome_version);
            require(purl, version, "has a version of one to four numbers")?;
        }
        _ => {}
    }
    Ok(())
}

fn require(purl: &Purl<'_>, holds: bool, rule: &'static str) -> Result<(), PurlError> {
    if holds { Ok(()) } else { Err(PurlError::TypeRule { kind: purl.kind.clone().into_owned(), rule }) }
}

fn lower_namespace(purl: &mut Purl<'_>) {
    purl.namespace = purl.namespace.take().map(lowered);
}

fn lower_name(purl: &mut Purl<'_>) {
    replace_name(purl, lowered);
}

fn lower_version(purl: &mut Purl<'_>) {
    purl.version = purl.version.take().map(lowered);
}

fn replace_name<'a>(purl: &mut Purl<'a>, rule: fn(Cow<'a, str>) -> Cow<'a, str>) {
    purl.name = rule(std::mem::take(&mut purl.name));
}

fn is_chrome_version(version: &str) -> bool {
    let mut count = 0;
    version.split('.').all(|part| {
        count += 1;
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())
    }) && count <= 4
}

/// PEP 503: lower case, and every run of `-`, `_` and `.` becomes one `-`.
pub(super) fn pep_503(name: Cow<'_, str>) -> Cow<'_, str> {
    let mut after_dash = false;
    let normal = name.chars().all(|c| {
        let fits = !c.is_uppercase() && c != '_' && c != '.' && !(c == '-' && after_dash);
        after_dash = c == '-';
        fits
    });
    if normal {
        return name;
    }
    let mut result = String::with_capacity(name.len());
    for c in name.chars() {
        if matches!(c, '-' | '_' | '.') {
            if !result.ends_with('-') {
                result.push('-');
            }
        } else {
            result.extend(c.to_lowercase());
        }
    }
    Cow::Owned(result)
}

/// Pub knows only lower case and underscores.
pub(super) fn pub_name(name: Cow<'_, str>) -> Cow<'_, str> {
    let name = lowered(name);
    if name.contains('-') { Cow::Owned(name.replace('-', "_")) } else { name }
}
