'''
Open a rez-configured shell that ayon-resolve has resolved, possibly interactive.

It takes what `rez-env` takes and does what `rez-env` does, except that packages are resolved by the program
`ayon-resolve` (the variable AYON_RESOLVE, or PATH). With --bundle, --staging or --dev, an AYON bundle is asked for
instead of packages.
'''
# How it works: the program writes a context file, and rez's own `rez-env --input` enters it. So nothing about shells is
# written here a second time, and the options are those of the rez that is installed.
import os
import shutil
import subprocess
import sys

from rez.cli import env
from rez.command import Command

command_behavior = {
    "hidden": False,
    "arg_mode": "grouped",  # as `rez-env`: what stands behind `--` is the command to run
}

#: The program cannot be run: the same code with which it says that it could not tell.
EXIT_UNKNOWN = 2

#: Switches of `rez-env` that concern the resolve, by their names in the parsed options.
SWITCHES = [
    ("no_implicit", "--no-implicit"),
    ("no_local", "--no-local"),
    ("build", "--build"),
    ("no_filters", "--no-filters"),
    ("patch", "--patch"),
    ("strict", "--strict"),
    ("no_cache", "--no-cache"),
    ("stats", "--stats"),
    ("no_pkg_cache", "--no-pkg-cache"),
]

#: Options with a value, and the value that means that none was given.
VALUES = [
    ("paths", "--paths", None),
    ("time", "--time", None),
    ("max_fails", "--max-fails", -1),
    ("time_limit", "--time-limit", -1),
    ("input", "--input", None),
    ("patch_rank", "--patch-rank", 0),
    ("pkg_cache_mode", "--pkg-cache-mode", None),
]

#: Options with several values.
LISTS = [("exclude", "--exclude"), ("include", "--include")]

#: What selects a bundle. These are switches where there is no metavariable.
BUNDLE_SELECTORS = [
    ("--bundle", "NAME", "the AYON bundle to enter: a name, or production, staging or dev"),
    ("--staging", None, "enter the staging bundle"),
    ("--dev", None, "enter the dev bundle of the user"),
]

#: What else may be said of a bundle.
BUNDLE_DETAILS = [
    ("--studio", "PATH|URL", "the AYON studio: a folder, a snapshot file or a server's URL"),
    ("--project", "NAME", "lay the bundle of this project over the studio's"),
    ("--host", "NAME/VERSION", "the host to start, such as maya/2025"),
    ("--headless", None, "for a process without a user interface, such as a farm task"),
]


def setup_parser(parser, completions=False):
    """Take the options of `rez-env`, and those for bundles."""
    env.setup_parser(parser, completions)
    group = parser.add_argument_group("AYON bundles")
    for flag, metavar, text in BUNDLE_SELECTORS + BUNDLE_DETAILS:
        if metavar:
            group.add_argument(flag, dest=_dest(flag), metavar=metavar, help=text)
        else:
            group.add_argument(flag, dest=_dest(flag), action="store_true", help=text)


def command(opts, parser, extra_arg_groups=None):
    """Resolve, then let `rez-env` enter the context."""
    from rez.resolved_context import ResolvedContext

    if getattr(opts, "fail_graph", False):
        parser.error(
            "--fail-graph is not available: store the failed resolve with --output and show it with rez-context --graph"
        )
    if opts.command and extra_arg_groups:
        parser.error("argument --command: not allowed with arguments after '--'")
    words = bundle_words(opts, parser) if wants_bundle(opts) else request_words(opts, parser)
    if words is None:
        # A context that is entered as it is needs no resolve.
        return env.command(opts, parser, extra_arg_groups)

    if opts.output and opts.output != "-":
        sys.exit(run_program(words + ["--output", opts.output]))

    # rez removes the folder when it ends. Until then the file is what REZ_RXT_FILE names, so that what the program has
    # written stays whole: a file that rez saved again would lose the keys that rez does not know.
    folder = ResolvedContext.tmpdir_manager.mkdtemp(cleanup=not opts.detached)
    path = os.path.join(folder, "context.rxt")
    # Standard output belongs to the command that is to run, or to the context that is printed.
    code = run_program(words + ["--output", path], stdout=sys.stderr)
    if opts.output:
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                sys.stdout.write(file.read())
        sys.exit(code)
    if code:
        sys.exit(code)

    opts.input = path
    opts.PKG = []
    opts.patch = False
    return env.command(opts, parser, extra_arg_groups)


def wants_bundle(opts):
    """Whether a bundle is asked for, rather than packages."""
    return any(getattr(opts, _dest(flag)) for flag, _, _ in BUNDLE_SELECTORS)


def bundle_words(opts, parser):
    """The program's arguments for a bundle."""
    if opts.PKG:
        parser.error("a bundle takes no packages: %s" % " ".join(opts.PKG))
    given = [word for word in _resolve_words(opts) if not word.startswith("--paths=")]
    if given:
        parser.error("a bundle takes no %s" % given[0].split("=")[0])
    words = ["--emit", "rez", "--format", "context"]
    if opts.paths is not None:
        words.append("--rez-path=%s" % opts.paths)
    for flag, metavar, _ in BUNDLE_SELECTORS + BUNDLE_DETAILS:
        value = getattr(opts, _dest(flag))
        if value:
            words.append("%s=%s" % (flag, value) if metavar else flag)
    return words + _verbosity(opts)


def request_words(opts, parser):
    """The program's arguments for packages; None where a context is only to be entered."""
    for flag, _, _ in BUNDLE_DETAILS:
        if getattr(opts, _dest(flag)):
            parser.error("%s is for bundles: add --bundle, --staging or --dev" % flag)
    if opts.input and not opts.patch:
        return None
    return ["rez", "env"] + _resolve_words(opts) + _verbosity(opts) + list(opts.PKG)


def _resolve_words(opts):
    # Other versions of rez know other options: what is not there was not given.
    words = [flag for name, flag in SWITCHES if getattr(opts, name, False)]
    for name, flag, absent in VALUES:
        value = getattr(opts, name, None)
        if value is not None and value != absent:
            words.append("%s=%s" % (flag, value))
    for name, flag in LISTS:
        words.extend("%s=%s" % (flag, value) for value in getattr(opts, name, None) or [])
    return words


def _verbosity(opts):
    return ["--verbose"] * (opts.verbose or 0)


def run_program(words, stdout=None):
    """Run ayon-resolve and return its exit code. Its messages go to standard error as they are."""
    name = os.environ.get("AYON_RESOLVE") or "ayon-resolve"
    program = shutil.which(name)
    if program is None:
        print("error: the program `%s` is not there" % name, file=sys.stderr)
        print(
            "hint: set the variable AYON_RESOLVE to its path, or put `ayon-resolve` on PATH",
            file=sys.stderr,
        )
        return EXIT_UNKNOWN
    try:
        return subprocess.call([program] + words, stdout=stdout)
    except OSError as error:
        print("error: the program `%s` cannot be run: %s" % (program, error), file=sys.stderr)
        return EXIT_UNKNOWN


def _dest(flag):
    # A prefix, since rez may come to have options of the same name.
    return "ayon_" + flag.strip("-").replace("-", "_")


class AyonCommand(Command):
    """Tells rez of the command."""

    schema_dict = {}

    @classmethod
    def name(cls):
        """The word behind `rez`."""
        return "ayon"


def register_plugin():
    """What rez calls to find the command."""
    return AyonCommand
