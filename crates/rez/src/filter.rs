//! Packages that a solve does not see: rez's `package_filter`, and the timestamp of a request.
//!
//! A list of filters excludes what any of them excludes. A filter excludes a package where one of its exclusions matches
//! and none of its inclusions does; rules of that family are asked before those for all. Rules are kept by family and by
//! cost, cheap ones first, because the first that matches is the one that is told, and because the list's last filter,
//! the costliest, is the one that a timestamp is added to: its inclusions can let later packages in again.
//!
//! Source: reference `rez.md` §3.7; rez's `package_filter.py`.

mod glob;
mod pattern;
mod rule;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::pod::{Pod, PodError};
use crate::version::Version;

pub use glob::Glob;
pub use rule::{Rule, RuleError};

use rule::Subject;

/// The filters of a solve, cheapest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PackageFilterList {
    filters: Vec<PackageFilter>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct PackageFilter {
    excludes: Rules,
    includes: Rules,
}

/// Rules by the family they are for, the cheapest of each first.
#[derive(Clone, Debug, Default, PartialEq)]
struct Rules {
    by_family: BTreeMap<String, Vec<Rule>>,
    for_all: Vec<Rule>,
    /// The families, None for all of them, in the order in which they were first named: that of the written form.
    order: Vec<Option<String>>,
}

impl PackageFilterList {
    /// Reads rez's setting `package_filter`: a list of dicts with `excludes` and `includes`, or one dict, or null.
    ///
    /// # Errors
    /// [`PodError`] where a rule cannot be read.
    pub fn from_pod(value: &Value) -> Result<Self, PodError> {
        let pod = Pod::new("package_filter", value);
        let pods = match value {
            Value::Null => Vec::new(),
            Value::Object(_) => vec![pod],
            _ => pod.items()?,
        };
        let mut list = Self::default();
        for pod in &pods {
            list.filters.push(PackageFilter::read(pod)?);
        }
        list.filters.sort_by_key(PackageFilter::cost);
        Ok(list)
    }

    /// The list in rez's form, as a context keeps it.
    pub fn to_pod(&self) -> Value {
        self.filters.iter().map(PackageFilter::to_pod).collect()
    }

    /// Whether nothing is excluded.
    pub fn is_empty(&self) -> bool {
        let mut filters = self.filters.iter();
        filters.all(|filter| filter.excludes.is_empty())
    }

    /// The rule that excludes a package, if any does. A package without a timestamp has None or 0.
    pub fn excluded_by(
        &self,
        name: &str,
        version: &Version,
        timestamp: Option<i64>,
    ) -> Option<&Rule> {
        let subject = Subject::new(name, version, timestamp);
        let mut filters = self.filters.iter();
        filters.find_map(|filter| filter.excluded_by(&subject))
    }

    /// Whether a package is excluded.
    pub fn excludes(&self, name: &str, version: &Version, timestamp: Option<i64>) -> bool {
        self.excluded_by(name, version, timestamp).is_some()
    }

    /// Also excludes what was released after a time, as a request with a timestamp does; 0 is none. A list that
    /// excludes nothing is forgotten, inclusions and all.
    #[must_use]
    pub fn with_timestamp(self, timestamp: i64) -> Self {
        if timestamp == 0 {
            return self;
        }
        let mut timed = if self.is_empty() {
            Self::default()
        } else {
            self
        };
        timed.add_exclusion(Rule::after(timestamp));
        timed
    }

    /// Adds an exclusion to the last filter, or to a new one.
    pub fn add_exclusion(&mut self, rule: Rule) {
        if self.filters.is_empty() {
            self.filters.push(PackageFilter::default());
        }
        if let Some(last) = self.filters.last_mut() {
            last.excludes.add(rule);
        }
    }

    /// Adds an inclusion to every filter.
    pub fn add_inclusion(&mut self, rule: &Rule) {
        for filter in &mut self.filters {
            filter.includes.add(rule.clone());
        }
    }
}

impl PackageFilter {
    fn read(pod: &Pod<'_>) -> Result<Self, PodError> {
        Ok(Self {
            excludes: Rules::read(pod, "excludes")?,
            includes: Rules::read(pod, "includes")?,
        })
    }

    fn to_pod(&self) -> Value {
        let mut pod = json!({});
        for (name, rules) in [("excludes", &self.excludes), ("includes", &self.includes)] {
            if !rules.is_empty() {
                pod[name] = rules.to_pod();
            }
        }
        pod
    }

    fn excluded_by(&self, subject: &Subject<'_>) -> Option<&Rule> {
        let excluding = self.excludes.matching(subject)?;
        match self.includes.matching(subject) {
            Some(_) => None,
            None => Some(excluding),
        }
    }

    /// rez's estimate, times ten: rules for one family cost a tenth. Inclusions cost nothing.
    fn cost(&self) -> u64 {
        let cost = |rules: &[Rule]| rules.iter().map(Rule::cost).sum::<u64>();
        let own = self.excludes.by_family.iter().map(|(family, rules)| {
            // A family without a name is for rez none in particular, as far as the cost goes.
            let weight = if family.is_empty() { 10 } else { 1 };
            weight * cost(rules)
        });
        own.sum::<u64>() + 10 * cost(&self.excludes.for_all)
    }
}

impl Rules {
    /// Reads the rules called `name`: a list, one text, or none at all.
    fn read(pod: &Pod<'_>, name: &str) -> Result<Self, PodError> {
        let mut rules = Self::default();
        let Some(pod) = pod.entry(name)? else {
            return Ok(rules);
        };
        let texts = if pod.value.is_string() {
            vec![pod]
        } else {
            pod.items()?
        };
        for text in texts {
            let rule = Rule::parse(text.text()?);
            rules.add(rule.map_err(|error| text.error(error.to_string()))?);
        }
        Ok(rules)
    }

    fn to_pod(&self) -> Value {
        let rules = self.order.iter().flat_map(|family| match family {
            None => &self.for_all,
            Some(family) => &self.by_family[family],
        });
        rules.map(ToString::to_string).collect()
    }

    fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    fn add(&mut self, rule: Rule) {
        let family = rule.family().map(str::to_owned);
        let rules = match &family {
            None => &mut self.for_all,
            Some(family) => self.by_family.entry(family.clone()).or_default(),
        };
        // After those of the same cost.
        let at = rules.partition_point(|other| other.cost() <= rule.cost());
        let is_new = rules.is_empty();
        rules.insert(at, rule);
        if is_new {
            self.order.push(family);
        }
    }

    /// The first rule that matches: of the package's family, then for all.
    fn matching(&self, subject: &Subject<'_>) -> Option<&Rule> {
        let own = self.by_family.get(subject.name());
        let mut rules = own.into_iter().flatten().chain(&self.for_all);
        rules.find(|rule| rule.matches(subject))
    }
}
