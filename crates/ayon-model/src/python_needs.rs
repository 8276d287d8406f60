//! What an addon release needs of Python: the tables of its client's `pyproject.toml`.
//!
//! `[tool.poetry.dependencies]` becomes the *dependencies* half of a dependency package and reaches every process;
//! `[ayon.runtimeDependencies]` becomes the *runtime* half and reaches the launcher's process alone. The key `python`
//! of the former is about the interpreter. A requirement that cannot be read is kept as such: it never means "any".

use pypi::VersionSet;
use pypi::poetry::Dependency;

use crate::{Origin, System};

/// Which half of a dependency package a requirement belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Half {
    /// `[tool.poetry.dependencies]`: every process.
    Dependencies,
    /// `[ayon.runtimeDependencies]`: the launcher's process.
    Runtime,
}

/// One requirement of a release on a Python distribution.
#[derive(Clone, Debug, PartialEq)]
pub struct PythonRequirement {
    /// What is asked.
    pub dependency: Dependency,
    /// In which half.
    pub half: Half,
    /// The only system it is for, when it stands in a platform's sub-table.
    pub system: Option<System>,
    /// Who asks, and where.
    pub origin: Origin,
}

/// The interpreter a release asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct InterpreterRequirement {
    /// The versions that will do.
    pub set: VersionSet,
    /// As written.
    pub text: String,
    /// Who asks, and where.
    pub origin: Origin,
}

/// A requirement nobody can act on until it is mended.
#[derive(Clone, Debug, PartialEq)]
pub struct UnreadableRequirement {
    /// The key: a distribution's name as written.
    pub name: String,
    /// What is wrong.
    pub message: String,
    /// Who asks, and where.
    pub origin: Origin,
}

/// Everything a release needs of Python, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PythonNeeds {
    /// The interpreter.
    pub interpreter: Option<InterpreterRequirement>,
    /// The distributions of both halves.
    pub distributions: Vec<PythonRequirement>,
    /// What could not be read.
    pub unreadable: Vec<UnreadableRequirement>,
}
