//! From requirements to locks, one for each target.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ayon_backend::Cancellation;
use ayon_backend_venv::Remembering;
use pypi::lock::pins::Pins;
use pypi::lock::{Lock, LockTarget, LockedPackage, Origin};
use pypi::{DistributionName, Index, Target, Version};
use pypi_solve::{Ask, Asker, Root, Rules, Solution, Statistics};

use super::error::Error;
use super::requirements::Wanted;

/// What is to be locked.
#[derive(Clone, Debug, Default)]
pub struct LockAsk {
    /// For which targets; one lock is made for each.
    pub targets: Vec<Arc<Target>>,
    /// What is asked for.
    pub requirements: Vec<Wanted>,
    /// What must hold of a package if anything needs it.
    pub constraints: Vec<Wanted>,
    /// What is asked of a package instead of whatever anybody else asks.
    pub overrides: Vec<Wanted>,
    /// What is left out although others need it.
    pub exclusions: BTreeSet<DistributionName>,
    /// The choices of older locks, target by target: kept where they still fit.
    pub preferences: Vec<Pins>,
    /// The rules of choice.
    pub rules: Rules,
}

/// What was locked.
#[derive(Clone, Debug)]
pub struct Locked {
    /// One for each target, in the order asked.
    pub locks: Vec<Lock>,
    /// What somebody should know about the choice.
    pub remarks: Vec<Remark>,
    /// What the search took, for all targets together.
    pub statistics: Statistics,
}

/// Something about a choice that somebody should know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remark {
    /// A version that its author has withdrawn was chosen, because it is pinned.
    Yanked {
        /// The package.
        name: DistributionName,
        /// The version.
        version: Version,
        /// Who asks for it.
        by: Vec<String>,
    },
    /// A newer version exists that another package leaves out. What was asked from outside is no surprise to whoever asks.
    HeldBack {
        /// The package.
        name: DistributionName,
        /// What was chosen.
        version: Version,
        /// What could be had.
        newest: Version,
        /// Who leaves it out, with their words.
        by: Vec<String>,
    },
    /// Targets could not have the same version.
    Differs {
        /// The package.
        name: DistributionName,
        /// The version on each target that has it.
        versions: Vec<(String, Version)>,
    },
}

/// Makes a lock for each target. Blocks while the index is asked.
///
/// The same index and question give the same locks. Targets get equal versions where they can: what one has is preferred
/// for the next.
///
/// # Errors
/// If a target has no solution, the index fails, a hash is not the one asked for, or `cancellation` says stop.
pub fn lock(
    index: &dyn Index,
    ask: &LockAsk,
    cancellation: &Cancellation,
) -> Result<Locked, Error> {
    let askers: Vec<&Wanted> = ask.askers().collect();
    let words = |asker: Asker| {
        let wanted = askers.get(asker.0 as usize);
        wanted.map_or_else(String::new, |wanted| wanted.who())
    };
    let mut locked = Locked {
        locks: Vec::new(),
        remarks: Vec::new(),
        statistics: Statistics::default(),
    };
    let mut shared = BTreeMap::new();
    for (position, target) in ask.targets.iter().enumerate() {
        let question = ask.question(target, position, &shared);
        let stop = || cancellation.stopped().is_some();
        let pins = ask.preferences.get(position);
        let remembering = Remembering {
            inner: index,
            commits: pins.map(|pins| pins.commits.clone()).unwrap_or_default(),
        };
        let solution = pypi_solve::solve(&remembering, &question, &stop)
            .map_err(|refusal| Error::refused(refusal, index, target, &askers, cancellation))?;
        for package in solution.packages() {
            shared
                .entry(package.name.clone())
                .or_insert_with(|| package.version.clone());
        }
        let mut lock = solution.lock(LockTarget::of(target), &words);
        check_hashes(&mut lock, ask)?;
        add_remarks(&mut locked, &solution, &lock, &words);
        locked.statistics.projects += solution.statistics.projects;
        locked.statistics.versions += solution.statistics.versions;
        locked.locks.push(lock);
    }
    let differences = differences(&locked.locks);
    locked.remarks.extend(differences);
    Ok(locked)
}

/// As [`lock`], on a thread of its own, for a program that must not block. Where the future is dropped, the work stops.
///
/// # Errors
/// As [`lock`].
pub async fn lock_on_thread(
    index: Arc<dyn Index>,
    ask: LockAsk,
    cancellation: Cancellation,
) -> Result<Locked, Error> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let guard = CancelOnDrop(cancellation.clone());
    let work = move || {
        // Whoever asked may be gone.
        let _ = sender.send(lock(&*index, &ask, &cancellation));
    };
    let thread = std::thread::Builder::new().name("pypi lock".to_owned());
    thread.spawn(work).map_err(Error::Thread)?;
    let answer = receiver.await;
    std::mem::forget(guard);
    answer.unwrap_or_else(|_| {
        Err(Error::Thread(std::io::Error::other(
            "the thread ended early",
        )))
    })
}

struct CancelOnDrop(Cancellation);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

impl LockAsk {
    /// Everybody who asks, in the order of their numbers.
    fn askers(&self) -> impl Iterator<Item = &Wanted> {
        let first = self.requirements.iter();
        first.chain(&self.constraints).chain(&self.overrides)
    }

    fn question(
        &self,
        target: &Arc<Target>,
        position: usize,
        shared: &BTreeMap<DistributionName, Version>,
    ) -> Ask {
        let mut number = 0;
        let mut roots = |wanted: &[Wanted]| {
            let root = |wanted: &Wanted| {
                number += 1;
                Root {
                    requirement: wanted.requirement.clone(),
                    asker: Asker(number - 1),
                }
            };
            wanted.iter().map(root).collect()
        };
        let mut ask = Ask::new(Arc::clone(target));
        ask.roots = roots(&self.requirements);
        ask.constraints = roots(&self.constraints);
        ask.overrides = roots(&self.overrides);
        ask.exclusions.clone_from(&self.exclusions);
        ask.preferences.clone_from(shared);
        // What this target had itself weighs more than what another has.
        if let Some(pins) = self.preferences.get(position) {
            ask.preferences.extend(pins.versions.clone());
        }
        ask.rules = self.rules.clone();
        ask
    }
}

/// Leaves only the files that have one of the hashes that requirements name.
fn check_hashes(lock: &mut Lock, ask: &LockAsk) -> Result<(), Error> {
    for wanted in ask
        .requirements
        .iter()
        .filter(|wanted| !wanted.hashes.is_empty())
    {
        let name = &wanted.requirement.name;
        let Some(package) = lock
            .packages
            .iter_mut()
            .find(|package| package.name == *name)
        else {
            continue;
        };
        let is_wanted = |file: &pypi::lock::LockedFile| {
            let mut hashes = file.hashes.iter();
            hashes
                .any(|(algorithm, digest)| wanted.hashes.contains(&format!("{algorithm}:{digest}")))
        };
        let is_any = match &mut package.origin {
            Origin::Files { wheels, sdist } => {
                wheels.retain(is_wanted);
                *sdist = sdist.take().filter(|file| is_wanted(file));
                !wheels.is_empty() || sdist.is_some()
            }
            Origin::Archive { file, .. } => is_wanted(file),
            Origin::Git { .. } | Origin::Directory { .. } => true,
        };
        if !is_any {
            return Err(Error::Hash {
                name: name.clone(),
                version: package.version.clone(),
                by: wanted.who(),
            });
        }
    }
    Ok(())
}

fn add_remarks(
    locked: &mut Locked,
    solution: &Solution,
    lock: &Lock,
    words: &dyn Fn(Asker) -> String,
) {
    for package in solution.packages().filter(|package| package.is_yanked) {
        let by = package.wanted_by.iter();
        let remark = Remark::Yanked {
            name: package.name.clone(),
            version: package.version.clone(),
            by: by
                .map(|edge| format!("{} ({})", edge.from.text(&words), edge.requirement))
                .collect(),
        };
        if !locked.remarks.contains(&remark) {
            locked.remarks.push(remark);
        }
    }
    let held_back = |package: &LockedPackage| {
        let by = package.held_back_inside();
        let remark = Remark::HeldBack {
            name: package.name.clone(),
            version: package.version.clone()?,
            newest: package.held_back.as_ref()?.newest.clone(),
            by: by.iter().map(ToString::to_string).collect(),
        };
        (!by.is_empty()).then_some(remark)
    };
    for remark in lock.packages.iter().filter_map(held_back) {
        if !locked.remarks.contains(&remark) {
            locked.remarks.push(remark);
        }
    }
}

/// The packages whose version is not the same on all targets that have them.
fn differences(locks: &[Lock]) -> Vec<Remark> {
    let mut versions: BTreeMap<&DistributionName, Vec<(String, Version)>> = BTreeMap::new();
    for lock in locks {
        for package in &lock.packages {
            if let Some(version) = &package.version {
                let entry = versions.entry(&package.name).or_default();
                entry.push((lock.target.platform.clone(), version.clone()));
            }
        }
    }
    let differs =
        |versions: &[(String, Version)]| versions.windows(2).any(|pair| pair[0].1 != pair[1].1);
    versions
        .into_iter()
        .filter(|(_, versions)| differs(versions))
        .map(|(name, versions)| Remark::Differs {
            name: name.clone(),
            versions,
        })
        .collect()
}
