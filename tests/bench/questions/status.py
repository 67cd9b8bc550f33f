# SPDX-License-Identifier: GPL-3.0-or-later
"""How soon solvers that compute answer status."""

import json

from contender import run
from figures import Table, at_most

CALLS = 200


def measure(shop):
    table = Table("d", "status of 2 solvers that compute, on all processors", "ms")
    command = [shop.program("bench-status"), shop.program("lockstep-demo-solver"), shop.count(CALLS)]
    answers = [json.loads(run(command)[0]) for _ in range(shop.rounds)]
    table.add("", "median", [answer["median"] * 1e3 for answer in answers], target=at_most(2))
    table.add("", "worst", [answer["worst"] * 1e3 for answer in answers], target=at_most(50, "worst"))
    table.note(f"{answers[0]['calls']} calls a round.")
    return table
