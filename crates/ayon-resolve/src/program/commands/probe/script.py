# Says what this interpreter is and what it brings, as one line of JSON. Runs on every Python from 2.7.
import json
import platform
import sys

# What DCC hosts bring without the metadata of a distribution: module to distribution.
BARE_MODULES = [
    ("numpy", "numpy"),
    ("PySide6", "pyside6"),
    ("PySide2", "pyside2"),
    ("shiboken6", "shiboken6"),
    ("shiboken2", "shiboken2"),
    ("OpenImageIO", "openimageio"),
    ("PyOpenColorIO", "opencolorio"),
    ("opentimelineio", "opentimelineio"),
]


def distributions():
    found = []
    try:
        from importlib import metadata
    except ImportError:
        try:
            import pkg_resources
        except ImportError:
            return found
        return [[one.project_name, one.version] for one in pkg_resources.working_set]
    for one in metadata.distributions():
        try:
            name, version = one.metadata["Name"], one.version
        except Exception:
            continue
        if name and version:
            found.append([name, version])
    return found


def bare_modules(known):
    found = []
    for module, name in BARE_MODULES:
        if name in known:
            continue
        try:
            version = getattr(__import__(module), "__version__", None)
        except Exception:
            continue
        if version:
            found.append([name, str(version)])
    return found


def full_version():
    info = sys.version_info
    letters = {"alpha": "a", "beta": "b", "candidate": "rc"}
    end = letters[info[3]] + str(info[4]) if info[3] in letters else ""
    return "%d.%d.%d%s" % (info[0], info[1], info[2], end)


def main():
    # With `-c`, the working directory is the first place to import from; it is none of the host's.
    sys.path[:] = [path for path in sys.path if path]
    try:
        import sysconfig
        suffix = sysconfig.get_config_var("EXT_SUFFIX") or sysconfig.get_config_var("SO")
        abi = sysconfig.get_config_var("SOABI")
        where = sysconfig.get_platform()
    except Exception:
        suffix = abi = where = None
    found = distributions()
    answer = {
        "python": full_version(),
        "implementation": platform.python_implementation(),
        "system": sys.platform,
        "machine": platform.machine(),
        "platform": where,
        "abi": abi,
        "extension_suffix": suffix,
        "libc": " ".join(platform.libc_ver()).strip() if sys.platform.startswith("linux") else None,
        "distributions": found,
        "modules": bare_modules(set(str(name).lower() for name, _ in found)),
    }
    sys.stdout.write("\n" + "ayon-resolve" + "-probe:" + json.dumps(answer) + "\n")
    sys.stdout.flush()


main()
