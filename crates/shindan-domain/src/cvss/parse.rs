//! Strict reading of CVSS vector strings: one value for every metric that is there, or an error that names it.

use super::metrics::{self, Group, MOST_METRICS};
use super::{CvssError, CvssVersion};

/// No genuine vector is longer: all metrics of v4.0 together have fewer than 250 characters.
const LONGEST: usize = 400;

/// A vector of which every component is known to be valid and every mandatory metric to be present.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vector {
    pub(super) version: CvssVersion,
    /// By the index of the metric in [`metrics::of`]; `None`: not in the vector.
    values: [Option<&'static str>; MOST_METRICS],
}

impl Vector {
    /// Reads a vector string. Parentheses are allowed around CVSS v2 vectors only (NVD's habit).
    pub(super) fn parse(text: &str) -> Result<Vector, CvssError> {
        if text.is_empty() {
            return Err(CvssError::Empty);
        }
        if text.len() > LONGEST {
            return Err(CvssError::TooLong { length: text.len(), limit: LONGEST });
        }
        let (version, body) = split_version(text)?;
        let mut vector = Vector { version, values: [None; MOST_METRICS] };
        for component in body.split('/') {
            vector.take(component)?;
        }
        vector.require_base()?;
        Ok(vector)
    }

    fn take(&mut self, component: &str) -> Result<(), CvssError> {
        if component.is_empty() {
            return Err(CvssError::EmptyComponent);
        }
        let (name, value) = component
            .split_once(':')
            .ok_or_else(|| CvssError::Malformed { component: component.to_owned() })?;
        let (index, metric) = metrics::of(self.version)
            .iter()
            .enumerate()
            .find(|(_, metric)| metric.name == name)
            .ok_or_else(|| CvssError::UnknownMetric { version: self.version, metric: name.to_owned() })?;
        let value = metric.values.iter().copied().find(|allowed| *allowed == value).ok_or_else(|| {
            CvssError::InvalidValue {
                metric: metric.name,
                value: value.to_owned(),
                allowed: metric.values.join(", "),
            }
        })?;
        let slot = self.values.get_mut(index).ok_or(CvssError::NotComputable { version: self.version })?;
        if slot.replace(value).is_some() {
            return Err(CvssError::Duplicate { metric: metric.name });
        }
        Ok(())
    }

    fn require_base(&self) -> Result<(), CvssError> {
        let missing: Vec<&'static str> = metrics::of(self.version)
            .iter()
            .zip(self.values)
            .filter(|(metric, value)| metric.group == Group::Base && value.is_none())
            .map(|(metric, _)| metric.name)
            .collect();
        if missing.is_empty() { Ok(()) } else { Err(CvssError::Missing { metrics: missing }) }
    }

    /// The value of a metric; `None` if it is absent or stated as *not defined*.
    pub(super) fn defined(&self, name: &str) -> Option<&'static str> {
        let index = metrics::of(self.version).iter().position(|metric| metric.name == name)?;
        self.values.get(index).copied().flatten().filter(|value| !matches!(*value, "X" | "ND"))
    }

    /// True if at least one metric of the group is there and defined.
    pub(super) fn has(&self, group: Group) -> bool {
        metrics::of(self.version)
            .iter()
            .any(|metric| metric.group == group && self.defined(metric.name).is_some())
    }

    /// The metrics of these groups as a vector string in the order of the specification, with the version's prefix.
    pub(super) fn rendered(&self, groups: &[Group]) -> String {
        let mut text = self.version.prefix().to_owned();
        for (metric, value) in metrics::of(self.version).iter().zip(self.values) {
            if let (true, Some(value)) = (groups.contains(&metric.group), value) {
                if !text.is_empty() {
                    text.push('/');
                }
                text.push_str(metric.name);
                text.push(':');
                text.push_str(value);
            }
        }
        text
    }
}

/// Splits the version off. A vector without a prefix is CVSS v2, which never had one.
fn split_version(text: &str) -> Result<(CvssVersion, &str), CvssError> {
    if text.starts_with('(') || text.ends_with(')') {
        let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
        let inner = inner.ok_or(CvssError::Parenthesis)?;
        return match split_version(inner)? {
            (CvssVersion::V2, body) if !inner.starts_with('(') => Ok((CvssVersion::V2, body)),
            _ => Err(CvssError::Parenthesis),
        };
    }
    let (first, rest) = text.split_once('/').unwrap_or((text, ""));
    let prefixed = first.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("cvss"));
    if !prefixed {
        // `PR` exists from v3 on: its user forgot the prefix, and "unknown metric" would not help.
        let newer = text.split('/').any(|component| component.starts_with("PR:"));
        return if newer { Err(CvssError::PrefixMissing) } else { Ok((CvssVersion::V2, text)) };
    }
    let version = CvssVersion::ALL
        .into_iter()
        .find(|version| first.strip_prefix("CVSS:") == Some(version.as_str()))
        .ok_or_else(|| CvssError::UnknownVersion { found: first.to_owned() })?;
    Ok((version, rest))
}
