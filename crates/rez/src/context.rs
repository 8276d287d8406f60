//! Contexts: what was asked, and what came of it, as rez keeps it in an `.rxt` file.
//!
//! An `.rxt` file is the door between this crate and rez. Whoever resolves writes one; `rez-env --input` then builds the
//! very environment that rez's own resolve would have given, with rez's shells, its package cache and its bundles. So a
//! [`Context`] is a plain value that holds *everything* such a file can say, including the keys that nobody here knows
//! yet, and two promises come with it:
//!
//! * what rez wrote is written again byte for byte ([`Context::write`]), so a context can pass through here unharmed;
//! * the [`VariantHandle`]s are rez's own to the last key, because rez names the folders of its package cache by a hash
//!   of them.
//!
//! ```
//! use rez::context::{Context, ContextStatus};
//!
//! let mut context = Context::default();
//! context.requests.push(rez::requirement::Requirement::parse_request("maya-2024").unwrap());
//! context.status = ContextStatus::Solved;
//!
//! let text = context.write();
//! assert_eq!(Context::read(&text)?, context);
//! # Ok::<(), rez::context::ContextError>(())
//! ```
//!
//! Two contexts are compared by [`ContextDifference`]; the picture of a resolve is a [`Graph`].

mod bundle;
mod difference;
mod error;
mod fields;
mod graph;
mod handle;
mod read;
mod write;

use std::collections::BTreeMap;

use serde_json::Value;

pub use bundle::canonical_path;
pub use difference::{ContextDifference, ListChange, PackageChange, PackageState, TextChange};
pub use error::ContextError;
pub use graph::{EdgeKind, Graph, GraphEdge, GraphError, GraphNode, NodeId, NodeKind};
pub use handle::VariantHandle;

use crate::requirement::Requirement;

/// The largest context that is read: 64 MiB. One with four hundred packages and its graph has half a megabyte.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// What became of a resolve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ContextStatus {
    /// It has not been made.
    #[default]
    Pending,
    /// There is an answer: [`Context::resolved`].
    Solved,
    /// There is none: [`Context::failure_description`] says why.
    Failed,
    /// It was stopped before it came to an end.
    Aborted,
}

/// A resolve as rez keeps it. Rules and defaults are those of rez's `ResolvedContext`, serialize version 4.9.
///
/// Every field is a key of the file, named in its description where the names differ. Times are seconds since 1970.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the flags are the file's own"
)]
pub struct Context {
    /// The minor part of `serialize_version`; the major part is always 4. Never written below 9.
    pub minor_version: u32,
    /// Whether there is an answer.
    pub status: ContextStatus,
    /// Why there is none.
    pub failure_description: Option<String>,

    /// What the user asked for: `package_requests`.
    pub requests: Vec<Requirement>,
    /// What the settings asked for in addition: `implicit_packages`.
    pub implicit: Vec<Requirement>,
    /// The repositories that were searched, in order and as they were given.
    pub package_paths: Vec<String>,
    /// The filters, in rez's plain form; `[]` is none.
    pub package_filter: Value,
    /// The orderers, in rez's plain form; `null` is none, and so is `[]`, which is written as `null`.
    pub package_orderers: Value,
    /// The time whose packages are taken, where the user named one.
    pub requested_timestamp: Option<i64>,
    /// That time, or else the time of the resolve.
    pub timestamp: i64,
    /// Whether the resolve is for a build.
    pub building: bool,
    /// Whether it is for a package's tests.
    pub testing: bool,
    /// Whether caches were allowed to answer.
    pub caching: bool,

    /// The packages of the answer in rez's order, which is the order in which their commands run: `resolved_packages`.
    pub resolved: Vec<VariantHandle>,
    /// The ephemerals of the answer: `resolved_ephemerals`.
    pub ephemerals: Vec<Requirement>,
    /// The picture of the resolve, as text: rez's compact form or `dot`. See [`Graph`].
    pub graph: String,
    /// Whether the answer came from a cache.
    pub from_cache: Option<bool>,
    /// Seconds that the resolve took, loading included.
    pub solve_time: f64,
    /// Seconds of these that went into loading packages.
    pub load_time: f64,
    /// How many packages were loaded; -1 where nobody counted: `num_loaded_packages`.
    pub loaded_packages: i64,

    /// Whether the environment ends with the system's own `PATH`.
    pub append_sys_path: bool,
    /// Whether payloads may come from the package cache.
    pub package_caching: bool,
    /// Whether they are copied there in the background.
    pub package_cache_async: bool,
    /// How far `rez-env --patch` may move packages: `no_lock`, `lock_2`, `lock_3`, `lock_4` or `lock`.
    pub default_patch_lock: String,
    /// The same by package. rez cannot read a context in which this is not empty.
    pub patch_locks: Value,

    /// Version of the rez that made the context.
    pub rez_version: Option<String>,
    /// Where that rez is installed.
    pub rez_path: Option<String>,
    /// Who made it.
    pub user: Option<String>,
    /// On which machine.
    pub host: Option<String>,
    /// `linux`, `windows` or `osx`.
    pub platform: Option<String>,
    /// As `x86_64`.
    pub arch: Option<String>,
    /// As `Debian-12`.
    pub os: Option<String>,
    /// When it was made.
    pub created: i64,
    /// The suite that it is part of.
    pub parent_suite_path: Option<String>,
    /// Its name in that suite.
    pub suite_context_name: Option<String>,

    /// The keys that a newer rez, or somebody else, has put there. rez drops them when it saves; they are kept here.
    pub other: BTreeMap<String, Value>,
}

impl Default for Context {
    /// A pending context in which nothing is asked, with rez's defaults.
    fn default() -> Self {
        Self {
            minor_version: NEWEST_MINOR_VERSION,
            status: ContextStatus::Pending,
            failure_description: None,
            requests: Vec::new(),
            implicit: Vec::new(),
            package_paths: Vec::new(),
            package_filter: Value::Array(Vec::new()),
            package_orderers: Value::Null,
            requested_timestamp: None,
            timestamp: 0,
            building: false,
            testing: false,
            caching: true,
            resolved: Vec::new(),
            ephemerals: Vec::new(),
            graph: Graph::default().compact(),
            from_cache: Some(false),
            solve_time: 0.0,
            load_time: 0.0,
            loaded_packages: -1,
            append_sys_path: true,
            package_caching: true,
            package_cache_async: true,
            default_patch_lock: "no_lock".to_owned(),
            patch_locks: Value::Object(serde_json::Map::new()),
            rez_version: None,
            rez_path: None,
            user: None,
            host: None,
            platform: None,
            arch: None,
            os: None,
            created: 0,
            parent_suite_path: None,
            suite_context_name: None,
            other: BTreeMap::new(),
        }
    }
}

/// The `serialize_version` of rez 3.4.0 is 4.9.
const MAJOR_VERSION: u32 = 4;
const NEWEST_MINOR_VERSION: u32 = 9;

impl ContextStatus {
    const ALL: [Self; 4] = [Self::Pending, Self::Solved, Self::Failed, Self::Aborted];

    /// As rez writes it: `solved`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Solved => "solved",
            Self::Failed => "failed",
            Self::Aborted => "aborted",
        }
    }
}
