//! A studio as a folder of files, on disk or compiled into the program.
//!
//! Two layouts are read. A *studio folder* has `studio.toml`, `bundles/`, `launchers/`, `dependency_packages/`, `hosts/`
//! and `addons/`, each optional: one file per record, as the server answers it. Anything else is taken for an *addons
//! folder* as a server lays it out, `{name}/{version}/package.py` and zips. Every mistake is a problem with its file;
//! reading goes on. Source: reference `ayon.md` §1 and §9.

mod addons;
mod host;
mod records;

use ayon_model::{Place, Problem, Studio};

use crate::files::Files;

pub use host::read_host;
pub(crate) use records::add_build;

/// The largest text file that is read: records, profiles and the like.
const MAX_TEXT: u64 = 16 * 1024 * 1024;

/// Reads a folder. A folder that cannot be listed, or has nothing of a studio, is a studio with a problem.
pub(crate) fn read(files: &Files, label: &str) -> Studio {
    let mut studio = Studio {
        label: label.to_owned(),
        ..Studio::default()
    };
    let is_studio =
        files.exists("studio.toml") || files.is_folder("bundles") || files.is_folder("addons");
    if is_studio {
        let settings = records::read(files, &mut studio);
        if files.is_folder("addons") {
            addons::read(
                files,
                "addons",
                settings.use_git_suffix_for_addons,
                &mut studio,
            );
        }
    } else {
        addons::read(files, "", true, &mut studio);
    }
    if studio.bundles.is_empty() && studio.addons.is_empty() && studio.problems.is_empty() {
        let message = "nothing of a studio is here: neither `addons/` and `bundles/`, nor addons as \
                       `NAME/VERSION/package.py` or `NAME-VERSION.zip`";
        studio
            .problems
            .push(Problem::new(Place::file(label), message));
    }
    studio.problems.sort();
    studio
}

/// Reads a whole text file, or says in a problem why not. Nothing without a word where there is no such file.
fn read_text(files: &Files, path: &str, problems: &mut Vec<Problem>) -> Option<String> {
    let text = match files.read(path, MAX_TEXT) {
        Ok(bytes) => String::from_utf8(bytes?.into_owned()).map_err(|error| {
            format!(
                "the file is not UTF-8: byte {} is wrong; save it as UTF-8",
                error.utf8_error().valid_up_to()
            )
        }),
        Err(reason) => Err(format!("the file cannot be read: {reason}")),
    };
    match text {
        // Some editors on Windows begin a file with a mark that is no part of it.
        Ok(text) => Some(
            text.strip_prefix('\u{feff}')
                .map(str::to_owned)
                .unwrap_or(text),
        ),
        Err(message) => {
            problems.push(Problem::new(Place::file(path), message));
            None
        }
    }
}

/// What is in a folder, or a problem.
fn list(files: &Files, path: &str, problems: &mut Vec<Problem>) -> Vec<crate::files::Listed> {
    files.list(path).unwrap_or_else(|reason| {
        let place = Place::file(if path.is_empty() { "." } else { path });
        problems.push(Problem::new(
            place,
            format!("the folder cannot be listed: {reason}"),
        ));
        Vec::new()
    })
}

/// A path below a folder.
fn below(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}
