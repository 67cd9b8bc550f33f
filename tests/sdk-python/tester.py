#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The solver that tests drive, the same as tests/sdk/sdk-test-solver.c is. With --bare it has no initialize."""

import math
import sys
import threading
import time

from lockstep import Solver, StepError

solver = Solver("tester")


def initialize(task, params):
    if params.get("fail"):
        raise StepError("the network cannot be read")


if "--bare" not in sys.argv:
    solver.initialize(initialize)


@solver.step
def describe(task, params, input):
    return {
        "part": task.part, "parts": task.parts, "solver": task.solver, "task": task.number, "attempt": task.attempt,
        "iteration": task.iteration, "double": params.get("double", 0.5), "int": params.get("int", 7),
        "boolean": params.get("boolean", True), "string": params.get("string", "none"),
        "input": input is not None, "previous": task.previous is not None, "failures": task.failures is not None,
        "main": threading.current_thread() is threading.main_thread(),
    }


@solver.step
def merged(task, params, input):
    result = {"params": dict(params), "input": input}
    # What a step does to its params is for itself alone.
    params.clear()
    return result


@solver.step
def text(task):
    return task.call


@solver.step("given-text")
def given_text():
    raise StepError("Python has values for what is text in C")


@solver.step
def nothing():
    pass


@solver.step
def vector(task, params, input):
    if not isinstance(input, list) or not all(isinstance(value, (int, float)) for value in input):
        raise StepError('the input is not a vector: an array of numbers, or {"f64": …} was expected')
    return {"n": len(input), "values": [float(value) for value in input]}


@solver.step("not-finite")
def not_finite(task, params):
    how = params.get("how", "double")
    if how == "double":
        return {"gap": math.nan}
    if how == "vector":
        return {"flows": [1.0, 2.0, -math.inf]}
    if how == "report":
        return task.report(residual=math.inf)
    if how == "progress":
        return task.progress(math.nan, "lost")
    return {"network": {"links": [1, {"flow": math.nan}]}}


@solver.step
def wait(task):
    task.progress(0.25, "waiting")
    while True:
        task.check_cancelled()
        time.sleep(0.0001)


@solver.step
def deaf():
    sys.stdout.write("not written out yet")
    while True:
        time.sleep(0.0001)


@solver.step
def flood(task, params):
    """Says a lot in a moment; then, with "wait", nothing more until it is cancelled."""
    n = 100000
    for i in range(1, n + 1):
        task.report(i=i)
        task.progress(i / n, "on the way" if i < n else "there")
    while params.get("wait") and not task.cancelled:
        time.sleep(0.0001)


@solver.step
def speak(task):
    task.log('3 origins have no "demand"', "warning")


@solver.step
def fail():
    raise StepError("no path from zone 4")


@solver.step
def large(task, params):
    return {"string": "x" * params["size"]}


if __name__ == "__main__":
    solver.main()
