//! The bundle that AYON's own dependency tool was run on, as a studio of its own: what `deptool-golden` records can be
//! asked of the program, against an index of today.

use std::collections::BTreeMap;

use ayon_model::{Studio, Version};
use serde::Deserialize;

use crate::corpus::{self, CorpusError, Recorded};
use crate::{Shared, bundle, world::GOLDEN};

/// The name of the bundle.
pub const BUNDLE: &str = "golden";

/// Launcher 1.6.3 as the tool met it: with Python 3.11.7, and the whole family of Qt.
const LAUNCHER: &str = "1.6.3+py3117";

#[derive(Deserialize)]
struct Listing {
    installers: Vec<Installer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Installer {
    version: String,
    platform: String,
    python_version: String,
    runtime_python_modules: BTreeMap<String, String>,
}

/// Every release of the corpus, the launcher as the recorded server lists it, and the bundle, live for production.
pub fn studio(shared: &Shared) -> Result<Studio, CorpusError> {
    let mut studio = corpus::studio(shared)?;
    let recorded = Recorded::read(shared, "installers")?;
    let listing: Listing = corpus::parse("server-responses/installers.json", recorded.body())?;
    let missing = || CorpusError::NotDescribed {
        addon: "launcher".to_owned(),
        version: LAUNCHER.to_owned(),
    };
    let mut version: Version = LAUNCHER.parse().map_err(|_| missing())?;
    let installers = listing.installers.iter();
    let mut listed = installers.filter(|installer| installer.version == LAUNCHER);
    let listed = listed.find(|installer| installer.platform == "linux");
    let listed = listed.ok_or_else(missing)?;
    // Its modules are those of the release that it was built from.
    let build = std::mem::take(&mut version.build);
    let mut launcher = studio
        .launchers
        .get(&version)
        .cloned()
        .ok_or_else(missing)?;
    version.build = build;
    launcher.version = version.clone();
    launcher
        .builds
        .retain(|build| build.system == ayon_model::System::Linux);
    for build in &mut launcher.builds {
        build.python = listed.python_version.parse().ok();
        for (name, version) in &listed.runtime_python_modules {
            if let (Ok(name), Ok(version)) = (name.parse(), version.parse()) {
                build.runtime_modules.insert(name, version);
            }
        }
    }
    studio.launchers.insert(version, launcher);
    let mut bundle = bundle(BUNDLE, GOLDEN, LAUNCHER);
    bundle.is_production = true;
    studio.bundles.push(bundle);
    Ok(studio)
}
