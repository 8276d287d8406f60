//! The lock as a value, its text, and what makes one of the other.

use std::sync::Arc;

use ayon_model::{Target, Variant};
use ayon_solve::Resolution;

use crate::cleaning::clean;
use crate::codec::target as codec;
use crate::digest::Digest;
use crate::error::{MakeError, OtherLock, Position, ReadError};
use crate::fault::Fault;
use crate::inputs::Inputs;
use crate::node::{Fields, Making, Node, Table, field};
use crate::shape::{Entry, MADE_FROM, SECTIONS};
use crate::toml_text;
use crate::unknown::{Unknown, graft};
use crate::{inputs, sharing};

/// The schema that this program writes: a later major is not read, a later minor is, and what is unknown of it is kept.
const SCHEMA: (u32, u32) = (1, 0);

/// The first lines of every lock.
const PREAMBLE: &str = "\
# What `ayon-resolve lock` chose. Review it, commit it, do not edit it: `ayon-resolve lock` writes it again.
# After a merge conflict take either side of the whole file and run `ayon-resolve lock`: what still fits is kept.
";

/// The root's own fields that are not part of what the digest is taken of: itself, and what the lock was made from,
/// which does not change what it is.
const UNDIGESTED: [&str; 2] = ["digest", "made_from"];

/// For what a lock was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The bundle; none for a plan.
    pub bundle: Option<Arc<str>>,
    /// Whose settings.
    pub variant: Option<Variant>,
    /// The project whose bundle is laid over the studio's.
    pub project: Option<String>,
    /// The backend that has solved for it, whose formats alone can be made of the lock without solving; none where the
    /// bundle's requirements are locked and nothing more.
    pub backend: Option<String>,
}

/// What was chosen for every target of a bundle.
///
/// The targets are sorted, and within each the addons by name, the relations by what is asked for and the Python
/// packages by name, so that equal choices are equal locks. URLs have lost what may be secret in them.
#[derive(Clone, Debug, PartialEq)]
pub struct Lock {
    subject: Subject,
    inputs: Inputs,
    resolutions: Vec<Resolution>,
    /// Of the schema, which is a later one where a later program wrote the lock.
    minor: u32,
    unknown: Kept,
}

/// What a later program wrote and this one does not know.
#[derive(Clone, Debug, Default, PartialEq)]
struct Kept {
    root: Table,
    inputs: Unknown,
    /// By the names of the targets in the file.
    targets: Vec<(String, Unknown)>,
}

impl Lock {
    /// A lock of these `resolutions`, in any order, which were made from `inputs`.
    pub fn of(
        subject: Subject,
        inputs: Inputs,
        resolutions: impl IntoIterator<Item = Resolution>,
    ) -> Result<Self, MakeError> {
        let mut lock = Self {
            subject,
            inputs,
            resolutions: Vec::new(),
            minor: SCHEMA.1,
            unknown: Kept::default(),
        };
        lock.put(resolutions)?;
        Ok(lock)
    }

    /// The same lock with these resolutions for their targets, made from `inputs`: other targets stay, and so does what
    /// a later program wrote about what is unchanged.
    pub fn with(
        mut self,
        inputs: Inputs,
        resolutions: impl IntoIterator<Item = Resolution>,
    ) -> Result<Self, MakeError> {
        let resolutions: Vec<Resolution> = resolutions.into_iter().collect();
        self.inputs = inputs;
        self.resolutions.retain(|known| {
            let is_new = |new: &Resolution| new.target == known.target;
            !resolutions.iter().any(is_new)
        });
        self.put(resolutions)?;
        Ok(self)
    }

    /// The same lock with nothing for targets that are not `wanted`.
    #[must_use]
    pub fn only(mut self, wanted: &[Target]) -> Self {
        self.resolutions
            .retain(|resolution| wanted.contains(&resolution.target));
        let labels: Vec<String> = wanted.iter().map(codec::label).collect();
        self.unknown
            .targets
            .retain(|(label, _)| labels.contains(label));
        self
    }

    fn put(&mut self, resolutions: impl IntoIterator<Item = Resolution>) -> Result<(), MakeError> {
        for resolution in resolutions {
            if resolution.bundle != self.subject.bundle {
                return Err(MakeError::TwoBundles {
                    target: resolution.target,
                    found: bundle_words(resolution.bundle.as_deref()),
                    wanted: bundle_words(self.subject.bundle.as_deref()),
                });
            }
            self.resolutions.push(clean(resolution)?);
        }
        let by_label = |resolution: &Resolution| codec::label(&resolution.target);
        self.resolutions.sort_by_key(by_label);
        let twice = self
            .resolutions
            .windows(2)
            .find(|pair| matches!(pair, [one, other] if one.target == other.target));
        match twice {
            Some([one, ..]) => Err(MakeError::Twice(one.target.clone())),
            _ => Ok(()),
        }
    }

    /// For what it was made.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// What it was made from.
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// What was chosen, by target.
    pub fn resolutions(&self) -> &[Resolution] {
        &self.resolutions
    }

    /// What was chosen for one target.
    pub fn resolution(&self, target: &Target) -> Result<&Resolution, OtherLock> {
        let found = self.resolutions.iter().find(|one| one.target == *target);
        found.ok_or_else(|| OtherLock::Target {
            wanted: target.clone(),
            known: self.targets().cloned().collect(),
        })
    }

    /// Its targets.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.resolutions.iter().map(|resolution| &resolution.target)
    }

    /// Refuses a lock that is not for this bundle.
    pub fn expect_bundle(&self, bundle: Option<&str>) -> Result<(), OtherLock> {
        if self.subject.bundle.as_deref() == bundle {
            return Ok(());
        }
        Err(OtherLock::Bundle {
            found: bundle_words(self.subject.bundle.as_deref()),
            wanted: bundle_words(bundle),
        })
    }

    /// Refuses a lock for which `backend` has not solved.
    pub fn expect_backend(&self, backend: &str) -> Result<(), OtherLock> {
        if self.subject.backend.as_deref() == Some(backend) {
            return Ok(());
        }
        Err(OtherLock::Backend {
            found: self.subject.backend.clone(),
            wanted: backend.to_owned(),
        })
    }

    /// The identity of the environment: of everything in the lock but what it was made from.
    pub fn digest(&self) -> Digest {
        Digest::of_tree(&self.tree(), &UNDIGESTED)
    }

    /// The file's text: the same bytes for the same choice, in whatever order it came.
    pub fn to_text(&self) -> String {
        let mut root = self.tree();
        let digest = Digest::of_tree(&root, &UNDIGESTED).to_string();
        root.insert(1, ("digest".to_owned(), Node::text(digest)));
        format!("{PREAMBLE}\n{}", toml_text::write(&root))
    }

    /// The root without its digest.
    fn tree(&self) -> Table {
        let mut labels = Vec::new();
        let mut targets = Vec::new();
        let mut contents = Vec::new();
        for resolution in &self.resolutions {
            let label = codec::label(&resolution.target);
            let mut fields = codec::fields(resolution);
            let mut entries = codec::entries(resolution);
            if let Some((_, unknown)) = self
                .unknown
                .targets
                .iter()
                .find(|(known, _)| *known == label)
            {
                graft(&mut fields, unknown.own.clone());
                unknown.restore(&mut entries);
            }
            labels.push(label);
            targets.push(Node::table(fields));
            contents.push(entries);
        }
        let mut root = Making::default()
            .text("schema", format!("{}.{}", SCHEMA.0, self.minor))
            .all(self.subject.fields())
            .table(MADE_FROM.name, self.made_from())
            .node("target", Node::list(targets))
            .done();
        for (name, node) in sharing::share(&labels, contents) {
            root.push((name.to_owned(), node));
        }
        graft(&mut root, self.unknown.root.clone());
        root
    }

    fn made_from(&self) -> Table {
        let mut entry = [inputs::entry(&self.inputs)];
        self.unknown.inputs.restore(&mut entry);
        let [entry] = entry;
        let mut fields = entry.head;
        for (list, lines) in MADE_FROM.lists.iter().zip(entry.lists) {
            if !lines.is_empty() {
                fields.push((list.name.to_owned(), Node::list(lines)));
            }
        }
        fields
    }

    /// Reads a lock, and refuses one that has changed since it was written.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        let (lock, checked) = read(text)?;
        checked.map(|()| lock)
    }

    /// Reads a lock whatever its digest says: one that was merged or changed by hand is still good for what to prefer
    /// when it is locked again, and for a difference. Never install from it.
    pub fn read_changed(text: &str) -> Result<Self, ReadError> {
        read(text).map(|(lock, _)| lock)
    }
}

impl Subject {
    fn fields(&self) -> Table {
        let variant = self.variant.as_ref().map(|variant| match variant {
            Variant::Production => "production".to_owned(),
            Variant::Staging => "staging".to_owned(),
            Variant::Dev(name) => format!("dev {name}"),
        });
        Making::default()
            .maybe("bundle", self.bundle.as_ref())
            .maybe("variant", variant)
            .maybe("project", self.project.as_ref())
            .maybe("backend", self.backend.as_ref())
            .done()
    }

    fn read(fields: Fields<'_>) -> Result<Self, Fault> {
        let variant = fields.maybe("variant")?.map(|text| match text {
            "production" => Ok(Variant::Production),
            "staging" => Ok(Variant::Staging),
            _ => match text.strip_prefix("dev ") {
                Some(name) => Ok(Variant::Dev(name.to_owned())),
                None => Err(Fault::new(
                    fields.get("variant").map_or(0, |node| node.at),
                    "`variant` is `production`, `staging` or `dev BUNDLE`",
                )),
            },
        });
        Ok(Self {
            bundle: fields.maybe("bundle")?.map(Arc::from),
            variant: variant.transpose()?,
            project: fields.maybe("project")?.map(str::to_owned),
            backend: fields.maybe("backend")?.map(str::to_owned),
        })
    }
}

pub(crate) fn bundle_words(bundle: Option<&str>) -> String {
    match bundle {
        Some(name) => format!("bundle {}", ayon_model::printable(name)),
        None => "no bundle".to_owned(),
    }
}

/// The lock in a text, and whether its digest is right.
fn read(text: &str) -> Result<(Lock, Result<(), ReadError>), ReadError> {
    let root = toml_text::parse(text)?;
    let minor = schema(text, &root)?;
    let field_error = |fault: Fault| ReadError::Field {
        at: Position::of(text, fault.at),
        message: fault.message,
    };
    let fields = Fields::new(&root, 0);
    let written: Digest = fields.parse("digest").map_err(field_error)?;
    let mut unknown = Kept {
        root: unknown_of_root(&root),
        ..Kept::default()
    };
    let mut lock = Lock {
        subject: Subject::read(fields).map_err(field_error)?,
        inputs: inputs::read(fields, &mut unknown.inputs).map_err(field_error)?,
        resolutions: Vec::new(),
        minor,
        unknown,
    };
    read_targets(&root, &mut lock).map_err(field_error)?;
    let computed = Digest::of_tree(&root, &UNDIGESTED);
    let checked = if written == computed {
        Ok(())
    } else {
        Err(ReadError::Digest {
            at: Position::of(text, field(&root, "digest").map_or(0, |node| node.at)),
            written,
            computed,
        })
    };
    Ok((lock, checked))
}

/// The minor version of the schema, if the major one is known.
fn schema(text: &str, root: &Table) -> Result<u32, ReadError> {
    let damaged = |at, message: &str| ReadError::Field {
        at: Position::of(text, at),
        message: message.to_owned(),
    };
    let Some(node) = field(root, "schema") else {
        return Err(damaged(
            0,
            "`schema` is missing: this is no lock of ayon-resolve",
        ));
    };
    let parts = node.as_text().and_then(|text| {
        let (major, minor) = text.split_once('.')?;
        Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?))
    });
    match parts {
        Some((major, minor)) if major == SCHEMA.0 => Ok(minor.max(SCHEMA.1)),
        Some((major, minor)) if major > SCHEMA.0 => Err(ReadError::Newer {
            at: Position::of(text, node.at),
            found: format!("{major}.{minor}"),
            known: SCHEMA.0,
        }),
        _ => Err(damaged(node.at, "`schema` is no version such as \"1.0\"")),
    }
}

/// The tables and fields that a later schema has put beside those of this one.
fn unknown_of_root(root: &Table) -> Table {
    const KNOWN: [&str; 8] = [
        "schema",
        "digest",
        "bundle",
        "variant",
        "project",
        "backend",
        "made_from",
        "target",
    ];
    let is_known =
        |name: &str| KNOWN.contains(&name) || SECTIONS.iter().any(|section| section.name == name);
    let unknown = root.iter().filter(|(name, _)| !is_known(name));
    unknown.cloned().collect()
}

fn read_targets(root: &Table, lock: &mut Lock) -> Result<(), Fault> {
    let nodes = Fields::new(root, 0).list("target")?;
    let mut labels = Vec::new();
    let mut targets = Vec::new();
    for node in nodes {
        let name = node
            .expect_table()
            .and_then(|own| Ok((own.text("name")?, own)));
        let (name, own) = name.map_err(|fault| fault.inside("target"))?;
        let target = codec::parse_label(name).ok_or_else(|| {
            own.fault("`name` is no target, such as `linux-64/launcher` or `win-64/maya/2025`")
                .inside("target")
        })?;
        let label = codec::label(&target);
        if label != name || labels.contains(&label) {
            return Err(own
                .fault("`name` is not unique, or not as it is written here")
                .inside("target"));
        }
        labels.push(label);
        targets.push((target, node));
    }
    let contents: Vec<Vec<Entry>> = sharing::unshare(&labels, root)?;
    for ((label, (target, node)), entries) in labels.into_iter().zip(targets).zip(contents) {
        let mut unknown = Unknown::default();
        let bundle = lock.subject.bundle.clone();
        let resolution = codec::read(bundle, target, node, &entries, &mut unknown)
            .map_err(|fault| fault.inside(&label))?;
        // What was written is clean already: this sorts what a merge may have put out of order.
        let resolution =
            clean(resolution).map_err(|error| Fault::new(node.at, error.to_string()))?;
        lock.resolutions.push(resolution);
        if unknown != Unknown::default() {
            lock.unknown.targets.push((label, unknown));
        }
    }
    lock.resolutions
        .sort_by_key(|resolution| codec::label(&resolution.target));
    Ok(())
}
