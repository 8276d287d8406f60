//! Answers that are remembered: the same question of channels that say the same is not solved again.
//!
//! What is remembered is where the chosen records stand, under the whole question: who has what, in which state, and
//! everything that is asked. The records themselves are read again, so an answer says what the channel says. A refusal is
//! not remembered: it is explained with everything there is.

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use ayon_disk::{Cache, CacheWarning};

use crate::{Ask, PackageName, Record, Solution, SolveError, solve};

/// To raise when a question is written otherwise, or the solver would answer otherwise.
const SCHEMA: u32 = 1;

/// Answers, kept in a folder between runs. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Answers {
    cache: Arc<Cache>,
}

/// Where a chosen record stands: the channel and the subdirectory by place in the question, the record by its name and file.
/// Of packed records the number too, so that not all of the name are read.
type Place = (usize, usize, String, String, Option<u32>);

impl Answers {
    /// Answers in a folder, which is made when something is first kept.
    pub fn new(parent: &Path) -> Self {
        Self {
            cache: Arc::new(Cache::new(parent, "conda-answers", SCHEMA)),
        }
    }

    /// Remembers nothing.
    pub fn disabled() -> Self {
        Self {
            cache: Arc::new(Cache::disabled()),
        }
    }

    /// What happened since the last call that a person may want to know.
    pub fn take_warnings(&self) -> Vec<CacheWarning> {
        self.cache.take_warnings()
    }

    /// As [`solve()`], unless the answer is remembered. Where a subdirectory cannot tell its state ([`crate::Records::state`])
    /// nothing is.
    ///
    /// # Errors
    /// As [`solve()`].
    pub fn solve(
        &self,
        ask: &Ask,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<Solution, SolveError> {
        let Some(key) = key(ask).filter(|_| self.cache.folder().is_some()) else {
            return solve(ask, stop);
        };
        if let Some(bytes) = self.cache.get(&key)
            && let Some(records) = recall(ask, &bytes)
        {
            return Ok(Solution::tell(ask, records));
        }
        let solution = solve(ask, stop)?;
        if let Some(bytes) = tell(ask, &solution.records) {
            self.cache.put(&key, &bytes);
        }
        Ok(solution)
    }

    /// What somebody noted about a question, of channels that say the same.
    pub fn note(&self, ask: &Ask) -> Option<String> {
        self.cache.folder()?;
        let bytes = self.cache.get(&note_key(ask)?)?;
        String::from_utf8(bytes).ok()
    }

    /// Notes something about a question for the next time, such as what a refusal was about.
    pub fn remember_note(&self, ask: &Ask, note: &str) {
        if self.cache.folder().is_some()
            && let Some(key) = note_key(ask)
        {
            self.cache.put(&key, note.as_bytes());
        }
    }
}

fn note_key(ask: &Ask) -> Option<String> {
    Some(key(ask)? + "note\n")
}

/// The records that are remembered. `None` if one of them is not there, as when somebody made the entry up.
fn recall(ask: &Ask, bytes: &[u8]) -> Option<Vec<Record>> {
    let places: Vec<Place> = serde_json::from_slice(bytes).ok()?;
    let mut records = Vec::new();
    for (channel, subdir, name, file, number) in places {
        let subdir = ask.channels.get(channel)?.get(subdir)?;
        let record = if let (Some(number), Some(packed)) = (number, subdir.packed()) {
            packed.numbered(&name, number).ok()?
        } else {
            let name: PackageName = name.parse().ok()?;
            let mut all = subdir.of(&name).ok()?.into_iter();
            all.find(|record| record.file_name() == file)?
        };
        if record.file_name() != file {
            return None;
        }
        records.push(record);
    }
    Some(records)
}

/// Where records stand. `None` if one stands nowhere: what is pinned may be of no channel.
fn tell(ask: &Ask, records: &[Record]) -> Option<Vec<u8>> {
    let places = records.iter().map(|record| {
        let (name, file) = (record.name(), record.file_name());
        let mut all = ask
            .channels
            .iter()
            .enumerate()
            .flat_map(|(place, subdirs)| {
                subdirs
                    .iter()
                    .enumerate()
                    .map(move |(subdir, records)| (place, subdir, records))
            });
        let (channel, subdir, number) = all.find_map(|(channel, subdir, records)| {
            if records.channel() != record.channel()
                || records.platform().as_str() != record.subdir()
            {
                return None;
            }
            let number = match records.packed() {
                Some(packed) => Some(packed.number_of(name.as_str(), record)?),
                None => None,
            };
            Some((channel, subdir, number))
        })?;
        let place: Place = (channel, subdir, name.to_string(), file, number);
        Some(place)
    });
    serde_json::to_vec(&places.collect::<Option<Vec<Place>>>()?).ok()
}

/// The whole question as a text. `None` if a channel does not say in which state it is.
fn key(ask: &Ask) -> Option<String> {
    let mut key = String::new();
    let mut line = |kind: &str, text: &dyn std::fmt::Display| {
        // Writing to a text cannot fail. A text is quoted, so that none can look like two.
        let _ = writeln!(key, "{kind} {:?}", text.to_string());
    };
    line("program", &env!("CARGO_PKG_VERSION"));
    line("platform", &ask.target.platform());
    for package in ask.target.virtual_packages() {
        line("machine", package);
    }
    for subdirs in &ask.channels {
        line("channel", &"");
        for records in subdirs {
            line("subdir", &records.channel().url());
            line("of", &records.platform());
            line("state", &records.state()?);
        }
    }
    line(
        "priority",
        &format!("{:?} {:?}", ask.priority, ask.strategy),
    );
    if let Some(moment) = ask.exclude_newer {
        line("before", &moment.milliseconds());
    }
    let mut roots: Vec<String> = ask.roots.iter().map(|root| root.spec.to_string()).collect();
    roots.sort();
    roots.dedup();
    for root in roots {
        line("root", &root);
    }
    for own in &ask.own {
        line(
            "own",
            &format!("{:?} {:?} {:?}", own.name, own.version, own.holds),
        );
        for root in &own.depends {
            line("asks", &root.spec);
        }
    }
    for root in &ask.constraints {
        line("constraint", &root.spec);
    }
    for (kind, records) in [("pinned", &ask.pinned), ("preferred", &ask.preferred)] {
        for record in records {
            line(kind, &record.url());
            let digest = record.sha256().map(|digest| digest.to_string());
            line("digest", &digest.unwrap_or_default());
        }
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        Asker, Channel, ChannelBase, Dialect, MemoryRecords, OwnRecord, Platform, Priority,
        RecordCache, Records, Repodata, Root, Spec, Strategy, Target, VirtualPackage,
    };

    fn channel() -> Channel {
        Channel::parse("https://example/channel", &ChannelBase::new("/")).unwrap()
    }

    /// A channel whose package has these versions, in a state.
    fn packed(folder: &Path, state: &str, versions: &[&str]) -> Arc<dyn Records> {
        let record = |version: &&str| {
            let record = json!({"name": "a", "version": version, "build": "0", "build_number": 0, "depends": ["b"]});
            (format!("a-{version}-0.conda"), record)
        };
        let mut records: serde_json::Map<_, _> = versions.iter().map(record).collect();
        let b =
            json!({"name": "b", "version": "1", "build": "0", "build_number": 0, "depends": []});
        records.insert("b-1-0.conda".to_owned(), b);
        let file = folder.join("repodata.json");
        ayon_disk::write_atomic(
            &file,
            json!({"packages.conda": records}).to_string().as_bytes(),
        )
        .unwrap();
        let cache = RecordCache::new(folder);
        let records = cache.open(&channel(), Platform::LINUX_64, state, &Repodata::new(file));
        Arc::new(records.unwrap())
    }

    fn root(text: &str) -> Root {
        Root {
            spec: Spec::parse(text, Dialect::Lenient).unwrap(),
            asker: Asker(0),
        }
    }

    fn ask(records: Arc<dyn Records>) -> Ask {
        let mut ask = Ask::new(Target::new(Platform::LINUX_64));
        ask.channels = vec![vec![
            records,
            Arc::new(MemoryRecords::new(channel(), Platform::NOARCH)),
        ]];
        ask.roots = vec![root("a")];
        ask
    }

    /// The answer, if it is remembered: whoever solves is stopped.
    fn remembered(answers: &Answers, ask: &Ask) -> Option<Solution> {
        match answers.solve(ask, &|| true) {
            Ok(solution) => Some(solution),
            Err(SolveError::Stopped) => None,
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn the_same_question_is_answered_without_a_solve() {
        let folder = tempfile::tempdir().unwrap();
        let answers = Answers::new(folder.path());
        let mut ask = ask(packed(folder.path(), "one", &["1", "2"]));
        assert_eq!(remembered(&answers, &ask), None);
        let solution = answers.solve(&ask, &|| false).unwrap();
        assert_eq!(solution.records.len(), 2);
        // Who asks is no part of what is chosen, and stands in the answer all the same.
        ask.roots[0].asker = Asker(7);
        let again = remembered(&Answers::new(folder.path()), &ask).unwrap();
        assert_eq!(again.records, solution.records);
        assert_eq!(Some(again), solve(&ask, &|| false).ok());
        assert_eq!(remembered(&Answers::disabled(), &ask), None);
    }

    #[test]
    fn whatever_changes_the_question_is_another_question() {
        let folder = tempfile::tempdir().unwrap();
        let answers = Answers::new(folder.path());
        let records = packed(folder.path(), "one", &["1", "2"]);
        let asked = ask(records);
        let solution = answers.solve(&asked, &|| false).unwrap();
        let changes: [fn(&mut Ask); 12] = [
            |ask| ask.roots.push(root("b")),
            |ask| ask.roots[0] = root("a <2"),
            |ask| ask.constraints.push(root("a <2")),
            |ask| ask.priority = Priority::Disabled,
            |ask| ask.strategy = Strategy::Lowest,
            |ask| ask.exclude_newer = crate::Moment::from_milliseconds(1),
            |ask| ask.target = Target::new(Platform::LINUX_64).with_glibc("2.17".parse().unwrap()),
            |ask| {
                ask.target = ask
                    .target
                    .clone()
                    .with_virtual_package("__cuda=12".parse::<VirtualPackage>().unwrap());
            },
            |ask| ask.channels.push(Vec::new()),
            |ask| ask.channels[0].reverse(),
            |ask| {
                ask.own.push(OwnRecord {
                    name: "bundle".to_owned(),
                    version: "1".to_owned(),
                    holds: Vec::new(),
                    depends: vec![root("a")],
                });
            },
            |ask| {
                let mut memory = MemoryRecords::new(channel(), Platform::NOARCH);
                memory.give("c", "1", &[]);
                ask.channels[0][1] = Arc::new(memory);
            },
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut other = asked.clone();
            change(&mut other);
            assert_eq!(remembered(&answers, &other), None, "change {number}");
        }
        for list in [
            |ask: &mut Ask, record| ask.pinned.push(record),
            |ask: &mut Ask, record| ask.preferred.push(record),
        ] {
            let mut other = asked.clone();
            list(&mut other, solution.records[0].clone());
            assert_eq!(remembered(&answers, &other), None);
        }
        assert_eq!(remembered(&answers, &asked), Some(solution));
    }

    #[test]
    fn a_note_is_of_one_question() {
        let folder = tempfile::tempdir().unwrap();
        let answers = Answers::new(folder.path());
        let asked = ask(packed(folder.path(), "one", &["1", "2"]));
        assert_eq!(answers.note(&asked), None);
        answers.remember_note(&asked, "a b");
        let again = Answers::new(folder.path());
        assert_eq!(again.note(&asked).as_deref(), Some("a b"));
        // It is no answer, and an answer is no note.
        assert_eq!(remembered(&again, &asked), None);
        let mut other = asked.clone();
        other.roots.push(root("b"));
        assert_eq!(again.note(&other), None);
        assert_eq!(Answers::disabled().note(&asked), None);
    }

    #[test]
    fn another_state_of_a_channel_is_solved_anew() {
        let folder = tempfile::tempdir().unwrap();
        let answers = Answers::new(folder.path());
        let first = answers
            .solve(&ask(packed(folder.path(), "one", &["1"])), &|| false)
            .unwrap();
        let changed = ask(packed(folder.path(), "two", &["1", "2"]));
        assert_eq!(remembered(&answers, &changed), None);
        let second = answers.solve(&changed, &|| false).unwrap();
        assert_ne!(first.records, second.records);
        // A state that nobody knows is none.
        assert_eq!(
            ask(packed(folder.path(), "", &["1"])).channels[0][0].state(),
            None
        );
    }

    #[test]
    fn an_entry_that_somebody_made_up_is_no_answer() {
        let folder = tempfile::tempdir().unwrap();
        let answers = Answers::new(folder.path());
        let ask = ask(packed(folder.path(), "one", &["1", "2"]));
        let solution = answers.solve(&ask, &|| false).unwrap();
        for entry in [
            "",
            "[[0,0,\"a\",\"a-9-0.conda\",null]]",
            "[[0,0,\"a\",\"a-1-0.conda\",2]]",
            "[[0,0,\"a\",\"a-1-0.conda\",4000000000]]",
            "[[7,7,\"a\",\"a-1-0.conda\",0]]",
        ] {
            answers.cache.put(&key(&ask).unwrap(), entry.as_bytes());
            assert_eq!(remembered(&answers, &ask), None, "{entry}");
        }
        assert_eq!(answers.solve(&ask, &|| false).unwrap(), solution);
        assert_eq!(remembered(&answers, &ask), Some(solution));
    }
}
