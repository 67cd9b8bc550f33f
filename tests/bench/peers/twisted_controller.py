# SPDX-License-Identifier: GPL-3.0-or-later
"""Twisted Perspective Broker: a listening process for each solver, calls that are gathered. Arguments as pool.py has
them."""

import json
import os
import subprocess
import sys
import time

from twisted.internet import defer, reactor, threads
from twisted.spread import pb

# Calls that a solver has at a time where tasks are shared out.
DEPTH = 2


class Controller:
    def __init__(self, n, params):
        self.n = n
        self.params = params
        self.processes = []
        self.solvers = []

    @defer.inlineCallbacks
    def start(self):
        program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "twisted_solver.py")
        self.processes = [subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
                          for _ in range(self.n)]
        roots = []
        for process in self.processes:
            factory = pb.PBClientFactory()
            reactor.connectTCP("127.0.0.1", int(process.stdout.readline()), factory)
            roots.append(factory.getRootObject())
        self.solvers = yield defer.gatherResults(roots)
        yield defer.gatherResults([solver.callRemote("initialize", self.params) for solver in self.solvers])

    def stop(self):
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()
            process.stdout.close()

    @defer.inlineCallbacks
    def barriers(self, count):
        for _ in range(count):
            yield defer.gatherResults([solver.callRemote("null", self.params) for solver in self.solvers])

    @defer.inlineCallbacks
    def tasks(self, count):
        waiting = iter(range(count))

        @defer.inlineCallbacks
        def work(solver):
            for _ in waiting:
                yield solver.callRemote("null", self.params)

        yield defer.gatherResults([work(solver) for solver in self.solvers for _ in range(DEPTH)])


@defer.inlineCallbacks
def obey(controller, line):
    word, *number = line.split()
    before = time.perf_counter()
    if word == "start":
        yield controller.start()
    else:
        yield getattr(controller, word)(int(number[0]))
    seconds = time.perf_counter() - before
    if word == "start":
        controller.stop()
    print(json.dumps({"seconds": seconds}), flush=True)


@defer.inlineCallbacks
def serve():
    starts = len(sys.argv) > 3
    controller = Controller(int(sys.argv[1]), sys.argv[2])
    try:
        if not starts:
            yield controller.start()
        print(json.dumps({"ready": True}), flush=True)
        while True:
            line = yield threads.deferToThread(sys.stdin.readline)
            if not line:
                break
            yield obey(controller, line)
    finally:
        if not starts:
            controller.stop()
        reactor.stop()


if __name__ == "__main__":
    reactor.callWhenRunning(serve)
    reactor.run()
