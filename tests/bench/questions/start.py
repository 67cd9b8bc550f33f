# SPDX-License-Identifier: GPL-3.0-or-later
"""From the start of a run until its last solver was initialized."""

import machine
from figures import Table, at_least, at_most, divide
from workshop import PARAMS

OURS = "Lockstep"
LIMIT = "fork, exec and connect in plain C"
TWISTED = "Twisted Perspective Broker"
POOL = "multiprocessing.Pool (fork only)"


def milliseconds(answer):
    return answer["seconds"] * 1e3


def measure_case(shop, table, n):
    with shop.contest() as contest:
        ours = contest.keep(shop.controller(shop.loop(n, {"step": "null", "on": "all"})))

        def start():
            answer = ours.ask("start")
            ours.ask("kill")
            return milliseconds(answer)

        contest.enter(OURS, start)
        contest.enter_program(LIMIT, shop.started_raw(n, "raw-start", shop.program("null-solver")), "start", 1,
                              lambda answer, _: milliseconds(answer))
        if machine.is_there("twisted"):
            peer = shop.peer("twisted_controller", str(n), PARAMS, "starts", module="twisted")
            contest.enter_program(TWISTED, peer, "start", None, lambda answer, _: milliseconds(answer))
        else:
            table.skip(TWISTED, f"not installed; it is in {machine.PACKAGES['twisted']}")
        contest.enter_program(POOL, shop.peer("pool", str(n), PARAMS), "start", None,
                              lambda answer, _: milliseconds(answer))
        values = contest.run(warm_up=n < 64)

    table.add(n, OURS, values[OURS], divide(values[OURS], values[LIMIT]), "× plain C", at_most(2))
    table.add(n, LIMIT, values[LIMIT])
    for who in (TWISTED, POOL):
        if who in values:
            table.add(n, who, values[who], divide(values[who], values[OURS]), "× Lockstep",
                      at_least(10) if who == TWISTED else None)


def measure(shop):
    table = Table("c", "Cold start of N solvers, until all are initialized", "ms", "N")
    for n in (2, 8) if shop.quick else (8, 64):
        measure_case(shop, table, n)
    return table
