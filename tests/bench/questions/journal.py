# SPDX-License-Identifier: GPL-3.0-or-later
"""What the journal costs, and a window."""

import contender
import machine
import screen
from figures import Table, at_most, divide
from questions import barrier, reports, tasks

OFF = "journal off"
ON = "journal on"


def measure_barriers(shop, table, n):
    steps = shop.count(barrier.CALLS[barrier.OURS] // n, 2)
    with shop.contest() as contest:
        for who, journal in ((OFF, False), (ON, True)):
            program = shop.started(barrier.null_step(shop, n), journal=journal)
            contest.enter_program(who, program, "steps", steps, barrier.microseconds_a_call(n))
        values = contest.run()
    table.add(f"barrier, N = {n}, µs a call", OFF, values[OFF])
    table.add(f"barrier, N = {n}, µs a call", ON, values[ON], divide(values[ON], values[OFF]), "× off", at_most(1.1))


def measure_tasks(shop, table, n):
    with shop.contest() as contest:
        for who, journal in ((OFF, False), (ON, True)):
            tasks.enter_lockstep(shop, contest, who, n, journal=journal)
        values = {who: [1e6 / rate for rate in rates] for who, rates in contest.run().items()}
    table.add(f"tasks, N = {n}, µs a task", OFF, values[OFF])
    table.add(f"tasks, N = {n}, µs a task", ON, values[ON], divide(values[ON], values[OFF]), "× off", at_most(1.1))


def measure_reports(shop, table):
    case = f"{reports.SOLVERS} reporting, % of a core"
    with shop.contest() as contest:
        reports.enter(shop, contest, ON, journal=True)
        table.add(case, ON, contest.run()[ON], target=at_most(3))
    missing = [name for name in ("Xvfb", "dbus-run-session") if not machine.is_there(name)]
    try:
        program = shop.program("lockstep")
    except contender.Broken:
        program = None
    if missing or not program:
        table.skip("window", f"not installed; it is in {machine.PACKAGES[missing[0]]}" if missing
                   else "this build has no window")
        return
    window = screen.Window(shop, reports.plan(shop), 2 if shop.quick else reports.SOLVERS)
    try:
        values = [window.measure(0.2 if shop.quick else reports.SECONDS) for _ in range(shop.rounds)]
    finally:
        window.stop()
    table.add(case, "journal on, and a window that is drawn by the CPU", values)


def measure(shop):
    table = Table("j", "The same with the journal on, and with a window", "")
    for n in shop.cases(2, 8, 64):
        measure_barriers(shop, table, n)
    for n in shop.cases(2, 8):
        measure_tasks(shop, table, n)
    measure_reports(shop, table)
    return table
