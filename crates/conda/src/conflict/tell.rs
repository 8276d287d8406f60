//! From a smallest set of statements to facts: who says what, and what there is of what nobody can have.

use std::collections::{BTreeMap, BTreeSet};

use super::core::{Known, Said, Statements};
use super::spans::spans;
use super::{Absence, Conflict, Reason, Speaker, Statement, Verb};
use crate::{Ask, PackageName, Platform, Record, SolveError, Spec, Version};

/// Tells a smallest set of statements.
pub(super) fn tell(
    ask: &Ask,
    statements: &Statements<'_>,
    found: &[Said],
) -> Result<Conflict, SolveError> {
    let telling = Telling::new(statements, found);
    let contested = telling.contested();
    let mut about: Vec<&PackageName> = vec![&contested];
    for said in found {
        if let Said::Priority(name) | Said::Cut(name) = said
            && !about.contains(&name)
        {
            about.push(name);
        }
    }
    let mut absences = Vec::new();
    for name in about {
        absences.push(telling.absence(ask, name)?);
    }
    Ok(Conflict {
        statements: telling.statements(),
        contested,
        absences,
        remedies: Vec::new(),
        account: Vec::new(),
    })
}

/// What is said, and the records that it leaves of each package.
pub(super) struct Telling<'a> {
    statements: &'a Statements<'a>,
    found: BTreeSet<&'a Said>,
    /// From who asks on.
    order: Vec<&'a PackageName>,
    /// What is left of a package by what is said of it, if anything.
    left: BTreeMap<&'a PackageName, Vec<&'a Known>>,
    empty: Vec<&'a PackageName>,
}

impl<'a> Telling<'a> {
    pub(super) fn new(statements: &'a Statements<'a>, found: &'a [Said]) -> Self {
        let mut telling = Self {
            statements,
            found: found.iter().collect(),
            order: Vec::new(),
            left: BTreeMap::new(),
            empty: Vec::new(),
        };
        for (_, asked) in telling.asked() {
            telling.meet(asked);
        }
        let mut place = 0;
        while let Some(&name) = telling.order.get(place) {
            telling.leave(name);
            for to in telling.spoken_of(name, true) {
                telling.meet(to);
            }
            place += 1;
        }
        telling
    }

    fn meet(&mut self, name: &'a PackageName) {
        if !self.order.contains(&name) {
            self.order.push(name);
        }
    }

    fn asked(&self) -> Vec<(usize, &'a PackageName)> {
        let asked = self.found.iter().filter_map(|said| match said {
            Said::Asked(place) => Some((*place, self.statements.asked[*place].spec.name())),
            _ => None,
        });
        asked.collect()
    }

    /// Of whom records of a package speak: whom they need, or whom they constrain.
    fn spoken_of(&self, name: &PackageName, is_need: bool) -> Vec<&'a PackageName> {
        let spoken = self.found.iter().filter_map(|said| match said {
            Said::Needs(from, to) if is_need && from == name => Some(to),
            Said::Constrains(from, to) if !is_need && from == name => Some(to),
            _ => None,
        });
        spoken.collect()
    }

    /// Finds what is left of a package, once that is known of who needs it.
    fn leave(&mut self, name: &'a PackageName) {
        let found = &self.found;
        let all: Vec<&Known> = match self.statements.offers.get_key_value(name) {
            Some((name, offer)) => {
                let is_from = |known: &&Known| self.statements.is_from(known, name, found);
                offer.counting(name, found).filter(is_from).collect()
            }
            None => Vec::new(),
        };
        let fits = |known: &&&Known| self.fits(name, &known.record, true);
        let mut left: Vec<&Known> = all.iter().filter(fits).copied().collect();
        if left.is_empty() {
            self.empty.push(name);
            let is_asked = |known: &&&Known| self.fits(name, &known.record, false);
            left = all.iter().filter(is_asked).copied().collect();
        }
        self.left.insert(name, left);
    }

    /// Whether a record is met by what is asked of it, and by what others need of it as far as that is known.
    pub(super) fn fits(&self, name: &PackageName, record: &Record, with_others: bool) -> bool {
        let mut asked = self.asked().into_iter().filter(|(_, asked)| *asked == name);
        if !asked.all(|(place, _)| self.statements.asked[place].spec.fits(record)) {
            return false;
        }
        let mut said = self.found.iter().filter(|_| with_others);
        said.all(|said| match said {
            Said::Needs(from, to) if to == name => {
                self.any_left(from, |known| allow(&known.needed(to), record))
            }
            Said::Constrains(from, to) if to == name => {
                self.any_left(from, |known| allow(&known.constrained(to), record))
            }
            _ => true,
        })
    }

    /// Whether this is so of any that is left of a package, as far as that is known.
    fn any_left(&self, name: &PackageName, is_so: impl Fn(&Known) -> bool) -> bool {
        let left = self.left.get(name);
        left.is_none_or(|left| left.iter().any(|known| is_so(known)))
    }

    /// The package of which nothing is left; else that of which most is said.
    fn contested(&self) -> PackageName {
        let said_of = |name: &PackageName| {
            let about = self.found.iter().filter(|said| match said {
                Said::Asked(place) => self.statements.asked[*place].spec.name() == name,
                Said::Needs(_, to) | Said::Constrains(_, to) => to == name,
                _ => false,
            });
            about.count()
        };
        let empty = self.empty.iter().rev().max_by_key(|name| said_of(name));
        let most = self.order.iter().max_by_key(|name| said_of(name));
        empty.or(most).map_or_else(
            || PackageName::unchecked(String::new()),
            |name| (*name).clone(),
        )
    }

    /// Each chain from who asks on, one after the other.
    fn statements(&self) -> Vec<Statement> {
        let mut told = Vec::new();
        let mut seen: BTreeSet<&PackageName> = BTreeSet::new();
        for (place, name) in self.asked() {
            let asked = &self.statements.asked[place];
            told.push(Statement {
                speaker: asked.speaker.clone(),
                verb: if asked.is_constraint {
                    Verb::Constrains
                } else {
                    Verb::Needs
                },
                about: name.clone(),
                channel: asked.spec.channel().map(str::to_owned),
                ranges: vec![asked.spec.range()],
                left: Vec::new(),
            });
            self.follow(name, &mut seen, &mut told);
        }
        for said in &self.found {
            if let Said::Pins(name) = said {
                let left = self.left.get(name).into_iter().flatten();
                told.push(Statement {
                    speaker: Speaker::Pins,
                    verb: Verb::Pins,
                    about: name.clone(),
                    channel: None,
                    ranges: left
                        .map(|known| Spec::exact(&known.record).range())
                        .collect(),
                    left: Vec::new(),
                });
            }
        }
        told
    }

    fn follow(
        &self,
        name: &'a PackageName,
        seen: &mut BTreeSet<&'a PackageName>,
        told: &mut Vec<Statement>,
    ) {
        let mut open = vec![name];
        while let Some(name) = open.pop() {
            if !seen.insert(name) {
                continue;
            }
            for (verb, is_need) in [(Verb::Needs, true), (Verb::Constrains, false)] {
                for to in self.spoken_of(name, is_need) {
                    told.extend(self.statement(name, verb, to));
                    open.extend(is_need.then_some(to));
                }
            }
        }
    }

    /// What the records that are left of a package say of another.
    fn statement(&self, from: &PackageName, verb: Verb, to: &PackageName) -> Option<Statement> {
        let mut left: Vec<&&Known> = self.left.get(from)?.iter().collect();
        left.sort_by_key(|known| std::cmp::Reverse(known.record.version()));
        let mut ranges: Vec<String> = Vec::new();
        let mut versions = Vec::new();
        let mut wishes: Vec<Vec<Spec>> = Vec::new();
        for known in left {
            let texts = match verb {
                Verb::Constrains => known.constrained(to),
                Verb::Needs | Verb::Pins => known.needed(to),
            };
            if texts.is_empty() {
                continue;
            }
            versions.push(known.record.version());
            let range: Vec<String> = texts.iter().copied().map(range).collect();
            let range = range.join(" and ");
            if !ranges.contains(&range) {
                ranges.push(range);
                wishes.extend(
                    texts
                        .into_iter()
                        .map(Statements::spec)
                        .collect::<Option<_>>(),
                );
            }
        }
        let all: Vec<Version> = self.versions(from);
        Some(Statement {
            speaker: Speaker::Package(from.clone(), spans(&versions, &all.iter().collect())),
            verb,
            about: to.clone(),
            channel: None,
            ranges,
            left: self.allowed(to, &wishes),
        })
    }

    /// The versions there are of a package that any of some wishes leaves.
    fn allowed(&self, name: &PackageName, wishes: &[Vec<Spec>]) -> Vec<String> {
        let offer = self.statements.offers.get(name).into_iter();
        let records = offer.flat_map(|offer| &offer.records);
        let allowed: Vec<Version> = records
            .filter(|known| {
                let mut wishes = wishes.iter();
                wishes.any(|wish| wish.iter().all(|spec| spec.fits(&known.record)))
            })
            .map(|known| known.record.version())
            .collect();
        spans(&allowed, &self.versions(name).iter().collect())
    }

    fn versions(&self, name: &PackageName) -> Vec<Version> {
        let offer = self.statements.offers.get(name).into_iter();
        offer
            .flat_map(|offer| &offer.records)
            .map(|known| known.record.version())
            .collect()
    }

    /// What there is of a package, and why what would fit cannot be had.
    fn absence(&self, ask: &Ask, name: &PackageName) -> Result<Absence, SolveError> {
        let mut absence = Absence {
            name: name.clone(),
            offered: Vec::new(),
            reasons: Vec::new(),
        };
        if name.is_virtual() {
            let has = ask
                .target
                .virtual_packages()
                .iter()
                .find(|has| has.name() == name);
            let has = has.map(|has| has.version().to_string());
            absence.reasons.push(Reason::Machine { has });
            return Ok(absence);
        }
        let all = self.versions(name);
        let all: BTreeSet<&Version> = all.iter().collect();
        let told = |records: &[&Known]| {
            let versions: Vec<Version> =
                records.iter().map(|known| known.record.version()).collect();
            spans(&versions, &all).join(", ")
        };
        let records = self
            .statements
            .offers
            .get(name)
            .map_or(&[][..], |offer| &offer.records);
        let mut channels: BTreeMap<usize, Vec<&Known>> = BTreeMap::new();
        for known in records.iter().filter(|known| !known.is_pinned) {
            channels.entry(known.from.0).or_default().push(known);
        }
        let fits = |known: &&&Known| self.fits(name, &known.record, true);
        let winner = channels.values().flatten().find(|known| !known.is_hidden);
        let winner = winner.map(|known| known.record.channel().clone());
        for records in channels.values() {
            let Some(channel) = records.first().map(|known| known.record.channel().clone()) else {
                continue;
            };
            let is_in = |known: &&&Known| self.statements.is_from(known, name, &self.found);
            let is_free = |known: &&&Known| is_in(known) && !known.is_hidden && !known.is_newer;
            let offered: Vec<&Known> = records.iter().filter(is_free).copied().collect();
            if !offered.is_empty() {
                absence.offered.push((channel.clone(), told(&offered)));
            }
            let fitting: Vec<&Known> = records.iter().filter(fits).copied().collect();
            let (inside, outside): (Vec<&Known>, Vec<&Known>) =
                fitting.into_iter().partition(|known| is_in(&known));
            let (newer, old): (Vec<&Known>, Vec<&Known>) =
                inside.into_iter().partition(|known| known.is_newer);
            let newer: Vec<&Known> = newer.into_iter().filter(|known| !known.is_hidden).collect();
            let hidden: Vec<&Known> = old.into_iter().filter(|known| known.is_hidden).collect();
            if let (Some(winner), false) = (&winner, hidden.is_empty()) {
                absence.reasons.push(Reason::Hidden {
                    winner: winner.clone(),
                    hidden: channel.clone(),
                    versions: told(&hidden),
                });
            }
            if !newer.is_empty() {
                absence.reasons.push(Reason::Newer {
                    versions: told(&newer),
                });
            }
            if !outside.is_empty() {
                absence.reasons.push(Reason::Elsewhere {
                    channel,
                    versions: told(&outside),
                });
            }
        }
        absence
            .reasons
            .extend(self.other_platforms(ask, name, records.is_empty())?);
        if records.is_empty() && absence.reasons.is_empty() {
            let close = close_names(ask, name);
            absence.reasons.push(Reason::Unknown { close });
        }
        Ok(absence)
    }

    /// Where else there is something of a package that would fit.
    fn other_platforms(
        &self,
        ask: &Ask,
        name: &PackageName,
        is_absent: bool,
    ) -> Result<Option<Reason>, SolveError> {
        let mut platforms: BTreeSet<Platform> = BTreeSet::new();
        let mut versions: Vec<Version> = Vec::new();
        for records in ask.elsewhere.iter().filter(|records| records.has(name)) {
            let records_here = records.of(name)?;
            let fitting = records_here
                .iter()
                .filter(|record| is_absent || self.fits(name, record, true));
            let before = versions.len();
            versions.extend(fitting.map(Record::version));
            if versions.len() > before {
                platforms.insert(records.platform());
            }
        }
        let all: BTreeSet<&Version> = versions.iter().collect();
        Ok((!platforms.is_empty()).then(|| Reason::OtherPlatform {
            platforms: platforms.into_iter().collect(),
            versions: spans(&versions, &all).join(", "),
        }))
    }
}

impl Known {
    /// What it needs of another package, in its own words.
    fn needed(&self, name: &PackageName) -> Vec<&str> {
        let needs = self.needs.iter().filter(|(to, _)| to == name);
        needs
            .filter_map(|(_, place)| self.record.depends().get(*place))
            .map(String::as_str)
            .collect()
    }

    fn constrained(&self, name: &PackageName) -> Vec<&str> {
        let constrains = self.constrains.iter().filter(|(to, _)| to == name);
        constrains
            .filter_map(|(_, place)| self.record.constrains().get(*place))
            .map(String::as_str)
            .collect()
    }
}

/// Whether a record is what all these texts ask.
fn allow(texts: &[&str], record: &Record) -> bool {
    let mut specs = texts.iter().map(|text| Statements::spec(text));
    specs.all(|spec| spec.is_some_and(|spec| spec.fits(record)))
}

/// What a text asks, without the name.
fn range(text: &str) -> String {
    match Statements::spec(text) {
        Some(spec) => spec.range(),
        None => crate::name::printable(text),
    }
}

/// The names of channels that are most like one that no channel has.
fn close_names(ask: &Ask, name: &PackageName) -> Vec<PackageName> {
    let names = ask
        .channels
        .iter()
        .flatten()
        .flat_map(|records| records.names());
    let names: BTreeSet<PackageName> = names.collect();
    let mut close: Vec<(usize, PackageName)> = names
        .into_iter()
        .map(|other| {
            (
                strsim::damerau_levenshtein(name.as_str(), other.as_str()),
                other,
            )
        })
        .filter(|(distance, _)| *distance <= 1 + name.as_str().len() / 5)
        .collect();
    close.sort();
    close.into_iter().take(3).map(|(_, name)| name).collect()
}
