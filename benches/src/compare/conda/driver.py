"""Answers one request with py-rattler: driver.py CHANNEL REQUEST CACHE, one JSON document out.

The cache is not used: py-rattler has none for a channel on this machine.
"""
import asyncio
import json
import os
import sys
import time

begin = time.perf_counter()

from pathlib import Path  # noqa: E402

from rattler import BuildString, Channel, GenericVirtualPackage, PackageName, SparseRepoData, Version  # noqa: E402
from rattler import solve_with_sparse_repodata  # noqa: E402
from rattler.exceptions import SolverError  # noqa: E402

folder, request = Path(sys.argv[1]), json.loads(sys.argv[2])
channel = Channel(f"file://{folder}")
subdirs = [
    SparseRepoData(channel, subdir, str(folder / subdir / "repodata.json"))
    for subdir in [request["platform"], "noarch"]
]
opened = time.perf_counter()


def machine(text):
    name, version, build = (text.split("=") + ["0"])[:3]
    return GenericVirtualPackage(PackageName(name), Version(version), BuildString(build))


def peak():
    """The most memory that this process had, where the system tells."""
    try:
        told = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    return int(told.split("VmHWM:")[1].split()[0]) * 1024


async def solve():
    return await solve_with_sparse_repodata(
        request["specs"],
        subdirs,
        virtual_packages=[machine(text) for text in request["virtual_packages"]],
    )


try:
    records = asyncio.run(solve())
    packages = sorted(f"{r.name.normalized}={r.version}={r.build}" for r in records)
except SolverError:
    packages = None
solved = time.perf_counter()
print(json.dumps({
    "open": opened - begin,
    "load": 0.0,
    "solve": solved - opened,
    "memory": peak(),
    "packages": packages,
}))
sys.stdout.flush()
# Its end may crash.
os._exit(0)
