"""Locks the bundle that AYON's own dependency tool was run on, and holds both halves against what is recorded of it.

    golden_bundle.py PROGRAM SNAPSHOT CONTENTS

SNAPSHOT is what `golden` of the benches writes, CONTENTS the record `deptool-golden/run2/zip-contents.json`. Needs an
index in reach; what was uploaded after the day of the record is left out.

The half `dependencies` must be the recorded one, package by package and version by version. Of the half `runtime` the
tool shipped twenty-three, fourteen of which the launcher has: the nine others must be there, and nothing else. Nothing
may be there that the launcher has, and every file must have its hash.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

DAY = "2026-11-21"
RUNTIME = {
    "aiohttp-middlewares": "2.4.0",
    "async-timeout": "4.0.3",
    "click": "8.5.1",
    "fonttools": "4.68.0",
    "opencolorio": "2.5.2",
    "opentimelineio": "0.16.0",
    "pillow": "9.5.0",
    "psutil": "7.2.2",
    "pyaaf2": "1.6.0",
}


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def main(program, snapshot, contents):
    recorded = json.loads(Path(contents).read_text(encoding="utf-8"))["dist_info"]
    document = json.loads(Path(snapshot).read_text(encoding="utf-8"))
    launchers = [entry["record"] for entry in document["launchers"]]
    launcher = next(record for record in launchers if "py3117" in record["version"])
    provided = {normal(name) for key in ("pythonModules", "runtimePythonModules") for name in launcher[key]}
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder, "pylock.toml")
        command = [program, "--studio", snapshot, "--bundle", "golden", "--emit", "venv", "--format", "pylock"]
        command += ["--platform", "linux-64", "--exclude-newer", DAY, "-o", str(lock)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600)
        if done.returncode:
            sys.exit(f"golden_bundle: {' '.join(command)} failed\n{done.stderr}")
        packages = tomllib.loads(lock.read_text(encoding="utf-8"))["packages"]
    halves = {"dependencies": {}, "runtime": {}}
    for package in packages:
        halves[package["tool"]["ayon-resolve"]["half"]][package["name"]] = package["version"]
        for wheel in package["wheels"]:
            assert re.fullmatch("[0-9a-f]{64}", wheel["hashes"]["sha256"]), wheel
        assert package["name"] not in provided, f"the launcher has {package['name']} already"
    expected = {
        "dependencies": {normal(name): version for name, version in recorded["dependencies"].items()},
        "runtime": RUNTIME,
    }
    for half, wanted in expected.items():
        differences = sorted(set(wanted.items()) ^ set(halves[half].items()))
        if differences:
            sys.exit(f"golden_bundle: {half} is not what is recorded: {differences}")
    assert RUNTIME.items() <= {normal(name): version for name, version in recorded["runtime"].items()}.items()
    print(f"the recorded bundle: {len(halves['dependencies'])} dependencies and {len(RUNTIME)} runtime packages, as they should be")


if __name__ == "__main__":
    main(*sys.argv[1:])
