//! Settings in rez's plain-data form ("pod"): what stands in a rezconfig and in a context as lists, dicts and texts.

use serde_json::{Map, Value};

use crate::version::shown;

/// A setting that rez would not take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct PodError {
    /// Which, such as `package_orderers[1].first_version`.
    pub place: String,
    /// What is wrong with it.
    pub message: String,
}

/// A value with its place.
#[derive(Clone)]
pub(crate) struct Pod<'a> {
    pub(crate) value: &'a Value,
    place: String,
}

impl<'a> Pod<'a> {
    /// The setting called `name`.
    pub(crate) fn new(name: &str, value: &'a Value) -> Self {
        Self {
            value,
            place: name.to_owned(),
        }
    }

    /// What is wrong here.
    pub(crate) fn error(&self, message: impl Into<String>) -> PodError {
        PodError {
            place: self.place.clone(),
            message: message.into(),
        }
    }

    /// Something else is here.
    pub(crate) fn expected(&self, what: &str) -> PodError {
        let found = shown(&self.value.to_string());
        self.error(format!("`{found}` is not {what}"))
    }

    pub(crate) fn text(&self) -> Result<&'a str, PodError> {
        self.value.as_str().ok_or_else(|| self.expected("a text"))
    }

    pub(crate) fn integer(&self) -> Result<i64, PodError> {
        self.value
            .as_i64()
            .ok_or_else(|| self.expected("an integer"))
    }

    pub(crate) fn truth(&self) -> Result<bool, PodError> {
        self.value
            .as_bool()
            .ok_or_else(|| self.expected("True or False"))
    }

    pub(crate) fn items(&self) -> Result<Vec<Self>, PodError> {
        let items = self.value.as_array();
        let items = items.ok_or_else(|| self.expected("a list"))?.iter();
        let placed = items.enumerate().map(|(index, value)| Self {
            value,
            place: format!("{}[{index}]", self.place),
        });
        Ok(placed.collect())
    }

    /// An entry of a dict; None where it is absent.
    pub(crate) fn entry(&self, key: &str) -> Result<Option<Self>, PodError> {
        let object: Option<&Map<String, Value>> = self.value.as_object();
        let object = object.ok_or_else(|| self.expected("a dict"))?;
        Ok(object.get(key).map(|value| Self {
            value,
            place: format!("{}.{key}", self.place),
        }))
    }

    /// An entry of a dict that has to be there.
    pub(crate) fn required(&self, key: &str) -> Result<Self, PodError> {
        let entry = self.entry(key)?;
        entry.ok_or_else(|| self.error(format!("it has no `{key}`")))
    }
}
