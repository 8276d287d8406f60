//! Strict priority on every path there is to a package, over every way its records may be held and laid out.
//!
//! A studio has `blender` 4.1.1 only, the next channel 3.6.0 and 4.2.0, and somebody asks for 3.6 in some way. With strict
//! priority that is refused whatever the way, and what is told names the channel that wins and what the other would have.
//! A refusal is reached twice: over what the reduction leaves, and over everything there is.

use std::path::Path;
use std::sync::Arc;

use conda::{Ask, Moment, OwnRecord, Platform, Priority, Record, RecordFacts, Records, Strategy};

use crate::worlds::{all_of, ask, chosen, held, is_refused, packed, roots, told};

type Channels = Vec<Vec<Arc<dyn Records>>>;
type Way = fn(&mut Ask);

/// In which subdirectory the studio has its blender, and in which the other channel.
const LAYOUTS: [[Platform; 2]; 4] = [
    [Platform::NOARCH, Platform::NOARCH],
    [Platform::NOARCH, Platform::LINUX_64],
    [Platform::LINUX_64, Platform::NOARCH],
    [Platform::LINUX_64, Platform::LINUX_64],
];

/// When everything but blenders was made; of these 3.6.0 a bit later, and the others later still.
const EARLY: i64 = 1_600_000_000_000;

/// The ways to ask for 3.6.
const WAYS: [(&str, Way); 13] = [
    ("asked", |ask| ask.roots = roots(&["blender=3.6"])),
    ("asked exactly", |ask| {
        ask.roots = roots(&["blender ==3.6.0 0"]);
    }),
    ("asked as a range", |ask| {
        ask.roots = roots(&["blender >=3,<4"]);
    }),
    ("asked beside the bare name", |ask| {
        ask.roots = roots(&["blender", "blender=3.6"]);
    }),
    ("needed by a package of the hidden channel", |ask| {
        ask.roots = roots(&["scene"]);
    }),
    ("needed by a package of a third channel", |ask| {
        ask.roots = roots(&["farm"]);
    }),
    ("needed two steps away", |ask| {
        ask.roots = roots(&["submitter"]);
    }),
    ("constrained by a package", |ask| {
        ask.roots = roots(&["blender", "plugin"]);
    }),
    ("constrained from outside", |ask| {
        ask.roots = roots(&["blender"]);
        ask.constraints = roots(&["blender=3.6"]);
    }),
    ("asked by an own record in another", |ask| {
        let own = |name: &str, holds, depends| OwnRecord {
            name: name.to_owned(),
            version: "1".to_owned(),
            holds,
            depends,
        };
        ask.own = vec![
            own("bundle", vec![1], Vec::new()),
            own("addon", Vec::new(), roots(&["blender=3.6"])),
        ];
    }),
    ("locked", |ask| {
        ask.preferred = all_of(&ask.channels[1], "blender");
        let is_it = |record: &Record| record.version().to_string() == "3.6.0";
        ask.preferred.retain(is_it);
        assert_eq!(ask.preferred.len(), 1);
        ask.roots = roots(&["blender=3.6"]);
    }),
    ("asked for the lowest", |ask| {
        ask.strategy = Strategy::Lowest;
        ask.roots = roots(&["blender <4"]);
    }),
    ("where only the hidden are old enough", |ask| {
        ask.exclude_newer = Moment::from_milliseconds(EARLY + 360);
        ask.roots = roots(&["blender"]);
    }),
];

/// Everything above over every layout, in memory and packed.
fn over_all(check: impl Fn(&str, &Channels)) {
    let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("{error}"));
    for layout in LAYOUTS {
        check(&format!("{layout:?} in memory"), &channels(layout, None));
        let channels = channels(layout, Some(folder.path()));
        check(&format!("{layout:?} packed"), &channels);
    }
}

/// The three channels, each with both subdirectories.
fn channels([studio, other]: [Platform; 2], folder: Option<&Path>) -> Channels {
    let record = |name: &str, version: &str, depends: &[&str], constrains: &[&str]| {
        let mut facts = RecordFacts::new(name, version, "0");
        facts.depends = depends.iter().map(ToString::to_string).collect();
        facts.constrains = constrains.iter().map(ToString::to_string).collect();
        let later = version.replace('.', "").parse::<i64>().unwrap_or_default();
        let later = if name == "blender" { later } else { 0 };
        facts.timestamp = Moment::from_milliseconds(EARLY + later);
        facts
    };
    let has = [
        ("studio", studio, vec![record("blender", "4.1.1", &[], &[])]),
        (
            "deadline-cloud",
            other,
            vec![
                record("blender", "3.6.0", &[], &[]),
                record("blender", "4.2.0", &[], &[]),
                record("scene", "1", &["blender 3.6.*"], &[]),
                record("plugin", "1", &[], &["blender 3.6.*"]),
            ],
        ),
        (
            "third",
            Platform::NOARCH,
            vec![
                record("farm", "1", &["blender 3.6.*"], &[]),
                record("submitter", "1", &["farm"], &[]),
            ],
        ),
    ];
    let channels = has.into_iter().map(|(name, place, records)| {
        let subdirs = [Platform::LINUX_64, Platform::NOARCH];
        let subdirs = subdirs.map(|platform| {
            let here = if platform == place {
                records.clone()
            } else {
                Vec::new()
            };
            match folder {
                Some(folder) => {
                    let file = folder.join(format!("{name}-{platform}.json"));
                    packed(name, platform, here, &file)
                }
                None => held(name, platform, here),
            }
        });
        subdirs.to_vec()
    });
    channels.collect()
}

fn question(channels: &Channels, priority: Priority, way: Way) -> Ask {
    let mut question = ask(channels.clone(), &[]);
    question.priority = priority;
    way(&mut question);
    question
}

#[test]
fn strict_refuses_and_names_both_channels() {
    over_all(|held, channels| {
        for (name, way) in WAYS {
            let question = question(channels, Priority::Strict, way);
            assert!(is_refused(&question), "{name}, {held}");
            let told = told(&question);
            let words = "blender 3.6.0 in deadline-cloud does not count: studio comes first and has \
                         blender, and priority is strict";
            assert!(told.contains(words), "{name}, {held}:\n{told}");
        }
    });
}

#[test]
fn otherwise_all_ways_lead_there() {
    over_all(|held, channels| {
        for priority in [Priority::Flexible, Priority::Disabled] {
            for (name, way) in WAYS {
                let question = question(channels, priority, way);
                assert!(!is_refused(&question), "{name}, {held}, {priority:?}");
                let chosen = chosen(&question);
                let has = chosen.iter().any(|chosen| chosen == "blender 3.6.0");
                assert!(has, "{name}, {held}, {priority:?}: {chosen:?}");
            }
        }
    });
}

#[test]
fn a_bare_name_tells_the_three_apart() {
    over_all(|held, channels| {
        for (priority, version) in [
            (Priority::Strict, "4.1.1"),
            (Priority::Flexible, "4.1.1"),
            (Priority::Disabled, "4.2.0"),
        ] {
            let way = |ask: &mut Ask| ask.roots = roots(&["blender"]);
            let chosen = chosen(&question(channels, priority, way));
            assert_eq!(
                chosen,
                [format!("blender {version}")],
                "{held}, {priority:?}"
            );
        }
    });
}

#[test]
fn whoever_names_a_channel_or_pins_a_record_means_it() {
    over_all(|held, channels| {
        for priority in [Priority::Strict, Priority::Flexible, Priority::Disabled] {
            let named = question(channels, priority, |ask| {
                ask.roots = roots(&["deadline-cloud::blender=3.6"]);
            });
            assert_eq!(chosen(&named), ["blender 3.6.0"], "{held}, {priority:?}");
            // Who names it may be another than who needs the version.
            let named = question(channels, priority, |ask| {
                ask.roots = roots(&["deadline-cloud::blender", "scene"]);
            });
            let both = ["blender 3.6.0", "scene 1"];
            assert_eq!(chosen(&named), both, "{held}, {priority:?}");
            let winner = question(channels, priority, |ask| {
                ask.roots = roots(&["studio::blender=3.6"]);
            });
            assert!(is_refused(&winner), "{held}, {priority:?}");
            let pinned = question(channels, priority, |ask| {
                ask.pinned = all_of(&ask.channels[1], "blender");
                ask.pinned.truncate(1);
                ask.roots = roots(&["blender"]);
            });
            let version = pinned.pinned[0].version();
            let expected = [format!("blender {version}")];
            assert_eq!(chosen(&pinned), expected, "{held}, {priority:?}");
        }
    });
}
