//! Arbitrary resolutions: every variant of every type, odd names, sets that no PEP 440 text says, orders of any kind.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use ayon_lock::{Digest, InputKind, InputName, InputState, Inputs, Lock, Subject};
use ayon_model::{
    AddonName, Given, GivenPython, Half, Origin, Place, Platform, Process, Subject as Asking,
    Target, Variant,
};
use ayon_solve::{
    Artefact, ArtefactFile, Asker, ChosenAddon, ChosenLauncher, Demand, Demander, Edge, Object,
    Resolution, ResolvedDistribution,
};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option::of;
use proptest::prelude::*;
use pypi::lock::{
    FileLocation, HeldBack, Lock as Packages, LockTarget, LockedFile, LockedPackage,
    Origin as From, WantedBy,
};
use pypi::{
    Constraint, DistributionName, ExtraName, MarkerEnvironment, OperatingSystem, Reference, Source,
    Timestamp, VersionSet,
};

/// Any text: usual ones, and those that break a writer of TOML, a reader of lines and a terminal.
pub(crate) fn text() -> BoxedStrategy<String> {
    prop_oneof![
        4 => "[a-z]{1,6}",
        2 => "[a-z0-9 ._/%#'\"\\\\-]{0,9}",
        1 => any::<String>(),
        1 => Just("\u{202e}\"'''\r\n\t\u{7f}".to_owned()),
    ]
    .boxed()
}

fn shared_text() -> BoxedStrategy<Arc<str>> {
    text().prop_map(Arc::from).boxed()
}

pub(crate) fn name() -> BoxedStrategy<DistributionName> {
    prop_oneof!["[a-d]", "[a-z][a-z0-9]{0,3}-[a-z]"]
        .prop_map(|name| name.parse().unwrap())
        .boxed()
}

fn extras() -> BoxedStrategy<BTreeSet<ExtraName>> {
    btree_set("[a-z]{1,3}".prop_map(|name| name.parse().unwrap()), 0..3).boxed()
}

fn version() -> BoxedStrategy<pypi::Version> {
    let release = prop_oneof!["[0-3]\\.[0-2]", "[0-3](\\.0){0,2}"];
    let parts = (
        of(1..2u8),
        release,
        "(|a1|rc2)(|\\.post1)(|\\.dev0)",
        "(|\\+l|\\+1\\.x)",
    );
    parts
        .prop_map(|(epoch, release, rest, local)| {
            let epoch = epoch.map_or_else(String::new, |epoch| format!("{epoch}!"));
            format!("{epoch}{release}{rest}{local}").parse().unwrap()
        })
        .boxed()
}

/// Sets of every kind: also those that PEP 440 has no words for.
pub(crate) fn set() -> BoxedStrategy<VersionSet> {
    let clause = (
        prop_oneof![
            Just(">="),
            Just("<"),
            Just("<="),
            Just(">"),
            Just("=="),
            Just("!="),
            Just("==="),
            Just("~=")
        ],
        version(),
    );
    let clause = clause.prop_map(|(operator, version)| {
        let text = format!("{operator}{version}");
        VersionSet::from_specifiers(&text).unwrap_or_else(|_| VersionSet::exactly(&version))
    });
    let leaf = prop_oneof![Just(VersionSet::any()), Just(VersionSet::none()), clause];
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|set| set.complement()),
            (inner.clone(), inner.clone()).prop_map(|(one, other)| one.union(&other)),
            (inner.clone(), inner).prop_map(|(one, other)| one.intersection(&other)),
        ]
    })
    .boxed()
}

fn semver() -> BoxedStrategy<semver::Version> {
    "[0-2]\\.[0-9]\\.[0-9](|-rc\\.1)(|\\+dev)"
        .prop_map(|text| text.parse().unwrap())
        .boxed()
}

fn source() -> BoxedStrategy<Source> {
    let reference = prop_oneof![
        Just(Reference::Default),
        text().prop_map(Reference::Branch),
        text().prop_map(Reference::Tag),
        text().prop_map(Reference::Revision),
    ];
    prop_oneof![
        (url(), reference, of(text())).prop_map(|(url, reference, subdirectory)| Source::Git {
            url,
            reference,
            subdirectory
        }),
        (url(), of(text())).prop_map(|(url, subdirectory)| Source::Url { url, subdirectory }),
        (text(), of(text())).prop_map(|(path, subdirectory)| Source::Path { path, subdirectory }),
    ]
    .boxed()
}

/// A URL without anything that could be a secret.
fn url() -> BoxedStrategy<String> {
    "https://[a-z]{1,3}\\.invalid/[a-z/#']{0,5}".boxed()
}

fn asking() -> BoxedStrategy<Asking> {
    prop_oneof![
        Just(Asking::Request),
        shared_text().prop_map(Asking::Bundle),
        shared_text().prop_map(Asking::Studio),
        shared_text().prop_map(Asking::Launcher),
        shared_text().prop_map(Asking::DependencyPackage),
        shared_text().prop_map(Asking::Index),
        (shared_text(), shared_text()).prop_map(|(name, version)| Asking::Host { name, version }),
        (text(), semver()).prop_map(|(name, version)| Asking::Addon {
            name: AddonName::from(name),
            version
        }),
        (name(), version()).prop_map(|(name, version)| Asking::Distribution { name, version }),
    ]
    .boxed()
}

fn origin() -> BoxedStrategy<Origin> {
    let place = (shared_text(), of(any::<u32>()), shared_text());
    let place = place.prop_map(|(file, line, key)| Place { file, line, key });
    (asking(), of(place))
        .prop_map(|(subject, place)| Origin { subject, place })
        .boxed()
}

fn given() -> BoxedStrategy<Given> {
    (version(), origin())
        .prop_map(|(version, origin)| Given { version, origin })
        .boxed()
}

fn constraint() -> BoxedStrategy<Constraint> {
    prop_oneof![
        (set(), text()).prop_map(|(set, text)| Constraint::Versions { set, text }),
        set().prop_map(|set| Constraint::Versions {
            text: set.to_string(),
            set
        }),
        source().prop_map(Constraint::Source),
    ]
    .boxed()
}

fn asker() -> BoxedStrategy<Asker> {
    let half = prop_oneof![Just(Half::Dependencies), Just(Half::Runtime)];
    (origin(), of(text()), constraint(), extras(), half)
        .prop_map(|(origin, text, constraint, extras, half)| Asker {
            origin,
            text: text.unwrap_or_else(|| constraint.to_string()),
            constraint,
            extras,
            half,
        })
        .boxed()
}

fn distribution(name: DistributionName) -> BoxedStrategy<ResolvedDistribution> {
    let parts = (
        extras(),
        set(),
        of(source()),
        of(given()),
        vec(asker(), 0..4),
    );
    parts
        .prop_map(
            move |(extras, set, source, given, askers)| ResolvedDistribution {
                name: name.clone(),
                extras,
                set,
                source,
                given,
                askers,
            },
        )
        .boxed()
}

fn demand() -> BoxedStrategy<Demand> {
    let by = prop_oneof![
        origin().prop_map(Demander::Origin),
        text().prop_map(Demander::Artefact)
    ];
    (by, text())
        .prop_map(|(by, words)| Demand { by, words })
        .boxed()
}

fn artefact() -> BoxedStrategy<Artefact> {
    let file = (text(), url(), of(any::<u64>()), of(text()), of(text()));
    let file = file.prop_map(|(name, url, size, sha256, md5)| ArtefactFile {
        name,
        url,
        size,
        sha256,
        md5,
    });
    let name = prop_oneof!["[a-c]", "a#1", text()];
    let parts = (name, text(), of(text()), url(), text(), vec(text(), 0..3));
    (parts, of(file), vec(demand(), 0..4), of(text()))
        .prop_map(
            |((name, version, build, location, form, requires), file, wanted_by, record)| {
                Artefact {
                    name,
                    version,
                    build,
                    location,
                    form,
                    requires,
                    file,
                    wanted_by,
                    record,
                }
            },
        )
        .boxed()
}

fn file() -> BoxedStrategy<LockedFile> {
    let location = prop_oneof![
        url().prop_map(FileLocation::Url),
        text().prop_map(|path| FileLocation::Path(PathBuf::from(path))),
    ];
    let moment = (0..2_000_000_000_000_000i64).prop_map(Timestamp::from_microseconds);
    let hashes = btree_map(text(), text(), 0..3);
    (text(), location, of(any::<u64>()), moment, hashes)
        .prop_map(|(name, location, size, uploaded, hashes)| LockedFile {
            name,
            location,
            size,
            uploaded,
            hashes,
        })
        .boxed()
}

fn from() -> BoxedStrategy<From> {
    prop_oneof![
        (vec(file(), 0..3), of(file())).prop_map(|(wheels, sdist)| From::Files { wheels, sdist }),
        (url(), text(), of(text()), of(text())).prop_map(
            |(url, commit, requested, subdirectory)| From::Git {
                url,
                commit,
                requested,
                subdirectory
            }
        ),
        (file(), of(text())).prop_map(|(file, subdirectory)| From::Archive { file, subdirectory }),
        (text(), of(text())).prop_map(|(path, subdirectory)| From::Directory {
            path: PathBuf::from(path),
            subdirectory
        }),
    ]
    .boxed()
}

fn package(name: DistributionName) -> BoxedStrategy<LockedPackage> {
    let wanted = (text(), text(), any::<bool>());
    let wanted = wanted.prop_map(|(who, requirement, is_root)| WantedBy {
        who,
        requirement,
        is_root,
    });
    let held_back = (version(), vec(text(), 0..3));
    let held_back = held_back.prop_map(|(newest, by)| HeldBack { newest, by });
    let parts = (of(version()), of(text()), of(url()), extras(), from());
    let rest = (
        btree_set(self::name(), 0..3),
        vec(wanted, 0..3),
        of(text()),
        of(held_back),
        any::<bool>(),
    );
    (parts, rest)
        .prop_map(move |(parts, rest)| {
            let (version, requires_python, index, extras, origin) = parts;
            let (dependencies, wanted_by, half, held_back, is_yanked) = rest;
            LockedPackage {
                name: name.clone(),
                version,
                requires_python,
                index,
                extras,
                origin,
                dependencies,
                wanted_by,
                half,
                held_back,
                is_yanked,
            }
        })
        .boxed()
}

fn packages() -> BoxedStrategy<Packages> {
    let target = (text(), text(), text()).prop_map(|(marker, requires_python, platform)| {
        let python = "3.11.4".parse().unwrap();
        LockTarget {
            environment: MarkerEnvironment::new(OperatingSystem::Windows, "x86_64", &python),
            marker,
            requires_python,
            platform,
        }
    });
    let packages = btree_set(name(), 0..4);
    let packages =
        packages.prop_flat_map(|names| names.into_iter().map(package).collect::<Vec<_>>());
    (target, packages)
        .prop_map(|(target, packages)| Packages { target, packages })
        .boxed()
}

fn target() -> BoxedStrategy<Target> {
    let platforms = ["linux-64", "linux-aarch64", "win-64", "osx-arm64"];
    let platform = prop::sample::select(platforms.to_vec());
    let process = prop_oneof![
        Just(Process::Launcher),
        Just(Process::Headless),
        (shared_text(), shared_text()).prop_map(|(name, version)| Process::Host { name, version }),
    ];
    (platform, process)
        .prop_map(|(platform, process)| Target {
            platform: platform.parse::<Platform>().unwrap(),
            process,
        })
        .boxed()
}

/// What makes a resolution, but for its target.
fn content() -> BoxedStrategy<Resolution> {
    let addons = btree_map(text(), (semver(), of(text()), of(text())), 0..3);
    let addons = addons.prop_map(|addons| {
        let addon =
            |(name, (version, host_name, development)): (_, (_, _, Option<String>))| ChosenAddon {
                name: AddonName::from(name),
                version,
                host_name,
                development: development.map(PathBuf::from),
            };
        addons.into_iter().map(addon).collect::<Vec<_>>()
    });
    let launcher = (semver(), text());
    let launcher = launcher.prop_map(|(version, filename)| ChosenLauncher { version, filename });
    let python = prop_oneof![
        (version(), origin()).prop_map(|(version, origin)| GivenPython::new(&version, origin)),
        (version(), set(), any::<bool>(), origin()).prop_map(|(version, set, is_exact, origin)| {
            GivenPython {
                set,
                version,
                is_exact,
                origin,
            }
        }),
    ];
    let distributions = btree_set(name(), 0..4)
        .prop_flat_map(|names| names.into_iter().map(distribution).collect::<Vec<_>>());
    let distributions =
        distributions.prop_map(|all| all.into_iter().map(|one| (one.name.clone(), one)).collect());
    let modules = btree_map(name(), given(), 0..4);
    let object = prop_oneof![
        Just(Object::Server),
        Just(Object::Launcher),
        Just(Object::Python),
        text().prop_map(|name| Object::Addon(AddonName::from(name))),
        name().prop_map(Object::Distribution),
    ];
    let edge = (origin(), object, text());
    let edge = edge.prop_map(|(origin, object, range)| Edge {
        origin,
        object,
        range,
    });
    let known = prop::sample::select(vec!["channels", "notes", "of another backend"]);
    let assumptions = btree_map(known, vec(text(), 0..3), 0..3);
    let chosen = (vec(artefact(), 0..4), assumptions, of(packages()));
    let rest = (distributions, modules, vec(edge, 0..4), chosen);
    (addons, launcher, python, rest)
        .prop_map(|(addons, launcher, python, rest)| {
            let (distributions, modules, mut edges, (artefacts, assumptions, lock)) = rest;
            edges.sort_by(|one, other| {
                let key =
                    |edge: &Edge| (edge.object.clone(), edge.origin.clone(), edge.range.clone());
                key(one).cmp(&key(other))
            });
            Resolution {
                bundle: None,
                target: Target {
                    platform: Platform::current(),
                    process: Process::Headless,
                },
                addons,
                launcher,
                python,
                distributions,
                modules,
                edges,
                artefacts,
                assumptions,
                lock: lock.map(Arc::new),
            }
        })
        .boxed()
}

pub(crate) fn inputs() -> BoxedStrategy<Inputs> {
    let kind = prop_oneof![
        Just(InputKind::Addon),
        Just(InputKind::Bundle),
        Just(InputKind::Option),
        Just(InputKind::from("weather")),
    ];
    let name = (kind, text()).prop_map(|(kind, name)| InputName::new(kind, name));
    let state = (of(text()), of(text().prop_map(Digest::of)));
    let state = state.prop_map(|(value, digest)| InputState { value, digest });
    btree_map(name, state, 0..4).boxed()
}

pub(crate) fn subject() -> BoxedStrategy<Subject> {
    let variant = prop_oneof![
        Just(Variant::Production),
        Just(Variant::Staging),
        text().prop_map(Variant::Dev)
    ];
    (of(shared_text()), of(variant), of(text()), of(text()))
        .prop_map(|(bundle, variant, project, backend)| Subject {
            bundle,
            variant,
            project,
            backend,
        })
        .boxed()
}

/// Resolutions for one bundle: some targets of their own, some that share nearly everything.
pub(crate) fn resolutions() -> BoxedStrategy<(Subject, Vec<Resolution>)> {
    let contents = vec(content(), 1..3);
    let targets = btree_set(target(), 0..4);
    let places = vec(
        (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
        4,
    );
    (subject(), contents, targets, places)
        .prop_map(|(subject, contents, targets, places)| {
            let of_target =
                |(target, (one, other)): (Target, &(prop::sample::Index, prop::sample::Index))| {
                    // The solved half of one, the artefacts of another: so parts are shared that belong to different wholes.
                    let mut resolution = one.get(&contents).clone();
                    resolution
                        .artefacts
                        .clone_from(&other.get(&contents).artefacts);
                    if one.index(2) == 1 {
                        resolution.artefacts.reverse();
                        for artefact in &mut resolution.artefacts {
                            artefact.wanted_by.reverse();
                        }
                    }
                    resolution.target = target;
                    resolution.bundle.clone_from(&subject.bundle);
                    resolution
                };
            let resolutions = targets.into_iter().zip(&places).map(of_target).collect();
            (subject, resolutions)
        })
        .boxed()
}

pub(crate) fn lock() -> BoxedStrategy<Lock> {
    (resolutions(), inputs())
        .prop_map(|((subject, resolutions), inputs)| {
            Lock::of(subject, inputs, resolutions).unwrap()
        })
        .boxed()
}

/// Resolutions by target.
pub(crate) fn by_target(resolutions: &[Resolution]) -> BTreeMap<Target, Resolution> {
    let by_target = resolutions
        .iter()
        .map(|one| (one.target.clone(), one.clone()));
    by_target.collect()
}
