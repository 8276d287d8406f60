"""Answers questions about rez's own benchmark with rez itself: one JSON document a line, in and out.

    rez_driver.py FOLDER

FOLDER receives the benchmark's packages as they ship with rez, unless they are there already. The first line out says
what was found. Then come questions: {"do": "load"} loads every package, as the command rez-benchmark does before it
takes any time; {"do": "solve", "request": [...]} solves one request as that command does: one repository, no implicit
packages, caching off. The answer has the form of the recorded answers, with the CPU seconds of the solver alone
("solver_cpu") and of the whole context ("context_cpu").
"""
import json
import os
import sys
import tarfile
import time

answers = sys.stdout
# Whatever rez prints is no answer.
sys.stdout = sys.stderr

import rez  # noqa: E402
from rez import resolver as resolver_module  # noqa: E402
from rez.packages import iter_package_families  # noqa: E402
from rez.resolved_context import ResolvedContext  # noqa: E402

last = {}


def keep_solver(original):
    """The resolver's method, which also keeps the solver and the time it took."""

    def solve(self):
        begin = time.process_time()
        solver = original(self)
        last.update(solver=solver, cpu=time.process_time() - begin)
        return solver

    return solve


resolver_module.Resolver._solve = keep_solver(resolver_module.Resolver._solve)


def unpack(archive, folder):
    """Unpacks the packages beside their name, then gives them the name, so that half of them are never taken for all."""
    packages = os.path.join(folder, "packages")
    if not os.path.isdir(packages):
        part = os.path.join(folder, "packages.part")
        with tarfile.open(archive) as tar:
            if hasattr(tarfile, "data_filter"):
                tar.extractall(part, filter="data")
            else:
                tar.extractall(part)
        inner = os.path.join(part, "packages")
        os.rename(inner if os.path.isdir(inner) else part, packages)
    return os.path.realpath(packages)


def load(repository):
    wall, cpu = time.perf_counter(), time.process_time()
    families = versions = variants = 0
    for family in iter_package_families(paths=[repository]):
        families += 1
        for package in family.iter_packages():
            versions += 1
            package.validate_data()
            for _ in package.iter_variants():
                variants += 1
    return {"families": families, "versions": versions, "variants": variants,
            "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}  # fmt: skip


def solve(repository, request):
    last.clear()
    begin = time.process_time()

    def timed(answer):
        cpu = time.process_time() - begin
        return dict(answer, context_cpu=cpu, solver_cpu=last.get("cpu", cpu))

    try:
        context = ResolvedContext(package_requests=request, package_paths=[repository],
                                  add_implicit_packages=False, caching=False)  # fmt: skip
    except Exception as error:
        return timed({"status": "error", "error_type": type(error).__name__, "error": str(error)})
    answer = timed({"status": context.status.name})
    solver = last["solver"]
    answer.update(num_solves=solver.num_solves, num_fails=solver.num_fails)
    if context.success:
        answer["resolved"] = [variant.qualified_name for variant in context.resolved_packages]
        answer["ephemerals"] = [str(ephemeral) for ephemeral in context.resolved_ephemerals]
    else:
        answer["failure_reason_type"] = type(solver.failure_reason()).__name__
        answer["failure_description"] = context.failure_description
    return answer


def tell(document):
    answers.write(json.dumps(document) + "\n")
    answers.flush()


def main():
    shipped = os.path.join(os.path.dirname(rez.__file__), "data", "benchmarking")
    repository = unpack(os.path.join(shipped, "packages.tar.gz"), sys.argv[1])
    with open(os.path.join(shipped, "requests.json")) as file:
        requests = json.load(file)
    tell({"rez": rez.__version__, "python": sys.version.split()[0], "repository": repository, "requests": requests})
    for line in sys.stdin:
        question = json.loads(line)
        if question["do"] == "load":
            tell(load(repository))
        else:
            tell(solve(repository, question["request"]))


main()
