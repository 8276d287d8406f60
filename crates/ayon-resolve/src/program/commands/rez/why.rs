//! `rez why`: every way from a request to a package, and what holds the package's version back.

use ayon_resolve::rez::{Ask, Hindrance, Member, Newer, newer, paths};
use clap::Args;
use rez::context::{Context, ContextDifference, ListChange};
use rez::requirement::Requirement;
use rez::version::VersionRange;

use super::arguments::{InputArguments, RepositoryArguments, ResolveArguments};
use super::{asking, telling};
use crate::program::opening::site::{self, OpenSite};
use crate::program::printer::Printer;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

mod story;

use story::Story;

const EXAMPLES: &str = "\
Examples:
  ayon-resolve rez why python maya nuke-15
  ayon-resolve rez why python --input shot.rxt
  ayon-resolve rez why usd maya --json

Exit codes: 0 the package is in the resolve; 1 it is not, or there is no such resolve; 2 it could not be told.";

/// What `rez why` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct WhyArguments {
    /// The name of a package
    #[arg(value_name = "PACKAGE")]
    package: String,
    /// What to resolve, as for `rez env`
    #[arg(value_name = "REQUEST")]
    requests: Vec<String>,
    #[command(flatten)]
    resolve: ResolveArguments,
    #[command(flatten)]
    input: InputArguments,
    #[command(flatten)]
    repositories: RepositoryArguments,
}

impl WhyArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        self.resolve.record(layer);
        self.input.record(layer);
        self.repositories.record(layer);
    }
}

/// Shows every way to the package, and what holds its version back.
pub(crate) fn run(
    arguments: &WhyArguments,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Verdict, Report> {
    let verbose = settings.display.verbosity > 0;
    let subject = subject(arguments, settings, printer)?;
    let name = arguments.package.as_str();
    let Some(member) = subject.members.iter().find(|member| *member.name == *name) else {
        subject.site.finish(printer);
        return Err(absent(&subject, name));
    };
    let requests = subject.requests();
    let limit = if verbose { MANY } else { FEW };
    let ways = paths(&subject.members, &requests, name, limit);
    let newer = newer(
        subject.site.catalogue(),
        &subject.members,
        &requests,
        &subject.ask.whole_filter(),
        (name, &member.version),
    );
    let newer = newer.map_err(|error| site::unread(&error))?;
    let mut newest = newer.iter();
    let newest = newest.find(|newer| matches!(newer.hindrance, Hindrance::Own));
    let tried = newest.map(|newer| attempt(&subject, name, newer, settings, printer));
    subject.site.finish(printer);
    let story = Story {
        members: &subject.members,
        member,
        ways: &ways,
        newer: &newer,
        tried: tried.as_ref(),
    };
    if printer.is_json() {
        printer.json("rez-why", 1, &story.document())?;
    } else {
        printer.text(&story.text(verbose))?;
    }
    Ok(Verdict::Fine)
}

/// So many ways are shown, if nobody wants more.
const FEW: usize = 10;
/// So many ways are shown at most.
const MANY: usize = 1000;

/// The resolve that is asked about.
struct Subject {
    site: OpenSite,
    ask: Ask,
    members: Vec<Member>,
    context: Context,
}

impl Subject {
    fn requests(&self) -> Vec<Requirement> {
        let requests = self.ask.solve.requests.iter();
        requests.chain(&self.ask.solve.implicit).cloned().collect()
    }
}

fn subject(
    arguments: &WhyArguments,
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Subject, Report> {
    let Some(context) = asking::context_as_it_is(&arguments.requests, settings)? else {
        if arguments.requests.is_empty() {
            return Err(Report::unknown("no request is named")
                .hint("say what is resolved: `ayon-resolve rez why PACKAGE REQUEST...`")
                .hint("or name a context: `--input FILE.rxt`"));
        }
        let requests = asking::requests(&arguments.requests, settings)?;
        let site = site::open(settings, None)?;
        let (ask, answer) = site.resolve_requests(requests, settings, printer)?;
        if let Some(refusal) = telling::refusal(&answer.context, Some(&answer), settings) {
            site.finish(printer);
            return Err(refusal);
        }
        let members = answer.members();
        let context = answer.context;
        return Ok(Subject {
            site,
            ask,
            members,
            context,
        });
    };
    if let Some(refusal) = telling::refusal(&context, None, settings) {
        return Err(refusal);
    }
    let site = site::open(settings, Some(&context.package_paths))?;
    let tell = |error: ayon_resolve::rez::Error| site::report(&error, Some(&site));
    let ask = site.ask_again(&context).map_err(tell)?;
    let members = site.members(&context).map_err(tell)?;
    Ok(Subject {
        site,
        ask,
        members,
        context,
    })
}

/// The package is not in the resolve: says who has something to do with it all the same.
fn absent(subject: &Subject, name: &str) -> Report {
    let mut report = Report::no(format!("`{name}` is not in the resolve"));
    let requests = subject.requests();
    for request in requests.iter().filter(|request| request.name() == name) {
        report = report.because(format!("the request {request} does not bring it in"));
    }
    for member in &subject.members {
        let about = member.requires.iter();
        for requirement in about.filter(|requirement| requirement.name() == name) {
            let label = member.label();
            report = report.because(format!(
                "{label} has {requirement}, which does not bring it in"
            ));
        }
    }
    let names = subject.members.iter().map(|member| &*member.name);
    report.did_you_mean(name, names)
}

/// What comes of the same request with a newer version of one package.
enum Attempt {
    /// It resolves, with these changes.
    Solved(String),
    /// It does not, and this is why.
    Failed(String),
}

fn attempt(
    subject: &Subject,
    name: &str,
    newer: &Newer,
    settings: &Settings,
    printer: &Printer,
) -> Attempt {
    let range = VersionRange::exact(newer.version.clone());
    let mut ask = subject.ask.clone();
    ask.solve
        .requests
        .push(Requirement::construct(name, Some(range)));
    let answer = match subject.site.solve(&ask, settings, printer) {
        Ok(answer) => answer,
        Err(error) => return Attempt::Failed(error.to_string()),
    };
    if let Some(explanation) = telling::why_not(&answer) {
        return Attempt::Failed(explanation);
    }
    let mut difference = ContextDifference::between(&subject.context, &answer.context);
    difference.requests = ListChange::default();
    difference.facts.clear();
    Attempt::Solved(difference.to_string())
}
