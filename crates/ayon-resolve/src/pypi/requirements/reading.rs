//! Following requirement files from one to the next.

use std::path::{Path, PathBuf};

use ayon_model::{Origin, Subject};
use pypi::Requirement;

use super::lines::{Line, expanded, lines, parts};
use super::reference::requirement;
use super::{Mistake, Mistakes, Purpose, RequirementFiles, Surroundings, Wanted, is_from_index};

/// Deeper than anybody nests files on purpose.
const DEPTH: usize = 32;
/// More files than anybody names on purpose.
const FILES: usize = 1000;

pub(super) fn read(
    files: &[(&Path, Purpose)],
    surroundings: &Surroundings<'_>,
) -> Result<RequirementFiles, Mistakes> {
    let mut reader = Reader {
        surroundings,
        found: RequirementFiles::default(),
        mistakes: Vec::new(),
        open: Vec::new(),
        count: 0,
    };
    for (path, purpose) in files {
        reader.file(path, *purpose);
    }
    if reader.mistakes.is_empty() {
        Ok(reader.found)
    } else {
        Err(Mistakes(reader.mistakes))
    }
}

struct Reader<'a> {
    surroundings: &'a Surroundings<'a>,
    found: RequirementFiles,
    mistakes: Vec<Mistake>,
    /// The files that are being read, the outermost first.
    open: Vec<PathBuf>,
    count: usize,
}

/// Where a line is.
#[derive(Clone, Copy)]
struct Place<'a> {
    file: &'a Path,
    line: usize,
    purpose: Purpose,
}

impl Place<'_> {
    /// Who asks for what stands there.
    fn origin(&self) -> Origin {
        let file = ayon_model::Place::file(self.file.to_string_lossy());
        Origin::new(Subject::Request, file.at("", u32::try_from(self.line).ok()))
    }

    /// The folder that the file's paths are seen from.
    fn base(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new(""))
    }
}

impl Reader<'_> {
    /// Reads a file and all that it leads to. They go [`DEPTH`] deep at most, so this ends.
    fn file(&mut self, path: &Path, purpose: Purpose) {
        let text = match (self.surroundings.file)(path) {
            Ok(text) => text,
            Err(error) => return self.mistakes.push(error.into()),
        };
        self.open.push(path.to_owned());
        self.count += 1;
        for line in lines(text.trim_start_matches('\u{feff}')) {
            let place = Place {
                file: path,
                line: line.number,
                purpose,
            };
            if let Err(message) = self.line(&line, place) {
                self.mistakes.push(Mistake::Line {
                    file: path.to_owned(),
                    line: line.number,
                    message,
                });
            }
        }
        self.open.pop();
    }

    fn line(&mut self, line: &Line, place: Place<'_>) -> Result<(), String> {
        let has_secret = holds_secret(&line.text);
        let text = expanded(&line.text, self.surroundings.variable);
        let (asked, words) = parts(&text);
        if !asked.is_empty() {
            return self.requirement(asked, &words, place);
        }
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let (name, value) = name_and_value(&word);
            let mut value = || {
                let value = value.map(str::to_owned).or_else(|| words.next());
                value.ok_or_else(|| format!("`{name}` needs a value"))
            };
            self.option(name, &mut value, has_secret, place)?;
        }
        Ok(())
    }

    fn requirement(
        &mut self,
        asked: &str,
        words: &[String],
        place: Place<'_>,
    ) -> Result<(), String> {
        let wanted = Wanted {
            requirement: requirement(asked, place.base())?,
            origin: place.origin(),
            hashes: hashes(words)?,
        };
        if place.purpose == Purpose::Requirements {
            self.found.requirements.push(wanted);
            return Ok(());
        }
        check_constraint(&wanted.requirement)?;
        self.found.constraints.push(wanted);
        Ok(())
    }

    fn option(
        &mut self,
        name: &str,
        value: &mut dyn FnMut() -> Result<String, String>,
        has_secret: bool,
        place: Place<'_>,
    ) -> Result<(), String> {
        let mut url = || {
            if has_secret {
                return Err(format!(
                    "`{name}`: a password does not belong in a file; write `${{NAME}}` for a variable, or keep it in a netrc file"
                ));
            }
            value()
        };
        match name {
            "-i" | "--index-url" | "--pypi-url" => self.found.index_url = Some(url()?),
            "--extra-index-url" => self.found.extra_index_urls.push(url()?),
            "-f" | "--find-links" => {
                let links = url()?;
                let is_url = links.contains("://");
                let folder = || place.base().join(&links).to_string_lossy().into_owned();
                let links = if is_url { links.clone() } else { folder() };
                self.found.find_links.push(links);
            }
            "-r" | "--requirement" => self.follow(&value()?, place.purpose, place)?,
            "-c" | "--constraint" => self.follow(&value()?, Purpose::Constraints, place)?,
            "--no-index" => self.found.no_index = true,
            "--pre" => self.found.prereleases = true,
            // Wheels are all that is used, and every file of a lock has its hash.
            "--prefer-binary" | "--require-hashes" => {}
            "--only-binary" => drop(value()?),
            _ => return Err(why_refused(name)),
        }
        Ok(())
    }

    fn follow(&mut self, name: &str, purpose: Purpose, place: Place<'_>) -> Result<(), String> {
        if name.contains("://") {
            return Err("a requirement file in the network is not read; fetch it first".to_owned());
        }
        let path = place.base().join(name);
        if self.open.contains(&path) || self.open.len() >= DEPTH {
            return Err(format!("`{}` leads back to itself", path.display()));
        }
        if self.count >= FILES {
            return Err(format!("more than {FILES} files are named"));
        }
        self.file(&path, purpose);
        Ok(())
    }
}

/// An option's name, and its value where that stands in the same word: `--name=value`, `-rfile`.
fn name_and_value(word: &str) -> (&str, Option<&str>) {
    match word.get(..2) {
        Some("-r" | "-c" | "-i" | "-f") if word.len() > 2 => (&word[..2], Some(&word[2..])),
        _ => match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word, None),
        },
    }
}

fn why_refused(name: &str) -> String {
    let why = match name {
        "-e" | "--editable" => {
            "an editable install is of this machine, and no lock can hold it; leave it out, or name a wheel"
        }
        "--no-binary" => {
            "`--no-binary` asks for source distributions; wheels are used here wherever there are any"
        }
        "--trusted-host" => {
            "`--trusted-host` turns off the check of certificates; trust the index's own instead: `--ca-file FILE`"
        }
        _ => return format!("`{}` has no meaning here", ayon_model::printable(name)),
    };
    why.to_owned()
}

/// What a constraint can say.
fn check_constraint(requirement: &Requirement) -> Result<(), String> {
    if !requirement.extras.is_empty() {
        return Err("a constraint asks for nothing, so it cannot have extras".to_owned());
    }
    if !is_from_index(requirement) {
        return Err(
            "a constraint says which versions may be chosen; to take a package from a URL, require it there".to_owned(),
        );
    }
    Ok(())
}

/// The hashes of a requirement, which are all the options it can have.
fn hashes(words: &[String]) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let hash = match word.split_once('=') {
            Some(("--hash", hash)) => Some(hash),
            None if word == "--hash" => words.next().map(String::as_str),
            _ => {
                return Err(format!(
                    "`{}` has no meaning behind a requirement; only `--hash=sha256:…` has",
                    ayon_model::printable(word)
                ));
            }
        };
        let hash = hash.filter(|hash| is_hash(hash)).ok_or(
            "`--hash` needs an algorithm and a hash: `--hash=sha256:` and 64 hexadecimal digits",
        )?;
        found.push(hash.to_ascii_lowercase());
    }
    Ok(found)
}

fn is_hash(text: &str) -> bool {
    let Some((algorithm, digits)) = text.split_once(':') else {
        return false;
    };
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return false,
    };
    digits.len() == length && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Whether a URL in the text has a user part that is written out, and not taken from variables.
fn holds_secret(text: &str) -> bool {
    let is_secret = |rest: &str| {
        let end = rest.find(['/', '?', '#', ' ']).unwrap_or(rest.len());
        let user = rest[..end].rfind('@').map(|at| &rest[..at]);
        user.is_some_and(|user| !user.contains("${"))
    };
    text.split("://").skip(1).any(is_secret)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn read_all(files: &[(&str, &str)]) -> Result<RequirementFiles, String> {
        let texts: BTreeMap<&Path, &str> = files
            .iter()
            .map(|(name, text)| (Path::new(*name), *text))
            .collect();
        let file = |path: &Path| match texts.get(path) {
            Some(text) => Ok((*text).to_owned()),
            None => ayon_disk::read_to_string(path, 1),
        };
        let variable = |name: &str| (name == "TOKEN").then(|| "canary".to_owned());
        let surroundings = Surroundings {
            file: &file,
            variable: &variable,
        };
        let first = [(Path::new(files[0].0), Purpose::Requirements)];
        RequirementFiles::read(&first, &surroundings).map_err(|mistakes| mistakes.to_string())
    }

    #[test]
    fn files_lead_to_files_and_every_line_keeps_its_place() {
        let read = read_all(&[
            (
                "a/reqs.in",
                "-r ../base.in\n-c limits.txt\nusd-core>=24 \\\n  ; python_version >= '3.9'\n--pre\n",
            ),
            (
                "a/../base.in",
                "\n\nrequests[socks]\n--find-links=wheels\n",
            ),
            ("a/limits.txt", "requests<3\n"),
        ])
        .unwrap();
        let told = |wanted: &[Wanted]| {
            let one = |wanted: &Wanted| format!("{}  {}", wanted.who(), wanted.requirement);
            wanted.iter().map(one).collect::<Vec<_>>()
        };
        assert_eq!(
            told(&read.requirements),
            [
                "a/../base.in:3  requests[socks]",
                "a/reqs.in:3  usd-core>=24 ; python_version >= \"3.9\""
            ]
        );
        assert_eq!(told(&read.constraints), ["a/limits.txt:1  requests<3"]);
        assert_eq!(read.find_links, ["a/../wheels"]);
        assert!(read.prereleases && !read.no_index);
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        let text = "a b\n-e .\n--trusted-host x\n--no-binary :all:\n-r\n--frobnicate\n-r r.in\n-r https://h/x\n\
                    a --hash=md5:0\nb --global-option x\n-i https://ada:canary@h/\n";
        insta::assert_snapshot!(read_all(&[("r.in", text)]).unwrap_err(), @r"
            r.in:1: `a b` is not a requirement: `b` is not a version clause as PEP 440 defines it: Unexpected end of version specifier, expected operator
            r.in:2: an editable install is of this machine, and no lock can hold it; leave it out, or name a wheel
            r.in:3: `--trusted-host` turns off the check of certificates; trust the index's own instead: `--ca-file FILE`
            r.in:4: `--no-binary` asks for source distributions; wheels are used here wherever there are any
            r.in:5: `-r` needs a value
            r.in:6: `--frobnicate` has no meaning here
            r.in:7: `r.in` leads back to itself
            r.in:8: a requirement file in the network is not read; fetch it first
            r.in:9: `--hash` needs an algorithm and a hash: `--hash=sha256:` and 64 hexadecimal digits
            r.in:10: `--global-option` has no meaning behind a requirement; only `--hash=sha256:…` has
            r.in:11: `-i`: a password does not belong in a file; write `${NAME}` for a variable, or keep it in a netrc file
            ");
    }

    #[test]
    fn a_password_may_be_a_variable() {
        let read = read_all(&[("r.in", "-i https://ada:${TOKEN}@h/simple\n")]).unwrap();
        assert_eq!(
            read.index_url.as_deref(),
            Some("https://ada:canary@h/simple")
        );
    }

    #[test]
    fn constraints_ask_for_nothing() {
        for (text, said) in [("a[b]\n", "extras"), ("a @ https://h/a.whl\n", "a URL")] {
            let error = read_all(&[("r.in", "-c c.txt\n"), ("c.txt", text)]).unwrap_err();
            assert!(
                error.starts_with("c.txt:1: ") && error.contains(said),
                "{error}"
            );
        }
    }

    #[test]
    fn files_that_go_round_end() {
        let error = read_all(&[("a.in", "-r b.in\n"), ("b.in", "-r a.in\n")]).unwrap_err();
        assert_eq!(error, "b.in:1: `a.in` leads back to itself");
    }
}
