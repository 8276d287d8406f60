//! Bundles and releases with just what a rule looks at.

use std::collections::BTreeMap;
use std::sync::Arc;

use ayon_model::{
    Addon, AddonRelease, Bundle, Knowledge, Place, PythonNeeds, Relations, Studio, Version,
    VersionRange,
};

pub(crate) fn bundle(name: &str, addons: &[(&str, Option<&str>)]) -> Bundle {
    let mut bundle = Bundle::new(name, Place::file(format!("bundles/{name}.json")));
    bundle.addons = addons
        .iter()
        .map(|(addon, version)| ((*addon).to_owned(), version.map(str::to_owned)))
        .collect();
    bundle
}

pub(crate) fn studio(bundles: Vec<Bundle>) -> Studio {
    Studio {
        label: "test".to_owned(),
        server_version: Some("1.16.0".to_owned()),
        bundles,
        ..Studio::default()
    }
}

/// Adds a release. `relations` are `(field, addon, range)`; a range of `-` is Python's `None`.
pub(crate) fn release(
    studio: &mut Studio,
    name: &str,
    version: &str,
    overridable: bool,
    relations: &[(&str, &str, &str)],
) {
    let version: Version = version.parse().unwrap();
    let mut known = Relations::default();
    for (field, addon, range) in relations {
        let range = (*range != "-").then(|| VersionRange::read(range));
        match *field {
            "server" => known.server = range,
            "launcher" => known.launcher = range,
            "required" => drop(known.required.insert((*addon).into(), range)),
            "soft" => drop(known.soft_required.insert((*addon).into(), range)),
            "compatible" => drop(known.compatible.insert((*addon).into(), range)),
            other => panic!("{other}"),
        }
    }
    let release = AddonRelease {
        name: name.into(),
        version: version.clone(),
        title: None,
        host_name: None,
        project_can_override: overridable,
        relations: Knowledge::Known(Box::new(known)),
        python: PythonNeeds::default(),
        broken: None,
        package_file: Place::file(format!("addons/{name}/{version}/package.py")),
    };
    let addon = studio.addons.entry(name.into());
    addon
        .or_insert_with(|| Addon {
            name: name.into(),
            releases: BTreeMap::default(),
        })
        .releases
        .insert(version, Arc::new(release));
}
