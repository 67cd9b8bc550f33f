# SPDX-License-Identifier: GPL-3.0-or-later
"""How long it takes to list runs, and to read a long one."""

import json
import os
import subprocess
import sys

import contender
from figures import Table, at_most

RUNS = 10000
EVENTS = 1000000

PLAN = {"lockstep": 1, "name": "City, morning peak", "solver": {"command": ["true"]}, "steps": [{"step": "work", "on": "all"}]}

# Runs the rest of its command line, and prints the seconds that it took and the most memory it had (MB).
TIMER = """
import resource, subprocess, sys, time
start = time.monotonic()
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
print(time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1000, code)
"""


def run_timed(*command):
    seconds, memory, code = subprocess.run([sys.executable, "-c", TIMER, *command], capture_output=True, text=True,
                                           check=True).stdout.split()
    if code != "0":
        raise contender.Broken(f"{' '.join(command)} exited with code {code}")
    return float(seconds), float(memory)


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def make_runs(folder, number):
    """Of ten runs one was interrupted; of the others there is a summary."""
    for i in range(number):
        started = 1800000000000000 + i * 1000000
        run = os.path.join(folder, f"20270115-{i // 3600:02d}{i // 60 % 60:02d}{i % 60:02d}-{i:04x}-city-morning-peak")
        os.makedirs(run)
        write(run, "plan.lockstep", json.dumps(PLAN))
        write(run, "lock", "1\n")
        write(run, "journal.jsonl", '{"lockstep-journal":1}\n' + "".join(json.dumps(event) + "\n" for event in (
            {"event": "run-started", "time": started, "data": {"name": PLAN["name"], "folder": folder, "solvers": 8}},
            {"event": "log", "time": started + 7, "data": {"level": "info", "text": "x" * 2000}})))
        if i % 10:
            write(run, "summary.json", json.dumps(
                {"state": "finished", "run": os.path.basename(run), "directory": run, "name": PLAN["name"], "started": started,
                 "seconds": 12.5, "solvers": 8, "tasks": {"done": 8, "total": 8}, "until": {"text": "gap < 1e-6", "value": 7e-7},
                 "result": {"gap": 7e-7, "flows": list(range(200))}, "failures": 0, "causes": [], "reached": True, "error": None}))


def measure(shop):
    table = Table("n", "Listing runs, and reading a long one", "s, and MB")
    cli = shop.program("lockstep-cli")
    runs, long = shop.path("history"), shop.path("long")
    number, events = shop.count(RUNS), shop.count(EVENTS)
    make_runs(runs, number)
    subprocess.run([shop.program("bench-journal"), long, str(events)], check=True)

    for case, command, target in ((f"list of {number:,} runs", ("list", "--runs-dir", runs), 1),
                                  (f"show of {events:,} events", ("show", long), 5)):
        values = [run_timed(cli, *command) for _ in range(shop.rounds)]
        table.add(case, "seconds", [value[0] for value in values], target=at_most(target))
        table.add(case, "MB of memory at most", [value[1] for value in values])
    return table
