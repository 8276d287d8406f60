//! What helps: small changes of the question, each tried by solving again.

use rattler_solve::CancellationToken;

use super::asked::Asked;
use super::core::{Said, Statements};
use super::{Conflict, Reason, Speaker};
use crate::reduce::reduce;
use crate::solve::{Answer, choose};
use crate::{Ask, Asker, PackageName, Record, Root, SolveError, Spec, Version, VirtualPackage};

/// A change of the question that was tried and helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// To let somebody ask for a package in any version: then this one is chosen.
    Loosen {
        /// Who asks.
        speaker: Speaker,
        /// What for.
        spec: Spec,
        /// The version that is chosen then, if the package is.
        chosen: Option<Version>,
    },
    /// To ask a channel that does not count for a package by name.
    NameChannel {
        /// What to ask for: `channel::name`.
        spec: Spec,
        /// The version that is chosen then, if the package is.
        chosen: Option<Version>,
    },
    /// To solve for a machine that has this.
    Machine(VirtualPackage),
    /// Not to pin a package.
    Unpin {
        /// Which.
        name: PackageName,
        /// The version that is chosen then, if the package is.
        chosen: Option<Version>,
    },
    /// To look at newer records too.
    AnyDate,
    /// To leave something that is said from outside out.
    Drop {
        /// Who says it.
        speaker: Speaker,
        /// What.
        spec: Spec,
    },
}

impl Remedy {
    /// The question, changed so.
    #[must_use]
    pub fn apply(&self, ask: &Ask) -> Ask {
        let mut ask = ask.clone();
        match self {
            Self::Loosen { speaker, spec, .. } => {
                said_by(&mut ask, speaker, |root| {
                    if root.spec == *spec {
                        root.spec = spec.loosened();
                    }
                    true
                });
            }
            Self::NameChannel { spec, .. } => {
                let root = Root {
                    spec: spec.clone(),
                    asker: Asker(u32::MAX),
                };
                // Who asks for it of another channel is overruled: of two at once nothing can be had.
                let own = ask.own.iter_mut().flat_map(|own| &mut own.depends);
                for other in ask.roots.iter_mut().chain(own).chain(&mut ask.constraints) {
                    if other.spec.name() == spec.name() && other.spec.channel().is_some() {
                        other.spec = spec.clone();
                    }
                }
                ask.roots.push(root);
            }
            Self::Machine(package) => ask.target = ask.target.with_virtual_package(package.clone()),
            Self::Unpin { name, .. } => ask.pinned.retain(|record| record.name() != *name),
            Self::AnyDate => ask.exclude_newer = None,
            Self::Drop { speaker, spec } => {
                said_by(&mut ask, speaker, |root| root.spec != *spec);
            }
        }
        ask
    }

    /// The package whose chosen version is worth telling, and where to tell it.
    fn chosen(&mut self) -> Option<(PackageName, &mut Option<Version>)> {
        match self {
            Self::Loosen { spec, chosen, .. } | Self::NameChannel { spec, chosen } => {
                Some((spec.name().clone(), chosen))
            }
            Self::Unpin { name, chosen } => Some((name.clone(), chosen)),
            Self::Machine(_) | Self::AnyDate | Self::Drop { .. } => None,
        }
    }
}

/// Goes over what somebody says, and leaves out that of which `keep` says no.
fn said_by(ask: &mut Ask, speaker: &Speaker, mut keep: impl FnMut(&mut Root) -> bool) {
    let (lists, by) = match speaker {
        Speaker::Asker(by) => (vec![&mut ask.roots, &mut ask.constraints], by),
        Speaker::Own(place, by) => {
            let own = ask.own.get_mut(*place).map(|own| &mut own.depends);
            (own.into_iter().collect(), by)
        }
        Speaker::Package(..) | Speaker::Pins => return,
    };
    for list in lists {
        list.retain_mut(|root| root.asker != *by || keep(root));
    }
}

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
    let mut ideas = named_channels(conflict, &asked);
    ideas.extend(machines(conflict));
    if found.iter().any(|said| matches!(said, Said::Cut(_))) {
        ideas.push(Remedy::AnyDate);
    }
    ideas.extend(found.iter().filter_map(unpinned));
    ideas.extend(asked.iter().filter_map(|asked| loosened(asked)));
    ideas.extend(asked.iter().map(|asked| Remedy::Drop {
        speaker: asked.speaker.clone(),
        spec: asked.spec.clone(),
    }));
    let mut remedies: Vec<Remedy> = Vec::new();
    for idea in ideas.into_iter().take(MOST_TRIED) {
        let is_drop = matches!(idea, Remedy::Drop { .. });
        if remedies.len() == MOST_TOLD || (is_drop && !remedies.is_empty()) {
            break;
        }
        // A newer machine than one that will do is no news.
        let is_machine = |remedy: &Remedy| matches!(remedy, Remedy::Machine(_));
        if is_machine(&idea) && remedies.iter().any(is_machine) {
            continue;
        }
        remedies.extend(tried(idea, ask, token)?);
    }
    Ok(remedies)
}

/// The remedy, if it is one.
fn tried(
    mut idea: Remedy,
    ask: &Ask,
    token: &CancellationToken,
) -> Result<Option<Remedy>, SolveError> {
    let ask = idea.apply(ask);
    let Some(world) = reduce(&ask)? else {
        return Ok(None);
    };
    let Answer::Chosen(records) = choose(&ask, &world, token, false)? else {
        return Ok(None);
    };
    if let Some((name, chosen)) = idea.chosen() {
        let mut records = records.iter();
        *chosen = records
            .find(|record| record.name() == name)
            .map(Record::version);
    }
    Ok(Some(idea))
}

/// Asks a hidden channel by name.
fn named_channels(conflict: &Conflict, asked: &[&Asked<'_>]) -> Vec<Remedy> {
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
            let mut asked = asked.iter().map(|asked| asked.spec);
            let asked = asked.find(|spec| *spec.name() == absence.name);
            let spec = asked
                .cloned()
                .unwrap_or_else(|| Spec::any(&absence.name))
                .with_channel(hidden);
            ideas.push(Remedy::NameChannel { spec, chosen: None });
        }
    }
    ideas
}

/// Solves for a machine that has what is needed: each version that is named, the lowest first.
fn machines(conflict: &Conflict) -> Vec<Remedy> {
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
    packages.into_iter().map(Remedy::Machine).collect()
}

/// Lets somebody ask for any version.
fn loosened(asked: &Asked<'_>) -> Option<Remedy> {
    let loose = asked.spec.loosened();
    (loose != *asked.spec && !asked.spec.name().is_virtual()).then(|| Remedy::Loosen {
        speaker: asked.speaker.clone(),
        spec: asked.spec.clone(),
        chosen: None,
    })
}

/// Pins nothing of a package.
fn unpinned(said: &Said) -> Option<Remedy> {
    let Said::Pins(name) = said else { return None };
    Some(Remedy::Unpin {
        name: name.clone(),
        chosen: None,
    })
}
