//! What an embedding program asks, in its own terms.

use ayon_model::{AddonName, Platform, Process, RangeFault, Selection, Version, VersionRange};

/// A bundle, for some targets.
#[derive(Clone, Debug, Default)]
pub struct BundleAsk {
    /// Which bundle, as the launcher is asked; the production bundle if nothing is said.
    pub selection: Selection,
    /// The platforms; this machine's if none is given.
    pub platforms: Vec<Platform>,
    /// The processes; the launcher's own if none is given.
    pub processes: Vec<Process>,
    /// Another launcher than the bundle's.
    pub launcher: Option<String>,
    /// The interpreter, where the asker knows better than the studio.
    pub python: Option<pypi::Version>,
}

/// Addons to choose, and a launcher.
#[derive(Clone, Debug)]
pub struct PlanAsk {
    /// The addons, the most important first.
    pub addons: Vec<PlanRequest>,
    /// The launcher's range.
    pub launcher: Option<VersionRange>,
    /// The platforms; this machine's if none is given.
    pub platforms: Vec<Platform>,
    /// The processes; the launcher's own if none is given.
    pub processes: Vec<Process>,
    /// The interpreter, where the asker knows better than the studio.
    pub python: Option<pypi::Version>,
    /// Whether pre-releases and development builds rank by their version.
    pub prereleases: bool,
}

/// One addon to choose: `core`, `maya>=0.5`, `nuke>=0.3.0,<0.4.0` or `houdini==0.10.6`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanRequest {
    /// Which.
    pub name: AddonName,
    /// In which range; any if none is given.
    pub range: Option<VersionRange>,
}

/// A text that asks for no addon.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` asks for no addon: {reason}")]
pub struct PlanRequestError {
    /// What was typed.
    pub text: String,
    /// What is wrong, and what to write instead.
    pub reason: String,
}

impl std::str::FromStr for PlanRequest {
    type Err = PlanRequestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = |reason: &str| PlanRequestError {
            text: ayon_model::printable(text),
            reason: reason.to_owned(),
        };
        let end = text
            .find(['<', '>', '=', '!', ' ', '^', '~', '*', ','])
            .unwrap_or(text.len());
        let (name, range) = text.split_at(end);
        if name.is_empty() {
            return Err(error(
                "it must start with the addon's name, as in `core>=1.8.0`",
            ));
        }
        let range = match range.trim() {
            "" => None,
            range => Some(complete_range(range).map_err(|fault| error(&fault.to_string()))?),
        };
        Ok(Self {
            name: name.into(),
            range,
        })
    }
}

/// A range as people type it: unlike in a package file, `>=1.6` may leave out numbers, since no server judges it.
pub fn complete_range(text: &str) -> Result<VersionRange, RangeFault> {
    let parts: Vec<String> = text.split(',').map(complete_condition).collect();
    let range = VersionRange::read(&parts.join(","));
    match range.fault() {
        None => Ok(range),
        // Told in the words that were typed.
        Some(fault) => Err(RangeFault {
            range: text.to_owned(),
            ..fault.clone()
        }),
    }
}

fn complete_condition(part: &str) -> String {
    let part = part.trim();
    let digits = part
        .find(|c: char| c.is_ascii_digit())
        .unwrap_or(part.len());
    let (sign, version) = part.split_at(digits);
    let numeric = version
        .split('.')
        .all(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
    let missing = 3usize.saturating_sub(version.split('.').count());
    if version.is_empty() || !numeric || Version::parse(version).is_ok() {
        return part.to_owned();
    }
    format!("{}{version}{}", sign.trim_end(), ".0".repeat(missing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_read_as_typed() {
        let read = |text: &str| {
            text.parse::<PlanRequest>()
                .map(|r| (r.name.to_string(), r.range.map(|r| r.to_string())))
        };
        assert_eq!(read("core"), Ok(("core".into(), None)));
        assert_eq!(
            read("maya>=0.5"),
            Ok(("maya".into(), Some(">=0.5.0".into())))
        );
        assert_eq!(
            read("nuke>=0.3.0,<0.4"),
            Ok(("nuke".into(), Some(">=0.3.0,<0.4.0".into())))
        );
        assert_eq!(
            read("houdini==0.10.6"),
            Ok(("houdini".into(), Some("==0.10.6".into())))
        );
        assert!(read(">=1.0").is_err());
        assert!(read("core^1.2").is_err());
        assert!(read("core>=1.0,").is_err());
    }
}
