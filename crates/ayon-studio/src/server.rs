//! An AYON server, asked over REST (reference `ayon.md` §2, §3, §8). Nothing on it is changed.

mod client;
mod errors;
mod names;
mod overview;
mod probe;
mod reading;
mod remembered;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use ayon_model::{AddonName, Knowledge, Problem, Studio, Version};

use crate::{BoxFuture, Credentials, Options, Progress, ServerAddress, Source, SourceError};
use client::Client;
use probe::Learnt;

/// One release of an addon.
type Release = (AddonName, Version);

/// A server as a source.
pub(crate) struct Server {
    address: ServerAddress,
    /// Replaced once, by the first load that finds a key to be a token.
    client: RwLock<Arc<Client>>,
    options: Options,
}

impl Server {
    /// Makes ready to ask; nothing is sent yet.
    pub(crate) fn new(address: ServerAddress, options: Options) -> Result<Self, SourceError> {
        let client = RwLock::new(Arc::new(Client::new(address.clone(), &options)?));
        Ok(Self {
            address,
            client,
            options,
        })
    }

    fn client(&self) -> Arc<Client> {
        Arc::clone(&self.client.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Another client for what may be a token after all.
    fn client_with_token(&self) -> Option<Arc<Client>> {
        let Some(Credentials::KeyOrToken(secret)) = &self.options.credentials else {
            return None;
        };
        let credentials = Some(Credentials::Token(secret.clone()));
        let options = Options {
            credentials,
            ..self.options.clone()
        };
        Client::new(self.address.clone(), &options)
            .ok()
            .map(Arc::new)
    }

    async fn read_overview(&self, client: &Client) -> Result<Studio, SourceError> {
        overview::read(client, &self.options.projects, &|progress| {
            self.tell(progress);
        })
        .await
    }

    fn tell(&self, progress: Progress) {
        if let Some(tell) = &self.options.progress {
            tell(progress);
        }
    }

    async fn load_now(&self) -> Result<Studio, SourceError> {
        if self.options.offline {
            return remembered::overview(&self.options.cache, &self.address).ok_or_else(|| {
                SourceError::Offline {
                    server: self.address.to_string(),
                    missing: "the overview".to_owned(),
                }
            });
        }
        let studio = match self.read_overview(&self.client()).await {
            Err(error) if error.is_bad_key() => {
                let Some(client) = self.client_with_token() else {
                    return Err(error);
                };
                // Where neither will do, the first error says both.
                let studio = self.read_overview(&client).await.map_err(|_| error)?;
                *self.client.write().unwrap_or_else(PoisonError::into_inner) = client;
                studio
            }
            read => read?,
        };
        remembered::keep_overview(&self.options.cache, &self.address, &studio);
        Ok(studio)
    }

    async fn relations_now(
        &self,
        studio: &mut Studio,
        wanted: &[Release],
    ) -> Result<(), SourceError> {
        let unknown: BTreeSet<Release> = wanted
            .iter()
            .filter(|release| is_unknown(studio, release))
            .cloned()
            .collect();
        let total = unknown.len();
        let mut learnt = BTreeMap::new();
        let mut names = known_names(studio);
        if !self.options.refresh || self.options.offline {
            for release in &unknown {
                let memory = remembered::Relations {
                    address: &self.address,
                    studio,
                    release,
                };
                let needed = (!self.options.offline).then_some(&names);
                if let Some(relations) = memory.get(&self.options.cache, needed) {
                    learnt.insert(release.clone(), Learnt::known(relations));
                }
            }
        }
        let missing: Vec<Release> = unknown
            .into_iter()
            .filter(|release| !learnt.contains_key(release))
            .collect();
        if self.options.offline {
            for release in missing {
                learnt.insert(
                    release,
                    Learnt::unknown(
                        "offline, and they are not in the cache; run once without --offline",
                    ),
                );
            }
        } else if !missing.is_empty() {
            let known = learnt.len();
            let tell = |done| {
                self.tell(Progress::Relations {
                    done: known + done,
                    total,
                });
            };
            let new = probe::learn(&self.client(), &missing, &mut names, &tell).await?;
            for (release, new) in &new {
                let memory = remembered::Relations {
                    address: &self.address,
                    studio,
                    release,
                };
                memory.keep(&self.options.cache, &names, new);
            }
            learnt.extend(new);
        }
        apply(studio, learnt);
        Ok(())
    }
}

impl Source for Server {
    fn label(&self) -> &str {
        self.address.as_str()
    }

    fn load(&self) -> BoxFuture<'_, Result<Studio, SourceError>> {
        Box::pin(self.load_now())
    }

    fn relations<'a>(
        &'a self,
        studio: &'a mut Studio,
        wanted: &'a [Release],
    ) -> BoxFuture<'a, Result<(), SourceError>> {
        Box::pin(self.relations_now(studio, wanted))
    }
}

/// Whether anything can be learnt about a release: a broken one is no longer judged by the server at all.
fn is_unknown(studio: &Studio, (name, version): &Release) -> bool {
    let release = studio
        .addons
        .get(name)
        .and_then(|addon| addon.releases.get(version));
    release.is_some_and(|release| {
        matches!(release.relations, Knowledge::Unknown(_)) && release.broken.is_none()
    })
}

/// Every addon name that a relation may be about: those of the library, those that bundles mention, and those that are
/// published. Asking about a name that nobody has costs nothing but its letters.
fn known_names(studio: &Studio) -> BTreeSet<String> {
    let library = studio.addons.keys().map(|name| name.as_str().to_owned());
    let bundles = studio
        .bundles
        .iter()
        .flat_map(|bundle| bundle.addons.keys().cloned());
    let published = names::PUBLISHED.iter().map(|name| (*name).to_owned());
    library.chain(bundles).chain(published).collect()
}

/// Writes what was learnt into the studio.
fn apply(studio: &mut Studio, learnt: BTreeMap<Release, Learnt>) {
    for ((name, version), learnt) in learnt {
        let Some(release) = studio
            .addons
            .get_mut(&name)
            .and_then(|addon| addon.releases.get_mut(&version))
        else {
            continue;
        };
        let place = release.package_file.clone();
        let told = learnt
            .problems
            .into_iter()
            .map(|(key, message)| Problem::new(place.at(key, None), message));
        studio.problems.extend(told);
        Arc::make_mut(release).relations = learnt.relations;
    }
    studio.problems.sort();
    studio.problems.dedup();
}
