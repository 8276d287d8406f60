//! `conda-specs`: requests with verified answers on a harvested channel (`data/conda/specs.json`).
//!
//! A refusal has to be told in a dozen lines, by what was asked, and with something that helps.
//!
//! Another answer than the recorded one is a difference, told record by record, unless it is told here why it is as good.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use conda::{
    Ask, Asker, Channel, ChannelBase, Conflict, Dialect, Platform, Priority, Record, RecordCache,
    Records, Repodata, Root, SolveError, Speaker, Spec, Statement, Target, solve,
};
use serde::Deserialize;
use serde::de::Error as _;

use super::{Judge, Kind, Verdict, lists};
use crate::shared::Shared;

pub(super) const KIND: Kind = Kind {
    name: "conda-specs",
    about: "requests on a harvested conda-forge and what rattler chooses",
    open: |_| {
        Ok(Box::new(Requests {
            shared: Shared::find()?,
            subdirs: RefCell::default(),
        }))
    },
};

struct Requests {
    shared: Shared,
    /// Opened once.
    subdirs: RefCell<BTreeMap<Platform, Arc<dyn Records>>>,
}

#[derive(Deserialize)]
struct Request {
    platform: String,
    channels: Vec<String>,
    channel_priority: String,
    virtual_packages: Vec<String>,
    specs: Vec<String>,
    expected: Expected,
    #[serde(default)]
    packages: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Expected {
    Sat,
    Unsat,
}

impl Judge for Requests {
    fn cases<'a>(&self, text: &'a str) -> Result<Vec<&'a str>, serde_json::Error> {
        lists(text, &["requests"], &[])
    }

    fn judge(&self, case: &str) -> Result<Verdict, serde_json::Error> {
        let request: Request = serde_json::from_str(case)?;
        let ask = self.ask(&request)?;
        let differences = match (solve(&ask, &|| false), request.expected) {
            (Ok(solution), Expected::Sat) => {
                let told = |record: &Record| {
                    format!("{}={}={}", record.name(), record.version(), record.build())
                };
                let ours: BTreeSet<String> = solution.records.iter().map(told).collect();
                let theirs = request
                    .packages
                    .difference(&ours)
                    .map(|package| format!("{package} by rattler alone"));
                let own = ours
                    .difference(&request.packages)
                    .map(|package| format!("{package} by us alone"));
                theirs.chain(own).collect()
            }
            (Err(SolveError::Conflict(conflict)), Expected::Unsat) => told_badly(&ask, &conflict),
            (Ok(_), Expected::Unsat) => vec!["solved by us, refused by rattler".to_owned()],
            (Err(error), _) => vec![format!("{error} by us, {:?} by rattler", request.expected)],
        };
        Ok(Verdict {
            differences,
            ..Verdict::default()
        })
    }
}

impl Requests {
    fn ask(&self, request: &Request) -> Result<Ask, serde_json::Error> {
        let platform: Platform = request.platform.parse().map_err(custom)?;
        let mut has = Vec::new();
        for text in &request.virtual_packages {
            has.push(text.parse().map_err(custom)?);
        }
        let mut ask = Ask::new(Target::with_only(platform, has));
        ask.priority = match request.channel_priority.as_str() {
            "strict" => Priority::Strict,
            "flexible" => Priority::Flexible,
            "disabled" => Priority::Disabled,
            other => return Err(custom(format!("`{other}` is no priority"))),
        };
        for name in &request.channels {
            let subdirs = [platform, Platform::NOARCH];
            let subdirs = subdirs
                .into_iter()
                .map(|platform| self.subdir(name, platform));
            ask.channels.push(subdirs.collect::<Result<_, _>>()?);
        }
        for other in [Platform::LINUX_64, Platform::OSX_ARM64, Platform::WIN_64] {
            for name in request.channels.iter().filter(|_| other != platform) {
                ask.elsewhere.push(self.subdir(name, other)?);
            }
        }
        for (text, number) in request.specs.iter().zip(0..) {
            let spec = Spec::parse(text, Dialect::Strict).map_err(custom)?;
            ask.roots.push(Root {
                spec,
                asker: Asker(number),
            });
        }
        Ok(ask)
    }

    fn subdir(
        &self,
        channel: &str,
        platform: Platform,
    ) -> Result<Arc<dyn Records>, serde_json::Error> {
        if let Some(records) = self.subdirs.borrow().get(&platform) {
            return Ok(Arc::clone(records));
        }
        let channel = Channel::parse(channel, &ChannelBase::new("/")).map_err(custom)?;
        let file = format!("conda-forge-harvest/{platform}/repodata.json.zst");
        let file = Repodata::new(self.shared.conda(&file));
        let records = RecordCache::disabled().open(&channel, platform, "", &file);
        let records: Arc<dyn Records> = Arc::new(records.map_err(custom)?);
        self.subdirs
            .borrow_mut()
            .insert(platform, Arc::clone(&records));
        Ok(records)
    }
}

/// What is wrong with how a conflict is told.
pub(super) fn told_badly(ask: &Ask, conflict: &Conflict) -> Vec<String> {
    let mut wrong = Vec::new();
    let lines = conflict.lines(&|speaker| format!("{speaker:?}"));
    if lines.len() > 12 {
        wrong.push(format!("the conflict takes {} lines", lines.len()));
    }
    if conflict.remedies.is_empty() {
        wrong.push("nothing is said to help".to_owned());
    }
    for remedy in &conflict.remedies {
        if let Err(error) = solve(&remedy.apply(ask), &|| false) {
            wrong.push(format!("{remedy:?} does not help: {error}"));
        }
    }
    let is_asked = |said: &Statement| matches!(said.speaker, Speaker::Asker(_));
    if !conflict.statements.iter().any(is_asked) {
        wrong.push("nobody who asks is named".to_owned());
    }
    wrong
}

fn custom(error: impl std::fmt::Display) -> serde_json::Error {
    serde_json::Error::custom(error)
}
