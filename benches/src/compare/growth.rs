//! How requests, bytes and seconds grow with the number of packages: `compare growth`.
//!
//! Worlds of growing size are generated and served on a local port, where every request is counted; both programs lock
//! them, cold and warm. The index answers late by a fixed time, as one that is some way off: what counts is how often
//! somebody waits for an answer before he can ask the next question. The solve alone is timed in this process.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pypi::{Libc, Machine, Target, TargetPlatform};
use pypi_solve::{Ask, Asker, Root, solve};
use serde::Serialize;

use super::CompareError;
use super::clock::cpu_of_thread;
use super::page::Section;
use super::summary::Spread;
use super::uv::{Asked, Driver, Outcome, Programs, UvOptions, Whose, outcome};
use crate::python::{Form, Generated, Server, Traffic};

/// How many packages.
pub const SIZES: [usize; 6] = [10, 25, 50, 100, 200, 300];

/// How often each is timed.
const RUNS: usize = 5;

/// How often the solve alone is.
const SOLVES: usize = 21;

/// What came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Growth {
    /// The uv it was.
    pub uv: String,
    /// How late every answer of the index comes, in milliseconds.
    pub delay: u64,
    /// Size by size.
    pub sizes: Vec<Size>,
}

/// A world of one size.
#[derive(Clone, Debug, Serialize)]
pub struct Size {
    /// How many packages it has, all of which are locked.
    pub packages: usize,
    /// Processor seconds of our solve alone.
    pub solve: Spread,
    /// uv.
    pub uv: Locked,
    /// We.
    pub ours: Locked,
}

/// What locking took.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Locked {
    /// Requests with an empty cache.
    pub requests: u64,
    /// Bytes received with an empty cache.
    pub bytes: u64,
    /// Seconds on the wall with an empty cache.
    pub cold: Spread,
    /// Requests with the cache of a run before.
    pub warm_requests: u64,
    /// Seconds on the wall with it.
    pub warm: Spread,
    /// The most memory with an empty cache, in bytes.
    pub peak_memory: u64,
}

/// Measures. The sets and the index of `options` are not looked at.
pub fn growth(
    options: &UvOptions,
    delay: Duration,
    progress: &mut dyn FnMut(&str),
) -> Result<Growth, CompareError> {
    let mut driver = Driver::start(&options.python)?;
    let mut sizes = Vec::new();
    let mut words = String::new();
    for packages in SIZES {
        let generated = Generated::new(packages);
        let server = Server::start(&generated.world, delay)?;
        let programs = Programs::prepare(
            &UvOptions {
                index: Some(server.url()),
                ..options.clone()
            },
            &driver.python,
        )?;
        words = programs.uv_words()?;
        let mut measure = |whose| {
            let folder = tempfile::tempdir_in(&options.folder)?;
            let place = Place {
                programs: &programs,
                server: &server,
                folder: folder.path(),
                packages,
            };
            place.measure(&mut driver, whose, &generated.roots())
        };
        let (uv, ours) = (measure(Whose::Uv)?, measure(Whose::Ours)?);
        progress(&format!(
            "{packages} packages: uv {} requests, {:.3} s cold; ours {} requests, {:.3} s cold",
            uv.requests, uv.cold.median, ours.requests, ours.cold.median
        ));
        sizes.push(Size {
            packages,
            solve: solve_alone(&generated, &options.asked)?,
            uv,
            ours,
        });
    }
    Ok(Growth {
        uv: words,
        delay: u64::try_from(delay.as_millis()).unwrap_or(u64::MAX),
        sizes,
    })
}

/// Where one program locks one world.
struct Place<'a> {
    programs: &'a Programs,
    server: &'a Server,
    folder: &'a Path,
    packages: usize,
}

impl Place<'_> {
    fn measure(
        &self,
        driver: &mut Driver,
        whose: Whose,
        roots: &[String],
    ) -> Result<Locked, CompareError> {
        let requirements = self.folder.join("roots.in");
        super::uv::write(&requirements, roots.join("\n").as_bytes())?;
        let (mut cold, mut warm) = (Vec::new(), Vec::new());
        let mut locked = Locked::default();
        for turn in 0..RUNS {
            let cache = self.folder.join(format!("cache{turn}"));
            let (wall, memory, traffic) = self.run(driver, whose, &requirements, &cache)?;
            cold.push(wall);
            locked.peak_memory = locked.peak_memory.max(memory);
            // The fewest: what else was asked had not been needed.
            if turn == 0 || traffic.requests < locked.requests {
                (locked.requests, locked.bytes) = (traffic.requests, traffic.bytes);
            }
            let (wall, _, traffic) = self.run(driver, whose, &requirements, &cache)?;
            warm.push(wall);
            locked.warm_requests = traffic.requests;
        }
        (locked.cold, locked.warm) = (Spread::of(cold), Spread::of(warm));
        Ok(locked)
    }

    fn run(
        &self,
        driver: &mut Driver,
        whose: Whose,
        requirements: &Path,
        cache: &Path,
    ) -> Result<(f64, u64, Traffic), CompareError> {
        let lock = self.folder.join(match whose {
            Whose::Uv => "uv.txt",
            Whose::Ours => "pylock.toml",
        });
        drop(ayon_disk::remove_file(&lock));
        self.server.take_traffic();
        let run = driver.run(&self.programs.command(whose, requirements, cache, &lock))?;
        let traffic = self.server.take_traffic();
        match outcome(whose, &run, &lock)? {
            Outcome::Solved(choice) if choice.len() == self.packages => {
                Ok((run.wall, run.peak_memory, traffic))
            }
            other => Err(CompareError::Silent(format!(
                "{whose:?} should lock {} packages: {other:?}",
                self.packages
            ))),
        }
    }
}

/// The processor seconds of our solve, with the world in memory.
fn solve_alone(generated: &Generated, asked: &Asked) -> Result<Spread, CompareError> {
    let index = generated
        .world
        .index(Form::Json)
        .map_err(std::io::Error::other)?;
    let platform = TargetPlatform::Linux {
        machine: Machine::X86_64,
        libc: Libc::Glibc(2, 28),
    };
    let python = asked.python.parse().map_err(std::io::Error::other)?;
    let mut ask = Ask::new(Arc::new(Target::new(platform, &python)));
    for (number, text) in (0..).zip(generated.roots()) {
        ask.roots.push(Root {
            requirement: text.parse().map_err(std::io::Error::other)?,
            asker: Asker(number),
        });
    }
    let mut seconds = Vec::new();
    for _ in 0..SOLVES {
        let (solved, cost) = cpu_of_thread(|| solve(&index, &ask, &|| false).is_ok())?;
        if !solved {
            return Err(CompareError::Silent(
                "a generated world has no solution".to_owned(),
            ));
        }
        seconds.push(cost);
    }
    Ok(Spread::of(seconds))
}

impl Growth {
    /// All figures as JSON.
    pub fn json(&self) -> String {
        format!("{:#}\n", serde_json::json!(self))
    }

    /// As the section of a page, from its first line to its last.
    pub fn markdown(&self) -> String {
        let mut text = format!(
            "Generated worlds on a local index whose answers come {} ms late; {}; medians of {RUNS} runs, in turn. Every\n\
             package has 24 versions. *Requests* and *bytes* are those of a run with an empty cache, as the index counts them;\n\
             warm runs make {} requests. *Solve* is our solve alone, in memory.\n\n\
             | packages | requests uv / ours | KB uv / ours | cold s uv / ours | warm s uv / ours | peak MB uv / ours | solve ms |\n\
             |--:|--:|--:|--:|--:|--:|--:|\n",
            self.delay,
            self.uv,
            self.warm_requests(),
        );
        for Size {
            packages,
            solve,
            uv,
            ours,
        } in &self.sizes
        {
            #[expect(clippy::cast_precision_loss, reason = "figures for people")]
            let mega = |bytes: u64| bytes as f64 / 1e6;
            // Writing to a text cannot fail.
            let _ = writeln!(
                text,
                "| {packages} | {} / {} | {:.0} / {:.0} | {:.3} / {:.3} | {:.3} / {:.3} | {:.0} / {:.0} | {:.2} |",
                uv.requests,
                ours.requests,
                mega(uv.bytes) * 1e3,
                mega(ours.bytes) * 1e3,
                uv.cold.median,
                ours.cold.median,
                uv.warm.median,
                ours.warm.median,
                mega(uv.peak_memory),
                mega(ours.peak_memory),
                solve.median * 1e3,
            );
        }
        section().frame(&text)
    }

    /// How many requests warm runs make, in words.
    fn warm_requests(&self) -> String {
        let most = |of: fn(&Size) -> u64| self.sizes.iter().map(of).max().unwrap_or_default();
        match (
            most(|size| size.uv.warm_requests),
            most(|size| size.ours.warm_requests),
        ) {
            (0, 0) => "no".to_owned(),
            (uv, ours) => format!("at most {uv} (uv) and {ours} (ours)"),
        }
    }

    /// A page with its section of growth replaced by this, or added to its end.
    pub fn write_into(&self, page: &str) -> String {
        section().write_into(page, &self.markdown())
    }
}

fn section() -> Section {
    let name = "growth".to_owned();
    let command = name.clone();
    Section { name, command }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Growth {
        let size = Size {
            packages: 10,
            solve: Spread::of([0.002]),
            uv: Locked {
                requests: 30,
                bytes: 45_000,
                ..Locked::default()
            },
            ours: Locked::default(),
        };
        Growth {
            uv: "uv 1".to_owned(),
            delay: 20,
            sizes: vec![size],
        }
    }

    #[test]
    fn a_section_is_replaced_and_the_rest_stays() {
        let growth = small();
        let page = growth.write_into("# A page\n\nwords\n");
        assert!(page.starts_with("# A page\n\nwords\n\n<!-- growth: begin -->\n"));
        assert!(
            page.contains(
                "| 10 | 30 / 0 | 45 / 0 | 0.000 / 0.000 | 0.000 / 0.000 | 0 / 0 | 2.00 |\n"
            )
        );
        let longer = format!("{page}\n## More\n");
        assert_eq!(growth.write_into(&longer), longer);
    }

    #[test]
    fn a_generated_world_of_any_size_has_a_solution_with_all_of_it() {
        let asked = Asked {
            python: "3.11".to_owned(),
            glibc: "2.28".to_owned(),
        };
        for size in [1, 2, 10, 60] {
            let generated = Generated::new(size);
            assert_eq!(generated.world.packages.len(), size);
            solve_alone(&generated, &asked).unwrap();
        }
    }
}
