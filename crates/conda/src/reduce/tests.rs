//! What is dropped is in no answer: with and without, the same questions have one.

use std::sync::Arc;

use proptest::prelude::*;
use rattler_solve::CancellationToken;
use serde_json::json;

use super::reduce;
use crate::solve::{Answer, choose};
use crate::world::World;
use crate::{
    Ask, Asker, Channel, ChannelBase, Dialect, MemoryRecords, OwnRecord, Platform, Priority,
    Record, RecordCache, RecordFacts, Records, Repodata, Root, Spec, Target,
};

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "python"];

/// What a record says, as choices.
type Made = (
    usize,
    u8,
    u8,
    Vec<(usize, u8, u8)>,
    Vec<(usize, u8, u8)>,
    u8,
);

fn wish((name, version, kind): &(usize, u8, u8)) -> String {
    let name = NAMES[name % NAMES.len()];
    match kind % 7 {
        0 => name.to_owned(),
        1 => format!("{name} >={version}"),
        2 => format!("{name} <{version}"),
        3 => format!("{name} {version}.*"),
        4 => format!("{name} {version} 0"),
        5 => format!("{name} >={version},<{}", version + 2),
        _ => format!("{name} * 1"),
    }
}

fn facts((name, version, build, depends, constrains, machine): &Made) -> RecordFacts {
    let name = NAMES[name % NAMES.len()];
    let mut facts = RecordFacts::new(name, &version.to_string(), &build.to_string());
    facts.build_number = u64::from(*build);
    facts.depends = depends
        .iter()
        .map(wish)
        .filter(|wish| !wish.starts_with(name))
        .collect();
    match machine {
        0 => facts.depends.push("__glibc >=2.17".to_owned()),
        1 => facts.depends.push("__glibc >=3".to_owned()),
        2 => facts.depends.push("__cuda".to_owned()),
        3 => facts.depends.push("missing".to_owned()),
        4 => facts.constrains.push("__glibc >=3".to_owned()),
        _ => {}
    }
    // A record that constrains itself is more than the solver's own checks bear.
    let others = constrains
        .iter()
        .map(wish)
        .filter(|wish| !wish.starts_with(name));
    facts.constrains.extend(others);
    facts
}

/// A channel of these records, from memory and packed.
fn channels(name: &str, made: &[Made], folder: &std::path::Path) -> [Arc<dyn Records>; 2] {
    let channel =
        Channel::parse(&format!("https://example/{name}"), &ChannelBase::new("/")).unwrap();
    let mut memory = MemoryRecords::new(channel.clone(), Platform::LINUX_64);
    let mut map = serde_json::Map::new();
    for facts in made.iter().map(facts) {
        let file = format!("{}-{}-{}.conda", facts.name, facts.version, facts.build);
        let record = json!({
            "name": facts.name, "version": facts.version, "build": facts.build, "build_number": facts.build_number,
            "depends": facts.depends, "constrains": facts.constrains,
        });
        if map.insert(file, record).is_none() {
            memory.add(facts.at(&channel, Platform::LINUX_64).unwrap());
        }
    }
    let file = folder.join(format!("{name}.json"));
    // Where the same file comes twice the last one counts, as for a map of memory's the first.
    let repodata = json!({"packages.conda": map});
    ayon_disk::write_atomic(&file, repodata.to_string().as_bytes()).unwrap();
    let packed =
        RecordCache::disabled().open(&channel, Platform::LINUX_64, "", &Repodata::new(file));
    [Arc::new(memory), Arc::new(packed.unwrap())]
}

fn root(text: &str) -> Root {
    Root {
        spec: Spec::parse(text, Dialect::Lenient).unwrap(),
        asker: Asker(0),
    }
}

fn chosen(ask: &Ask, world: &World) -> Option<Vec<Record>> {
    match choose(ask, world, &CancellationToken::new(), false).unwrap() {
        Answer::Chosen(mut records) => {
            records.sort_by_key(Record::name);
            Some(records)
        }
        Answer::Unsolvable(_) => None,
    }
}

fn made() -> impl Strategy<Value = Vec<Made>> {
    let wish = || (0..6_usize, 1..4_u8, any::<u8>());
    let wishes = move |most| prop::collection::vec(wish(), 0..most);
    prop::collection::vec(
        (0..6_usize, 1..5_u8, 0..2_u8, wishes(3), wishes(2), 0..12_u8),
        0..30,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_answer_changes(
        first in made(),
        second in made(),
        roots in prop::collection::vec((0..6_usize, 1..4_u8, any::<u8>()), 1..3),
        constraint in prop::option::of((0..6_usize, 1..4_u8, any::<u8>())),
        own in prop::option::of((0..6_usize, 1..4_u8, any::<u8>())),
        priority in 0..3_u8,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let [first_memory, first_packed] = channels("first", &first, folder.path());
        let [second_memory, second_packed] = channels("second", &second, folder.path());
        let mut ask = Ask::new(Target::new(Platform::LINUX_64));
        ask.priority = [Priority::Strict, Priority::Flexible, Priority::Disabled][usize::from(priority)];
        ask.roots = roots.iter().map(|made| root(&wish(made))).collect();
        ask.constraints = constraint.iter().map(|made| root(&wish(made))).collect();
        ask.own = own.iter().map(|made| OwnRecord {
            name: "bundle".to_owned(),
            version: "1".to_owned(),
            holds: Vec::new(),
            depends: vec![root(&wish(made))],
        }).collect();
        for channels in [vec![first_memory, second_memory], vec![first_packed, second_packed]] {
            ask.channels = channels.into_iter().map(|records| vec![records]).collect();
            let whole = World::read(&ask).unwrap();
            let expected = chosen(&ask, &whole);
            let Some(reduced) = reduce(&ask).unwrap() else {
                prop_assert!(expected.is_none());
                continue;
            };
            let found = chosen(&ask, &reduced);
            prop_assert_eq!(&found.is_some(), &expected.is_some());
            prop_assert_eq!(found, expected);
            let count = |world: &World| world.lists().iter().map(Vec::len).sum::<usize>();
            prop_assert!(count(&reduced) <= count(&whole));
        }
    }
}
