//! The assignment problem: each row gets at most one column and each column one row, at the least total cost.

/// Costs of an edge that must not be taken.
pub(super) const FORBIDDEN: f64 = 1e9;

/// The column of each row, for `cost` of equally long rows that are no longer than the number of rows allows
/// (`rows <= columns`). Time grows with the square of the rows times the columns.
///
/// Source: the Hungarian method in the form of E. Lawler, "Combinatorial Optimization" (1976), chapter 5.
pub(super) fn assign(cost: &[Vec<f64>]) -> Vec<Option<usize>> {
    let rows = cost.len();
    let columns = cost.first().map_or(0, Vec::len);
    if rows == 0 || columns < rows {
        return vec![None; rows];
    }
    let mut state = State {
        rows: vec![0.0; rows + 1],
        columns: vec![0.0; columns + 1],
        row_of: vec![0; columns + 1],
        way: vec![0; columns + 1],
    };
    for row in 1..=rows {
        state.add(row, cost);
    }
    let mut found = vec![None; rows];
    for (column, row) in state.row_of.iter().enumerate().skip(1) {
        if *row > 0 {
            found[row - 1] = Some(column - 1);
        }
    }
    found
}

/// Potentials and the matching so far; row and column 0 stand for "none".
struct State {
    rows: Vec<f64>,
    columns: Vec<f64>,
    row_of: Vec<usize>,
    way: Vec<usize>,
}

impl State {
    fn add(&mut self, row: usize, cost: &[Vec<f64>]) {
        let columns = self.columns.len();
        let mut least = vec![f64::INFINITY; columns];
        let mut used = vec![false; columns];
        self.row_of[0] = row;
        let mut column = 0;
        while self.row_of[column] != 0 {
            used[column] = true;
            let from = self.row_of[column];
            let (mut delta, mut next) = (f64::INFINITY, 0);
            for candidate in 1..columns {
                if used[candidate] {
                    continue;
                }
                let reduced = cost[from - 1][candidate - 1] - self.rows[from] - self.columns[candidate];
                if reduced < least[candidate] {
                    least[candidate] = reduced;
                    self.way[candidate] = column;
                }
                if least[candidate] < delta {
                    delta = least[candidate];
                    next = candidate;
                }
            }
            for candidate in 0..columns {
                if used[candidate] {
                    self.rows[self.row_of[candidate]] += delta;
                    self.columns[candidate] -= delta;
                } else {
                    least[candidate] -= delta;
                }
            }
            column = next;
        }
        while column != 0 {
            let before = self.way[column];
            self.row_of[column] = self.row_of[before];
            column = before;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_total_is_found() {
        let cost = vec![vec![4.0, 1.0, 3.0], vec![2.0, 0.0, 5.0], vec![3.0, 2.0, 2.0]];
        assert_eq!(assign(&cost), [Some(1), Some(0), Some(2)]);
        assert_eq!(assign(&[]), []);
        assert_eq!(assign(&[vec![1.0], vec![1.0]]), [None, None], "more rows than columns");
    }

    #[test]
    fn it_is_the_least_of_all_permutations() {
        // A fixed sequence stands for chance.
        let mut seed = 7_u64;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as f64 % 50.0
        };
        for _ in 0..50 {
            let cost: Vec<Vec<f64>> = (0..4).map(|_| (0..5).map(|_| next()).collect()).collect();
            let found: f64 =
                assign(&cost).iter().enumerate().map(|(row, column)| cost[row][column.unwrap()]).sum();
            let mut least = f64::INFINITY;
            for code in 0..5_usize.pow(4) {
                let columns: Vec<usize> = (0..4).map(|row| code / 5_usize.pow(row) % 5).collect();
                let distinct: std::collections::BTreeSet<_> = columns.iter().collect();
                if distinct.len() == 4 {
                    least = least.min(columns.iter().enumerate().map(|(row, c)| cost[row][*c]).sum());
                }
            }
            assert!((found - least).abs() < 1e-9, "{found} {least}");
        }
    }
}
