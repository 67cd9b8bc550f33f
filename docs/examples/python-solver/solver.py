# SPDX-License-Identifier: MIT
"""Pi, by the midpoint rule: each solver adds up its share of the rectangles under 4 / (1 + x²)."""

from lockstep import Solver

solver = Solver("pi")


@solver.step
def integrate(task, params):
    n = params.get("rectangles", 1000000)
    total = 0.0
    for i in range(task.part, n, task.parts):
        total += 4 / (1 + ((i + 0.5) / n) ** 2) / n
        if i % 1000 == task.part:
            task.check_cancelled()
            task.progress(i / n, f"{i} of {n}")
    return {"sum": total}


@solver.step
def add(task, params, input):
    pi = sum(result["sum"] for result in input)
    task.log(f"pi is about {pi}")
    return {"pi": pi}


if __name__ == "__main__":
    solver.main()
