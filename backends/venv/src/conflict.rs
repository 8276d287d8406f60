//! A conflict of distributions, told in the nouns of a studio: addon by addon, launcher and index included.

use ayon_backend::{Conflict, Fact, Object, Verb};
use ayon_model::{Origin, Subject, Target, closest, did_you_mean};
use pypi::DistributionName;
use pypi_solve::{Absence, Asker, Exclusion};

/// Versions that are ruled out for one reason each, before the rest is counted.
const REASONS: usize = 4;

/// Tells what a solve found, for `target`. `origin` says who an asker is, and `known` which names there might be where one
/// was mistyped.
pub fn conflict<'a>(
    found: &pypi_solve::Conflict,
    target: &Target,
    origin: &dyn Fn(Asker) -> Origin,
    known: impl IntoIterator<Item = &'a DistributionName>,
) -> Conflict {
    let known: Vec<&str> = known.into_iter().map(DistributionName::as_str).collect();
    let mut facts: Vec<Fact> = Vec::new();
    for fact in &found.facts {
        let fact = told(fact, origin);
        // Two askers of one addon that say the same differ in nothing but the place.
        let alike = facts.iter_mut().find(|known| {
            (&known.subjects, known.verb, &known.object, &known.range)
                == (&fact.subjects, fact.verb, &fact.object, &fact.range)
        });
        match alike {
            Some(known) => known.origins.extend(fact.origins),
            None => facts.push(fact),
        }
    }
    for absence in &found.absences {
        facts.extend(absent(absence, &known));
    }
    Conflict {
        target: target.clone(),
        facts,
    }
}

fn told(fact: &pypi_solve::Fact, origin: &dyn Fn(Asker) -> Origin) -> Fact {
    let (subjects, origins) = match &fact.subject {
        pypi_solve::Subject::Asker(asker) => {
            let origin = origin(*asker);
            (vec![origin.subject.clone()], vec![origin])
        }
        pypi_solve::Subject::Package(name, versions) => {
            let release = |version: &pypi::Version| Subject::Distribution {
                name: name.clone(),
                version: version.clone(),
            };
            (versions.iter().map(release).collect(), Vec::new())
        }
    };
    let verb = match fact.verb {
        pypi_solve::Verb::Provides => Verb::Provides,
        pypi_solve::Verb::Pins => Verb::Pins,
        // An override is what is needed, whoever asked before.
        pypi_solve::Verb::Needs | pypi_solve::Verb::Overrides => Verb::Needs,
        pypi_solve::Verb::Constrains => Verb::IfPresentNeeds,
        pypi_solve::Verb::IsUnusable => Verb::IsUnusable,
    };
    Fact {
        subjects,
        verb,
        object: Object::Distribution(fact.object.clone()),
        range: fact.text.clone(),
        origins,
    }
}

/// What there is of a distribution that nobody can have.
fn absent(absence: &Absence, known: &[&str]) -> Vec<Fact> {
    let object = Object::Distribution(absence.name.clone());
    let lacks = |range: String| Fact {
        subjects: vec![Subject::Index(absence.index.as_str().into())],
        verb: Verb::Lacks,
        object: object.clone(),
        range,
        origins: Vec::new(),
    };
    if !absence.exists {
        let others = known.iter().copied();
        let names = closest(
            absence.name.as_str(),
            others.filter(|name| *name != absence.name.as_str()),
        );
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        return vec![lacks(did_you_mean("(", &names, ")"))];
    }
    let mut groups: Vec<(&Exclusion, Vec<Subject>)> = Vec::new();
    for (version, exclusion) in &absence.excluded {
        let release = Subject::Distribution {
            name: absence.name.clone(),
            version: version.clone(),
        };
        match groups.iter_mut().find(|(known, _)| *known == exclusion) {
            Some((_, releases)) => releases.push(release),
            None => groups.push((exclusion, vec![release])),
        }
    }
    let rest = groups.len().saturating_sub(REASONS);
    groups.truncate(REASONS);
    let mut facts: Vec<Fact> = groups
        .into_iter()
        .map(|(exclusion, mut subjects)| {
            subjects.reverse();
            Fact {
                subjects,
                verb: Verb::IsUnusable,
                object: object.clone(),
                range: exclusion.to_string(),
                origins: Vec::new(),
            }
        })
        .collect();
    if rest > 0 {
        facts.push(lacks(format!(
            "that could be used, for {rest} more reasons"
        )));
    } else if facts.is_empty() {
        facts.push(lacks(match &absence.newest {
            Some(newest) => format!("that is asked for; the newest that can be used is {newest}"),
            None => "with any file".to_owned(),
        }));
    }
    facts
}
