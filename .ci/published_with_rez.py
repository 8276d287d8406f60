"""Publishes the sample studio's staging bundle, and resolves and enters it with stock rez.

    published_with_rez.py PROGRAM

Run with the Python of a rez. The program publishes the bundle twice, the second time with a host that needs an answer of
its own. Everything else that the packages ask for gets a small stand-in in a repository of its own: hosts, interpreters,
platform, distributions, each also in versions that must not be chosen. Checked is:

* rez reads every package, would write it just so itself, and finds the folder of every variant;
* publishing again changes nothing, and what would change a package is refused;
* the requests a studio types resolve to what the bundle says, or fail where they must, today and with `--time`;
* the environment that is entered has what AYON needs, in a real shell, down to an addon that is imported and a launcher
  that is started; `rez bundle` takes it along;
* `--emit rez --format context` gives the same environment, and names all that is missing where something is.

Exits with 1 at the first thing that is not so, naming it.
"""

import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

# Versions of every family that is no part of AYON; the one to be chosen in each place is checked below.
STAND_INS = {
    "arch": ["x86_64", "AMD64"],
    "clique": ["1.5.0", "1.6.5", "1.7.0", "2.0.0"],
    "ftrack_python_api": ["3.0.9", "3.1.2", "4.0.0"],
    "gazu": ["0.9.3", "0.10.0"],
    "jsonschema": ["2.6.0", "3.0.0"],
    "markdown": ["3.4.1", "4.0.0"],
    "maya": ["2024.2", "2025.1"],
    "platform": ["linux", "windows", "osx"],
    "pyblish_base": ["1.8.11", "2.0.0"],
    "python": ["3.9.13", "3.10.8", "3.11.9", "3.12.1"],
    "qtawesome": ["0.7.3", "0.8.0"],
    "shotgun_api3": ["3.4.0"],
    "slack_sdk": ["3.19.5", "4.0.0"],
    "speedcopy": ["2.2.0", "3.0.0"],
}
REQUIRES = {
    ("maya", "2024.2"): ["python-3.10"],
    ("maya", "2025.1"): ["python-3.11"],
    # A distribution of today: it needs a Python, whichever.
    ("clique", "1.6.5"): ["python"],
}
TARGET = ("arch", "platform")

# When the bundle is published, and published again.
SPRING, SUMMER = 1_745_000_000, 1_755_000_000

REZ = Path(sys.executable).parent


def check(condition, message):
    if not condition:
        sys.exit(f"published packages: {message}")


def stand_in(repository, family, version):
    folder = repository / family / version
    folder.mkdir(parents=True)
    text = [f"name = '{family}'", f"version = '{version}'"]
    if (family, version) in REQUIRES:
        text.append(f"requires = {REQUIRES[family, version]!r}")
    if family not in TARGET:
        text.append("def commands():\n    env.PYTHONPATH.append('{root}/python')")
    (folder / "package.py").write_text("\n\n".join(text) + "\n", encoding="utf-8")


def written_as_rez_writes(path):
    """Reads a package file with rez and writes it again with rez."""
    from rez.package_serialise import dump_package_data
    from rez.serialise import FileFormat, load_from_file

    data = load_from_file(str(path), FileFormat.py)
    # As rez's own schema reads it.
    data["description"] = data["description"].strip()
    buffer = io.StringIO()
    dump_package_data(data, buffer, FileFormat.py)
    return buffer.getvalue()


class Site:
    """A person's machine: two repositories, a home folder with AYON in it, rez, and the program."""

    def __init__(self, program, repository, stand_ins, home):
        self.program = program
        self.repository = repository
        self.stand_ins = stand_ins
        self.home = home
        self.environment = {
            "HOME": str(home),
            "PATH": f"{REZ}:/usr/bin:/bin",
            "REZ_PACKAGES_PATH": f"{repository}:{stand_ins}",
            "REZ_DISABLE_HOME_CONFIG": "1",
            "AYON_API_KEY": "a-person's-own",
            "AYON_USE_DEV": "1",
        }

    def run(self, *words):
        """Runs the program on the sample studio; gives its exit code and all that it prints."""
        command = [self.program, *map(str, words), "--studio", "sample"]
        run = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        return run.returncode, run.stdout + run.stderr

    def publish(self, *words):
        return self.run("rez", "publish", self.repository, "--bundle", "staging", *words)

    def enter(self, requests, command):
        """What `rez-env REQUESTS -c COMMAND` prints, or None where there is no such environment."""
        run = subprocess.run(
            [REZ / "rez-env", *requests, "-c", command], env=self.environment, capture_output=True, text=True
        )
        if run.returncode:
            self.error = run.stdout + run.stderr
            return None
        return run.stdout

    def variables(self, *requests):
        script = "import json, os; print(json.dumps(dict(os.environ)))"
        text = self.enter(requests, f"{sys.executable} -c '{script}'")
        check(text is not None, f"rez-env {' '.join(requests)} fails: {getattr(self, 'error', '')}")
        return json.loads(text)


def home_with_ayon(home):
    """A launcher that says what it is started with, and an addon that can be imported."""
    storage = home / ".local/share/AYON"
    launcher = storage / "app/AYON-1.6.3-linux-rocky9/ayon"
    launcher.parent.mkdir(parents=True)
    launcher.write_text('#!/bin/sh\necho "ayon $AYON_BUNDLE_NAME $*"\n', encoding="utf-8")
    launcher.chmod(0o755)
    core = storage / "addons/core_1.9.7/ayon_core/__init__.py"
    core.parent.mkdir(parents=True)
    core.write_text("version = '1.9.7'\n", encoding="utf-8")


def check_publishing(site):
    everywhere = ("--platform", "linux-64,win-64")
    hosts = ("--host", "maya/2024", "--host", "maya/2025")
    code, said = site.publish(*everywhere, "--check")
    check(code == 1 and not list(site.repository.iterdir()), f"a check is no check: {said}")
    for time, words in ((SPRING, everywhere), (SUMMER, everywhere + hosts)):
        code, said = site.publish(*words, "--time", time)
        check(code == 0, f"the bundle cannot be published: {said}")
    files = sorted(site.repository.glob("*/*/package.py"))
    # A launcher, the addons, and the bundle by its name and by its word, each in spring and in summer.
    check(len(files) == 1 + 21 + 2 * 2, f"{len(files)} packages are there")
    before = {path: path.stat().st_mtime_ns for path in site.repository.rglob("*")}
    for words in ((), ("--check",)):
        code, said = site.publish(*everywhere, *hosts, *words)
        check(code == 0, f"publishing again is not fine: {said}")
    elsewhere = site.home / "elsewhere.toml"
    elsewhere.write_text("[rez.roots.linux]\nstorage = '/elsewhere'\n", encoding="utf-8")
    code, said = site.publish(*everywhere, *hosts, "--config-file", elsewhere)
    check(code == 1 and "package.py" in said and "/elsewhere" in said, f"a change is not refused: {said}")
    after = {path: path.stat().st_mtime_ns for path in site.repository.rglob("*")}
    check(before == after, "a package that is there was touched")
    return files


def check_files(site, files):
    from rez.packages import iter_packages

    for path in files:
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(site.repository)
        check(text == written_as_rez_writes(path), f"rez would write {name} otherwise")
        check("API_KEY" not in text, f"{name} speaks of a key")
        for package in iter_packages(path.parts[-3], paths=[str(site.repository)]):
            for variant in package.iter_variants():
                check(Path(variant.root).is_dir(), f"{variant.qualified_name} has no folder")


def check_environment(site):
    storage = f"{site.home}/.local/share/AYON"
    launcher = f"{storage}/app/AYON-1.6.3-linux-rocky9"
    maya = site.variables("maya", "ayon_bundle-staging")
    expected = {
        "AYON_BUNDLE_NAME": "studio-staging",
        "AYON_STUDIO_BUNDLE_NAME": "studio-staging",
        "AYON_DEFAULT_SETTINGS_VARIANT": "staging",
        "AYON_USE_STAGING": "1",
        "AYON_VERSION": "1.6.3",
        "AYON_ROOT": launcher,
        "AYON_EXECUTABLE": f"{launcher}/ayon",
        "AYON_LAUNCHER_STORAGE_DIR": storage,
        "AYON_ADDONS_DIR": f"{storage}/addons",
        "AYON_DEPENDENCIES_DIR": f"{storage}/dependency_packages",
        "AYON_MENU_LABEL": "AYON",
        "USE_AYON_SERVER": "1",
        "AYON_API_KEY": "a-person's-own",
        "REZ_MAYA_VERSION": "2025.1",
        "REZ_CLIQUE_VERSION": "1.6.5",
        "REZ_PYTHON_VERSION": "3.11.9",
    }
    for name, value in expected.items():
        check(maya.get(name) == value, f"{name} is {maya.get(name)!r}, not {value!r}")
    check(not maya.get("AYON_USE_DEV"), "AYON_USE_DEV of the parent is still there")
    paths = maya["PYTHONPATH"].split(":")
    check(paths[:2] == [f"{launcher}/common", f"{launcher}/dependencies"], f"the launcher is not first: {paths}")
    for part in ("/addons/core_1.9.7", "/addons/maya_0.6.5", "/clique/1.6.5/python", "/shotgun_api3/3.4.0/python"):
        check(sum(path.endswith(part) for path in paths) == 1, f"{part} is not once in {paths}")
    check(not any("windows" in path or "$" in path for path in paths), f"not all is expanded: {paths}")

    older = site.variables("maya-2024", "ayon_bundle-staging")
    check(older["REZ_PYTHON_VERSION"] == "3.10.8", "maya 2024 did not get the answer for its Python")
    plain = site.variables("ayon_bundle-studio-staging")
    check(plain["AYON_DEFAULT_SETTINGS_VARIANT"] == "production", "the bundle's name is no word for staging")
    check(not plain.get("AYON_USE_STAGING"), "the bundle's name is no word for staging")
    check("REZ_MAYA_VERSION" not in plain, "a bundle without a host brought one")
    for time, version in ((SUMMER - 1, "staging.20250418181320"), (SUMMER, "staging.20250812120000")):
        then = site.variables("--time", str(time), "ayon_bundle-staging")["REZ_AYON_BUNDLE_VERSION"]
        check(then == version, f"at {time} staging was {then}, not {version}")
    older = ["ayon_bundle-staging", "maya-2024"]
    check(site.enter(older, "true") is not None, "maya 2024 has no answer")
    impossible = (
        ["ayon_bundle-staging", "clique-1.7"],
        ["ayon_bundle-staging", "maya-2024", "python-3.11"],
        # In spring nobody had looked at maya 2024.
        ["--time", str(SUMMER - 1), *older],
    )
    for requests in impossible:
        check(site.enter(requests, "true") is None, f"{requests} should fail")

    imported = site.enter(["ayon_bundle-staging"], f"{sys.executable} -c 'import ayon_core; print(ayon_core.version)'")
    check(imported == "1.9.7\n", f"the addon cannot be imported: {imported!r}")
    started = site.enter(["ayon_bundle-staging"], "ayon tray")
    check(started == "ayon studio-staging tray\n", f"the launcher does not start: {started!r}")


def check_context(site):
    context = site.home / "context.rxt"
    paths = f"{site.repository}:{site.stand_ins}"
    emit = ("--bundle", "staging", "--emit", "rez", "--format", "context", "--platform", "linux-64")
    code, said = site.run(*emit, "--host", "maya/2025", "--rez-path", paths, "--output", context)
    check(code == 0, f"there is no context: {said}")
    ours = site.variables("--input", str(context))
    theirs = site.variables("maya", "ayon_bundle-staging")
    for name in {name for name in ours if name.startswith("AYON_")} | {"AYON_BUNDLE_NAME", "REZ_CLIQUE_VERSION"}:
        check(ours.get(name) == theirs.get(name), f"{name} is {ours.get(name)!r} in the context, {theirs.get(name)!r} without")
    both = [set(one["PYTHONPATH"].split(":")) for one in (ours, theirs)]
    check(both[0] == both[1], f"PYTHONPATH differs: {both[0] ^ both[1]}")
    bundled = site.home / "bundled"
    run = subprocess.run([REZ / "rez-bundle", context, bundled], env=site.environment, capture_output=True, text=True)
    check(run.returncode == 0 and (bundled / "packages/ayon_bundle").is_dir(), f"rez bundle fails: {run.stderr}")

    code, said = site.run(*emit, "--headless", "--rez-path", site.home)
    lacking = [family for family in STAND_INS if family not in ("maya", "platform", "arch", "python")]
    wanted = [f"no repository has a family `{family}`" for family in [*lacking, "ayon_launcher", "ayon_addon_core"]]
    check(code == 1, f"a site without packages has a context: {said}")
    for words in [*wanted, "core 1.9.7", "pyproject.toml"]:
        check(words in said, f"`{words}` is not said of a site without packages: {said}")


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder).resolve()
        repository, stand_ins, home = folder / "repository", folder / "stand-ins", folder / "home"
        repository.mkdir()
        for family, versions in STAND_INS.items():
            for version in versions:
                stand_in(stand_ins, family, version)
        home_with_ayon(home)
        site = Site(program, repository, stand_ins, home)
        files = check_publishing(site)
        check_files(site, files)
        check_environment(site)
        check_context(site)
    print(f"published packages: rez reads {len(files)}, resolves and enters what they say")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
