//! Many figures in few, and tables of them.

use std::fmt::Write as _;

use serde::Serialize;

/// Many seconds in three.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// All together.
    pub sum: f64,
    /// As many took longer as took less.
    pub median: f64,
    /// The longest.
    pub worst: f64,
}

impl Summary {
    /// Of these seconds; none of them make zeros.
    pub(super) fn of(seconds: impl IntoIterator<Item = f64>) -> Self {
        let seconds: Vec<f64> = seconds.into_iter().collect();
        Self {
            sum: seconds.iter().sum(),
            worst: seconds.iter().copied().fold(0.0, f64::max),
            median: median(seconds),
        }
    }

    /// How many times each of `ours` this is.
    pub(super) fn over(self, ours: Self) -> Self {
        Self {
            sum: ratio(self.sum, ours.sum),
            median: ratio(self.median, ours.median),
            worst: ratio(self.worst, ours.worst),
        }
    }
}

/// Many figures by their middle and their ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// The least of them.
    pub least: f64,
    /// As many are more as are less.
    pub median: f64,
    /// The most.
    pub most: f64,
}

impl Spread {
    /// Of these figures; none of them make zeros.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let values: Vec<f64> = values.into_iter().collect();
        let least = values.iter().copied().reduce(f64::min);
        Self {
            least: least.unwrap_or_default(),
            most: values.iter().copied().fold(0.0, f64::max),
            median: median(values),
        }
    }
}

/// The middle one, or the mean of the two in the middle; 0 of none.
pub(super) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.len() % 2, values.get(middle)) {
        (_, None) => 0.0,
        (1, Some(value)) => *value,
        (_, Some(value)) => f64::midpoint(values[middle - 1], *value),
    }
}

/// How many times `ours` goes into `theirs`.
pub(super) fn ratio(theirs: f64, ours: f64) -> f64 {
    // A clock may be too coarse for what we took; a millionth of a second is the least that is claimed.
    theirs / ours.max(1e-6)
}

/// A table: a title with the heads of its columns, then the rows.
pub(super) struct Table {
    text: String,
    /// Width of a column behind the first.
    width: usize,
}

/// Width of the first column.
const FIRST: usize = 52;

impl Table {
    pub(super) fn new(title: &str, heads: &[&str]) -> Self {
        Self::with(title, heads, 14)
    }

    /// A table of many columns.
    pub(super) fn narrow(title: &str, heads: &[&str]) -> Self {
        Self::with(title, heads, 10)
    }

    fn with(title: &str, heads: &[&str], width: usize) -> Self {
        let mut table = Self {
            text: String::new(),
            width,
        };
        table.line(title, heads.iter().map(|head| (*head).to_owned()));
        table
    }

    /// A row of seconds.
    pub(super) fn seconds(&mut self, name: &str, seconds: &[f64]) {
        self.line(name, seconds.iter().map(|value| format!("{value:.4} s")));
    }

    /// A row of anything.
    pub(super) fn row(&mut self, name: &str, cells: impl IntoIterator<Item = String>) {
        self.line(name, cells.into_iter());
    }

    /// A row of ratios.
    pub(super) fn times(&mut self, name: &str, ratios: &[f64]) {
        self.line(name, ratios.iter().map(|value| format!("{value:.1} x")));
    }

    /// A row of a sentence.
    pub(super) fn note(&mut self, text: &str) {
        let _ = writeln!(self.text, "  {text}");
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    fn line(&mut self, name: &str, cells: impl Iterator<Item = String>) {
        let width = self.width;
        let indent = if self.text.is_empty() { "" } else { "  " };
        // Writing to a text cannot fail.
        let _ = write!(self.text, "{:<FIRST$}", format!("{indent}{name}"));
        for cell in cells {
            let _ = write!(self.text, "{cell:>width$}");
        }
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(sum: f64, median: f64, worst: f64) -> Summary {
        Summary { sum, median, worst }
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(Summary::of([]), summary(0.0, 0.0, 0.0));
        assert_eq!(Summary::of([3.0, 1.0, 2.0]), summary(6.0, 2.0, 3.0));
        assert_eq!(Summary::of([4.0, 1.0, 2.0, 3.0]), summary(10.0, 2.5, 4.0));
    }

    #[test]
    fn ratios_are_of_like_with_like() {
        let rez = summary(6.0, 2.0, 3.0);
        assert_eq!(rez.over(summary(1.5, 0.5, 0.5)), summary(4.0, 4.0, 6.0));
        // Nothing is infinitely fast.
        assert!(rez.over(summary(0.0, 0.0, 0.0)).sum.is_finite());
    }

    #[test]
    fn a_table_has_its_columns_one_below_the_other() {
        let mut table = Table::new("Solving", &["sum", "worst"]);
        table.seconds("rez", &[12.5, 1.0]);
        table.times("how much", &[4.0, 1.25]);
        let table = table.finish();
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines.iter().all(|line| line.len() == FIRST + 2 * 14));
        assert!(lines[1].starts_with("  rez ") && lines[1].ends_with("12.5000 s      1.0000 s"));
        assert!(lines[2].ends_with("4.0 x         1.2 x"));
    }
}
