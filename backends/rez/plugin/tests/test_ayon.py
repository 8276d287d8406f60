"""Runs `rez ayon` under a real rez, with a program that stands in for ayon-resolve.

The stand-in writes down the arguments it was given, copies a context that rez itself has made, and exits as it is told.
With the variable AYON_RESOLVE, its program is run too.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from rez import __version__

REZ_VERSION = tuple(int(number) for number in __version__.split(".")[:2])

STAND_IN = """#!{python}
import json, os, shutil, sys
with open(os.environ["STAND_IN_LOG"], "w") as log:
    json.dump(sys.argv[1:], log)
print("a word on standard output")
print("a word on standard error", file=sys.stderr)
code = int(os.environ.get("STAND_IN_CODE", "0"))
if code != 2:
    shutil.copy(os.environ["STAND_IN_CONTEXT"], sys.argv[sys.argv.index("--output") + 1])
sys.exit(code)
"""

PACKAGE = """name = "tool"
version = "1.2"
def commands():
    env.TOOL_VERSION = "{version}"
"""


class RezAyon(unittest.TestCase):
    """One folder with a repository, a context and the stand-in, for all tests."""

    @classmethod
    def setUpClass(cls):
        cls.folder = os.path.realpath(tempfile.mkdtemp())
        cls.bin = os.path.dirname(sys.executable)
        package = cls.path("packages", "tool", "1.2", "package.py")
        os.makedirs(os.path.dirname(package))
        cls.write(package, PACKAGE)
        program = cls.write(cls.path("ayon-resolve"), STAND_IN.format(python=sys.executable))
        os.chmod(program, 0o755)
        cls.context = cls.path("made by rez.rxt")
        cls.log = cls.path("log.json")
        made = cls.run_command(
            "rez-env", "--no-implicit", "--paths", cls.path("packages"), "tool", "-o", cls.context
        )
        assert made.returncode == 0, made.stderr
        # A key that rez does not know, to see who reads the file.
        with open(cls.context) as file:
            document = json.load(file)
        document["x_producer"] = "stand-in"
        cls.write(cls.context, json.dumps(document))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    @classmethod
    def path(cls, *parts):
        return os.path.join(cls.folder, *parts)

    @staticmethod
    def write(path, text):
        with open(path, "w") as file:
            file.write(text)
        return path

    @classmethod
    def run_command(cls, name, *words, **variables):
        environment = {
            "PATH": os.pathsep.join([cls.folder, cls.bin, os.environ["PATH"]]),
            "HOME": cls.folder,
            "STAND_IN_LOG": cls.log,
            "STAND_IN_CONTEXT": cls.context,
        }
        environment.update(variables)
        return subprocess.run(
            [os.path.join(cls.bin, name)] + list(words),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
        )

    def setUp(self):
        if os.path.exists(self.log):
            os.remove(self.log)

    def given(self):
        """The arguments of the stand-in, the place of the context taken out; None where it has not run."""
        if not os.path.exists(self.log):
            return None
        with open(self.log) as file:
            words = json.load(file)
        place = words.index("--output")
        self.assertTrue(words[place + 1].endswith("context.rxt"), words)
        return words[:place] + words[place + 2:]

    def test_a_command_runs_in_the_environment(self):
        done = self.run_command("rez", "ayon", "tool", "!old-1", "--", "printenv", "TOOL_VERSION")
        self.assertEqual((done.returncode, done.stdout), (0, "1.2\n"), done.stderr)
        self.assertIn("a word on standard error", done.stderr)
        self.assertIn("a word on standard output", done.stderr)
        self.assertEqual(self.given(), ["rez", "env", "tool", "!old-1"])

    def test_one_word_is_the_same_command(self):
        done = self.run_command("rez-ayon", "tool", "-c", "echo $TOOL_VERSION; exit 5", "--norc")
        self.assertEqual((done.returncode, done.stdout), (5, "1.2\n"), done.stderr)

    def test_the_context_in_the_environment_is_the_file_of_the_program(self):
        done = self.run_command("rez", "ayon", "tool", "-c", "cat $REZ_RXT_FILE; echo; echo $REZ_RXT_FILE")
        text, path = done.stdout.rstrip().rsplit("\n", 1)
        self.assertEqual(json.loads(text)["x_producer"], "stand-in")
        self.assertFalse(os.path.exists(path), "rez has removed it")

    def test_options_of_the_resolve_are_passed_on(self):
        done = self.run_command(
            "rez", "ayon", "tool", "--ni", "--nl", "-b", "--paths", "/a:~/b", "--time=-10d", "--max-fails", "3",
            "--time-limit", "9", "--exclude", "*.beta", "glob(x)", "--include", "y", "--no-filters", "--no-cache",
            "--no-pkg-cache", "--stats", "-vv", "--shell", "bash", "-c", "true",
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(
            self.given(),
            ["rez", "env", "--no-implicit", "--no-local", "--build", "--no-filters", "--no-cache", "--stats",
             "--no-pkg-cache", "--paths=/a:~/b", "--time=-10d", "--max-fails=3", "--time-limit=9",
             "--exclude=*.beta", "--exclude=glob(x)", "--include=y", "--verbose", "--verbose",
             "tool"],
        )  # fmt: skip

    @unittest.skipIf(REZ_VERSION < (3,), "rez 2 has no --pkg-cache-mode")
    def test_options_of_newer_rezes_are_passed_on(self):
        self.run_command("rez", "ayon", "tool", "--pkg-cache-mode", "sync", "--", "true")
        self.assertEqual(self.given(), ["rez", "env", "--pkg-cache-mode=sync", "tool"])

    def test_a_patch_is_resolved_and_a_plain_input_is_not(self):
        words = ["rez", "ayon", "--input", self.context]
        done = self.run_command(*words + ["--patch", "--strict", "--patch-rank", "2", "tool-1", "--", "true"])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(
            self.given(),
            ["rez", "env", "--patch", "--strict", "--input=" + self.context, "--patch-rank=2", "tool-1"],
        )
        os.remove(self.log)
        done = self.run_command(*words + ["--", "printenv", "TOOL_VERSION"])
        self.assertEqual((done.returncode, done.stdout), (0, "1.2\n"), done.stderr)
        self.assertIsNone(self.given())

    def test_a_bundle_is_asked_for(self):
        done = self.run_command(
            "rez", "ayon", "--bundle", "1.0 fine", "--host", "maya/2025", "--headless", "--project", "show",
            "--studio", "sample", "--", "printenv", "TOOL_VERSION",
        )  # fmt: skip
        self.assertEqual((done.returncode, done.stdout), (0, "1.2\n"), done.stderr)
        self.assertEqual(
            self.given(),
            ["--emit", "rez", "--format", "context", "--bundle=1.0 fine", "--studio=sample", "--project=show",
             "--host=maya/2025", "--headless"],
        )  # fmt: skip
        self.run_command("rez", "ayon", "--staging", "--paths", "/a:/b", "-v", "--", "true")
        self.assertEqual(
            self.given(),
            ["--emit", "rez", "--format", "context", "--rez-path=/a:/b", "--staging", "--verbose"],
        )

    def test_a_context_is_stored_or_printed(self):
        stored = self.path("my context.rxt")
        done = self.run_command("rez", "ayon", "tool", "-o", stored)
        self.assertEqual((done.returncode, done.stdout), (0, "a word on standard output\n"), done.stderr)
        with open(stored) as stored, open(self.context) as original:
            self.assertEqual(stored.read(), original.read())
        # A failed resolve is stored too.
        done = self.run_command("rez", "ayon", "tool", "-o", "-", STAND_IN_CODE="1")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(json.loads(done.stdout)["x_producer"], "stand-in")

    def test_the_exit_code_of_the_program_is_passed_on(self):
        for code in (1, 2):
            done = self.run_command("rez", "ayon", "tool", "--", "echo", "never", STAND_IN_CODE=str(code))
            self.assertEqual((done.returncode, done.stdout), (code, ""))
            self.assertIn("a word on standard error", done.stderr)
            self.assertNotIn("Traceback", done.stderr)

    def test_a_program_that_is_not_there_is_named(self):
        for variables, name in [
            ({"PATH": self.bin + os.pathsep + "/usr/bin" + os.pathsep + "/bin"}, "ayon-resolve"),
            ({"AYON_RESOLVE": self.path("missing")}, self.path("missing")),
        ]:
            done = self.run_command("rez", "ayon", "tool", **variables)
            self.assertEqual(done.returncode, 2)
            self.assertIn("error: the program `%s` is not there\nhint: set the variable" % name, done.stderr)
            self.assertNotIn("Traceback", done.stderr)
        # A file that is no program.
        text = self.write(self.path("text"), "no program")
        os.chmod(text, 0o755)
        done = self.run_command("rez", "ayon", "tool", AYON_RESOLVE=text)
        self.assertEqual(done.returncode, 2)
        self.assertIn("error: the program `%s` cannot be run: " % text, done.stderr)

    def test_the_variable_goes_before_the_path(self):
        other = self.path("other")
        shutil.copy(self.path("ayon-resolve"), other)
        done = self.run_command("rez", "ayon", "tool", "--", "true", PATH=os.environ["PATH"], AYON_RESOLVE=other)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.given(), ["rez", "env", "tool"])

    def test_words_that_contradict_are_refused(self):
        for words, message in [
            (["tool", "--fail-graph"], "--fail-graph is not available"),
            (["--bundle", "production", "tool"], "a bundle takes no packages: tool"),
            (["--bundle", "production", "--nl"], "a bundle takes no --no-local"),
            (["tool", "--host", "maya/2025"], "--host is for bundles"),
            (["tool", "-c", "a", "--", "b"], "not allowed with arguments after '--'"),
        ]:
            done = self.run_command("rez", "ayon", *words)
            self.assertEqual(done.returncode, 2, words)
            self.assertIn(message, done.stderr)
            self.assertIsNone(self.given())

    @unittest.skipUnless(os.environ.get("AYON_RESOLVE"), "AYON_RESOLVE names no program")
    def test_the_program_itself_resolves(self):
        words = ["rez", "ayon", "--ni", "--paths", self.path("packages"), "--max-fails", "5", "--exclude", "glob(x)", "-v"]
        program = {"AYON_RESOLVE": os.environ["AYON_RESOLVE"], "AYON_RESOLVE_NO_CONFIG": "true"}
        done = self.run_command(*words + ["tool-1", "!other", "--", "printenv", "TOOL_VERSION"], **program)
        self.assertEqual((done.returncode, done.stdout), (0, "1.2\n"), done.stderr)
        done = self.run_command(*words + ["tool-2", "--", "echo", "never"], **program)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertIn("tool", done.stderr)
        done = self.run_command(*words + ["tool", "-o", "-"], **program)
        self.assertEqual(json.loads(done.stdout)["package_requests"], ["tool"], done.stderr)

    def test_the_help_of_rez_lists_it(self):
        done = self.run_command("rez", "-h")
        self.assertRegex(done.stdout, r"ayon +Open a rez-configured shell that ayon-resolve has")


if __name__ == "__main__":
    unittest.main()
