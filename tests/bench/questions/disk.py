# SPDX-License-Identifier: GPL-3.0-or-later
"""What a long loop with large results leaves on disk."""

import os
import threading

from contender import run
from figures import Table, at_most

ITERATIONS = 500
PARTS = 8

# A megabyte as {"f64": …}.
DOUBLES = 98000

MEGABYTE = 1e6


def size_of(folder):
    """Bytes on disk; what goes while it is looked at is not counted."""
    size = 0
    for path, _, names in os.walk(folder):
        for name in names:
            try:
                size += os.lstat(os.path.join(path, name)).st_blocks * 512
            except FileNotFoundError:
                pass
    return size


class Watcher(threading.Thread):
    """Looks at a folder five times a second, for the most that lies in it."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.folder = folder
        self.most = 0
        self.over = threading.Event()

    def run(self):
        while not self.over.wait(0.2):
            self.most = max(self.most, size_of(self.folder))

    def stop(self):
        self.over.set()
        self.join()


def measure(shop):
    iterations = shop.count(ITERATIONS, 10)
    table = Table("p", f"What {iterations} iterations of {PARTS} parts leave on disk, each with a result of 1 MB", "MB")
    runs = shop.path("disk")
    plan = shop.plan(PARTS, [{"repeat": iterations, "steps": [{"step": "vector", "on": "all", "params": {"n": DOUBLES}}]}])
    watcher = Watcher(runs)
    watcher.start()
    try:
        run([shop.program("lockstep-cli"), "run", plan, "--quiet", "--runs-dir", runs])
    finally:
        watcher.stop()
    table.add("while it runs", "at most", [watcher.most / MEGABYTE])
    table.add("afterwards", "", [size_of(runs) / MEGABYTE], target=at_most(100))
    table.note("Measured once.")
    return table
