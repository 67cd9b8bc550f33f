#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints "PASSED FAILED SKIPPED" of the last “meson test” in the build folder that is the argument.

A program that reports its tests one by one counts with each of them. One that ended badly without saying which
test failed counts as one that failed.
"""

import json
import re
import sys
import xml.etree.ElementTree


def read_suites(path):
    """The report, without what a test printed that XML has no place for; meson leaves it in."""
    with open(path, encoding="utf-8", errors="replace") as report:
        text = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", report.read())
    return xml.etree.ElementTree.fromstring(text.encode())


def count(folder):
    passed = failed = skipped = 0
    with_failures = set()

    suites = read_suites(folder + "/meson-logs/testlog.junit.xml")
    for suite in suites.iter("testsuite"):
        for case in suite.iter("testcase"):
            if case.find("skipped") is not None:
                skipped += 1
            elif case.find("failure") is not None or case.find("error") is not None:
                failed += 1
                with_failures.update((suite.get("name").partition(".")[2], case.get("name")))
            else:
                passed += 1

    with open(folder + "/meson-logs/testlog.json", encoding="utf-8") as log:
        for test in map(json.loads, log):
            if test["result"] not in ("OK", "EXPECTEDFAIL", "SKIP") and test["name"] not in with_failures:
                failed += 1

    return passed, failed, skipped


print(*count(sys.argv[1]))
