# SPDX-License-Identifier: GPL-3.0-or-later
"""As much of a terminal as lockstep-cli uses, and no more: anything else is an error."""

import re

ESCAPE = re.compile(r"\x1b\[(\??)(\d*)([A-Za-z])")


class Screen:
    def __init__(self, columns, rows):
        self.columns = columns
        self.rows = rows
        self.lines = [""]
        self.row = 0
        self.column = 0
        self.cursor_shown = True
        self.wraps = True
        self.styles = 0
        self.frames = 0

    def feed(self, text):
        at = 0
        while at < len(text):
            if text[at] == "\x1b":
                match = ESCAPE.match(text, at)
                assert match, repr(text[at:at + 20])
                self.obey(*match.groups())
                at = match.end()
            else:
                self.put(text[at])
                at += 1

    def obey(self, private, number, command):
        if (private, command) == ("", "A"):
            self.row = max(self.row - int(number), self.first_row())
        elif (private, command) == ("", "K"):
            self.lines[self.row] = self.lines[self.row][:self.column]
        elif (private, command) == ("", "J"):
            self.lines[self.row] = self.lines[self.row][:self.column]
            del self.lines[self.row + 1:]
        elif (private, command) == ("", "m"):
            self.styles += number not in ("", "0")
        elif (private, number) == ("?", "25"):
            self.cursor_shown = command == "h"
            self.frames += command == "l"
        elif (private, number) == ("?", "7"):
            self.wraps = command == "h"
        else:
            raise AssertionError((private, number, command))

    def first_row(self):
        return max(0, len(self.lines) - self.rows)

    def put(self, character):
        if character == "\r":
            self.column = 0
            return
        if character == "\n":
            self.row += 1
            if self.row == len(self.lines):
                self.lines.append("")
            return
        assert character.isprintable(), repr(character)
        if self.column == self.columns:
            assert self.wraps, "a line of the block is wider than the terminal"
            self.put("\r")
            self.put("\n")
        line = self.lines[self.row].ljust(self.column)
        self.lines[self.row] = line[:self.column] + character + line[self.column + 1:]
        self.column += 1

    def text(self):
        return "\n".join(line.rstrip() for line in self.lines)
