//! Small worlds.

use std::sync::Arc;

use conda::{
    Ask, Asker, Channel, ChannelBase, Dialect, MemoryRecords, Platform, Record, RecordFacts,
    Records, Root, Solution, SolveError, Speaker, Spec, Target, solve,
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
    let channel = channel(name);
    let mut memory = MemoryRecords::new(channel.clone(), Platform::NOARCH);
    for facts in records {
        let record = facts.at(&channel, Platform::NOARCH);
        memory.add(record.unwrap_or_else(|error| panic!("{error}")));
    }
    vec![Arc::new(memory)]
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
