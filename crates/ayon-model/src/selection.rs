//! Which bundle is live: the launcher's choice (reference `ayon.md` §4).
//!
//! First match wins: a bundle by name, the user's dev bundle, the staging bundle, the production bundle. A project
//! bundle is then laid over it, named or found through the project. What the launcher does silently is done here as
//! well, and said in [`Selected::notes`].

use std::fmt;

use crate::{Bundle, Studio, closest, did_you_mean};

/// What is asked for: the launcher's own inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// A bundle's name, or one of the words `production`, `staging` and `dev` (`AYON_STUDIO_BUNDLE_NAME`).
    pub bundle: Option<String>,
    /// A project bundle's name (`AYON_BUNDLE_NAME`).
    pub project_bundle: Option<String>,
    /// A project (`AYON_PROJECT_NAME`).
    pub project: Option<String>,
    /// `AYON_USE_STAGING`
    pub staging: bool,
    /// `AYON_USE_DEV`
    pub dev: bool,
    /// Whose dev bundle.
    pub user: Option<String>,
}

/// Whose settings are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Variant {
    /// `production`
    Production,
    /// `staging`
    Staging,
    /// A dev bundle, by name.
    Dev(String),
}

impl fmt::Display for Variant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Production => "production",
            Self::Staging => "staging",
            Self::Dev(name) => name,
        })
    }
}

/// The bundle that is live, and the project bundle laid over it.
#[derive(Clone, Debug)]
pub struct Selected<'a> {
    /// The studio bundle.
    pub bundle: &'a Bundle,
    /// The project bundle.
    pub project_bundle: Option<&'a Bundle>,
    /// Whose settings.
    pub variant: Variant,
    /// What was decided without being asked.
    pub notes: Vec<String>,
}

/// No bundle can be chosen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectionError {
    /// The studio has no bundle at all.
    #[error(
        "{studio} has no bundles; create one on the server, or use `plan` to choose addon versions"
    )]
    NoBundles {
        /// The studio's label.
        studio: String,
    },
    /// No bundle has this name.
    #[error("{studio} has no bundle `{name}`{}", did_you_mean("; ", .closest, ""))]
    UnknownBundle {
        /// The studio's label.
        studio: String,
        /// What was asked.
        name: String,
        /// Names that are close.
        closest: Vec<String>,
    },
    /// The variant has no bundle.
    #[error("{studio} has no {variant} bundle; its bundles are {}", .bundles.join(", "))]
    NoVariantBundle {
        /// The studio's label.
        studio: String,
        /// `production`, `staging` or `dev`.
        variant: &'static str,
        /// The names of its studio bundles.
        bundles: Vec<String>,
    },
    /// Several developers have a dev bundle and nobody said whose is meant.
    #[error("{studio} has several dev bundles ({}); say whose with `--user`, or name the bundle", .bundles.join(", "))]
    WhoseDevBundle {
        /// The studio's label.
        studio: String,
        /// Their names.
        bundles: Vec<String>,
    },
    /// The bundle asked for as the studio's is a project's.
    #[error(
        "`{name}` is a project bundle: it is laid over a studio bundle; use `--project-bundle {name}`"
    )]
    ProjectBundle {
        /// Its name.
        name: String,
    },
    /// No project has this name.
    #[error("{studio} has no project `{name}` with bundles of its own{}", did_you_mean("; ", .closest, ""))]
    UnknownProject {
        /// The studio's label.
        studio: String,
        /// What was asked.
        name: String,
        /// Names that are close.
        closest: Vec<String>,
    },
}

/// Chooses the live bundle of `studio`.
pub fn select<'a>(
    studio: &'a Studio,
    selection: &Selection,
) -> Result<Selected<'a>, SelectionError> {
    if studio.bundles.is_empty() {
        return Err(SelectionError::NoBundles {
            studio: studio.label.clone(),
        });
    }
    let mut notes = Vec::new();
    let bundle = studio_bundle(studio, selection, &mut notes)?;
    let staging_asked = selection.staging || selection.bundle.as_deref() == Some("staging");
    let variant = if bundle.is_dev {
        Variant::Dev(bundle.name.to_string())
    } else if staging_asked {
        Variant::Staging
    } else {
        if bundle.is_staging && !bundle.is_production {
            // The launcher does so for a named staging bundle; it is the usual "why are these production's settings".
            notes.push(format!(
                "bundle {} is the staging bundle, but staging was not asked for: settings and project bundles are \
                 production's, as for the launcher; add `--staging`",
                bundle.name
            ));
        }
        Variant::Production
    };
    let project_bundle = if bundle.is_dev {
        if selection.project.is_some() || selection.project_bundle.is_some() {
            notes.push("project bundles are never used in dev mode".to_owned());
        }
        None
    } else {
        project_bundle(studio, selection, bundle, &variant, &mut notes)?
    };
    if bundle.is_archived {
        notes.push(format!("bundle {} is archived", bundle.name));
    }
    Ok(Selected {
        bundle,
        project_bundle,
        variant,
        notes,
    })
}

fn studio_bundle<'a>(
    studio: &'a Studio,
    selection: &Selection,
    notes: &mut Vec<String>,
) -> Result<&'a Bundle, SelectionError> {
    let candidates = || studio.bundles.iter().filter(|bundle| !bundle.is_project);
    if let Some(name) = &selection.bundle {
        if let Some(bundle) = studio.bundle(name) {
            if bundle.is_project {
                return Err(SelectionError::ProjectBundle { name: name.clone() });
            }
            if let Some(holder) = holder(studio, name).filter(|holder| holder.name != bundle.name) {
                notes.push(format!(
                    "a bundle is named `{name}` and was used; the {name} bundle is {}",
                    holder.name
                ));
            }
            return Ok(bundle);
        }
        return match name.as_str() {
            "production" => variant_bundle(studio, "production", |bundle| bundle.is_production),
            "staging" => variant_bundle(studio, "staging", |bundle| bundle.is_staging),
            "dev" => dev_bundle(studio, selection),
            _ => {
                let words = ["production", "staging", "dev"];
                let known = candidates().map(|bundle| &*bundle.name).chain(words);
                let closest = closest(name, known)
                    .into_iter()
                    .map(str::to_owned)
                    .collect();
                Err(SelectionError::UnknownBundle {
                    studio: studio.label.clone(),
                    name: name.clone(),
                    closest,
                })
            }
        };
    }
    if selection.dev {
        dev_bundle(studio, selection)
    } else if selection.staging {
        variant_bundle(studio, "staging", |bundle| bundle.is_staging)
    } else {
        variant_bundle(studio, "production", |bundle| bundle.is_production)
    }
}

/// The bundle that holds a variant, if `word` is one.
fn holder<'a>(studio: &'a Studio, word: &str) -> Option<&'a Bundle> {
    let live = |bundle: &&Bundle| match word {
        "production" => bundle.is_production,
        "staging" => bundle.is_staging,
        _ => false,
    };
    studio
        .bundles
        .iter()
        .filter(|bundle| !bundle.is_project)
        .find(live)
}

fn variant_bundle<'a>(
    studio: &'a Studio,
    variant: &'static str,
    live: impl Fn(&Bundle) -> bool,
) -> Result<&'a Bundle, SelectionError> {
    let candidates = || studio.bundles.iter().filter(|bundle| !bundle.is_project);
    candidates()
        .find(|bundle| live(bundle))
        .ok_or_else(|| SelectionError::NoVariantBundle {
            studio: studio.label.clone(),
            variant,
            bundles: candidates().map(|bundle| bundle.name.to_string()).collect(),
        })
}

fn dev_bundle<'a>(studio: &'a Studio, selection: &Selection) -> Result<&'a Bundle, SelectionError> {
    let Some(user) = &selection.user else {
        let dev: Vec<&Bundle> = studio
            .bundles
            .iter()
            .filter(|bundle| bundle.is_dev)
            .collect();
        return match dev.as_slice() {
            // The launcher knows its user; a farm or a CI job often has none, and then one dev bundle is unambiguous.
            [only] => Ok(only),
            [] => variant_bundle(studio, "dev", |bundle| bundle.is_dev),
            several => Err(SelectionError::WhoseDevBundle {
                studio: studio.label.clone(),
                bundles: several
                    .iter()
                    .map(|bundle| bundle.name.to_string())
                    .collect(),
            }),
        };
    };
    variant_bundle(studio, "dev", |bundle| {
        bundle.is_dev && bundle.active_user.as_deref() == Some(user)
    })
}

fn project_bundle<'a>(
    studio: &'a Studio,
    selection: &Selection,
    bundle: &Bundle,
    variant: &Variant,
    notes: &mut Vec<String>,
) -> Result<Option<&'a Bundle>, SelectionError> {
    if let Some(name) = &selection.project_bundle {
        match studio.bundle(name) {
            Some(bundle) if bundle.is_project => return Ok(Some(bundle)),
            // The launcher itself sets the variable to the studio bundle where no project has one of its own.
            Some(found) if found.name == bundle.name => {}
            Some(_) => notes.push(format!(
                "`{name}` is no project bundle and is ignored, as the launcher does"
            )),
            None => {
                let projects = studio.bundles.iter().filter(|bundle| bundle.is_project);
                let closest = closest(name, projects.map(|bundle| &*bundle.name));
                let closest = closest.into_iter().map(str::to_owned).collect();
                return Err(SelectionError::UnknownBundle {
                    studio: studio.label.clone(),
                    name: name.clone(),
                    closest,
                });
            }
        }
    }
    let Some(project) = &selection.project else {
        return Ok(None);
    };
    let Some(bundles) = studio.projects.get(project) else {
        let closest = closest(project, studio.projects.keys().map(String::as_str));
        let closest = closest.into_iter().map(str::to_owned).collect();
        return Err(SelectionError::UnknownProject {
            studio: studio.label.clone(),
            name: project.clone(),
            closest,
        });
    };
    let frozen = match variant {
        Variant::Staging => &bundles.staging,
        Variant::Production | Variant::Dev(_) => &bundles.production,
    };
    let Some(name) = frozen else {
        notes.push(format!(
            "project {project} has no {variant} bundle of its own; the studio's is used"
        ));
        return Ok(None);
    };
    let found = studio.bundle(name).filter(|bundle| bundle.is_project);
    found
        .map(Some)
        .ok_or_else(|| SelectionError::UnknownBundle {
            studio: format!("{}, to which project {project} points,", studio.label),
            name: name.clone(),
            closest: Vec::new(),
        })
}
