//! Bundles as packages: everything that is live together, for stock `rez-env maya ayon_bundle-staging`.
//!
//! A bundle's package brings its launcher, its addons and the distributions that nobody has already, and tells AYON's code
//! which bundle it runs in. One package goes under the bundle's own name, one more under each word it is live for.
//!
//! *A bundle moves, a release does not.* Staging points to another bundle tomorrow, a host more is checked next week, a
//! developer changes an addon. So a bundle is a *series* of versions, `staging.20261121071200` by the time of
//! publication in UTC, and `ayon_bundle-staging` asks for the newest of them. Nothing is ever overwritten, a saved context
//! stays what it was, `rez-env --time` goes back, and who wants yesterday's staging asks for that version. A number of fourteen
//! digits is above whatever else follows a bundle's name, such as the `-02` of another bundle.
//!
//! *One variant per answer.* Every resolution becomes a variant of its platform, host and Python, but only where what it
//! needs differs: a host that needs what any process needs has no variant of its own. What all need stands in `requires`.
//! The interpreter is weak: a launcher and a host bring their own, and any that comes in as a package must be of that series.

use ayon_backend::{EmitError, Resolution};
use ayon_model::{EffectiveBundle, Process, Studio};
use pypi::Timestamp;

use super::package_file::{PackageFile, literal};
use super::{Options, PublishError};
use crate::names::{self, platform_words, version_word};
use crate::requests::{Request, Requests};

/// The last second of the year 9999, behind which a time has more than fourteen digits.
const LAST: i64 = 253_402_300_799;

/// How a bundle is live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Live {
    /// The series its versions are in.
    pub(super) series: String,
    /// What AYON calls the variant of the settings.
    pub(super) settings: String,
    is_dev: bool,
}

/// The bundle's own series first, then one for each word that it is live for.
pub(super) fn series(studio: &Studio, bundle: &EffectiveBundle) -> Vec<Live> {
    let name = &*bundle.name;
    let record = studio.bundle(name);
    let is_dev = record.is_some_and(|record| record.is_dev);
    let mut projects = studio.projects.values();
    let is_staging_of_a_project = projects.any(|project| project.staging.as_deref() == Some(name));
    let settings = if is_dev {
        // A developer's settings are kept under the name of the bundle.
        name
    } else if is_staging_of_a_project {
        "staging"
    } else {
        "production"
    };
    let mut all = vec![Live {
        series: series_word(name),
        settings: settings.to_owned(),
        is_dev,
    }];
    if let Some(record) = record.filter(|record| !record.is_project) {
        let words = [
            ("production", record.is_production),
            ("staging", record.is_staging),
        ];
        for (word, _) in words.into_iter().filter(|(_, is_live)| *is_live) {
            // A bundle may be called as the word it is live for: one series, and the word's settings.
            all.retain(|live| live.series != word);
            all.push(Live {
                series: word.to_owned(),
                settings: word.to_owned(),
                is_dev: false,
            });
        }
    }
    all
}

/// The package of a bundle in one of its series.
pub(super) fn package(
    bundle: &EffectiveBundle,
    live: &Live,
    resolutions: &[Resolution],
    options: &Options,
    notes: &mut Vec<String>,
) -> Result<PackageFile, PublishError> {
    let (requires, variants) = requirements(resolutions, options, notes)?;
    Ok(PackageFile {
        name: options.names.family(names::BUNDLE),
        version: format!("{}.{}", live.series, stamp(options.timestamp)),
        description: if live.series == series_word(&bundle.name) {
            format!("AYON bundle {}", bundle.name)
        } else {
            format!("AYON bundle {}, live for {}", bundle.name, live.series)
        },
        requires,
        variants,
        commands: commands(bundle, live, resolutions, options),
        timestamp: options.timestamp,
        ..PackageFile::default()
    })
}

/// What every target needs, and one variant for each target that needs more.
fn requirements(
    resolutions: &[Resolution],
    options: &Options,
    notes: &mut Vec<String>,
) -> Result<(Vec<String>, Vec<Vec<String>>), EmitError> {
    let mut targets = Vec::new();
    for resolution in resolutions {
        let requests = Requests::of(resolution, &options.names)?;
        let about = |note: &String| format!("{}: {note}", resolution.target);
        notes.extend(requests.notes.iter().map(about));
        let launcher = requests
            .target
            .iter()
            .filter(|request| request.family == options.names.family(names::LAUNCHER));
        let needs = launcher
            .chain(&requests.addons)
            .chain(&requests.distributions);
        let needs: Vec<String> = needs
            .map(|request: &Request| request.text.clone())
            .collect();
        targets.push((resolution, needs));
    }
    // The plain process of a platform is what any host may use; hosts are compared with it.
    targets.sort_by_key(|(resolution, _)| is_host(resolution));
    let Some((_, first)) = targets.first() else {
        return Ok((Vec::new(), Vec::new()));
    };
    let is_common = |need: &String| targets.iter().all(|(_, needs)| needs.contains(need));
    let requires: Vec<String> = first
        .iter()
        .filter(|need| is_common(need))
        .cloned()
        .collect();
    let mut variants: Vec<Vec<String>> = Vec::new();
    let mut plain: Vec<(ayon_model::Platform, Vec<String>)> = Vec::new();
    for (resolution, needs) in &targets {
        let python = python(resolution, options);
        let rest = needs.iter().filter(|need| !requires.contains(need));
        let answer: Vec<String> = std::iter::once(python).chain(rest.cloned()).collect();
        let platform = resolution.target.platform;
        if is_host(resolution) {
            if plain.contains(&(platform, answer.clone())) {
                continue;
            }
        } else {
            plain.push((platform, answer.clone()));
        }
        let mut variant = selectors(resolution, options);
        variant.extend(answer);
        if !variants.contains(&variant) {
            variants.push(variant);
        }
    }
    Ok((requires, variants))
}

fn is_host(resolution: &Resolution) -> bool {
    matches!(resolution.target.process, Process::Host { .. })
}

/// What tells a target's variant from others: platform, processor, host.
fn selectors(resolution: &Resolution, options: &Options) -> Vec<String> {
    let target = &resolution.target;
    let (system, processor) = platform_words(target.platform);
    let names = &options.names;
    let mut selectors = vec![
        format!("{}-{system}", names.family(names::PLATFORM)),
        format!("{}-{processor}", names.family(names::ARCHITECTURE)),
    ];
    if let Process::Host { name, version } = &target.process {
        selectors.push(format!("{}-{}", names.family(name), version_word(version)));
    }
    selectors
}

/// The series of Python that the answer is for: binaries fit any of its patch releases.
fn python(resolution: &Resolution, options: &Options) -> String {
    let release = resolution.python.version.release();
    let series: Vec<String> = release.iter().take(2).map(u64::to_string).collect();
    let family = options.names.family(names::PYTHON);
    format!("~{family}-{}", series.join("."))
}

/// What the launcher would set of the bundle. The key of the server is a person's or a farm's own and never written.
fn commands(
    bundle: &EffectiveBundle,
    live: &Live,
    resolutions: &[Resolution],
    options: &Options,
) -> Vec<String> {
    let mut commands = vec![
        format!("env.AYON_BUNDLE_NAME = {}", verbatim(&bundle.name)),
        format!(
            "env.AYON_STUDIO_BUNDLE_NAME = {}",
            verbatim(&bundle.studio_bundle)
        ),
        format!(
            "env.AYON_DEFAULT_SETTINGS_VARIANT = {}",
            verbatim(&live.settings)
        ),
    ];
    let switches = [
        (
            "AYON_USE_STAGING",
            live.settings == "staging" && !live.is_dev,
        ),
        ("AYON_USE_DEV", live.is_dev),
    ];
    for (variable, is_on) in switches {
        commands.push(if is_on {
            format!("env.{variable} = '1'")
        } else {
            format!("unsetenv('{variable}')")
        });
    }
    if let Some(server) = &options.server {
        let (server, _) = ayon_backend::spec::without_secret(server);
        commands.push(format!("env.AYON_SERVER_URL = {}", verbatim(&server)));
    }
    let addons = resolutions
        .first()
        .into_iter()
        .flat_map(|first| &first.addons);
    for folder in addons.filter_map(|addon| addon.development.as_ref()) {
        // AYON puts `{VAR}` of the environment in, rez `${VAR}`.
        let folder = folder
            .to_string_lossy()
            .replace("${", "{")
            .replace('{', "${");
        commands.push(format!("env.PYTHONPATH.prepend({})", literal(&folder)));
    }
    commands
}

/// A value as it is: rez expands braces and variables in a string, unless it is told not to.
fn verbatim(text: &str) -> String {
    if text.contains(['{', '}', '$', '%', '`', '"', '\\', '\'']) {
        format!("literal({})", literal(text))
    } else {
        literal(text)
    }
}

/// A bundle's name as a rez version: one sign between its words, where AYON allows several.
pub(crate) fn series_word(name: &str) -> String {
    let mut word = String::new();
    for c in name.chars() {
        let is_sign = matches!(c, '.' | '-');
        let follows_a_word = word.ends_with(|last: char| !matches!(last, '.' | '-'));
        word.push(match c {
            c if c.is_ascii_alphanumeric() => c,
            c if is_sign && follows_a_word => c,
            _ => '_',
        });
    }
    if word.ends_with(['.', '-']) || word.is_empty() {
        word.push('_');
    }
    word
}

/// The time as fourteen digits: year, month, day, hour, minute and second in UTC.
fn stamp(timestamp: i64) -> String {
    // Every time up to the last is a moment.
    let microseconds = timestamp.clamp(0, LAST) * 1_000_000;
    let moment = Timestamp::from_microseconds(microseconds).map(|moment| moment.to_string());
    let mut digits = moment.unwrap_or_default();
    digits.retain(|c| c.is_ascii_digit());
    digits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_are_those_of_a_calendar() {
        for (timestamp, text) in [
            (0, "19700101000000"),
            (951_782_400, "20000229000000"),
            (1_709_251_199, "20240229235959"),
            (1_763_709_120, "20251121071200"),
            (4_107_542_399, "21000228235959"),
            (4_107_542_400, "21000301000000"),
            (-1, "19700101000000"),
            (i64::MAX, "99991231235959"),
        ] {
            assert_eq!(stamp(timestamp), text, "{timestamp}");
        }
    }

    #[test]
    fn a_bundle_keeps_its_name_where_rez_can_read_it() {
        for (name, word) in [
            ("studio-staging", "studio-staging"),
            (
                "__project__lighthouse__staging",
                "__project__lighthouse__staging",
            ),
            ("2026.05-1", "2026.05-1"),
            ("a..b-.c", "a._b-_c"),
            ("-a-", "_a-_"),
            ("é x", "__x"),
            ("", "_"),
        ] {
            assert_eq!(series_word(name), word);
        }
    }

    proptest! {
        #[test]
        fn every_name_is_a_version(name in ".{0,20}", timestamp: i64) {
            let version = format!("{}.{}", series_word(&name), stamp(timestamp));
            prop_assert!(rez::Version::parse(&version).is_ok(), "{}", version);
            prop_assert!(rez::VersionRange::parse(&series_word(&name)).unwrap().contains(&rez::Version::parse(&version).unwrap()));
        }

        #[test]
        fn later_is_newer(one in 0..250_000_000_000_i64, two in 0..250_000_000_000_i64) {
            prop_assert_eq!(one.cmp(&two), stamp(one).cmp(&stamp(two)));
        }
    }
}
