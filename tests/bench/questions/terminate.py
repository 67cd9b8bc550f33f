# SPDX-License-Identifier: GPL-3.0-or-later
"""From Terminate until no process of the run is left."""

import time

import machine
from contender import Broken
from figures import Table, at_most

# Seconds, for solvers that do not go by themselves.
GRACE = 1

# So long they compute before.
BEFORE = 0.2


def measure_case(shop, table, who, plan, target, *options):
    program = shop.controller(plan, *options)
    values = []
    try:
        for _ in range(shop.rounds):
            program.ask("start")
            program.ask("wait", BEFORE)
            values.append(program.ask("terminate")["seconds"] * 1e3)
            if machine.children(program.pid):
                raise Broken("a run said that it had ended, and there were processes of it")
            time.sleep(0.1)
    finally:
        program.stop()
    table.add("", who, values, target=target)


def measure(shop):
    table = Table("e", "Terminate until no process is left", "ms")
    for n in shop.cases(2, 8, 64):
        measure_case(shop, table, f"{n} solvers that compute, and cooperate",
                     shop.loop(n, {"step": "spin", "on": "all"}), at_most(100))
    deaf = shop.loop(2, {"step": "work", "on": "all"}, command=[shop.program("fake-solver"), "ignores-sigterm-in-step"])
    measure_case(shop, table, f"2 solvers that ignore it and SIGTERM, with {GRACE} s grace", deaf,
                 at_most(GRACE * 1e3 + 200), "--grace", str(GRACE))
    return table
