//! A conflict as text: a table per contested thing, then one sentence.

use std::fmt::Write as _;

use ayon_model::Subject;
use ayon_solve::{Conflict, Fact, Object, Verb};

/// Rows of the table before the rest is folded into one line.
const ROWS: usize = 8;

/// The conflict in at most a dozen lines, indented by two, ending with a line break. `rows` facts are shown in full
/// (`None`: the usual eight); the rest is counted.
pub fn text(conflict: &Conflict, rows: Option<usize>) -> String {
    let groups = groups(conflict);
    let mut left = rows.unwrap_or(ROWS);
    let mut folded = 0;
    let mut text = String::new();
    for (object, facts) in &groups {
        if left == 0 {
            folded += facts.len();
            continue;
        }
        let shown = &facts[..facts.len().min(left)];
        folded += facts.len() - shown.len();
        left -= shown.len();
        let _ = writeln!(text, "  {object}");
        table(&mut text, shown);
    }
    if folded > 0 {
        let _ = writeln!(text, "  and {folded} more; `--verbose` shows all");
    }
    if let Some(sentence) = because(&groups) {
        let _ = writeln!(text, "\n  {sentence}");
    }
    text
}

/// The sentence that the text ends with: `Because … and …, they cannot be together.`
pub fn sentence(conflict: &Conflict) -> Option<String> {
    because(&groups(conflict))
}

/// The facts by what they are about, without the groups that only repeat what another group says.
fn groups(conflict: &Conflict) -> Vec<(&Object, Vec<&Fact>)> {
    let of = |object: &Object| -> Vec<&Fact> {
        let mut facts: Vec<&Fact> = conflict
            .facts
            .iter()
            .filter(|fact| fact.object == *object)
            .collect();
        // Who fixes a version comes before who cannot live with it.
        facts.sort_by_key(|fact| fact.verb);
        facts
    };
    let all: Vec<(&Object, Vec<&Fact>)> = conflict
        .contested()
        .into_iter()
        .map(|object| (object, of(object)))
        .collect();
    // "bundle x pins core 1.6.11" alone is no contest: the version stands in the subject "addon core 1.6.11" already.
    let contested = |facts: &[&Fact]| {
        facts.len() > 1
            || facts
                .iter()
                .any(|fact| matches!(fact.verb, Verb::Lacks | Verb::IsUnusable))
    };
    // The version of a distribution is nobody's choice: who asks for one that says something is part of the story.
    let speaks = |object: &Object| {
        let Object::Distribution(name) = object else {
            return false;
        };
        let is_it = |subject: &Subject| matches!(subject, Subject::Distribution { name: other, .. } if other == name);
        let mut others = conflict.facts.iter().filter(|fact| fact.object != *object);
        others.any(|fact| fact.subjects.iter().any(is_it))
    };
    let (mut kept, rest): (Vec<_>, Vec<_>) =
        all.iter().cloned().partition(|(_, facts)| contested(facts));
    if kept.is_empty() {
        return all;
    }
    kept.extend(rest.into_iter().filter(|(object, _)| speaks(object)));
    kept
}

fn table(text: &mut String, facts: &[&Fact]) {
    let rows: Vec<[String; 4]> = facts
        .iter()
        .map(|fact| {
            [
                subjects(&fact.subjects),
                fact.verb.to_string(),
                fact.range.clone(),
                place(fact),
            ]
        })
        .collect();
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2)];
    for [subject, verb, range, place] in &rows {
        let line = format!(
            "    {subject:<0$}  {verb:<1$}  {range:<2$}  {place}",
            widths[0], widths[1], widths[2]
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

fn place(fact: &Fact) -> String {
    match fact.origins.iter().find_map(|origin| origin.place.as_ref()) {
        Some(place) => format!("({place})"),
        None => String::new(),
    }
}

/// `addon editorial 0.4.1, 0.5.0`: neighbours that say the same are named once.
pub(crate) fn subjects(subjects: &[Subject]) -> String {
    match subjects {
        [] => "somebody".to_owned(),
        [only] => only.to_string(),
        [first, rest @ ..] => {
            let version = |subject: &Subject| match subject {
                Subject::Addon { version, .. } => version.to_string(),
                Subject::Launcher(version) => ayon_model::printable(version),
                Subject::Distribution { version, .. } => version.to_string(),
                other => other.to_string(),
            };
            if rest.len() > 3 {
                let last = rest.last().map(version).unwrap_or_default();
                return format!("{first} to {last} ({} versions)", subjects.len());
            }
            rest.iter().fold(first.to_string(), |text, subject| {
                format!("{text}, {}", version(subject))
            })
        }
    }
}

/// One sentence about the first contested thing.
fn because(groups: &[(&Object, Vec<&Fact>)]) -> Option<String> {
    let (object, facts) = groups.iter().find(|(_, facts)| facts.len() > 1)?;
    let clause = |fact: &Fact| {
        let (subject, range) = (subjects(&fact.subjects), &fact.range);
        match fact.verb {
            Verb::IfPresentNeeds => format!("{subject} accepts {object} only at {range}"),
            Verb::Lacks if range.is_empty() => format!("{subject} has no {object}"),
            Verb::Lacks => format!("{subject} has no {object} {range}"),
            Verb::IsUnusable => format!("{subject} cannot be used: {range}"),
            verb => format!("{subject} {verb} {object} {range}"),
        }
    };
    let (first, last) = (facts.first()?, facts.last()?);
    let others = match facts.len() - 2 {
        0 => String::new(),
        1 => ", and one other disagrees too".to_owned(),
        others => format!(", and {others} others disagree too"),
    };
    Some(format!(
        "Because {} and {}, they cannot be together{others}.",
        clause(first),
        clause(last)
    ))
}
