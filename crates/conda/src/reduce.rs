//! Before the solver sees any record: dropping those that can be in no answer.
//!
//! A channel offers hundreds of builds of a package, one or more for every Python there has been, and most are out of the
//! question as soon as the question names a Python. A general solver finds that out one by one. Here whole sets fall at
//! once, by what holds in *every* answer:
//!
//! * A name that is asked for is in every answer, and so is what all its candidates depend on.
//! * What is in every answer satisfies each wish that is in every answer; for a name, that is the join of what its
//!   candidates want of another.
//! * A candidate none of whose dependency's candidates is left, or whose constraint nothing satisfies of a name that is in
//!   every answer, is in none.
//!
//! These are applied until nothing changes, reading names only as candidates that are still there reach them, and from
//! rows where the records are packed: what falls is never made a record. What is dropped is in no solution at all, so the
//! set of solutions is the same. If there is none, it is explained with everything that there is.

mod bits;
mod matcher;
mod pool;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use bits::Bits;
use pool::Pool;

use crate::world::World;
use crate::{Ask, PackageName, RecordsError};

/// The records that an answer could have. `None` if there is no answer.
pub(crate) fn reduce(ask: &Ask) -> Result<Option<World>, RecordsError> {
    let mut reduction = Reduction {
        pool: Pool::new(ask),
        changed: Vec::new(),
        is_changed: Vec::new(),
    };
    let roots: Vec<u32> = ask
        .asked()
        .map(|root| reduction.pool.asked(&root.spec))
        .collect();
    let constraints: Vec<u32> = ask
        .constraints
        .iter()
        .map(|root| reduction.pool.asked(&root.spec))
        .collect();
    let mut wanted = Vec::new();
    for &spec in &roots {
        let name = reduction.pool.specs[spec as usize].name;
        reduction.pool.names[name as usize].is_required = true;
        wanted.push(name);
    }
    for &name in &wanted {
        reduction.read(name)?;
    }
    for &spec in roots.iter().chain(&constraints) {
        reduction.limit_to_spec(spec);
    }
    if !reduction.settle(&constraints)? || !reduction.read_all(wanted.clone(), &constraints)? {
        return Ok(None);
    }
    reduction.world(wanted).map(Some)
}

/// Wishes by the name that they are about.
type Wishes = BTreeMap<u32, Vec<u32>>;

struct Reduction<'a> {
    pool: Pool<'a>,
    /// Names of which something changed that has not been followed.
    changed: Vec<u32>,
    is_changed: Vec<bool>,
}

impl Reduction<'_> {
    /// Reads a name, and remembers to follow what that means.
    fn read(&mut self, name: u32) -> Result<(), RecordsError> {
        if !self.pool.names[name as usize].is_read {
            self.pool.read(name)?;
        }
        self.change(name);
        Ok(())
    }

    fn change(&mut self, name: u32) {
        let place = name as usize;
        if self.is_changed.len() <= place {
            self.is_changed
                .resize(self.pool.names.len().max(place + 1), false);
        }
        if !std::mem::replace(&mut self.is_changed[place], true) {
            self.changed.push(name);
        }
    }

    /// Drops what a wish that is in every answer does not allow, if its name has been read.
    fn limit_to_spec(&mut self, spec: u32) {
        let spec = &self.pool.specs[spec as usize];
        let (name, allowed) = (spec.name, spec.allowed.clone());
        if let Some(allowed) = allowed {
            self.limit(name, &allowed);
        }
    }

    /// Drops all candidates of a name but some.
    fn limit(&mut self, name: u32, allowed: &Bits) {
        let alive = &mut self.pool.names[name as usize].alive;
        let before = alive.clone();
        alive.intersect(allowed);
        if *alive != before {
            self.change(name);
        }
    }

    /// Follows all changes. `false` if nothing is left of what every answer has.
    fn settle(&mut self, constraints: &[u32]) -> Result<bool, RecordsError> {
        while let Some(name) = self.changed.pop() {
            self.is_changed[name as usize] = false;
            self.drop_hopeless(name);
            if !self.pool.names[name as usize].is_required {
                continue;
            }
            if self.pool.names[name as usize].alive.is_empty() {
                return Ok(false);
            }
            self.follow_required(name, constraints)?;
        }
        Ok(true)
    }

    /// Drops who depends on what is not left of a name.
    fn drop_hopeless(&mut self, number: u32) {
        let name = &self.pool.names[number as usize];
        let (is_required, alive) = (name.is_required, name.alive.clone());
        for spec in name.specs.clone() {
            let spec = &mut self.pool.specs[spec as usize];
            if spec
                .allowed
                .as_ref()
                .is_none_or(|allowed| allowed.meets(&alive))
            {
                continue;
            }
            let mut fallen = std::mem::take(&mut spec.dependents);
            if is_required {
                fallen.append(&mut spec.constrainers);
            }
            for (holder, place) in fallen {
                if self.pool.names[holder as usize]
                    .alive
                    .remove(place as usize)
                {
                    self.change(holder);
                }
            }
        }
    }

    /// What all candidates of a name that every answer has want, every answer has.
    fn follow_required(&mut self, number: u32, constraints: &[u32]) -> Result<(), RecordsError> {
        let [needs, limits] = self.common_wishes(number);
        for (name, specs) in needs {
            let required = &mut self.pool.names[name as usize].is_required;
            if !std::mem::replace(required, true) {
                self.read(name)?;
                for &constraint in constraints {
                    if self.pool.specs[constraint as usize].name == name {
                        self.limit_to_spec(constraint);
                    }
                }
            }
            self.limit_to_any(name, &specs);
        }
        for (name, specs) in limits {
            if self.pool.names[name as usize].is_read {
                self.limit_to_any(name, &specs);
            }
        }
        Ok(())
    }

    /// The names that all candidates of a name depend on, and those that all constrain, with the wishes.
    fn common_wishes(&self, number: u32) -> [Wishes; 2] {
        let name_of = |spec: u32| self.pool.specs[spec as usize].name;
        let mut places = self.pool.names[number as usize].alive.iter();
        let Some(first) = places.next() else {
            return Default::default();
        };
        let certain = |place| {
            let (depends, constrains) = self.pool.wishes(number, place);
            [depends, constrains].map(|specs| {
                let specs = specs.iter().copied();
                // What holds only under a condition is no wish of all.
                specs.filter(|&spec| self.pool.specs[spec as usize].is_certain())
            })
        };
        let mut common: [Wishes; 2] = certain(first).map(|specs| {
            let mut wishes = Wishes::new();
            for spec in specs {
                wishes.entry(name_of(spec)).or_default().push(spec);
            }
            wishes
        });
        for place in places {
            for (common, specs) in common.iter_mut().zip(certain(place)) {
                let own: Vec<u32> = specs.collect();
                common.retain(|name, wishes| {
                    let before = wishes.len();
                    let mut has = false;
                    for &spec in own.iter().filter(|&&spec| name_of(spec) == *name) {
                        has = true;
                        if !wishes[..before].contains(&spec) {
                            wishes.push(spec);
                        }
                    }
                    has
                });
            }
        }
        common
    }

    /// Drops what none of some wishes allows.
    fn limit_to_any(&mut self, name: u32, specs: &[u32]) {
        let mut joined = Bits::none(self.pool.names[name as usize].candidates.len());
        for &spec in specs {
            match &self.pool.specs[spec as usize].allowed {
                Some(allowed) => joined.join(allowed),
                None => return,
            }
        }
        self.limit(name, &joined);
    }

    /// Reads whatever is reached, wave by wave, following what each wave means before the next.
    fn read_all(&mut self, roots: Vec<u32>, constraints: &[u32]) -> Result<bool, RecordsError> {
        let mut seen = vec![false; self.pool.names.len()];
        let mut wave = roots;
        while !wave.is_empty() {
            let mut next = Vec::new();
            for name in wave {
                if seen.len() < self.pool.names.len() {
                    seen.resize(self.pool.names.len(), false);
                }
                if std::mem::replace(&mut seen[name as usize], true) {
                    continue;
                }
                if !self.pool.names[name as usize].is_read {
                    self.read(name)?;
                    for &constraint in constraints {
                        if self.pool.specs[constraint as usize].name == name {
                            self.limit_to_spec(constraint);
                        }
                    }
                }
                next.extend(self.reached(name));
            }
            if !self.settle(constraints)? {
                return Ok(false);
            }
            next.sort_unstable();
            next.dedup();
            wave = next;
        }
        Ok(true)
    }

    /// The names that what is left of a name depends on.
    fn reached(&self, number: u32) -> Vec<u32> {
        let name = &self.pool.names[number as usize];
        let mut reached: Vec<u32> = name.extras.clone();
        for place in name.alive.iter() {
            let (depends, _) = self.pool.wishes(number, place);
            reached.extend(
                depends
                    .iter()
                    .map(|spec| self.pool.specs[*spec as usize].name),
            );
        }
        reached.sort_unstable();
        reached.dedup();
        reached
    }

    /// What is left, as far as it is reached.
    fn world(mut self, roots: Vec<u32>) -> Result<World, RecordsError> {
        let mut seen = vec![false; self.pool.names.len()];
        let mut open = roots;
        let mut names = Vec::new();
        while let Some(number) = open.pop() {
            if std::mem::replace(&mut seen[number as usize], true) {
                continue;
            }
            open.extend(self.reached(number));
            if !self.pool.names[number as usize].text.starts_with("__") {
                names.push(number);
            }
        }
        for &number in &names {
            self.show_what_decides(number);
        }
        let mut offers = BTreeMap::new();
        for number in names {
            let text = self.pool.names[number as usize].text.to_string();
            offers.insert(PackageName::unchecked(text), self.pool.offer(number)?);
        }
        Ok(World::of(self.pool.ask, offers))
    }

    /// The solver prefers, among builds of one version, those whose dependencies reach higher, and looks at all candidates
    /// for that, also at those that can never be chosen. So that it prefers the same without most of them, these are shown.
    fn show_what_decides(&mut self, number: u32) {
        for group in self.pool.twins(number) {
            // Which dependencies are compared depends on everybody in the group.
            for equal in self.pool.equals(number, group[0]) {
                self.show(number, equal);
            }
            let specs = group
                .iter()
                .flat_map(|&place| self.pool.wishes(number, place).0);
            let mut specs: Vec<u32> = specs.copied().collect();
            specs.sort_unstable();
            specs.dedup();
            for spec in specs {
                if let Some((name, place)) = self.pool.highest(spec) {
                    self.show(name, place);
                }
            }
        }
    }

    fn show(&mut self, number: u32, place: usize) {
        let name = &mut self.pool.names[number as usize];
        if name.shown == Bits::default() {
            name.shown = Bits::none(name.candidates.len());
        }
        name.shown.insert(place);
    }
}

/// A number as it is kept. There are no more than a fraction of these.
fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
