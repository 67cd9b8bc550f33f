#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A solver whose steps go wrong as programs in Python do."""

import os
import subprocess
import sys
import time

from lockstep import Solver

solver = Solver("crooked")


@solver.step
def crooked(task, params):
    """Goes wrong as programs do."""
    if params.get("how") == "exit":
        sys.exit("no more")
    if params.get("how") == "type":
        return {"rows": [{"when": object()}]}
    if params.get("how") == "huge":
        return [10**400]
    if params.get("how") == "surrogate":
        return {"name": "a\udc80b"}
    if params.get("how") == "endless":
        loop = []
        loop.append(loop)
        return loop
    raise ValueError("no path from zone 4")


@solver.step
def spin(task, params):
    """Computes without a pause."""
    task.progress(0.0)
    end = time.monotonic() + params.get("seconds", 60)
    count = 0
    while time.monotonic() < end and not task.cancelled:
        count += 1
    return count > 0


@solver.step
def shout():
    """Prints, and starts a program that prints and looks for the stream."""
    print('{"jsonrpc":"2.0","id":1,"result":"printed"}')
    os.write(1, b"written\n")
    done = subprocess.run([sys.executable, "-c",
                           "import os; print(os.environ.get('LOCKSTEP_STREAM')); print(sorted(os.listdir('/proc/self/fd')))"],
                          capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@solver.step
def fork(task, params):
    """Forks a child that leaves the step in the way of the parameter "how", and tells how that ended; of one that
    stays its process id."""
    child = os.fork()
    if child != 0:
        if params["how"] == "stay":
            return child
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    task.progress(0.5, "of the child")
    task.log("of the child")
    if params["how"] == "stay":
        time.sleep(60)
    if params["how"] == "exit":
        sys.exit(7)
    if params["how"] == "raise":
        raise ValueError("the child has no path")
    return "of the child"


if __name__ == "__main__":
    solver.main()
