//! The files and variables, laid over each other (`src/rez/config.py`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use python_literal::{Entry, Module, Node, Reason, Value};

use super::modify::ModifyList;
use super::typed::{Kind, Setting};
use super::{ConfigError, Origin, SkippedSetting, Surroundings};
use crate::yaml;

/// A file of settings is a few kilobytes.
const MAX_BYTES: u64 = python_literal::MAX_BYTES as u64;

/// The settings that matter here, and how a variable spells them.
const KEYS: [(&str, Kind); 13] = [
    ("packages_path", Kind::Paths),
    ("local_packages_path", Kind::Text),
    ("implicit_packages", Kind::Texts),
    ("platform_map", Kind::Structure),
    ("package_filter", Kind::Structure),
    ("package_orderers", Kind::Structure),
    ("variant_select_mode", Kind::Text),
    ("allow_unversioned_packages", Kind::Flag),
    ("error_on_missing_variant_requires", Kind::Flag),
    ("resolve_caching", Kind::Flag),
    ("package_cache_async", Kind::Flag),
    ("package_cache_during_build", Kind::Flag),
    ("prune_failed_graph", Kind::Flag),
];

/// The settings of plugins, which variables do not override.
const PLUGINS: &str = "plugins";

/// What rez's own `rezconfig.py`, and that of its filesystem repositories, say of them.
const DEFAULTS: &str = r#"
packages_path = ["~/packages", "~/.rez/packages/int", "~/.rez/packages/ext"]
local_packages_path = "~/packages"
implicit_packages = ["~platform=={system.platform}", "~arch=={system.arch}", "~os=={system.os}"]
platform_map = {}
package_filter = None
package_orderers = None
variant_select_mode = "version_priority"
allow_unversioned_packages = True
error_on_missing_variant_requires = True
resolve_caching = True
package_cache_async = True
package_cache_during_build = False
prune_failed_graph = True
plugins = {
    "package_repository": {
        "filesystem": {"package_filenames": ["package"], "check_package_definition_files": False}
    }
}
"#;

/// The settings as they are written, before anything in them is expanded.
#[derive(Debug, Clone)]
pub struct Settings {
    values: BTreeMap<&'static str, (Node, Origin)>,
    files: Vec<PathBuf>,
    skipped: Vec<SkippedSetting>,
}

/// What a file says of a setting.
enum Said {
    Value(Node),
    Modify(ModifyList),
}

impl Settings {
    /// Reads rez's files and variables, in rez's order.
    ///
    /// # Errors
    /// Where a file cannot be read or is not what its name says, and where a variable does not say what its setting may
    /// be. A file that is not there is no mistake.
    pub fn read(surroundings: &Surroundings<'_>) -> Result<Self, ConfigError> {
        let mut settings = Self {
            values: BTreeMap::new(),
            files: Vec::new(),
            skipped: Vec::new(),
        };
        settings.lay_python(Path::new("rezconfig.py"), DEFAULTS, &|_| Origin::Defaults)?;
        for path in paths(surroundings) {
            settings.lay_file(&path)?;
        }
        settings.lay_variables(surroundings)?;
        Ok(settings)
    }

    /// The files that were there, in the order in which they were laid over each other.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The settings that only running a file would tell.
    pub fn skipped(&self) -> &[SkippedSetting] {
        &self.skipped
    }

    /// A setting, for whoever knows its type.
    pub(super) fn setting(&self, name: &'static str) -> Setting<'_> {
        // The defaults have every one.
        static NOTHING: (Node, Origin) = (
            Node {
                value: Value::None,
                line: 0,
            },
            Origin::Defaults,
        );
        let (node, origin) = self.values.get(name).unwrap_or(&NOTHING);
        Setting::new(name, &node.value, origin)
    }

    /// Lays the file of a path over what is there: the one that ends in `.py`, or else the path itself, which is YAML.
    fn lay_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let python = path.with_extension("py");
        let in_file = |path: &Path| {
            let path = path.to_owned();
            move |line| Origin::File(path.clone(), line)
        };
        if python.is_file() {
            let text = ayon_disk::read_to_string(&python, MAX_BYTES)?;
            self.lay_python(&python, &text, &in_file(&python))?;
            self.files.push(python);
        } else if path.is_file() {
            let text = ayon_disk::read_to_string(path, MAX_BYTES)?;
            self.lay_yaml(path, &text, &in_file(path))?;
            self.files.push(path.to_owned());
        }
        Ok(())
    }

    fn lay_python(
        &mut self,
        path: &Path,
        text: &str,
        origin: &dyn Fn(u32) -> Origin,
    ) -> Result<(), ConfigError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let wrong = |message: String| ConfigError::File {
            path: path.to_owned(),
            message,
        };
        let module = python_literal::parse(text).map_err(|error| wrong(error.to_string()))?;
        for name in names() {
            match said(name, &module, text) {
                None => {}
                Some(Ok(said)) => self.lay(name, said, origin)?,
                Some(Err((line, reason))) => self.skipped.push(SkippedSetting {
                    file: path.to_owned(),
                    line,
                    setting: name,
                    reason,
                }),
            }
        }
        Ok(())
    }

    fn lay_yaml(
        &mut self,
        path: &Path,
        text: &str,
        origin: &dyn Fn(u32) -> Origin,
    ) -> Result<(), ConfigError> {
        let wrong = |message: String| ConfigError::File {
            path: path.to_owned(),
            message,
        };
        let document = yaml::read(text).map_err(|error| wrong(error.to_string()))?;
        let entries = match document.value {
            Value::Dict(entries) => entries,
            Value::None => return Ok(()),
            other => {
                return Err(wrong(format!(
                    "expected a table of settings, found {}",
                    other.kind()
                )));
            }
        };
        for entry in entries {
            if let Some(name) = names().find(|name| entry.key.value.as_str() == Some(name)) {
                let node = Node {
                    value: entry.value.value,
                    line: entry.key.line,
                };
                self.lay(name, Said::Value(node), origin)?;
            }
        }
        Ok(())
    }

    /// Lays one setting over what is there: tables merge, lists are modified, everything else is replaced.
    fn lay(
        &mut self,
        name: &'static str,
        said: Said,
        origin: &dyn Fn(u32) -> Origin,
    ) -> Result<(), ConfigError> {
        let old = self.values.remove(name).map(|(node, _)| node);
        let (node, origin) = match said {
            Said::Value(node) => {
                let origin = origin(node.line);
                (merged(old, node), origin)
            }
            Said::Modify(modify) => {
                let origin = origin(modify.line);
                let node = modify.apply(old).map_err(|message| ConfigError::Setting {
                    setting: name,
                    origin: origin.clone(),
                    message,
                })?;
                (node, origin)
            }
        };
        self.values.insert(name, (node, origin));
        Ok(())
    }

    /// `REZ_X` and `REZ_X_JSON` replace the setting `x`.
    fn lay_variables(&mut self, surroundings: &Surroundings<'_>) -> Result<(), ConfigError> {
        for (name, kind) in KEYS {
            let plain = format!("REZ_{}", name.to_uppercase());
            let json = format!("{plain}_JSON");
            let (value, variable) = if let Some(text) = (surroundings.variable)(&plain) {
                (kind.parse(&text, &json), plain)
            } else if let Some(text) = (surroundings.variable)(&json) {
                (parse_json(&text), json)
            } else {
                continue;
            };
            let origin = Origin::Variable(variable);
            let value = value.map_err(|message| ConfigError::Setting {
                setting: name,
                origin: origin.clone(),
                message,
            })?;
            self.values.insert(name, (Node { value, line: 0 }, origin));
        }
        Ok(())
    }
}

fn names() -> impl Iterator<Item = &'static str> {
    KEYS.into_iter().map(|(name, _)| name).chain([PLUGINS])
}

/// The files that rez looks for, the defaults apart.
fn paths(surroundings: &Surroundings<'_>) -> Vec<PathBuf> {
    let variable = surroundings.variable;
    let separator = if cfg!(windows) { ';' } else { ':' };
    let listed = variable("REZ_CONFIG_FILE").unwrap_or_default();
    let mut paths: Vec<PathBuf> = listed
        .split(separator)
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
        .collect();
    let disabled = variable("REZ_DISABLE_HOME_CONFIG")
        .unwrap_or_default()
        .to_lowercase();
    if !["1", "t", "true"].contains(&disabled.as_str())
        && let Some(home) = surroundings.home
    {
        paths.push(home.join(".rezconfig"));
    }
    paths
}

/// What a Python file says of a setting, or the line and the reason why that is not known.
fn said(name: &str, module: &Module, source: &str) -> Option<Result<Said, (u32, String)>> {
    match module.node(name)? {
        Ok(node) => Some(Ok(Said::Value(Node {
            value: node.value.clone(),
            line: module.line(name).unwrap_or(node.line),
        }))),
        Err(reason) => match ModifyList::read(name, module, source) {
            Some(modify) => Some(Ok(Said::Modify(modify))),
            None if matches!(&reason.reason, Reason::Operation(call) if call == "ModifyList(…)") =>
            {
                let message = "what this ModifyList adds takes running the file to know";
                Some(Err((reason.line, message.to_owned())))
            }
            None => Some(Err((reason.line, reason.reason.to_string()))),
        },
    }
}

/// A value laid over another one: tables merge, deep down; everything else is replaced. The depth is what the readers let
/// through.
fn merged(old: Option<Node>, new: Node) -> Node {
    let (
        Some(Node {
            value: Value::Dict(mut entries),
            ..
        }),
        Value::Dict(additions),
    ) = (old, &new.value)
    else {
        return new;
    };
    for addition in additions {
        match entries.iter_mut().find(|entry| entry.key == addition.key) {
            Some(entry) => entry.value = merged(Some(entry.value.clone()), addition.value.clone()),
            None => entries.push(Entry {
                key: addition.key.clone(),
                value: addition.value.clone(),
            }),
        }
    }
    Node {
        value: Value::Dict(entries),
        line: new.line,
    }
}

/// A JSON text. It is read as YAML, of which JSON is a part, since that keeps the order of tables: the first pattern of a
/// `platform_map` counts.
fn parse_json(text: &str) -> Result<Value, String> {
    serde_json::from_str::<serde_json::Value>(text)
        .map_err(|error| format!("this is not JSON: {error}"))?;
    yaml::read(text)
        .map(|node| node.value)
        .map_err(|error| error.to_string())
}
