//! Orderers in rez's plain-data form: `{type: sorted, descending: true, packages: [python]}`.

use serde_json::{Map, Value, json};

use super::{ALL_FAMILIES, PackageOrder, PerFamily, Rule};
use crate::pod::{Pod, PodError};
use crate::version::{Version, shown};

/// How deep `per_family` may lie in itself. Real settings stay at one.
const MAX_DEPTH: usize = 16;

impl PackageOrder {
    /// Reads one orderer: a dict, or in the older style a pair of type and dict.
    pub(super) fn read(pod: &Pod<'_>) -> Result<Self, PodError> {
        Self::read_within(pod, MAX_DEPTH)
    }

    fn read_within(pod: &Pod<'_>, depth: usize) -> Result<Self, PodError> {
        let (kind, data) = if pod.value.is_array() {
            match &pod.items()?[..] {
                [kind, data] => (kind.clone(), data.clone()),
                _ => return Err(pod.expected("an orderer: a dict, or a pair of type and dict")),
            }
        } else {
            (pod.required("type")?, pod.clone())
        };
        let rule = match kind.text()? {
            "no_order" => Rule::Listed,
            "sorted" => Rule::Sorted {
                descending: data.required("descending")?.truth()?,
            },
            "version_split" => Rule::Split {
                first_version: version(&data.required("first_version")?)?,
            },
            "soft_timestamp" => Rule::Timestamp {
                timestamp: data.required("timestamp")?.integer()?,
                rank: rank(&data)?,
            },
            "per_family" => {
                let Some(depth) = depth.checked_sub(1) else {
                    return Err(data.error("`per_family` lies too deep in itself"));
                };
                Rule::PerFamily(PerFamily::read(&data, depth)?)
            }
            unknown => {
                return Err(kind.error(format!(
                    "`{}` is no type of orderer; rez has no_order, per_family, soft_timestamp, sorted and version_split",
                    shown(unknown)
                )));
            }
        };
        let packages = match &rule {
            Rule::PerFamily(_) => Vec::new(),
            _ => packages(&data)?,
        };
        Ok(Self { packages, rule })
    }

    pub(super) fn to_pod(&self) -> Value {
        let (kind, data) = match &self.rule {
            Rule::Listed => ("no_order", json!({})),
            Rule::Sorted { descending } => ("sorted", json!({"descending": descending})),
            Rule::Split { first_version } => (
                "version_split",
                json!({"first_version": first_version.as_str()}),
            ),
            Rule::Timestamp { timestamp, rank } => (
                "soft_timestamp",
                json!({"timestamp": timestamp, "rank": rank}),
            ),
            Rule::PerFamily(orders) => ("per_family", orders.to_pod()),
        };
        let mut pod = Map::from_iter([("type".to_owned(), kind.into())]);
        if let Value::Object(data) = data {
            pod.extend(data);
        }
        if !matches!(self.rule, Rule::PerFamily(_)) {
            pod.insert("packages".to_owned(), json!(self.packages));
        }
        pod.into()
    }
}

impl PerFamily {
    fn read(data: &Pod<'_>, depth: usize) -> Result<Self, PodError> {
        let mut families: Vec<(String, usize)> = Vec::new();
        let mut orders = Vec::new();
        for pod in data.required("orderers")?.items()? {
            let packages = pod.required("packages")?;
            let names: Vec<String> = match packages.value {
                // A text is a list of its letters, to rez.
                Value::String(letters) => letters.chars().map(String::from).collect(),
                _ => texts(&packages)?,
            };
            for name in names {
                // The last one wins, at the place of the first.
                match families.iter_mut().find(|(family, _)| *family == name) {
                    Some((_, order)) => *order = orders.len(),
                    None => families.push((name, orders.len())),
                }
            }
            let mut order = PackageOrder::read_within(&pod, depth)?;
            // They are kept here, by family.
            order.packages.clear();
            orders.push(order);
        }
        let default_order = match data.entry("default_order")? {
            Some(pod) if !is_empty(pod.value) => Some(PackageOrder::read_within(&pod, depth)?),
            _ => None,
        };
        Ok(Self {
            families,
            orders,
            default_order: default_order.map(Box::new),
        })
    }

    fn to_pod(&self) -> Value {
        let mut listed: Vec<usize> = Vec::new();
        for (_, order) in &self.families {
            if !listed.contains(order) {
                listed.push(*order);
            }
        }
        let orderers = listed.into_iter().map(|index| {
            let own = self.families.iter().filter(|(_, order)| *order == index);
            let mut names: Vec<&str> = own.map(|(family, _)| family.as_str()).collect();
            names.sort_unstable();
            let mut pod = self.orders[index].to_pod();
            pod["packages"] = json!(names);
            pod
        });
        let mut pod = json!({"orderers": orderers.collect::<Vec<_>>()});
        if let Some(default) = &self.default_order {
            pod["default_order"] = default.to_pod();
        }
        pod
    }
}

fn version(pod: &Pod<'_>) -> Result<Version, PodError> {
    Version::parse(pod.text()?).map_err(|error| pod.error(error.to_string()))
}

fn rank(data: &Pod<'_>) -> Result<usize, PodError> {
    let Some(pod) = data.entry("rank")? else {
        return Ok(0);
    };
    usize::try_from(pod.integer()?)
        .map_err(|_| pod.expected("a rank; 0 is none, 1 the first token"))
}

/// The families of an orderer: one, a list, or all.
fn packages(data: &Pod<'_>) -> Result<Vec<String>, PodError> {
    let pod = match data.entry("packages")? {
        Some(pod) if !pod.value.is_null() => pod,
        _ => return Ok(vec![ALL_FAMILIES.to_owned()]),
    };
    if let Value::String(family) = pod.value {
        return Ok(vec![family.clone()]);
    }
    let mut families = texts(&pod)?;
    families.sort_unstable();
    Ok(families)
}

fn texts(pod: &Pod<'_>) -> Result<Vec<String>, PodError> {
    let items = pod.items()?;
    items
        .iter()
        .map(|item| Ok(item.text()?.to_owned()))
        .collect()
}

/// Whether a value is false, to Python.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Object(object) => object.is_empty(),
        Value::Array(array) => array.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    }
}
