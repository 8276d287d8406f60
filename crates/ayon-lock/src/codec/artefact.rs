//! What a backend's own solver chose: conda records, rez packages.

use ayon_solve::{Artefact, ArtefactFile, Demand, Demander};

use crate::codec::origin;
use crate::fault::Fault;
use crate::node::{Fields, Making, Node};
use crate::shape::{ARTEFACT, Entry};

pub(crate) fn entry(artefact: &Artefact) -> Entry {
    let file = artefact.file.as_ref().map(|file| {
        Making::default()
            .text("name", &file.name)
            .filled("url", &file.url)
            .number("size", file.size)
            .maybe("sha256", file.sha256.as_ref())
            .maybe("md5", file.md5.as_ref())
            .done()
    });
    let head = Making::default()
        .text("name", &artefact.name)
        .filled("version", &artefact.version)
        .maybe("build", artefact.build.as_ref())
        .filled("location", &artefact.location)
        .filled("form", &artefact.form)
        .texts("requires", &artefact.requires)
        .table("file", file.unwrap_or_default())
        .maybe("record", artefact.record.as_ref());
    let demands = artefact.wanted_by.iter().map(demand_line).collect();
    Entry::new(ARTEFACT, head.done(), vec![demands])
}

pub(crate) fn read(entry: &Entry) -> Result<Artefact, Fault> {
    let head = Fields::new(&entry.head, entry.at);
    let text = |name| head.filled(name).map(str::to_owned);
    let maybe = |name| Ok(head.maybe(name)?.map(str::to_owned));
    let file = head.table("file")?.map(read_file).transpose();
    Ok(Artefact {
        name: head.text("name")?.to_owned(),
        version: text("version")?,
        build: maybe("build")?,
        location: text("location")?,
        form: text("form")?,
        requires: head.texts("requires")?,
        file: file.map_err(|fault| fault.inside("file"))?,
        wanted_by: entry
            .lists
            .iter()
            .flatten()
            .map(read_demand)
            .collect::<Result<_, _>>()
            .map_err(|fault| fault.inside("wanted_by"))?,
        record: maybe("record")?,
    })
}

fn read_file(fields: Fields<'_>) -> Result<ArtefactFile, Fault> {
    Ok(ArtefactFile {
        name: fields.text("name")?.to_owned(),
        url: fields.filled("url")?.to_owned(),
        size: fields.number("size")?,
        sha256: fields.maybe("sha256")?.map(str::to_owned),
        md5: fields.maybe("md5")?.map(str::to_owned),
    })
}

fn demand_line(demand: &Demand) -> Node {
    let making = Making::default().text("words", &demand.words);
    match &demand.by {
        Demander::Origin(origin) => making.all(origin::fields(origin)),
        Demander::Artefact(name) => making.text("by", format!("artefact {name}")),
    }
    .into_node()
}

fn read_demand(line: &Node) -> Result<Demand, Fault> {
    let fields = line.expect_table()?;
    let by = match fields.text("by")?.strip_prefix("artefact ") {
        Some(name) => Demander::Artefact(name.to_owned()),
        None => Demander::Origin(origin::read(fields)?),
    };
    Ok(Demand {
        by,
        words: fields.text("words")?.to_owned(),
    })
}
