//! Specs as the strict rules write them.

use rattler_conda_types::{MatchSpec, ParseMatchSpecOptions, StringMatcher, VersionSpec};

/// A spec as the strict rules write it: `channel::name version build` where that says all, else with brackets.
pub(super) fn strict(spec: &MatchSpec, channel: Option<&str>) -> String {
    let channel = channel
        .map(|channel| format!("{channel}::"))
        .unwrap_or_default();
    let plain = plain(spec);
    let written = plain
        .filter(|text| is_read_as(text, spec))
        .or_else(|| spec.to_canonical_string().ok());
    format!("{channel}{}", written.unwrap_or_else(|| spec.to_string()))
}

/// Whether the strict rules read a text as this, channels aside.
pub(super) fn is_read_as(text: &str, spec: &MatchSpec) -> bool {
    MatchSpec::from_str(text, ParseMatchSpecOptions::strict()).is_ok_and(|mut read| {
        read.channel = None;
        read == *spec
    })
}

/// `name version build`, if there is nothing else to say.
fn plain(spec: &MatchSpec) -> Option<String> {
    let mut text = spec.name.as_exact()?.as_normalized().to_owned();
    let bare = MatchSpec {
        name: spec.name.clone(),
        version: spec.version.clone(),
        build: spec.build.clone(),
        ..MatchSpec::default()
    };
    if bare != *spec {
        return None;
    }
    match (&spec.version, &spec.build) {
        (None | Some(VersionSpec::Any), None) => {}
        (version, build) => {
            let version = version
                .as_ref()
                .map_or_else(|| "*".to_owned(), ToString::to_string);
            text.push(' ');
            text.push_str(&version);
            if let Some(StringMatcher::Exact(_) | StringMatcher::Glob(_)) = build {
                text.push(' ');
                text.push_str(&build.as_ref()?.to_string());
            } else if build.is_some() {
                return None;
            }
        }
    }
    Some(text)
}
