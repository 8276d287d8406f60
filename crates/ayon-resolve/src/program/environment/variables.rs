//! The one list of environment variables.

use super::{API_KEY, Rank, SERVER_URL, Variable};

/// Every variable. Where two give the same setting, the first that is set counts: ours, then the launcher's.
pub(crate) const VARIABLES: &[Variable] = &[
    setting(
        "AYON_RESOLVE_BUNDLE",
        "bundle",
        "The bundle: a name, or production, staging or dev",
    ),
    setting(
        "AYON_STUDIO_BUNDLE_NAME",
        "bundle",
        "The studio bundle's name, as the launcher reads it",
    ),
    setting("AYON_RESOLVE_STAGING", "staging", "Use the staging variant"),
    setting(
        "AYON_USE_STAGING",
        "staging",
        "Use the staging variant, as the launcher reads it",
    ),
    setting("AYON_RESOLVE_DEV", "dev", "Use the dev bundle of the user"),
    setting(
        "AYON_USE_DEV",
        "dev",
        "Use the dev bundle of the user, as the launcher reads it",
    ),
    setting(
        "AYON_RESOLVE_PROJECT",
        "project",
        "The project whose bundle is laid over the studio's",
    ),
    setting(
        "AYON_PROJECT_NAME",
        "project",
        "The project, as the launcher reads it",
    ),
    setting(
        "AYON_RESOLVE_PROJECT_BUNDLE",
        "project-bundle",
        "The project bundle, by name",
    ),
    setting(
        "AYON_BUNDLE_NAME",
        "project-bundle",
        "The project bundle's name, as the launcher reads it",
    ),
    setting(
        "AYON_RESOLVE_USER",
        "user",
        "The user whose dev bundle is meant",
    ),
    setting(
        "AYON_RESOLVE_PLATFORM",
        "platform",
        "Platforms to resolve for, separated by commas",
    ),
    setting(
        "AYON_RESOLVE_HOST",
        "host",
        "Hosts to resolve for, as NAME/VERSION, separated by commas",
    ),
    setting(
        "AYON_RESOLVE_HEADLESS",
        "headless",
        "Resolve for a process without a user interface",
    ),
    setting(
        "AYON_RESOLVE_LAUNCHER",
        "launcher",
        "The launcher version to use instead of the bundle's",
    ),
    setting(
        "AYON_RESOLVE_PYTHON",
        "python",
        "The Python version to use instead of the process's own",
    ),
    setting(
        "AYON_RESOLVE_PRERELEASES",
        "prereleases",
        "Allow pre-releases when choosing versions",
    ),
    setting(
        "AYON_RESOLVE_TIME_LIMIT",
        "time-limit",
        "Seconds after which solving gives up",
    ),
    setting(
        "AYON_RESOLVE_HINTS",
        "hints",
        "How many ways out of a conflict to look for",
    ),
    setting(
        "AYON_RESOLVE_WITH",
        "with",
        "Whose packages to explain too: conda, rez or venv",
    ),
    setting(
        "AYON_RESOLVE_PROCESS",
        "process",
        "The processes to explain, separated by commas: launcher, headless, NAME/VERSION",
    ),
    setting(
        "AYON_RESOLVE_INVERT",
        "invert",
        "Show who asks instead of what is asked for",
    ),
    setting(
        "AYON_RESOLVE_AGAINST",
        "against",
        "The bundle that a picture shows the difference to",
    ),
    setting(
        "AYON_RESOLVE_STUDIO",
        "studio",
        "The studio: a path, a URL, or the word sample",
    ),
    Variable {
        name: SERVER_URL,
        about: "The AYON server; used as the studio when nothing else names one",
        setting: Some("studio"),
        rank: Rank::Fallback,
    },
    secret(API_KEY, "The key or token for the AYON server"),
    setting(
        "AYON_SERVER_TIMEOUT",
        "server-timeout",
        "Seconds to wait for the server's answer",
    ),
    setting(
        "AYON_SERVER_RETRIES",
        "server-retries",
        "How often to ask the server again",
    ),
    setting(
        "AYON_RESOLVE_GLIBC",
        "glibc",
        "The glibc that Linux machines have at least, such as 2.28",
    ),
    setting(
        "AYON_RESOLVE_MACOS",
        "macos",
        "The macOS that Macs have at least, such as 12.0",
    ),
    setting(
        "AYON_RESOLVE_INDEX_URL",
        "index-url",
        "The index of Python packages that is asked last, instead of PyPI; may hold a user and a password",
    ),
    setting(
        "AYON_RESOLVE_EXTRA_INDEX_URL",
        "extra-index-url",
        "More indexes, asked before that one, separated by blanks; may hold users and passwords",
    ),
    setting(
        "AYON_RESOLVE_INDEX",
        "index",
        "Named indexes as NAME=URL, asked before all others, separated by blanks; may hold users and passwords",
    ),
    secret(
        "AYON_RESOLVE_INDEX_USERNAME",
        "The user for the index that is asked last; for a named index AYON_RESOLVE_INDEX_NAME_USERNAME",
    ),
    secret(
        "AYON_RESOLVE_INDEX_PASSWORD",
        "The password or token for it; for a named index AYON_RESOLVE_INDEX_NAME_PASSWORD",
    ),
    setting(
        "AYON_RESOLVE_PACKAGE_INDEX",
        "package-index",
        "Packages that only one index is asked for, as PACKAGE=INDEX, separated by blanks",
    ),
    setting(
        "AYON_RESOLVE_NO_INDEX",
        "no-index",
        "Ask no index, only what `find-links` names",
    ),
    setting(
        "AYON_RESOLVE_FIND_LINKS",
        "find-links",
        "Folders and pages of wheels, separated by blanks",
    ),
    setting(
        "AYON_RESOLVE_REFRESH_PACKAGE",
        "refresh-package",
        "Packages to ask the index about again, separated by blanks",
    ),
    setting(
        "AYON_RESOLVE_NETRC",
        "netrc",
        "The netrc file with users and passwords of indexes",
    ),
    setting(
        "AYON_RESOLVE_CA_FILE",
        "ca-file",
        "Files of certificates to trust as well, separated as in PATH",
    ),
    setting(
        "AYON_RESOLVE_CONNECTIONS",
        "connections",
        "How many requests to indexes may be under way at once",
    ),
    setting(
        "AYON_RESOLVE_INDEX_TTL",
        "index-ttl",
        "Seconds for which an index is not asked again about a package",
    ),
    setting(
        "AYON_RESOLVE_INDEX_TIMEOUT",
        "index-timeout",
        "Seconds to wait for an index that says nothing",
    ),
    setting(
        "AYON_RESOLVE_INDEX_RETRIES",
        "index-retries",
        "How often to ask an index again that failed",
    ),
    setting(
        "AYON_RESOLVE_EXCLUDE_NEWER",
        "exclude-newer",
        "Leave out files uploaded after this time, or on a later day",
    ),
    setting(
        "AYON_RESOLVE_PRERELEASE",
        "prerelease",
        "Pre-releases of Python packages: if-necessary, allow or disallow",
    ),
    setting(
        "AYON_RESOLVE_RESOLUTION",
        "resolution",
        "Which versions are tried first: highest, lowest or lowest-direct",
    ),
    setting(
        "AYON_RESOLVE_REQUIREMENT",
        "requirement",
        "Requirement files to lock, separated as in PATH",
    ),
    setting(
        "AYON_RESOLVE_CONSTRAINT",
        "constraint",
        "Files of constraints, separated as in PATH",
    ),
    setting(
        "AYON_RESOLVE_OVERRIDE",
        "override",
        "Files of overrides, separated as in PATH",
    ),
    setting(
        "AYON_RESOLVE_EXCLUDE_PACKAGE",
        "exclude-package",
        "Packages to leave out whoever asks for them, separated by blanks",
    ),
    setting(
        "AYON_RESOLVE_ALLOW_BUILD",
        "allow-build",
        "Run Python to build source distributions: 1, or the interpreter",
    ),
    setting(
        "AYON_RESOLVE_UPGRADE",
        "upgrade",
        "Choose anew instead of keeping what the last lock says",
    ),
    setting(
        "AYON_RESOLVE_UPGRADE_PACKAGE",
        "upgrade-package",
        "Packages to choose anew, separated by blanks",
    ),
    setting(
        "AYON_RESOLVE_ALL_WHEELS",
        "all-wheels",
        "List every wheel of a version, also those for other platforms",
    ),
    setting(
        "AYON_RESOLVE_ABSOLUTE_PATHS",
        "absolute-paths",
        "Name wheels on disk by their whole path",
    ),
    setting(
        "AYON_RESOLVE_ONLY",
        "only",
        "One half of a dependency package: dependencies or runtime",
    ),
    setting(
        "AYON_RESOLVE_WITH_PROVIDED",
        "with-provided",
        "Lock what the process has already, too",
    ),
    setting(
        "AYON_RESOLVE_CHANNEL",
        "channel",
        "Conda channels, the most important first, separated by blanks",
    ),
    setting(
        "AYON_RESOLVE_CHANNEL_PRIORITY",
        "channel-priority",
        "What it means that a channel comes first: strict, flexible or disabled",
    ),
    setting(
        "AYON_RESOLVE_CHANNEL_ALIAS",
        "channel-alias",
        "What the bare names of conda channels are put behind",
    ),
    setting(
        "AYON_RESOLVE_CHANNEL_MIRROR",
        "channel-mirror",
        "Where channels are asked instead, as CHANNEL=PLACE, separated by blanks",
    ),
    setting(
        "AYON_RESOLVE_CHANNEL_BUCKET",
        "channel-bucket",
        "How buckets are reached, as BUCKET=URL or BUCKET=anonymous, separated by blanks",
    ),
    setting(
        "AYON_RESOLVE_CUDA",
        "cuda",
        "The CUDA that the machines' drivers serve, such as 12.4",
    ),
    setting(
        "AYON_RESOLVE_VIRTUAL_PACKAGE",
        "virtual-package",
        "What the machines have besides, as __NAME=VERSION, separated by blanks",
    ),
    setting(
        "AYON_RESOLVE_NO_PIP",
        "no-pip",
        "Refuse what no conda channel carries instead of leaving it to pip",
    ),
    setting(
        "AYON_RESOLVE_CONDA_NAMES",
        "conda-names",
        "A copy of the community's mapping of conda names",
    ),
    setting(
        "AYON_RESOLVE_REZ_PATH",
        "rez-path",
        "Folders of rez packages, separated as in PATH",
    ),
    setting(
        "AYON_RESOLVE_PATHS",
        "paths",
        "Folders of rez packages for one run, separated as in PATH",
    ),
    setting(
        "AYON_RESOLVE_NO_LOCAL",
        "no-local",
        "Leave out the folder of the user's own rez packages",
    ),
    setting(
        "AYON_RESOLVE_ALLOW_PYTHON",
        "allow-python",
        "Run Python on package files that cannot be read otherwise: 1, or the interpreter",
    ),
    setting(
        "AYON_RESOLVE_CHECK_FILES",
        "check-files",
        "Look at every package file again instead of trusting its folder's time",
    ),
    setting("AYON_RESOLVE_BUILD", "build", "Resolve a build environment"),
    setting(
        "AYON_RESOLVE_TIME",
        "time",
        "Ignore packages released after this time",
    ),
    setting(
        "AYON_RESOLVE_MAX_FAILS",
        "max-fails",
        "Give up after this many failed attempts",
    ),
    setting(
        "AYON_RESOLVE_EXCLUDE",
        "exclude",
        "Rules that exclude rez packages, separated by blanks",
    ),
    setting(
        "AYON_RESOLVE_INCLUDE",
        "include",
        "Rules that include rez packages, separated by blanks",
    ),
    setting(
        "AYON_RESOLVE_NO_FILTERS",
        "no-filters",
        "Use no configured package filters",
    ),
    setting(
        "AYON_RESOLVE_NO_IMPLICIT",
        "no-implicit",
        "Add no implicit packages",
    ),
    setting(
        "AYON_RESOLVE_VARIANT_SELECT_MODE",
        "variant-select-mode",
        "How a variant is chosen: version_priority or intersection_priority",
    ),
    setting("AYON_RESOLVE_INPUT", "input", "The context to start from"),
    setting(
        "AYON_RESOLVE_PATCH",
        "patch",
        "Change a context's request instead of making a new one",
    ),
    setting(
        "AYON_RESOLVE_STRICT",
        "strict",
        "Patch what was resolved, not what was requested",
    ),
    setting(
        "AYON_RESOLVE_PATCH_RANK",
        "patch-rank",
        "From which version number on a patch may change the others",
    ),
    setting(
        "AYON_RESOLVE_STATS",
        "stats",
        "Say how much work the solver did",
    ),
    setting(
        "AYON_RESOLVE_NO_PKG_CACHE",
        "no-pkg-cache",
        "Keep the context from using rez's package cache",
    ),
    setting(
        "AYON_RESOLVE_PKG_CACHE_MODE",
        "pkg-cache-mode",
        "How rez is to fill its package cache: sync or async",
    ),
    setting(
        "AYON_RESOLVE_TYPE",
        "type",
        "What `rez search` looks for: package, family, variant or auto",
    ),
    setting(
        "AYON_RESOLVE_LATEST",
        "latest",
        "Only the latest version of each package",
    ),
    setting(
        "AYON_RESOLVE_VALIDATE",
        "validate",
        "Check every package that is found",
    ),
    setting("AYON_RESOLVE_ERRORS", "errors", "Only packages with errors"),
    setting(
        "AYON_RESOLVE_BEFORE",
        "before",
        "Only packages released before this time",
    ),
    setting(
        "AYON_RESOLVE_AFTER",
        "after",
        "Only packages released after this time",
    ),
    setting(
        "AYON_RESOLVE_DEPTH",
        "depth",
        "How many steps of dependencies to follow",
    ),
    setting(
        "AYON_RESOLVE_BUILD_REQUIRES",
        "build-requires",
        "Follow build requirements too",
    ),
    setting(
        "AYON_RESOLVE_PRINT_GRAPH",
        "print-graph",
        "Print a graph in the DOT language",
    ),
    setting("AYON_RESOLVE_DIFF", "diff", "The context to compare with"),
    setting(
        "AYON_RESOLVE_FETCH",
        "fetch",
        "Compare a context with what its request resolves to today",
    ),
    setting(
        "AYON_RESOLVE_PRINT_REQUEST",
        "print-request",
        "Only a context's requests",
    ),
    setting(
        "AYON_RESOLVE_PRINT_RESOLVE",
        "print-resolve",
        "Only a context's resolved packages",
    ),
    setting(
        "AYON_RESOLVE_SOURCE_ORDER",
        "source-order",
        "A context's packages in the order of its commands",
    ),
    setting(
        "AYON_RESOLVE_CHECK",
        "check",
        "Only say whether the index, or the lock, is current",
    ),
    setting(
        "AYON_RESOLVE_LOCK",
        "lock",
        "The lock; the main job then takes its answer from it",
    ),
    setting(
        "AYON_RESOLVE_LOCKED",
        "locked",
        "Take the answer from the lock, and fail if it is stale",
    ),
    setting(
        "AYON_RESOLVE_FROZEN",
        "frozen",
        "Take the answer from the lock as it is",
    ),
    setting(
        "AYON_RESOLVE_DRY_RUN",
        "dry-run",
        "Only say what would change in the lock",
    ),
    setting("AYON_RESOLVE_OFFLINE", "offline", "Use no network"),
    setting(
        "AYON_RESOLVE_REFRESH",
        "refresh",
        "Ask again for what the cache already holds",
    ),
    setting(
        "AYON_RESOLVE_CACHE_DIR",
        "cache-dir",
        "The folder of the cache",
    ),
    setting(
        "AYON_RESOLVE_NO_CACHE",
        "no-cache",
        "Neither read nor write the cache",
    ),
    setting(
        "AYON_RESOLVE_EMIT",
        "emit",
        "What to emit, such as conda, rez or venv",
    ),
    setting("AYON_RESOLVE_FORMAT", "format", "The format to emit in"),
    setting("AYON_RESOLVE_OUTPUT", "output", "Where to write"),
    setting("AYON_RESOLVE_JSON", "json", "Print JSON"),
    setting(
        "AYON_RESOLVE_COLOR",
        "color",
        "When to use colour: auto, always or never",
    ),
    setting(
        "AYON_RESOLVE_NO_PROGRESS",
        "no-progress",
        "Show no progress",
    ),
    setting(
        "AYON_RESOLVE_VERBOSE",
        "verbose",
        "How much more to say: 0, 1, 2",
    ),
    setting(
        "AYON_RESOLVE_QUIET",
        "quiet",
        "How much less to say: 0, 1, 2",
    ),
    setting(
        "AYON_RESOLVE_CONFIG_FILE",
        "config-file",
        "The configuration file to read instead of the discovered ones",
    ),
    setting(
        "AYON_RESOLVE_NO_CONFIG",
        "no-config",
        "Read no configuration file",
    ),
    surroundings("NETRC", "The netrc file, otherwise .netrc in the home"),
    surroundings(
        "HTTP_PROXY",
        "The proxy for http; likewise in lower case, which comes first",
    ),
    surroundings("HTTPS_PROXY", "The proxy for https; likewise in lower case"),
    surroundings("ALL_PROXY", "The proxy for both; likewise in lower case"),
    surroundings(
        "NO_PROXY",
        "Hosts that are asked without a proxy; likewise in lower case",
    ),
    surroundings(
        "SSL_CERT_FILE",
        "Certificates to trust instead of the machine's",
    ),
    surroundings(
        "SSL_CERT_DIR",
        "Folders of certificates to trust instead of the machine's",
    ),
    surroundings("NO_COLOR", "Use no colour, whatever its value"),
    surroundings(
        "CLICOLOR_FORCE",
        "Use colour even where there is no terminal",
    ),
    surroundings(
        "RATTLER_AUTH_FILE",
        "The file in which conda's programs keep credentials, otherwise ~/.rattler/credentials.json",
    ),
    surroundings(
        "AWS_REGION",
        "The region of buckets; AWS_PROFILE, AWS_ACCESS_KEY_ID and the other variables of AWS count too",
    ),
    surroundings(
        "AWS_DEFAULT_REGION",
        "The region of buckets where AWS_REGION says none",
    ),
    surroundings("CI", "Show no progress"),
    surroundings(
        "XDG_CONFIG_HOME",
        "The folder of the user's configuration, otherwise ~/.config",
    ),
    surroundings(
        "XDG_CACHE_HOME",
        "The folder of the user's caches, otherwise ~/.cache",
    ),
    surroundings("HOME", "The user's home"),
    surroundings("USERPROFILE", "The user's home on Windows"),
    surroundings("USER", "Who a rez context was made by"),
    surroundings("LOGNAME", "Who a rez context was made by, before USER"),
    surroundings("USERNAME", "Who a rez context was made by, on Windows"),
    surroundings(
        "HOSTNAME",
        "On which machine, where the system does not say",
    ),
    surroundings("COMPUTERNAME", "On which machine, on Windows"),
    surroundings(
        "REZ_PACKAGES_PATH",
        "The folders of rez packages; any of rez's settings can be set as REZ_NAME, or as JSON in REZ_NAME_JSON",
    ),
    surroundings(
        "REZ_CONFIG_FILE",
        "rez's configuration files; they may name any other variable",
    ),
    surroundings(
        "REZ_DISABLE_HOME_CONFIG",
        "Leave out the user's own rez configuration",
    ),
    surroundings("REZ_RXT_FILE", "The rez context that this program runs in"),
    surroundings(
        "APPDATA",
        "The folder of the user's configuration on Windows",
    ),
    surroundings("LOCALAPPDATA", "The folder of the user's caches on Windows"),
    surroundings(
        "PROGRAMDATA",
        "The folder of the machine's configuration on Windows",
    ),
];

const fn setting(name: &'static str, setting: &'static str, about: &'static str) -> Variable {
    Variable {
        name,
        about,
        setting: Some(setting),
        rank: Rank::Setting,
    }
}

const fn secret(name: &'static str, about: &'static str) -> Variable {
    Variable {
        name,
        about,
        setting: None,
        rank: Rank::Secret,
    }
}

const fn surroundings(name: &'static str, about: &'static str) -> Variable {
    Variable {
        name,
        about,
        setting: None,
        rank: Rank::Surroundings,
    }
}
