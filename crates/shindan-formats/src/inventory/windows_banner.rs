//! The line with which a console says which build of Windows it runs on: `ver`, the head of every `cmd` window, and the
//! box that `winver` shows. Since Windows 10 it tells the revision, which `systeminfo` does not.

/// The build in a line, with the revision if the line tells it: `Microsoft Windows [Version 10.0.17763.5576]`,
/// `バージョン 1809 (OS ビルド 17763.5576)`.
pub(super) fn build_in(line: &str) -> Option<String> {
    console(line).or_else(|| box_of_winver(line))
}

fn console(line: &str) -> Option<String> {
    let (_, inner) = line.split_once("Microsoft Windows [")?;
    let (inner, _) = inner.split_once(']')?;
    let version = inner.split_whitespace().last()?;
    let parts: Vec<&str> = version.split('.').collect();
    let fits = (3..=4).contains(&parts.len()) && parts.iter().all(|part| is_number(part));
    fits.then(|| version.to_owned())
}

fn box_of_winver(line: &str) -> Option<String> {
    let lower = line.to_lowercase();
    let at = ["(os build ", "(os ビルド ", "(ビルド "]
        .iter()
        .find_map(|mark| Some(lower.find(mark)? + mark.len()))?;
    let (inner, _) = lower.get(at..)?.split_once(')')?;
    let (build, revision) = inner.trim().split_once('.')?;
    (is_number(build) && is_number(revision) && build.len() == 5).then(|| format!("10.0.{build}.{revision}"))
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.len() < 8 && part.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn banners() {
        for (line, expected) in [
            ("Microsoft Windows [Version 10.0.20348.2340]", Some("10.0.20348.2340")),
            ("Microsoft Windows [Version 6.1.7601]", Some("6.1.7601")),
            ("> Microsoft Windows [バージョン 10.0.19045.3930] ", Some("10.0.19045.3930")),
            ("Microsoft Windows [Version 10]", None),
            ("Microsoft Windows [Version 10.0.x.1]", None),
            ("Version 22H2 (OS Build 19045.3930)", Some("10.0.19045.3930")),
            ("バージョン 1809 (OS ビルド 17763.5576)", Some("10.0.17763.5576")),
            ("Version 6.1 (Build 7601: Service Pack 1)", None),
            ("Microsoft Windows Server 2019", None),
        ] {
            assert_eq!(build_in(line).as_deref(), expected, "{line}");
        }
    }
}
