//! What a solve prefers, and what it will not see: the order of versions, and filters.

use smallvec::SmallVec;

use super::ask::{Ask, VariantSelectMode};
use super::packages::PackageFamily;
use crate::filter::PackageFilterList;
use crate::orderer::{FamilyOrder, PackageOrderList, sort_best_first};

/// The preferences of one ask, as far as candidates depend on them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Preference {
    pub(super) mode: VariantSelectMode,
    pub(super) building: bool,
    /// With the requested timestamp in it.
    filter: PackageFilterList,
    pub(super) orderers: PackageOrderList,
}

impl Preference {
    pub(super) fn new(ask: &Ask) -> Self {
        Self {
            mode: ask.variant_select_mode,
            building: ask.building,
            filter: ask
                .filter
                .clone()
                .with_timestamp(ask.timestamp.unwrap_or(0)),
            orderers: ask.orderers.clone(),
        }
    }

    /// Takes away the releases that the ask excludes and puts the others in order, best first; they come newest first.
    pub(super) fn filter_and_sort(
        &self,
        family: &PackageFamily,
        releases: &mut SmallVec<[u32; 32]>,
    ) {
        let release = |number: u32| &family.releases[number as usize];
        if !self.filter.is_empty() {
            releases.retain(|number| {
                let release = release(*number);
                !self
                    .filter
                    .excludes(&family.name, &release.package.version, release.timestamp)
            });
        }
        let order = self.family_order(family);
        if !order.is_default() {
            let mut listed = releases.to_vec();
            listed.sort_unstable();
            sort_best_first(&mut listed, |&number| {
                order.key(Some(&release(number).package.version))
            });
            *releases = listed.into();
        }
    }

    /// How the versions of a family are ordered.
    pub(super) fn family_order(&self, family: &PackageFamily) -> FamilyOrder {
        self.orderers.family_order(&family.name, || {
            let releases = family.releases.iter();
            releases
                .map(|release| (release.package.version.clone(), release.timestamp))
                .collect()
        })
    }
}
