//! Programs of Microsoft's: their CPE names, and how their versions count.
//!
//! Source: the CPE names and versions of Microsoft's own CVE records (2020 to 2025).

/// How the versions of a program count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Counting {
    /// What the first version begins with: `17.9` of *Visual Studio 2022 version 17.9*, `15.2` of *Exchange Server 2019*.
    first: Option<String>,
    /// True if a version that does not begin with the major number of `first` is none of this program.
    strict: bool,
}

impl Counting {
    /// True if `build` may be a version of the program.
    pub(super) fn counts(&self, build: &str) -> bool {
        match &self.first {
            Some(first) if self.strict => major(first) == major(build),
            // Of a program whose counting is not known, an installer's own number is none: nothing ends at it.
            _ => !matches!(build, "1.001" | "1.000" | "1.1.0.0" | "1.0.0.0"),
        }
    }

    /// The first version, if it goes before `fixed` without doubt: it begins like it.
    pub(super) fn first(&self, fixed: &str) -> Option<&str> {
        let first = self.first.as_deref()?;
        (major(first) == major(fixed)).then_some(first)
    }
}

fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or_default().trim_start_matches('0')
}

/// How a program's name begins, its CPE product names, and its first version where the name does not tell it.
///
/// Exchange and SQL Server have none: Microsoft serves several states of one product at a time (cumulative updates, GDR),
/// each with a fixed build of its own, and the name of the state is the only thing that tells them apart.
const PROGRAMS: &[(&str, &[&str], Option<&str>)] = &[
    ("Microsoft Edge (Chromium-based)", &["edge_chromium"], None),
    ("Microsoft Edge (EdgeHTML-based)", &["edge"], None),
    ("Internet Explorer", &["internet_explorer"], None),
    ("Microsoft .NET Framework", &[".net_framework"], None),
    (".NET ", &[".net"], None),
    ("ASP.NET Core", &["asp.net_core"], None),
    ("PowerShell", &["powershell"], None),
    ("Visual Studio Code", &["visual_studio_code"], None),
    ("Microsoft Visual Studio 2017", &["visual_studio_2017", "visual_studio"], None),
    ("Microsoft Visual Studio 2019", &["visual_studio_2019", "visual_studio"], None),
    ("Microsoft Visual Studio 2022", &["visual_studio_2022", "visual_studio"], None),
    ("Microsoft Exchange Server 2013", &[], Some("15.0")),
    ("Microsoft Exchange Server 2016", &[], Some("15.1")),
    ("Microsoft Exchange Server 2019", &[], Some("15.2")),
    ("Microsoft SQL Server 2014", &[], Some("12.0")),
    ("Microsoft SQL Server 2016", &[], Some("13.0")),
    ("Microsoft SQL Server 2017", &[], Some("14.0")),
    ("Microsoft SQL Server 2019", &[], Some("15.0")),
    ("Microsoft SQL Server 2022", &[], Some("16.0")),
];

/// CPE names and counting of a program.
pub(super) fn known(name: &str) -> (Vec<String>, Counting) {
    let Some((front, products, first)) = PROGRAMS.iter().find(|(front, ..)| name.starts_with(front)) else {
        return (Vec::new(), Counting::default());
    };
    let cpes = products.iter().map(|p| format!("cpe:2.3:a:microsoft:{p}:*:*:*:*:*:*:*:*")).collect();
    let told = first.map(str::to_owned).or_else(|| told(name, front));
    let strict = told.is_some();
    (cpes, Counting { first: told, strict })
}

/// The first version that the name itself tells: `.NET 8.0`, `… version 17.9`, `… version 15.9 (includes 15.0 - 15.8)`.
fn told(name: &str, front: &str) -> Option<String> {
    let behind = |word: &str| name.split_once(word).map(|(_, rest)| rest);
    let rest = behind("(includes ").or_else(|| behind(" version ")).or_else(|| name.get(front.len()..))?;
    let number: String = rest.trim_start().chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let number = number.trim_end_matches('.');
    (!number.is_empty()).then(|| number.to_owned())
}

/// The name without the number of bits, which says nothing about what is affected: `Microsoft Excel 2016 (32-bit
/// edition)`, `Microsoft Office 2019 for 64-bit editions`.
pub(super) fn without_editions(name: &str) -> &str {
    const ENDS: [&str; 9] = [
        "(32-bit edition)",
        "(64-bit edition)",
        "(32-bit editions)",
        "(64-bit editions)",
        "(32-bit)",
        "(64-bit)",
        "for 32-bit editions",
        "for 64-bit editions",
        "for x64-based Systems",
    ];
    let found = ENDS.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name).trim_end();
    if found.is_empty() { name } else { found }
}
