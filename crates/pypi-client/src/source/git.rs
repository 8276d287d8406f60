//! Git repositories, asked through the user's own `git`: it knows his keys and his hosts. It never asks back.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use pypi::Reference;

use crate::process;
use crate::state::State;

/// How long the host may take to name its branches.
const ASK_LIMIT: Duration = Duration::from_mins(1);
/// How long one commit may take to come.
const FETCH_LIMIT: Duration = Duration::from_mins(5);

/// The commit that a reference is now.
pub(super) fn commit(state: &State, url: &str, reference: &Reference) -> Result<String, String> {
    if let Some(commit) = full_commit(reference) {
        return Ok(commit);
    }
    let wanted = names(reference);
    let mut command = git(url)?;
    command.args(["ls-remote", "--", url]).args(&wanted);
    let answer = process::run(command, ASK_LIMIT, &|| state.is_over())?;
    let answer = String::from_utf8_lossy(&answer);
    let known: Vec<(&str, &str)> = answer
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .collect();
    let found = wanted
        .iter()
        .find_map(|name| known.iter().find(|(_, known)| known == name));
    match found {
        Some((commit, _)) if is_commit(commit) => Ok((*commit).to_owned()),
        _ => Err(match reference {
            Reference::Default => "the repository has no default branch".to_owned(),
            Reference::Branch(name) => format!("the repository has no branch `{name}`"),
            Reference::Tag(name) => format!("the repository has no tag `{name}`"),
            Reference::Revision(name) => format!(
                "the repository has no tag and no branch `{name}`; a commit is asked for by all of its forty digits"
            ),
        }),
    }
}

/// Puts a commit into an empty folder, as a repository without files.
pub(super) fn fetch(
    state: &State,
    url: &str,
    commit: &str,
    reference: &Reference,
    folder: &Path,
) -> Result<(), String> {
    let stop = || state.is_over();
    let within = |arguments: &[&str]| -> Result<Command, String> {
        let mut command = git(url)?;
        command.arg("-C").arg(folder).args(arguments);
        Ok(command)
    };
    process::run(within(&["init", "--quiet", "--bare"])?, ASK_LIMIT, &stop)?;
    let shallow = |what: &str| {
        let command = within(&[
            "fetch",
            "--quiet",
            "--depth",
            "1",
            "--no-tags",
            "--",
            url,
            what,
        ])?;
        process::run(command, FETCH_LIMIT, &stop)
    };
    let Err(refused) = shallow(commit) else {
        return Ok(());
    };
    // Some hosts give out names only. What the name is now may be another commit than a moment ago.
    for name in names(reference) {
        if !name.ends_with("^{}") && shallow(&name).is_ok() {
            return show(state, folder, &format!("{commit}^{{commit}}"), "").map(|_| ());
        }
    }
    Err(refused)
}

/// A file of a commit, if it has it.
pub(super) fn file(
    state: &State,
    folder: &Path,
    commit: &str,
    path: &str,
) -> Result<Option<String>, String> {
    let listed = list(state, folder, commit, path)?;
    if listed.is_empty() {
        return Ok(None);
    }
    let bytes = show(state, folder, commit, path)?;
    String::from_utf8(bytes)
        .map(Some)
        .map_err(|_| format!("`{path}` is not UTF-8"))
}

/// Writes the files of a commit into a folder.
pub(super) fn check_out(
    state: &State,
    repository: &Path,
    commit: &str,
    folder: &Path,
) -> Result<(), String> {
    let mut command = plain();
    command
        .arg("-C")
        .arg(repository)
        .arg("--work-tree")
        .arg(folder)
        .args(["checkout", "--quiet", "--force", commit, "--", "."]);
    process::run(command, FETCH_LIMIT, &|| state.is_over()).map(|_| ())
}

fn list(state: &State, folder: &Path, commit: &str, path: &str) -> Result<Vec<u8>, String> {
    let mut command = plain();
    command
        .arg("-C")
        .arg(folder)
        .args(["ls-tree", commit, "--", path]);
    process::run(command, ASK_LIMIT, &|| state.is_over())
}

fn show(state: &State, folder: &Path, commit: &str, path: &str) -> Result<Vec<u8>, String> {
    let mut command = plain();
    let what = if path.is_empty() {
        commit.to_owned()
    } else {
        format!("{commit}:{path}")
    };
    command.arg("-C").arg(folder).args([
        "cat-file",
        if path.is_empty() { "commit" } else { "blob" },
        &what,
    ]);
    process::run(command, ASK_LIMIT, &|| state.is_over())
}

/// The names under which a host may know a reference, the most particular first. A tag may be an object of its own;
/// `^{}` is what it points to.
fn names(reference: &Reference) -> Vec<String> {
    let branch = |name: &str| format!("refs/heads/{name}");
    let tag = |name: &str| {
        [
            format!("refs/tags/{name}^{{}}"),
            format!("refs/tags/{name}"),
        ]
    };
    match reference {
        Reference::Default => vec!["HEAD".to_owned()],
        Reference::Branch(name) => vec![branch(name)],
        Reference::Tag(name) => tag(name).to_vec(),
        Reference::Revision(name) => {
            let mut names = tag(name).to_vec();
            names.push(branch(name));
            names.extend(name.starts_with("refs/").then(|| name.clone()));
            names
        }
    }
}

/// The commit that a reference is whatever the host says.
pub(super) fn full_commit(reference: &Reference) -> Option<String> {
    match reference {
        Reference::Revision(name) if is_commit(name) => Some(name.to_ascii_lowercase()),
        _ => None,
    }
}

/// Forty digits of SHA-1, or sixty-four of SHA-256.
fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `git` for a URL, unless that is one by which it would run something else.
fn git(url: &str) -> Result<Command, String> {
    if url.starts_with('-') || url.contains("::") {
        return Err("this is no URL of a repository".to_owned());
    }
    Ok(plain())
}

fn plain() -> Command {
    let mut command = Command::new("git");
    command
        .args([
            "-c",
            "core.askPass=",
            "-c",
            "credential.interactive=false",
            "-c",
            "core.sshCommand=ssh -o BatchMode=yes",
        ])
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("SSH_ASKPASS_REQUIRE", "never")
        .env("GCM_INTERACTIVE", "never")
        .env("GIT_ALLOW_PROTOCOL", "https:http:ssh:git:file")
        // What the host says is read by us, and the user's own repository around here is not meant.
        .env("LC_ALL", "C")
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE");
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_commit_needs_no_host() {
        let digits = "A".repeat(40);
        assert_eq!(
            full_commit(&Reference::Revision(digits.clone())),
            Some("a".repeat(40))
        );
        assert_eq!(
            full_commit(&Reference::Revision("abc1234".to_owned())),
            None
        );
        assert_eq!(full_commit(&Reference::Branch(digits)), None);
    }

    #[test]
    fn what_would_run_something_else_is_no_repository() {
        for url in ["ext::sh -c true", "--upload-pack=evil", "-u"] {
            assert!(git(url).is_err(), "{url}");
        }
        assert!(git("https://host.invalid/a.git").is_ok());
    }
}
