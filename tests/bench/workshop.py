# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the questions find what they measure with: programs, plans, rounds."""

import contextlib
import json
import os
import tempfile

import contender
import machine

HERE = os.path.dirname(os.path.abspath(__file__))

# What a call of an `all` step says in its params, for those that are not called by Lockstep.
PARAMS = '{"step":1,"iteration":1000,"task":17000,"attempt":1,"part":2,"parts":4}'

# More than a bench ever does.
FOR_EVER = 2000000000


class Workshop:
    def __init__(self, build, rounds, quick):
        self.source = os.path.dirname(os.path.dirname(HERE))
        self.build = build
        self.rounds = rounds
        self.quick = quick
        self.folder = tempfile.TemporaryDirectory(prefix="lockstep-bench-")
        self.n_plans = 0
        os.environ["LOCKSTEP_GUARD"] = os.path.join(build, "src/guard/lockstep-guard")

    def cases(self, *cases):
        """All of them, or the first two where it is only to be seen that it works."""
        return cases[:2] if self.quick else cases

    def count(self, number, least=1):
        return max(number // 50 if self.quick else number, least)

    def data(self):
        """The folder of the real networks; NULL where there is none."""
        folder = os.environ.get("LOCKSTEP_TEST_DATA", os.path.join(self.source, "../shared/data"))
        return folder if os.path.isdir(folder) else None

    def program(self, name):
        """A program of the build folder."""
        for folder in ("tests/bench", "tests/fakes", "src/cli", "src/app", "src/solvers/demo", "src/solvers/assignment",
                       "src/solvers/tsp"):
            path = os.path.join(self.build, folder, name)
            if os.path.isfile(path):
                return path
        raise contender.Broken(f"there is no {name} in {self.build}")

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def plan(self, solvers, steps, command=None, **members):
        """Writes a plan for a solver; its file."""
        return self.write_plan(solver={"command": command or [self.program("null-solver")]}, solvers=solvers, steps=steps,
                               **members)

    def write_plan(self, **members):
        """Writes a plan; its file."""
        self.n_plans += 1
        plan = {"lockstep": 1, "name": "Bench", **members}
        path = self.path(f"{self.n_plans}.lockstep")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(plan, file)
        return path

    def loop(self, solvers, *steps, **members):
        """A plan that does these steps for ever."""
        return self.plan(solvers, [{"repeat": FOR_EVER, "steps": list(steps)}], **members)

    def controller(self, plan, *options, journal=False):
        if journal:
            options = ("--runs-dir", self.path("runs"), *options)
        return contender.Program([self.program("bench-controller"), *options, plan])

    def started(self, *arguments, **options):
        """A controller whose solvers are all initialized."""
        program = self.controller(*arguments, **options)
        try:
            program.ask("start")
        except contender.Broken:
            program.stop()
            raise
        return program

    def started_raw(self, n, name="raw-echo", argument=PARAMS):
        """One of the programs that are plain C."""
        return contender.Program([self.program(name), n, argument])

    def peer(self, name, *arguments, module="multiprocessing"):
        """One of the programs in peers/."""
        return contender.Program([machine.find_python(module), os.path.join(HERE, "peers", name + ".py"), *arguments],
                                 rest=module == "distributed")

    @contextlib.contextmanager
    def contest(self):
        """Contenders that all end with the block."""
        with contextlib.ExitStack() as stack:
            yield Contest(self, stack)


class Contest:
    """What is measured in the same rounds, one after the other: ours, a peer, the limit, ours, …"""

    def __init__(self, workshop, stack):
        self.workshop = workshop
        self.stack = stack
        self.measures = {}

    def keep(self, program):
        self.stack.callback(program.stop)
        return program

    def enter(self, who, measure):
        """@measure returns the figure of a round."""
        self.measures[who] = measure

    def enter_program(self, who, program, word, number, figure=lambda answer, number: answer["seconds"] / number):
        self.keep(program)
        self.enter(who, lambda: figure(program.ask(word, number), number))

    def run(self, warm_up=True):
        values = {who: [] for who in self.measures}
        for number in range(-1 if warm_up else 0, self.workshop.rounds):
            for who, measure in self.measures.items():
                value = measure()
                if number >= 0:
                    values[who].append(value)
        return values
