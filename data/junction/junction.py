#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One approach of a signalled junction, second by second: how long vehicles wait. It knows nothing of Lockstep.

    python3 junction.py CASE

reads CASE (an INI file), prints the queue every minute, and writes minutes.csv.
"""

import configparser
import csv
import random
import sys

case = configparser.ConfigParser()
with open(sys.argv[1], encoding="utf-8") as file:
    case.read_file(file)
signal, demand = case["signal"], case["demand"]

cycle = signal.getfloat("cycle")
green = signal.getfloat("green share") * cycle - signal.getfloat("lost time")
arrivals = demand.getfloat("vehicles per hour") / 3600
saturation = demand.getfloat("saturation flow") / 3600
seconds = demand.getint("seconds")
dice = random.Random(demand.getint("seed"))

if green <= 0:
    sys.exit(f"the green of {green:.1f} s is used up by the lost time")

queue, served, waited, longest, credit = 0, 0, 0, 0, 0.0
with open("minutes.csv", "w", newline="", encoding="utf-8") as file:
    table = csv.writer(file)
    table.writerow(["minute", "queue", "served"])
    for second in range(seconds):
        queue += dice.random() < arrivals
        if second % cycle < green:
            credit += saturation
            while credit >= 1:
                credit -= 1
                if queue:
                    queue -= 1
                    served += 1
        waited += queue
        longest = max(longest, queue)
        if second % 60 == 59:
            table.writerow([second // 60 + 1, queue, served])
            print(f"TIME = {second + 1} s, queue {queue} veh, longest {longest}", flush=True)

print(f"MEAN DELAY {waited / max(served + queue, 1):.2f} s")
