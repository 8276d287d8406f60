//! A comparison as tables for people, as JSON, and as a section of a page.

use std::fmt::{self, Write as _};

use super::{CondaComparison, PY_RATTLER_VERSION, Row, Way, Whose};
use crate::compare::page::Section;
use crate::compare::summary::{Spread, Table, ratio};

/// The version of the solver that is in both, as this program was built with it.
const SOLVER_VERSION: &str = "rattler_solve 12.0.3";

impl CondaComparison {
    /// All figures as JSON.
    pub fn json(&self) -> String {
        format!("{:#}\n", serde_json::json!(self))
    }

    /// Whether every answer is the same.
    pub fn is_equal(&self) -> bool {
        let ways = self.rows.iter().flat_map(|row| &row.ways);
        ways.into_iter().all(|way| way.is_equal)
    }

    /// As the section of a page, from its first line to its last.
    pub fn markdown(&self) -> String {
        let setting = &self.setting;
        #[expect(clippy::cast_precision_loss, reason = "figures for people")]
        let megabytes = setting.bytes as f64 / 1e6;
        let load = setting.load.map_or_else(
            || "unknown".to_owned(),
            |[before, after]| format!("{before:.1} before, {after:.1} after"),
        );
        let mut text = format!(
            "{SOLVER_VERSION} by hand (*plain*), py-rattler {PY_RATTLER_VERSION}, and ours: *first* with an empty cache, *again* with the\n\
             records of a run before, *same* with its answer too. {megabytes:.0} MB of repodata{}; medians of {} runs, in turn, with\n\
             the least and the most behind them; {}, load {load}. Every figure is of a whole process.\n",
            match setting.times {
                0 | 1 => String::new(),
                times => format!(", every record {times} times"),
            },
            setting.runs,
            setting.machine,
        );
        let milliseconds = |spread: &Spread| {
            let Spread {
                least,
                median,
                most,
            } = spread;
            format!("{:.0} ({:.0}-{:.0})", median * 1e3, least * 1e3, most * 1e3)
        };
        let megabytes = |spread: &Spread| format!("{:.0}", spread.median / 1e6);
        self.section(&mut text, "Processors, ms", |way| milliseconds(&way.cpu));
        self.section(&mut text, "Wall, ms", |way| milliseconds(&way.wall));
        self.section(&mut text, "Of it: opening / loading / solving, ms", |way| {
            let parts = [way.open, way.load, way.solve];
            parts
                .map(|part| format!("{:.0}", part.median * 1e3))
                .join(" / ")
        });
        self.section(&mut text, "Memory at most, MB", |way| {
            megabytes(&way.memory)
        });
        text.push('\n');
        self.place().frame(&text)
    }

    /// A page with its section of this comparison replaced by this one, or added to its end.
    pub fn write_into(&self, page: &str) -> String {
        self.place().write_into(page, &self.markdown())
    }

    /// The section: each size of a channel has its own.
    fn place(&self) -> Section {
        let times = self.setting.times;
        let (name, command) = match times {
            0 | 1 => ("conda".to_owned(), "conda".to_owned()),
            _ => (
                format!("conda, {times} times"),
                format!("conda --times {times}"),
            ),
        };
        Section { name, command }
    }

    fn section(&self, text: &mut String, title: &str, cell: impl Fn(&Way) -> String) {
        let heads: Vec<&str> = self.ways().iter().map(|whose| whose.name()).collect();
        // Writing to a text cannot fail.
        let _ = writeln!(text, "\n| {title} | {} |", heads.join(" | "));
        let _ = writeln!(text, "|:--|{}", "--:|".repeat(heads.len()));
        for row in &self.rows {
            let cells: Vec<String> = row.ways.iter().map(&cell).collect();
            let _ = writeln!(text, "| {} | {} |", row.title(), cells.join(" | "));
        }
    }

    fn ways(&self) -> Vec<Whose> {
        let first = self.rows.first();
        let ways = first.map(|row| row.ways.iter().map(|way| way.whose).collect());
        ways.unwrap_or_default()
    }

    /// A table of one figure of every way, with the sums and how often ours goes into plain's.
    fn table(&self, title: &str, figure: fn(&Way) -> f64) -> String {
        let ways = self.ways();
        let heads: Vec<&str> = ways.iter().map(|whose| whose.name()).collect();
        let mut table = Table::new(title, &heads);
        for is_solved in [true, false] {
            let mut sums = vec![0.0; ways.len()];
            let rows = self.rows.iter();
            let rows: Vec<&Row> = rows
                .filter(|row| row.packages.is_some() == is_solved)
                .collect();
            for row in &rows {
                let figures: Vec<f64> = row.ways.iter().map(figure).collect();
                for (sum, figure) in sums.iter_mut().zip(&figures) {
                    *sum += figure;
                }
                table.seconds(&row.title(), &figures);
            }
            if !rows.is_empty() {
                let all = if is_solved {
                    "all solved"
                } else {
                    "all others"
                };
                table.seconds(all, &sums);
                let plain = sums.first().copied().unwrap_or_default();
                let ratios: Vec<f64> = sums.iter().map(|sum| ratio(plain, *sum)).collect();
                table.times("how often it goes into plain's", &ratios);
            }
        }
        table.finish()
    }
}

impl Row {
    fn title(&self) -> String {
        let count = self.packages.map_or("no solution".to_owned(), |count| {
            format!("{count} packages")
        });
        format!("{}, {count}", self.name)
    }
}

/// As tables for people.
impl fmt::Display for CondaComparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (title, figure) in [
            (
                "Whole process, processors",
                (|way| way.cpu.median) as fn(&Way) -> f64,
            ),
            ("Whole process, wall", |way| way.wall.median),
            ("Opening, wall", |way| way.open.median),
            ("Loading, wall", |way| way.load.median),
            ("Solving, wall", |way| way.solve.median),
        ] {
            writeln!(f, "{}", self.table(title, figure))?;
        }
        let heads: Vec<&str> = self.ways().iter().map(|whose| whose.name()).collect();
        let mut memory = Table::new("Memory at most", &heads);
        for row in &self.rows {
            let ways = row.ways.iter();
            memory.row(
                &row.title(),
                ways.map(|way| format!("{:.0} MB", way.memory.median / 1e6)),
            );
        }
        writeln!(f, "{}", memory.finish())?;
        for row in &self.rows {
            for way in row.ways.iter().filter(|way| !way.is_equal) {
                writeln!(f, "DIFFERS: {}, {}", row.name, way.whose.name())?;
            }
        }
        if self.is_equal() {
            write!(f, "Every answer is that of rattler_solve.")
        } else {
            write!(f, "Some answers are not those of rattler_solve.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::conda::Setting;

    fn way(whose: Whose, seconds: f64) -> Way {
        let spread = Spread::of([seconds, seconds + 0.002, seconds + 0.1]);
        Way {
            whose,
            wall: spread,
            cpu: spread,
            open: spread,
            load: Spread::default(),
            solve: spread,
            memory: Spread::of([5e6]),
            is_equal: true,
        }
    }

    fn comparison() -> CondaComparison {
        let row = |name: &str, packages| Row {
            name: name.to_owned(),
            packages,
            ways: vec![way(Whose::Plain, 1.0), way(Whose::Again, 0.25)],
        };
        CondaComparison {
            setting: Setting {
                times: 20,
                bytes: 330_000_000,
                runs: 3,
                machine: "2 x abacus".to_owned(),
                load: Some([0.5, 2.0]),
            },
            rows: vec![row("numpy", Some(31)), row("gcc", None)],
        }
    }

    #[test]
    fn what_has_no_solution_is_told_apart() {
        let told = comparison().to_string();
        let sums: Vec<&str> = told
            .lines()
            .filter(|line| line.contains("  all "))
            .collect();
        assert_eq!(sums.len(), 10);
        assert!(sums[0].starts_with("  all solved ") && sums[0].contains("1.0020 s"));
        assert!(sums[1].starts_with("  all others "));
        assert!(told.contains("1.0 x         4.0 x\n"));
        assert!(told.ends_with("Every answer is that of rattler_solve."));
    }

    #[test]
    fn a_section_says_on_what_it_was_measured() {
        let comparison = comparison();
        let page = comparison.write_into("# A page\n");
        for part in [
            "<!-- conda, 20 times: begin -->\n<!-- Written by `compare conda --times 20 --write`; not by hand. -->\n\n",
            "330 MB of repodata, every record 20 times; medians of 3 runs",
            "2 x abacus, load 0.5 before, 2.0 after",
            "| numpy, 31 packages | 1002 (1000-1100) | 252 (250-350) |",
            "| gcc, no solution | 5 | 5 |",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert_eq!(comparison.write_into(&page), page);
    }
}
