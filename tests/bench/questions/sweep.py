# SPDX-License-Identifier: GPL-3.0-or-later
"""How busy a sweep of short and long tasks keeps its solvers."""

import json
import os
import random
import shutil

from contender import run
from figures import Table, at_least

SOLVERS = 2
TASKS = 10000

# How long the shortest task computes (s), and how many times as long the longest.
SHORTEST = 1e-4
RANGE = 100


def make_tasks(count):
    """As many between 1 and 10 times the shortest as between 10 and 100 times, in no order, the same in each round."""
    tasks = [{"seconds": round(SHORTEST * RANGE ** (task / (count - 1)), 7)} for task in range(count)]
    random.Random(count).shuffle(tasks)
    return tasks


def read_step(directory):
    """The seconds from the first task until the barrier."""
    times = {}
    with open(os.path.join(directory, "journal.jsonl"), encoding="utf-8") as lines:
        for event in map(json.loads, lines):
            times[event.get("event")] = event.get("time")
    return (times["step-ended"] - times["step-started"]) * 1e-6


def measure(shop):
    count = shop.count(TASKS)
    plan = shop.plan(SOLVERS, [{"step": "compute", "tasks": make_tasks(count)}])
    runs = shop.path("sweep")
    busy, computing = [], []
    for _ in range(shop.rounds):
        printed, _ = run([shop.program("lockstep-cli"), "run", "--json", plan, "--runs-dir", runs])
        report = json.loads(printed)
        seconds = read_step(report["directory"])
        busy.append(100 * sum(result["seconds"] for result in report["result"]) / (SOLVERS * seconds))
        computing.append(100 * sum(result["cpu"] for result in report["result"]) / (SOLVERS * seconds))
        shutil.rmtree(runs)

    table = Table("l", f"A sweep of {count:,} tasks of {SHORTEST * 1e3:g} to {SHORTEST * RANGE * 1e3:g} ms on {SOLVERS} solvers: "
                  "share of their time", "%")
    table.add("", "in tasks, by the solvers' own clocks", busy, target=at_least(97))
    table.add("", "CPU time of the tasks", computing)
    table.note("From the start of the step to its barrier. What a solver waits for a processor counts as in a task.")
    return table
