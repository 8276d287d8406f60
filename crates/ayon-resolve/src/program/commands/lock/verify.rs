//! `verify`: files held against the lock, by size and hashes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use ayon_disk::FolderEntryKind;
use ayon_model::Target;
use ayon_resolve::lock::{self, ExpectedFile, FileFinding, FoundFile, Lock};
use clap::Args;
use serde::Serialize;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::file::LockFile;
use crate::program::flags::{LockFileArguments, list, switch};
use crate::program::printer::Printer;
use crate::program::session::bundle_ask;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

/// Folders in folders are followed so far; a link that leads back ends there.
const DEEPEST: usize = 24;
/// More files than any store of packages has.
const MOST: usize = 2_000_000;

const EXAMPLES: &str = "\
Examples:
  ayon-resolve verify /mnt/farm/pkgs
  ayon-resolve verify wheels/ --lock show01.lock --platform linux-64 --host maya/2025 --json

Files are found by their names; those that the lock knows by a path on this disk are looked for there first.

Exit codes: 0 every file is there and right; 1 one is missing or wrong; 2 it could not be told.";

/// What `verify` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct VerifyArguments {
    /// Where the files are: folders, with all below them, and files
    #[arg(value_name = "FOLDER|FILE")]
    places: Vec<String>,
    #[command(flatten)]
    file: LockFileArguments,
    /// Only what this platform needs; may be given several times [default: all of the lock]
    #[arg(
        long,
        value_name = "PLATFORM",
        value_delimiter = ',',
        help_heading = "What for"
    )]
    platform: Vec<String>,
    /// Only what this host needs; may be given several times
    #[arg(
        long,
        value_name = "NAME/VERSION",
        value_delimiter = ',',
        help_heading = "What for"
    )]
    host: Vec<String>,
    /// Only what a process without a user interface needs
    #[arg(long, help_heading = "What for")]
    headless: bool,
}

impl VerifyArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        self.file.record(layer);
        list(layer, "platform", &self.platform);
        list(layer, "host", &self.host);
        switch(layer, "headless", self.headless);
    }
}

/// Looks at every file of the lock.
pub(crate) fn run(
    arguments: &VerifyArguments,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let file = LockFile::look(settings)?;
    let lock = wanted(settings, &file)?;
    let progress = printer.progress("looking for files");
    let known = Known::of(&arguments.places)?;
    let mut failure = None;
    let mut seen = 0;
    let findings = lock::verify(&lock, |expected| {
        if failure.is_some() {
            return None;
        }
        progress.say(&format!("reading {}", expected.name));
        match known.find(expected) {
            Ok(found) => {
                seen += usize::from(found.is_some());
                found
            }
            Err(report) => {
                failure = Some(report);
                None
            }
        }
    });
    drop(progress);
    if let Some(report) = failure {
        return Err(report);
    }
    tell(&file, &lock, seen, &findings, printer)?;
    Ok(if findings.is_empty() {
        Verdict::Fine
    } else {
        Verdict::No
    })
}

/// The lock, with no more than the targets that are named.
fn wanted(settings: &Settings, file: &LockFile) -> Result<Lock, Report> {
    let lock = file.lock()?;
    let targets = lock::targets(&bundle_ask(settings)?);
    let known = |target: &Target| lock.resolution(target).map(|_| ());
    targets.iter().try_for_each(known).map_err(|error| {
        Report::unknown(format!("the lock `{}` cannot be used", file.name())).because_of(&error)
    })?;
    Ok(if targets.is_empty() {
        lock
    } else {
        lock.only(&targets)
    })
}

/// The files that are there, by name.
struct Known(BTreeMap<String, Vec<PathBuf>>);

impl Known {
    /// Everything in and below these places.
    fn of(places: &[String]) -> Result<Self, Report> {
        let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        let mut count = 0;
        let mut add = |path: PathBuf| {
            let name = path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned());
            found
                .entry(name.unwrap_or_default())
                .or_default()
                .push(path);
            count += 1;
            if count > MOST {
                return Err(Report::unknown(format!("there are more than {MOST} files"))
                    .hint("name the folders that the packages are in"));
            }
            Ok(())
        };
        let mut open = Vec::new();
        for place in places.iter().map(PathBuf::from) {
            if place.is_dir() {
                open.push((place, 0));
            } else if place.is_file() {
                add(place)?;
            } else {
                return Err(Report::unknown(format!(
                    "there is no file and no folder `{}`",
                    place.display()
                )));
            }
        }
        while let Some((folder, depth)) = open.pop() {
            let entries =
                ayon_disk::read_dir(&folder).map_err(|error| Report::unknown(error.to_string()))?;
            for entry in entries {
                match entry.kind {
                    FolderEntryKind::File => add(entry.path)?,
                    FolderEntryKind::Folder if depth < DEEPEST => {
                        open.push((entry.path, depth + 1));
                    }
                    FolderEntryKind::Folder | FolderEntryKind::Other => {}
                }
            }
        }
        Ok(Self(found))
    }

    /// The file as it is: of several of its name one that is wrong, if one is.
    fn find(&self, expected: &ExpectedFile) -> Result<Option<FoundFile>, Report> {
        let local = local(&expected.location).filter(|path| path.is_file());
        let named = self.0.get(&expected.name).into_iter().flatten();
        let mut first = None;
        for path in local.iter().chain(named) {
            let found = read(path, expected)?;
            if lock::check(expected, &found).is_some() {
                return Ok(Some(found));
            }
            first.get_or_insert(found);
        }
        Ok(first)
    }
}

/// The path in a location, where it is one on this disk.
fn local(location: &str) -> Option<PathBuf> {
    let path = location.strip_prefix("file://").unwrap_or(location);
    (!path.contains("://") && Path::new(path).is_absolute()).then(|| PathBuf::from(path))
}

/// Reads a file piece by piece, for its size and the hashes that are expected of it.
fn read(path: &Path, expected: &ExpectedFile) -> Result<FoundFile, Report> {
    let unreadable = |error: std::io::Error| {
        Report::unknown(format!("`{}` cannot be read", path.display())).because_of(&error)
    };
    let mut file = BufReader::new(std::fs::File::open(path).map_err(unreadable)?);
    let wants = |name: &str| expected.hashes.contains_key(name);
    let (mut sha256, mut sha384, mut sha512) = (
        wants("sha256").then(Sha256::new),
        wants("sha384").then(Sha384::new),
        wants("sha512").then(Sha512::new),
    );
    let mut found = FoundFile::default();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let length = file.read(&mut buffer).map_err(unreadable)?;
        let Some(piece) = buffer.get(..length).filter(|piece| !piece.is_empty()) else {
            break;
        };
        found.size += piece.len() as u64;
        if let Some(hasher) = &mut sha256 {
            hasher.update(piece);
        }
        if let Some(hasher) = &mut sha384 {
            hasher.update(piece);
        }
        if let Some(hasher) = &mut sha512 {
            hasher.update(piece);
        }
    }
    let digits = |bytes: &[u8]| {
        let mut text = String::new();
        for byte in bytes {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    };
    let digests = [
        ("sha256", sha256.map(|hasher| digits(&hasher.finalize()))),
        ("sha384", sha384.map(|hasher| digits(&hasher.finalize()))),
        ("sha512", sha512.map(|hasher| digits(&hasher.finalize()))),
    ];
    for (name, digits) in digests {
        found
            .hashes
            .extend(digits.map(|digits| (name.to_owned(), digits)));
    }
    Ok(found)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    lock: &'a str,
    digest: String,
    /// How many files were read.
    files: usize,
    success: bool,
    findings: Vec<FindingDocument>,
}

#[derive(Serialize)]
struct FindingDocument {
    /// One word: `missing`, `size`, `hash`, `unproven`.
    kind: &'static str,
    package: String,
    /// The file, or the files any of which would do.
    files: Vec<String>,
    message: String,
}

impl From<&FileFinding> for FindingDocument {
    fn from(finding: &FileFinding) -> Self {
        let (kind, owner, files) = match finding {
            FileFinding::Missing { owner, files, .. } => ("missing", owner, files.as_slice()),
            FileFinding::Size { file, .. } => ("size", &file.owner, std::slice::from_ref(file)),
            FileFinding::Hash { file, .. } => ("hash", &file.owner, std::slice::from_ref(file)),
            FileFinding::Unproven { file } => ("unproven", &file.owner, std::slice::from_ref(file)),
        };
        Self {
            kind,
            package: owner.to_string(),
            files: files.iter().map(|file| file.name.clone()).collect(),
            message: finding.to_string(),
        }
    }
}

fn tell(
    file: &LockFile,
    lock: &Lock,
    seen: usize,
    findings: &[FileFinding],
    printer: &mut Printer,
) -> Result<(), Report> {
    if printer.is_json() {
        let body = Body {
            lock: &file.name(),
            digest: lock.digest().to_string(),
            files: seen,
            success: findings.is_empty(),
            findings: findings.iter().map(FindingDocument::from).collect(),
        };
        return printer.json("verify", 1, &body);
    }
    let mut text = String::new();
    for finding in findings {
        let _ = writeln!(text, "{finding}");
    }
    let files = |count: usize| match count {
        1 => "1 file".to_owned(),
        several => format!("{several} files"),
    };
    let _ = match findings.len() {
        0 => writeln!(text, "{}: {} read, all right", file.name(), files(seen)),
        wrong => writeln!(
            text,
            "{}: {} read, {wrong} wrong or missing",
            file.name(),
            files(seen)
        ),
    };
    printer.text(&text)
}
