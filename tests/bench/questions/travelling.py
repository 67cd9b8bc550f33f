# SPDX-License-Identifier: GPL-3.0-or-later
"""How short a tour is found in 10 s on 2 solvers, above the published optimum."""

import os
import re
import subprocess

import contender
from figures import Table, at_most

# How far above the optimum the median may be (%).
INSTANCES = {"berlin52": 0, "a280": 0, "pcb442": 0.3}

LINE = re.compile(r"seed +\d+: +\d+, +(\S+) % above the optimum, (\S+) s")


def measure(shop):
    table = Table("m", "Travelling salesman, 10 s on 2 solvers, a seed for each round: above the optimum", "%", "tour")
    command = [shop.program("bench-tsp"), shop.program("lockstep-cli"), shop.program("lockstep-tsp-solver"),
               str(shop.rounds)]
    for name in shop.cases(*INSTANCES):
        done = subprocess.run([*command, name], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        found = LINE.findall(done.stdout)
        if "skipped" in done.stdout:
            table.skip(name, "its file is not here; LOCKSTEP_TEST_DATA names the folder that holds tsplib/")
        elif not found:
            raise contender.Broken(f"“{os.path.basename(command[0])} … {name}” printed no figure: {done.stderr.strip()}")
        else:
            table.add(name, "Lockstep, lockstep-tsp-solver", [float(above) for above, _ in found],
                      target=at_most(INSTANCES[name]))
            table.add(name, "seconds, all included", [float(seconds) for _, seconds in found])
    table.note("A run ends as soon as it has the optimum.")
    return table
