//! What of a bundle is not the newest, and how far each could go alone.
//!
//! For every addon, and for the launcher, newer releases are tried in its place, the newest first, with everything else as it
//! is pinned. So what is said to fit was solved, and why the newest does not is told from a conflict's facts.

use ayon_explain::conflict;
use ayon_model::{AddonName, Version};
use ayon_solve::{Question, Wanted};

use crate::resolver::{BundleAnswer, Resolver};
use crate::{BundleAsk, Error};

/// Something that is not the newest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outdated {
    /// What.
    pub what: Dated,
    /// The version that is pinned.
    pub current: Version,
    /// The newest that fits to everything else; none where nothing newer does.
    pub fits: Option<Version>,
    /// The newest there is.
    pub newest: Version,
    /// Why the newest does not fit, where it does not.
    pub because: Option<String>,
}

/// What has versions in a studio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dated {
    /// The launcher.
    Launcher,
    /// An addon.
    Addon(AddonName),
}

impl Resolver {
    /// What of a bundle is not the newest: the launcher first, then addons in the bundle's order.
    ///
    /// `answer` is what [`Resolver::resolve_bundle`] said to `ask`. A newer release fits where it does for every target.
    /// Pre-releases count only for what is one already.
    pub async fn outdated(
        &mut self,
        ask: &BundleAsk,
        answer: &BundleAnswer,
    ) -> Result<Vec<Outdated>, Error> {
        let questions = answer.resolutions.iter().map(|resolution| {
            let mut question = Question::of_bundle(&answer.bundle, resolution.target.clone());
            question.python.clone_from(&ask.python);
            question
        });
        let questions: Vec<Question> = questions.collect();
        let Some(resolution) = answer.resolutions.first() else {
            return Ok(Vec::new());
        };
        let addons = resolution.addons.iter();
        let addons = addons.map(|addon| (Dated::Addon(addon.name.clone()), addon.version.clone()));
        let launcher = (Dated::Launcher, resolution.launcher.version.clone());
        let mut outdated = Vec::new();
        for (what, current) in std::iter::once(launcher).chain(addons) {
            let newer = self.newer(&what, &current).await?;
            outdated.extend(self.dated(&questions, what, current, newer).await?);
        }
        Ok(outdated)
    }

    /// Newer releases, the newest first.
    async fn newer(&mut self, what: &Dated, current: &Version) -> Result<Vec<Version>, Error> {
        let studio = self.studio().await?;
        let all: Vec<&Version> = match what {
            Dated::Launcher => studio.launchers.keys().collect(),
            Dated::Addon(name) => {
                let addon = studio.addons.get(name).into_iter();
                addon.flat_map(|addon| addon.releases.keys()).collect()
            }
        };
        let is_newer = |version: &&&Version| {
            **version > current && (version.pre.is_empty() || !current.pre.is_empty())
        };
        Ok(all
            .iter()
            .rev()
            .filter(is_newer)
            .copied()
            .cloned()
            .collect())
    }

    /// How far it could go.
    async fn dated(
        &mut self,
        questions: &[Question],
        what: Dated,
        current: Version,
        newer: Vec<Version>,
    ) -> Result<Option<Outdated>, Error> {
        let Some(newest) = newer.first().cloned() else {
            return Ok(None);
        };
        let mut fits = None;
        let mut because = None;
        for version in newer {
            match self.misfit(questions, &what, &version).await? {
                None => {
                    fits = Some(version);
                    break;
                }
                Some(reason) if version == newest => because = Some(reason),
                Some(_) => {}
            }
        }
        Ok(Some(Outdated {
            what,
            current,
            fits,
            newest,
            because,
        }))
    }

    /// Why a release does not fit; nothing where it does.
    async fn misfit(
        &mut self,
        questions: &[Question],
        what: &Dated,
        version: &Version,
    ) -> Result<Option<String>, Error> {
        for question in questions {
            let mut changed = question.clone();
            let wanted = Wanted::Exactly(version.to_string());
            match what {
                Dated::Launcher => changed.launcher.wanted = wanted,
                Dated::Addon(name) => {
                    let mut asks = changed.addons.iter_mut();
                    if let Some(ask) = asks.find(|ask| ask.name == *name) {
                        ask.wanted = wanted;
                    }
                }
            }
            match self.ask(&changed).await {
                Ok(Ok(_)) => {}
                Ok(Err(conflict)) => {
                    let told = conflict::sentence(&conflict);
                    return Ok(Some(told.unwrap_or_else(|| {
                        format!("there is no solution for {}", conflict.target)
                    })));
                }
                // What cannot be looked up is no reason to say nothing of the rest.
                Err(error @ (Error::Unknown { .. } | Error::Question(_))) => {
                    return Ok(Some(error.to_string()));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }
}
