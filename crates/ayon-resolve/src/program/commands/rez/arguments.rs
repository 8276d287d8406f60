//! The flags that the commands about rez share, named as rez names them.

use clap::Args;

use crate::program::flags::{list, number, paths, seconds, switch, text, time_limit};
use crate::program::setting::{Layer, PACKAGE_CACHE_MODES, SELECT_MODES};

/// Which packages there are, and how they are read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Packages")]
pub(crate) struct RepositoryArguments {
    /// The folders of packages, separated as in PATH [default: as rez is configured]
    ///
    /// Where nobody says anything, this is what rez itself would use: `REZ_PACKAGES_PATH`, else `packages_path` of the
    /// rezconfig files, as far as those can be read without running them.
    #[arg(long, value_name = "PATHS")]
    paths: Option<String>,
    /// Leave out the folder of your own packages
    #[arg(long, visible_alias = "nl")]
    no_local: bool,
    /// Let a Python run the package files that cannot be read without
    ///
    /// A package.py is read, not run. What it computes (a late `requires`, say) takes a Python, and running code that
    /// lies in a repository is for you to allow. All such files are run in one go, and packages read in this way are
    /// marked. Without `=PYTHON` it is the Python on PATH.
    #[arg(long, value_name = "PYTHON", num_args = 0..=1, require_equals = true, default_missing_value = "1")]
    allow_python: Option<String>,
    /// Look at every package file again, instead of trusting the times of folders
    #[arg(long)]
    check_files: bool,
}

impl RepositoryArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        paths(layer, "paths", self.paths.as_deref());
        switch(layer, "no-local", self.no_local);
        text(layer, "allow-python", self.allow_python.as_deref());
        switch(layer, "check-files", self.check_files);
    }
}

/// How a resolve is made.
#[derive(Debug, Args)]
#[command(next_help_heading = "Resolving")]
pub(crate) struct ResolveArguments {
    /// Resolve a build environment
    #[arg(short, long)]
    build: bool,
    /// Ignore packages released after this time: seconds since 1970, or how long ago, as in -10s, -5m, -0.5h, -10d
    #[arg(short, long, value_name = "TIME", allow_hyphen_values = true)]
    time: Option<String>,
    /// Give up after this many failed attempts
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    max_fails: Option<i64>,
    /// Give up after this time
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    time_limit: Option<f64>,
    /// Exclude packages by these rules, such as `*.beta`, beside the configured ones
    #[arg(long, value_name = "RULE", num_args = 1..)]
    exclude: Vec<String>,
    /// Include packages by these rules, such as `mypkg` or `boost-*`, beside the configured ones
    #[arg(long, value_name = "RULE", num_args = 1..)]
    include: Vec<String>,
    /// Use none of the configured package filters
    #[arg(long)]
    no_filters: bool,
    /// Add no implicit packages to the request
    #[arg(long, visible_alias = "ni")]
    no_implicit: bool,
    /// How a variant is chosen [default: as rez is configured]
    #[arg(long, value_name = "MODE", value_parser = SELECT_MODES.to_vec())]
    variant_select_mode: Option<String>,
}

impl ResolveArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        switch(layer, "build", self.build);
        text(layer, "time", self.time.as_deref());
        number(layer, "max-fails", self.max_fails);
        time_limit(layer, self.time_limit);
        list(layer, "exclude", &self.exclude);
        list(layer, "include", &self.include);
        switch(layer, "no-filters", self.no_filters);
        switch(layer, "no-implicit", self.no_implicit);
        text(
            layer,
            "variant-select-mode",
            self.variant_select_mode.as_deref(),
        );
    }
}

/// The context a resolve starts from.
#[derive(Debug, Args)]
#[command(next_help_heading = "Starting from a context")]
pub(crate) struct InputArguments {
    /// Start from this context, a .rxt file
    #[arg(short, long, value_name = "FILE")]
    input: Option<String>,
}

impl InputArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        text(layer, "input", self.input.as_deref());
    }
}

/// How the request of a context is changed.
#[derive(Debug, Args)]
#[command(next_help_heading = "Starting from a context")]
pub(crate) struct PatchArguments {
    #[command(flatten)]
    input: InputArguments,
    /// Change the request of that context, or else of the one you are in, and resolve again
    ///
    /// Each REQUEST replaces the one about the same package, or is added; `^NAME` takes one away.
    #[arg(short, long)]
    patch: bool,
    /// Patch what was resolved, not what was requested
    #[arg(long)]
    strict: bool,
    /// Let other packages change only from this version number on: 3 keeps major and minor
    #[arg(long, value_name = "N")]
    patch_rank: Option<i64>,
}

impl PatchArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        self.input.record(layer);
        switch(layer, "patch", self.patch);
        switch(layer, "strict", self.strict);
        number(layer, "patch-rank", self.patch_rank);
    }
}

/// What a written context says about rez's package cache.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is written")]
pub(crate) struct OutputArguments {
    /// Write the context to this .rxt file, also where the resolve failed; `-` for standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<String>,
    /// Keep the context from using rez's package cache
    #[arg(long)]
    no_pkg_cache: bool,
    /// How rez is to fill its package cache [default: as rez is configured]
    #[arg(long, value_name = "MODE", value_parser = PACKAGE_CACHE_MODES.to_vec())]
    pkg_cache_mode: Option<String>,
    /// Say on standard error how much work the solver did
    #[arg(long)]
    stats: bool,
}

impl OutputArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        text(layer, "output", self.output.as_deref());
        switch(layer, "no-pkg-cache", self.no_pkg_cache);
        text(layer, "pkg-cache-mode", self.pkg_cache_mode.as_deref());
        switch(layer, "stats", self.stats);
    }
}
