//! A conflict in a dozen lines.

use super::{Absence, Conflict, Reason, Remedy, Speaker, Statement, Verb};
use crate::{PackageName, Version};

/// No account is longer.
const MOST: usize = 12;
/// So many statements are told before the middle of them is left out.
const MOST_STATEMENTS: usize = 7;
/// So many different ranges of one statement are told.
const MOST_RANGES: usize = 3;

impl Conflict {
    /// In at most a dozen lines: what cannot be had, who says what, what there is, and what helps. `who` tells who asks,
    /// as `addon maya 0.5.1 (pyproject.toml)`.
    pub fn lines(&self, who: &dyn Fn(&Speaker) -> String) -> Vec<String> {
        let mut lines = vec![self.head()];
        let statements: Vec<String> = self.statements.iter().map(|said| said.line(who)).collect();
        lines.extend(shortened(statements));
        for absence in &self.absences {
            lines.extend(absence.lines(&self.statements));
        }
        let mut remedies: Vec<String> = self
            .remedies
            .iter()
            .map(|remedy| remedy.line(who))
            .collect();
        if remedies.is_empty() {
            remedies.push("no single change of what is asked was found that helps".to_owned());
        }
        lines.truncate(MOST - remedies.len());
        lines.append(&mut remedies);
        lines
    }

    fn head(&self) -> String {
        let name = &self.contested;
        let is_known = self.absences.first().is_none_or(|absence| {
            let is_unknown = |reason: &Reason| matches!(reason, Reason::Unknown { .. });
            !absence.reasons.iter().any(is_unknown)
        });
        if name.is_virtual() {
            format!("the machine that is solved for does not have the {name} that is needed:")
        } else if is_known {
            format!("no {name} is what everybody asks for:")
        } else {
            format!("there is no {name}:")
        }
    }
}

/// Without the middle, where there are too many.
fn shortened(mut lines: Vec<String>) -> Vec<String> {
    if lines.len() > MOST_STATEMENTS {
        let left_out = lines.len() - MOST_STATEMENTS + 1;
        let from = MOST_STATEMENTS / 2;
        lines.splice(
            from..from + left_out,
            [format!("  … {left_out} more steps")],
        );
    }
    lines
}

impl Statement {
    fn line(&self, who: &dyn Fn(&Speaker) -> String) -> String {
        let channel = self
            .channel
            .as_ref()
            .map(|channel| format!("{channel}::"))
            .unwrap_or_default();
        let about = &self.about;
        let ranges = ranges(&self.ranges, &self.left);
        match (&self.speaker, self.verb) {
            (Speaker::Package(name, versions), verb) => {
                let verb = if verb == Verb::Needs {
                    "needs"
                } else {
                    "allows only"
                };
                let range = some(&ranges);
                format!("    {} {verb} {about}{range}", of(name, versions))
            }
            (Speaker::Pins, _) | (_, Verb::Pins) => format!("  {about} {ranges} is pinned"),
            (speaker, Verb::Needs) => {
                let range = some(&ranges);
                format!("  {} needs {channel}{about}{range}", who(speaker))
            }
            (speaker, Verb::Constrains) => {
                format!("  {} allows only {channel}{about} {ranges}", who(speaker))
            }
        }
    }
}

/// A range behind a name: nothing where any version will do.
fn some(range: &str) -> String {
    if range == "any version" {
        String::new()
    } else {
        format!(" {range}")
    }
}

fn of(name: &PackageName, versions: &[String]) -> String {
    format!("{name} {}", versions.join(", "))
}

/// In the words they are said in. Where these are too many, by the versions that are left.
fn ranges(ranges: &[String], left: &[String]) -> String {
    match ranges {
        [_, .., _] if ranges.len() > MOST_RANGES && !left.is_empty() => left.join(", "),
        [first, .., last] if ranges.len() > MOST_RANGES => {
            // Where there are many, builds say nothing.
            let version = |range: &str| {
                let exact = range
                    .strip_prefix("==")
                    .and_then(|range| range.split_once(' '));
                exact.map_or(range, |(version, _)| version).to_owned()
            };
            let (first, last) = (version(first), version(last));
            format!("{last} … {first} ({} different)", ranges.len())
        }
        ranges => ranges.join(" or "),
    }
}

impl Absence {
    fn lines(&self, statements: &[Statement]) -> Vec<String> {
        let name = &self.name;
        let mut lines = Vec::new();
        for reason in &self.reasons {
            lines.push(match reason {
                Reason::Hidden { winner, hidden, versions } => format!(
                    "  {name} {versions} in {hidden} does not count: {winner} comes first and has {name}, and priority is strict"
                ),
                Reason::Elsewhere { channel, versions } => {
                    format!("  {name} {versions} is in {channel}, which is not the channel that is asked for")
                }
                Reason::Newer { versions } => {
                    format!("  {name} {versions} is left out: newer than the date that is asked for, or without one")
                }
                Reason::OtherPlatform { platforms, versions } => {
                    let platforms: Vec<String> = platforms.iter().map(ToString::to_string).collect();
                    format!("  {name} {versions} is there for {} only", platforms.join(", "))
                }
                Reason::Machine { has: Some(version) } => format!("  it has {name} {version}"),
                Reason::Machine { has: None } => format!("  it has no {name}"),
                Reason::Unknown { close } if close.is_empty() => {
                    format!("  no channel has {name}")
                }
                Reason::Unknown { close } => {
                    let close: Vec<&str> = close.iter().map(PackageName::as_str).collect();
                    format!("  no channel has {name}; close to it: {}", close.join(", "))
                }
            });
        }
        // Where statements meet at a version, what there is explains nothing.
        let about = statements
            .iter()
            .filter(|statement| statement.about == *name);
        if about.count() < 2 || !self.reasons.is_empty() {
            let offered = self.offered.iter();
            lines.extend(
                offered.map(|(channel, versions)| {
                    format!("  there is {name} {versions} in {channel}")
                }),
            );
        }
        lines
    }
}

impl Remedy {
    /// In one line.
    fn line(&self, who: &dyn Fn(&Speaker) -> String) -> String {
        let then = |name: &str, chosen: &Option<Version>| match chosen {
            Some(version) => format!(" ({name} {version} is chosen then)"),
            None => String::new(),
        };
        match self {
            Self::Loosen {
                speaker,
                spec,
                chosen,
            } => {
                let name = spec.name();
                format!(
                    "it solves if {} asks for any {name} instead of `{spec}`{}",
                    who(speaker),
                    then(name.as_str(), chosen)
                )
            }
            Self::NameChannel { spec, chosen } => {
                format!("it solves if `{spec}` is asked{}", then("version", chosen))
            }
            Self::Unpin { name, chosen } => {
                format!(
                    "it solves if {name} is not pinned{}",
                    then(name.as_str(), chosen)
                )
            }
            Self::Machine(package) => {
                let (name, version) = (package.name(), package.version().to_string());
                let version = Some(version).filter(|version| version != "0");
                let version = version.map(|version| format!("={version}"));
                format!(
                    "it solves for a machine that has {name}{}",
                    version.unwrap_or_default()
                )
            }
            Self::AnyDate => "it solves if newer packages are looked at too".to_owned(),
            Self::Drop { speaker, spec } => {
                format!("it solves if {} does not ask for `{spec}`", who(speaker))
            }
        }
    }
}
