"""Reads what the program emitted with the readers of those it is for.

    read_with_peers.py ENVIRONMENT_YML REZ_REQUESTS REQUIREMENTS_TXT

conda: PyYAML reads the file and rattler every match spec. rez: its own parser reads every request. venv: PyPA's
`packaging` reads every requirement. Exits with 1 at the first thing a reader refuses, naming it.
"""

import sys

import yaml
from packaging.requirements import Requirement
from rattler import MatchSpec
from rez.utils.formatting import PackageRequest


def lines(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.split(" #")[0].strip()
            if line and not line.startswith("#"):
                yield line


def read(kind, text, reader):
    try:
        reader(text)
    except Exception as error:  # whatever a peer raises is its refusal
        sys.exit(f"{kind} refuses `{text}`: {error}")


def main(environment, requests, requirements):
    with open(environment, encoding="utf-8") as file:
        document = yaml.safe_load(file)
    read_ = {"conda": 0, "pip": 0, "rez": 0, "venv": 0}
    assert set(document) >= {"name", "channels", "dependencies"}, sorted(document)
    for entry in document["dependencies"]:
        if isinstance(entry, dict):
            for requirement in entry["pip"]:
                read("pip", requirement, Requirement)
                read_["pip"] += 1
        else:
            read("rattler", entry, lambda text: MatchSpec(text, strict=True))
            read_["conda"] += 1
    for request in lines(requests):
        read("rez", request, PackageRequest)
        read_["rez"] += 1
    for requirement in lines(requirements):
        read("packaging", requirement, Requirement)
        read_["venv"] += 1
    assert all(count for kind, count in read_.items() if kind != "pip"), read_
    print("read by their peers: " + ", ".join(f"{count} {kind}" for kind, count in read_.items()))


if __name__ == "__main__":
    main(*sys.argv[1:])
