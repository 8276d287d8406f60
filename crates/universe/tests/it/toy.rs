//! A toy ecosystem in which worlds, requests and answers are text.
//!
//! A line declares a candidate or a variant of one, with what it requires. Versions are positions:
//!
//! ```text
//! maya 0                        the oldest maya
//! maya 1
//! utils 0: maya>=1, ~nuke<2     utils 0 requires maya 1 or later and, if nuke is there, an old one
//! utils 0/0: python=0           its preferred variant
//! utils 0/1: python=1           and the other
//! old 0: !maya<1, !nuke         stays away from old mayas and from any nuke
//! ```
//!
//! `=none` allows nothing. A requirement's text is its origin, so answers can be told in it.

use universe::{
    Conflict, Control, Edge, Fact, Failure, OriginId, PackageId, Positions, Request, Requirement,
    RequirementKind, Solution, Subject, World, WorldBuilder, solve,
};

#[derive(Default)]
pub(crate) struct Toy {
    builder: WorldBuilder,
    names: Vec<String>,
    origins: Vec<String>,
    subjects: Vec<Subject>,
}

impl Toy {
    pub(crate) fn new(text: &str) -> Self {
        let mut toy = Self::default();
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        for line in lines {
            let (subject, requirements) = line.split_once(':').unwrap_or((line, ""));
            let subject = toy.declare(subject);
            for requirement in toy.requirements(requirements) {
                toy.builder.require(subject, requirement);
            }
        }
        toy
    }

    pub(crate) fn world(&self) -> World {
        self.builder.clone().build()
    }

    pub(crate) fn package(&mut self, name: &str) -> PackageId {
        let known = (0..)
            .map(PackageId)
            .zip(&self.names)
            .find(|(_, known)| *known == name);
        if let Some((package, _)) = known {
            return package;
        }
        self.names.push(name.to_owned());
        self.builder.package()
    }

    pub(crate) fn request(&mut self, text: &str) -> Request {
        Request::new(self.requirements(text))
    }

    pub(crate) fn solution(&mut self, request: &str) -> Solution {
        let request = self.request(request);
        solve(&self.world(), &request, &Control::unlimited()).unwrap()
    }

    pub(crate) fn conflict(&mut self, request: &str) -> Conflict {
        let request = self.request(request);
        match solve(&self.world(), &request, &Control::unlimited()) {
            Err(Failure::Conflict(conflict)) => conflict,
            other => panic!("expected a conflict, not {other:?}"),
        }
    }

    /// `maya 1, utils 0/1`
    pub(crate) fn answer(&mut self, request: &str) -> String {
        let solution = self.solution(request);
        self.tell_solution(&solution)
    }

    pub(crate) fn tell_solution(&self, solution: &Solution) -> String {
        let chosen = solution.chosen().map(|(package, chosen)| {
            let variant = chosen.variant.map(|v| format!("/{v}")).unwrap_or_default();
            format!("{} {}{variant}", self.name(package), chosen.position)
        });
        chosen.collect::<Vec<_>>().join(", ")
    }

    /// One line per fact.
    pub(crate) fn tell_facts(&self, conflict: &Conflict) -> Vec<String> {
        conflict
            .facts()
            .iter()
            .map(|fact| self.tell(fact))
            .collect()
    }

    pub(crate) fn tell_contested(&self, conflict: &Conflict) -> String {
        conflict
            .contested()
            .iter()
            .map(|p| self.name(*p))
            .collect::<Vec<_>>()
            .join(", ")
    }

    pub(crate) fn name(&self, package: PackageId) -> &str {
        &self.names[package.0 as usize]
    }

    pub(crate) fn words(&self, edge: &Edge) -> &str {
        &self.origins[edge.requirement.origin.0 as usize]
    }

    fn tell(&self, fact: &Fact) -> String {
        let origin = |origin: &OriginId| self.origins[origin.0 as usize].as_str();
        match fact {
            Fact::Asked { requirement } => format!("request: {}", origin(&requirement.origin)),
            Fact::Needs {
                package,
                positions,
                variant,
                on,
                allowed,
                kind,
                origins,
            } => {
                let variant = variant.map(|v| format!("/{v}")).unwrap_or_default();
                let kind = match kind {
                    RequirementKind::Required => "needs",
                    RequirementKind::Weak => "if present, needs",
                    RequirementKind::Forbidden => "avoids, leaving",
                };
                let mut words: Vec<&str> = origins.iter().map(origin).collect();
                words.dedup();
                let (package, on) = (self.name(*package), self.name(*on));
                let words = words.join("; ");
                format!("{package} {positions}{variant} {kind} {on} {allowed} ({words})")
            }
            Fact::Variants {
                package,
                positions,
                count,
            } => {
                format!("{} {positions} has {count} variants", self.name(*package))
            }
            Fact::NoCandidate { package, positions } => {
                format!("there is no {} {positions}", self.name(*package))
            }
        }
    }

    /// `maya 1` or `maya 1/0`; candidates and variants have to be declared in order.
    fn declare(&mut self, text: &str) -> Subject {
        let (name, number) = text.trim().split_once(' ').unwrap();
        let package = self.package(name);
        let subject = match number.trim().split_once('/') {
            None => {
                let subject = self.builder.candidate(package);
                assert_eq!(subject.position, number.trim().parse().unwrap());
                subject
            }
            Some((position, variant)) => {
                let position = position.parse().unwrap();
                let own = Subject {
                    package,
                    position,
                    variant: None,
                };
                assert!(self.subjects.contains(&own));
                let subject = self.builder.variant(own);
                assert_eq!(subject.variant, Some(variant.parse().unwrap()));
                subject
            }
        };
        self.subjects.push(subject);
        subject
    }

    fn requirements(&mut self, text: &str) -> Vec<Requirement> {
        let all = text
            .split(',')
            .map(str::trim)
            .filter(|text| !text.is_empty());
        all.map(|text| self.requirement(text)).collect()
    }

    fn requirement(&mut self, text: &str) -> Requirement {
        let bare = text.trim_start_matches(['~', '!']);
        let end = bare.find(['<', '>', '=']).unwrap_or(bare.len());
        let (name, range) = bare.split_at(end);
        let number = |text: &str| text.parse::<u32>().unwrap();
        let positions = if range.is_empty() {
            Positions::full()
        } else if range == "=none" {
            Positions::empty()
        } else if let Some(start) = range.strip_prefix(">=") {
            Positions::from(number(start)..Positions::UNBOUNDED)
        } else if let Some(end) = range.strip_prefix('<') {
            Positions::from(0..number(end))
        } else {
            Positions::singleton(number(range.strip_prefix('=').unwrap()))
        };
        let package = self.package(name);
        let origin = OriginId(u32::try_from(self.origins.len()).unwrap());
        self.origins.push(text.to_owned());
        match text.as_bytes()[0] {
            b'~' => Requirement::weak(package, positions, origin),
            b'!' => Requirement::forbidden(package, &positions, origin),
            _ => Requirement::required(package, positions, origin),
        }
    }
}
