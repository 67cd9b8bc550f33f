# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that do nothing, shared out over free solvers."""

import machine
from contender import run
from figures import Table, at_least, divide
from workshop import PARAMS

OURS = "Lockstep"
LIMIT = "raw socket pairs and epoll"
TWISTED = "Twisted Perspective Broker"
POOL = "multiprocessing.Pool, chunks of 1"
FUTURES = "concurrent.futures, chunks of 1"
DASK = "Dask distributed"
XARGS = "xargs -P"
PARALLEL = "GNU Parallel"

# Of one step; a round has several.
TASKS_A_STEP = 10000

# Tasks of each round.
TASKS = {OURS: 40000, LIMIT: 40000, TWISTED: 2000, POOL: 10000, FUTURES: 3000, DASK: 500, XARGS: 1000, PARALLEL: 200}

TARGETS = {POOL: at_least(1.2), FUTURES: at_least(5), DASK: at_least(50)}


def null_tasks(shop, n):
    return shop.loop(n, {"step": "null", "tasks": shop.count(TASKS_A_STEP)})


def a_second(answer, count):
    return count / answer["seconds"]


def enter_lockstep(shop, contest, who, n, **options):
    """All of a step's tasks are of one size, so that a step is what is counted."""
    a_step = shop.count(TASKS_A_STEP)
    contest.enter_program(who, shop.started(null_tasks(shop, n), **options), "steps", TASKS[OURS] // TASKS_A_STEP,
                          lambda answer, steps: steps * a_step / answer["seconds"])


def enter_programs(shop, contest, table, n):
    """A process for each task; what the first one costs more is left out."""
    def enter(who, needed, command):
        count = shop.count(TASKS[who])
        if not machine.is_there(needed):
            table.skip(who, f"not installed; it is in {machine.PACKAGES[needed]}")
            return

        def measure():
            one, many = (run(command, text="x\n" * number)[1] for number in (1, count + 1))
            return count / max(many - one, 1e-6)

        contest.enter(who, measure)

    enter(XARGS, "xargs", ["xargs", "-P", n, "-n", "1", "true"])
    enter(PARALLEL, "parallel", ["parallel", "--will-cite", "-j", n, "true"])


def measure_case(shop, table, n):
    def enter(who, needed, name, module="multiprocessing"):
        if needed and not machine.is_there(needed):
            table.skip(who, f"not installed; it is in {machine.PACKAGES[needed]}")
        else:
            contest.enter_program(who, shop.peer(name, str(n), PARAMS, module=module), "tasks", shop.count(TASKS[who]),
                                  a_second)

    with shop.contest() as contest:
        enter_lockstep(shop, contest, OURS, n)
        contest.enter_program(LIMIT, shop.started_raw(n), "tasks", shop.count(TASKS[LIMIT]), a_second)
        enter(TWISTED, "twisted", "twisted_controller", "twisted")
        enter(POOL, None, "pool")
        enter(FUTURES, None, "futures")
        enter(DASK, "distributed", "dask_cluster", "distributed")
        enter_programs(shop, contest, table, n)
        values = contest.run()

    table.add(n, OURS, values[OURS], divide(values[OURS], values[LIMIT]), "× raw")
    table.add(n, LIMIT, values[LIMIT])
    for who in (TWISTED, POOL, FUTURES, DASK, XARGS, PARALLEL):
        if who in values:
            table.add(n, who, values[who], divide(values[OURS], values[who]), "× as many by Lockstep", TARGETS.get(who))


def measure(shop):
    table = Table("b", "Null tasks a second", "tasks/s", "N")
    for n in shop.cases(2, 8):
        measure_case(shop, table, n)
    table.note("xargs and GNU Parallel start a process for each task, which is what they are for.")
    return table
