"""Holds the program's contexts against stock rez, in both directions.

    contexts_with_rez.py PROGRAM

Run with the Python of a rez. A small repository is made, with what is rare in it: an unversioned family, a combined one,
hashed variants, ephemerals, weak requests. Requests are resolved by the program and by rez, from the repository's own
path, through a link to it, and from settings in a file. Checked is:

* both write the same context, down to graph and handles, but for who made it and when;
* rez enters the program's context, shows it, interprets it, stores it again, patches it, bundles it, and finds the same
  folders in its package cache;
* the program reads rez's context and bundle, writes it again byte for byte, and finds no difference.

Exits with 1 at the first thing that is not so, naming it.
"""

import ast
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGES = {
    "platform/linux/package.py": "name = 'platform'\nversion = 'linux'\n",
    "platform/windows/package.py": "name = 'platform'\nversion = 'windows'\n",
    "platform/osx/package.py": "name = 'platform'\nversion = 'osx'\n",
    "python/3.9.7/package.py": "name = 'python'\nversion = '3.9.7'\ndef commands():\n    env.PYTHON_IS = '{this.version}'\n",
    "python/3.11.2/package.py": "name = 'python'\nversion = '3.11.2'\ndef commands():\n    env.PYTHON_IS = '{this.version}'\n",
    "python/4.0/package.py": "name = 'python'\nversion = '4.0'\ntimestamp = 1900000000\n",
    "qt/5.15.2/package.py": "name = 'qt'\nversion = '5.15.2'\nrequires = ['python-3.9']\n",
    "qt/6.5.0/package.py": "name = 'qt'\nversion = '6.5.0'\nrequires = ['python-3.11']\n",
    "maya/2024.1/package.py": (
        "name = 'maya'\nversion = '2024.1'\nhashed_variants = True\n"
        "variants = [['platform-%s', 'qt-5'], ['platform-%s', 'qt-6']]\n"
        "def commands():\n    env.MAYA_QT = '{resolve.qt.version}'\n    env.MAYA_AT = '{root}'\n"
    ),
    "tools/package.py": "name = 'tools'\nrequires = ['.feature-1+<3', '!qt<5']\ndef commands():\n    env.TOOLS = '1'\n",
    "farm.yaml": "name: farm\nversions: ['1.0', '2.0']\nversion_overrides:\n  '2':\n    requires: [python-3, ~maya-2024+]\n",
}

#: What may differ: who made the context, when, how long it took, and what was read for it.
MAKER = {"created", "host", "load_time", "num_loaded_packages", "rez_path", "rez_version", "solve_time", "timestamp", "user"}

#: Variables of a shell that are about the file of the context, its maker, or the process.
OWN = {"REZ_USED", "REZ_USED_VERSION", "REZ_USED_TIMESTAMP", "REZ_RXT_FILE", "REZ_CONTEXT_FILE", "REZ_STORED_PROMPT_SH",
       "REZ_SHELL_INIT_TIMESTAMP", "_", "PS1", "SHLVL", "PATH", "PWD", "OLDPWD"}  # fmt: skip

REQUESTS = [
    ["maya", "tools", "farm"],
    ["python-3.9", "maya", ".feature-2", "~farm-1"],
    ["farm==1.0", "python<4|5+", "!qt-5"],
    ["tools"],
]


class Peers:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.bin = Path(sys.executable).parent
        self.checks = 0
        # Nothing of the machine's own settings.
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "USER": "peer",
            "AYON_RESOLVE_NO_CONFIG": "true",
            "REZ_CACHE_PACKAGES_PATH": str(folder / "package-cache"),
        }

    def check(self, condition, message):
        self.checks += 1
        if not condition:
            sys.exit(f"contexts: {message}")

    def run(self, *words, code=0, **variables):
        words = [str(word) for word in words]
        done = subprocess.run(
            words,
            env={**self.environment, **variables},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        output = f"{done.stdout}\n{done.stderr}"
        self.check(done.returncode == code, f"`{' '.join(words)}` exits with {done.returncode}:\n{output}")
        self.check("Traceback" not in output and "panicked" not in output, f"`{' '.join(words)}`:\n{output}")
        return done.stdout

    def rez(self, tool, *words, **options):
        return self.run(self.bin / tool, *words, **options)

    def ours(self, *words, **options):
        return self.run(self.program, *words, **options)


def graph(text):
    """A graph as nodes and edges by their labels: numbers and order are the writer's own."""
    document = ast.literal_eval(text)
    labels = {name: label for _, nodes in document["nodes"] for name, label in nodes}
    nodes = {(attributes, label) for attributes, nodes in document["nodes"] for _, label in nodes}
    edges = {
        (attributes, labels[edge[0]], labels[edge[1]], edge[2:])
        for attributes, edges in document["edges"]
        for edge in edges
    }
    return nodes, edges


def without_maker(path):
    document = json.loads(Path(path).read_text())
    document["graph"] = graph(document["graph"])
    return {key: value for key, value in document.items() if key not in MAKER}


def environment(text):
    variables = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    return {name: value for name, value in variables.items() if name not in OWN}


def same_contexts(peers, request, paths, **variables):
    """Both resolve, and write the same. Returns the two files."""
    name = " ".join(request)
    ours, theirs = peers.folder / "ours.rxt", peers.folder / "theirs.rxt"
    peers.ours("rez", "env", *request, *paths, "-o", ours, **variables)
    peers.rez("rez-env", *request, *paths, "-o", theirs, **variables)
    for key, value in without_maker(theirs).items():
        found = without_maker(ours).get(key)
        peers.check(found == value, f"{name}: `{key}` is {found}, and rez writes {value}")
    peers.check(set(without_maker(ours)) == set(without_maker(theirs)), f"{name}: the keys differ")
    return ours, theirs


def rez_uses_it(peers, ours, theirs):
    enter = [environment(peers.rez("rez-env", "--input", path, "--", "env")) for path in (ours, theirs)]
    peers.check(enter[0] == enter[1], f"the environments differ: {set(enter[0].items()) ^ set(enter[1].items())}")
    peers.check("REZ_USED_RESOLVE" in enter[0], "the environment is empty")

    shown = [peers.rez("rez-context", path).splitlines()[1:] for path in (ours, theirs)]
    peers.check(shown[0] == shown[1] and shown[0], f"rez-context shows {shown}")
    made = [json.loads(peers.rez("rez-context", "--interpret", "-f", "json", path)) for path in (ours, theirs)]
    made = [{key: value for key, value in one.items() if key not in OWN} for one in made]
    peers.check(made[0] == made[1], f"rez-context --interpret says {made}")
    peers.check("digraph" in peers.rez("rez-context", "--print-graph", ours), "rez-context prints no graph")

    # Stored again by rez, it is what rez would have stored, and the program reads it.
    again = peers.folder / "again.rxt"
    peers.rez("rez-env", "--input", ours, "-o", again)
    peers.check(without_maker(again) == without_maker(ours), "stored again, the context is another one")
    peers.check(peers.ours("rez", "context", ours, "--diff", again) == "", "stored again, there is a difference")


def rez_patches_it(peers, ours, paths):
    patched = peers.folder / "patched.rxt"
    peers.rez("rez-env", "--input", ours, "--patch", "tools", *paths, "-o", patched)
    requests = json.loads(patched.read_text())["package_requests"]
    peers.check("tools" in requests, f"patched, the request is {requests}")


def rez_bundles_it(peers, ours):
    from rez.resolved_context import ResolvedContext

    for variant in ResolvedContext.load(str(ours)).resolved_packages:
        # rez copies payloads, so there must be some.
        Path(variant.root).mkdir(parents=True, exist_ok=True)
    bundle = peers.folder / "bundle"
    peers.rez("rez-bundle", ours, bundle)
    context = bundle / "context.rxt"
    document = json.loads(context.read_text())
    locations = {handle["variables"]["location"] for handle in document["resolved_packages"]}
    peers.check(locations == {"packages"}, f"in the bundle, packages are in {locations}")
    entered = environment(peers.rez("rez-env", "--input", context, "--", "env"))
    original = environment(peers.rez("rez-env", "--input", ours, "--", "env"))
    peers.check(entered["REZ_USED_RESOLVE"] == original["REZ_USED_RESOLVE"], "the bundle resolves otherwise")
    copied = peers.folder / "copied.rxt"
    peers.ours("rez", "env", "--input", context, "-o", copied)
    locations = {handle["variables"]["location"] for handle in json.loads(copied.read_text())["resolved_packages"]}
    peers.check(locations == {str(bundle / "packages")}, f"out of the bundle, packages are in {locations}")
    entered = environment(peers.rez("rez-env", "--input", copied, "--", "env"))
    peers.check(entered["REZ_USED_RESOLVE"] == original["REZ_USED_RESOLVE"], "out of the bundle, it resolves otherwise")


def caches_agree(peers, ours, theirs):
    """rez names the folders of its package cache by a hash of the handle."""
    from rez.package_cache import PackageCache
    from rez.resolved_context import ResolvedContext

    folder = peers.folder / "package-cache"
    folder.mkdir(exist_ok=True)
    cache = PackageCache(str(folder))
    folders = [
        [cache._get_hash_path(variant) for variant in ResolvedContext.load(str(path)).resolved_packages]
        for path in (ours, theirs)
    ]
    peers.check(folders[0] == folders[1] and folders[0], f"the package cache has {folders}")


def program_reads_rez(peers, ours, theirs):
    copy = peers.folder / "copy.rxt"
    peers.ours("rez", "env", "--input", theirs, "-o", copy)
    if copy.read_bytes() != theirs.read_bytes():
        lines = zip(copy.read_text().splitlines(), theirs.read_text().splitlines())
        first = next(((one, other) for one, other in lines if one != other), "an end")
        peers.check(False, f"what rez wrote is not written again byte for byte: {first}")
    peers.check(peers.ours("rez", "context", ours, "--diff", theirs) == "", "there is a difference to what rez wrote")


def failures_agree(peers, paths):
    ours, theirs = peers.folder / "ours.rxt", peers.folder / "theirs.rxt"
    request = ["maya", "python-3.11", "qt-5"]
    peers.ours("rez", "env", *request, *paths, "-o", ours, code=1)
    peers.rez("rez-env", *request, *paths, "-o", theirs, code=1)
    one, other = without_maker(ours), without_maker(theirs)
    # What a failure looks like is told in each one's own words.
    one.pop("graph"), other.pop("graph")
    peers.check(one == other, f"a failure is stored as {one}, and by rez as {other}")
    shown = peers.rez("rez-context", ours)
    for text in ["The context failed to resolve", "Resolve paths starting from initial requests to conflict:"]:
        peers.check(text in shown, f"rez-context shows of a failure:\n{shown}")
    peers.rez("rez-env", "--input", ours, "--", "true", code=1)


def settings_agree(peers, repository):
    settings = peers.folder / "studio.py"
    settings.write_text(
        f"packages_path = ['{repository}']\n"
        "implicit_packages = ModifyList(append=['~python<4'])\n"
        "package_filter = {'excludes': ['glob(qt-6*)', 'after(1900000000)'], 'includes': ['range(nothing-1)']}\n"
        "package_orderers = [{'type': 'sorted', 'descending': False, 'packages': ['farm']}]\n"
        "platform_map = {'os': {r'(.*)-(\\d+).*': r'\\1_\\2'}}\n"
    )
    (peers.folder / ".rezconfig").write_text("packages_path: [~/none, '{system.platform}']\n")
    studio = {"REZ_CONFIG_FILE": str(settings), "REZ_DISABLE_HOME_CONFIG": "1"}
    same_contexts(peers, ["maya", "farm"], [], **studio)
    same_contexts(peers, ["maya", "farm"], ["--no-implicit", "--time", "1800000000"], **studio)
    same_contexts(peers, ["maya"], ["--exclude", "glob(x)", "--include", "y-1"], **studio)
    variables = {"REZ_PACKAGES_PATH": f"~/none{os.pathsep}{repository}", "REZ_IMPLICIT_PACKAGES": "~python-3,tools"}
    same_contexts(peers, ["maya"], [], **variables)


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder).resolve()
        peers = Peers(Path(program).resolve(), folder)
        platform = peers.run(sys.executable, "-c", "from rez.system import system; print(system.platform)").strip()
        repository = folder / "packages"
        for name, text in PACKAGES.items():
            path = repository / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.replace("%s", platform))
        link = folder / "link"
        link.symlink_to(repository)
        for path, requests in ((repository, REQUESTS), (link, REQUESTS[:1])):
            paths = ["--paths", f"{folder / 'none'}{os.pathsep}{path}"]
            for request in requests:
                ours, theirs = same_contexts(peers, request, paths)
                rez_uses_it(peers, ours, theirs)
                caches_agree(peers, ours, theirs)
                program_reads_rez(peers, ours, theirs)
            failures_agree(peers, paths)
        # rez cannot copy a combined package, which has no folder.
        ours, _ = same_contexts(peers, ["maya", "tools"], paths)
        rez_patches_it(peers, ours, paths)
        rez_bundles_it(peers, ours)
        settings_agree(peers, repository)
    print(f"contexts agree with rez: {peers.checks} checks")


if __name__ == "__main__":
    main(*sys.argv[1:])
