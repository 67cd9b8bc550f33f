# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells bench.py of a peer: a line for each command."""

import json
import sys
import time


def answer(**members):
    print(json.dumps(members), flush=True)


def serve(**commands):
    """Does what each line of standard input says, “WORD NUMBER”, and tells how long it took."""
    answer(ready=True)
    for line in sys.stdin:
        word, *number = line.split()
        before = time.perf_counter()
        commands[word](*map(int, number))
        answer(seconds=time.perf_counter() - before)


def null(params):
    return None
