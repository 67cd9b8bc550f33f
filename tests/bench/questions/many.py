# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a barrier costs a solver more where there are more solvers: streams that one process answers."""

import math
import statistics

from figures import Table, at_most, divide

CALLS = 30000
CONTROLLER = "CPU of the controller alone"


def measure(shop):
    table = Table("k", "A barrier of N simulated solvers, a solver", "µs", "N")
    cases = (10, 100) if shop.quick else (100, 1000, 10000)
    cpu = {n: [] for n in cases}

    def enter(contest, n):
        steps = max(shop.count(CALLS) // n, 2)
        plan = shop.loop(n, {"step": "null", "on": "all"}, command=[shop.program("plain-solver")])
        program = contest.keep(shop.started(plan, "--simulate"))

        def one():
            answer = program.ask("steps", steps)
            cpu[n].append(answer["cpu"] / steps / n * 1e6)
            return answer["seconds"] / steps / n * 1e6

        contest.enter(n, one)

    with shop.contest() as contest:
        for n in cases:
            enter(contest, n)
        values = contest.run()

    first = cases[0]
    for n in cases:
        used = cpu[n][-shop.rounds:]
        ratio = (divide(values[n], values[first]), f"× {first}", at_most(1.5)) if n != first else ()
        table.add(n, "all", values[n], *ratio)
        table.add(n, CONTROLLER, used, *((divide(used, cpu[first][-shop.rounds:]), f"× {first}") if n != first else ()))
    table.note(extrapolate({n: statistics.median(values[n]) for n in cases}))
    return table


def extrapolate(costs):
    """What the slope of the last step says of ten times as many."""
    (fewer, before), (more, after) = list(costs.items())[-2:]
    slope = math.log(after / before) / math.log(more / fewer)
    ten = after * 10 ** slope
    return (f"From {fewer:,} to {more:,} the cost of a solver grows with N^{slope:.2f}; with {more * 10:,} it would be "
            f"{ten:.1f} µs, and a barrier {ten * more * 10 * 1e-6:.2f} s.")
