//! One target: its own table, and everything that belongs to it, as entries.

use std::collections::BTreeMap;
use std::sync::Arc;

use ayon_model::{GivenPython, Platform, Process, Target, printable};
use ayon_solve::{Artefact, Resolution};
use pypi::lock::{Lock, LockTarget, LockedPackage};
use pypi::{MarkerEnvironment, VersionSet};

use crate::codec::{artefact, distribution, origin, package, versions};
use crate::fault::Fault;
use crate::node::{Fields, Making, Node, Table};
use crate::shape::{ADDON, ARTEFACT, DISTRIBUTION, Entry, GIVEN, LAUNCHER, PACKAGE, RELATIONS};
use crate::unknown::{Unknown, leftover};

/// The name of a target in the file: `linux-64/launcher`, `win-64/maya/2025`.
pub(crate) fn label(target: &Target) -> String {
    let process = match &target.process {
        Process::Launcher => "launcher".to_owned(),
        Process::Headless => "headless".to_owned(),
        Process::Host { name, version } => origin::host_text(name, version),
    };
    format!("{}/{process}", target.platform)
}

pub(crate) fn parse_label(text: &str) -> Option<Target> {
    let (platform, process) = text.split_once('/')?;
    let process = match process {
        "launcher" => Process::Launcher,
        "headless" => Process::Headless,
        host => {
            let (name, version) = origin::parse_host(host)?;
            Process::Host { name, version }
        }
    };
    let platform: Platform = platform.parse().ok()?;
    Some(Target { platform, process })
}

/// Everything that belongs to a target.
pub(crate) fn entries(resolution: &Resolution) -> Vec<Entry> {
    let packages = resolution.lock.iter().flat_map(|lock| &lock.packages);
    let mut entries = vec![distribution::launcher_entry(&resolution.launcher)];
    entries.extend(resolution.addons.iter().map(distribution::addon_entry));
    let distributions = resolution.distributions.values();
    entries.extend(distributions.map(distribution::distribution_entry));
    entries.extend(
        sorted_artefacts(resolution)
            .into_iter()
            .map(|(_, entry)| entry),
    );
    entries.extend(packages.map(package::entry));
    entries.push(distribution::edges_entry(&resolution.edges));
    entries.push(distribution::modules_entry(resolution.modules.iter()));
    entries
}

/// The artefacts in the order of the file, with their places in the solver's order.
fn sorted_artefacts(resolution: &Resolution) -> Vec<(usize, Entry)> {
    let artefacts = resolution.artefacts.iter().map(artefact::entry);
    let mut entries: Vec<_> = artefacts.enumerate().collect();
    entries.sort_by(|(_, one), (_, other)| one.head.cmp(&other.head));
    entries
}

/// What to call each artefact of one target: its name, and which of several that share it.
fn artefact_labels(sorted: &[Entry]) -> Vec<String> {
    let name = |entry: &Entry| {
        let name = crate::node::field(&entry.head, "name").and_then(Node::as_text);
        // So that no name looks like a name and a number.
        name.unwrap_or_default().replace('#', "##")
    };
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for entry in sorted {
        counts.entry(name(entry)).or_default().0 += 1;
    }
    let label = |entry| {
        let name = name(entry);
        match counts.get_mut(&name) {
            Some((all, seen)) if *all > 1 => {
                *seen += 1;
                format!("{name}#{seen}")
            }
            _ => name,
        }
    };
    sorted.iter().map(label).collect()
}

/// The target's own table.
pub(crate) fn fields(resolution: &Resolution) -> Table {
    let python = &resolution.python;
    let said = python_set(&python.version, python.is_exact);
    let mut making = Making::default()
        .text("version", &python.version)
        .flag("exact", python.is_exact);
    if !versions::is_same(&said, &python.set) {
        making = making.node("versions", versions::set_node(&python.set));
    }
    let python = making.all(origin::fields(&python.origin)).done();
    let (places, sorted): (Vec<usize>, Vec<Entry>) =
        sorted_artefacts(resolution).into_iter().unzip();
    let mut order: Vec<(usize, String)> = Vec::new();
    if !places.is_sorted() {
        order = places.into_iter().zip(artefact_labels(&sorted)).collect();
        order.sort();
    }
    let assumptions = resolution.assumptions.iter().map(|(name, lines)| {
        let lines = lines.iter().map(Node::text).collect();
        ((*name).to_owned(), Node::list(lines))
    });
    let packages = resolution
        .lock
        .as_ref()
        .map(|lock| lock_fields(&lock.target));
    Making::default()
        .text("name", label(&resolution.target))
        .table("python", python)
        .table("packages", packages.unwrap_or_default())
        .table("assumptions", assumptions.collect())
        .texts("order", order.into_iter().map(|(_, label)| label))
        .done()
}

/// What is known of a Python from its version alone.
fn python_set(version: &pypi::Version, is_exact: bool) -> VersionSet {
    if is_exact {
        VersionSet::exactly(version)
    } else {
        VersionSet::series(version)
    }
}

fn lock_fields(target: &LockTarget) -> Table {
    let variables = target.environment.variables();
    let variables = variables.map(|(name, value)| (name.to_owned(), Node::text(value)));
    Making::default()
        .text("platform", &target.platform)
        .text("requires_python", &target.requires_python)
        .text("marker", &target.marker)
        .table("environment", variables.collect())
        .done()
}

/// Where the Python packages of a target may be installed.
fn read_lock_target(fields: Fields<'_>) -> Result<LockTarget, Fault> {
    let environment = fields
        .table("environment")?
        .ok_or_else(|| fields.fault("`environment` is missing"))?;
    let mut variables = Vec::new();
    for (name, value) in environment.iter() {
        variables.push((name, value.expect_text()?));
    }
    Ok(LockTarget {
        environment: MarkerEnvironment::from_variables(variables)
            .map_err(|error| environment.fault(error.to_string()))?,
        marker: fields.text("marker")?.to_owned(),
        requires_python: fields.text("requires_python")?.to_owned(),
        platform: fields.text("platform")?.to_owned(),
    })
}

/// What is read of a target's entries, in the order of the file.
#[derive(Default)]
struct Parts {
    launcher: Option<ayon_solve::ChosenLauncher>,
    addons: Vec<ayon_solve::ChosenAddon>,
    distributions: BTreeMap<pypi::DistributionName, ayon_solve::ResolvedDistribution>,
    artefacts: Vec<(Entry, Artefact)>,
    packages: Vec<LockedPackage>,
    edges: Vec<ayon_solve::Edge>,
    modules: BTreeMap<pypi::DistributionName, ayon_model::Given>,
}

impl Parts {
    /// Takes one entry, and gives it as it is written again.
    fn take(&mut self, raw: &Entry) -> Result<Entry, Fault> {
        let head = Fields::new(&raw.head, raw.at);
        let lines = || raw.lists.iter().flatten();
        let known = if raw.section == LAUNCHER {
            let launcher = distribution::read_launcher(head)?;
            let known = distribution::launcher_entry(&launcher);
            if self.launcher.replace(launcher).is_some() {
                return Err(head.fault("one target has two launchers"));
            }
            known
        } else if raw.section == ADDON {
            let addon = distribution::read_addon(head)?;
            let known = distribution::addon_entry(&addon);
            self.addons.push(addon);
            known
        } else if raw.section == DISTRIBUTION {
            let found = distribution::read_distribution(raw)?;
            let known = distribution::distribution_entry(&found);
            if self
                .distributions
                .insert(found.name.clone(), found)
                .is_some()
            {
                return Err(head.fault("one target has it twice"));
            }
            known
        } else if raw.section == ARTEFACT {
            let artefact = artefact::read(raw)?;
            let known = artefact::entry(&artefact);
            self.artefacts.push((known.clone(), artefact));
            known
        } else if raw.section == PACKAGE {
            let package = package::read(raw)?;
            let known = package::entry(&package);
            self.packages.push(package);
            known
        } else if raw.section == RELATIONS {
            let edges: Vec<_> = lines()
                .map(distribution::read_edge)
                .collect::<Result<_, _>>()?;
            let known = distribution::edges_entry(&edges);
            self.edges.extend(edges);
            known
        } else {
            debug_assert_eq!(raw.section, GIVEN);
            let modules: Vec<_> = lines()
                .map(distribution::read_module)
                .collect::<Result<_, _>>()?;
            let known =
                distribution::modules_entry(modules.iter().map(|(name, given)| (name, given)));
            self.modules.extend(modules);
            known
        };
        Ok(known)
    }
}

/// A target read from its table and its entries; what is not known goes to `unknown`.
pub(crate) fn read(
    bundle: Option<Arc<str>>,
    target: Target,
    node: &Node,
    entries: &[Entry],
    unknown: &mut Unknown,
) -> Result<Resolution, Fault> {
    let own = node.expect_table()?;
    let mut parts = Parts::default();
    for raw in entries {
        let known = parts
            .take(raw)
            .map_err(|fault| fault.inside(&raw.title()))?;
        unknown.keep(raw, &known);
    }
    let python = own
        .table("python")?
        .ok_or_else(|| own.fault("`python` is missing"))?;
    let mut resolution = Resolution {
        bundle,
        target,
        addons: parts.addons,
        launcher: parts
            .launcher
            .ok_or_else(|| own.fault("the target has no [[launcher]]"))?,
        python: read_python(python).map_err(|fault| fault.inside("python"))?,
        distributions: parts.distributions,
        modules: parts.modules,
        edges: parts.edges,
        artefacts: in_order(own, parts.artefacts)?,
        assumptions: read_assumptions(own)?,
        lock: None,
    };
    match own.table("packages")? {
        Some(fields) => {
            let target = read_lock_target(fields).map_err(|fault| fault.inside("packages"))?;
            let packages = parts.packages;
            resolution.lock = Some(Arc::new(Lock { target, packages }));
        }
        None if parts.packages.is_empty() => {}
        None => return Err(own.fault("`packages` is missing, though the target has a [[package]]")),
    }
    let raw = node.as_table().cloned().unwrap_or_default();
    unknown.own = leftover(&raw, &self::fields(&resolution));
    Ok(resolution)
}

fn read_python(fields: Fields<'_>) -> Result<GivenPython, Fault> {
    let version: pypi::Version = fields.parse("version")?;
    let is_exact = fields.flag("exact")?;
    Ok(GivenPython {
        set: versions::read_set(fields, "versions", || Some(python_set(&version, is_exact)))?,
        version,
        is_exact,
        origin: origin::read(fields)?,
    })
}

/// The artefacts in the solver's order, which is the file's unless the target says another.
fn in_order(own: Fields<'_>, artefacts: Vec<(Entry, Artefact)>) -> Result<Vec<Artefact>, Fault> {
    let mut artefacts = artefacts;
    // A file that was merged may have lost its order.
    artefacts.sort_by(|(one, _), (other, _)| one.head.cmp(&other.head));
    let (entries, mut artefacts): (Vec<Entry>, Vec<Option<Artefact>>) = artefacts
        .into_iter()
        .map(|(entry, one)| (entry, Some(one)))
        .unzip();
    let order = own.list("order")?;
    if order.is_empty() {
        return Ok(artefacts.into_iter().flatten().collect());
    }
    let labels = artefact_labels(&entries);
    let mut ordered = Vec::new();
    let places: BTreeMap<&str, usize> = labels.iter().map(String::as_str).zip(0..).collect();
    for node in order {
        let label = node.expect_text()?;
        let artefact = places
            .get(label)
            .and_then(|place| artefacts.get_mut(*place)?.take());
        ordered.push(artefact.ok_or_else(|| {
            let label = printable(label);
            Fault::new(
                node.at,
                format!(
                    "no [[artefact]] of the target is called `{label}`, or it is twice in `order`"
                ),
            )
        })?);
    }
    if ordered.len() < labels.len() {
        return Err(own
            .fault("`order` does not name every [[artefact]] of the target")
            .inside("order"));
    }
    Ok(ordered)
}

fn read_assumptions(own: Fields<'_>) -> Result<BTreeMap<&'static str, Vec<String>>, Fault> {
    let mut assumptions = BTreeMap::new();
    if let Some(fields) = own.table("assumptions")? {
        for (name, _) in fields.iter() {
            assumptions.insert(assumption_name(name, fields)?, fields.texts(name)?);
        }
    }
    Ok(assumptions)
}

/// A name that lives as long as the program, as [`Resolution::assumptions`] has them.
///
/// Those of our backends are known. One of another backend's is made to live so, a few bytes each time it is read; a
/// file may have few and short ones, so it cannot take memory away.
fn assumption_name(name: &str, fields: Fields<'_>) -> Result<&'static str, Fault> {
    const KNOWN: [&str; 4] = ["channels", "channel-priority", "virtual-packages", "notes"];
    const LONGEST: usize = 64;
    const MOST: usize = 64;
    if let Some(known) = KNOWN.into_iter().find(|known| *known == name) {
        return Ok(known);
    }
    if name.len() > LONGEST || fields.iter().count() > MOST {
        return Err(fields
            .fault(format!(
                "a target has at most {MOST} assumptions, with names of at most {LONGEST} bytes"
            ))
            .inside("assumptions"));
    }
    Ok(Box::leak(Box::from(name)))
}
