//! Python packages with the files to install, as the venv backend's solve leaves them.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;

use pypi::lock::{FileLocation, HeldBack, LockedFile, LockedPackage, Origin, WantedBy};

use crate::fault::Fault;
use crate::node::{Fields, Making, Node, Table};
use crate::shape::{Entry, PACKAGE};

pub(crate) fn entry(package: &LockedPackage) -> Entry {
    let held_back = package.held_back.as_ref().map(|held_back| {
        Making::default()
            .text("newest", &held_back.newest)
            .texts("by", &held_back.by)
            .done()
    });
    let head = Making::default()
        .text("name", &package.name)
        .maybe("version", package.version.as_ref())
        .maybe("requires_python", package.requires_python.as_ref())
        .maybe("index", package.index.as_ref())
        .maybe("half", package.half.as_ref())
        .flag("yanked", package.is_yanked)
        .all(origin_fields(&package.origin))
        .table("held_back", held_back.unwrap_or_default());
    let (wheels, sdist) = match &package.origin {
        Origin::Files { wheels, sdist } => (wheels.as_slice(), sdist.as_slice()),
        Origin::Git { .. } | Origin::Archive { .. } | Origin::Directory { .. } => {
            (&[][..], &[][..])
        }
    };
    let files = |files: &[LockedFile]| -> Vec<Node> {
        let lines = files.iter().map(file_fields);
        lines.map(Node::table).collect()
    };
    let lists = vec![
        package
            .extras
            .iter()
            .map(|extra| Node::text(extra.as_str()))
            .collect(),
        package
            .dependencies
            .iter()
            .map(|name| Node::text(name.as_str()))
            .collect(),
        files(wheels),
        files(sdist),
        package.wanted_by.iter().map(wanted_line).collect(),
    ];
    Entry::new(PACKAGE, head.done(), lists)
}

pub(crate) fn read(entry: &Entry) -> Result<LockedPackage, Fault> {
    let head = Fields::new(&entry.head, entry.at);
    let [extras, dependencies, wheels, sdist, wanted_by] = entry.lists.as_slice() else {
        return Err(head.fault("its lists are not those of a package"));
    };
    let maybe = |name| Ok(head.maybe(name)?.map(str::to_owned));
    let held_back = head.table("held_back")?.map(|fields| {
        Ok(HeldBack {
            newest: fields.parse("newest")?,
            by: fields.texts("by")?,
        })
    });
    Ok(LockedPackage {
        name: head.parse("name")?,
        version: head.parse_maybe("version")?,
        requires_python: maybe("requires_python")?,
        index: maybe("index")?,
        extras: each(extras, read_name).map_err(|fault| fault.inside("extras"))?,
        origin: read_origin(head, wheels, sdist)?,
        dependencies: each(dependencies, read_name)
            .map_err(|fault| fault.inside("dependencies"))?,
        wanted_by: each(wanted_by, read_wanted).map_err(|fault| fault.inside("wanted_by"))?,
        half: maybe("half")?,
        held_back: held_back
            .transpose()
            .map_err(|fault: Fault| fault.inside("held_back"))?,
        is_yanked: head.flag("yanked")?,
    })
}

fn each<T, All: FromIterator<T>>(
    lines: &[Node],
    read: impl Fn(&Node) -> Result<T, Fault>,
) -> Result<All, Fault> {
    lines.iter().map(read).collect()
}

/// A name alone, or a table with a name where the line said for which targets it is.
fn read_name<T: FromStr<Err: Display>>(line: &Node) -> Result<T, Fault> {
    let text = match line.as_table() {
        Some(table) => Fields::new(table, line.at).text("name")?,
        None => line.expect_text()?,
    };
    text.parse()
        .map_err(|error: T::Err| Fault::new(line.at, error.to_string()))
}

fn wanted_line(wanted: &WantedBy) -> Node {
    Making::default()
        .text("words", &wanted.requirement)
        .text("by", &wanted.who)
        .flag("root", wanted.is_root)
        .into_node()
}

fn read_wanted(line: &Node) -> Result<WantedBy, Fault> {
    let fields = line.expect_table()?;
    Ok(WantedBy {
        who: fields.text("by")?.to_owned(),
        requirement: fields.text("words")?.to_owned(),
        is_root: fields.flag("root")?,
    })
}

/// The fields of a source that is no index: a table of its own kind.
fn origin_fields(origin: &Origin) -> Table {
    let (name, fields) = match origin {
        Origin::Files { .. } => return Table::new(),
        Origin::Git {
            url,
            commit,
            requested,
            subdirectory,
        } => {
            let fields = Making::default()
                .text("url", url)
                .text("commit", commit)
                .maybe("requested", requested.as_ref())
                .maybe("subdirectory", subdirectory.as_ref());
            ("git", fields)
        }
        Origin::Archive { file, subdirectory } => {
            let fields = Making::default()
                .all(file_fields(file))
                .maybe("subdirectory", subdirectory.as_ref());
            ("archive", fields)
        }
        Origin::Directory { path, subdirectory } => {
            let fields = Making::default()
                .text("path", path.to_string_lossy())
                .maybe("subdirectory", subdirectory.as_ref());
            ("directory", fields)
        }
    };
    Making::default().table(name, fields.done()).done()
}

fn read_origin(head: Fields<'_>, wheels: &[Node], sdist: &[Node]) -> Result<Origin, Fault> {
    if let Some(git) = head.table("git")? {
        return read_git(git).map_err(|fault| fault.inside("git"));
    }
    if let Some(archive) = head.table("archive")? {
        return read_archive(archive).map_err(|fault| fault.inside("archive"));
    }
    if let Some(directory) = head.table("directory")? {
        return Ok(Origin::Directory {
            path: PathBuf::from(directory.text("path")?),
            subdirectory: directory.maybe("subdirectory")?.map(str::to_owned),
        });
    }
    let file = |line: &Node| read_file(line.expect_table()?);
    let sdists: Vec<LockedFile> = each(sdist, file).map_err(|fault| fault.inside("sdist"))?;
    Ok(Origin::Files {
        wheels: each(wheels, file).map_err(|fault| fault.inside("wheels"))?,
        sdist: sdists.into_iter().next(),
    })
}

fn read_git(fields: Fields<'_>) -> Result<Origin, Fault> {
    Ok(Origin::Git {
        url: fields.text("url")?.to_owned(),
        commit: fields.text("commit")?.to_owned(),
        requested: fields.maybe("requested")?.map(str::to_owned),
        subdirectory: fields.maybe("subdirectory")?.map(str::to_owned),
    })
}

fn read_archive(fields: Fields<'_>) -> Result<Origin, Fault> {
    Ok(Origin::Archive {
        file: read_file(fields)?,
        subdirectory: fields.maybe("subdirectory")?.map(str::to_owned),
    })
}

fn file_fields(file: &LockedFile) -> Table {
    let making = Making::default().text("name", &file.name);
    let hashes = file.hashes.iter();
    let hashes = hashes.map(|(name, digits)| (name.clone(), Node::text(digits)));
    match &file.location {
        FileLocation::Url(url) => making.text("url", url),
        FileLocation::Path(path) => making.text("path", path.to_string_lossy()),
    }
    .number("size", file.size)
    .maybe("uploaded", file.uploaded)
    .table("hashes", hashes.collect())
    .done()
}

fn read_file(fields: Fields<'_>) -> Result<LockedFile, Fault> {
    let location = match fields.maybe("path")? {
        Some(path) => FileLocation::Path(PathBuf::from(path)),
        None => FileLocation::Url(fields.text("url")?.to_owned()),
    };
    let mut hashes = BTreeMap::new();
    if let Some(table) = fields.table("hashes")? {
        for (name, digits) in table.iter() {
            let digits = digits.expect_text().map_err(|fault| fault.inside(name))?;
            hashes.insert(name.to_owned(), digits.to_owned());
        }
    }
    Ok(LockedFile {
        name: fields.text("name")?.to_owned(),
        location,
        size: fields.number("size")?,
        uploaded: fields.parse_maybe("uploaded")?,
        hashes,
    })
}
