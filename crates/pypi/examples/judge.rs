//! Says what this crate makes of lines on standard input, one answer each, for a script that compares
//! the answers with another implementation's. Parts of a line are separated by tabs.
//!
//! * `target SYSTEM MACHINE FLOOR PYTHON`: the target that later lines ask about. SYSTEM is `glibc`,
//!   `musl`, `macos` or `windows`, FLOOR `2.28`. Answered with its marker.
//! * `environment`: the variables of its markers, `name=value` with tabs between.
//! * `tags`: all its tags, best first.
//! * `rank TAGS`: the rank of a wheel, or `-`.
//! * `wheel FILE`: name, version, build tag and tags of a wheel, or `-`.
//! * `sdist PROJECT FILE`: the version of a source distribution, or `-`.

#![expect(clippy::print_stdout, reason = "an answer is what it is for")]

use std::error::Error;
use std::io::stdin;

use pypi::{Libc, Machine, SdistName, Target, TargetPlatform, WheelName, WheelTags};

fn main() -> Result<(), Box<dyn Error>> {
    let mut target = None;
    for line in stdin().lines() {
        let line = line?;
        let parts: Vec<&str> = line.split('\t').collect();
        let current = || target.as_ref().ok_or("no target yet");
        let answer = match parts[..] {
            ["target", system, machine, floor, python] => {
                let made = make(system, machine, floor, python)?;
                let marker = made.marker();
                target = Some(made);
                marker
            }
            ["environment"] => {
                let variables = current()?.environment().variables();
                let texts: Vec<String> = variables
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect();
                texts.join("\t")
            }
            ["tags"] => current()?.tags().collect::<Vec<_>>().join("\t"),
            ["rank", tags] => {
                let tags: WheelTags = tags.parse()?;
                let rank = current()?.rank(&tags);
                rank.map_or("-".to_owned(), |rank| rank.to_string())
            }
            ["wheel", file] => file.parse().map_or("-".to_owned(), |read| wheel(&read)),
            ["sdist", project, file] => SdistName::parse(file, &project.parse()?)
                .map_or("-".to_owned(), |read| read.version.to_string()),
            _ => return Err(format!("no question: {line}").into()),
        };
        println!("{answer}");
    }
    Ok(())
}

fn make(system: &str, machine: &str, floor: &str, python: &str) -> Result<Target, Box<dyn Error>> {
    let machine = [Machine::X86_64, Machine::Arm64]
        .into_iter()
        .find(|known| known.as_str() == machine)
        .ok_or("no machine")?;
    let (major, minor) = floor.split_once('.').ok_or("no floor")?;
    let version @ (major, minor) = (major.parse()?, minor.parse()?);
    let platform = match system {
        "glibc" => TargetPlatform::Linux {
            machine,
            libc: Libc::Glibc(major, minor),
        },
        "musl" => TargetPlatform::Linux {
            machine,
            libc: Libc::Musl(major, minor),
        },
        "macos" => TargetPlatform::MacOs { machine, version },
        "windows" => TargetPlatform::Windows { machine },
        _ => return Err("no system".into()),
    };
    Ok(Target::new(platform, &python.parse()?))
}

fn wheel(read: &WheelName) -> String {
    let build = read.build.as_ref();
    let build = build.map_or(String::new(), |build| {
        format!("{}|{}", build.number, build.suffix)
    });
    format!("{}\t{}\t{build}\t{}", read.name, read.version, read.tags)
}
