# SPDX-License-Identifier: GPL-3.0-or-later
"""The share of the cores' time that real runs spend computing, from their journals."""

import glob
import json
import os
import shutil

from contender import run
from figures import Table, at_least

# How long a task of the demonstration is to last (s), and what it is to begin with to find out.
TASK = 1.0
FIRST_REPEAT = 5

# Of the assignment: enough to see what an iteration is like.
ITERATIONS = 40


class Shares:
    """Of one run: the time in tasks, and the CPU time of the solvers, over that of its steps times its solvers."""

    def __init__(self, journal):
        self.step = 0.0
        self.tasks = 0.0
        self.n_tasks = 0
        cpu = 0.0
        began = {}
        with open(journal, encoding="utf-8") as lines:
            for event in map(json.loads, lines):
                kind = event.get("event")
                if kind == "run-started":
                    n_solvers = event["data"]["solvers"]
                elif kind == "task-started":
                    began[event["task"]] = event["time"]
                elif kind == "task-ended":
                    self.tasks += (event["time"] - began.pop(event["task"])) * 1e-6
                    self.n_tasks += 1
                elif kind == "step-started":
                    step_began = event["time"]
                elif kind == "step-ended":
                    self.step += (event["time"] - step_began) * 1e-6
                elif kind == "solver-ended":
                    cpu += event["data"]["cpu"]
        self.in_tasks = 100 * self.tasks / (self.step * n_solvers)
        self.in_cpu = 100 * cpu / (self.step * n_solvers)


def run_plan(shop, plan, *settings):
    runs = shop.path("computing")
    # It need not have reached its goal, which is 3.
    command = [shop.program("lockstep-cli"), "run", plan, "--quiet", "--runs-dir", runs]
    for setting in settings:
        command += ["--set", setting]
    run(command)
    journal, = glob.glob(os.path.join(runs, "*", "journal.jsonl"))
    shares = Shares(journal)
    shutil.rmtree(runs)
    return shares


def add(table, who, shares, target=None):
    task = sum(share.tasks for share in shares) / sum(share.n_tasks for share in shares)
    table.add(who, f"in tasks, of {task * 1e3:.0f} ms on average", [share.in_tasks for share in shares], target=target)
    table.add(who, "CPU time of the solvers, loading their data included", [share.in_cpu for share in shares])


def measure_demonstration(shop, table):
    plan = os.path.join(shop.source, "data/demonstration.lockstep")
    equal = ["params.min=2000000", "params.max=2000000"]
    first = run_plan(shop, plan, *equal, f"params.repeat={FIRST_REPEAT}")
    repeat = max(round(FIRST_REPEAT * TASK / (first.tasks / first.n_tasks)), 1)
    shares = [first] if shop.quick else [run_plan(shop, plan, *equal, f"params.repeat={repeat}")
                                         for _ in range(shop.rounds)]
    add(table, "demonstration", shares, at_least(98))


def measure_assignment(shop, table, who, network, trips, target=None):
    steps = [{"repeat": shop.count(ITERATIONS, 2), "steps": [{"step": "assign", "on": "all"}, {"step": "combine", "on": "one"}]}]
    plan = shop.plan("auto", steps, command=["lockstep-assignment-solver"], params={"network": network, "trips": trips})
    add(table, who, [run_plan(shop, plan) for _ in range(shop.rounds)], target)


def measure(shop):
    table = Table("f", "Share of the cores' time that is spent computing", "%")
    measure_demonstration(shop, table)
    city = os.path.join(shop.source, "data/city/city_")
    measure_assignment(shop, table, "assignment, city", city + "net.tntp", city + "trips.tntp", at_least(90))
    if shop.data():
        anaheim = os.path.join(os.path.abspath(shop.data()), "tntp/Anaheim_")
        measure_assignment(shop, table, "assignment, Anaheim", anaheim + "net.tntp", anaheim + "trips.tntp")
    else:
        table.skip("assignment, Anaheim", "its files are not here; LOCKSTEP_TEST_DATA names their folder")
    table.note("Demonstration: as many angles for each part, and as often, that a task lasts a second.")
    return table
