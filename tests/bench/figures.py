# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of a question: rows of what was measured in each round, ratios between rows, targets."""

import statistics


class Target:
    """A bound on a row's ratio, or on its value where the row has none: on the median, or on the worst round."""

    def __init__(self, relation, bound, of="median"):
        self.relation = relation
        self.bound = bound
        self.of = of

    def is_met(self, figures):
        figure = statistics.median(figures) if self.of == "median" else max(figures)
        return figure <= self.bound if self.relation == "≤" else figure >= self.bound

    def __str__(self):
        return f"{self.relation} {self.bound:g}" + (" (worst)" if self.of == "worst" else "")


def at_most(bound, of="median"):
    return Target("≤", bound, of)


def at_least(bound):
    return Target("≥", bound)


class Row:
    def __init__(self, case, who, values, ratios=None, ratio_to="", target=None):
        self.case = str(case)
        self.who = who
        self.values = values
        self.ratios = ratios
        self.ratio_to = ratio_to
        self.target = target

    @property
    def met(self):
        return self.target.is_met(self.ratios or self.values) if self.target else None

    def to_json(self):
        row = {"case": self.case, "who": self.who, "median": statistics.median(self.values), "values": self.values}
        if self.ratios:
            row["ratio"] = {"to": self.ratio_to, "median": statistics.median(self.ratios), "min": min(self.ratios),
                            "max": max(self.ratios), "values": self.ratios}
        if self.target:
            row["target"] = str(self.target)
            row["met"] = self.met
        return row


def divide(over, under):
    """Round by round, because what disturbs a machine disturbs what is measured one after the other alike."""
    return [a / b for a, b in zip(over, under)]


class Table:
    def __init__(self, letter, title, unit, case=""):
        self.letter = letter
        self.title = title
        self.unit = unit
        self.case = case
        self.rows = []
        self.notes = []
        self.skipped = []

    def add(self, *arguments, **options):
        self.rows.append(Row(*arguments, **options))

    def note(self, text):
        self.notes.append(text)

    def skip(self, who, why):
        if (who, why) not in self.skipped:
            self.skipped.append((who, why))

    def to_json(self):
        return {"question": self.letter, "title": self.title, "unit": self.unit, "case": self.case,
                "rows": [row.to_json() for row in self.rows], "notes": self.notes,
                "skipped": [{"who": who, "why": why} for who, why in self.skipped]}

    def markdown(self):
        """The same for the documentation: figures of a median round, and how far the ratios of the others lie apart."""
        yield f"### ({self.letter}) {self.title}"
        yield ""
        yield f"| {self.case} | | {self.unit} | ratio (min–max) | | target | |"
        yield "|---|---|--:|--:|---|---|---|"
        last = None
        for row in self.rows:
            ratio = spread(row.ratios) if row.ratios else None
            yield "| " + " | ".join([row.case if row.case != last else "", row.who, show(statistics.median(row.values)),
                                     f"{ratio[0]} ({ratio[1]}–{ratio[2]})" if ratio else "", row.ratio_to,
                                     str(row.target or ""), {True: "met", False: "**missed**", None: ""}[row.met]]) + " |"
            last = row.case
        yield ""
        for text in self.notes:
            yield text
        for who, why in self.skipped:
            yield f"Skipped: {who} ({why})."

    def lines(self):
        cells = [[self.case, "", self.unit, "min", "max", "ratio", "min", "max", "", "target", ""]]
        last = None
        for row in self.rows:
            cells.append([row.case if row.case != last else "", row.who, *spread(row.values),
                          *(spread(row.ratios) if row.ratios else ["", "", ""]), row.ratio_to,
                          str(row.target or ""), {True: "met", False: "MISSED", None: ""}[row.met]])
            last = row.case
        widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
        yield f"({self.letter}) {self.title}" if len(self.letter) == 1 else self.title
        for row in cells:
            # Words to the left, numbers to the right.
            yield ("  " + "  ".join(cell.ljust(width) if i in (1, 8, 9, 10) else cell.rjust(width)
                                    for i, (cell, width) in enumerate(zip(row, widths)))).rstrip()
        for text in self.notes:
            yield "  " + text
        for who, why in self.skipped:
            yield f"  skipped: {who} ({why})"


def spread(values):
    return [show(statistics.median(values)), show(min(values)), show(max(values))]


def show(value):
    """Three digits that count."""
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1000:
        return f"{value:,.0f}"
    for bound, digits in ((100, 0), (10, 1), (1, 2), (0.1, 3)):
        if size >= bound:
            return f"{value:.{digits}f}"
    return f"{value:.2g}"
