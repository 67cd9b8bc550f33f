# SPDX-License-Identifier: GPL-3.0-or-later
"""What solvers that report cost the controller."""

from figures import Table, at_most

SOLVERS = 64
SECONDS = 3

OURS = "controller, journal off"


def plan(shop):
    return shop.loop(SOLVERS if not shop.quick else 2, {"step": "report", "on": "all"})


def enter(shop, contest, who, **options):
    contest.enter_program(who, shop.started(plan(shop), **options), "wait", SECONDS if not shop.quick else 0.2,
                          lambda answer, _: 100 * answer["cpu"] / answer["seconds"])


def measure(shop):
    table = Table("i", f"CPU of the controller while {SOLVERS} solvers report 10 times a second", "% of a core")
    with shop.contest() as contest:
        enter(shop, contest, OURS)
        values = contest.run()
    table.add("", OURS, values[OURS], target=at_most(3))
    return table
