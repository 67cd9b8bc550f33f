# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory of the controller and of solvers, and what a million tasks leave behind."""

from questions import tasks
import machine
from figures import Table, at_most

# What is counted for the growth.
TASKS = 1000000

MEGABYTE = 1e6


def megabytes(sizes):
    return sum(sizes) / len(sizes) / MEGABYTE


def measure_solvers(shop, table, n):
    program = shop.started(shop.loop(n, {"step": "null", "on": "all"}))
    try:
        program.ask("steps", 10)
        controller = machine.memory(program.pid)
        guards = machine.children(program.pid)
        solvers = [child for guard in guards for child in machine.children(guard)]
        table.add(n, "controller, resident", [controller[0] / MEGABYTE], target=at_most(30 + 0.1 * n))
        table.add(n, "controller, proportional", [controller[1] / MEGABYTE])
        sizes = [machine.memory(solver) for solver in solvers]
        table.add(n, "a solver, resident", [megabytes([size[0] for size in sizes])], target=at_most(6))
        table.add(n, "a solver, proportional", [megabytes([size[1] for size in sizes])])
        table.add(n, "a guard, proportional", [megabytes([machine.memory(guard)[1] for guard in guards])])
    finally:
        program.stop()


def measure_growth(shop, table):
    a_step = shop.count(tasks.TASKS_A_STEP)
    steps = shop.count(TASKS) // a_step
    program = shop.started(tasks.null_tasks(shop, 2))
    try:
        program.ask("steps", 2)
        before = machine.memory(program.pid)[0]
        program.ask("steps", steps)
        growth = machine.memory(program.pid)[0] - before
    finally:
        program.stop()
    table.add(2, f"controller, growth over {steps * a_step:,} tasks", [growth / MEGABYTE], target=at_most(5))


def measure(shop):
    table = Table("h", "Memory", "MB", "N")
    for n in shop.cases(64, 512) if not shop.quick else (2, 8):
        measure_solvers(shop, table, n)
    measure_growth(shop, table)
    table.note("Measured once. Resident counts all pages; proportional shares those that processes have in common.")
    return table
