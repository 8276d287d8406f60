//! Files as AYON and rez have them.

use crate::{names, read, show, statements};

const ADDON: &str = r#"name = "shotgrid"
title = "Shotgrid"
version = "0.6.1+dev"
app_host_name: str = "shotgrid"

client_dir = "ayon_shotgrid"

services = {
    "ShotgridProcessor": {"image": f"ynput/ayon-shotgrid-processor:{version}"},
    "ShotgridLeecher": {
        "image": f"ynput/ayon-shotgrid-leecher:{version}"},
}

ayon_server_version = ">=1.1.2"
ayon_required_addons = {
    "core": ">0.3.2",
    "ftrack": None,
}
ayon_compatible_addons = {}
project_can_override_addon_version = True
"#;

#[test]
fn an_addon_is_read_whole() {
    insta::assert_snapshot!(names(ADDON), @r#"
    app_host_name: 'shotgrid'
    ayon_compatible_addons: {}
    ayon_required_addons: {'core': '>0.3.2', 'ftrack': None}
    ayon_server_version: '>=1.1.2'
    client_dir: 'ayon_shotgrid'
    name: 'shotgrid'
    project_can_override_addon_version: True
    services: {'ShotgridProcessor': {'image': 'ynput/ayon-shotgrid-processor:0.6.1+dev'}, 'ShotgridLeecher': {'image': 'ynput/ayon-shotgrid-leecher:0.6.1+dev'}}
    title: 'Shotgrid'
    version: '0.6.1+dev'
    "#);
    let module = read(ADDON);
    let required = module
        .get("ayon_required_addons")
        .unwrap()
        .unwrap()
        .as_dict()
        .unwrap();
    assert_eq!(
        required
            .iter()
            .map(|entry| entry.key.line)
            .collect::<Vec<_>>(),
        [16, 17]
    );
}

const REZ: &str = r#"# -*- coding: utf-8 -*-
"""A package."""
import os
from rez.utils import (
    a as b,
    c)

name = 'maya'
version = '2024.1'
requires = [
	'python-3.9',	# a tab
    '~qt-5',
]
variants = [['platform-linux', 'qt-5'], ['platform-linux', 'qt-6']]
hashed_variants = True
timestamp = 1_700_000_000
uuid = str(os.getpid())

with scope("config") as c:
    c.release_packages_path = "/x"

@late()
def tools():
    if in_context():
        return ["a"]
    return []

@include("shared")
@other
def pre_commands(): pass

def commands():
    env.MAYA_ROOT = '{root}'
    if 'qt' in resolve:
        env.MAYA_QT = str(resolve.qt.version)

    # a comment at another depth
  # and one more
    text = """
not the end
"""

format_version = 2
"#;

#[test]
fn a_rez_package_keeps_its_literals_beside_its_code() {
    insta::assert_snapshot!(statements(REZ), @r#"
    2: Expression binds []: "\"\"\"A package.\"\"\""
    3: Import binds ["os"]: "import os"
    4: Import binds ["b", "c"]: "from rez.utils import (\n    a as b,\n    c)"
    8: assigns ["name"]: "name = 'maya'"
    9: assigns ["version"]: "version = '2024.1'"
    10: assigns ["requires"]: "requires = [\n\t'python-3.9',\t# a tab\n    '~qt-5',\n]"
    14: assigns ["variants"]: "variants = [['platform-linux', 'qt-5'], ['platform-linux', 'qt-6']]"
    15: assigns ["hashed_variants"]: "hashed_variants = True"
    16: assigns ["timestamp"]: "timestamp = 1_700_000_000"
    17: assigns ["uuid"]: "uuid = str(os.getpid())"
    19: With binds ["c"]: "with scope(\"config\") as c:\n    c.release_packages_path = \"/x\""
    22: Function binds ["tools"]: "@late()\ndef tools():\n    if in_context():\n        return [\"a\"]\n    return []"
    28: Function binds ["pre_commands"]: "@include(\"shared\")\n@other\ndef pre_commands(): pass"
    32: Function binds ["commands"]: "def commands():\n    env.MAYA_ROOT = '{root}'\n    if 'qt' in resolve:\n        env.MAYA_QT = str(resolve.qt.version)\n\n    # a comment at another depth\n  # and one more\n    text = \"\"\"\nnot the end\n\"\"\""
    43: assigns ["format_version"]: "format_version = 2"
    "#);
    insta::assert_snapshot!(names(REZ), @r#"
    b: open: line 5, column 10: it is bound by an import, not by a literal
    c: open: line 19, column 25: a `with` statement may bind it, depending on what runs
    commands: open: line 32, column 5: it is bound by a function definition, not by a literal
    format_version: 2
    hashed_variants: True
    name: 'maya'
    os: open: line 3, column 8: it is bound by an import, not by a literal
    pre_commands: open: line 30, column 5: it is bound by a function definition, not by a literal
    requires: ['python-3.9', '~qt-5']
    timestamp: 1700000000
    tools: open: line 23, column 5: it is bound by a function definition, not by a literal
    uuid: open: line 17, column 8: it takes running `str(…)` to know the value
    variants: [['platform-linux', 'qt-5'], ['platform-linux', 'qt-6']]
    version: '2024.1'
    "#);
}

#[test]
fn line_ends_and_marks_do_not_matter() {
    let module = read(REZ);
    for other in [
        REZ.replace('\n', "\r\n"),
        format!("\u{feff}{REZ}"),
        REZ.trim_end().to_owned(),
    ] {
        let same = read(&other);
        for (name, outcome) in module.iter() {
            assert_eq!(same.line(name), module.line(name), "{name}");
            if let Ok(node) = outcome {
                assert_eq!(show(&same, name), node.to_string());
            }
        }
    }
}
