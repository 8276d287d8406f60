//! Where files go that a command makes: to disk as one whole, or to standard output.
//!
//! One file may go anywhere: to standard output, to the path given with `-o`, or into a folder given there. Several
//! need a folder, since joined together they would be none of the formats they are written in.

use std::path::{Component, Path, PathBuf};

use serde::Serialize;

use super::Report;
use super::plain::one_line;
use super::printer::Printer;

/// A file as a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OutputFile {
    /// Its name; may have folders in it, always with `/`.
    pub(crate) name: String,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
}

/// Writes `files` where `output` (the setting of that name) says; with `--json`, prints a document about them.
pub(crate) fn write(
    files: &[OutputFile],
    output: Option<&Path>,
    printer: &mut Printer,
) -> Result<(), Report> {
    let output = output.filter(|path| path.as_os_str() != "-");
    let places = match output {
        Some(path) => places(files, path)?,
        None => Vec::new(),
    };
    // Every name was judged before anything is written.
    store(files, &places, output)?;
    if printer.is_json() {
        return document(files, &places, printer);
    }
    match (output, files) {
        (None, [file]) => printer.bytes(&file.bytes),
        (None, []) => Ok(()),
        (None, several) => {
            let names: Vec<String> = several
                .iter()
                .map(|file| format!("`{}`", one_line(&file.name)))
                .collect();
            Err(Report::unknown(format!(
                "there are {} files to write: {}",
                several.len(),
                names.join(", ")
            ))
            .hint("name a folder for them: `-o FOLDER/`"))
        }
        (Some(_), _) => {
            tell(&places, printer);
            Ok(())
        }
    }
}

/// Writes one file where `path` says: for commands that print a document of their own.
#[cfg(any(feature = "rez", feature = "venv"))]
pub(crate) fn put(file: OutputFile, path: &Path, printer: &mut Printer) -> Result<(), Report> {
    let files = [file];
    let places = places(&files, path)?;
    store(&files, &places, Some(path))?;
    tell(&places, printer);
    Ok(())
}

/// Whether the folder that a file is to be written into is there: it is not made up for.
pub(crate) fn check_folder(path: &Path) -> Result<(), Report> {
    let folder = path.parent().filter(|folder| {
        let is_here = folder.as_os_str().is_empty();
        !is_here && !folder.is_dir()
    });
    folder.map_or(Ok(()), |folder| {
        Err(Report::unknown(format!(
            "cannot write `{}`: there is no folder `{}`",
            path.display(),
            folder.display()
        )))
    })
}

/// Whether a path is meant as a folder: `a/` and `a` are the same to the standard library, but not to a person.
pub(crate) fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.to_string_lossy().ends_with(std::path::is_separator)
}

fn store(files: &[OutputFile], places: &[PathBuf], output: Option<&Path>) -> Result<(), Report> {
    for (file, place) in files.iter().zip(places) {
        // What is in the named folder may need more of them; what was named itself is not made up for.
        if output == Some(place) {
            check_folder(place)?;
        }
        let folder = place
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let written = folder.map_or(Ok(()), ayon_disk::create_dir_all);
        written
            .and_then(|()| ayon_disk::write_atomic(place, &file.bytes))
            .map_err(|error| Report::unknown(error.to_string()))?;
    }
    Ok(())
}

fn tell(places: &[PathBuf], printer: &mut Printer) {
    for place in places {
        printer.note(&format!("Wrote {}", place.display()));
    }
}

/// Where each of `files` goes below, or at, `path`.
fn places(files: &[OutputFile], path: &Path) -> Result<Vec<PathBuf>, Report> {
    let is_folder = is_folder(path) || files.len() > 1;
    if is_folder && path.is_file() {
        return Err(Report::unknown(format!(
            "`{}` is a file, and a folder is needed",
            path.display()
        ))
        .hint("name a folder with `-o`, or remove the file"));
    }
    let place = |file: &OutputFile| {
        if !is_folder {
            return Ok(path.to_owned());
        }
        let is_plain = |part: Component| matches!(part, Component::Normal(_));
        let name = Path::new(&file.name);
        if file.name.is_empty()
            || file.name.contains(['\\', ':', '\0'])
            || !name.components().all(is_plain)
        {
            return Err(Report::unknown(format!(
                "`{}` is not a name for a file",
                one_line(&file.name)
            )));
        }
        Ok(path.join(name))
    };
    files.iter().map(place).collect()
}

fn document(files: &[OutputFile], places: &[PathBuf], printer: &mut Printer) -> Result<(), Report> {
    #[derive(Serialize)]
    struct Body<'a> {
        files: Vec<Described<'a>>,
    }
    #[derive(Serialize)]
    struct Described<'a> {
        name: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        path: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<&'a str>,
    }
    let mut described = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let path = places.get(index).map(|place| place.display().to_string());
        let text = match path {
            Some(_) => None,
            None => Some(std::str::from_utf8(&file.bytes).map_err(|_| {
                Report::unknown(format!(
                    "`{}` is no text and cannot stand in JSON",
                    one_line(&file.name)
                ))
                .hint("write it to a file: `-o PATH`")
            })?),
        };
        described.push(Described {
            name: &file.name,
            path,
            text,
        });
    }
    printer.json("files", 1, &Body { files: described })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> Vec<OutputFile> {
        names
            .iter()
            .map(|name| OutputFile {
                name: (*name).to_owned(),
                bytes: Vec::new(),
            })
            .collect()
    }

    #[test]
    fn one_file_is_the_path_and_several_are_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        assert_eq!(places(&files(&["a.yml"]), &at("x")).unwrap(), [at("x")]);
        assert_eq!(
            places(&files(&["a.yml"]), &at("x/")).unwrap(),
            [at("x").join("a.yml")]
        );
        assert_eq!(
            places(&files(&["a.yml"]), folder.path()).unwrap(),
            [at("a.yml")]
        );
        let two = files(&["a.yml", "b/c.yml"]);
        assert_eq!(
            places(&two, &at("x")).unwrap(),
            [at("x").join("a.yml"), at("x").join("b/c.yml")]
        );
    }

    #[test]
    fn no_file_leaves_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["../a", "/a", "", "a/../../b", "c:a", "a\\b"] {
            assert!(places(&files(&[name]), folder.path()).is_err(), "{name}");
        }
    }

    #[test]
    fn a_file_is_no_folder() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(places(&files(&["a", "b"]), file.path()).is_err());
    }
}
