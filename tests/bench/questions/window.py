# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the window stays smooth whatever the solvers do, and is there at once."""

import glob
import json
import os
import shutil

import contender
import screen
from contender import Broken
from figures import Table, at_least, at_most, divide

FLOODING = 8
LINES = 2000000
MANY = 1000
FEW = 64
SECONDS = 5


def measure(shop):
    table = Table("s", "The window", "see the row", "what")
    if shutil.which("Xvfb") is None or shutil.which("dbus-run-session") is None:
        table.skip("window", "Xvfb and dbus-run-session are not both installed")
        return table
    try:
        program = shop.program("bench-window")
    except Broken:
        table.skip("window", "it was built without the window")
        return table

    display = screen.Screen(shop)
    try:
        Question(shop, program, display).add_to(table)
    finally:
        display.stop()
    return table


class Question:
    def __init__(self, shop, program, display):
        self.shop = shop
        self.program = program
        self.environment = display.environment
        self.rounds = 0
        self.lost = 0

    def run(self, *arguments):
        """One window, from its start to its end: what it answered, and the seconds that it took."""
        out, seconds = contender.run(["dbus-run-session", "--", self.program, *arguments], self.environment)
        return json.loads(out), seconds

    def flood(self):
        """The solvers print as fast as they can, and their files hold every line."""
        shop = self.shop
        self.rounds += 1
        lines = max(shop.count(LINES) // FLOODING, 100)
        runs = shop.path(f"flood-{self.rounds}")
        plan = shop.plan(FLOODING, [{"step": "work", "on": "all"}], command=[shop.program("fake-solver"), "flood", str(lines)])
        environment, self.environment = self.environment, self.environment | {"LOCKSTEP_RUNS_DIR": runs}
        try:
            answer = self.run("run", plan)[0]
        finally:
            self.environment = environment
        for path in glob.glob(os.path.join(runs, "*", "solver-*.log")):
            with open(path, "rb") as file:
                self.lost += lines - sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
        shutil.rmtree(runs)
        return answer

    def crowd(self, n_solvers):
        """As many solvers tell of their progress ten times a second."""
        self.rounds += 1
        folder = self.shop.path(f"crowd-{self.rounds}")
        os.makedirs(folder)
        answer = self.run("solvers", folder, n_solvers, SECONDS if not self.shop.quick else 0.5)[0]
        shutil.rmtree(folder)
        return answer

    def add_to(self, table):
        answers = {"flood": [], "many": [], "few": []}
        starts = {"first-frame": [], "hello": []}
        many, few = (MANY, FEW) if not self.shop.quick else (20, 4)

        for number in range(-1, self.shop.rounds):
            one = {"flood": self.flood(), "many": self.crowd(many), "few": self.crowd(few)}
            seconds = {who: self.run(who)[1] for who in starts}
            if number < 0:
                self.lost = 0
                continue
            for who, answer in one.items():
                answers[who].append(answer)
            for who, value in seconds.items():
                starts[who].append(value)

        self.add_flood(table, answers["flood"])
        for who, n, bound in (("many", many, 50), ("few", few, 10)):
            self.add_crowd(table, answers[who], f"{n:,} solvers, 10 messages/s", bound)
        table.add("first frame", "a window that says hello (s)", starts["hello"])
        table.add("first frame", "Lockstep's (s)", starts["first-frame"], divide(starts["first-frame"], starts["hello"]), "× hello",
                  at_most(2))

    def add_flood(self, table, answers):
        what = f"{FLOODING} solvers print {self.shop.count(LINES):,} lines"
        table.add(what, "frames/s", [answer["frames"] / answer["seconds"] for answer in answers], target=at_least(55))
        table.add(what, "longest gap (ms)", [answer["gap"] * 1e3 for answer in answers], target=at_most(50))
        asked = [answer["answer"] * 1e3 for answer in answers if answer["answer"] > 0]
        if asked:
            table.add(what, "Terminate answers after (ms)", asked, target=at_most(100))
        table.add(what, "memory (MB)", [answer["memory"] for answer in answers], target=at_most(250))
        table.add(what, "lines that are not in the files", [self.lost] * len(answers), target=at_most(0))

    @staticmethod
    def add_crowd(table, answers, what, bound):
        table.add(what, "frames/s", [answer["frames"] / answer["seconds"] for answer in answers], target=at_least(55))
        table.add(what, "% of a core", [100 * answer["cpu"] / answer["seconds"] for answer in answers], target=at_most(bound))
