//! What is to be locked: words that were typed, and requirement files.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use ayon_disk::DiskError;
use ayon_resolve::pypi::requirements::{
    Mistakes, Purpose, RequirementFiles, Surroundings, Wanted, requirement,
};

use crate::program::Report;
use crate::program::plain::one_line;
use crate::program::settings::Settings;

/// More than any file of requirements that somebody keeps.
const SIZE_LIMIT: u64 = 16 << 20;

/// What is asked for, by whom, and where it is to be looked for.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    /// Requirements, constraints and options.
    pub(crate) files: RequirementFiles,
    /// What replaces whatever anybody else asks.
    pub(crate) overrides: Vec<Wanted>,
}

/// Reads the words and the files that the settings name.
pub(crate) fn asked(words: &[String], settings: &Settings) -> Result<Asked, Report> {
    let choosing = &settings.packages.choosing;
    let is_file = |word: &&String| {
        let is_wheel = Path::new(word)
            .extension()
            .is_some_and(|ending| ending == "whl");
        !is_wheel && Path::new(word).is_file()
    };
    let (files, words): (Vec<&String>, Vec<&String>) = words.iter().partition(is_file);
    if files.is_empty() && words.is_empty() && choosing.requirements.is_empty() {
        return Err(Report::unknown("nothing is asked for")
            .hint("say what to lock, as in `ayon-resolve pypi lock reqs.in` or `ayon-resolve pypi lock \"requests>=2\"`"));
    }
    let files = files.into_iter().map(PathBuf::from);
    let files: Vec<PathBuf> = files.chain(choosing.requirements.iter().cloned()).collect();
    let mut named_files = named(&files, Purpose::Requirements);
    named_files.extend(named(&choosing.constraints, Purpose::Constraints));
    let overrides = named(&choosing.overrides, Purpose::Requirements);
    let mut asked = Asked {
        files: read(&named_files, settings)?,
        overrides: read(&overrides, settings)?.requirements,
    };
    for word in words {
        asked.files.requirements.push(typed(word)?);
    }
    Ok(asked)
}

/// Reads only the constraints and overrides that the settings name.
pub(crate) fn limits(settings: &Settings) -> Result<Asked, Report> {
    let choosing = &settings.packages.choosing;
    let constraints = named(&choosing.constraints, Purpose::Constraints);
    let overrides = named(&choosing.overrides, Purpose::Requirements);
    Ok(Asked {
        files: read(&constraints, settings)?,
        overrides: read(&overrides, settings)?.requirements,
    })
}

fn named(files: &[PathBuf], purpose: Purpose) -> Vec<(PathBuf, Purpose)> {
    files.iter().map(|file| (file.clone(), purpose)).collect()
}

/// A requirement that was typed.
fn typed(word: &str) -> Result<Wanted, Report> {
    let refused = || Report::unknown(format!("`{}` cannot be locked", one_line(word)));
    // There are no packages that are called so, and a file that is not there is a usual slip.
    let ends_like_a_file = [".txt", ".in", ".toml"]
        .iter()
        .any(|end| word.ends_with(end));
    if ends_like_a_file {
        return Err(refused().because("there is no such file"));
    }
    requirement(word, Path::new(""))
        .map(Wanted::typed)
        .map_err(|cause| {
            let report = refused().because(cause);
            if word.contains(['/', '\\']) {
                report.because("nor is there such a file")
            } else {
                report
            }
        })
}

fn read(files: &[(PathBuf, Purpose)], settings: &Settings) -> Result<RequirementFiles, Report> {
    let variables = &settings.rez.surroundings.variables;
    let surroundings = Surroundings {
        file: &text_of,
        variable: &|name| variables.get(name).cloned(),
    };
    let files: Vec<(&Path, Purpose)> = files
        .iter()
        .map(|(path, purpose)| (path.as_path(), *purpose))
        .collect();
    RequirementFiles::read(&files, &surroundings).map_err(|mistakes| unusable(&mistakes))
}

/// A file's text; `-` is standard input.
fn text_of(path: &Path) -> Result<String, DiskError> {
    if path.as_os_str() != "-" {
        return ayon_disk::read_to_string(path, SIZE_LIMIT);
    }
    let mut text = String::new();
    let read = std::io::stdin()
        .lock()
        .take(SIZE_LIMIT)
        .read_to_string(&mut text);
    read.map(|_| text).map_err(|source| DiskError {
        action: ayon_disk::Action::Read,
        path: path.to_owned(),
        source,
    })
}

fn unusable(mistakes: &Mistakes) -> Report {
    let report = match mistakes.0.as_slice() {
        [only] => return Report::unknown(only.to_string()),
        _ => Report::unknown("the requirements cannot be used"),
    };
    let causes = mistakes.0.iter().map(ToString::to_string);
    causes.fold(report, Report::because)
}
