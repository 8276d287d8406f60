//! Questions to a resolution.

use universe::{Resolution, Step, Visit};

use crate::toy::Toy;

/// Two ways to python, one of them through a cycle between `pipe` and `core`.
const STUDIO: &str = "
    python 0
    python 1
    core 0: python>=1, pipe
    pipe 0: core, ~maya<1
    tool 0: python, core, !nuke
    lone 0
";

fn resolution(toy: &mut Toy, request: &str) -> Resolution {
    Resolution::new(toy.solution(request))
}

fn tell_path(toy: &Toy, path: &[Step<'_>]) -> String {
    let steps = path.iter().map(|step| {
        let words: Vec<&str> = step
            .requirements
            .iter()
            .map(|edge| toy.words(edge))
            .collect();
        format!("-[{}]-> {}", words.join(" "), toy.name(step.to))
    });
    steps.collect::<Vec<_>>().join(" ")
}

fn tell_tree(toy: &Toy, visits: &[Visit<'_>]) -> Vec<String> {
    let line = |visit: &Visit<'_>| {
        let name = visit.package.map_or("request", |package| toy.name(package));
        let repeated = if visit.repeated { " (*)" } else { "" };
        format!("{}{name}{repeated}", "  ".repeat(visit.depth))
    };
    visits.iter().map(line).collect()
}

#[test]
fn paths_carry_the_requirements() {
    let mut toy = Toy::new(STUDIO);
    let resolution = resolution(&mut toy, "tool, lone, python");
    let python = toy.package("python");
    let tell = |limit| -> Vec<String> {
        resolution
            .paths_to(python, limit)
            .iter()
            .map(|path| tell_path(&toy, path))
            .collect()
    };
    assert_eq!(
        tell(10),
        [
            "-[python]-> python",
            "-[tool]-> tool -[python]-> python",
            "-[tool]-> tool -[core]-> core -[python>=1]-> python",
        ]
    );
    assert_eq!(tell(1), ["-[python]-> python"]);
    assert!(tell(0).is_empty());
}

#[test]
fn trees_unfold_once() {
    let mut toy = Toy::new(STUDIO);
    let resolution = resolution(&mut toy, "tool, lone");
    assert_eq!(
        tell_tree(&toy, &resolution.tree()),
        [
            "tool",
            "  python",
            "  core",
            "    python",
            "    pipe",
            "      core (*)",
            "lone"
        ]
    );
    let core = toy.package("core");
    assert_eq!(
        tell_tree(&toy, &resolution.tree_of(core)),
        ["core", "  python", "  pipe", "    core (*)"]
    );
    assert_eq!(
        tell_tree(&toy, &resolution.inverted_tree_of(core)),
        ["core", "  pipe", "    core (*)", "  tool", "    request"]
    );
    let maya = toy.package("maya");
    assert!(resolution.tree_of(maya).is_empty());
    assert!(resolution.inverted_tree_of(maya).is_empty());
    assert!(resolution.paths_to(maya, 3).is_empty());
}

#[test]
fn requirements_are_found_from_both_ends() {
    let mut toy = Toy::new(STUDIO);
    let resolution = resolution(&mut toy, "tool, lone");
    let [tool, maya, nuke, python] = ["tool", "maya", "nuke", "python"].map(|n| toy.package(n));
    let words = |edges: &mut dyn Iterator<Item = &universe::Edge>| -> Vec<String> {
        edges.map(|edge| toy.words(edge).to_owned()).collect()
    };
    assert_eq!(
        words(&mut resolution.requirements_on(python)),
        ["python>=1", "python"]
    );
    assert_eq!(words(&mut resolution.requirements_on(maya)), ["~maya<1"]);
    assert_eq!(words(&mut resolution.requirements_on(nuke)), ["!nuke"]);
    let of_tool = words(&mut resolution.requirements_of(Some(tool)).iter());
    assert_eq!(of_tool, ["python", "core", "!nuke"]);
    assert_eq!(
        words(&mut resolution.requirements_of(None).iter()),
        ["tool", "lone"]
    );
    assert!(resolution.requirements_of(Some(python)).is_empty());
    assert!(resolution.requirements_of(Some(nuke)).is_empty());
}

#[test]
fn dependencies_come_first_and_cycles_together() {
    let mut toy = Toy::new(STUDIO);
    let resolution = resolution(&mut toy, "lone, tool");
    let groups: Vec<String> = resolution
        .dependencies_first()
        .iter()
        .map(|group| {
            group
                .iter()
                .map(|p| toy.name(*p))
                .collect::<Vec<_>>()
                .join("+")
        })
        .collect();
    let place = |name: &str| groups.iter().position(|group| group == name).unwrap();
    assert!(place("python") < place("core+pipe"), "{groups:?}");
    assert!(place("core+pipe") < place("tool"), "{groups:?}");
    assert_eq!(groups.len(), 4);
    let roots: Vec<&str> = resolution
        .roots()
        .into_iter()
        .map(|p| toy.name(p))
        .collect();
    assert_eq!(roots, ["lone", "tool"]);
}

/// Forty diamonds in a row have 2^40 ways through; three of them are asked for.
#[test]
fn few_of_many_paths_are_quick() {
    let diamond = |number: u32| {
        let below = number - 1;
        format!(
            "l{number} 0: d{below} \n r{number} 0: d{below} \n d{number} 0: l{number}, r{number}\n"
        )
    };
    let text = "d0 0\n".to_owned() + &(1..=40).map(diamond).collect::<String>();
    let mut toy = Toy::new(&text);
    let resolution = resolution(&mut toy, "d40");
    let paths = resolution.paths_to(toy.package("d0"), 3);
    assert_eq!(paths.len(), 3);
    assert!(paths.iter().all(|path| path.len() == 81));
    assert_ne!(paths[0], paths[1]);
}
