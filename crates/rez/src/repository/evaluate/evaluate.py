"""Runs package files and tells the attributes that a solve reads.

Started by the `rez` crate as one process for many files. Speaks JSON, a line each: first what it is to know, then a task
and its answer, again and again. While it works it may ask the other side to compare versions, which knows how.
Package files may print: their output goes to standard error.
"""
import ast
import glob
import importlib.util
import json
import os
import sys
import traceback

NEEDED = ("requires", "build_requires", "variants", "timestamp", "hashed_variants", "format_version",
          "versions", "version_overrides")
LATE = ("requires", "build_requires")
COMMANDS = ("pre_commands", "commands", "post_commands", "pre_build_commands", "pre_test_commands")
MAX_DEPTH = 30

answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
os.dup2(2, 1)
tasks = sys.stdin
sys.stdin = open(os.devnull)


def say(message):
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def ask(**question):
    say({"ask": question})
    reply = json.loads(tasks.readline())
    if "error" in reply:
        raise ValueError(reply["error"])
    return reply["answer"]


# -- what package files find in their scope ------------------------------------------------------------------------------

class InvalidPackageError(Exception):
    pass


class ModifyList(object):
    def __init__(self, value):
        if not isinstance(value, list):
            raise ValueError("Expected list, not %r" % value)
        self.value = value


def early():
    def decorate(function):
        function._early = True
        return function
    return decorate


def late():
    def decorate(function):
        if function.__name__ in COMMANDS:
            raise ValueError("Cannot use @late decorator on function '%s'" % function.__name__)
        function._late = True
        return function
    return decorate


def include(module_name, *module_names):
    def decorate(function):
        function._include = (module_name,) + module_names
        return function
    return decorate


class Attributes(object):
    """Takes any attribute, at any depth: `with scope("config") as c: c.plugins.x = 1`."""
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        child = Attributes()
        self.__dict__[name] = child
        return child

    __getitem__ = __getattr__


class Scope(Attributes):
    def __enter__(self):
        self.__dict__["__before__"] = sys._getframe(1).f_locals.copy()
        return self

    def __exit__(self, *_):
        # What is assigned within belongs to the scope alone.
        outside = sys._getframe(1).f_locals
        before = self.__dict__.pop("__before__")
        outside.clear()
        outside.update(before)


class Scopes(object):
    def __init__(self):
        self.names = set()

    def __call__(self, name):
        self.names.add(name)
        return Scope()


# -- what late-bound functions find in theirs ----------------------------------------------------------------------------

class Version(object):
    def __init__(self, text):
        self._text = text
        self._tokens = ask(tokens=text)

    def __str__(self):
        return self._text

    def __repr__(self):
        return "Version(%r)" % self._text

    def __bool__(self):
        return bool(self._text)

    def __len__(self):
        return len(self._tokens)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return tuple(self._tokens[index])
        return self._tokens[index] if -len(self) <= index < len(self) else None

    def __hash__(self):
        return hash(tuple(self._tokens))

    major = property(lambda self: self[0])
    minor = property(lambda self: self[1])
    patch = property(lambda self: self[2])

    def as_tuple(self):
        return tuple(self._tokens)

    def _compare(self, other):
        return ask(compare=[str(self), str(other)])

    def __eq__(self, other):
        return isinstance(other, (Version, str)) and self._compare(other) == 0

    def __lt__(self, other):
        return self._compare(other) < 0

    def __le__(self, other):
        return self._compare(other) <= 0

    def __gt__(self, other):
        return self._compare(other) > 0

    def __ge__(self, other):
        return self._compare(other) >= 0


class Range(str):
    """The range of a request, as text."""


def intersects(obj, range_):
    if isinstance(obj, Range):
        return ask(intersects_range=[obj, range_])
    return ask(intersects=[str(obj), range_])


class Requests(object):
    """Requests by the name of their package."""
    def __init__(self, kind, requests):
        self._kind = kind
        self._texts = {name: text for name, text, _ in requests}
        self._ranges = {name: range_ for name, _, range_ in requests}

    def get(self, name, default=None):
        return self._texts.get(name, default)

    def get_range(self, name, default=None):
        range_ = self._ranges.get(name)
        if name not in self._texts:
            range_ = default
        return None if range_ is None else Range(range_)

    def __contains__(self, name):
        return name in self._texts

    def __getattr__(self, name):
        if name.startswith("__") or name not in self._texts:
            raise AttributeError("%s does not exist: '%s'" % (self._kind, name))
        return self._texts[name]

    __getitem__ = __getattr__


class Facts(object):
    """Known facts by name; anything else is said not to be known here."""
    def __init__(self, what, facts):
        self.__dict__.update(facts)
        self.__dict__["_what"] = what

    def __getattr__(self, name):
        raise AttributeError("`%s.%s` is not known where packages are evaluated outside of rez" % (self._what, name))


class This(object):
    """The package, as a late-bound function sees it."""
    is_package = True
    is_variant = False

    def __init__(self, package):
        self._package = package

    def __getattr__(self, name):
        package = self._package
        if name == "version":
            return Version(package.version or "")
        if name in package.data:
            return package.value(name)
        if name == "name":
            return package.family
        if name in ("base", "root"):
            return package.base
        if name in NEEDED or name in COMMANDS or name in ("tools", "description", "uuid", "config", "help", "authors"):
            return None
        raise AttributeError("Package instance has no attribute '%s'" % name)


class EarlyThis(object):
    """The package, as a function sees it that is evaluated when the file is read."""
    def __init__(self, data):
        self._data = data

    def __getattr__(self, name):
        if name not in self._data:
            raise AttributeError("No such package attribute '%s'" % name)
        value = self._data[name]
        if hasattr(value, "_early") or hasattr(value, "_late"):
            raise ValueError("An early binding function cannot refer to another early or late binding function: '%s'"
                             % name)
        return value


# -- reading -------------------------------------------------------------------------------------------------------------

def is_function(value):
    return type(value) is type(is_function)


class Package(object):
    def __init__(self, task):
        self.file = task["file"]
        self.family = task["family"]
        self.version = task["version"]
        self.base = task["base"]
        self.returned = {}
        self.data = self.load()

    def load(self):
        with open(self.file, "rb") as stream:
            self.source = stream.read()
        scopes = Scopes()
        names = dict(scope=scopes, early=early, late=late, include=include, ModifyList=ModifyList,
                     InvalidPackageError=InvalidPackageError)
        provided = set(names) | {"__builtins__"}
        exec(compile(self.source, self.file, "exec"), names)
        data = {name: value for name, value in names.items() if name not in provided}
        for name in scopes.names:
            data[name] = {}
        for name, value in list(data.items()):
            if is_function(value) and hasattr(value, "_early"):
                data[name] = self.call_early(value, data)
        # Functions that nothing decorates are no attributes.
        return {name: value for name, value in data.items()
                if not is_function(value) or hasattr(value, "_late")}

    def call_early(self, function, data):
        scope = dict(function.__globals__, this=EarlyThis(data), building=False, testing=False, build_variant_index=0,
                     build_variant_requires=[])
        copy = type(function)(function.__code__, scope, function.__name__, function.__defaults__, function.__closure__)
        count = function.__code__.co_argcount
        if count > 1:
            raise TypeError("@early decorated function must take zero or one args only")
        return copy(data) if count else copy()

    def value(self, name):
        """An attribute, calling the function that it may be."""
        value = self.data[name]
        if not hasattr(value, "_late"):
            return value
        if name not in self.returned:
            self.returned[name] = self.call_late(value)
        return self.returned[name]

    def call_late(self, function):
        """Calls a function in rez's scope for it, which is not that of the file."""
        scope = dict(bindings, this=This(self), in_context=lambda: True)
        for name in getattr(function, "_include", ()):
            scope[name] = self.module(name)
        definition = self.definition(function)
        definition.decorator_list = []
        module = ast.Module(body=[definition], type_ignores=[])
        exec(compile(ast.fix_missing_locations(module), self.file, "exec"), scope)
        return scope[function.__name__]()

    def definition(self, function):
        first = function.__code__.co_firstlineno
        for node in ast.walk(ast.parse(self.source)):
            if isinstance(node, ast.FunctionDef) and node.name == function.__name__:
                lines = [node.lineno] + [decorator.lineno for decorator in node.decorator_list]
                if first in lines:
                    return node
        raise ValueError("the late-bound function `%s` is not written in this file" % function.__name__)

    def module(self, name):
        folder = os.path.join(self.base or os.path.dirname(self.file), ".rez", "include")
        paths = [os.path.join(folder, name + ".py")] + sorted(glob.glob(os.path.join(folder, name + "-*.py")))
        for path in paths:
            if os.path.isfile(path):
                spec = importlib.util.spec_from_file_location(name, path)
                module = importlib.util.module_from_spec(spec)
                spec.loader.exec_module(module)
                return module
        return None

    def attributes(self, late_bound):
        """The needed attributes; late-bound ones are called only if asked for."""
        told = {}
        for name in NEEDED:
            if name not in self.data:
                continue
            is_late = hasattr(self.data[name], "_late")
            if name == "build_requires" and not facts["building"] and is_late:
                continue
            if is_late and name in LATE:
                told[name] = {"late": self.data[name].__code__.co_firstlineno} if not late_bound else plain(
                    self.value(name), 0, True)
            else:
                told[name] = plain(self.data[name], 0)
        return told


def plain(value, depth, requests=False):
    """A value in JSON, with what JSON has no word for told by its kind."""
    if depth > MAX_DEPTH:
        raise ValueError("a value is nested more than %d deep" % MAX_DEPTH)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, list):
        return [plain(item, depth + 1, requests) for item in value]
    if isinstance(value, dict):
        return {"table": [[plain(key, depth + 1), plain(item, depth + 1)] for key, item in value.items()]}
    if requests and type(value).__name__ in ("PackageRequest", "Requirement"):
        return str(value)
    if hasattr(value, "_late"):
        return {"kind": "a late-bound function"}
    return {"kind": "a value of type `%s`" % type(value).__name__}


def failure(error, file):
    """What happened, and the last line of the package file on the way there."""
    line = error.lineno if isinstance(error, SyntaxError) and error.filename == file else None
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == file:
            line = frame.lineno
    text = str(error.msg if isinstance(error, SyntaxError) else error)
    return {"error": "%s: %s" % (type(error).__name__, text) if text else type(error).__name__, "line": line}


facts = json.loads(tasks.readline())
sys.path[:0] = facts["paths"]
bindings = {
    "request": Requests("request", facts["requests"]),
    "implicits": Requests("request", facts["implicit"]),
    "ephemerals": Requests("ephemeral", []),
    "system": Facts("system", facts["system"]),
    "building": facts["building"],
    "testing": facts["testing"],
    "intersects": intersects,
    "context": Facts("context", {"building": facts["building"], "testing": facts["testing"]}),
}
say({"ready": True})
for line in tasks:
    task = json.loads(line)
    try:
        say({"attributes": Package(task).attributes(task["late"])})
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        say(failure(error, task["file"]))
