//! The backends a program knows, by name.

use std::fmt;

use crate::Backend;

/// Backends in the order of registration. Nothing is global: whoever embeds this makes a registry of their own.
#[derive(Default)]
pub struct Registry {
    backends: Vec<Box<dyn Backend>>,
}

/// No backend has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no backend `{name}`{}; known are {}", self.suggestion(), .known.join(", "))]
pub struct UnknownBackend {
    /// What was asked.
    pub name: String,
    /// What there is.
    pub known: Vec<&'static str>,
}

impl UnknownBackend {
    fn suggestion(&self) -> String {
        let closest = ayon_model::closest(&self.name, self.known.iter().copied());
        ayon_model::did_you_mean(" (", &closest, ")")
    }
}

impl Registry {
    /// Without any backend.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a backend; one of the same name is replaced.
    pub fn register(&mut self, backend: Box<dyn Backend>) -> &mut Self {
        self.backends.retain(|known| known.name() != backend.name());
        self.backends.push(backend);
        self
    }

    /// The backend of this name.
    pub fn get(&self, name: &str) -> Result<&dyn Backend, UnknownBackend> {
        self.iter()
            .find(|backend| backend.name() == name)
            .ok_or_else(|| UnknownBackend {
                name: name.to_owned(),
                known: self.iter().map(Backend::name).collect(),
            })
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &dyn Backend> {
        self.backends.iter().map(AsRef::as_ref)
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_list()
            .entries(self.iter().map(Backend::name))
            .finish()
    }
}
