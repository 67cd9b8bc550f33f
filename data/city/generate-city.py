#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes city_net.tntp and city_trips.tntp: a made-up city in its morning peak.

    generate-city.py            writes them beside itself
    generate-city.py --check    says whether those beside it are what it would write

The same files come out every time, on every machine. Units: minutes, kilometres, vehicles an hour.

The city is a square of streets, every sixth one an arterial, with two boulevards across its diagonals. A river
with few bridges parts it. A ring freeway and four radial ones, each on nodes of its own, are reached by
ramps. Each zone covers a block of junctions and is tied to two of them; where a radial leaves the city stands
one more zone for the country outside. Demand follows a gravity model: people live spread out and work in the
centre and three places beside it. Each zone's trips are shared out over a limited number of drawn
destinations, which keeps the file small and the model's distribution of distances.
"""

import math
import pathlib
import random
import sys

SEED = 1952             # the year of Wardrop's principles
BLOCKS = 28             # zones along each side of the city
BLOCK = 2               # junctions along each side of a zone
SIDE = BLOCKS * BLOCK   # junctions along each side of the city
SPACING = 0.4           # kilometres from junction to junction
ARTERIAL_EVERY = 6      # streets
MISSING_STREETS = 0.06  # part of the small streets that were never built
RING_NODES = 48
RING_RADIUS = 0.34 * SIDE
RADIAL_NODES = 6
DRAWS = 40              # destinations drawn for each origin
TRIPS = 255000          # vehicles an hour, in all
DECAY = 6.5             # kilometres over which the wish to travel falls to 1/e

# Kind of road: kilometres an hour, vehicles an hour in one direction, B, power.
STREET = (36, 750, 0.15, 4)
ARTERIAL = (54, 2000, 0.15, 4)
BOULEVARD = (54, 2600, 0.15, 4)
FREEWAY = (96, 6200, 0.15, 4)
RAMP = (48, 2400, 0.15, 4)
CONNECTOR = (24, 99999, 0, 4)


class City:
    def __init__(self):
        self.random = random.Random(SEED)
        self.places = [None]    # of each node, from 1: (x, y) in junctions
        self.links = {}         # (from, to): (kind, kilometres)
        self.homes = {}         # of each zone
        self.jobs = {}

        self.zones = [[self.add_node((BLOCK * i + (BLOCK - 1) / 2, BLOCK * j + (BLOCK - 1) / 2))
                       for j in range(BLOCKS)] for i in range(BLOCKS)]
        self.gates = [self.add_node(place) for place in self.gate_places()]
        self.zone_count = len(self.places) - 1
        self.junctions = [[self.add_node((i, j)) for j in range(SIDE)] for i in range(SIDE)]

    def add_node(self, place):
        self.places.append(place)
        return len(self.places) - 1

    def distance(self, a, b):
        return SPACING * math.dist(self.places[a], self.places[b])

    def add_road(self, a, b, kind):
        """Both directions."""
        self.links[a, b] = self.links[b, a] = (kind, self.distance(a, b))

    @staticmethod
    def gate_places():
        middle = (SIDE - 1) / 2
        return [(middle, -6), (SIDE + 5, middle), (middle, SIDE + 5), (-6, middle)]

    @staticmethod
    def bank(j):
        """The river flows west of the junction of this column in row j."""
        return int(SIDE * (0.60 + 0.05 * math.sin(2 * math.pi * j / SIDE)))

    def build_streets(self):
        for i in range(SIDE):
            for j in range(SIDE):
                if i + 1 < SIDE:
                    bridge_due = i + 1 == self.bank(j)
                    if not bridge_due or j % ARTERIAL_EVERY == 3:
                        self.build_street(self.junctions[i][j], self.junctions[i + 1][j], j)
                if j + 1 < SIDE and (i < self.bank(j)) == (i < self.bank(j + 1)):
                    self.build_street(self.junctions[i][j], self.junctions[i][j + 1], i)
        for i in range(SIDE - 1):
            if (i < self.bank(i)) == (i + 1 < self.bank(i + 1)):
                self.add_road(self.junctions[i][i], self.junctions[i + 1][i + 1], BOULEVARD)
            j = SIDE - 1 - i
            if (i < self.bank(j)) == (i + 1 < self.bank(j - 1)):
                self.add_road(self.junctions[i][j], self.junctions[i + 1][j - 1], BOULEVARD)

    def build_street(self, a, b, number):
        if number % ARTERIAL_EVERY == 3:
            self.add_road(a, b, ARTERIAL)
        elif self.random.random() >= MISSING_STREETS:
            self.add_road(a, b, STREET)

    def nearest_junction(self, place):
        i, j = (min(max(int(x + 0.5), 0), SIDE - 1) for x in place)
        return self.junctions[i][j]

    def build_freeways(self):
        middle = (SIDE - 1) / 2
        ring = []
        for k in range(RING_NODES):
            angle = 2 * math.pi * k / RING_NODES
            ring.append(self.add_node((middle + RING_RADIUS * math.cos(angle), middle + RING_RADIUS * math.sin(angle))))
        for k, node in enumerate(ring):
            self.add_road(node, ring[(k + 1) % RING_NODES], FREEWAY)
            if k % 2 == 0:
                self.add_road(node, self.nearest_junction(self.places[node]), RAMP)

        for gate in self.gates:
            start = min(ring, key=lambda node: (self.distance(node, gate), node))
            before = start
            for k in range(1, RADIAL_NODES + 1):
                place = tuple(a + (b - a) * k / (RADIAL_NODES + 1)
                              for a, b in zip(self.places[start], self.places[gate]))
                node = self.add_node(place)
                self.add_road(before, node, FREEWAY)
                if k % 2 == 0:
                    self.add_road(node, self.nearest_junction(place), RAMP)
                before = node
            self.add_road(before, gate, CONNECTOR)

    def tie_zones(self):
        for i in range(BLOCKS):
            for j in range(BLOCKS):
                for corner in (0, BLOCK - 1):
                    junction = self.junctions[BLOCK * i + corner][BLOCK * j + corner]
                    self.add_road(self.zones[i][j], junction, CONNECTOR)

    def settle(self):
        middle = (SIDE - 1) / 2
        centres = [((middle, middle), 1.0, 7.0), ((0.22 * SIDE, 0.30 * SIDE), 0.30, 4.0),
                   ((0.30 * SIDE, 0.80 * SIDE), 0.22, 4.0), ((0.80 * SIDE, 0.55 * SIDE), 0.35, 4.0)]
        for row in self.zones:
            for zone in row:
                place = self.places[zone]
                self.homes[zone] = (math.exp(-(math.dist(place, (middle, middle)) / (0.45 * SIDE)) ** 2)
                                    * (0.5 + self.random.random()))
                self.jobs[zone] = 0.04 + sum(size * math.exp(-math.dist(place, centre) / reach)
                                             for centre, size, reach in centres) * (0.5 + self.random.random())
        for gate in self.gates:
            self.homes[gate] = 12.0
            self.jobs[gate] = 3.0

    def draw_trips(self):
        """Of each zone: {destination: vehicles}."""
        trips = {}
        all_homes = sum(self.homes.values())
        for origin in range(1, self.zone_count + 1):
            vehicles = round(TRIPS * self.homes[origin] / all_homes / DRAWS, 2)
            shares = []
            total = 0.0
            for zone in range(1, self.zone_count + 1):
                if zone != origin:
                    total += self.jobs[zone] * math.exp(-self.distance(origin, zone) / DECAY)
                shares.append(total)
            drawn = {}
            # One random number and equal steps from it: closer to the shares than as many random numbers.
            offset = self.random.random()
            zone = 0
            for k in range(DRAWS):
                while shares[zone] < (k + offset) / DRAWS * total:
                    zone += 1
                drawn[zone + 1] = drawn.get(zone + 1, 0) + vehicles
            trips[origin] = drawn
        return trips

    def check(self):
        """Every node can be reached from the first zone, and so, all roads having two directions, from any."""
        neighbours = {}
        for a, b in self.links:
            neighbours.setdefault(a, []).append(b)
        reached = {1}
        waiting = [1]
        while waiting:
            for node in neighbours[waiting.pop()]:
                if node not in reached:
                    reached.add(node)
                    if node > self.zone_count:
                        waiting.append(node)
        missing = set(range(1, self.zone_count + 1)) - reached
        if missing:
            sys.exit(f"generate-city.py: no road leads to the zones {sorted(missing)}; choose another seed")


def short(number):
    return f"{number:.3f}".rstrip("0").rstrip(".")


def format_network(city):
    lines = [f"<NUMBER OF ZONES> {city.zone_count}", f"<NUMBER OF NODES> {len(city.places) - 1}",
             f"<FIRST THRU NODE> {city.zone_count + 1}", f"<NUMBER OF LINKS> {len(city.links)}",
             "<END OF METADATA>", "",
             "~ A made-up city; written by generate-city.py. Minutes, kilometres, vehicles an hour.",
             "~ from to capacity length free_flow_time b power speed toll type ;"]
    for (a, b), ((speed, capacity, rise, power), length) in sorted(city.links.items()):
        minutes = max(length / speed * 60, 0.05)
        lines.append(f"{a} {b} {capacity} {short(length)} {short(minutes)} {rise} {power} 0 0 1 ;")
    return "\n".join(lines) + "\n"


def format_trips(trips, zone_count):
    total = sum(sum(row.values()) for row in trips.values())
    lines = [f"<NUMBER OF ZONES> {zone_count}", f"<TOTAL OD FLOW> {total:.2f}", "<END OF METADATA>"]
    for origin, row in trips.items():
        lines += ["", f"Origin {origin}"]
        pairs = [f"{destination}:{short(vehicles)};" for destination, vehicles in sorted(row.items())]
        lines += [" ".join(pairs[start:start + 10]) for start in range(0, len(pairs), 10)]
    return "\n".join(lines) + "\n"


def main():
    city = City()
    city.build_streets()
    city.build_freeways()
    city.tie_zones()
    city.settle()
    city.check()

    files = {"city_net.tntp": format_network(city), "city_trips.tntp": format_trips(city.draw_trips(), city.zone_count)}
    for name, text in files.items():
        path = pathlib.Path(__file__).parent / name
        if sys.argv[1:] != ["--check"]:
            path.write_bytes(text.encode("ascii"))
        elif path.read_bytes() != text.encode("ascii"):
            sys.exit(f"{path} is not what generate-city.py writes; run it to write the file anew")


if __name__ == "__main__":
    main()
