//! What is asked of a package: conda's match specs, in both of the dialects that are in use.
//!
//! People and submitters write what conda takes; programs of the other family read by stricter rules, under which
//! `maya=2026.*` is no spec at all and `maya 2026` might mean two things. So both are read, and one is written.

mod error;
mod written;

use std::fmt;

use rattler_conda_types::{
    MatchSpec, Matches, PackageNameMatcher, ParseMatchSpecOptions, ParseStrictness, StringMatcher,
};

pub use error::SpecError;
pub(crate) use error::is_too_deep;

use crate::{Channel, PackageName, Record, Version, VirtualPackage};

/// By which rules a spec is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Those of pixi and of rattler's programs: what could mean two things is refused.
    Strict,
    /// Those of conda: `maya=2026.*` and `numpy 1.24*` are read, and `numpy 1.24` means exactly that.
    Lenient,
}

/// What is asked of a package ([CEP 29]): which, from where, in which versions and builds. Displays by the strict rules,
/// whichever it was read by.
///
/// ```
/// use conda::{Dialect, Spec};
///
/// let spec = Spec::parse("studio::maya=2026.*", Dialect::Lenient)?;
/// assert_eq!(spec.to_string(), "studio::maya 2026.*");
/// assert_eq!(spec.channel(), Some("studio"));
/// let error = Spec::parse("maya=2026.*", Dialect::Strict).unwrap_err();
/// assert_eq!(&error.text[error.place.clone()], "=2026.*");
/// # Ok::<(), conda::SpecError>(())
/// ```
///
/// [CEP 29]: https://conda.org/learn/ceps/cep-0029
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    name: PackageName,
    /// Without its channel, which is compared by address and not by rattler.
    inner: MatchSpec,
    channel: Option<String>,
    written: String,
}

impl Spec {
    /// Reads a spec.
    ///
    /// # Errors
    /// If it is none by these rules: with the place and the reason, and what to write instead where that is plain.
    pub fn parse(text: &str, dialect: Dialect) -> Result<Self, SpecError> {
        let read = || {
            error::check_size(text)?;
            let inner = MatchSpec::from_str(text, options(dialect))
                .map_err(|error| SpecError::locate(text, dialect, &error))?;
            Self::of_rattler(inner, text)
        };
        read().map_err(SpecError::without_secrets)
    }

    /// Any version of a package.
    pub fn any(name: &PackageName) -> Self {
        let inner = MatchSpec::from(name.to_rattler());
        Self {
            written: name.to_string(),
            name: name.clone(),
            inner,
            channel: None,
        }
    }

    /// Just this record's version and build, `name ==version build`, from wherever. Only a digest is more certain.
    pub fn exact(record: &Record) -> Self {
        let mut inner = MatchSpec::from(record.name().to_rattler());
        inner.version = Some(rattler_conda_types::VersionSpec::Exact(
            rattler_conda_types::EqualityOperator::Equals,
            record.version().0.version().clone(),
        ));
        inner.build = Some(StringMatcher::Exact(record.build().to_owned()));
        let mut spec = Self {
            name: record.name(),
            inner,
            channel: None,
            written: String::new(),
        };
        spec.written = written::strict(&spec.inner, None);
        spec
    }

    /// The same, but from this channel only: a name or an address.
    #[must_use]
    pub fn with_channel(mut self, channel: &Channel) -> Self {
        let text = channel
            .name()
            .unwrap_or_else(|| channel.url().trim_end_matches('/'));
        self.channel = Some(text.to_owned());
        self.written = written::strict(&self.inner, self.channel.as_deref());
        self
    }

    /// The same package in whatever version and build, from where it was asked of.
    #[must_use]
    pub fn loosened(&self) -> Self {
        let mut spec = Self::any(&self.name);
        spec.channel.clone_from(&self.channel);
        spec.inner.subdir.clone_from(&self.inner.subdir);
        spec.written = written::strict(&spec.inner, spec.channel.as_deref());
        spec
    }

    fn of_rattler(mut inner: MatchSpec, text: &str) -> Result<Self, SpecError> {
        let whole = |reason: &str| SpecError::whole(text, reason);
        let PackageNameMatcher::Exact(name) = &inner.name else {
            return Err(whole("it names no single package"));
        };
        let name = PackageName::of_rattler(name);
        let channel = match inner.channel.take() {
            Some(channel) => Some(channel_text(&channel, text).ok_or_else(|| {
                whole("a channel in a spec is a name or an address: a relative path has no meaning here")
            })?),
            None => None,
        };
        let written = written::strict(&inner, channel.as_deref());
        if !written::is_read_as(&written, &inner) {
            return Err(whole(
                "it says something for which the strict rules have no words",
            ));
        }
        Ok(Self {
            name,
            inner,
            channel,
            written,
        })
    }

    /// Of which package.
    pub fn name(&self) -> &PackageName {
        &self.name
    }

    /// From which channel alone, if it says so: a name or an address, without secrets.
    pub fn channel(&self) -> Option<&str> {
        self.channel.as_deref()
    }

    /// The versions it allows, as the strict rules write them: `>=1.24,<2`. `None` if any.
    pub fn versions(&self) -> Option<String> {
        let version = self.inner.version.as_ref();
        version.map(ToString::to_string).filter(|text| text != "*")
    }

    /// The build it asks for, if it does.
    pub fn build(&self) -> Option<String> {
        self.inner.build.as_ref().map(ToString::to_string)
    }

    /// What it asks, without the name: `>=1.24,<2 *_cpython`, or `any version`.
    pub fn range(&self) -> String {
        let plain = self.written.rsplit("::").next().unwrap_or_default();
        match plain.strip_prefix(self.name.as_str()).map(str::trim) {
            None | Some("") => "any version".to_owned(),
            Some(range) => range.to_owned(),
        }
    }

    /// Whether it allows this version, builds aside.
    pub fn allows(&self, version: &Version) -> bool {
        let asked = self.inner.version.as_ref();
        asked.is_none_or(|asked| asked.matches(version.0.version()))
    }

    /// Whether it is met by this record.
    pub fn matches(&self, record: &Record) -> bool {
        self.is_from(record) && self.inner.matches(record.rattler())
    }

    /// Whether it is met by this record, were it from where it is asked for.
    pub(crate) fn fits(&self, record: &Record) -> bool {
        self.inner.matches(record.rattler())
    }

    /// Whether it is met by this property of the machine.
    pub fn is_met_by(&self, package: &VirtualPackage) -> bool {
        self.inner.matches(&package.to_rattler())
    }

    /// Whether the record is from where it may be. The solver compares none of this.
    pub(crate) fn is_from(&self, record: &Record) -> bool {
        let inner = &self.inner;
        let is_called = |channel: &String| record.channel().is_called(channel);
        self.channel.as_ref().is_none_or(is_called)
            && inner
                .subdir
                .as_ref()
                .is_none_or(|subdir| subdir == record.subdir())
            && inner
                .file_name
                .as_ref()
                .is_none_or(|name| *name == record.file_name())
    }

    /// Whether it says where a record must be from.
    pub(crate) fn has_place(&self) -> bool {
        let inner = &self.inner;
        self.channel.is_some() || inner.subdir.is_some() || inner.file_name.is_some()
    }

    pub(crate) fn rattler(&self) -> &MatchSpec {
        &self.inner
    }
}

impl fmt::Display for Spec {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.written)
    }
}

fn options(dialect: Dialect) -> ParseMatchSpecOptions {
    ParseMatchSpecOptions::new(strictness(dialect))
}

fn strictness(dialect: Dialect) -> ParseStrictness {
    match dialect {
        Dialect::Strict => ParseStrictness::Strict,
        Dialect::Lenient => ParseStrictness::Lenient,
    }
}

/// The channel in the words of the user as far as rattler keeps them, without secrets.
fn channel_text(channel: &rattler_conda_types::Channel, text: &str) -> Option<String> {
    let url = channel.base_url.as_str();
    let path = channel.base_url.url().path().trim_end_matches('/');
    if channel.base_url.url().scheme() == "file" && !text.contains(path) {
        return None;
    }
    let base = crate::ChannelBase::new("/");
    let channel = Channel::parse(url, &base).ok()?;
    let url = || channel.url().trim_end_matches('/');
    Some(channel.name().unwrap_or_else(url).to_owned())
}

#[cfg(test)]
mod tests;
