//! A decision table: one outcome for every combination of answers.

use serde::{Deserialize, Serialize};

use super::point::{DecisionPoint, PointValues};
use super::{Decision, DecisionPoint as Point};

/// A complete decision table. Invariant: no point twice, and exactly one outcome for every combination of values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct DecisionTable {
    id: String,
    points: Vec<DecisionPoint>,
    /// Row by row, the last point changing fastest.
    outcomes: Vec<Decision>,
}

/// A table as it is stored: whether it is complete is not known yet.
#[derive(Deserialize)]
struct Stored {
    id: String,
    points: Vec<DecisionPoint>,
    outcomes: Vec<Decision>,
}

impl TryFrom<Stored> for DecisionTable {
    type Error = TableError;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let Stored { id, points, outcomes } = stored;
        let expected = combinations(&points)?;
        match outcomes.len() {
            found if found < expected => {
                Err(TableError::MissingRow { values: values_at(&points, found).join(" / ") })
            }
            found if found > expected => Err(TableError::RowsBeyond { found, expected }),
            _ => Ok(DecisionTable { id, points, outcomes }),
        }
    }
}

/// Why rows do not make a table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// No question, so no table.
    #[error("the table has no decision point")]
    NoPoints,
    /// A question twice.
    #[error("decision point {0} stands twice")]
    DuplicatePoint(&'static str),
    /// A row has too few or too many values.
    #[error("row {row} has {found} values, {expected} are expected")]
    RowLength {
        /// Number of the row, from 1.
        row: usize,
        /// Values found.
        found: usize,
        /// Values expected.
        expected: usize,
    },
    /// A value that the point does not have.
    #[error("row {row}: {point} has no value \"{value}\"; one of {allowed}")]
    UnknownValue {
        /// Number of the row, from 1.
        row: usize,
        /// Which point.
        point: &'static str,
        /// As given.
        value: String,
        /// What it may be.
        allowed: String,
    },
    /// A combination twice.
    #[error("row {row} repeats the combination {values}")]
    DuplicateRow {
        /// Number of the row, from 1.
        row: usize,
        /// The combination.
        values: String,
    },
    /// More outcomes than combinations.
    #[error("{found} outcomes for {expected} combinations")]
    RowsBeyond {
        /// Outcomes found.
        found: usize,
        /// Combinations.
        expected: usize,
    },
    /// A combination without an outcome.
    #[error("no row gives the outcome of {values}")]
    MissingRow {
        /// The combination.
        values: String,
    },
}

impl DecisionTable {
    /// Makes a table from rows in any order; each row has one value per point and an outcome.
    ///
    /// # Errors
    /// The first [`TableError`] found. Incomplete tables are refused: there is no default outcome.
    pub fn new<'a, R>(id: impl Into<String>, points: Vec<Point>, rows: R) -> Result<Self, TableError>
    where
        R: IntoIterator<Item = (Vec<&'a str>, Decision)>,
    {
        let mut outcomes: Vec<Option<Decision>> = vec![None; combinations(&points)?];
        for (number, (values, outcome)) in rows.into_iter().enumerate() {
            let row = number + 1;
            let index = row_index(&points, &values, row)?;
            match outcomes.get_mut(index) {
                Some(slot @ None) => *slot = Some(outcome),
                _ => return Err(TableError::DuplicateRow { row, values: values.join(" / ") }),
            }
        }
        let outcomes = outcomes
            .into_iter()
            .enumerate()
            .map(|(index, outcome)| {
                outcome
                    .ok_or_else(|| TableError::MissingRow { values: values_at(&points, index).join(" / ") })
            })
            .collect::<Result<_, _>>()?;
        Ok(DecisionTable { id: id.into(), points, outcomes })
    }

    /// Identifier with version, such as `ssvc:DT_DP:1.0.0`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The questions, in the order of the table.
    pub fn points(&self) -> &[DecisionPoint] {
        &self.points
    }

    /// The outcome for these answers: one multiplication and addition per point, no text is compared.
    pub fn outcome(&self, values: &PointValues) -> Decision {
        let index =
            self.points.iter().fold(0, |index, point| index * point.values().len() + values.index(*point));
        // Always there, by the invariant. Were it not, the most urgent answer would be the safe one.
        self.outcomes.get(index).copied().unwrap_or(Decision::Immediate)
    }

    /// Every row: the values in the order of the points, and the outcome.
    pub fn rows(&self) -> impl Iterator<Item = (Vec<&'static str>, Decision)> + '_ {
        self.outcomes.iter().enumerate().map(|(index, outcome)| (values_at(&self.points, index), *outcome))
    }
}

/// How many combinations of answers there are.
fn combinations(points: &[Point]) -> Result<usize, TableError> {
    if points.is_empty() {
        return Err(TableError::NoPoints);
    }
    for (index, point) in points.iter().enumerate() {
        if points.iter().skip(index + 1).any(|other| other == point) {
            return Err(TableError::DuplicatePoint(point.as_str()));
        }
    }
    Ok(points.iter().map(|point| point.values().len()).product())
}

fn row_index(points: &[DecisionPoint], values: &[&str], row: usize) -> Result<usize, TableError> {
    if values.len() != points.len() {
        return Err(TableError::RowLength { row, found: values.len(), expected: points.len() });
    }
    points.iter().zip(values).try_fold(0, |index, (point, value)| {
        let allowed = point.values();
        let position =
            allowed.iter().position(|known| known == value).ok_or_else(|| TableError::UnknownValue {
                row,
                point: point.as_str(),
                value: (*value).to_owned(),
                allowed: allowed.join(", "),
            })?;
        Ok(index * allowed.len() + position)
    })
}

fn values_at(points: &[DecisionPoint], index: usize) -> Vec<&'static str> {
    let mut rest = index;
    let mut values: Vec<&'static str> = points
        .iter()
        .rev()
        .map(|point| {
            let allowed = point.values();
            let value = allowed.get(rest % allowed.len()).copied().unwrap_or_default();
            rest /= allowed.len();
            value
        })
        .collect();
    values.reverse();
    values
}

#[cfg(test)]
mod tests {
    use super::super::{Exploitation, HumanImpact};
    use super::*;
    use crate::inventory::Exposure;

    const POINTS: [Point; 2] = [Point::Exposure, Point::Automatable];

    fn rows() -> Vec<(Vec<&'static str>, Decision)> {
        vec![
            (vec!["small", "no"], Decision::Defer),
            (vec!["small", "yes"], Decision::Defer),
            (vec!["controlled", "no"], Decision::Scheduled),
            (vec!["controlled", "yes"], Decision::Scheduled),
            (vec!["open", "yes"], Decision::Immediate),
            (vec!["open", "no"], Decision::OutOfCycle),
        ]
    }

    #[test]
    fn rows_may_stand_in_any_order_and_points_may_be_left_out() {
        let table = DecisionTable::new("t", POINTS.to_vec(), rows()).expect("table");
        for (exposure, automatable, expected) in [
            (Exposure::Small, false, Decision::Defer),
            (Exposure::Open, false, Decision::OutOfCycle),
            (Exposure::Open, true, Decision::Immediate),
        ] {
            let values = PointValues {
                exploitation: Exploitation::Active,
                exposure,
                automatable,
                human_impact: HumanImpact::VeryHigh,
            };
            assert_eq!(table.outcome(&values), expected);
        }
        let mut listed: Vec<_> = table.rows().collect();
        let mut given = rows();
        listed.sort();
        given.sort();
        assert_eq!(listed, given);
    }

    #[test]
    fn a_stored_table_is_complete_or_refused() {
        let table = DecisionTable::new("t", POINTS.to_vec(), rows()).expect("table");
        let stored = serde_json::to_value(&table).expect("JSON");
        let read = |change: &dyn Fn(&mut serde_json::Value)| {
            let mut stored = stored.clone();
            change(&mut stored);
            serde_json::from_value::<DecisionTable>(stored).map_err(|error| error.to_string())
        };
        assert_eq!(read(&|_| {}), Ok(table));
        let refused = read(&|table| drop(table["outcomes"].as_array_mut().and_then(Vec::pop)));
        assert_eq!(refused, Err("no row gives the outcome of open / yes".to_owned()));
        let refused = read(&|table| table["outcomes"].as_array_mut().expect("list").push("defer".into()));
        assert_eq!(refused, Err("7 outcomes for 6 combinations".to_owned()));
        let refused = read(&|table| table["points"][1] = "exposure".into());
        assert_eq!(refused, Err("decision point exposure stands twice".to_owned()));
        assert!(read(&|table| table["points"] = serde_json::json!([])).is_err());
    }

    #[test]
    fn incomplete_and_contradictory_tables_are_refused() {
        let table = |points: Vec<Point>, rows| DecisionTable::new("t", points, rows);
        assert_eq!(table(vec![], rows()), Err(TableError::NoPoints));
        assert_eq!(
            table(vec![Point::Exposure, Point::Exposure], rows()),
            Err(TableError::DuplicatePoint("exposure"))
        );
        let mut missing = rows();
        missing.remove(3);
        assert_eq!(
            table(POINTS.to_vec(), missing),
            Err(TableError::MissingRow { values: "controlled / yes".into() })
        );
        let mut twice = rows();
        twice.push((vec!["open", "no"], Decision::OutOfCycle));
        assert_eq!(
            table(POINTS.to_vec(), twice),
            Err(TableError::DuplicateRow { row: 7, values: "open / no".into() })
        );
        assert_eq!(
            table(POINTS.to_vec(), vec![(vec!["open", "maybe"], Decision::Defer)]),
            Err(TableError::UnknownValue {
                row: 1,
                point: "automatable",
                value: "maybe".into(),
                allowed: "no, yes".into()
            })
        );
        assert_eq!(
            table(POINTS.to_vec(), vec![(vec!["open"], Decision::Defer)]),
            Err(TableError::RowLength { row: 1, found: 1, expected: 2 })
        );
    }
}
