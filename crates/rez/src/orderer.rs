//! Which version of a family comes first: newest by default, or as `package_orderers` says.
//!
//! rez turns a version into a sort key, sorts by it in reverse, and uses the same keys inside its choice between variants.
//! So an orderer here is also a maker of keys: a [`PackageOrderList`] gives each family its [`FamilyOrder`], which has
//! looked up once what the key needs, and [`OrderKey`] compares as rez's keys do, in all combinations. What is special is
//! that keys of *different* orderers meet there too, and then only by version; [`sort_best_first`] can live with that.
//!
//! Source: reference `rez.md` §3.5, §3.6; rez's `package_order.py`.

mod key;
mod read;
mod sort;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::pod::{Pod, PodError};
use crate::version::{Version, VersionRange};

pub use key::{OrderKey, RangeKey};
pub use sort::sort_best_first;

/// One orderer, with the families it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageOrder {
    /// Sorted, as rez keeps them; `*` stands for every family that no orderer names.
    packages: Vec<String>,
    rule: Rule,
}

/// What an orderer does.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Rule {
    /// `no_order`: as the repository lists them.
    Listed,
    /// `sorted`.
    Sorted { descending: bool },
    /// `version_split`: those up to a version first, newest first, then the others.
    Split { first_version: Version },
    /// `soft_timestamp`: those released up to a time first, newest first, then the later ones, oldest first.
    Timestamp {
        timestamp: i64,
        /// From which token on a later version may still come before older ones; 0 for none.
        rank: usize,
    },
    /// `per_family`.
    PerFamily(PerFamily),
}

/// Orderers by family.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PerFamily {
    /// In the order in which they were named, each with its place in `orders`.
    families: Vec<(String, usize)>,
    orders: Vec<PackageOrder>,
    /// For families that are not named. rez consults it only for those that `*` leads here.
    default_order: Option<Box<PackageOrder>>,
}

/// The orderers of a solve. For each family, the first that names it counts, else the first for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageOrderList {
    orders: Vec<PackageOrder>,
    by_family: BTreeMap<String, usize>,
}

/// How the versions of one family are ordered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FamilyOrder(Order);

/// An orderer of one family, with everything looked up that its keys depend on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Order {
    Listed,
    #[default]
    Descending,
    Ascending,
    Split(Version),
    /// The first version that counts as late, if any does, and the rank.
    Timestamp(Option<Version>, usize),
}

/// What families an orderer is for that names none.
const ALL_FAMILIES: &str = "*";

impl PackageOrderList {
    /// Reads rez's setting `package_orderers`: a list of dicts with a `type`, or null for none.
    ///
    /// # Errors
    /// [`PodError`] where an entry is of no type of rez's own, or lacks what its type needs. Orderers that a site added
    /// to rez in Python cannot be known.
    pub fn from_pod(value: &Value) -> Result<Self, PodError> {
        let pod = Pod::new("package_orderers", value);
        if value.is_null() {
            return Ok(Self::default());
        }
        let orders: Result<Vec<_>, _> = pod.items()?.iter().map(PackageOrder::read).collect();
        let orders = orders?;
        let mut by_family = BTreeMap::new();
        for (index, order) in orders.iter().enumerate() {
            for family in order.families() {
                by_family.entry(family.to_owned()).or_insert(index);
            }
        }
        Ok(Self { orders, by_family })
    }

    /// The list in rez's form, as a context keeps it.
    pub fn to_pod(&self) -> Value {
        self.orders.iter().map(PackageOrder::to_pod).collect()
    }

    /// Whether every family has the default order.
    pub fn is_empty(&self) -> bool {
        self.orders.is_empty()
    }

    /// The orderer that counts for a family. None means newest first.
    pub fn orderer_for(&self, family: &str) -> Option<&PackageOrder> {
        let named = self.by_family.get(family);
        let index = named.or_else(|| self.by_family.get(ALL_FAMILIES))?;
        Some(&self.orders[*index])
    }

    /// How the versions of a family are ordered.
    ///
    /// `siblings` gives all versions of the family with their timestamps; it is only asked where the answer depends on
    /// them, which is for `soft_timestamp`.
    pub fn family_order(
        &self,
        family: &str,
        siblings: impl FnOnce() -> Vec<(Version, Option<i64>)>,
    ) -> FamilyOrder {
        let order = self.orderer_for(family);
        order.map_or_else(FamilyOrder::default, |order| {
            order.family_order(family, siblings)
        })
    }
}

impl PackageOrder {
    /// The families it is registered for.
    fn families(&self) -> Vec<&str> {
        match &self.rule {
            Rule::PerFamily(orders) => {
                let named = orders.families.iter();
                named.map(|(family, _)| family.as_str()).collect()
            }
            _ => self.packages.iter().map(String::as_str).collect(),
        }
    }

    /// How it orders the versions of a family; as [`PackageOrderList::family_order`], but without asking whether it is
    /// for that family at all.
    pub fn family_order(
        &self,
        family: &str,
        siblings: impl FnOnce() -> Vec<(Version, Option<i64>)>,
    ) -> FamilyOrder {
        let mut order = self;
        while let Rule::PerFamily(orders) = &order.rule {
            let named = orders.families.iter().find(|(name, _)| name == family);
            let chosen = named.map(|(_, index)| &orders.orders[*index]);
            match chosen.or(orders.default_order.as_deref()) {
                Some(chosen) => order = chosen,
                // rez ends with a RuntimeError here.
                None => return FamilyOrder::default(),
            }
        }
        FamilyOrder(match &order.rule {
            Rule::Listed => Order::Listed,
            Rule::Sorted { descending: false } => Order::Ascending,
            Rule::Split { first_version } => Order::Split(first_version.clone()),
            Rule::Timestamp { timestamp, rank } => {
                Order::Timestamp(first_late(siblings(), *timestamp, *rank), *rank)
            }
            // The loop above has left every `per_family`.
            Rule::Sorted { descending: true } | Rule::PerFamily(_) => Order::Descending,
        })
    }
}

impl FamilyOrder {
    /// Whether this is plainly newest first, so that versions may be compared instead of keys.
    pub fn is_default(&self) -> bool {
        self.0 == Order::Descending
    }

    /// The key of a version, or of infinity where there is none. The greatest key comes first.
    pub fn key(&self, version: Option<&Version>) -> OrderKey {
        let version = version.cloned();
        match &self.0 {
            Order::Listed => OrderKey::listed(version),
            Order::Descending => OrderKey::plain(version),
            Order::Ascending => OrderKey::reversed(version),
            Order::Split(first) => {
                let is_first = version.as_ref().is_some_and(|version| version <= first);
                OrderKey::ranked(is_first, version)
            }
            Order::Timestamp(first_late, rank) => {
                let is_early = first_late
                    .as_ref()
                    .is_none_or(|late| version.as_ref().is_some_and(|version| version < late));
                if is_early {
                    OrderKey::ranked(true, version)
                } else {
                    OrderKey::late(version, *rank)
                }
            }
        }
    }

    /// The key of a range, by which rez chooses between variants. The greatest key comes first.
    pub fn range_key(&self, range: &VersionRange) -> RangeKey {
        RangeKey::new(range, |version| self.key(version))
    }
}

/// The first version that counts as released after `timestamp`: the lowest of those that come, from the newest on, before
/// the first that was released in time. Where there is a rank, the next higher one that differs before that token.
fn first_late(
    mut siblings: Vec<(Version, Option<i64>)>,
    timestamp: i64,
    rank: usize,
) -> Option<Version> {
    siblings.sort_by(|(a, _), (b, _)| b.cmp(a));
    let mut lowest = None;
    let mut stopped = siblings.len().checked_sub(1)?;
    for (index, (version, released)) in siblings.iter().enumerate() {
        match released {
            // Without a timestamp it is as if the package were not there.
            None | Some(0) => {}
            Some(released) if *released > timestamp => lowest = Some(version),
            Some(_) => {
                stopped = index;
                break;
            }
        }
    }
    let Some(kept) = rank.checked_sub(1) else {
        return lowest.cloned();
    };
    let (stop, _) = &siblings[stopped];
    let stop = stop.prefix(kept);
    let mut higher = siblings[..stopped].iter().rev();
    let next = higher.find(|(version, _)| version.prefix(kept) != stop);
    next.map(|(version, _)| version.clone())
}
