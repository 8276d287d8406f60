//! Project pages in HTML: PEP 503 and what was added to it.
//!
//! A page is a list of anchors and nothing else in it matters, so there is no document here, only a
//! walk from tag to tag. A tree of elements would be the slowest part of reading a large page.

use std::borrow::Cow;

use super::link::{Resolver, is_distribution};
use super::{Fault, MOST_FILES, Page, check_version};
use crate::name::DistributionName;
use crate::project::FileView;
use crate::text::printable;

/// Words by which pages of indexes and listings of folders are headed.
const HEADINGS: [&str; 4] = ["links for", "index of", "simple index", "directory listing"];

pub(super) fn files(
    page: &Page<'_>,
    name: Option<&DistributionName>,
    take: &mut dyn FnMut(&FileView<'_>),
) -> Result<(), Fault> {
    let text = page.text();
    let mut resolver = Resolver::new(page.url)?;
    let mut walk = Walk { rest: &text };
    let mut signs = Signs::default();
    let mut has_base = false;
    let mut count = 0;
    while let Some(tag) = walk.next_tag(&mut signs.words) {
        if tag.is("a") {
            let Some(href) = tag.attribute("href") else {
                continue;
            };
            let is_distribution = take_file(&tag, &href, &walk, &mut resolver, take);
            let Some(is_distribution) = is_distribution else {
                continue;
            };
            signs.is_index |= is_distribution;
            count += 1;
            if count > MOST_FILES {
                return Err(Fault::TooLarge);
            }
        } else if tag.is("base") && !has_base {
            if let Some(href) = tag.attribute("href") {
                resolver.rebase(&href);
                has_base = true;
            }
        } else if tag.is("meta") {
            if tag.attribute("name").as_deref() == Some("pypi:repository-version") {
                check_version(&tag.attribute("content").unwrap_or_default())?;
                signs.is_index = true;
            }
        } else if tag.is("title") || tag.is("h1") {
            signs.headings.extend(walk.words().map(Cow::into_owned));
        } else if tag.is("script") || tag.is("style") || tag.is("textarea") {
            // What looks like a tag in there is none.
            walk.skip_element(tag.name);
        } else if tag.is("form") {
            signs.has_form = true;
        }
    }
    signs.judge(name)
}

/// Hands on the file that an anchor leads to, if any, and tells whether it is a distribution.
fn take_file(
    tag: &Tag<'_>,
    href: &str,
    behind: &Walk<'_>,
    resolver: &mut Resolver,
    take: &mut dyn FnMut(&FileView<'_>),
) -> Option<bool> {
    let link = resolver.link(href)?;
    let mut is_file = is_distribution(&link.file);
    let mut label = None;
    if !is_file {
        // `download.php?id=7`: then the text is the name, as PEP 503 has it.
        label = behind.words().filter(|label| is_distribution(label));
        is_file = label.is_some();
    }
    let [
        mut python,
        mut yanked,
        mut uploaded,
        mut metadata,
        mut former,
    ] = [const { None }; 5];
    for (attribute, value) in tag.attributes() {
        let place = match attribute {
            _ if !attribute
                .get(..5)
                .is_some_and(|start| start.eq_ignore_ascii_case("data-")) =>
            {
                continue;
            }
            _ if attribute.eq_ignore_ascii_case("data-requires-python") => &mut python,
            _ if attribute.eq_ignore_ascii_case("data-yanked") => &mut yanked,
            _ if attribute.eq_ignore_ascii_case("data-upload-time") => &mut uploaded,
            _ if attribute.eq_ignore_ascii_case("data-core-metadata") => &mut metadata,
            _ if attribute.eq_ignore_ascii_case("data-dist-info-metadata") => &mut former,
            _ => continue,
        };
        place.get_or_insert_with(|| decoded(value));
    }
    // PEP 714: the new name goes first, and the old one counts only without it.
    let metadata = metadata.or(former);
    take(&FileView {
        name: label.as_deref().unwrap_or(&link.file),
        location: link.location(),
        requires_python: python.as_deref(),
        yanked: yanked.as_deref(),
        size: None,
        uploaded: uploaded.and_then(|time| time.parse().ok()),
        core_metadata: metadata
            .as_deref()
            .and_then(|said| match said.split_once('=') {
                Some(("sha256", digest)) => Some(digest),
                Some(_) => Some(""),
                None => (said == "true").then_some(""),
            }),
        hashes: link.hashes.clone(),
    });
    Some(is_file)
}

/// What tells a page of an index from any other.
#[derive(Default)]
struct Signs {
    /// A file of a distribution, or a version of the interface.
    is_index: bool,
    has_form: bool,
    headings: Vec<String>,
    /// Whether there is any text outside of tags.
    words: bool,
}

impl Signs {
    /// A page with a file is a page of an index, whatever else it is. Without one it must say so:
    /// by its version, by its heading, or by having nothing to say at all.
    fn judge(&self, name: Option<&DistributionName>) -> Result<(), Fault> {
        if self.is_index {
            return Ok(());
        }
        let is_headed = self.headings.iter().any(|heading| {
            let heading = heading.to_lowercase();
            HEADINGS.iter().any(|words| heading.contains(words))
                || name.is_some_and(|name| heading.parse().as_ref() == Ok(name))
        });
        if !self.has_form && (is_headed || !self.words) {
            return Ok(());
        }
        Err(Fault::NoIndex(match self.headings.first() {
            Some(heading) => format!(", and is headed `{}`", printable(heading)),
            None => String::new(),
        }))
    }
}

/// A walk through a page.
struct Walk<'p> {
    rest: &'p str,
}

/// An opening tag.
struct Tag<'p> {
    name: &'p str,
    /// What stands between the name and the `>`.
    attributes: &'p str,
}

impl<'p> Walk<'p> {
    /// The next opening tag; notes whether text was passed on the way.
    fn next_tag(&mut self, words: &mut bool) -> Option<Tag<'p>> {
        loop {
            let start = self.rest.find('<');
            let passed = &self.rest[..start.unwrap_or(self.rest.len())];
            *words |= !passed.trim().is_empty();
            let inside = &self.rest[start? + 1..];
            if let Some(comment) = inside.strip_prefix("!--") {
                let end = comment.find("-->")?;
                self.rest = &comment[end + 3..];
                continue;
            }
            let name_length = inside
                .find(|next: char| !next.is_ascii_alphanumeric())
                .unwrap_or(inside.len());
            let (name, rest) = inside.split_at(name_length);
            if name.is_empty() && !inside.starts_with(['/', '!', '?']) {
                // A `<` that begins no tag is text.
                *words = true;
                self.rest = inside;
                continue;
            }
            let end = tag_end(rest);
            self.rest = rest.get(end + 1..).unwrap_or_default();
            if !name.is_empty() {
                return Some(Tag {
                    name,
                    attributes: &rest[..end],
                });
            }
        }
    }

    /// The text up to the next tag, if it is any.
    fn words(&self) -> Option<Cow<'p, str>> {
        let words = self.rest.split('<').next().unwrap_or_default().trim();
        (!words.is_empty()).then(|| decoded(words))
    }

    /// Passes over the contents of an element. Without an end that is everything.
    fn skip_element(&mut self, name: &str) {
        let mut from = 0;
        while let Some(found) = self.rest[from..].find("</") {
            let at = from + found;
            let after = &self.rest[at + 2..];
            let is_end = after
                .get(..name.len())
                .is_some_and(|end| end.eq_ignore_ascii_case(name));
            if is_end {
                self.rest = after.get(tag_end(after) + 1..).unwrap_or_default();
                return;
            }
            from = at + 2;
        }
        self.rest = "";
    }
}

/// Where the `>` of a tag is: not within quotation marks. Without one, the end.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (index, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return index,
            // A mark opens a value only behind `=`; the walk over attributes is as strict.
            (None, b'"' | b'\'') if text[..index].trim_end().ends_with('=') => quote = Some(byte),
            (Some(mark), byte) if mark == byte => quote = None,
            _ => {}
        }
    }
    text.len()
}

impl<'p> Tag<'p> {
    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value of an attribute, decoded; empty if it has none.
    fn attribute(&self, wanted: &str) -> Option<Cow<'p, str>> {
        let mut attributes = self.attributes();
        let found = attributes.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| decoded(value))
    }

    /// All attributes: names and values as they are written.
    fn attributes(&self) -> impl Iterator<Item = (&'p str, &'p str)> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches(|next: char| next.is_whitespace() || next == '/');
            let is_end = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'=' | b'/');
            // Whatever stands first belongs to the name, or `=` would be an attribute without end.
            let length = rest.chars().next()?.len_utf8();
            let length = length
                + rest[length..]
                    .bytes()
                    .take_while(|byte| !is_end(byte))
                    .count();
            let (name, after) = rest.split_at(length);
            let (value, after) = match after.trim_start().strip_prefix('=') {
                Some(value) => split_value(value.trim_start()),
                None => ("", after),
            };
            rest = after;
            Some((name, value))
        })
    }
}

/// A value, with its quotation marks or up to white space, and what follows it.
fn split_value(text: &str) -> (&str, &str) {
    for mark in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(mark) {
            return inner.split_once(mark).unwrap_or((inner, ""));
        }
    }
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

/// A text with its character references resolved: the numeric ones and those that pages of indexes
/// have. Others stay as they are.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        result.push_str(before);
        let reference = after.split_once(';').and_then(|(name, after)| {
            let character = match name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                "nbsp" => ' ',
                "plus" => '+',
                "lowbar" => '_',
                "period" => '.',
                "comma" => ',',
                "equals" => '=',
                "num" => '#',
                "sol" => '/',
                "colon" => ':',
                _ => numeric(name)?,
            };
            Some((character, after))
        });
        let (character, after) = reference.unwrap_or(('&', after));
        result.push(character);
        rest = after;
    }
    result.push_str(rest);
    Cow::Owned(result)
}

/// The character of `#62` or `#x3E`.
fn numeric(name: &str) -> Option<char> {
    let digits = name.strip_prefix('#')?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => digits.parse(),
    };
    char::from_u32(code.ok()?).filter(|character| *character != '\0')
}
