//! The solver core: one neutral universe of packages and candidates, solved to a resolution or a conflict.
//!
//! Given what is asked for and what everything requires, it finds which candidate of each package to
//! take, or tells which facts make that impossible. It knows nothing of versions, addons, Python or
//! files: packages, positions and origins are numbers, and their owners keep the words.
//!
//! # An example
//!
//! A launcher brings one release of opentimelineio. Of the two editorial addons only the older can
//! live with it, so it is the one that is chosen.
//!
//! ```
//! use universe::{
//!     Control, Fact, Failure, OriginId, Positions, Request, Requirement, WorldBuilder, solve,
//! };
//!
//! let mut builder = WorldBuilder::new();
//! let [otio, launcher, editorial] = [(); 3].map(|()| builder.package());
//! builder.candidate(otio); // position 0 is 0.16
//! builder.candidate(otio); // position 1 is 0.17
//! let launcher_1_1 = builder.candidate(launcher);
//! let editorial_0_4 = builder.candidate(editorial);
//! let editorial_0_5 = builder.candidate(editorial);
//!
//! // Who asked is a number to us and a file and a line to you.
//! let [modules, old_toml, new_toml, bundle] = [0, 1, 2, 3].map(OriginId);
//! builder.require(launcher_1_1, Requirement::required(otio, Positions::singleton(0), modules));
//! builder.require(editorial_0_4, Requirement::required(otio, Positions::from(0..1), old_toml));
//! builder.require(editorial_0_5, Requirement::required(otio, Positions::from(1..2), new_toml));
//! let world = builder.build();
//!
//! let any = Positions::full;
//! let request = Request::new([
//!     Requirement::required(launcher, any(), bundle),
//!     Requirement::required(editorial, any(), bundle),
//! ]);
//! let solution = solve(&world, &request, &Control::unlimited())?;
//! assert_eq!(solution.get(editorial).map(|chosen| chosen.position), Some(0));
//!
//! // Insisting on the new editorial cannot work, and opentimelineio is what the quarrel is about.
//! let request = Request::new([
//!     Requirement::required(launcher, any(), bundle),
//!     Requirement::required(editorial, Positions::singleton(1), bundle),
//! ]);
//! let Err(Failure::Conflict(conflict)) = solve(&world, &request, &Control::unlimited()) else {
//!     panic!("this must conflict");
//! };
//! assert_eq!(conflict.contested(), [otio]);
//! assert!(conflict.facts().iter().any(|fact| {
//!     matches!(fact, Fact::Needs { package, origins, .. }
//!         if *package == launcher && *origins == [modules])
//! }));
//! # Ok::<(), Failure>(())
//! ```
//!
//! # The ideas
//!
//! * **A [`Universe`] is asked, not loaded.** The list of a package is fetched when the search first
//!   needs it; [`World`] is the universe that is in memory already.
//! * **Positions instead of versions.** Candidates of a package are an ordered list, the best last. A
//!   [`Requirement`] holds the set of [`Positions`] that its owner's range accepts.
//! * **Three kinds of requirement.** *Required* brings a package in; *weak* ("if present, then here")
//!   and *forbidden* ("never there") only have a say once something else brings it in.
//! * **Variants.** A candidate can come in alternatives, the preferred one first, each with its own
//!   requirements. Exactly one is chosen.
//! * **The order asked is the order of preference.** The first package of a [`Request`] gets the best
//!   candidate that any solution can give it, then the second, and so on; then their variants; then
//!   all else. Nothing comes in that is not required.
//! * **A [`Conflict`] is facts.** They are few, true, carry their origins, and are enough: a universe of
//!   nothing but these facts has no solution either.
//! * **A [`Resolution`] answers questions** about a solution: why something is there, what needs it,
//!   which comes first.
//!
//! # The traps
//!
//! * Positions are counted in the list of the *target* package. If that list changes, so must every set
//!   that speaks of it: build both from the same snapshot.
//! * For a forbidden requirement, `allowed` is still what is good. [`Requirement::forbidden`] takes the
//!   bad positions and turns them round.
//! * A candidate that must not be used is not left out of the list: it requires itself nowhere, with an
//!   origin that says why. Left out, nobody could ever be told.
//! * The best for each package *asked* is exact. Packages that nobody asked for are good choices, not
//!   provably the best: whoever cares about one should ask for it.
//! * A hard enough universe takes for ever, as for any solver: pass a [`Control`] that stops.

mod conflict;
mod engine;
mod positions;
mod request;
mod resolution;
mod solution;
mod universe;
mod world;

pub use conflict::{Conflict, Fact};
pub use engine::{Failure, solve};
pub use positions::Positions;
pub use request::{Control, Preference, Request, StopReason};
pub use resolution::{Resolution, Step, Visit};
pub use solution::{Chosen, Edge, Solution};
pub use universe::{
    Candidate, OriginId, PackageId, Requirement, RequirementKind, Subject, Universe, UniverseError,
};
pub use world::{World, WorldBuilder};
