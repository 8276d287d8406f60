//! Small worlds.

use std::path::Path;
use std::sync::Arc;

use conda::{
    Ask, Asker, Channel, ChannelBase, Dialect, MemoryRecords, Moment, Platform, Record,
    RecordCache, RecordFacts, Records, Repodata, Root, Solution, SolveError, Speaker, Spec, Target,
    solve,
};

pub(crate) fn channel(text: &str) -> Channel {
    Channel::parse(text, &ChannelBase::new("/studio")).unwrap_or_else(|error| panic!("{error}"))
}

/// What `noarch` of a channel has: name, version, and what it needs.
pub(crate) fn noarch(name: &str, records: &[(&str, &str, &[&str])]) -> Vec<Arc<dyn Records>> {
    let mut memory = MemoryRecords::new(channel(name), Platform::NOARCH);
    for (name, version, depends) in records {
        memory.give(name, version, depends);
    }
    vec![Arc::new(memory)]
}

/// One channel of records with more to them.
pub(crate) fn offering(name: &str, records: Vec<RecordFacts>) -> Vec<Arc<dyn Records>> {
    vec![held(name, Platform::NOARCH, records)]
}

/// A subdirectory in memory.
pub(crate) fn held(name: &str, platform: Platform, records: Vec<RecordFacts>) -> Arc<dyn Records> {
    let channel = channel(name);
    let mut memory = MemoryRecords::new(channel.clone(), platform);
    for facts in records {
        let record = facts.at(&channel, platform);
        memory.add(record.unwrap_or_else(|error| panic!("{error}")));
    }
    Arc::new(memory)
}

/// The same from a repodata, packed.
pub(crate) fn packed(
    name: &str,
    platform: Platform,
    records: Vec<RecordFacts>,
    file: &Path,
) -> Arc<dyn Records> {
    let records = records.into_iter().map(|facts| {
        let name = format!("{}-{}-{}.conda", facts.name, facts.version, facts.build);
        let time = facts.timestamp.map(Moment::milliseconds);
        let record = serde_json::json!({
            "name": facts.name, "version": facts.version, "build": facts.build,
            "build_number": facts.build_number, "depends": facts.depends,
            "constrains": facts.constrains, "timestamp": time,
        });
        (name, record)
    });
    let records: serde_json::Map<_, _> = records.collect();
    let text = serde_json::json!({ "packages.conda": records }).to_string();
    let written = ayon_disk::write_atomic(file, text.as_bytes());
    written.unwrap_or_else(|error| panic!("{error}"));
    let cache = RecordCache::disabled();
    let packed = cache.open(&channel(name), platform, "", &Repodata::new(file));
    Arc::new(packed.unwrap_or_else(|error| panic!("{error}")))
}

/// All that a channel has of a name.
pub(crate) fn all_of(channel: &[Arc<dyn Records>], name: &str) -> Vec<Record> {
    let name = name.parse().unwrap_or_else(|error| panic!("{error}"));
    let of_each = channel.iter().map(|subdir| subdir.of(&name));
    let of_each = of_each.map(|records| records.unwrap_or_else(|error| panic!("{error}")));
    of_each.flatten().collect()
}

pub(crate) fn spec(text: &str) -> Spec {
    Spec::parse(text, Dialect::Lenient).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn ask(channels: Vec<Vec<Arc<dyn Records>>>, specs: &[&str]) -> Ask {
    let mut ask = Ask::new(Target::new(Platform::LINUX_64));
    ask.channels = channels;
    ask.roots = roots(specs);
    ask
}

/// Each asked by somebody of its own.
pub(crate) fn roots(specs: &[&str]) -> Vec<Root> {
    let numbered = (0..).zip(specs);
    let roots = numbered.map(|(number, text)| Root {
        spec: spec(text),
        asker: Asker(number),
    });
    roots.collect()
}

pub(crate) fn answer(ask: &Ask) -> Result<Solution, SolveError> {
    solve(ask, &|| false)
}

/// `name version` of all that is chosen.
pub(crate) fn chosen(ask: &Ask) -> Vec<String> {
    let solution = answer(ask).unwrap_or_else(|error| panic!("{error}"));
    let told = |record: &Record| format!("{} {}", record.name(), record.version());
    solution.records.iter().map(told).collect()
}

/// Why nothing can be chosen, where askers are `A`, `B`, `C`.
pub(crate) fn told(ask: &Ask) -> String {
    let Err(SolveError::Conflict(conflict)) = answer(ask) else {
        panic!("a conflict is expected");
    };
    let letter = |asker: &Asker| {
        char::from_u32(u32::from('A') + asker.0)
            .unwrap_or('?')
            .to_string()
    };
    let who = |speaker: &Speaker| match speaker {
        Speaker::Asker(asker) => letter(asker),
        Speaker::Own(place, asker) => format!("{} of {}", letter(asker), ask.own[*place].name),
        other => format!("{other:?}"),
    };
    let lines = conflict.lines(&who);
    assert!(lines.len() <= 12, "{lines:#?}");
    lines.join("\n")
}

pub(crate) fn is_refused(ask: &Ask) -> bool {
    matches!(answer(ask), Err(SolveError::Conflict(_)))
}
