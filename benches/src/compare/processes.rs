//! Whole processes: `rez-env REQUEST -o FILE` and `ayon-resolve rez env REQUEST -o FILE`, in pairs, each first in turn.
//!
//! Both read packages from disk and write a context. Ours has its index, since whoever resolves twice has it; rez has no
//! such thing, but finds all files in the system's cache as ours does.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use rez::Context;
use serde::Serialize;

use super::clock::{Cost, of_child};
use super::rez_process::{Installation, apart};
use super::summary::{Summary, Table, median, ratio};
use super::{CompareError, Difference, Question};
use crate::rez_data::list_difference;

/// What the processes took.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Processes {
    /// Each request.
    pub requests: Vec<Pair>,
}

/// One request, resolved by both programs.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Pair {
    /// Its place among the benchmark's requests, from 0.
    pub request: usize,
    /// `rez-env`.
    pub rez: Cost,
    /// `ayon-resolve`.
    pub ours: Cost,
}

/// The two programs, and where they work.
pub(super) struct Programs<'a> {
    pub(super) rez: &'a Installation,
    pub(super) ours: &'a Path,
    pub(super) repository: &'a Path,
    /// For contexts and the index.
    pub(super) folder: &'a Path,
}

/// Resolves every question with both programs.
pub(super) fn measure(
    programs: &Programs<'_>,
    questions: &[Question],
    progress: &mut dyn FnMut(&str),
) -> Result<(Processes, Vec<Difference>), CompareError> {
    let mut processes = Processes::default();
    let mut differences = Vec::new();
    programs.warm(questions)?;
    for (done, question) in questions.iter().enumerate() {
        let files = ["rez", "ours"].map(|whose| {
            let name = format!("{}.{whose}.rxt", question.number);
            programs.folder.join(name)
        });
        let rez = || resolve(&mut programs.rez_env(question, &files[0]));
        let ours = || resolve(&mut programs.ayon_resolve(question, &files[1]));
        let ((rez, rez_code), (ours, our_code)) = if done % 2 == 0 {
            let rez = rez()?;
            (rez, ours()?)
        } else {
            let ours = ours()?;
            (rez()?, ours)
        };
        let mut lines = difference(&context(&files[0])?, &context(&files[1])?);
        if rez_code != our_code {
            lines.push(format!("exit code {rez_code} by rez, {our_code} by us"));
        }
        differences.extend(Difference::of(question, "as a process", lines));
        progress(&format!(
            "resolved request {} ({} of {}): rez-env {:.3} s, ayon-resolve {:.3} s",
            question.number,
            done + 1,
            questions.len(),
            rez.wall,
            ours.wall
        ));
        processes.requests.push(Pair {
            request: question.number,
            rez,
            ours,
        });
    }
    Ok((processes, differences))
}

impl Programs<'_> {
    /// Writes our index, and has both programs read from disk once.
    fn warm(&self, questions: &[Question]) -> Result<(), CompareError> {
        let mut index = self.ours_with(["rez", "index"]);
        let (output, _) =
            of_child(&mut index).map_err(|error| CompareError::start(&index, error))?;
        if !output.status.success() {
            return Err(CompareError::refused(&index, &output));
        }
        if let Some(question) = questions.first() {
            let file = self.folder.join("warm.rxt");
            resolve(&mut self.rez_env(question, &file))?;
            resolve(&mut self.ayon_resolve(question, &file))?;
        }
        Ok(())
    }

    fn rez_env(&self, question: &Question, file: &Path) -> Command {
        let mut command = Command::new(self.rez.program("rez-env"));
        command
            .args(["--no-implicit", "--paths"])
            .arg(self.repository);
        command.arg("--output").arg(file).args(&question.texts);
        apart(&mut command);
        command
    }

    fn ayon_resolve(&self, question: &Question, file: &Path) -> Command {
        let mut command = self.ours_with(["rez", "env", "--no-implicit"]);
        command.arg("--output").arg(file).args(&question.texts);
        command
    }

    fn ours_with<const N: usize>(&self, words: [&str; N]) -> Command {
        let mut command = Command::new(self.ours);
        command.args(words.map(OsStr::new));
        command.arg("--paths").arg(self.repository);
        command.arg("--cache-dir").arg(self.folder.join("cache"));
        command.args(["--no-config", "--no-progress"]);
        apart(&mut command);
        command
    }
}

/// Runs a program that resolves: 0 and 1 are answers.
fn resolve(command: &mut Command) -> Result<(Cost, i32), CompareError> {
    let (output, cost) = of_child(command).map_err(|error| CompareError::start(command, error))?;
    match output.status.code() {
        Some(code @ (0 | 1)) => Ok((cost, code)),
        _ => Err(CompareError::refused(command, &output)),
    }
}

fn context(file: &Path) -> Result<Context, CompareError> {
    let text = crate::shared::read(file)?;
    Context::read(&text).map_err(|error| CompareError::Context {
        file: file.to_owned(),
        error,
    })
}

/// How two contexts differ in what was resolved.
fn difference(rez: &Context, ours: &Context) -> Vec<String> {
    let mut lines = Vec::new();
    if rez.status != ours.status {
        lines.push(format!("{:?} by rez, {:?} by us", rez.status, ours.status));
    }
    if rez.failure_description != ours.failure_description {
        let (rez, ours) = (&rez.failure_description, &ours.failure_description);
        lines.push(format!("failure: {rez:?} by rez, {ours:?} by us"));
    }
    let packages = |context: &Context| -> Vec<String> {
        let handles = context.resolved.iter();
        handles.map(|handle| format!("{handle:?}")).collect()
    };
    let (rez_names, our_names) = (names(rez), names(ours));
    lines.extend(
        list_difference("packages", &rez_names, &our_names)
            .or_else(|| list_difference("handles", &packages(rez), &packages(ours))),
    );
    if rez.ephemerals != ours.ephemerals {
        lines.push("other ephemerals".to_owned());
    }
    lines
}

/// The resolved variants of a context, in order.
fn names(context: &Context) -> Vec<String> {
    let name = |handle: &rez::VariantHandle| {
        let index = handle
            .index
            .map_or(String::new(), |index| index.to_string());
        format!("{}[{index}]", handle.qualified_package_name())
    };
    context.resolved.iter().map(name).collect()
}

impl Processes {
    /// As a table.
    pub(super) fn table(&self) -> String {
        let of = |figure: fn(&Pair) -> f64| Summary::of(self.requests.iter().map(figure));
        let mut table = Table::new(
            "Whole processes, context written, index and files cached",
            &["median", "worst"],
        );
        for (name, summary) in [
            ("rez-env: wall", of(|pair| pair.rez.wall)),
            ("ayon-resolve: wall", of(|pair| pair.ours.wall)),
            ("rez-env: processors", of(|pair| pair.rez.cpu)),
            ("ayon-resolve: processors", of(|pair| pair.ours.cpu)),
        ] {
            table.seconds(name, &[summary.median, summary.worst]);
        }
        let (wall, cpu) = self.ratios();
        table.note(&format!(
            "median of the ratios, pair by pair: {wall:.1} x by the wall, {cpu:.1} x by processors"
        ));
        table.finish()
    }

    /// The medians of how many times longer rez takes: on the wall, of processors.
    pub fn ratios(&self) -> (f64, f64) {
        let ratios = |of: fn(Cost) -> f64| {
            let pairs = self.requests.iter();
            median(
                pairs
                    .map(|pair| ratio(of(pair.rez), of(pair.ours)))
                    .collect(),
            )
        };
        (ratios(|cost| cost.wall), ratios(|cost| cost.cpu))
    }
}
