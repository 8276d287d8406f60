//! Worlds of any size, made of a row of numbers: the same world for the same size in every run.
//!
//! The shape is that of a real set. Packages stand in a line; a few at its beginning are asked for, every other one is
//! needed by one before it, and a few at its end by many. A part of the bounds is too tight for the newest version of
//! what they bound, so that something has to be tried and taken back; there is always a solution.

use pypi::DistributionName;

use super::packages::{PythonWorld, Release};

/// A line of packages.
pub struct Generated {
    /// All of it.
    pub world: PythonWorld,
    names: Vec<DistributionName>,
}

impl Generated {
    /// A line of `size` packages.
    ///
    /// # Panics
    /// Never: names and versions that are made of numbers can be read.
    #[expect(
        clippy::expect_used,
        reason = "names and versions made of numbers can be read"
    )]
    pub fn new(size: usize) -> Self {
        let mut random = Random(size as u64 + 7);
        let mut world = PythonWorld::default();
        let names: Vec<DistributionName> = (0..size)
            .map(|number| format!("package-{number:03}").parse().expect("a name"))
            .collect();
        let mut needs = vec![Vec::new(); size];
        for place in asked(size)..size {
            needs[random.below(place)].push(place);
            // The product of two draws is small most of the time: the end of the line is needed most.
            for _ in 0..2 {
                let behind = size - place;
                let other = size - 1 - random.below(behind) * random.below(behind) / behind;
                if other > place && !needs[place].contains(&other) {
                    needs[place].push(other);
                }
            }
        }
        for (name, needed) in names.iter().zip(&needs) {
            let versions = world.packages.entry(name.clone()).or_default();
            for major in 1..=3 {
                for minor in 0..8 {
                    let requires = needed.iter();
                    let release = Release {
                        requires: requires
                            .map(|other| requirement(*other, major, &mut random))
                            .collect(),
                        requires_python: Some(">=3.8".to_owned()),
                        ..Release::default()
                    };
                    let version = format!("{major}.{minor}");
                    versions.insert(version.parse().expect("a version"), release);
                }
            }
        }
        Self { world, names }
    }

    /// The requirements to begin with: all packages are reached from them.
    pub fn roots(&self) -> Vec<String> {
        let asked = asked(self.names.len());
        self.names
            .iter()
            .take(asked)
            .map(ToString::to_string)
            .collect()
    }
}

/// How many packages are asked for.
fn asked(size: usize) -> usize {
    (size / 8).max(1)
}

/// What a version of this major number needs of another package. The fourth minor version always will do.
fn requirement(other: usize, major: usize, random: &mut Random) -> String {
    let lower = format!("{major}.{}", random.below(4));
    match random.below(12) {
        0 => format!(
            "package-{other:03}>={lower},<{major}.{}",
            5 + random.below(3)
        ),
        1 => format!("package-{other:03}>={lower},!={major}.7"),
        2 => format!("package-{other:03}>={lower},<{}", major + 1),
        _ => format!("package-{other:03}>={lower}"),
    }
}

/// The same row of numbers in every run (a linear congruential generator).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit.max(1)
    }
}
