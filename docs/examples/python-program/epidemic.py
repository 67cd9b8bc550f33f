# SPDX-License-Identifier: MIT
"""An infection that goes through a town, day by day. It knows nothing of Lockstep.

    python3 epidemic.py --contacts 12 --risk 0.03 --seed 1
"""

import argparse
import random

parser = argparse.ArgumentParser()
parser.add_argument("--people", type=int, default=20000)
parser.add_argument("--days", type=int, default=120)
parser.add_argument("--contacts", type=float, required=True, help="of a person, a day")
parser.add_argument("--risk", type=float, required=True, help="of an infection, at each")
parser.add_argument("--seed", type=int, default=1)
town = parser.parse_args()

dice = random.Random(town.seed)
susceptible, infectious, recovered = town.people - 10, 10, 0

for day in range(1, town.days + 1):
    danger = 1 - (1 - town.risk * infectious / town.people) ** town.contacts
    caught = sum(dice.random() < danger for _ in range(susceptible))
    healed = sum(dice.random() < 1 / 8 for _ in range(infectious))
    susceptible -= caught
    infectious += caught - healed
    recovered += healed
    print(f"day {day:3}: {infectious} infectious, {recovered} recovered")

print(f"attack rate: {1 - susceptible / town.people:.4f}")
