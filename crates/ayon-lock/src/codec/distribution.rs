//! What AYON's own solve chose: launcher, addons, distributions with their askers, relations, given modules.

use std::collections::BTreeSet;
use std::path::PathBuf;

use ayon_model::{AddonName, Given, Half, printable};
use ayon_solve::{Asker, ChosenAddon, ChosenLauncher, Edge, Object, ResolvedDistribution};
use pypi::{DistributionName, ExtraName};

use crate::codec::{origin, versions};
use crate::fault::Fault;
use crate::node::{Fields, Making, Node, Table};
use crate::shape::{ADDON, DISTRIBUTION, Entry, GIVEN, LAUNCHER, RELATIONS};

pub(crate) fn launcher_entry(launcher: &ChosenLauncher) -> Entry {
    let head = Making::default()
        .text("version", &launcher.version)
        .text("file", &launcher.filename);
    Entry::new(LAUNCHER, head.done(), Vec::new())
}

pub(crate) fn read_launcher(head: Fields<'_>) -> Result<ChosenLauncher, Fault> {
    Ok(ChosenLauncher {
        version: head.parse("version")?,
        filename: head.text("file")?.to_owned(),
    })
}

pub(crate) fn addon_entry(addon: &ChosenAddon) -> Entry {
    let development = addon
        .development
        .as_ref()
        .map(|path| path.to_string_lossy());
    let head = Making::default()
        .text("name", addon.name.as_str())
        .text("version", &addon.version)
        .maybe("host_name", addon.host_name.as_ref())
        .maybe("development", development);
    Entry::new(ADDON, head.done(), Vec::new())
}

pub(crate) fn read_addon(head: Fields<'_>) -> Result<ChosenAddon, Fault> {
    Ok(ChosenAddon {
        name: AddonName::from(head.text("name")?),
        version: head.parse("version")?,
        host_name: head.maybe("host_name")?.map(str::to_owned),
        development: head.maybe("development")?.map(PathBuf::from),
    })
}

pub(crate) fn distribution_entry(distribution: &ResolvedDistribution) -> Entry {
    let source = distribution.source.as_ref();
    let given = distribution.given.as_ref();
    let head = Making::default()
        .text("name", &distribution.name)
        .node("versions", versions::set_node(&distribution.set))
        .texts("extras", &distribution.extras)
        .table(
            "source",
            source.map(versions::source_fields).unwrap_or_default(),
        )
        .table("given", given.map(given_fields).unwrap_or_default());
    let askers = distribution.askers.iter().map(asker_line).collect();
    Entry::new(DISTRIBUTION, head.done(), vec![askers])
}

pub(crate) fn read_distribution(entry: &Entry) -> Result<ResolvedDistribution, Fault> {
    let head = Fields::new(&entry.head, entry.at);
    let source = head.table("source")?.map(versions::read_source).transpose();
    let given = head.table("given")?.map(read_given).transpose();
    let askers = entry.lists.iter().flatten();
    Ok(ResolvedDistribution {
        name: head.parse("name")?,
        extras: read_extras(head)?,
        set: versions::read_set(head, "versions", || None)?,
        source: source.map_err(|fault| fault.inside("source"))?,
        given: given.map_err(|fault| fault.inside("given"))?,
        askers: askers
            .map(read_asker)
            .collect::<Result<_, _>>()
            .map_err(|fault| fault.inside("asked_by"))?,
    })
}

fn read_extras(fields: Fields<'_>) -> Result<BTreeSet<ExtraName>, Fault> {
    let extra = |text: &String| {
        text.parse()
            .map_err(|error: pypi::NameError| fields.fault(error.to_string()))
    };
    fields.texts("extras")?.iter().map(extra).collect()
}

fn asker_line(asker: &Asker) -> Node {
    Making::default()
        .text("words", &asker.text)
        .all(versions::constraint_fields(&asker.constraint, &asker.text))
        .texts("extras", &asker.extras)
        .flag("runtime", asker.half == Half::Runtime)
        .all(origin::fields(&asker.origin))
        .into_node()
}

fn read_asker(line: &Node) -> Result<Asker, Fault> {
    let fields = line.expect_table()?;
    let words = fields.text("words")?;
    let is_runtime = fields.flag("runtime")?;
    Ok(Asker {
        origin: origin::read(fields)?,
        text: words.to_owned(),
        constraint: versions::read_constraint(fields, words)?,
        extras: read_extras(fields)?,
        half: if is_runtime {
            Half::Runtime
        } else {
            Half::Dependencies
        },
    })
}

fn given_fields(given: &Given) -> Table {
    Making::default()
        .text("version", &given.version)
        .all(origin::fields(&given.origin))
        .done()
}

fn read_given(fields: Fields<'_>) -> Result<Given, Fault> {
    Ok(Given {
        version: fields.parse("version")?,
        origin: origin::read(fields)?,
    })
}

/// All modules that a process has.
pub(crate) fn modules_entry<'a>(
    modules: impl Iterator<Item = (&'a DistributionName, &'a Given)>,
) -> Entry {
    let line = |(name, given): (&DistributionName, &Given)| {
        Making::default()
            .text("name", name)
            .all(given_fields(given))
            .into_node()
    };
    Entry::new(GIVEN, Table::new(), vec![modules.map(line).collect()])
}

pub(crate) fn read_module(line: &Node) -> Result<(DistributionName, Given), Fault> {
    let fields = line.expect_table()?;
    Ok((fields.parse("name")?, read_given(fields)?))
}

/// Who asks for which addon and launcher.
pub(crate) fn edges_entry(edges: &[Edge]) -> Entry {
    let line = |edge: &Edge| {
        Making::default()
            .text("needs", object_text(&edge.object))
            .text("words", &edge.range)
            .all(origin::fields(&edge.origin))
            .into_node()
    };
    Entry::new(
        RELATIONS,
        Table::new(),
        vec![edges.iter().map(line).collect()],
    )
}

pub(crate) fn read_edge(line: &Node) -> Result<Edge, Fault> {
    let fields = line.expect_table()?;
    let needs = fields.text("needs")?;
    let object = parse_object(needs).ok_or_else(|| {
        fields.fault(format!(
            "`{}` is nothing that can be needed: `addon NAME`, `launcher` or the like is expected",
            printable(needs)
        ))
    })?;
    Ok(Edge {
        origin: origin::read(fields)?,
        object,
        range: fields.text("words")?.to_owned(),
    })
}

pub(crate) fn object_text(object: &Object) -> String {
    match object {
        Object::Server => "server".to_owned(),
        Object::Launcher => "launcher".to_owned(),
        Object::Python => "python".to_owned(),
        Object::Addon(name) => format!("addon {}", name.as_str()),
        Object::Distribution(name) => format!("distribution {name}"),
    }
}

fn parse_object(text: &str) -> Option<Object> {
    Some(match text.split_once(' ') {
        None if text == "server" => Object::Server,
        None if text == "launcher" => Object::Launcher,
        None if text == "python" => Object::Python,
        Some(("addon", name)) => Object::Addon(AddonName::from(name)),
        Some(("distribution", name)) => Object::Distribution(name.parse().ok()?),
        _ => return None,
    })
}
