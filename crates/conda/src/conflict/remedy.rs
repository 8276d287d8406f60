//! What helps: small changes of the question, each tried by solving again.

use rattler_solve::CancellationToken;

use super::asked::Asked;
use super::core::{Said, Statements};
use super::{Conflict, Reason, Remedy};
use crate::solve::{Answer, choose};
use crate::world::World;
use crate::{Ask, Asker, PackageName, Record, Root, SolveError, Spec, VirtualPackage};

/// How many are told, and how many are tried for that.
const MOST_TOLD: usize = 2;
const MOST_TRIED: usize = 12;

/// Tries what may help, what changes least first.
pub(super) fn find(
    ask: &Ask,
    statements: &Statements<'_>,
    found: &[Said],
    conflict: &Conflict,
    token: &CancellationToken,
) -> Result<Vec<Remedy>, SolveError> {
    let asked: Vec<&Asked> = found
        .iter()
        .filter_map(|said| match said {
            Said::Asked(place) => Some(&statements.asked[*place]),
            _ => None,
        })
        .collect();
    let mut ideas = named_channels(ask, conflict, &asked);
    ideas.extend(machines(ask, conflict));
    if found.iter().any(|said| matches!(said, Said::Cut(_))) {
        let mut ask = ask.clone();
        ask.exclude_newer = None;
        ideas.push(Idea {
            ask,
            name: None,
            remedy: Remedy::AnyDate,
        });
    }
    ideas.extend(found.iter().filter_map(|said| unpinned(ask, said)));
    ideas.extend(asked.iter().filter_map(|asked| loosened(ask, asked)));
    ideas.extend(asked.iter().map(|asked| dropped(ask, asked)));
    let mut remedies: Vec<Remedy> = Vec::new();
    for idea in ideas.into_iter().take(MOST_TRIED) {
        let is_drop = matches!(idea.remedy, Remedy::Drop { .. });
        if remedies.len() == MOST_TOLD || (is_drop && !remedies.is_empty()) {
            break;
        }
        // A newer machine than one that will do is no news.
        let is_machine = |remedy: &Remedy| matches!(remedy, Remedy::Machine { .. });
        if is_machine(&idea.remedy) && remedies.iter().any(is_machine) {
            continue;
        }
        remedies.extend(idea.tried(token)?);
    }
    Ok(remedies)
}

/// A question that may have an answer.
struct Idea {
    ask: Ask,
    /// The package whose chosen version is worth telling.
    name: Option<PackageName>,
    remedy: Remedy,
}

impl Idea {
    /// The remedy, if it is one.
    fn tried(self, token: &CancellationToken) -> Result<Option<Remedy>, SolveError> {
        let world = World::read(&self.ask)?;
        let Answer::Chosen(records) = choose(&self.ask, &world, token, false)? else {
            return Ok(None);
        };
        let version = |name: &PackageName| {
            let record = records.iter().find(|record| record.name() == *name);
            record.map(|record: &Record| record.version().to_string())
        };
        let version = self.name.as_ref().and_then(version);
        let mut remedy = self.remedy;
        if let Remedy::Loosen { chosen, .. }
        | Remedy::NameChannel { chosen, .. }
        | Remedy::Unpin { chosen, .. } = &mut remedy
        {
            *chosen = version;
        }
        Ok(Some(remedy))
    }
}

/// Asks a hidden channel by name.
fn named_channels(ask: &Ask, conflict: &Conflict, asked: &[&Asked<'_>]) -> Vec<Idea> {
    let mut ideas = Vec::new();
    for absence in &conflict.absences {
        for reason in &absence.reasons {
            let (Reason::Hidden { hidden, .. }
            | Reason::Elsewhere {
                channel: hidden, ..
            }) = reason
            else {
                continue;
            };
            let mut of_name = asked
                .iter()
                .filter(|asked| *asked.spec.name() == absence.name);
            let (spec, ask) = if let Some(asked) = of_name.next() {
                let spec = asked.spec.clone().with_channel(hidden);
                (spec.clone(), asked.instead(ask, Some(spec)))
            } else {
                let spec = Spec::any(&absence.name).with_channel(hidden);
                let mut ask = ask.clone();
                ask.roots.push(Root {
                    spec: spec.clone(),
                    asker: Asker(u32::MAX),
                });
                (spec, ask)
            };
            ideas.push(Idea {
                ask,
                name: Some(absence.name.clone()),
                remedy: Remedy::NameChannel {
                    spec: spec.to_string(),
                    chosen: None,
                },
            });
        }
    }
    ideas
}

/// Solves for a machine that has what is needed: each version that is named, the lowest first.
fn machines(ask: &Ask, conflict: &Conflict) -> Vec<Idea> {
    let name = &conflict.contested;
    if !name.is_virtual() {
        return Vec::new();
    }
    let about = conflict
        .statements
        .iter()
        .filter(|statement| statement.about == *name);
    let ranges = about.flat_map(|statement| &statement.ranges);
    let mut packages: Vec<VirtualPackage> = ranges
        .flat_map(|range| range.split([',', '|', ' ']))
        .map(|part| part.trim_matches(|character: char| !character.is_ascii_digit()))
        .filter(|version| !version.is_empty())
        .filter_map(|version| format!("{name}={version}").parse().ok())
        .collect();
    packages.sort_by(|a, b| a.version().cmp(b.version()));
    packages.dedup_by(|a, b| a.version() == b.version());
    if packages.is_empty() {
        packages.extend(format!("{name}=0").parse());
    }
    packages.truncate(3);
    let ideas = packages.into_iter().map(|package| {
        let mut ask = ask.clone();
        let told = format!("{}={}", package.name(), package.version());
        ask.target = ask.target.with_virtual_package(package);
        Idea {
            ask,
            name: None,
            remedy: Remedy::Machine { package: told },
        }
    });
    ideas.collect()
}

/// Lets somebody ask for any version.
fn loosened(ask: &Ask, asked: &Asked<'_>) -> Option<Idea> {
    let loose = asked.spec.loosened();
    if loose == *asked.spec || asked.spec.name().is_virtual() {
        return None;
    }
    Some(Idea {
        ask: asked.instead(ask, Some(loose)),
        name: Some(asked.spec.name().clone()),
        remedy: Remedy::Loosen {
            speaker: asked.speaker.clone(),
            spec: asked.spec.to_string(),
            chosen: None,
        },
    })
}

/// Pins nothing of a package.
fn unpinned(ask: &Ask, said: &Said) -> Option<Idea> {
    let Said::Pins(name) = said else { return None };
    let mut ask = ask.clone();
    ask.pinned.retain(|record| record.name() != *name);
    Some(Idea {
        ask,
        name: Some(name.clone()),
        remedy: Remedy::Unpin {
            name: name.clone(),
            chosen: None,
        },
    })
}

/// Leaves out what somebody asks.
fn dropped(ask: &Ask, asked: &Asked<'_>) -> Idea {
    Idea {
        ask: asked.instead(ask, None),
        name: None,
        remedy: Remedy::Drop {
            speaker: asked.speaker.clone(),
            spec: asked.spec.to_string(),
        },
    }
}
