#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures Lockstep beside what people use and beside what the machine allows, a table for each question.

All that a table compares is measured in the same rounds, one after the other, so that a ratio means something on a
machine that others use as well.
"""

import argparse
import importlib
import json
import sys
import time

import contender
import machine
import workshop

QUESTIONS = {
    "a": "barrier",
    "b": "tasks",
    "c": "start",
    "d": "status",
    "e": "terminate",
    "f": "computing",
    "g": "vector",
    "h": "memory",
    "i": "reports",
    "j": "journal",
    "k": "many",
    "l": "sweep",
    "m": "travelling",
    "n": "history",
    "o": "programs",
    "p": "disk",
    "q": "timeline",
    "r": "results",
    "s": "window",
}


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__.partition("\n")[0],
                                     epilog="Questions: " + ", ".join(map(" ".join, QUESTIONS.items()))
                                     + ". Without one, all of them. --install installs the peers.")
    parser.add_argument("--build", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--json", metavar="FILE", help="write all that was measured to FILE")
    parser.add_argument("--markdown", metavar="FILE", help="write the tables to FILE as docs/performance.md has them")
    parser.add_argument("--rounds", type=int, metavar="N", help="rounds of each question (5)")
    parser.add_argument("--quick", action="store_true", help="only see that all of it works: the figures mean nothing")
    parser.add_argument("questions", nargs="*", metavar="QUESTION", help="a letter, or its name")
    arguments = parser.parse_args()
    names = {name: letter for letter, name in QUESTIONS.items()}
    arguments.questions = [names.get(question, question) for question in arguments.questions] or list(QUESTIONS)
    for question in arguments.questions:
        if question not in QUESTIONS:
            parser.error(f"there is no question “{question}”; there are {', '.join(QUESTIONS)}")
    return arguments


def name_machine(about):
    return f"{about['processor']} ({about['processors']} processors, {about['memory_gb']} GB), {about['kernel']}"


def print_head(about, arguments):
    print(f"{name_machine(about)}, {about['time']}")
    print(f"build {about['build']} · load {about['load'][0]} · {arguments.rounds} rounds · a ratio is of figures of the same round"
          + (" · quick: the figures mean nothing" if arguments.quick else ""), flush=True)
    if about["load"][0] > 0.5 and not arguments.quick:
        print("Something else computes on this machine: figures will be worse than they need to be.", flush=True)


def ask(letter, shop):
    before = time.monotonic()
    answer = {"question": letter}
    try:
        table = importlib.import_module("questions." + QUESTIONS[letter]).measure(shop)
    except contender.Broken as broken:
        print(f"\n({letter}) {QUESTIONS[letter]} could not be measured: {broken}", flush=True)
        return {**answer, "error": str(broken)}
    print()
    print("\n".join(table.lines()), flush=True)
    return {**table.to_json(), "seconds": round(time.monotonic() - before, 1), "markdown": "\n".join(table.markdown())}


def main():
    arguments = parse_arguments()
    arguments.rounds = arguments.rounds or (1 if arguments.quick else 5)
    about = {**machine.describe(), "build": machine.describe_build(arguments.build)}
    print_head(about, arguments)

    shop = workshop.Workshop(arguments.build, arguments.rounds, arguments.quick)
    with shop.folder:
        answers = [ask(letter, shop) for letter in arguments.questions]
    chapters = [answer.pop("markdown") for answer in answers if "markdown" in answer]
    about["load_after"] = machine.describe()["load"]

    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump({"machine": about, "rounds": arguments.rounds, "quick": arguments.quick, "questions": answers},
                      file, indent=1, ensure_ascii=False)
    if arguments.markdown:
        with open(arguments.markdown, "w", encoding="utf-8") as file:
            file.write(f"{name_machine(about)}, {about['time'][:10]}, {arguments.rounds} rounds.\n\n"
                       + "\n\n".join(chapter.strip() for chapter in chapters) + "\n")
    return 1 if any("error" in answer for answer in answers) else 0


if __name__ == "__main__":
    sys.exit(main())
