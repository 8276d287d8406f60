//! Requirement files as pip reads them: what they ask for, and who asks.
//!
//! A file is lines: requirements, options, comments. Lines that end with `\` go on in the next; `${NAME}` stands for a
//! variable; `-r` and `-c` lead to other files, seen from the one that names them. Each requirement keeps the file and
//! the line it stands in, because that is who asks for it in a lock and in a conflict.
//!
//! What changes the answer is honoured (`--index-url`, `--extra-index-url`, `--find-links`, `--no-index`, `--pre`,
//! `--hash`), what this program does anyway is accepted (`--only-binary`, `--prefer-binary`, `--require-hashes`), and
//! everything else is refused with its place, never passed over: an option that is silently ignored gives another answer
//! than pip's. All mistakes of all files are told at once.

use std::fmt;
use std::path::{Path, PathBuf};

use ayon_disk::DiskError;
use ayon_model::Origin;
use pypi::{Constraint, Requirement};

mod lines;
mod reading;
mod reference;

/// A requirement, and who asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// What is asked for.
    pub requirement: Requirement,
    /// Who asks, with the file and the line.
    pub origin: Origin,
    /// The hashes that its files must have, as `sha256:0123…`; none where any will do.
    pub hashes: Vec<String>,
}

/// Everything that requirement files say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequirementFiles {
    /// What is to be installed, in the order of the files.
    pub requirements: Vec<Wanted>,
    /// What holds for packages if they are installed.
    pub constraints: Vec<Wanted>,
    /// `--index-url`, where a file has one; the last counts.
    pub index_url: Option<String>,
    /// `--extra-index-url`, in order.
    pub extra_index_urls: Vec<String>,
    /// `--find-links`, in order; folders as seen from where the program runs.
    pub find_links: Vec<String>,
    /// `--no-index`.
    pub no_index: bool,
    /// `--pre`.
    pub prereleases: bool,
}

/// What a file is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// What is to be installed.
    Requirements,
    /// What holds for packages if they are installed.
    Constraints,
}

/// Something in a requirement file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Mistake {
    /// A line.
    #[error("{}:{line}: {message}", .file.display())]
    Line {
        /// The file.
        file: PathBuf,
        /// The line, from 1; where a requirement goes over several, the first.
        line: usize,
        /// What is wrong with it, and what to write instead.
        message: String,
    },
    /// A whole file.
    #[error(transparent)]
    File(#[from] DiskError),
}

/// Everything in requirement files that cannot be used; at least one.
#[derive(Debug)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, mistake) in self.0.iter().enumerate() {
            let between = if position == 0 { "" } else { "\n" };
            write!(formatter, "{between}{mistake}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}

/// Where a reader gets files and variables from.
pub struct Surroundings<'a> {
    /// Reads a whole file.
    pub file: &'a dyn Fn(&Path) -> Result<String, DiskError>,
    /// The value of an environment variable.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
}

impl fmt::Debug for Surroundings<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Surroundings")
            .finish_non_exhaustive()
    }
}

impl Wanted {
    /// What was typed, and stands in no file.
    pub fn typed(requirement: Requirement) -> Self {
        Self {
            requirement,
            origin: Origin::request(),
            hashes: Vec::new(),
        }
    }

    /// Who asks, in a few words: `reqs.in:3`, and `your request` where no file does.
    pub fn who(&self) -> String {
        match &self.origin.place {
            Some(place) => place.to_string(),
            None => self.origin.to_string(),
        }
    }
}

impl RequirementFiles {
    /// Reads `files` in order, each with those that it leads to.
    ///
    /// ```
    /// use std::path::Path;
    ///
    /// use ayon_resolve::pypi::requirements::{Purpose, RequirementFiles, Surroundings};
    ///
    /// let file = |_: &Path| Ok("requests >=2  # for the tracker\n--find-links wheels\n".to_owned());
    /// let surroundings = Surroundings { file: &file, variable: &|_| None };
    /// let read = RequirementFiles::read(&[(Path::new("reqs.in"), Purpose::Requirements)], &surroundings)?;
    /// assert_eq!(read.requirements[0].requirement.to_string(), "requests>=2");
    /// assert_eq!(read.requirements[0].who(), "reqs.in:1");
    /// assert_eq!(read.find_links, ["wheels"]);
    /// # Ok::<(), ayon_resolve::pypi::requirements::Mistakes>(())
    /// ```
    pub fn read(
        files: &[(&Path, Purpose)],
        surroundings: &Surroundings<'_>,
    ) -> Result<Self, Mistakes> {
        reading::read(files, surroundings)
    }
}

/// Reads what somebody typed as one requirement: PEP 508, a wheel's path or URL, or `git+URL#egg=NAME`. Relative paths
/// are seen from `base`. The error is a sentence.
pub fn requirement(text: &str, base: &Path) -> Result<Requirement, String> {
    reference::requirement(text, base)
}

/// Whether `requirement` is for an index, and not for one source.
pub(crate) fn is_from_index(requirement: &Requirement) -> bool {
    matches!(requirement.constraint, Constraint::Versions { .. })
}
