"""Runs programs one at a time and says what each cost: one JSON document a line, in and out.

A question is {"command": [...], "env": {...}, "limit": seconds}; the answer has the exit code, seconds on the wall and
of processors, the most memory that was held (in bytes), and what was written to standard error. This process is small because the memory
of a child is counted from before it begins: nothing is told to be smaller than this is.
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time

answers = sys.stdout


def run(command, env, limit):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begin = time.perf_counter()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=env, start_new_session=True)
        late = threading.Timer(limit, lambda: os.killpg(child.pid, signal.SIGKILL))
        late.start()
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begin
        late.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        err.seek(0)
        said = err.read().decode("utf-8", "replace")
        return {"code": child.returncode, "wall": wall, "cpu": usage.ru_utime + usage.ru_stime,
                "peak_memory": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
                "said": said}  # fmt: skip


def main():
    print(json.dumps({"python": os.path.realpath(getattr(sys, "_base_executable", sys.executable))}), file=answers, flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        print(json.dumps(run(question["command"], question["env"], question["limit"])), file=answers, flush=True)


main()
