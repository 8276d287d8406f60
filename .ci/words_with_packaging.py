"""Has PyPA's `packaging` judge random versions, specifiers and markers, for `conformance pep440` and `pep508`.

    words_with_packaging.py FOLDER [SEED]

Writes `pep440.json` and `pep508.json` into FOLDER, in the form of the shared matrices: what specifier sets contain with
pre-releases wanted, an order of versions, and whether markers hold in a random environment.
"""
import json
import random
import sys
from itertools import groupby
from pathlib import Path

import packaging
from packaging.markers import InvalidMarker, Marker, UndefinedComparison
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version


def version(chance, local=True):
    """One of few, so that versions meet: the same releases with all that may follow, oddly spelled at times."""
    release = ".".join(str(chance.choice([0, 1, 1, 2, 3, 10])) for _ in range(chance.choice([1, 2, 2, 2, 3, 3, 4])))
    some = lambda part, share: part() if chance.random() < share else ""
    number = lambda: chance.choice(["0", "1", "2", "10", ""])
    parts = [
        some(lambda: "v", 0.03), some(lambda: chance.choice(["0!", "1!"]), 0.08), release,
        some(lambda: chance.choice(["a", "b", "rc", "c", ".alpha", "-beta_", "_pre.", "RC"]) + number(), 0.3),
        some(lambda: chance.choice([".post", "-", ".rev", "_r", "post"]) + chance.choice("0129"), 0.2),
        some(lambda: chance.choice([".dev", "dev", "_DEV"]) + number(), 0.2),
        some(lambda: "+" + chance.choice(["a", "1", "cu118", "ubuntu.1", "A-1", "2_b", "0010"]), 0.15) if local else "",
    ]
    return "".join(parts)


def clause(chance):
    operator = chance.choice([">", ">=", "<", "<=", "==", "!=", "~=", ">", "<"])
    text = version(chance, local=operator in ("==", "!=") and chance.random() < 0.2)
    if operator in ("==", "!=") and chance.random() < 0.3:
        text = ".".join(str(number) for number in Version(text).release) + ".*"
    return operator + chance.choice(["", "", " "]) + text


def pep440(chance):
    rows = []
    versions = [version(chance) for _ in range(300)]
    while len(rows) < 30000:
        text = chance.choice([",", ", "]).join(clause(chance) for _ in range(chance.choice([1, 1, 1, 2, 3])))
        try:
            specifiers = SpecifierSet(text)
        except InvalidSpecifier:
            continue
        for candidate in chance.sample(versions, 30):
            rows.append([text, candidate, specifiers.contains(candidate, prereleases=True)])
    order = [next(equal) for _, equal in groupby(sorted(versions, key=Version), key=Version)]
    return {"format": 1, "oracle": f"packaging {packaging.__version__}", "order": order,
            "contains_prereleases_true": rows}


VERSIONS = ("implementation_version", "platform_release", "python_full_version", "python_version")


def environment(chance):
    system, platform, name = chance.choice([("linux", "Linux", "posix"), ("win32", "Windows", "nt"),
                                            ("darwin", "Darwin", "posix")])
    python = f"3.{chance.randrange(6, 15)}.{chance.randrange(0, 12)}{chance.choice(['', '', '', 'rc1', 'b2'])}"
    pypy = chance.random() < 0.2
    return {
        "implementation_name": "pypy" if pypy else "cpython", "implementation_version": "7.3.12" if pypy else python,
        "os_name": name, "platform_machine": chance.choice(["x86_64", "AMD64", "arm64", "aarch64", "ARM64"]),
        "platform_python_implementation": "PyPy" if pypy else "CPython",
        "platform_release": chance.choice(["", "10", "23.4.0", "5.15.0-1-amd64"]), "platform_system": platform,
        "platform_version": chance.choice(["", "10.0.19045", "#1 SMP"]), "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]), "sys_platform": system,
    }


def comparison(chance, values):
    if chance.random() < 0.15:
        return f"extra {chance.choice(['==', '!='])} '{chance.choice(['test', 'a_b', 'A.B', 'gui'])}'"
    name = chance.choice([*values, "python_version", "python_full_version", "sys_platform"])
    texts = [values[name], values[name], "linux", "win32", "3.8", "3.11", "3.9.*", "4", "posix", "x86_64 AMD64", "3.9.1rc1"]
    text = chance.choice(texts)
    if name.startswith("python") and chance.random() < 0.5:
        text = f"3.{chance.randrange(5, 15)}" + chance.choice(["", "", ".0", ".4", ".*"])
    operator = chance.choice(["==", "!=", "<", "<=", ">", ">=", "~=", "in", "not in"])
    if operator in ("in", "not in") and chance.random() < 0.5:
        text += chance.choice([" linux2", ", 3.10", " 3.100", "x"])
    sides = [name, operator, chance.choice("'\"").join(["", text, ""])]
    # `'3.9' <= python_version` is `python_version >= '3.9'` to us. `packaging` makes a specifier of the variable's value,
    # which is another thing where that value is a pre-release or no version at all, and gives `~=` a meaning there.
    plain = text.replace(".", "").isdigit() and values[name].replace(".", "").isdigit()
    can_turn = operator != "~=" and (name not in VERSIONS or operator.endswith("in") or plain)
    return " ".join(reversed(sides) if can_turn and chance.random() < 0.2 else sides)


def marker(chance, values, depth=0):
    if depth > 2 or chance.random() < 0.5:
        return comparison(chance, values)
    parts = [marker(chance, values, depth + 1) for _ in range(chance.choice([2, 2, 3]))]
    return "(" + chance.choice([" and ", " or "]).join(parts) + ")"


def pep508(chance):
    values = environment(chance)
    rows = []
    while len(rows) < 6000:
        text = marker(chance, values)
        for extra in ("", "test", "a-b"):
            try:
                rows.append([text, extra, Marker(text).evaluate({**values, "extra": extra})])
            except (InvalidMarker, UndefinedComparison):
                break
    return {"format": 1, "oracle": f"packaging {packaging.__version__}", "env": values, "rows": rows}


def main(folder, seed=None):
    seed = int(seed) if seed else random.randrange(10**6)
    print(f"words_with_packaging.py, packaging {packaging.__version__}, seed {seed}")
    chance = random.Random(seed)
    for name, made in ("pep440", pep440(chance)), ("pep508", pep508(chance)):
        # A row to a line, so that a failure has a place.
        text = json.dumps(made).replace("], [", "],\n[")
        Path(folder, f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
