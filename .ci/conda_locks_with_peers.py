"""Locks the sample studio's bundle with conda, and has every format read by those it is for.

    conda_locks_with_peers.py PROGRAM CHANNEL

PROGRAM is built with the feature `s3`, CHANNEL the folder of the harvested conda-forge. Needs Python 3.10 or newer, and an
index in reach where pip finds it: the peers get an environment of their own, and what no channel has is locked from there.

The staging bundle is solved for linux-64 and win-64, for the launcher, for Maya 2025 and headless, against the channel in a
folder, on a server, and in a bucket that wants a signature. It is called conda-forge in all three, so a lock must have the same
bytes in all three. Then each is read:

* `pixi.lock` by py-rattler, which also finds every dependency of every record met, by a record or by the machine;
* `conda-lock.yml` by conda-lock, which makes a list for conda of it, and writes it again with the same content;
* `@EXPLICIT` by py-rattler, and by conda; `environment.yml` by conda, whose pins are read by conda and by py-rattler;
* the pair of a queue environment by PyYAML, its packages by conda and by py-rattler.

All of them must find the same packages: versions, builds, addresses and hashes. conda is the 24.7 that conda-lock brings along,
for PyPI has no other. It is older than `#sha256:` behind an address, so there it is given the md5 of the same record.

Exits with 1 at the first thing that is not so, naming it.
"""

import functools
import http.server
import os
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

PEERS = ["py-rattler==0.28.0", "conda-lock==4.0.3", "tqdm==4.70.1", "moto[s3,server]==5.2.5"]
PLATFORMS = ["linux-64", "win-64"]
#: Of each run: what is asked for, and the processes.
RUNS = {"launcher": [], "others": ["--host", "maya/2025", "--headless"]}
PROCESSES = {"launcher": ["launcher"], "others": ["maya-2025", "headless"]}
FORMATS = ["environment-yml", "explicit", "pixi-lock", "conda-lock", "deadline"]
CHANNEL = "https://conda.anaconda.org/conda-forge/"
KEY = ("canary-id", "canary-of-the-reader")
#: What CEP 23 has a line be that is a package.
EXPLICIT = re.compile(r"(?:(?P<url_p>.+)(?:[/\\]))?(?P<fn>[^/\\#]+(?:\.tar\.bz2|\.conda))(?:#((?P<md5>[0-9a-f]{32})|((sha256:)?(?P<sha256>[0-9a-f]{64}))))?$")


def fail(message, *outputs):
    sys.exit("\n".join([f"conda_locks_with_peers: {message}", *outputs]))


class Folder(http.server.SimpleHTTPRequestHandler):
    """Serves a folder, and counts."""

    asked = []

    def log_message(self, *_):
        self.asked.append(self.path)


def serve(folder):
    """The address of a server of a folder."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Folder, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def places(channel):
    """How the channel is reached in each place, and what tells that it was."""
    from bucket import Bucket

    bucket = Bucket("farm", "farm-1", {KEY[0]: (KEY[1], None)})
    for path in sorted(channel.glob("*/repodata.json*")):
        bucket.put(f"forge/{path.parent.name}/{path.name}", path.read_bytes())
    keys = {"AWS_ACCESS_KEY_ID": KEY[0], "AWS_SECRET_ACCESS_KEY": KEY[1], "AWS_REGION": "farm-1", "AWS_EC2_METADATA_DISABLED": "true"}
    reached = ["--channel-bucket", f"farm=http://127.0.0.1:{bucket.port}"]
    return {
        "a folder": (channel.as_uri(), [], {}, ["nobody is asked for a folder"]),
        "a server": (serve(channel), [], {}, Folder.asked),
        "a bucket": ("s3://farm/forge", reached, keys, bucket.passed),
    }


def lock(program, folder, place):
    """All files that the program writes for each of the runs in every format, by their names."""
    url, words, environment, asked = place
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "AYON_"))}
    environment = {**kept, **environment, "HOME": str(folder), "AYON_RESOLVE_CACHE_DIR": str(folder / "cache")}
    command = [program, "--studio", "sample", "--bundle", "staging", "--emit", "conda", "--channel", "conda-forge", "--channel-mirror", f"conda-forge={url}", *words]
    command += [word for platform in PLATFORMS for word in ("--platform", platform)]
    files = {}
    for run, targets in RUNS.items():
        for format in FORMATS:
            output = folder / f"{run}-{format}"
            done = subprocess.run([*command, *targets, "--format", format, "--output", output], env=environment, cwd=folder, capture_output=True, text=True)
            if done.returncode:
                fail(f"{run} as {format} from {url}", done.stdout, done.stderr)
            if "canary" in done.stdout + done.stderr:
                fail(f"{run} as {format} from {url} tells a key", done.stdout, done.stderr)
            for path in [output] if output.is_file() else sorted(output.iterdir()):
                files[run, format, "" if path == output else path.name] = path
    if not asked:
        fail(f"nobody was asked for {url}")
    for path in folder.rglob("*"):
        if path.is_file() and b"canary" in path.read_bytes():
            fail(f"a key is kept in {path}")
    return files


def by_rattler(path):
    """What py-rattler finds in a pixi.lock: by process and platform conda's records by name, and pip's versions by name."""
    from rattler import LockFile, MatchSpec

    found = {}
    for process, environment in LockFile.from_path(path).environments():
        if [repr(channel) for channel in environment.channels()] != [f'LockChannel(url="{CHANNEL}")']:
            fail(f"{path}: the channels of {process} are {environment.channels()}")
        machines = {platform.name: {text.split("=")[0] for text in platform.virtual_packages} for platform in environment.platforms()}
        pip = environment.pypi_packages() or {}
        for platform, records in (environment.conda_repodata_records() or {}).items():
            named = {record.name.normalized: record for record in records}
            for record in records:
                for text in record.depends:
                    spec = MatchSpec(text, strict=False)
                    name = spec.name.normalized
                    if not (name in machines[platform] if name.startswith("__") else name in named and spec.matches(named[name])):
                        fail(f"{path}: {record.file_name} of {process} on {platform} needs {text}, and there is {named.get(name)}")
            found[process, platform] = named, {locked.name: str(locked.version) for locked in pip.get(platform, [])}
    return found


def by_conda_lock(path, expected):
    """conda-lock finds the same in a conda-lock.yml, and conda in the list that conda-lock makes of it."""
    import yaml
    from conda_lock.conda_lock import render_lockfile_for_platform
    from conda_lock.lockfile import parse_conda_lock_file, write_conda_lock_file

    lockfile = parse_conda_lock_file(path)
    again = path.with_suffix(".again")
    write_conda_lock_file(lockfile, again, metadata_choices=None)
    before, after = (yaml.safe_load(text.read_text(encoding="utf-8")) for text in (path, again))
    for document in (before, after):
        # Its order is not that of CEP 37.
        document["package"].sort(key=lambda package: (package["platform"], package["manager"], package["name"]))
    if before != after:
        fail(f"{path}: conda-lock writes something else", *(name for name in before if before[name] != after.get(name)))
    if sorted(lockfile.metadata.platforms) != PLATFORMS or [channel.url for channel in lockfile.metadata.channels] != [CHANNEL]:
        fail(f"{path}: {lockfile.metadata.platforms}, {lockfile.metadata.channels}")
    for platform in PLATFORMS:
        records, pip = expected(platform)
        locked = [package for package in lockfile.package if package.platform == platform]
        same(path, platform, {one.name: (one.version, one.url, one.hash.md5, one.hash.sha256) for one in locked if one.manager == "conda"},
             {name: (str(one.version), one.url, one.md5.hex(), one.sha256.hex()) for name, one in records.items()})  # fmt: skip
        same(path, platform, {one.name: one.version for one in locked if one.manager == "pip"}, pip)
        lines = render_lockfile_for_platform(
            lockfile=lockfile, include_dev_dependencies=False, extras=set(), kind="explicit", platform=platform,
            suppress_warning_for_pip_and_explicit=True,
        )  # fmt: skip
        explicit_by_conda(path, [line for line in lines if not line.startswith("#")])


def explicit_by_conda(path, lines):
    """conda reads the list as far as it can without a download."""
    from conda_lock._vendor.conda.base.context import context
    from conda_lock._vendor.conda.exceptions import DryRunExit
    from conda_lock._vendor.conda.misc import explicit

    assert context.dry_run
    try:
        explicit(lines, str(path.parent / "prefix"))
    except DryRunExit:
        return
    except Exception as error:  # whatever a peer raises is its refusal
        fail(f"{path}: conda refuses the list: {error}")
    fail(f"{path}: conda was to stop before it downloads")


def by_list_readers(path, platform, expected):
    """py-rattler and conda find the same in a list."""
    from rattler.explicit_environment import ExplicitEnvironmentSpec

    records, _ = expected(platform)
    spec = ExplicitEnvironmentSpec.from_path(path)
    urls = [package.url for package in spec.packages]
    same(path, platform, str(spec.platform), platform)
    same(path, platform, sorted(urls), sorted(f"{one.url}#sha256:{one.sha256.hex()}" for one in records.values()))
    md5 = {one.url: one.md5.hex() for one in records.values()}
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    same(path, platform, lines, ["@EXPLICIT", *urls])
    for line in urls:
        if not EXPLICIT.match(line):
            fail(f"{path}: CEP 23 has no such line: {line}")
    explicit_by_conda(path, ["@EXPLICIT", *(f"{url}#{md5[url]}" for url in (line.split("#")[0] for line in urls))])


def by_conda_env(path, platform, expected):
    """conda finds the same in an environment.yml."""
    from conda_lock._vendor.conda.env.env import from_file

    records, pip = expected(platform)
    environment = from_file(str(path))
    same(path, platform, environment.channels, [CHANNEL])
    pins = [pin for pin in environment.dependencies.raw if isinstance(pin, str)]
    same(path, platform, pinned(path, pins, environment.dependencies["conda"]), {name: (str(one.version), str(one.build)) for name, one in records.items()})
    lines = [line for line in environment.dependencies.get("pip", []) if not line.startswith("-")]
    same(path, platform, dict(line.split("==") for line in lines), pip)


def by_deadline(path, platform, expected):
    """What a queue environment is told is among what was found."""
    import yaml

    records, _ = expected(platform)
    told = yaml.safe_load(path.read_text(encoding="utf-8"))["parameterValues"]
    told = {value["name"]: value["value"] for value in told}
    same(path, platform, told["CondaChannels"].split(), [CHANNEL])
    pins = pinned(path, told["CondaPackages"].split())
    if not pins:
        fail(f"{path}: no packages")
    same(path, platform, pins, {name: (str(records[name].version), str(records[name].build)) for name in pins})


def pinned(path, pins, for_conda=None):
    """Version and build by name, as conda and py-rattler both read them; conda in words of its own, if it has some."""
    from conda_lock._vendor.conda.models.match_spec import MatchSpec as Conda
    from rattler import MatchSpec

    found = {}
    for pin, for_conda in zip(pins, for_conda or pins, strict=True):
        ours, conda = MatchSpec(pin, strict=True), Conda(for_conda)
        both = str(ours.version).lstrip("="), str(ours.build)
        same(path, pin, (ours.name.normalized, *both), (conda.name, str(conda.get_exact_value("version")).lstrip("="), conda.get_exact_value("build")))
        found[ours.name.normalized] = both
    return found


def same(path, about, read, expected):
    if read != expected:
        if isinstance(read, dict) and isinstance(expected, dict):
            names = sorted(name for name in {*read, *expected} if read.get(name) != expected.get(name))
            read, expected = {name: read.get(name) for name in names}, {name: expected.get(name) for name in names}
        fail(f"{path}, {about}: found {read}", f"expected {expected}")


def read(files):
    """Has every file read; gives how many packages there are on each platform of each process."""
    found = {}
    for (run, format, _), path in files.items():
        if format == "pixi-lock":
            # An environment that is alone in its file is the one pixi takes unless it is told otherwise.
            alone = {"default": PROCESSES[run][0]} if len(PROCESSES[run]) == 1 else {}
            found |= {(alone.get(name, name), platform): packages for (name, platform), packages in by_rattler(path).items()}
    expected_keys = {(process, platform) for processes in PROCESSES.values() for process in processes for platform in PLATFORMS}
    same("pixi.lock", "all", set(found), expected_keys)
    readers = {"explicit": by_list_readers, "environment-yml": by_conda_env, "deadline": by_deadline}
    count = 0
    for (run, format, name), path in files.items():
        if format == "pixi-lock" or name.startswith("requirements"):
            continue
        processes = [process for process in PROCESSES[run] if len(PROCESSES[run]) == 1 or process in name]
        if len(processes) != 1:
            fail(f"{path}: of which process of {PROCESSES[run]} it is")
        expected = lambda platform, process=processes[0]: found[process, platform]
        if format == "conda-lock":
            by_conda_lock(path, expected)
        else:
            readers[format](path, next(platform for platform in PLATFORMS if platform in name), expected)
        count += 1
    return count, found


def main(program, channel):
    os.environ["CONDA_DRY_RUN"] = "1"
    with tempfile.TemporaryDirectory() as folder:
        folder, written = Path(folder).resolve(), {}
        for place, how in places(Path(channel).resolve()).items():
            inside = folder / place.replace(" ", "-")
            inside.mkdir()
            written[place] = lock(program, inside, how)
        first, *others = written
        for other in others:
            same(other, "its files", list(written[other]), list(written[first]))
            for name in written[first]:
                texts = [written[place][name].read_bytes() for place in (first, other)]
                if texts[0] != texts[1]:
                    fail(f"{' '.join(name)} from {first} is not that from {other}", *(text.decode() for text in texts))
        count, found = read(written[first])
    packages = ", ".join(f"{len(records)}+{len(pip)} {process} {platform}" for (process, platform), (records, pip) in sorted(found.items()))
    print(f"conda locks: {len(written[first])} files, the same from {', '.join(written)}; {count} read by their peers besides 2 pixi.lock")
    print(f"packages of channels and of pip: {packages}")


def start(program, channel):
    """Runs this in an environment that has the peers."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = Path(folder) / ("Scripts" if os.name == "nt" else "bin") / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PEERS], check=True)
        sys.exit(subprocess.run([python, __file__, "--inside", program, channel]).returncode)


if __name__ == "__main__":
    if sys.argv[1] == "--inside":
        main(*sys.argv[2:])
    else:
        start(*sys.argv[1:])
