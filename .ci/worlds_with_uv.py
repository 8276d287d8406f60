#!/usr/bin/env python3
"""Small worlds of Python packages, answered by uv, in the form that `conformance packse` reads.

    worlds_with_uv.py --uv UV --out FILE --seed 7 --count 200    makes random worlds
    worlds_with_uv.py --uv UV --out FILE --scenarios FILE        asks uv again about written ones

A world is served on a local port as an index that sends links and the metadata of each wheel; uv resolves its roots
with wheels only and without a cache. Its answer is what the scenario expects: a set, or that there is none; random worlds say
that another set will do as well, if it is one (`any_answer`). With --check, uv's answers are held against those that the file has, and nothing is written.
"""
import argparse
import hashlib
import html
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

DEFAULTS = {
    "requires_python": ">=3.12",
    "environment.python": "3.12",
    "wheel": True,
    "sdist": True,
    "yanked": False,
    "wheel_tags": ["py3-none-any"],
}


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


class Index:
    """Serves worlds by number: /NUMBER/simple/NAME/ and /NUMBER/files/FILE.metadata."""

    def __init__(self, defaults):
        self.defaults, self.worlds, outer = defaults, {}, self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                self.answer(*outer.look_up(self.path))

            def do_HEAD(self):
                self.answer(404, "text/plain", b"")

            def answer(self, status, kind, body):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # A uv that has its answer drops what it asked for besides.
        self.server.handle_error = lambda *_: None
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, number):
        return f"http://127.0.0.1:{self.server.server_port}/{number}/simple/"

    def look_up(self, path):
        _, number, what, name, *_ = path.replace("%2B", "+").split("/") + [""] * 3
        pages, metadata = self.worlds.get(number, ({}, {}))
        if what == "simple" and name in pages:
            return 200, "text/html", pages[name]
        if what == "files" and name in metadata:
            return 200, "application/octet-stream", metadata[name]
        return 404, "text/plain", b"no such thing"

    def add(self, number, packages):
        pages, metadata = {}, {}
        for name, package in packages.items():
            lines = []
            for version, release in package["versions"].items():
                get = lambda key: release.get(key, self.defaults[key])  # noqa: E731
                python = get("requires_python")
                text = describe(name, version, python, release).encode()
                attributes = f' data-requires-python="{html.escape(python)}"' if python else ""
                if get("yanked"):
                    attributes += ' data-yanked=""'
                stem = f"{name.replace('-', '_')}-{version}"
                files = [f"{stem}-{tags}.whl" for tags in get("wheel_tags")] if get("wheel") else []
                for file in files:
                    metadata[file + ".metadata"] = text
                    digest = hashlib.sha256(text).hexdigest()
                    lines.append(f'<a href="../../files/{file}" data-core-metadata="sha256={digest}"{attributes}>{file}</a>')
                if get("sdist"):
                    lines.append(f'<a href="../../files/{stem}.tar.gz"{attributes}>{stem}.tar.gz</a>')
            pages[normal(name)] = ("<!DOCTYPE html><html><body>" + "\n".join(lines) + "</body></html>").encode()
        self.worlds[str(number)] = (pages, metadata)


def describe(name, version, python, release):
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Python: {python}"] if python else []
    lines += [f"Requires-Dist: {requirement}" for requirement in release.get("requires", [])]
    for extra, requirements in release.get("extras", {}).items():
        lines.append(f"Provides-Extra: {extra}")
        for requirement in requirements:
            what, _, marker = requirement.partition(";")
            marker = f"({marker.strip()}) and " if marker else ""
            lines.append(f"Requires-Dist: {what.strip()} ; {marker}extra == '{extra}'")
    return "\n".join(lines) + "\n"


def ask(uv, index, number, scenario):
    """-> what uv says, in the words of the form"""
    options = scenario.get("resolver_options", {})
    python = options.get("python") or scenario.get("environment", {}).get("python") or index.defaults["environment.python"]
    command = [uv, "pip", "compile", "-q", "--no-config", "--no-cache", "--no-header", "--no-annotate",
               "--python", sys.executable, "--python-version", python, "--python-platform", "x86_64-manylinux_2_40",
               "--index-url", index.url(number), "--only-binary", ":all:"]  # fmt: skip
    if options.get("prereleases"):
        command += ["--prerelease", "allow"]
    env = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    with tempfile.TemporaryDirectory() as folder:
        roots = Path(folder, "roots.in")
        roots.write_text("\n".join(scenario["root"]["requires"]) + "\n")
        done = subprocess.run([*command, str(roots)], env=dict(env, UV_PYTHON_DOWNLOADS="never"), capture_output=True, text=True)
    if done.returncode == 0:
        pins = (line.split("==") for line in done.stdout.splitlines() if "==" in line)
        return {"satisfiable": True, "packages": {name.split("[")[0].strip(): version.strip() for name, version in pins}}
    if "No solution found" not in done.stderr:
        raise SystemExit(f"uv failed on {scenario.get('name')}: {done.stderr}")
    return {"satisfiable": False}


# ---- random worlds

VERSIONS = ["0.9", "1.0", "1.0.post1", "1.1", "1.5", "2.0a1", "2.0b2", "2.0rc1", "2.0.dev3", "2.0", "2.0+x", "2.0+y.2", "2.1a2", "3.0", "3.0.1", "3.1.dev1"]
TAGS = [["py3-none-any"]] * 12 + [
    ["cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64"], ["cp312-cp312-win_amd64"], ["cp313-cp313-manylinux_2_17_x86_64"],
    ["cp39-abi3-manylinux_2_28_x86_64", "cp312-cp312-win_amd64"], ["py2-none-any"], ["py2.py3-none-any"],
    ["cp312-cp312-musllinux_1_2_x86_64"], ["cp312-cp312-macosx_11_0_arm64"], ["py3-none-manylinux_2_17_aarch64"],
]  # fmt: skip
PYTHONS = [None] * 14 + [">=3.8", ">=3.12", ">=3.13", "<3.12", ">=3.8,<3.12", "!=3.12.*", ">3.12", "==3.12.*", ">=3.12.1", "<=3.8", "~=3.11"]
MARKERS = [""] * 10 + [" ; python_version < '3.12'", " ; sys_platform == 'linux'", " ; sys_platform == 'win32'", " ; python_full_version >= '3.12.1'"]


def specifier(dice):
    version = dice.choice(VERSIONS)
    sort = dice.random()
    if sort < 0.25:
        return ""
    if sort < 0.45:
        return ">=" + version.split("+")[0]
    if sort < 0.65:
        return "<" + version.split("+")[0]
    if sort < 0.75:
        return "==" + version
    if sort < 0.8:
        return "!=" + version
    if sort < 0.84:
        return "==" + dice.choice("123") + ".*"
    if sort < 0.88:
        return "~=" + dice.choice(["1.0", "2.0", "3.0.0"])
    if sort < 0.92:
        return ">" + version.split("+")[0]
    if sort < 0.95:
        return "<=" + version.split("+")[0]
    return ">=1.0,<" + dice.choice(["2.0", "3.0", "3.1"])


def world(dice, number):
    """Every second world is tight, with rare tags and few versions; the others are roomy, with long ways back."""
    roomy = number % 2 == 1
    names = "abcdefghijklmnop"[: dice.randint(4, 16) if roomy else dice.randint(2, 8)]
    packages = {}
    for name in names:
        releases = {}
        for version in dice.sample(VERSIONS, dice.randint(4, len(VERSIONS)) if roomy else dice.randint(1, 6)):
            release = {"sdist": False, "requires_python": dice.choice(PYTHONS)}
            others = [other for other in names if other != name] + ["missing"] * (dice.random() < 0.05)
            release["requires"] = [requirement(dice, other) for other in dice.sample(others, min(len(others), dice.choice([0, 0, 1, 1, 2, 3])))]
            if dice.random() < 0.25:
                release["extras"] = {"x": [requirement(dice, dice.choice(others))]}
            if dice.random() < 0.07:
                release["yanked"] = True
            tags = TAGS[0] if roomy and dice.random() < 0.9 else dice.choice(TAGS)
            if tags != ["py3-none-any"]:
                release["wheel_tags"] = tags
            releases[version] = release
        packages[name] = {"versions": releases}
    roots = [requirement(dice, name) for name in dice.sample(names, dice.randint(1, min(4, len(names))))]
    # Where much has to be taken back there are several good answers: uv's is one.
    scenario = {"name": f"random-{number}", "any_answer": True, "root": {"requires": roots}, "packages": packages}
    if dice.random() < 0.1:
        scenario["resolver_options"] = {"prereleases": True}
    return scenario


def requirement(dice, name):
    extra = "[x]" if dice.random() < 0.15 else ""
    return name + extra + specifier(dice) + dice.choice(MARKERS)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--uv", required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--scenarios", type=Path)
    parser.add_argument("--check", action="store_true", help="only compare with what the file expects")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=200)
    options = parser.parse_args()
    document = {"defaults": DEFAULTS}
    if options.scenarios:
        document = json.loads(options.scenarios.read_text())
        scenarios = document["scenarios"]
    else:
        dice = random.Random(options.seed)
        scenarios = [world(dice, number) for number in range(options.count)]
    index = Index(dict(DEFAULTS, **document.get("defaults", {})))

    def answer(numbered):
        number, scenario = numbered
        index.add(number, scenario["packages"])
        return ask(options.uv, index, number, scenario)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = list(pool.map(answer, enumerate(scenarios)))
    wrong = 0
    for scenario, said in zip(scenarios, answers):
        if options.check and scenario["expected_wheels_only"] != said:
            wrong += 1
            print(f"{scenario['name']}: expected {scenario['expected_wheels_only']}, uv says {said}")
        scenario["expected_wheels_only"] = said
    solved = sum(said["satisfiable"] for said in answers)
    print(f"uv: {solved} solved, {len(answers) - solved} without a solution" + (f", {wrong} not as expected" if options.check else ""))
    if options.out and not options.check:
        # A scenario a line.
        head = json.dumps({key: value for key, value in document.items() if key != "scenarios"})
        lines = ",\n  ".join(json.dumps(scenario) for scenario in scenarios)
        options.out.write_text(f'{head[:-1]}, "scenarios": [\n  {lines}\n]}}\n')
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
