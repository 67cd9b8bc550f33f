# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the results of a large sweep are there at once, and scroll and sort without a jerk."""

import os
import shutil

import screen
from contender import Broken, Program
from figures import Table, at_least, at_most

TASKS = 100000
SECONDS = 3


def measure(shop):
    table = Table("r", f"A table of {TASKS:,} results", "s or frames a second")
    if shutil.which("Xvfb") is None or shutil.which("dbus-run-session") is None:
        table.skip("results", "Xvfb and dbus-run-session are not both installed")
        return table
    try:
        program = shop.program("bench-results")
    except Broken:
        table.skip("results", "it was built without the window")
        return table

    folder = shop.path("results")
    os.makedirs(folder)
    display = screen.Screen(shop)
    frames = {"scrolled": "scroll", "sorted and scrolled": "sort"}
    gaps = {who: [] for who in frames}
    seconds = SECONDS if not shop.quick else 0.3

    def enter(contest, who, word, bench):
        def one():
            answer = bench.ask(word, seconds)
            gaps[who].append(answer["gap"] * 1e3)
            return answer["frames"] / answer["seconds"]

        contest.enter(who, one)

    try:
        with shop.contest() as contest:
            bench = contest.keep(Program(["dbus-run-session", "--", program, folder, shop.count(TASKS)], display.environment))
            contest.enter("open", lambda: bench.ask("open")["seconds"])
            for who, word in frames.items():
                enter(contest, who, word, bench)
            values = contest.run()
    finally:
        display.stop()

    table.add("", "opened (s)", values["open"], target=at_most(1))
    for who in frames:
        table.add("", f"{who} (frames/s)", values[who], target=at_least(55))
    table.note("The longest time between two frames: " + ", ".join(f"{who} {max(gaps[who]):.0f} ms" for who in frames) + ".")
    return table
