# SPDX-License-Identifier: MIT
"""What a solver for Lockstep is written with.

A solver is one process that solves its share of a problem. Lockstep starts it, calls its initialize once and then
its steps, one after the other, all on the thread that called Solver.main(). A whole solver:

    from lockstep import Solver

    solver = Solver("adder")

    @solver.step
    def add(task, params, input):
        task.progress(0.5, "half way")
        return {"sum": params.get("a", 1.0) + task.part}

    if __name__ == "__main__":
        solver.main()

Standard output and standard error are the solver's own: what it prints is kept in its log.
"""

from .errors import Cancelled, NotSendable, StepError
from .solver import Solver
from .task import Task

__all__ = ["Cancelled", "NotSendable", "Solver", "StepError", "Task"]
__version__ = "0.1.0"
