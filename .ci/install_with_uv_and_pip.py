"""Installs what the program locks with uv and with pip, and has PyPA's `packaging` judge every lock.

    install_with_uv_and_pip.py PROGRAM

Needs an index in reach, where pip finds it. uv and pip get an environment of their own. Locked are a small set that has
wheels of its own for each platform, and the sample studio's bundle. Checked is:

* `uv pip sync`, `pip install -r pylock.toml` and `pip install --require-hashes` install it into an empty environment,
  where `pip check` is content and the modules can be imported;
* a lock for another platform, made here, holds that platform's wheels, and both installers refuse it;
* `packaging.pylock` takes every lock, selects every package of it on its target, and of each the wheel that stands first;
* a lock of a folder of wheels still installs when the folder and the lock have moved;
* a lock that is made again is the same, byte for byte.

Exits with 1 at the first thing that is not so, naming it.
"""

import os
import platform
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

PEERS = ["uv==0.13.8", "pip==26.3", "packaging==26.3"]
REQUIREMENTS = ["requests>=2.31", "markupsafe<4", "clique<2"]
MODULES = ["requests", "markupsafe", "clique"]
#: Of the sample's bundle, one of each kind: built for the platform, pure, and asked for by another package only.
BUNDLE_MODULES = ["opentimelineio", "clique", "pyblish"]
PYTHON = platform.python_version()
SERIES = tuple(sys.version_info[:2])

MACHINES = {"x86_64": "x86_64", "AMD64": "x86_64", "arm64": "arm64", "aarch64": "arm64"}
NAMES = {
    ("linux", "x86_64"): "linux-64",
    ("linux", "arm64"): "linux-aarch64",
    ("darwin", "x86_64"): "osx-64",
    ("darwin", "arm64"): "osx-arm64",
    ("win32", "x86_64"): "win-64",
    ("win32", "arm64"): "win-arm64",
}
HERE = NAMES[sys.platform, MACHINES[platform.machine()]]
ELSEWHERE = "linux-64" if HERE.startswith("win") else "win-64"
WORD_ELSEWHERE = "manylinux" if HERE.startswith("win") else "win_amd64"


def fail(message, *outputs):
    sys.exit("\n".join([f"install_with_uv_and_pip: {message}", *outputs]))


class Peers:
    """Runs things, each in the same empty surroundings."""

    def __init__(self, program, folder):
        self.program, self.folder, self.count = program, folder, 0
        self.environment = {
            **os.environ,
            "AYON_RESOLVE_CACHE_DIR": str(folder / "cache"),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_INPUT": "1",
            "UV_NO_CONFIG": "1",
            "UV_PYTHON_DOWNLOADS": "never",
        }
        self.environment.pop("VIRTUAL_ENV", None)
        self.run([sys.executable, "-m", "venv", folder / "peers"])
        self.bin = folder / "peers" / ("Scripts" if os.name == "nt" else "bin")
        self.run([self.bin / "python", "-m", "pip", "install", "--quiet", "--upgrade", *PEERS])

    def run(self, command, refused=None):
        """Runs it; where `refused` is a text, it must fail and say that."""
        done = subprocess.run([str(word) for word in command], env=self.environment, cwd=self.folder, capture_output=True, text=True, timeout=900)
        if refused is None and done.returncode:
            fail(f"{' '.join(map(str, command))} failed", done.stdout, done.stderr)
        if refused is not None and (not done.returncode or refused not in done.stderr):
            fail(f"{' '.join(map(str, command))} should be refused with `{refused}`", done.stdout, done.stderr)
        return done.stdout

    def lock(self, *words):
        return self.run([self.program, *words])

    def empty(self):
        """The Python of a new environment without anything in it."""
        self.count += 1
        folder = self.folder / f"venv{self.count}"
        self.run([self.bin / "uv", "venv", "--quiet", "--python", sys.executable, folder])
        return folder / self.bin.name / ("python.exe" if os.name == "nt" else "python")

    def uv(self, python, lock, refused=None):
        self.run([self.bin / "uv", "pip", "sync", "--quiet", "--python", python, lock], refused)

    def pip(self, python, *words, refused=None):
        self.run([self.bin / "python", "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", *words], refused)

    def check(self, python, modules):
        self.run([self.bin / "python", "-m", "pip", "--python", python, "check"])
        self.run([python, "-c", "import " + ", ".join(modules)])


def tags(packaging_tags, name):
    """The tags of `packaging` for a Python of this series on a platform with the program's usual floors."""
    machine = {"linux-64": "x86_64", "linux-aarch64": "aarch64", "win-64": "amd64", "win-arm64": "arm64", "osx-64": "x86_64", "osx-arm64": "arm64"}[name]
    if name.startswith("linux"):
        legacy = {17: "2014", 12: "2010", 5: "1"}
        platforms = [word for minor in range(28, 4, -1) for word in ([f"manylinux_2_{minor}_{machine}"] + ([f"manylinux{legacy[minor]}_{machine}"] if minor in legacy else []))]
        platforms.append(f"linux_{machine}")
    elif name.startswith("win"):
        platforms = [f"win_{machine}"]
    else:
        platforms = list(packaging_tags.mac_platforms((13, 0), machine))
    interpreter = f"cp{SERIES[0]}{SERIES[1]}"
    yield from packaging_tags.cpython_tags(SERIES, platforms=platforms)
    yield from packaging_tags.compatible_tags(SERIES, interpreter, platforms)


def environment(name):
    """What markers see there."""
    system, machine = name.split("-", 1)
    words = {"linux": ("linux", "posix", "Linux"), "win": ("win32", "nt", "Windows"), "osx": ("darwin", "posix", "Darwin")}[system]
    machines = {("linux", "64"): "x86_64", ("linux", "aarch64"): "aarch64", ("win", "64"): "AMD64", ("win", "arm64"): "ARM64", ("osx", "64"): "x86_64", ("osx", "arm64"): "arm64"}
    return {
        "sys_platform": words[0], "os_name": words[1], "platform_system": words[2], "platform_machine": machines[system, machine],
        "implementation_name": "cpython", "platform_python_implementation": "CPython", "implementation_version": PYTHON,
        "python_version": "{}.{}".format(*SERIES), "python_full_version": PYTHON, "platform_release": "", "platform_version": "",
    }  # fmt: skip


def judge(lock, names):
    """`packaging` takes the lock, and on each of these platforms selects what the lock means."""
    from packaging import tags as packaging_tags
    from packaging.pylock import Pylock

    document = tomllib.loads(lock.read_text(encoding="utf-8"))
    pylock = Pylock.from_dict(document)
    for name in names:
        chosen = list(pylock.select(environment=environment(name), tags=list(tags(packaging_tags, name))))
        if len(names) == 1:
            if len(chosen) != len(document["packages"]):
                fail(f"{lock}: packaging selects {len(chosen)} of {len(document['packages'])} packages on {name}")
            for package, file in chosen:
                if package.wheels and file.filename != package.wheels[0].filename:
                    fail(f"{lock}: the first wheel of {package.name} is {package.wheels[0].filename}, and packaging takes {file.filename} on {name}")
        elif not chosen:
            fail(f"{lock}: packaging selects nothing on {name}")
    return document


def small_set(peers):
    """A small set, in both formats, here and for elsewhere."""
    folder = peers.folder / "locks"
    folder.mkdir()
    ask = ["pypi", "lock", *REQUIREMENTS, "--python", PYTHON]
    pylock, requirements = folder / "pylock.toml", folder / "requirements.txt"
    for output in (pylock, requirements):
        peers.lock(*ask, "--platform", HERE, "-o", output)
        before = output.read_bytes()
        peers.lock(*ask, "--platform", HERE, "-o", output)
        if output.read_bytes() != before:
            fail(f"{output} is another when it is made again")
    judge(pylock, [HERE])
    for install in (
        lambda python: peers.uv(python, pylock),
        lambda python: peers.pip(python, "-r", pylock),
        lambda python: peers.pip(python, "--require-hashes", "--only-binary", ":all:", "-r", requirements),
    ):
        python = peers.empty()
        install(python)
        peers.check(python, MODULES)

    other = folder / "pylock.elsewhere.toml"
    peers.lock(*ask, "--platform", ELSEWHERE, "-o", other)
    document = judge(other, [ELSEWHERE])
    wheels = [wheel["name"] for package in document["packages"] for wheel in package["wheels"]]
    if not any(WORD_ELSEWHERE in wheel for wheel in wheels):
        fail(f"the lock for {ELSEWHERE} has no wheel of it: {wheels}")
    python = peers.empty()
    peers.uv(python, other, refused="not supported by the lockfile")
    peers.pip(python, "-r", other, refused="does not satisfy any of the environments")

    both = folder / "pylock.both.toml"
    peers.lock(*ask, "--platform", f"{HERE},{ELSEWHERE}", "-o", both)
    judge(both, [HERE, ELSEWHERE])
    python = peers.empty()
    peers.uv(python, both)
    peers.check(python, MODULES)


def wheelhouse(peers):
    """A folder of wheels, locked by relative paths, and moved."""
    house = peers.folder / "house"
    peers.run([peers.bin / "python", "-m", "pip", "download", "--quiet", "--only-binary", ":all:", "--dest", house / "wheels", *REQUIREMENTS])
    ask = ["pypi", "lock", *REQUIREMENTS, "--python", PYTHON, "--platform", HERE, "--no-index", "--find-links", house / "wheels"]
    peers.lock(*ask, "-o", house / "pylock.toml")
    peers.lock(*ask, "-o", house / "requirements.txt")
    text = (house / "pylock.toml").read_text(encoding="utf-8")
    if str(peers.folder) in text or "url = " in text:
        fail("the lock of a folder names more than its files", text)
    moved = peers.folder / "moved"
    house.rename(moved)
    judge(moved / "pylock.toml", [HERE])
    for install in (
        lambda python: peers.uv(python, moved / "pylock.toml"),
        lambda python: peers.pip(python, "-r", moved / "pylock.toml"),
        lambda python: peers.pip(python, "--no-index", "--find-links", moved / "wheels", "--require-hashes", "-r", moved / "requirements.txt"),
    ):
        python = peers.empty()
        install(python)
        peers.check(python, MODULES)


def sample_bundle(peers):
    """The sample studio's bundle, with what its launcher has, as a whole environment and in halves."""
    ask = ["--studio", "sample", "--bundle", "staging", "--emit", "venv", "--platform", HERE, "--python", PYTHON]
    whole = peers.folder / "bundle"
    whole.mkdir()
    pylock = whole / "pylock.toml"
    peers.lock(*ask, "--format", "pylock", "--with-provided", "-o", pylock)
    peers.lock(*ask, "--format", "requirements", "--with-provided", "-o", whole / "requirements.txt")
    document = judge(pylock, [HERE])
    for install in (
        lambda python: peers.uv(python, pylock),
        lambda python: peers.pip(python, "--require-hashes", "--only-binary", ":all:", "-r", whole / "requirements.txt"),
    ):
        python = peers.empty()
        install(python)
        peers.check(python, BUNDLE_MODULES)
    names = {}
    for half in ("dependencies", "runtime"):
        output = whole / f"pylock.{half}.toml"
        peers.lock(*ask, "--format", "pylock", "--with-provided", "--only", half, "-o", output)
        names[half] = {package["name"] for package in judge(output, [HERE])["packages"]}
    if names["dependencies"] & names["runtime"] or set.union(*names.values()) != {package["name"] for package in document["packages"]}:
        fail(f"the halves are not halves of the whole: {names}")
    return len(document["packages"])


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        peers = Peers(Path(program).resolve(), Path(folder).resolve())
        # Judged by the peers' own packaging, not by that of whoever runs this.
        site = peers.run([peers.bin / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]).strip()
        sys.path.insert(0, site)
        small_set(peers)
        wheelhouse(peers)
        # The sample's launchers have Python 3.11 at most: their pins have wheels for no other.
        bundle = f"{sample_bundle(peers)} packages of the sample's bundle" if SERIES == (3, 11) else f"no bundle under Python {PYTHON}, only under 3.11"
    print(f"installed by uv and pip, on {HERE}: a small set in two formats and from a moved folder; {bundle}")


if __name__ == "__main__":
    main(*sys.argv[1:])
