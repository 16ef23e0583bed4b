//! The part of an address after `?`: known names only, each once.

use crate::problem::Problem;

/// Names and values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// From what was decoded; a name that is not in `known`, or comes twice, is refused rather than ignored.
    pub(crate) fn new(pairs: Vec<(String, String)>, known: &[&str]) -> Result<Pairs, Problem> {
        for (place, (name, value)) in pairs.iter().enumerate() {
            let twice = pairs.iter().take(place).any(|(before, _)| before == name);
            if twice || !known.contains(&name.as_str()) {
                return Err(invalid(name, value));
            }
        }
        Ok(Pairs(pairs))
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// A value of another type; `fallback` if it is not given.
    pub(crate) fn parsed<T: std::str::FromStr>(&self, name: &str, fallback: T) -> Result<T, Problem> {
        match self.text(name) {
            Some(text) => text.parse().map_err(|_| invalid(name, text)),
            None => Ok(fallback),
        }
    }

    /// A number from 1 to `most`.
    pub(crate) fn limit(&self, fallback: u32, most: u32) -> Result<u32, Problem> {
        let limit = self.parsed("limit", fallback)?;
        if (1..=most).contains(&limit) { Ok(limit) } else { Err(invalid("limit", &limit.to_string())) }
    }
}

/// A value in the address that cannot be understood.
pub(crate) fn invalid(name: &str, value: &str) -> Problem {
    Problem::new("query-invalid", 400).with("name", name).with("value", value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Result<Pairs, Problem> {
        Pairs::new(list.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect(), &["limit", "text"])
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(
            pairs(&[("limit", "3"), ("text", "")])
                .is_ok_and(|p| p.limit(5, 9) == Ok(3) && p.text("text").is_none())
        );
        assert_eq!(pairs(&[("limt", "3")]).unwrap_err().code(), "query-invalid");
        assert_eq!(pairs(&[("limit", "3"), ("limit", "4")]).unwrap_err().code(), "query-invalid");
        for wrong in ["0", "10", "-1", "x", "3.5"] {
            assert!(pairs(&[("limit", wrong)]).unwrap().limit(5, 9).is_err(), "{wrong}");
        }
        assert_eq!(pairs(&[]).unwrap().limit(5, 9), Ok(5));
    }
}
