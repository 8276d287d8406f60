//! `compare WHAT`: another implementation and we, side by side in one run, answers and times.
//!
//! `rez`: rez's own benchmark. `uv`: requirement files. `growth`: uv again, on generated worlds of growing size. `conda`:
//! rattler on a harvested channel.
//!
//! Exit code 0: every answer is the other's. 1: some are not; they are shown. 2: the comparison could not be made.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(unix)]
    return unix::main();
    #[cfg(not(unix))]
    {
        use std::io::Write as _;
        // Nobody is left to tell when this cannot be written.
        let _ = writeln!(
            std::io::stderr(),
            "compare: the time of other processes is only told by Unix"
        );
        ExitCode::from(2)
    }
}

#[cfg(unix)]
mod unix {
    use std::error::Error;
    use std::io::{self, Write as _};
    use std::path::{Path, PathBuf};
    use std::process::ExitCode;
    use std::time::Duration;

    use ayon_benches::Shared;
    use ayon_benches::compare::{
        Asked, CondaOptions, Options, UvOptions, Way, conda, conda_answer, growth, rez, uv,
    };
    use clap::{Args, Parser, ValueEnum};

    /// Compares us with another implementation, answers and times
    #[derive(Parser)]
    #[command(name = "compare")]
    enum Arguments {
        /// rez's own benchmark with rez 3.4.0, installed for this from PyPI, and with us
        Rez(RezArguments),
        /// Requirement files with uv 0.13.8, installed for this from PyPI, and with us
        Uv(UvArguments),
        /// How requests, bytes and times grow with the number of packages, on a local index, with uv and with us
        Growth(GrowthArguments),
        /// The requests of the shared data on a harvested conda-forge, with plain `rattler_solve`, py-rattler and us
        Conda(CondaArguments),
        /// One answer of such a comparison
        #[command(hide = true)]
        CondaAnswer {
            whose: String,
            channel: PathBuf,
            request: String,
            cache: PathBuf,
        },
    }

    /// What all comparisons need.
    #[derive(Args)]
    struct Common {
        /// The Python that makes the other's virtual environment
        #[arg(long, value_name = "PYTHON", default_value = "python3")]
        python: PathBuf,
        /// Our program; otherwise the one built beside this
        #[arg(long, value_name = "PATH")]
        program: Option<PathBuf>,
        /// Keep the virtual environment and whatever is unpacked here, for the next time
        #[arg(long, value_name = "FOLDER")]
        folder: Option<PathBuf>,
        /// Write all figures to this file
        #[arg(long, value_name = "FILE")]
        json: Option<PathBuf>,
    }

    #[derive(Args)]
    struct RezArguments {
        /// Take only N of the 188 requests, evenly
        #[arg(long, value_name = "N")]
        requests: Option<usize>,
        #[command(flatten)]
        common: Common,
    }

    #[derive(Args)]
    struct UvArguments {
        /// Requirement files; otherwise those of the shared data that have a solution, and one that has none
        #[arg(value_name = "FILE")]
        sets: Vec<PathBuf>,
        /// Only this way of locking; may be given several times
        #[arg(long, value_name = "WAY")]
        way: Vec<WayArgument>,
        /// How often each is timed
        #[arg(long, value_name = "N", default_value_t = 5)]
        runs: usize,
        /// The simple index; otherwise the one that uv asks by itself
        #[arg(long, value_name = "URL")]
        index_url: Option<String>,
        #[command(flatten)]
        target: TargetArguments,
        #[command(flatten)]
        common: Common,
    }

    #[derive(Args)]
    struct GrowthArguments {
        /// How late every answer of the index comes
        #[arg(long, value_name = "MILLISECONDS", default_value_t = 20)]
        delay: u64,
        /// Write the table into this page, in place of the one it has
        #[arg(long, value_name = "FILE")]
        write: Option<PathBuf>,
        #[command(flatten)]
        target: TargetArguments,
        #[command(flatten)]
        common: Common,
    }

    #[derive(Args)]
    struct CondaArguments {
        /// Names of requests; otherwise all of them
        #[arg(value_name = "NAME")]
        requests: Vec<String>,
        /// How often each is timed
        #[arg(long, value_name = "N", default_value_t = 5)]
        runs: usize,
        /// Leave py-rattler out
        #[arg(long)]
        no_py_rattler: bool,
        /// Make the channel as many times as large
        #[arg(long, value_name = "N", default_value_t = 1)]
        times: u32,
        /// Write the figures into the section of this page, as a table
        #[arg(long, value_name = "FILE")]
        write: Option<PathBuf>,
        #[command(flatten)]
        common: Common,
    }

    #[derive(Args)]
    struct TargetArguments {
        /// The Python to lock for; 3.11 is 3.11.0
        #[arg(long, value_name = "VERSION", default_value = "3.11")]
        target_python: String,
        /// The glibc of the Linux to lock for
        #[arg(long, value_name = "VERSION", default_value = "2.28")]
        glibc: String,
    }

    #[derive(Clone, Copy, ValueEnum)]
    enum WayArgument {
        /// With an empty cache
        Cold,
        /// With the cache of a run before
        Warm,
        /// With that, and a lock that lacks one root
        Relock,
    }

    /// The sets of the shared data that are compared when none are named.
    const USUAL_SETS: [&str; 7] = [
        "small",
        "backtrack-boto",
        "vfx",
        "vfx-clash",
        "ml",
        "conflict",
        "airflow3",
    ];

    pub(super) fn main() -> ExitCode {
        let compared = match Arguments::parse() {
            Arguments::Rez(arguments) => compare_rez(&arguments),
            Arguments::Uv(arguments) => compare_uv(&arguments),
            Arguments::Growth(arguments) => compare_growth(&arguments),
            Arguments::Conda(arguments) => compare_conda(&arguments),
            Arguments::CondaAnswer {
                whose,
                channel,
                request,
                cache,
            } => conda_answer(&whose, &channel, &request, &cache).map(|shown| Compared {
                is_equal: true,
                shown,
            }),
        };
        match compared {
            Ok(compared) => {
                let code = if compared.is_equal {
                    ExitCode::SUCCESS
                } else {
                    ExitCode::FAILURE
                };
                match writeln!(io::stdout(), "{}", compared.shown) {
                    // A reader that has gone away is no failure of ours.
                    Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(2),
                    _ => code,
                }
            }
            Err(error) => {
                say(&format!("compare: {error}"));
                ExitCode::from(2)
            }
        }
    }

    /// A comparison that was made.
    struct Compared {
        is_equal: bool,
        shown: String,
    }

    type Outcome = Result<Compared, Box<dyn Error>>;

    fn compare_rez(arguments: &RezArguments) -> Outcome {
        let common = &arguments.common;
        let place = common.place()?;
        let options = Options {
            requests: arguments.requests,
            python: common.python.clone(),
            program: common.program()?,
            folder: place.folder,
        };
        let comparison = rez(&options, &mut say)?;
        common.keep(&comparison.json())?;
        Ok(Compared {
            is_equal: comparison.differences.is_empty(),
            shown: comparison.to_string(),
        })
    }

    fn compare_uv(arguments: &UvArguments) -> Outcome {
        let common = &arguments.common;
        let place = common.place()?;
        let sets = if arguments.sets.is_empty() {
            let shared = Shared::find()?;
            let file = |set: &&str| shared.pypi(&format!("reqs/{set}.in"));
            USUAL_SETS.iter().map(file).collect()
        } else {
            let sets = arguments.sets.iter().map(std::path::absolute);
            sets.collect::<Result<Vec<_>, _>>()?
        };
        let ways = arguments.way.iter().map(|way| match way {
            WayArgument::Cold => Way::Cold,
            WayArgument::Warm => Way::Warm,
            WayArgument::Relock => Way::Relock,
        });
        let mut options = common.uv(&arguments.target, place.folder)?;
        options.sets = sets;
        options.runs = arguments.runs;
        options.index.clone_from(&arguments.index_url);
        if !arguments.way.is_empty() {
            options.ways = ways.collect();
        }
        let comparison = uv(&options, &mut say)?;
        common.keep(&comparison.json())?;
        Ok(Compared {
            is_equal: comparison.is_equal(),
            shown: comparison.to_string(),
        })
    }

    const NO_DEBUG_BUILD: &str =
        "figures of a debug build are not written into a page; use `cargo run --release`";

    fn compare_growth(arguments: &GrowthArguments) -> Outcome {
        let common = &arguments.common;
        if arguments.write.is_some() && cfg!(debug_assertions) {
            return Err(NO_DEBUG_BUILD.into());
        }
        let place = common.place()?;
        let options = common.uv(&arguments.target, place.folder)?;
        let delay = Duration::from_millis(arguments.delay);
        let growth = growth(&options, delay, &mut say)?;
        common.keep(&growth.json())?;
        if let Some(page) = &arguments.write {
            let text = growth.write_into(&std::fs::read_to_string(page)?);
            write(page, &text)?;
        }
        Ok(Compared {
            is_equal: true,
            shown: growth.markdown(),
        })
    }

    fn compare_conda(arguments: &CondaArguments) -> Outcome {
        if arguments.write.is_some() && cfg!(debug_assertions) {
            return Err(NO_DEBUG_BUILD.into());
        }
        let common = &arguments.common;
        let place = common.place()?;
        let options = CondaOptions {
            requests: arguments.requests.clone(),
            runs: arguments.runs,
            python: common.python.clone(),
            with_python: !arguments.no_py_rattler,
            program: std::env::current_exe()?,
            times: arguments.times,
            folder: place.folder,
        };
        let comparison = conda(&options, &Shared::find()?, &mut say)?;
        common.keep(&comparison.json())?;
        if let Some(page) = &arguments.write {
            let text = comparison.write_into(&std::fs::read_to_string(page)?);
            write(page, &text)?;
        }
        Ok(Compared {
            is_equal: comparison.is_equal(),
            shown: comparison.to_string(),
        })
    }

    /// A folder to work in, which goes away if nobody named it.
    struct Place {
        folder: PathBuf,
        _temporary: Option<tempfile::TempDir>,
    }

    impl Common {
        fn place(&self) -> Result<Place, Box<dyn Error>> {
            let Some(folder) = &self.folder else {
                let temporary = tempfile::tempdir()?;
                return Ok(Place {
                    folder: temporary.path().to_owned(),
                    _temporary: Some(temporary),
                });
            };
            let folder = std::path::absolute(folder)?;
            ayon_disk::create_dir_all(&folder)?;
            Ok(Place {
                folder,
                _temporary: None,
            })
        }

        fn program(&self) -> Result<PathBuf, Box<dyn Error>> {
            let program = match &self.program {
                Some(program) => std::path::absolute(program)?,
                None => std::env::current_exe()?.with_file_name("ayon-resolve"),
            };
            if program.is_file() {
                return Ok(program);
            }
            let program = program.display();
            Err(format!("there is no program {program}; build it with `cargo build --release`, or name one with `--program`").into())
        }

        fn uv(
            &self,
            target: &TargetArguments,
            folder: PathBuf,
        ) -> Result<UvOptions, Box<dyn Error>> {
            Ok(UvOptions {
                sets: Vec::new(),
                ways: Way::ALL.to_vec(),
                runs: 5,
                asked: Asked {
                    python: target.target_python.clone(),
                    glibc: target.glibc.clone(),
                },
                index: None,
                python: self.python.clone(),
                program: self.program()?,
                folder,
            })
        }

        fn keep(&self, json: &str) -> Result<(), Box<dyn Error>> {
            if let Some(file) = &self.json {
                write(file, json)?;
            }
            Ok(())
        }
    }

    fn write(file: &Path, text: &str) -> Result<(), Box<dyn Error>> {
        Ok(ayon_disk::write_atomic(file, text.as_bytes())?)
    }

    fn say(text: &str) {
        // Nobody is left to tell when this cannot be written.
        let _ = writeln!(io::stderr(), "{text}");
    }
}
