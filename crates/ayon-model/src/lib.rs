//! The nouns and rules of AYON: bundles, addons, launchers, hosts, targets, and the server's judgement.
//!
//! A *studio* is everything one AYON server knows: which addons it has, which launchers, which bundles. A *bundle*
//! names one version of each addon, one launcher and a dependency package per platform. This crate holds those nouns
//! as plain values and the rules AYON applies to them:
//!
//! * which bundle is live ([`select`]), as the launcher chooses;
//! * what a project bundle makes of it ([`merge()`]), as the server merges;
//! * what the server would say about it ([`judge`]), issue by issue;
//! * what nobody says today, although it breaks a studio ([`inspect()`]).
//!
//! ```
//! use ayon_model::{VersionRange, Version};
//!
//! let range = VersionRange::read(">=1.8.4,<2.0.0");
//! let server: Version = "1.16.0+DEVELOP".parse()?;
//! assert_eq!(range.allows(&server), Ok(true));
//! // The server answers 500 to a caret; here it is a fault with its place, and everything else goes on.
//! assert!(VersionRange::read("^1.9.0").fault().is_some());
//! # Ok::<(), semver::Error>(())
//! ```
//!
//! # How it thinks
//!
//! *Values in, values out.* Nothing here reads a file, a clock, an environment variable or the network, and nothing is
//! (de)serialised: wire formats live beside their parsers in `ayon-studio`.
//!
//! *A mistake is a value too.* A range that cannot be read or an addon that is broken stays in the studio with its
//! fault, so that one run reports every mistake of a bundle and not just the first.
//!
//! *Everything asked has an [`Origin`]*: who asked, in which file, under which key. It travels from the parser to the
//! last line of an explanation.
//!
//! *Where a judgement must agree with the server, its faults are modelled; where an environment is made, the right
//! thing is done.* The two never share code paths by accident: [`judge`] is the first kind, everything else the second.

mod addon;
mod bundle;
mod dependency_package;
mod finding;
mod floor;
mod host;
mod inspect;
mod judgement;
mod launcher;
mod merge;
mod name;
mod origin;
mod platform;
mod provision;
mod python_needs;
mod range;
mod selection;
mod studio;
mod target;

pub use addon::{Addon, AddonRelease, Knowledge, Relations};
pub use bundle::{AddonChoice, AddonDevelopment, Bundle, DISABLE, INHERIT};
pub use dependency_package::DependencyPackage;
pub use finding::{Finding, FindingCode, Judge, Severity};
pub use floor::{Floor, FloorError, Floors};
pub use host::{Host, HostPython};
pub use inspect::inspect;
pub use judgement::{Crash, Issue, Judgement, JudgementRequest, judge};
pub use launcher::{Launcher, LauncherBuild};
pub use merge::{EffectiveBundle, EffectivePin, PinSource, merge};
pub use name::{AddonName, closest, did_you_mean, is_misleading, printable};
pub use origin::{Origin, Place, Subject};
pub use platform::{Architecture, Platform, PlatformError, System};
pub use provision::{Given, GivenPython, Provision, ProvisionError};
pub use python_needs::{
    Half, InterpreterRequirement, PythonNeeds, PythonRequirement, UnreadableRequirement,
};
pub use range::{Comparison, Condition, RangeFault, VersionRange};
pub use selection::{Selected, Selection, SelectionError, Variant, select};
pub use semver::Version;
pub use studio::{Problem, ProjectBundles, Studio};
pub use target::{Process, Target};
