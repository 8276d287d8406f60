//! Failures told so that they can be mended.
//!
//! rez reports the first phase that failed, which is often not the cause: an earlier choice had to fail there, and all the
//! later ones failed elsewhere. [`explain`] asks the solver more. It first drops requests as long as the rest still fails, so
//! that what stays are requests of which none can be blamed alone. Then it looks into every phase in which those fail, and
//! lists for each *contested* family who asks for what: every version that was ruled out, both sides of it, and by which
//! way it came into the resolve.
//!
//! ```text
//! `maya-2024 nuke` cannot be had together (35 other requests do not matter)
//!
//!   qt
//!     maya-2024.1, 2024.2  needs   qt-5
//!     nuke-15.0            needs   qt-6   (through nuke_tools)
//! ```

use std::fmt;
use std::fmt::Write as _;

use crate::package::qualified;
use crate::requirement::{Requirement, RequirementList};
use crate::solver::{
    Ask, Contested, Failure, Outcome, Pool, Progress, Reason, SolveError, Statement, Stop, Subject,
    clashes, gather, solve,
};
use crate::version::Version;

/// A failure, told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Requests that cannot be had together, though any fewer of them could.
    pub requests: Vec<Requirement>,
    /// How many requests have no part in it.
    pub others: usize,
    /// What the requests exclude each other about; empty for a cycle.
    pub contested: Vec<Contested>,
    /// Packages that need each other in a circle: `name-version`.
    pub cycle: Vec<String>,
    /// Set where a limit ended the solve, so that nobody knows whether it would have failed.
    pub limit: Option<String>,
}

/// How many phases one solve may take that only asks whether fewer requests fail, too.
const PHASES: u64 = 2_000;

/// How many phases all of them may take together: a fraction of a second.
const ALL_PHASES: u64 = 20_000;

/// How many lines all statements together may take in what `Display` writes of an [`Explanation`].
const LINES: usize = 12;

/// Explains why a request fails.
///
/// # Errors
/// What ends a solve at once; `failure` came from the same pool and ask, so only where the repository has changed.
pub fn explain(pool: &mut Pool, ask: &Ask, failure: &Failure) -> Result<Explanation, SolveError> {
    let all: Vec<Requirement> = ask.requests.iter().chain(&ask.implicit).cloned().collect();
    let count = all.len();
    let requests = minimal(pool, ask, all, &mut { ALL_PHASES });
    let mut explanation = Explanation {
        others: count - requests.len(),
        requests,
        contested: Vec::new(),
        cycle: Vec::new(),
        limit: failure.limit.clone(),
    };
    if let Reason::Cycle(packages) = &failure.reason {
        explanation.cycle.clone_from(packages);
        return Ok(explanation);
    }
    let fewer = asking(ask, explanation.requests.clone());
    let phases = clashes(pool, &fewer, &mut limited(&mut { PHASES }), true)?;
    for contested in phases.into_iter().flatten().flatten() {
        gather(&mut explanation.contested, contested);
    }
    if explanation.contested.is_empty() {
        explanation
            .contested
            .extend(among_requests(&explanation.requests)?);
    }
    Ok(explanation)
}

/// A change of one request with which everything resolves. Each was solved before it was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// Another version would do.
    Instead {
        /// What was asked for.
        request: Requirement,
        /// What the resolve holds when any version may be taken: `name-version`.
        package: String,
    },
    /// The rest resolves without it.
    Without {
        /// What was asked for.
        request: Requirement,
    },
}

/// How many hints are given.
const HINTS: usize = 3;

/// Which single changes of the request would do: other versions, or where there are none, what to leave out. Requests of
/// the site stay as they are.
pub fn hints(pool: &mut Pool, ask: &Ask, explanation: &Explanation) -> Vec<Hint> {
    let requests = explanation.requests.iter();
    let own = requests.filter(|request| ask.requests.contains(request));
    let mut hints: Vec<Hint> = own.filter_map(|request| hint(pool, ask, request)).collect();
    if hints
        .iter()
        .any(|hint| matches!(hint, Hint::Instead { .. }))
    {
        hints.retain(|hint| matches!(hint, Hint::Instead { .. }));
    }
    hints.truncate(HINTS);
    hints
}

fn hint(pool: &mut Pool, ask: &Ask, request: &Requirement) -> Option<Hint> {
    let is_plain = !request.is_conflict() && !request.is_ephemeral();
    let any = Requirement::construct(request.name_shared().clone(), None);
    let mut changed = ask.clone();
    changed.max_fails = None;
    // Loosened where it names versions, else left out.
    let loosened = is_plain && *request != any;
    changed.requests.retain_mut(|other| {
        let is_it = other == request;
        if is_it && loosened {
            *other = any.clone();
        }
        !is_it || loosened
    });
    let Ok(Outcome::Solved(resolve)) = solve(pool, &changed, &mut limited(&mut { PHASES })) else {
        return None;
    };
    let request = request.clone();
    if !loosened {
        return Some(Hint::Without { request });
    }
    let package = resolve
        .packages
        .iter()
        .find(|package| *package.name == *request.name())?;
    Some(Hint::Instead {
        package: qualified(&package.name, &package.version),
        request,
    })
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instead { request, package } => {
                write!(f, "`{package}` in place of `{request}` would do")
            }
            Self::Without { request } => write!(f, "without `{request}` the rest resolves"),
        }
    }
}

/// Drops requests, many at a time at first, as long as the rest still fails.
fn minimal(
    pool: &mut Pool,
    ask: &Ask,
    mut requests: Vec<Requirement>,
    budget: &mut u64,
) -> Vec<Requirement> {
    let mut many = requests.len() / 2;
    while many > 0 {
        let mut at = 0;
        while at < requests.len() && *budget > 0 {
            let mut fewer = requests.clone();
            fewer.drain(at..requests.len().min(at + many));
            // A request that ends in an error fails otherwise than the one to be explained.
            let fails = clashes(
                pool,
                &asking(ask, fewer.clone()),
                &mut limited(budget),
                false,
            );
            if matches!(fails, Ok(Some(_))) {
                requests = fewer;
            } else {
                at += many;
            }
        }
        many /= 2;
    }
    requests
}

/// Stops a solve after [`PHASES`], or where the budget is used up.
fn limited(budget: &mut u64) -> impl FnMut(Progress) -> Option<Stop> + '_ {
    let mut taken = 0;
    move |_| {
        taken += 1;
        *budget = budget.saturating_sub(1);
        (taken >= PHASES || *budget == 0).then(|| Stop(String::new()))
    }
}

/// The same ask for other requests, without a limit.
fn asking(ask: &Ask, requests: Vec<Requirement>) -> Ask {
    Ask {
        requests,
        implicit: Vec::new(),
        max_fails: None,
        ..ask.clone()
    }
}

/// What requests say against each other, where no package has a part in it.
fn among_requests(requests: &[Requirement]) -> Result<Option<Contested>, SolveError> {
    let list = RequirementList::new(requests.iter().cloned())?;
    let Some((first, _)) = list.conflict() else {
        return Ok(None);
    };
    let same = requests
        .iter()
        .filter(|request| request.name() == first.name());
    let statements = same.map(|request| Statement {
        subject: Subject::Request,
        requirement: request.clone(),
    });
    Ok(Some(Contested {
        family: first.name_shared().clone(),
        statements: statements.collect(),
    }))
}

impl Explanation {
    /// The text with all statements, however many; `Display` leaves some out.
    pub fn whole_text(&self) -> String {
        let mut text = String::new();
        // Writing into a text cannot fail.
        let _ = self.write(&mut text, usize::MAX);
        text
    }

    fn write(&self, out: &mut dyn fmt::Write, lines: usize) -> fmt::Result {
        if let Some(limit) = &self.limit {
            writeln!(out, "{limit}; this stood in the way until then")?;
        }
        self.write_requests(out)?;
        if !self.cycle.is_empty() {
            write!(out, "\n\n  these packages need each other:\n    ")?;
            return write!(out, "{} -> {}", self.cycle.join(" -> "), self.cycle[0]);
        }
        let mut left = lines;
        let mut hidden = 0;
        for contested in &self.contested {
            let shown = contested.statements.len().min(left);
            hidden += contested.statements.len() - shown;
            left -= shown;
            if shown > 0 {
                write!(out, "\n\n  {}", contested.family)?;
                write_statements(out, &contested.statements[..shown])?;
            }
        }
        if hidden > 0 {
            write!(out, "\n\n  and {hidden} more reasons of the same kind")?;
        }
        Ok(())
    }

    fn write_requests(&self, out: &mut dyn fmt::Write) -> fmt::Result {
        let requests: Vec<String> = self.requests.iter().map(ToString::to_string).collect();
        match &requests[..] {
            [one] => write!(out, "`{one}` cannot be had")?,
            several => write!(out, "`{}` cannot be had together", several.join(" "))?,
        }
        match self.others {
            0 => Ok(()),
            1 => write!(out, " (1 other request does not matter)"),
            others => write!(out, " ({others} other requests do not matter)"),
        }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, LINES)
    }
}

fn write_statements(out: &mut dyn fmt::Write, statements: &[Statement]) -> fmt::Result {
    let rows: Vec<[String; 4]> = statements.iter().map(row).collect();
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2)];
    for [who, verb, what, path] in &rows {
        let line = format!(
            "    {who:<0$}  {verb:<1$}  {what:<2$}  {path}",
            widths[0], widths[1], widths[2]
        );
        write!(out, "\n{}", line.trim_end())?;
    }
    Ok(())
}

/// Who, verb, what, and by which way.
fn row(statement: &Statement) -> [String; 4] {
    let text = statement.requirement.to_string();
    let (verb, what) = if let Some(weak) = text.strip_prefix('~') {
        ("if present, needs", weak)
    } else if let Some(avoided) = text.strip_prefix('!') {
        ("avoids", avoided)
    } else {
        ("needs", &*text)
    };
    let (who, path) = match &statement.subject {
        Subject::Request => ("your request".to_owned(), String::new()),
        Subject::Variants {
            family,
            versions,
            path,
        } if path.is_empty() => (who(family, versions), String::new()),
        Subject::Variants {
            family,
            versions,
            path,
        } => (
            who(family, versions),
            format!("(through {})", path.join(" <- ")),
        ),
    };
    [who, verb.to_owned(), what.to_owned(), path]
}

/// `maya-2023.1, 2024.1[0,2]`, or the first and last of many.
fn who(family: &str, versions: &[(Version, Vec<usize>)]) -> String {
    let mut versions: Vec<&(Version, Vec<usize>)> = versions.iter().collect();
    versions.sort();
    if let ([(first, _), .., (last, _)], true) = (&versions[..], versions.len() > 3) {
        return format!("{family}-{first} to {last} ({} versions)", versions.len());
    }
    let mut text = String::from(family);
    for (at, (version, variants)) in versions.iter().enumerate() {
        text.push_str(match (at, version.is_empty()) {
            (0, true) => "",
            (0, false) => "-",
            _ => ", ",
        });
        text.push_str(version.as_str());
        if !variants.is_empty() {
            let indices: Vec<String> = variants.iter().map(ToString::to_string).collect();
            let _ = write!(text, "[{}]", indices.join(","));
        }
    }
    text
}
