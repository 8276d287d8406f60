"""Has rez list and read repositories, and compares everything with what this project's reader says of them.

    repositories_with_rez.py LIST_REPOSITORY REPOSITORY...

LIST_REPOSITORY is the built example `list_repository` of the crate `rez`. Run with a Python that has rez; that Python
is also the one that runs package files which compute something. Compared are the given repositories, those that rez
brings for its own tests, and one of hard cases that is made here. Ends with an error at the first difference.

Not compared is where the reader goes its own way, knowingly: a file that is not run because its attributes are literal
may fail when it is run (a missing module); YAML aliases and numbers beyond 64 bits are refused.
"""
import json
import os
import subprocess
import sys
import tempfile

os.environ["REZ_DISABLE_HOME_CONFIG"] = "1"

from rez.exceptions import PackageMetadataError, ResourceError, RexError  # noqa: E402
from rez.package_repository import package_repository_manager  # noqa: E402
from rez.packages import Package, get_package_family_from_repository  # noqa: E402
from rez.utils.sourcecode import SourceCodeError  # noqa: E402
from rez.version import Version, VersionError  # noqa: E402


class Context:
    """As much of a resolve as late-bound functions look at."""
    def _get_pre_resolve_bindings(self):
        from rez.rex_bindings import EphemeralsBinding, RequirementsBinding, intersects
        from rez.system import system
        return {"system": system, "building": True, "testing": False, "request": RequirementsBinding([]),
                "implicits": RequirementsBinding([]), "ephemerals": EphemeralsBinding([]), "intersects": intersects}


def told_by_rez(resource):
    """What a solve reads of a package; `None` where rez raises an error."""
    package = Package(resource)
    package.set_context(Context())
    texts = lambda requests: [str(request) for request in requests or []]
    try:
        return {
            "requires": texts(package.requires),
            "build_requires": texts(package.build_requires),
            "variants": [texts(variant) for variant in package.variants or []] or None,
            "timestamp": package.timestamp,
            "hashed_variants": bool(package.hashed_variants),
        }
    except (PackageMetadataError, ResourceError, RexError, SourceCodeError, VersionError):
        return None
    except Exception as error:
        # YAML errors and failed late-bound schemas have no common class.
        if type(error).__module__.split(".")[0] in ("rez", "builtins"):
            return None
        raise


def families_of_rez(path):
    repository = package_repository_manager.get_repository(path)
    told = {}
    for family in repository.get_families():
        packages = {}
        family = get_package_family_from_repository(family.name, path).resource
        for resource in repository.iter_packages(family):
            combined = family.get("ext")
            # Of folders that are one version rez takes either one.
            packages.setdefault(Version(resource.get("version", "")), []).append(
                (resource.get("version", "") or "", combined, told_by_rez(resource)))
        told[family.name] = packages
    return repository.location, told


def texts_normalised(told):
    """Requests as rez prints them: the comparison is of what they mean, not of how they are written."""
    from rez.utils.formatting import PackageRequest
    normal = lambda requests: [str(PackageRequest(request)) for request in requests]
    return dict(told, requires=normal(told["requires"]), build_requires=normal(told["build_requires"]),
                variants=told["variants"] and [normal(variant) for variant in told["variants"]])


def compare(path, ours):
    location, families = families_of_rez(path)
    assert ours["location"] == location, (ours["location"], location)
    assert sorted(ours["families"]) == sorted(families), set(ours["families"]) ^ set(families)
    count = 0
    for name, packages in families.items():
        listed = ours["families"][name]
        assert isinstance(listed, list), (name, listed)
        assert sorted(Version(package["version"]) for package in listed) == sorted(packages), (name, listed, packages)
        for package in listed:
            same = packages[Version(package["version"])]
            choices = [told for text, combined, told in same
                       if (text, combined) == (package["version"], package["combined"])]
            where = "%s-%s" % (name, package["version"])
            assert len(choices) == 1, (where, same)
            if "defect" in package:
                assert choices[0] is None, (where, package, choices[0])
            else:
                told = {key: package[key] for key in
                        ("requires", "build_requires", "variants", "timestamp", "hashed_variants")}
                try:
                    told = texts_normalised(told)
                except Exception:
                    # A request that rez refuses: our reader leaves that to whoever solves.
                    told = None
                assert told == choices[0], (where, told, choices[0])
            count += 1
    return count


PYTHON = [
    # Types: lists of texts, by type.
    *("requires = " + value for value in (
        "('a',)", "None", "'a'", "['a', 3]", "['a', ['b']]", "[]", "{'a'}", "['a'] + ['b']", "list('ab')", "f'a'",
        "['!.foo']", "['python 3']", "['']", "['foo-bar-1']", "['~foo']", "['.eph-1']", "ModifyList(['a'])")),
    *("variants = " + value for value in (
        "['a']", "[['a'], ('b',)]", "{'a': 1}", "[[]]", "[]", "None", "[['a'], ['b-1', 'c']]")),
    *("timestamp = " + value for value in ("'16'", "1.5", "None", "True", "-3", "0")),
    *("hashed_variants = " + value for value in ("1", "None", "True", "False")),
    *("build_requires = " + value for value in ("['a']", "'a'", "None")),
    # Ways to bind a name, or not.
    "requires = variants = []", "requires: list = ['a']", "requires = ['a']; requires += ['b']", "requires = ['a']\ndel requires",
    "requires = ['a',\n 'b' 'c']", "if True:\n    requires = ['a']", "from os import name as requires",
    "def requires():\n    return ['a']", "class requires: pass", "timestamp = 5\ndef timestamp(): pass",
    "with scope('config') as c:\n    requires = ['a']", "raise InvalidPackageError('no')", "x = [",
    # Functions to call.
    "name = 'n'\n@early()\ndef requires():\n    return [this.name]", "@early()\ndef requires(data):\n    return ['a']",
    "import os\n@early()\ndef requires():\n    return [os.path.basename('a/b')]",
    "@late()\ndef variants():\n    return []", "@late()\ndef requires():\n    # a comment\n    return [this.name]",
    "@late()\ndef requires():\n    'a text'\n    def inner():\n        return ['a']\n    return inner()",
    "@late()\ndef requires():\n    return [str(this.version.major), str(building)]",
    "x = 1\n@late()\ndef requires():\n    return [str(x)]", "@include('x')\n@late()\ndef requires():\n    return ['a']",
    "@late()\ndef requires():\n    return ['a'] if intersects('foo-1+', '2') else ['b']",
    "@late()\ndef requires():\n    return ('a',)", "@late()\ndef build_requires():\n    return ['a']",
]

YAML = [
    "", "- foo", "requires:", "requires: []", "requires: a", "requires: [a, 3.7]", "requires: [yes]", "requires: ['yes']",
    "requires: [1e5]", "requires: [1.0.0]", "requires: [~]", "requires: [~foo]", "requires: [=1]", "requires: [1_0]",
    "requires: [0b11, 0o7]", "requires: [.5]", "requires: [.inf]", "requires: [a]\nrequires: [b]", "variants: [a]",
    "variants: [[a-1, b], [c]]", "hashed_variants: 'yes'", "hashed_variants: yes", "timestamp: 1_000", "timestamp: 0x10",
    "timestamp: 017", "timestamp: '5'", "a: [1",
]

COMBINED = {
    "py": [
        "requires = ['a']", "versions = []", "versions = ['1']\nversion_overrides = {'1': {'requires': 'a'}}",
        "versions = ['1', '2']\nversion_overrides = {'1': {'requires': ['a']}, '2+': {'requires': ['b'], 'timestamp': 3}}",
        "versions = ['1', '2']\nrequires = 3\nversion_overrides = {'2': {'requires': ['a']}}",
        "versions = ['3']\n@late()\ndef requires():\n    return ['v-%s' % this.version]", "versions = [str(i) for i in range(3)]",
    ],
    "yaml": ["", "versions: ['1', '1.1']\nversion_overrides:\n  '1': {requires: [a]}\n  '1.1': {requires: [b]}"],
}


def make_hard_cases(folder):
    def write(path, source):
        os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
        with open(os.path.join(folder, path), "w", encoding="utf-8") as stream:
            stream.write(source + "\n")

    for index, source in enumerate(PYTHON):
        write("python%d/1.2/package.py" % index, source)
    for index, source in enumerate(YAML):
        write("yaml%d/1.2/package.yaml" % index, source)
    for extension, sources in COMBINED.items():
        for index, source in enumerate(sources):
            write("combined%s%d.%s" % (extension, index, extension), source)


def main(program, *repositories):
    import rez
    tests = os.path.join(os.path.dirname(rez.__file__), "data", "tests")
    brought = [os.path.join(tests, *path) for path in (
        ("packages", "py_packages"), ("packages", "yaml_packages"), ("solver", "packages"), ("builds", "packages"))]
    with tempfile.TemporaryDirectory() as hard_cases:
        make_hard_cases(hard_cases)
        compare_all(program, [*repositories, *filter(os.path.isdir, brought), hard_cases])


def compare_all(program, repositories):
    count = 0
    for path in repositories:
        output = subprocess.check_output([program, path, sys.executable])
        count += compare(path, json.loads(output))
    print("read as rez does: %d packages in %d repositories" % (count, len(repositories)))


main(*sys.argv[1:])
