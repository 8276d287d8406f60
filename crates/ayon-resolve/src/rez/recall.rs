//! The packages of a context, read again: a context names what was chosen, but not what that asks for.

use std::sync::Arc;

use rez::context::{Context, VariantHandle};
use rez::package::Package;
use rez::repository::Repository;
use rez::requirement::Requirement;
use rez::solver::SolveError;

use super::error::Error;
use super::reasons::Member;
use super::site::Site;

impl Site {
    /// The packages that `context` names, with what they ask for.
    ///
    /// # Errors
    /// Where a package is no longer there, or cannot be read.
    pub fn members(&self, context: &Context) -> Result<Vec<Member>, Error> {
        let handles = context.resolved.iter();
        handles
            .map(|handle| self.member(handle, context.building))
            .collect()
    }

    fn member(&self, handle: &VariantHandle, building: bool) -> Result<Member, Error> {
        let gone = || Error::Gone {
            package: handle.to_string(),
            location: handle.location.to_string(),
        };
        let mut repositories = self.repositories().iter();
        let repository = repositories
            .find(|repository| *repository.location().path == *handle.location)
            .ok_or_else(gone)?;
        let family = repository.family(&handle.name)?.ok_or_else(gone)?;
        let is_it = |package: &&Package| package.version == handle.version;
        let package = family.packages.iter().find(is_it).ok_or_else(gone)?;
        let definition = package.definition.as_ref().map_err(|defect| {
            Error::Solve(SolveError::Broken {
                package: handle.qualified_package_name(),
                defect: defect.clone(),
            })
        })?;
        let mut texts = definition.requires.clone();
        if let Some(index) = handle.index {
            let variants = definition.variants.as_deref().unwrap_or_default();
            texts.extend(variants.get(index).ok_or_else(gone)?.iter().cloned());
        }
        if building {
            texts.extend(definition.build_requires.iter().cloned());
        }
        let requires = texts.iter().map(|text| {
            Requirement::parse_request(text).map_err(|error| {
                Error::Solve(SolveError::InvalidRequest {
                    package: handle.qualified_package_name(),
                    error,
                })
            })
        });
        Ok(Member {
            name: Arc::clone(&handle.name),
            version: handle.version.clone(),
            index: handle.index,
            requires: requires.collect::<Result<_, _>>()?,
        })
    }
}
