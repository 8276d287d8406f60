//! The flags about Python packages, which `pypi lock` and the main job share. Where pip or uv has one, it is named as
//! there.

use clap::Args;

use crate::program::flags::{list, seconds, small, switch, text};
use crate::program::setting::Source;
use crate::program::setting::{HALVES, Layer, PRERELEASE_CHOICES, RESOLUTION_CHOICES, Value};

/// The headings of the flags about Python packages: the main job's short help leaves them out.
pub(in crate::program) const HEADINGS: [&str; 4] = [
    "Package indexes",
    "Which packages",
    "Locks",
    "Locks of a bundle",
];

/// Which indexes are asked, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Package indexes")]
pub(crate) struct IndexArguments {
    /// The index that is asked last [default: PyPI]
    ///
    /// An index is a URL whose pages list files, as PEP 503 or PEP 691 has them. The first index that has a package is the
    /// only one asked for it: first those of `--index`, then those of `--extra-index-url`, then this one. Users and
    /// passwords come from `AYON_RESOLVE_INDEX_USERNAME` and `AYON_RESOLVE_INDEX_PASSWORD`, from a netrc file, or stand
    /// in the URL that a variable gives.
    #[arg(short, long, value_name = "URL")]
    index_url: Option<String>,
    /// One more index, asked before that one; may be given several times
    #[arg(long, value_name = "URL")]
    extra_index_url: Vec<String>,
    /// A named index, asked before all others; may be given several times
    ///
    /// Its user and password are in `AYON_RESOLVE_INDEX_NAME_USERNAME` and `AYON_RESOLVE_INDEX_NAME_PASSWORD`, with the
    /// name in upper case and `_` for anything but letters and digits.
    #[arg(long, value_name = "NAME=URL")]
    index: Vec<String>,
    /// Ask only this named index for this package, and no other; may be given several times
    #[arg(long, value_name = "PACKAGE=INDEX")]
    package_index: Vec<String>,
    /// Ask no index, only what `--find-links` names
    #[arg(long)]
    no_index: bool,
    /// A folder of wheels, or a page that links to some; may be given several times
    #[arg(short, long, value_name = "FOLDER|URL")]
    find_links: Vec<String>,
    /// Ask again about this package, whatever the cache holds; may be given several times
    #[arg(long, value_name = "NAME")]
    refresh_package: Vec<String>,
    /// For how long an index is not asked again about a package [default: 600, or as the index says]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    index_ttl: Option<f64>,
    /// How long to wait for an index that says nothing [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    index_timeout: Option<f64>,
    /// How often to ask an index again that failed [default: 3]
    #[arg(long, value_name = "N")]
    index_retries: Option<u8>,
    /// How many requests may be under way at once [default: 50]
    #[arg(long, value_name = "N")]
    connections: Option<u8>,
    /// Users and passwords of indexes [default: `NETRC`, else .netrc in the home]
    #[arg(long, value_name = "FILE")]
    netrc: Option<String>,
    /// Certificates to trust beside the machine's; may be given several times
    #[arg(long, value_name = "FILE")]
    ca_file: Vec<String>,
}

impl IndexArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        text(layer, "index-url", self.index_url.as_deref());
        list(layer, "extra-index-url", &self.extra_index_url);
        list(layer, "index", &self.index);
        list(layer, "package-index", &self.package_index);
        switch(layer, "no-index", self.no_index);
        list(layer, "find-links", &self.find_links);
        list(layer, "refresh-package", &self.refresh_package);
        for (name, seconds) in [
            ("index-ttl", self.index_ttl),
            ("index-timeout", self.index_timeout),
        ] {
            if let Some(seconds) = seconds {
                layer.set(name, Value::Seconds(seconds), Source::Flag(name));
            }
        }
        small(layer, "index-retries", self.index_retries);
        small(layer, "connections", self.connections);
        text(layer, "netrc", self.netrc.as_deref());
        list(layer, "ca-file", &self.ca_file);
    }
}

/// Which packages and versions are wanted.
#[derive(Debug, Args)]
#[command(next_help_heading = "Which packages")]
pub(crate) struct ChoiceArguments {
    /// A file of versions that may be chosen, if something asks for the package; may be given several times
    #[arg(short, long, value_name = "FILE")]
    constraint: Vec<String>,
    /// A file of requirements that replace what anybody else asks for these packages; may be given several times
    #[arg(long, value_name = "FILE")]
    r#override: Vec<String>,
    /// Leave this package out, whoever asks for it; may be given several times
    #[arg(long, visible_alias = "exclude", value_name = "NAME")]
    exclude_package: Vec<String>,
    /// Leave out files uploaded after this time, or on a later day (UTC); files without a time are left out too
    #[arg(long, value_name = "DATE")]
    exclude_newer: Option<String>,
    /// When pre-releases are chosen [default: if-necessary, where nothing else fits]
    #[arg(long, value_name = "WHEN", value_parser = PRERELEASE_CHOICES.to_vec())]
    prerelease: Option<String>,
    /// Which versions are tried first [default: highest]
    #[arg(long, value_name = "HOW", value_parser = RESOLUTION_CHOICES.to_vec())]
    resolution: Option<String>,
    /// Choose everything anew, instead of keeping what the output file says
    #[arg(short = 'U', long)]
    upgrade: bool,
    /// Choose this package anew, and keep the others; may be given several times
    #[arg(short = 'P', long, value_name = "NAME")]
    upgrade_package: Vec<String>,
    /// Let a Python build source distributions, where there is no wheel
    ///
    /// Building runs code of whoever made the package. Without `=PYTHON` it is the Python on PATH.
    #[arg(long, value_name = "PYTHON", num_args = 0..=1, require_equals = true, default_missing_value = "1")]
    allow_build: Option<String>,
}

impl ChoiceArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        list(layer, "constraint", &self.constraint);
        list(layer, "override", &self.r#override);
        list(layer, "exclude-package", &self.exclude_package);
        text(layer, "exclude-newer", self.exclude_newer.as_deref());
        text(layer, "prerelease", self.prerelease.as_deref());
        text(layer, "resolution", self.resolution.as_deref());
        switch(layer, "upgrade", self.upgrade);
        list(layer, "upgrade-package", &self.upgrade_package);
        text(layer, "allow-build", self.allow_build.as_deref());
    }
}

/// What a lock holds.
#[derive(Debug, Args)]
#[command(next_help_heading = "Locks")]
pub(crate) struct LockingArguments {
    /// The glibc that Linux machines have at least [default: 2.28]
    #[arg(long, value_name = "VERSION")]
    glibc: Option<String>,
    /// The macOS that Macs have at least [default: 13.0]
    #[arg(long, value_name = "VERSION")]
    macos: Option<String>,
    /// List every wheel of a version, also those for other platforms
    #[arg(long)]
    all_wheels: bool,
    /// Name wheels on disk by their whole path, not as seen from the lock
    #[arg(long)]
    absolute_paths: bool,
}

impl LockingArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        text(layer, "glibc", self.glibc.as_deref());
        text(layer, "macos", self.macos.as_deref());
        switch(layer, "all-wheels", self.all_wheels);
        switch(layer, "absolute-paths", self.absolute_paths);
    }
}

/// What of a bundle is locked.
#[derive(Debug, Args)]
#[command(next_help_heading = "Locks of a bundle")]
pub(crate) struct HalfArguments {
    /// Only one half of a dependency package
    #[arg(long, value_name = "HALF", value_parser = HALVES.to_vec())]
    only: Option<String>,
    /// Lock also what the process has already, at its versions
    #[arg(long)]
    with_provided: bool,
}

impl HalfArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        text(layer, "only", self.only.as_deref());
        switch(layer, "with-provided", self.with_provided);
    }
}
