//! `server-responses/`: what a real server answered.

use std::collections::BTreeMap;

use ayon_model::{Addon, AddonName, Studio, Version};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{CorpusError, SERVER_VERSION, parse};
use crate::Shared;

/// A recorded answer; its body is left as text for whoever reads such bodies.
#[derive(Debug, Deserialize)]
pub struct Recorded {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub response: Box<RawValue>,
}

impl Recorded {
    /// Reads `server-responses/{name}.json`.
    pub fn read(shared: &Shared, name: &str) -> Result<Self, CorpusError> {
        let file = format!("server-responses/{name}.json");
        parse(&file, &shared.ayon_text(&file)?)
    }

    /// The body's text.
    pub fn body(&self) -> &str {
        self.response.get()
    }
}

/// The body of `GET /api/addons`, as far as a library is concerned.
#[derive(Deserialize)]
struct Listing {
    addons: Vec<ListedAddon>,
}

#[derive(Deserialize)]
struct ListedAddon {
    name: String,
    versions: BTreeMap<String, ListedVersion>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListedVersion {
    #[serde(default)]
    is_broken: bool,
}

/// The server's own library: the releases that `server-responses/addons.json` lists as usable, as `corpus` describes
/// them, on a server of [`SERVER_VERSION`].
pub fn server_library(shared: &Shared, corpus: &Studio) -> Result<Studio, CorpusError> {
    let recorded = Recorded::read(shared, "addons")?;
    let listing: Listing = parse("server-responses/addons.json", recorded.body())?;
    let mut addons = BTreeMap::new();
    for listed in listing.addons {
        let name = AddonName::from(listed.name);
        let mut releases = BTreeMap::new();
        for (version, _) in listed
            .versions
            .into_iter()
            .filter(|(_, listed)| !listed.is_broken)
        {
            let release = corpus.release(name.as_str(), &version).cloned();
            let parsed = Version::parse(&version).ok();
            let (Some(parsed), Some(release)) = (parsed, release) else {
                return Err(CorpusError::NotDescribed {
                    addon: name.to_string(),
                    version,
                });
            };
            releases.insert(parsed, release);
        }
        addons.insert(name.clone(), Addon { name, releases });
    }
    Ok(Studio {
        label: "the recorded server".to_owned(),
        server_version: Some(SERVER_VERSION.to_owned()),
        addons,
        launchers: corpus.launchers.clone(),
        hosts: corpus.hosts.clone(),
        ..Studio::default()
    })
}
