//! What holds a package's version back: why a resolve does not have a newer one.
//!
//! For each newer version there is one nearest reason. Somebody in the resolve asks for others; or a filter, or the time
//! asked for, keeps it out; or, where nothing of that kind does, the same request *with* that version is solved, and
//! what comes of it is the reason. That is only done for the newest such version: the question is "why not the newest".

use rez::filter::PackageFilterList;
use rez::repository::RepositoryError;
use rez::requirement::Requirement;
use rez::version::Version;

use super::catalogue::Catalogue;
use super::reasons::{Member, excluding};

/// A version newer than the resolved one, and what keeps it out.
#[derive(Clone, Debug)]
pub struct Newer {
    /// The version.
    pub version: Version,
    /// What keeps it out.
    pub hindrance: Hindrance,
}

/// What keeps a version out of a resolve.
#[derive(Clone, Debug)]
pub enum Hindrance {
    /// Requirements that exclude it, each with the package that has it, or none for a request.
    Requirements(Vec<(Option<String>, Requirement)>),
    /// A package filter, or the time that was asked for.
    Filter(String),
    /// Its file cannot be read.
    Broken(String),
    /// Nothing of these: what the package itself asks for, or a choice made for another package.
    Own,
}

/// The versions of `family` that are newer than `chosen`, the newest first.
///
/// # Errors
/// Where a repository cannot be read.
pub fn newer(
    catalogue: Catalogue<'_>,
    members: &[Member],
    requests: &[Requirement],
    filter: &PackageFilterList,
    (family, chosen): (&str, &Version),
) -> Result<Vec<Newer>, RepositoryError> {
    let mut newer = Vec::new();
    for found in catalogue.packages(family)?.into_iter().rev() {
        let package = found.package;
        if package.version <= *chosen {
            break;
        }
        let hindrance = match &package.definition {
            // A filtered package's file is read all the same, for its time.
            Err(defect) => Hindrance::Broken(defect.to_string()),
            Ok(definition) => {
                let excluding = excluding(members, requests, family, &package.version);
                match filter.excluded_by(family, &package.version, definition.timestamp) {
                    _ if !excluding.is_empty() => Hindrance::Requirements(
                        excluding
                            .into_iter()
                            .map(|(member, requirement)| {
                                (member.map(Member::label), requirement.clone())
                            })
                            .collect(),
                    ),
                    Some(rule) => Hindrance::Filter(rule.to_string()),
                    None => Hindrance::Own,
                }
            }
        };
        newer.push(Newer {
            version: package.version,
            hindrance,
        });
    }
    Ok(newer)
}
