"""Has PyPA's `packaging` compute tags, evaluate markers and read file names, and compares its answers with ours.

    tags_with_packaging.py JUDGE [SEED]

JUDGE is the built example `judge` of the crate `pypi`. Compared are, for every platform and a range of floors and
Pythons: the whole list of tags in its order, the rank of made-up wheels, and that the marker of a target is true for
that target and for none of another platform or minor version; and what names of files say, valid ones and broken ones.
Ends with an error at the first difference.
"""
import random
import subprocess
import sys
from itertools import zip_longest

import packaging
from packaging import _manylinux, _musllinux, tags
from packaging.markers import Marker
from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, canonicalize_name
from packaging.utils import parse_sdist_filename, parse_wheel_filename
from packaging.version import Version

# Which libc there is, `packaging` learns from the interpreter it runs in, and it says nothing about others: the two
# functions that look are replaced by what they would find.
LIBC = {"glibc": (-1, -1), "musl": None}
_manylinux._get_glibc_version = lambda: LIBC["glibc"]
_manylinux._have_compatible_abi = lambda executable, archs: True
_manylinux._get_manylinux_module = lambda: None
_musllinux._get_musl_version = lambda executable: LIBC["musl"]

SYSTEMS = {
    "glibc": [(2, 5), (2, 11), (2, 12), (2, 17), (2, 28), (2, 34), (2, 43)],
    "musl": [(1, 1), (1, 2), (1, 5)],
    "macos": [(10, 4), (10, 9), (10, 15), (11, 0), (12, 6), (13, 0), (14, 4), (26, 0)],
    "windows": [(0, 0)],
}
MACHINES = {
    "glibc": ["x86_64", "aarch64"],
    "musl": ["x86_64", "aarch64"],
    "macos": ["x86_64", "arm64"],
    "windows": ["amd64", "arm64"],
}
PYTHONS = ["2.7.18", "3.6.15", "3.7.7", "3.9.13", "3.10.0", "3.11", "3.11.9", "3.13.1", "3.14.0rc2", "3.15.0"]


def platforms(system, machine, floor):
    if system == "macos":
        return list(tags.mac_platforms(floor, machine))
    if system == "windows":
        return [f"win_{machine}"]
    LIBC["glibc"] = floor if system == "glibc" else (-1, -1)
    LIBC["musl"] = _musllinux._MuslVersion(*floor) if system == "musl" else None
    return [f"linux_{machine}", *_manylinux.platform_tags([machine]), *_musllinux.platform_tags([machine])]


def abi(system, python):
    """The interface of a usual build; what `packaging` says of the running one only."""
    flags = "" if python >= (3, 8) else "m" if python >= (3, 3) or system in ("macos", "windows") else "mu"
    return "cp%d%d%s" % (*python, flags)


def sys_tags(system, machine, floor, python):
    places = platforms(system, machine, floor)
    yield from tags.cpython_tags(python, [abi(system, python)], places)
    yield from tags.compatible_tags(python, "cp%d%d" % python, places)


class Judge:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.asked = 0

    def ask(self, *question):
        self.asked += 1
        self.process.stdin.write("\t".join(question) + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().rstrip("\n")


def same(question, theirs, ours):
    if theirs != ours:
        sys.exit(f"{question}:\n  packaging {theirs}\n  this      {ours}")


def random_tags(chance, known):
    """Parts of tags that exist, put together anew: several Pythons, interfaces and platforms in one."""
    some = lambda part: ".".join(dict.fromkeys(part(chance.choice(known)) for _ in range(chance.choice([1, 1, 2, 3]))))
    return "-".join([some(lambda tag: tag.interpreter), some(lambda tag: tag.abi), some(lambda tag: tag.platform)])


def compare_targets(judge, chance):
    everything = []
    targets = []
    for system, floors in SYSTEMS.items():
        for machine in MACHINES[system]:
            for floor in floors:
                for python in PYTHONS:
                    release = Version(python).release[:2]
                    theirs = list(sys_tags(system, machine, floor, release))
                    ours_machine = {"amd64": "x86_64", "aarch64": "arm64"}.get(machine, machine)
                    question = ["target", system, ours_machine, "%d.%d" % floor, python]
                    marker = judge.ask(*question)
                    ours = judge.ask("tags").split("\t")
                    for place, (one, other) in enumerate(zip_longest(map(str, theirs), ours)):
                        same(f"tag {place} of {question}", one, other)
                    environment = dict(variable.split("=", 1) for variable in judge.ask("environment").split("\t"))
                    targets.append((system, machine, release, marker, environment))
                    everything += theirs[:: len(theirs) // 20]
                    places = {}
                    for place, tag in enumerate(theirs):
                        places.setdefault(tag, place)
                    for _ in range(20):
                        text = random_tags(chance, everything)
                        ranks = [places[tag] for tag in tags.parse_tag(text) if tag in places]
                        same(f"{text} on {question}", str(min(ranks)) if ranks else "-", judge.ask("rank", text))
    compare_markers(targets)
    return len(targets)


def compare_markers(targets):
    seen = {(system.replace("glibc", "linux").replace("musl", "linux"), machine, release, marker):
            environment for system, machine, release, marker, environment in targets}
    for (system, machine, release, marker) in seen:
        for (other, processor, series, _), environment in seen.items():
            theirs = Marker(marker).evaluate(environment)
            same(f"`{marker}` for {environment}", theirs, (system, machine, release) == (other, processor, series))


WHEELS = """
    numpy-1.26.4-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl  Ruamel.Yaml-0.17.0-Py3-None-Any.whl
    torch-2.1.0+cu_118-cp311-cp311-linux_x86_64.whl  foo-1.0-1-py3-none-any.whl  foo-1.0-007x_y-py3-none-any.whl
    foo-1.0-x-py3-none-any.whl  foo-1!2.0.post1.dev3-py2.py3-none-any.whl  foo-1.0_1-py3-none-any.whl  foo.whl
    foo-1.0-py3-none-any  foo-1.0-py3-none-any.zip  foo__bar-1.0-py3-none-any.whl  -1.0-py3-none-any.whl
    foo--py3-none-any.whl  foo-1.0--none-any.whl  foo-1.0-py3--any.whl  foo-1.0-py3-none-.whl  foo-1.0-py3.-none-any.whl
    foo-1.0-py2..py3-none-any.whl  foo-v1.0-py3-none-any.whl  foo-1.0rc-py3-none-any.whl  foo-1.0-1-2-py3-none-any.whl
""".split()
SDISTS = [
    ("foo-bar", "foo_bar-1.0.tar.gz"), ("foo-bar", "Foo.Bar-1.0rc1.zip"), ("foo", "foo-1.0.tar.gz"),
    ("foo", "foo-1.0.tgz.zip"), ("foo", "bar-1.0.tar.gz"), ("foo", "foo-latest.zip"), ("foo", "foo-1.0.exe"),
]


def read_wheel(file):
    try:
        name, version, build, found = parse_wheel_filename(file)
    except InvalidWheelFilename:
        return "-"
    return str(name), version, build, found


def ours_as_theirs(answer):
    if answer == "-":
        return answer
    name, version, build, found = answer.split("\t")
    number, _, suffix = build.partition("|")
    return name, Version(version), (int(number), suffix) if build else (), tags.parse_tag(found)


def compare_names(judge, chance):
    broken = []
    for file in WHEELS * 40:
        # A change or two of one character: most break the name, some make another.
        letters = list(file)
        for _ in range(chance.choice([1, 1, 2])):
            letters[chance.randrange(len(letters))] = chance.choice(["", "-", "_", ".", "1", "a", "+", "!", "0"])
        broken.append("".join(letters))
    for file in WHEELS + broken:
        theirs, ours = read_wheel(file), ours_as_theirs(judge.ask("wheel", file))
        # What `packaging` takes and no tool may write: a name that does not begin and end with a letter or digit, and
        # tags with other characters than letters, digits and `_`.
        if ours == "-" != theirs and is_no_name(file):
            continue
        same(file, theirs, ours)
    for project, file in SDISTS:
        try:
            name, version = parse_sdist_filename(file)
            theirs = version if name == canonicalize_name(project) else "-"
        except InvalidSdistFilename:
            theirs = "-"
        answer = judge.ask("sdist", project, file)
        same(file, theirs, answer if answer == "-" else Version(answer))
    return len(WHEELS + broken) + len(SDISTS)


def is_no_name(file):
    name = file.split("-")[0]
    found = "-".join(file[: -len(".whl")].split("-")[-3:])
    return not (name[0].isalnum() and name[-1].isalnum()) or any(
        not (letter.isalnum() or letter in "-_.") for letter in found)


def main(program, seed=None):
    seed = int(seed) if seed else random.randrange(10**6)
    print(f"tags_with_packaging.py, packaging {packaging.__version__}, seed {seed}")
    chance, judge = random.Random(seed), Judge(program)
    targets, names = compare_targets(judge, chance), compare_names(judge, chance)
    print(f"packaging agrees about {targets} targets and {names} names in {judge.asked} answers")


if __name__ == "__main__":
    main(*sys.argv[1:])
