//! Python's own words: what distributions are called, which versions there are, what packages ask of
//! each other, and what indexes and archives say of them. No AYON in it, no network, no files: texts
//! and bytes in, values out.
//!
//! ```
//! use pypi::poetry::{Value, parse_dependency};
//! use pypi::{Constraint, MarkerEnvironment, OperatingSystem, Requirement, VersionSet};
//!
//! // What an addon asks for, in Poetry's words, and what a wheel asks for, in PEP 508's ...
//! let addon = parse_dependency("OpenColorIO", &Value::from("^2.3.2,<2.6"))?;
//! let wheel: Requirement = "opencolorio >=2.4 ; python_version < '3.12'".parse()?;
//!
//! // ... speak of one distribution, and of sets of one algebra.
//! assert_eq!(addon[0].name, wheel.name);
//! let (Constraint::Versions { set: asked, .. }, Constraint::Versions { set: needed, .. }) =
//!     (&addon[0].constraint, &wheel.constraint)
//! else {
//!     panic!("neither names a source");
//! };
//! let both: VersionSet = asked.intersection(needed);
//! assert_eq!(both.to_string(), ">=2.4,<2.6");
//! assert!(both.contains(&"2.5.1".parse()?));
//!
//! // Whether the wheel's requirement holds is asked for a target, not for this machine.
//! let maya = MarkerEnvironment::new(OperatingSystem::Windows, "x86_64", &"3.11.4".parse()?);
//! assert!(wheel.marker.evaluate(&maya, &[]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The ideas
//!
//! * **A name is canonical** ([`DistributionName`]): `Click`, `click` and `CLICK` cannot be two
//!   packages by mistake.
//! * **A constraint is a set** ([`VersionSet`]), whatever grammar it was written in. Sets are lists
//!   of canonical cuts on the line of versions, so two sets that contain the same are equal values,
//!   and every operation is one merge. A set can be written back as the text that a person would
//!   have written ([`VersionSet::specifiers`]), or as bounds for another grammar
//!   ([`VersionSet::intervals`]).
//! * **A line can be cut into cells** ([`Cells`]): a solver that knows positions only can work on
//!   ranges without a list of the versions that exist.
//! * **A marker is asked of a target** ([`Marker`], [`MarkerEnvironment`]), and every target can be
//!   described on every machine.
//! * **A target is a Python on a platform with a floor** ([`Target`]): it knows what its markers see,
//!   and ranks wheels by their tags ([`WheelTags`]) as installers do, for any platform on any
//!   machine. Why a wheel does not fit it says in words ([`TagMismatch`]).
//! * **A file's name is read as far as it is needed** ([`WheelParts`], then [`WheelName`]).
//! * **A project page is a [`Project`]**, whether it was HTML or JSON ([`page`]) or a folder, and the
//!   same for every target.
//! * **Metadata is read from where it lies** ([`wheel`], [`sdist`]): mostly in the last 32 KiB of a
//!   wheel. What a distribution needs is asked of [`Metadata`] for a target, and its hundreds of
//!   lines about extras cost next to nothing.
//! * **What is kept is what is used**: a project and metadata *are* the bytes that a cache keeps.
//!   Opening them checks a sum, and versions and requirements are read when they are looked at.
//! * **A resolver asks an [`Index`]**, and does not know whether there is a network behind it.
//! * **Nothing is guessed**: what a grammar does not know is an error with its place. In particular
//!   [`poetry`] never takes what it cannot read for "any version".
//!
//! # Traps
//!
//! * `contains` is about sets alone. The rule that pre-releases are chosen only when wanted belongs
//!   to whoever chooses: `>=1.0` contains `2.0a1`.
//! * `<2` leaves out the pre-releases of `2`, so the complement of `>=2` is not `<2`; it displays as
//!   `<=2,!=2`.
//! * `==1.0` accepts `1.0+cu118`, and `>1.0` refuses `1.0.post1`: both are PEP 440's.
//! * Equal versions can have different texts (`1.0`, `1.0.0`): compare the values.
//! * Text from outside is shown with control characters escaped, and URLs without their secrets, but
//!   the public fields of [`Source`] hold what was written.
//! * [`Project::version`] is by position, and equal versions are one position: the files of `1.0` and
//!   `1.0.0` stand together.
//! * [`Metadata::needs`] for an extra is what the extra adds; who asks for an extra needs the base too.
//! * Tags are not markers: a wheel for glibc 2.34 passes every marker of a Linux with 2.28. And since
//!   macOS 11 installers look for tags with a minor number of 0 only.
//! * `'3.9' <= python_version` is read as `python_version >= '3.9'`. `packaging` says otherwise where
//!   the Python is a pre-release.
//! * `python_version >= '3.6.*'` is no PEP 440 clause. It is compared as text, hence false, as
//!   `packaging` and `pip` do.

mod file;
mod index;
pub mod lock;
mod marker;
mod metadata;
mod name;
mod packed;
pub mod page;
pub mod poetry;
mod project;
mod requirement;
mod source;
mod target;
mod text;
mod timestamp;
mod version;

pub use file::archive::ArchiveError;
pub use file::sdist_name::{SdistKind, SdistName};
pub use file::wheel_name::{BuildTag, FileNameError, WheelName, WheelParts, WheelTags};
pub use file::{sdist, wheel};
pub use index::{Hint, Index, IndexError, MetadataAnswer, Scout, SourceAnswer, SourceRelease};
pub use marker::Marker;
pub use marker::environment::{EnvironmentError, MarkerEnvironment, OperatingSystem};
pub use marker::syntax::MarkerError;
pub use metadata::{Line, Memo, Metadata, MetadataError};
pub use name::{DistributionName, ExtraName, NameError};
pub use packed::Damaged;
pub use packed::cells::Cells;
pub use project::{
    File, FileId, FileKind, Location, NewFile, NewLocation, Project, ProjectBuilder, PythonRange,
    TooLarge,
};
pub use requirement::{Requirement, RequirementError};
pub use source::{Constraint, Reference, Source, without_secret};
pub use target::tags::TagMismatch;
pub use target::{Libc, Machine, Target, TargetPlatform};
pub use timestamp::{Timestamp, TimestampError};
pub use version::set::{SpecifierError, VersionSet};
pub use version::specifiers::{Interval, LowerBound, SpecifierText, UpperBound};
pub use version::{Version, VersionError};
