# SPDX-License-Identifier: GPL-3.0-or-later
"""A vector gathered from two solvers, and broadcast to them."""

from figures import Table, at_least, at_most, divide

SIZE = 1000000

F64 = "as {\"f64\": …}"
ARRAY = "as JSON arrays"


def measure(shop):
    table = Table("g", f"Gather of a vector of {SIZE:,} doubles from 2 solvers, and broadcast", "ms")
    blocked = {F64: [], ARRAY: []}
    size = shop.count(SIZE)

    def enter(contest, who, form, steps):
        params = {"n": size, "form": form}
        plan = shop.loop(2, {"step": "vector", "on": "all", "params": params},
                         {"step": "mean", "on": "one", "params": params})
        program = contest.keep(shop.started(plan, "--probe"))

        def one():
            answer = program.ask("steps", steps)
            blocked[who].append(answer["blocked"] * 1e3)
            return answer["seconds"] / steps * 1e3

        contest.enter(who, one)

    with shop.contest() as contest:
        enter(contest, F64, "f64", 5)
        enter(contest, ARRAY, "array", 1)
        values = contest.run(warm_up=False)

    table.add("", F64, values[F64], divide(values[ARRAY], values[F64]), "× faster than arrays", at_least(5))
    table.add("", ARRAY, values[ARRAY])
    table.add("", F64 + ": longest time the main loop was blocked", blocked[F64], target=at_most(20, "worst"))
    table.add("", ARRAY + ": longest time the main loop was blocked", blocked[ARRAY])
    table.note("An iteration: both solvers read the vector and return it, one takes the mean. Coding included.")
    return table
