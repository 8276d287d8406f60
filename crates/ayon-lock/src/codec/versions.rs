//! Sets of versions, and the constraints that are made of them.
//!
//! A set is written as the PEP 440 text that people know wherever that text says it exactly. Two kinds of set have no
//! such text (see [`pypi::SpecifierText::is_exact`]); they are written as stretches in words, `at-least 1.0 to
//! through 2.0`, an array with one line per stretch.

use pypi::{
    Cells, Constraint, Interval, LowerBound, Reference, Source, UpperBound, Version, VersionSet,
};

use crate::fault::Fault;
use crate::node::{Fields, Making, Node, Table};

/// The node of a set.
pub(crate) fn set_node(set: &VersionSet) -> Node {
    let text = set.to_string();
    if from_text(&text).is_some_and(|read| is_same(&read, set)) {
        return Node::text(text);
    }
    let stretches = set.intervals();
    Node::list(
        stretches
            .iter()
            .map(|one| Node::text(stretch_text(one)))
            .collect(),
    )
}

/// The set in a field, or `otherwise`.
pub(crate) fn read_set(
    fields: Fields<'_>,
    name: &str,
    otherwise: impl FnOnce() -> Option<VersionSet>,
) -> Result<VersionSet, Fault> {
    let Some(node) = fields.get(name) else {
        return otherwise().ok_or_else(|| fields.fault(format!("`{name}` is missing")));
    };
    let wrong = |node: &Node| {
        let message = "this is no set of versions, such as `>=1.6,<2`";
        Fault::new(node.at, message).inside(name)
    };
    if let Some(text) = node.as_text() {
        return from_text(text).ok_or_else(|| wrong(node));
    }
    let mut set = VersionSet::none();
    for stretch in fields.list(name)? {
        let text = stretch.as_text().and_then(parse_stretch);
        set = set.union(&text.ok_or_else(|| wrong(stretch))?);
    }
    Ok(set)
}

/// Whether two sets are equal and are also told in the same words: `1.0` and `1.0.0` are one version, but two texts.
pub(crate) fn is_same(one: &VersionSet, other: &VersionSet) -> bool {
    one == other && format!("{:?}", one.intervals()) == format!("{:?}", other.intervals())
}

/// What [`VersionSet`] displays.
pub(crate) fn from_text(text: &str) -> Option<VersionSet> {
    if text == "*" {
        return Some(VersionSet::any());
    }
    if text == "<0.dev0" {
        return Some(VersionSet::none());
    }
    text.split(" || ")
        .try_fold(VersionSet::none(), |set, text| {
            Some(set.union(&VersionSet::from_specifiers(text).ok()?))
        })
}

fn stretch_text(stretch: &Interval) -> String {
    let lower = match &stretch.lower {
        LowerBound::Unbounded => String::new(),
        LowerBound::AtLeast(version) => format!("at-least {version} "),
        LowerBound::Above(version) => format!("above {version} "),
        LowerBound::After(version) => format!("after {version} "),
    };
    let upper = match &stretch.upper {
        UpperBound::Unbounded => "any".to_owned(),
        UpperBound::Below(version) => format!("below {version}"),
        UpperBound::Before(version) => format!("before {version}"),
        UpperBound::AtMost(version) => format!("at-most {version}"),
        UpperBound::UpTo(version) => format!("up-to {version}"),
        UpperBound::Through(version) => format!("through {version}"),
    };
    format!("{lower}to {upper}")
}

fn parse_stretch(text: &str) -> Option<VersionSet> {
    let mut words = text.split(' ');
    let lower = match words.next()? {
        "to" => VersionSet::any(),
        kind => {
            let version: Version = words.next()?.parse().ok()?;
            if words.next()? != "to" {
                return None;
            }
            match kind {
                "at-least" => at_least(&version),
                "above" => clause(">", &version)?,
                "after" => after(&version),
                _ => return None,
            }
        }
    };
    let upper = match words.next()? {
        "any" => VersionSet::any(),
        kind => {
            let version: Version = words.next()?.parse().ok()?;
            match kind {
                "below" => clause("<", &version)?,
                "before" => at_least(&version).complement(),
                "at-most" if version.local().is_some() => after(&version).complement(),
                "at-most" => clause("<=", &version)?,
                "up-to" => after(&version).complement(),
                "through" => clause(">", &version)?.complement(),
                _ => return None,
            }
        }
    };
    words.next().is_none().then(|| lower.intersection(&upper))
}

fn clause(operator: &str, version: &Version) -> Option<VersionSet> {
    VersionSet::from_specifiers(&format!("{operator}{version}")).ok()
}

/// This version and everything behind it; PEP 440 has no clause for that where it has a local label.
fn at_least(version: &Version) -> VersionSet {
    beyond(version, 0)
}

/// Everything behind this very version.
fn after(version: &Version) -> VersionSet {
    beyond(version, 1)
}

/// The line is cut before and after the version alone, and everything from the `skipped` cell behind the first cut taken.
fn beyond(version: &Version, skipped: usize) -> VersionSet {
    let only = VersionSet::from_specifiers(&format!("==={version}"));
    let only = only.unwrap_or_else(|_| VersionSet::exactly(version));
    let cells = Cells::new([&only]);
    let first = cells.position_of(version) + skipped;
    let behind = cells.iter().skip(first);
    behind.fold(VersionSet::none(), |set, cell| set.union(cell))
}

/// The fields of a constraint, beside the words in which it is shown.
pub(crate) fn constraint_fields(constraint: &Constraint, words: &str) -> Table {
    match constraint {
        Constraint::Versions { set, text } => {
            let making = Making::default().maybe("written", (text != words).then_some(text));
            match from_text(text) {
                Some(said) if is_same(&said, set) => making,
                _ => making.node("versions", set_node(set)),
            }
            .done()
        }
        Constraint::Source(source) => Making::default()
            .node("source", Node::table(source_fields(source)))
            .done(),
    }
}

/// The constraint in these fields, which are shown in `words`.
pub(crate) fn read_constraint(fields: Fields<'_>, words: &str) -> Result<Constraint, Fault> {
    if let Some(source) = fields.table("source")? {
        return read_source(source)
            .map(Constraint::Source)
            .map_err(|fault| fault.inside("source"));
    }
    let text = fields.maybe("written")?.unwrap_or(words);
    Ok(Constraint::Versions {
        set: read_set(fields, "versions", || from_text(text))?,
        text: text.to_owned(),
    })
}

/// The fields of a source.
pub(crate) fn source_fields(source: &Source) -> Table {
    let (making, subdirectory) = match source {
        Source::Git {
            url,
            reference,
            subdirectory,
        } => {
            let kind = match reference {
                Reference::Default | Reference::Branch(_) => "branch",
                Reference::Tag(_) => "tag",
                Reference::Revision(_) => "revision",
            };
            let making = Making::default().text("git", url);
            (making.maybe(kind, reference.name()), subdirectory)
        }
        Source::Url { url, subdirectory } => (Making::default().text("url", url), subdirectory),
        Source::Path { path, subdirectory } => (Making::default().text("path", path), subdirectory),
    };
    making.maybe("subdirectory", subdirectory.as_ref()).done()
}

/// The source in these fields.
pub(crate) fn read_source(fields: Fields<'_>) -> Result<Source, Fault> {
    let subdirectory = fields.maybe("subdirectory")?.map(str::to_owned);
    if let Some(url) = fields.maybe("url")? {
        let url = url.to_owned();
        return Ok(Source::Url { url, subdirectory });
    }
    if let Some(path) = fields.maybe("path")? {
        let path = path.to_owned();
        return Ok(Source::Path { path, subdirectory });
    }
    let named = |name: &'static str| fields.maybe(name).map(|text| text.map(str::to_owned));
    let reference = match (named("branch")?, named("tag")?, named("revision")?) {
        (Some(name), _, _) => Reference::Branch(name),
        (None, Some(name), _) => Reference::Tag(name),
        (None, None, Some(name)) => Reference::Revision(name),
        (None, None, None) => Reference::Default,
    };
    Ok(Source::Git {
        url: fields.text("git")?.to_owned(),
        reference,
        subdirectory,
    })
}
