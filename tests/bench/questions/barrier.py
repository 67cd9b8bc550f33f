# SPDX-License-Identifier: GPL-3.0-or-later
"""A broadcast to N solvers and a barrier, with a step that does nothing."""

import machine
from contender import run
from figures import Table, at_least, at_most, divide
from workshop import PARAMS

OURS = "Lockstep"
PLAIN = "Lockstep, solvers in plain C"
PEER = "LockstepPeer alone"
LIMIT = "raw socket pairs and epoll"
TWISTED = "Twisted Perspective Broker"
POOL = "multiprocessing.Pool"
FUTURES = "concurrent.futures"
DASK = "Dask distributed"
MPI = "Open MPI, broadcast and gather"

# As many processes as a machine for this bench can be expected to start.
LARGEST = {TWISTED: 64, FUTURES: 64, DASK: 8, MPI: 8}

# Calls of each round.
CALLS = {OURS: 40000, PLAIN: 40000, PEER: 40000, LIMIT: 40000, TWISTED: 2000, POOL: 8000, FUTURES: 4000, DASK: 500,
         MPI: 20000}


def null_step(shop, n, command=None):
    return shop.loop(n, {"step": "null", "on": "all"}, command=command)


def microseconds_a_call(n):
    return lambda answer, count: answer["seconds"] / count / n * 1e6


def enter_peers(shop, contest, table, n):
    def enter(who, needed, make):
        if needed and not machine.is_there(needed):
            table.skip(who, f"not installed; it is in {machine.PACKAGES[needed]}")
        elif n > LARGEST.get(who, n):
            table.skip(who, f"up to {LARGEST[who]} processes only")
        else:
            contest.enter_program(who, make(), "barriers", shop.count(CALLS[who] // n), microseconds_a_call(n))

    enter(TWISTED, "twisted", lambda: shop.peer("twisted_controller", str(n), PARAMS, module="twisted"))
    enter(POOL, None, lambda: shop.peer("pool", str(n), PARAMS))
    enter(FUTURES, None, lambda: shop.peer("futures", str(n), PARAMS))
    enter(DASK, "distributed", lambda: shop.peer("dask_cluster", str(n), PARAMS, module="distributed"))


def enter_mpi(shop, contest, table, n):
    """A run of its own for each round: between rounds its ranks would not wait but compute."""
    program = shop.path("mpi-barrier")
    count = shop.count(CALLS[MPI] // n)
    missing = [name for name in ("mpicc", "mpirun") if not machine.is_there(name)]
    if missing:
        table.skip(MPI, f"not installed; it is in {machine.PACKAGES[missing[0]]}")
        return
    if n > LARGEST[MPI]:
        table.skip(MPI, f"up to {LARGEST[MPI]} ranks only: on few processors they mostly wait for each other")
        return
    run(["mpicc", "-O2", "-o", program, f"{shop.source}/tests/bench/mpi-barrier.c"])
    command = ["mpirun", "--allow-run-as-root", "--oversubscribe", "--mca", "mpi_yield_when_idle", "1", "--bind-to", "none",
               "-np", n + 1, program, count, PARAMS]
    contest.enter(MPI, lambda: float(run(command)[0].partition(":")[2].strip(" }\n")) / count / n * 1e6)


def measure_case(shop, table, n):
    with shop.contest() as contest:
        contest.enter_program(OURS, shop.started(null_step(shop, n)), "steps", shop.count(CALLS[OURS] // n, 2),
                              microseconds_a_call(n))
        contest.enter_program(LIMIT, shop.started_raw(n), "barriers", shop.count(CALLS[LIMIT] // n, 2),
                              microseconds_a_call(n))
        contest.enter_program(PLAIN, shop.started(null_step(shop, n, [shop.program("plain-solver")])), "steps",
                              shop.count(CALLS[PLAIN] // n, 2), microseconds_a_call(n))
        contest.enter_program(PEER, shop.started_raw(n, "peer-echo"), "barriers", shop.count(CALLS[PEER] // n, 2),
                              microseconds_a_call(n))
        enter_peers(shop, contest, table, n)
        enter_mpi(shop, contest, table, n)
        values = contest.run()

    limit = at_most(1.6 if n == 2 else 1.3)
    for who in (OURS, PLAIN, PEER):
        table.add(n, who, values[who], divide(values[who], values[LIMIT]), "× raw", limit)
    table.add(n, LIMIT, values[LIMIT])
    for who in (TWISTED, POOL, FUTURES, DASK, MPI):
        if who in values:
            target = {TWISTED: at_least(5), POOL: at_least(1)}.get(who)
            table.add(n, who, values[who], divide(values[who], values[OURS]), "× Lockstep", target)


def measure(shop):
    table = Table("a", "Broadcast and barrier with a null step, a call", "µs", "N")
    for n in shop.cases(2, 8, 64, 512):
        measure_case(shop, table, n)
    return table
