//! Where AYON's files lie on each system: nothing is copied into a package, so packages have to say.
//!
//! A place is a template. `{version}` is the version of the launcher or addon, `{name}` the addon's name, `{installer}` the
//! launcher's installer without its ending, which is the folder it unpacks to on Linux; `{storage}` is the storage
//! folder's template. `$HOME` and `${HOME}` stay as they are and mean the variable where the environment is entered, and
//! so does `{root}`, rez's own word for the package's folder, for a site that copies the files there.

use std::collections::BTreeMap;

use ayon_model::System;

/// The places on one system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roots {
    /// The folder of the launcher's executable (`AYON_ROOT`).
    pub launcher: String,
    /// The executable in it.
    pub executable: String,
    /// The launcher's storage folder (`AYON_LAUNCHER_STORAGE_DIR`), which has `addons` and `dependency_packages`.
    pub storage: String,
    /// The folder of an addon's client code, which goes to `PYTHONPATH`.
    pub addon: String,
}

/// A template that cannot be filled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{template}` is no place for files of AYON on {system}: {reason}")]
pub struct RootsError {
    /// As written.
    pub template: String,
    /// On which system.
    pub system: System,
    /// What is wrong, and what to write.
    pub reason: String,
}

impl Roots {
    /// Where AYON itself puts them: installers on Windows and macOS, the user's data folder for everything else.
    ///
    /// On Linux nobody installs the launcher but the person who unpacks it; a folder `app` beside the addons is as good
    /// a guess as any.
    pub fn of(system: System) -> Self {
        let (launcher, executable, storage) = match system {
            System::Linux => (
                "{storage}/app/{installer}",
                "ayon",
                "$HOME/.local/share/AYON",
            ),
            System::Windows => (
                "$PROGRAMFILES/Ynput/AYON {version}",
                "ayon.exe",
                "$LOCALAPPDATA/Ynput/AYON",
            ),
            System::Darwin => (
                "/Applications/AYON {version}.app/Contents/MacOS",
                "ayon",
                "$HOME/Library/Application Support/AYON",
            ),
        };
        Self {
            launcher: launcher.to_owned(),
            executable: executable.to_owned(),
            storage: storage.to_owned(),
            addon: "{storage}/addons/{name}_{version}".to_owned(),
        }
    }

    /// AYON's own places on all systems.
    pub fn usual() -> BTreeMap<System, Self> {
        System::ALL.map(|system| (system, Self::of(system))).into()
    }

    pub(crate) fn storage(&self, system: System) -> Result<String, RootsError> {
        fill(&self.storage, system, &[])
    }

    pub(crate) fn launcher(
        &self,
        system: System,
        version: &str,
        installer: &str,
    ) -> Result<String, RootsError> {
        let storage = self.storage(system)?;
        let words = [
            ("version", version),
            ("installer", installer),
            ("storage", &storage),
        ];
        fill(&self.launcher, system, &words)
    }

    pub(crate) fn addon(
        &self,
        system: System,
        name: &str,
        version: &str,
    ) -> Result<String, RootsError> {
        let storage = self.storage(system)?;
        let words = [("version", version), ("name", name), ("storage", &storage)];
        fill(&self.addon, system, &words)
    }
}

/// A template with its words filled in; `{root}` and `${VARIABLE}` stay.
fn fill(template: &str, system: System, words: &[(&str, &str)]) -> Result<String, RootsError> {
    let error = |reason: String| RootsError {
        template: ayon_model::printable(template),
        system,
        reason,
    };
    if template.is_empty() {
        return Err(error("it is empty".to_owned()));
    }
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, inner) = rest.split_at(at);
        out.push_str(before);
        let Some((word, after)) = inner
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'))
        else {
            return Err(error("a brace stands alone".to_owned()));
        };
        if before.ends_with('$') || word == "root" {
            out.extend(["{", word, "}"]);
        } else if let Some((_, text)) = words.iter().find(|(known, _)| *known == word) {
            out.push_str(text);
        } else {
            let known = words.iter().map(|(known, _)| format!("{{{known}}}, "));
            let known: String = known.collect();
            return Err(error(format!(
                "`{{{}}}` is not known here; known are {known}{{root}} and variables such as $HOME",
                ayon_model::printable(word)
            )));
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_filled() {
        let roots = Roots::of(System::Linux);
        assert_eq!(
            roots
                .launcher(System::Linux, "1.6.3", "AYON-1.6.3-linux-rocky9")
                .as_deref(),
            Ok("$HOME/.local/share/AYON/app/AYON-1.6.3-linux-rocky9")
        );
        assert_eq!(
            Roots::of(System::Windows)
                .addon(System::Windows, "core", "1.9.7")
                .as_deref(),
            Ok("$LOCALAPPDATA/Ynput/AYON/addons/core_1.9.7")
        );
        let own = Roots {
            addon: "{root}/${USER}/{name}".to_owned(),
            ..roots
        };
        assert_eq!(
            own.addon(System::Linux, "core", "1").as_deref(),
            Ok("{root}/${USER}/core")
        );
    }

    #[test]
    fn what_cannot_be_filled_is_refused() {
        for template in ["", "{nmae}", "{name", "name}", "{}"] {
            let roots = Roots {
                addon: template.to_owned(),
                ..Roots::of(System::Linux)
            };
            assert!(
                roots.addon(System::Linux, "core", "1").is_err(),
                "{template}"
            );
        }
    }
}
