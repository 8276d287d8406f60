//! What a dependency wants of its package, as far as choosing among candidates by their rows can tell.

use rattler_conda_types::{
    BuildNumberSpec, MatchSpec, ParseMatchSpecOptions, RepodataRevision, StringMatcher, Version,
    VersionSpec,
};

/// A dependency's wish. What it wants beyond version and build is taken as fulfilled: nothing is ever dropped for it.
#[derive(Debug, Default)]
pub(crate) struct Matcher {
    version: Option<VersionSpec>,
    build: Option<StringMatcher>,
    build_number: Option<BuildNumberSpec>,
}

impl Matcher {
    /// Reads a dependency as the solver will. `None` if it says nothing that may be relied on: it cannot be read, or it
    /// holds only under a condition.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let options = ParseMatchSpecOptions::lenient().with_repodata_revision(RepodataRevision::V3);
        let spec = MatchSpec::from_str(text, options).ok()?;
        spec.condition.is_none().then(|| Self::of(&spec))
    }

    pub(crate) fn of(spec: &MatchSpec) -> Self {
        Matcher {
            version: spec.version.clone(),
            build: spec.build.clone(),
            build_number: spec.build_number.clone(),
        }
    }

    pub(crate) fn allows_version(&self, version: &Version) -> bool {
        self.version
            .as_ref()
            .is_none_or(|spec| spec.matches(version))
    }

    pub(crate) fn allows_build(&self, build: &str, number: u64) -> bool {
        self.build.as_ref().is_none_or(|spec| spec.matches(build))
            && self
                .build_number
                .as_ref()
                .is_none_or(|spec| spec.matches(&number))
    }
}
