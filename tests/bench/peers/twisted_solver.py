# SPDX-License-Identifier: GPL-3.0-or-later
"""A solver as one would write it with Twisted: it listens, and tells on which port."""

from twisted.internet import reactor
from twisted.spread import pb


class Solver(pb.Root):
    def remote_initialize(self, params):
        return {"name": "null", "methods": ["null"]}

    def remote_null(self, params):
        return None


def main():
    port = reactor.listenTCP(0, pb.PBServerFactory(Solver()), interface="127.0.0.1")
    print(port.getHost().port, flush=True)
    reactor.run()


if __name__ == "__main__":
    main()
