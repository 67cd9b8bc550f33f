# SPDX-License-Identifier: GPL-3.0-or-later
"""What an unmodified program costs per task, beside what starts a process for each line."""

import machine
from contender import run
from figures import Table, at_most, divide

SOLVERS = 2
TASKS = 1000

OURS = "Lockstep, a folder and a log for each"
XARGS = "xargs -P"
PARALLEL = "GNU Parallel"


def run_lockstep(shop, plan):
    """From the start of the terminal to its end, as a person waits for it.

    Runs stay until the end: for some seconds, ext4 has a hard time to make files where many were deleted.
    """
    return run([shop.program("lockstep-cli"), "run", plan, "--runs-dir", shop.path("programs")])[1]


def measure(shop):
    count = shop.count(TASKS)
    plan = shop.write_plan(program={"command": ["/bin/true"]}, solvers=SOLVERS, steps=[{"tasks": count}])
    lines = "x\n" * count
    table = Table("o", f"{count:,} runs of /bin/true, {SOLVERS} at a time: from start to end, for each", "ms")

    def each(seconds):
        return seconds * 1e3 / count

    with shop.contest() as contest:
        contest.enter(OURS, lambda: each(run_lockstep(shop, plan)))
        contest.enter(XARGS, lambda: each(run(["xargs", "-P", str(SOLVERS), "-n", "1", "true"], text=lines)[1]))
        if machine.is_there("parallel"):
            contest.enter(PARALLEL, lambda: each(run(["parallel", "--will-cite", "-j", str(SOLVERS), "true"], text=lines)[1]))
        else:
            table.skip(PARALLEL, f"not installed; it is in {machine.PACKAGES['parallel']}")
        values = contest.run()

    if PARALLEL in values:
        table.add("", OURS, values[OURS], divide(values[OURS], values[PARALLEL]), "× GNU Parallel", at_most(0.5))
    else:
        table.add("", OURS, values[OURS])
    table.add("", XARGS, values[XARGS], divide(values[XARGS], values[OURS]), "× Lockstep")
    if PARALLEL in values:
        table.add("", PARALLEL, values[PARALLEL], divide(values[PARALLEL], values[OURS]), "× Lockstep")
    return table
