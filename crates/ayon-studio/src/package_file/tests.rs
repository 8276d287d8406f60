use super::*;

fn read_python(source: &str) -> (Option<Package>, Vec<String>) {
    read_as(Format::Python, source.as_bytes())
}

fn read_as(format: Format, bytes: &[u8]) -> (Option<Package>, Vec<String>) {
    let mut problems = Vec::new();
    let package = read(format, bytes, &Place::file("core/package"), &mut problems);
    (
        package,
        problems
            .iter()
            .map(|problem| format!("{}: {}", problem.place, problem.message))
            .collect(),
    )
}

#[test]
fn a_real_package_file_is_read_with_its_lines() {
    let (package, problems) = read_python(
        "name = \"core\"\nversion = \"1.9.7\"\ntitle = \"Core\"\nproject_can_override_addon_version = True\n\
         services = {\"leecher\": {\"image\": f\"ynput/ayon-{name}:{version}\"}}\n\
         ayon_server_version = \">=1.8.4,<2.0.0\"\nayon_required_addons = {\n    \"maya\": \">=0.5.0\",\n    \"old\": None,\n}\n",
    );
    assert_eq!(problems, [""; 0]);
    let package = package.unwrap();
    assert_eq!(
        (package.name.as_str(), package.version.to_string().as_str()),
        ("core", "1.9.7")
    );
    assert!(package.project_can_override);
    let Knowledge::Known(relations) = package.relations else {
        panic!("relations are literals")
    };
    assert_eq!(relations.server.unwrap().text(), ">=1.8.4,<2.0.0");
    assert_eq!(relations.required["old"], None);
    assert_eq!(relations.lines["ayon_required_addons.maya"], 8);
    assert_eq!(relations.lines["ayon_server_version"], 6);
}

#[test]
fn code_is_a_problem_with_file_line_and_name_and_leaves_relations_unknown() {
    let (package, problems) = read_python(
        "import os\nname = \"core\"\nversion = \"1.0.0\"\nayon_required_addons = dict(maya=os.name)\n",
    );
    let package = package.unwrap();
    assert!(
        matches!(package.relations, Knowledge::Unknown(_)),
        "{:?}",
        package.relations
    );
    insta::assert_snapshot!(problems.join("\n"), @"core/package:4, ayon_required_addons: `ayon_required_addons` is code, not a literal: it takes running `dict(…)` to know the value; the file is read, not run");
}

#[test]
fn what_the_server_cannot_load_is_no_release() {
    let mut all = Vec::new();
    for source in [
        "name = \"core\"\n",
        "version = \"1.0.0\"\n",
        "name = \"core\"\nversion = \"1.9\"\n",
        "name = \"core\"\nversion = 1.9\n",
        "name = \"core\"\nversion = open(\"VERSION\").read()\n",
        "name = \"core\nversion = \"1.0.0\"\n",
        "name = None\nversion = \"\"\n",
    ] {
        let (package, problems) = read_python(source);
        assert_eq!(package, None, "{source}");
        all.extend(problems);
    }
    let (package, problems) = read_as(Format::Python, b"name = \"c\xff\"\n");
    assert_eq!(package, None);
    all.extend(problems);
    insta::assert_snapshot!(all.join("\n"), @r"
    core/package, version: `version` is missing: the server cannot load this addon
    core/package, name: `name` is missing: the server cannot load this addon
    core/package:2, version: version `1.9` is no semantic version (unexpected end of input while parsing minor version number): the server cannot load this addon; write `x.y.z`
    core/package:2, version: `version` must be a text, not a number
    core/package:2, version: `version` is code, not a literal: it takes running `open(…)` to know the value; the file is read, not run
    core/package:1: this is not Python (column 8): this string is not closed on its line
    core/package:1, name: `name` is missing: the server cannot load this addon
    core/package:2, version: `version` is missing: the server cannot load this addon
    core/package: the file is not UTF-8: byte 9 is wrong; save it as UTF-8
    ");
}

#[test]
fn every_wrong_kind_is_said() {
    let (package, problems) = read_python(
        "name = \"core\"\nversion = \"1.0.0\"\nayon_launcher_version = 1\nayon_required_addons = [\"maya\"]\n\
         ayon_compatible_addons = {\"nuke\": 1, \"maya\": True}\nproject_can_override_addon_version = \"yes\"\n",
    );
    assert!(matches!(package.unwrap().relations, Knowledge::Unknown(_)));
    insta::assert_snapshot!(problems.join("\n"), @r"
    core/package:6, project_can_override_addon_version: `project_can_override_addon_version` must be True or False, not a text
    core/package:3, ayon_launcher_version: `ayon_launcher_version` must be a text, not a number
    core/package:4, ayon_required_addons: `ayon_required_addons` must be a dictionary of addon names and ranges, not a list
    core/package:5, ayon_compatible_addons.nuke: `ayon_compatible_addons.nuke` must be a range in quotes or None, not a number
    core/package:5, ayon_compatible_addons.maya: `ayon_compatible_addons.maya` must be a range in quotes or None, not a boolean
    ");
}

#[test]
fn yaml_says_the_same() {
    let (package, problems) = read_as(
        Format::Yaml,
        b"name: core\nversion: 1.9.7\nayon_required_addons:\n  maya: \">=0.5.0\"\nproject_can_override_addon_version: true\n",
    );
    assert_eq!(problems, [""; 0]);
    let package = package.unwrap();
    assert!(package.project_can_override);
    let Knowledge::Known(relations) = package.relations else {
        panic!("relations are known")
    };
    assert_eq!(relations.lines["ayon_required_addons.maya"], 4);
    let (package, problems) = read_as(Format::Yaml, b"name: core\nversion: 1.9\n");
    assert_eq!((package, problems.len()), (None, 1));
}
