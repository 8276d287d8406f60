//! `conda-solvers`: cases of pytest-conda-solvers (`data/conda/conda-solvers`), most of which are conda's own tests.
//!
//! They are written for conda the program. What has a meaning for a resolver is asked here: a prefix is what an old lock has,
//! history is asked again unless the case asks otherwise, a frozen prefix and conda's `pip` for every Python are asked for,
//! and conda's pinned specs are constraints. Cases about anything else are left out, and counted by why. A refusal has to be
//! told as in `conda-specs`.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use conda::{
    Ask, Asker, Channel, ChannelBase, Dialect, MemoryRecords, Moment, Platform, Priority, Record,
    RecordFacts, Records, Root, SolveError, Spec, Target, solve,
};
use saphyr::{LoadableYamlNode, Yaml};
use serde::Deserialize;
use serde::de::Error as _;
use serde_json::Value;

use super::conda_specs::told_badly;
use super::{Judge, Kind, Verdict};
use crate::shared::{Shared, read};

pub(super) const KIND: Kind = Kind {
    name: "conda-solvers",
    about: "cases of pytest-conda-solvers: what conda's own tests say is chosen",
    open: |_| {
        Ok(Box::new(Solvers {
            channels: Shared::find()?.conda("conda-solvers/channels"),
            read: RefCell::default(),
        }))
    },
};

struct Solvers {
    channels: PathBuf,
    /// Read once.
    read: RefCell<BTreeMap<String, Vec<Arc<dyn Records>>>>,
}

#[derive(Deserialize)]
struct Case {
    kind: String,
    input: Input,
    #[serde(default)]
    output: Output,
}

#[derive(Deserialize)]
struct Input {
    channels: Many,
    #[serde(default)]
    specs_to_add: Many,
    #[serde(default)]
    prefix: Many,
    #[serde(default)]
    history_specs: Many,
    #[serde(default)]
    pinned_packages: Many,
    channel_priority: Option<String>,
    override_cuda: Option<String>,
    override_glibc: Option<String>,
    update_modifier: Option<String>,
    deps_modifier: Option<String>,
    #[serde(default)]
    add_pip: bool,
    #[serde(default)]
    auto_update_conda: bool,
    #[serde(default)]
    aggressive_update_packages: Many,
}

#[derive(Default, Deserialize)]
struct Output {
    #[serde(default)]
    final_state: Many,
    #[serde(default)]
    unlink_precs: Many,
    #[serde(default)]
    link_precs: Many,
}

/// A text, several, or none.
#[derive(Default, Deserialize)]
#[serde(from = "Value")]
struct Many(Vec<String>);

impl From<Value> for Many {
    fn from(value: Value) -> Self {
        let texts = match value {
            Value::Array(values) => values,
            Value::Null => Vec::new(),
            value => vec![value],
        };
        let text = |value: Value| match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        Self(texts.into_iter().map(text).collect())
    }
}

impl Judge for Solvers {
    fn cases<'a>(&self, text: &'a str) -> Result<Vec<&'a str>, serde_json::Error> {
        let mut starts: Vec<usize> = text
            .match_indices("\n  - name:")
            .map(|(at, _)| at + 1)
            .collect();
        starts.push(text.len());
        if !text.starts_with("tests:") || starts.len() < 2 {
            return Err(serde_json::Error::custom("a list of `tests` is expected"));
        }
        Ok(starts
            .windows(2)
            .map(|pair| &text[pair[0]..pair[1]])
            .collect())
    }

    fn judge(&self, case: &str) -> Result<Verdict, serde_json::Error> {
        let documents =
            Yaml::load_from_str(&case.replace("${{ arch }}", "linux-64")).map_err(custom)?;
        let listed = documents.first().map(as_json).unwrap_or_default();
        let [case]: [Case; 1] = serde_json::from_value(listed)?;
        if let Some(reason) = case.beyond() {
            return Ok(Verdict {
                left_out: Some(reason),
                ..Verdict::default()
            });
        }
        let ask = self.ask(&case.input)?;
        let differences = match (solve(&ask, &|| false), case.kind.as_str()) {
            (Ok(solution), "solve" | "solve_for_diff") => {
                let ours: BTreeSet<String> = solution.records.iter().map(told).collect();
                case.differences(&ours)
            }
            (Err(SolveError::Conflict(conflict)), "unsatisfiable") => told_badly(&ask, &conflict),
            (Ok(_), _) => vec!["solved by us, refused by conda".to_owned()],
            (Err(error), _) => vec![format!("{error} by us, solved by conda")],
        };
        Ok(Verdict {
            differences,
            ..Verdict::default()
        })
    }
}

impl Case {
    /// Why it is about more than a resolver that starts from nothing.
    fn beyond(&self) -> Option<&'static str> {
        let input = &self.input;
        match (self.kind.as_str(), input.update_modifier.as_deref()) {
            ("determine_constricting_specs", _) => Some("conda's advice about an environment"),
            (_, Some(modifier)) if modifier != "freeze_installed" => {
                Some("conda's modifiers of updates")
            }
            _ if input.deps_modifier.is_some() => Some("conda's modifiers of dependencies"),
            _ if input.auto_update_conda => Some("conda updates itself"),
            _ if !input.aggressive_update_packages.0.is_empty() => {
                Some("packages that conda updates unasked")
            }
            _ => None,
        }
    }

    fn differences(&self, ours: &BTreeSet<String>) -> Vec<String> {
        let mut theirs: BTreeSet<String> = self.output.final_state.0.iter().cloned().collect();
        if self.kind == "solve_for_diff" {
            theirs.extend(self.input.prefix.0.iter().cloned());
            theirs.retain(|record| !self.output.unlink_precs.0.contains(record));
            theirs.extend(self.output.link_precs.0.iter().cloned());
        }
        let by_conda = theirs
            .difference(ours)
            .map(|record| format!("{record} by conda alone"));
        let by_us = ours
            .difference(&theirs)
            .map(|record| format!("{record} by us alone"));
        by_conda.chain(by_us).collect()
    }
}

impl Solvers {
    fn ask(&self, input: &Input) -> Result<Ask, serde_json::Error> {
        let mut target = Target::new(Platform::LINUX_64);
        if let Some(version) = input
            .override_cuda
            .as_deref()
            .filter(|version| !version.is_empty())
        {
            target = target.with_cuda(version.parse().map_err(custom)?);
        }
        if let Some(version) = input
            .override_glibc
            .as_deref()
            .filter(|version| !version.is_empty())
        {
            target = target.with_glibc(version.parse().map_err(custom)?);
        }
        let mut ask = Ask::new(target);
        for name in &input.channels.0 {
            ask.channels.push(self.channel(name)?);
        }
        // What conda's tests assume.
        ask.priority = match input.channel_priority.as_deref() {
            None | Some("flexible") => Priority::Flexible,
            Some("strict") => Priority::Strict,
            Some("disabled") => Priority::Disabled,
            Some(other) => return Err(custom(format!("`{other}` is no priority"))),
        };
        let mut asked = roots(&input.specs_to_add)?;
        let again = roots(&input.history_specs)?.into_iter();
        let is_new = |root: &Root| {
            !asked
                .iter()
                .any(|asked| asked.spec.name() == root.spec.name())
        };
        let again: Vec<Root> = again.filter(is_new).collect();
        asked.extend(again);
        if input.add_pip {
            asked.extend(roots(&Many(vec!["pip".to_owned()]))?);
        }
        ask.roots = asked;
        ask.constraints = roots(&input.pinned_packages)?;
        let installed = self.installed(&input.prefix)?;
        if input.update_modifier.is_some() {
            ask.pinned = installed;
        } else {
            ask.preferred = installed;
        }
        Ok(ask)
    }

    fn installed(&self, prefix: &Many) -> Result<Vec<Record>, serde_json::Error> {
        let mut installed = Vec::new();
        for text in &prefix.0 {
            let wrong = || custom(format!("`{text}` is none of the records"));
            let (channel, rest) = text.split_once('/').ok_or_else(wrong)?;
            let name = rest
                .split("::")
                .nth(1)
                .and_then(|file| file.rsplitn(3, '-').nth(2));
            let name = name.and_then(|name| name.parse().ok()).ok_or_else(wrong)?;
            let mut record = None;
            for subdir in self.channel(channel)? {
                record = record.or(subdir
                    .of(&name)
                    .map_err(custom)?
                    .into_iter()
                    .find(|record| told(record) == *text));
            }
            installed.push(record.ok_or_else(wrong)?);
        }
        Ok(installed)
    }

    fn channel(&self, name: &str) -> Result<Vec<Arc<dyn Records>>, serde_json::Error> {
        if let Some(subdirs) = self.read.borrow().get(name) {
            return Ok(subdirs.clone());
        }
        let channel = Channel::parse(name, &ChannelBase::new("/")).map_err(custom)?;
        let mut subdirs: Vec<Arc<dyn Records>> = Vec::new();
        for (part, platform) in [
            ("non-noarch", Platform::LINUX_64),
            ("noarch", Platform::NOARCH),
        ] {
            let file = self.channels.join(format!("{name}_{part}.json.gz"));
            let text = read(&file).map_err(custom)?;
            let mut memory = MemoryRecords::new(channel.clone(), platform);
            for (file_name, wire) in serde_json::from_str::<BTreeMap<String, Wire>>(&text)? {
                memory.add(
                    wire.facts(file_name)
                        .at(&channel, platform)
                        .map_err(custom)?,
                );
            }
            subdirs.push(Arc::new(memory));
        }
        self.read
            .borrow_mut()
            .insert(name.to_owned(), subdirs.clone());
        Ok(subdirs)
    }
}

/// A record of a channel's file.
#[derive(Deserialize)]
struct Wire {
    name: String,
    version: String,
    build: String,
    build_number: u64,
    #[serde(default)]
    depends: Vec<String>,
    #[serde(default)]
    constrains: Vec<String>,
    #[serde(default)]
    track_features: Many,
    timestamp: Option<i64>,
}

impl Wire {
    fn facts(self, file_name: String) -> RecordFacts {
        let features = self
            .track_features
            .0
            .iter()
            .flat_map(|text| text.split([' ', ',']));
        let features = features
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .collect();
        let mut facts = RecordFacts::new(&self.name, &self.version, &self.build);
        facts.build_number = self.build_number;
        facts.file_name = file_name;
        facts.depends = self.depends;
        facts.constrains = self.constrains;
        facts.track_features = features;
        facts.timestamp = self.timestamp.and_then(Moment::from_milliseconds);
        facts
    }
}

fn roots(specs: &Many) -> Result<Vec<Root>, serde_json::Error> {
    let read = |(text, number): (&String, u32)| {
        let spec = Spec::parse(text, Dialect::Lenient).map_err(custom)?;
        Ok(Root {
            spec,
            asker: Asker(number),
        })
    };
    specs.0.iter().zip(0..).map(read).collect()
}

/// As the cases write records.
fn told(record: &Record) -> String {
    record.to_string()
}

fn custom(error: impl std::fmt::Display) -> serde_json::Error {
    serde_json::Error::custom(error)
}

fn as_json(node: &Yaml<'_>) -> Value {
    if let Some(sequence) = node.as_sequence() {
        return sequence.iter().map(as_json).collect();
    }
    if let Some(mapping) = node.as_mapping() {
        let members = mapping.iter();
        return members
            .filter_map(|(key, value)| Some((key.as_str()?.to_owned(), as_json(value))))
            .collect();
    }
    let scalar = node.as_str().map(Value::from);
    let scalar = scalar.or_else(|| node.as_bool().map(Value::from));
    let scalar = scalar.or_else(|| node.as_integer().map(Value::from));
    scalar
        .or_else(|| node.as_floating_point().map(Value::from))
        .unwrap_or_default()
}
