//! Who asks what of a family: what an explanation is made of.

use std::sync::Arc;

use crate::requirement::Requirement;
use crate::version::Version;

/// A family about which statements exclude each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contested {
    /// The family.
    pub family: Arc<str>,
    /// Who says what about it. Together they leave nothing.
    pub statements: Vec<Statement>,
}

/// What somebody asks of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Who asks.
    pub subject: Subject,
    /// What.
    pub requirement: Requirement,
}

/// Who asks for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The request itself.
    Request,
    /// Variants of a family.
    Variants {
        /// The family.
        family: Arc<str>,
        /// The versions, with the variants of each where the package has several and not all are meant.
        versions: Vec<(Version, Vec<usize>)>,
        /// Who asked for that family: families, up to one that was requested.
        path: Vec<Arc<str>>,
    },
}

/// Adds what is said of a family to what is known to be said of it.
pub(crate) fn gather(contested: &mut Vec<Contested>, new: Contested) {
    let known = contested
        .iter()
        .position(|known| known.family == new.family);
    let at = known.unwrap_or_else(|| {
        contested.push(Contested {
            family: new.family,
            statements: Vec::new(),
        });
        contested.len() - 1
    });
    for statement in new.statements {
        join(&mut contested[at].statements, statement);
    }
}

/// Adds a statement, or its versions to one that says the same.
pub(super) fn join(statements: &mut Vec<Statement>, new: Statement) {
    let same = statements.iter_mut().find(|known| {
        let subject = match (&known.subject, &new.subject) {
            (Subject::Request, Subject::Request) => true,
            (Subject::Variants { family: a, .. }, Subject::Variants { family: b, .. }) => a == b,
            _ => false,
        };
        subject && known.requirement.to_string() == new.requirement.to_string()
    });
    let Some(known) = same else {
        statements.push(new);
        return;
    };
    if let (Subject::Variants { versions, .. }, Subject::Variants { versions: more, .. }) =
        (&mut known.subject, new.subject)
    {
        for (version, indices) in more {
            match versions.iter_mut().find(|(known, _)| *known == version) {
                None => versions.push((version, indices)),
                Some((_, known)) => {
                    known.extend(indices);
                    known.sort_unstable();
                    known.dedup();
                }
            }
        }
    }
}
