# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the unittest cases of a program and tells of each in the Test Anything Protocol, which meson reads."""

import concurrent.futures
import sys
import threading
import traceback
import unittest


class TapResult(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.number = 0
        self.tests_with_failures = set()
        self.lock = threading.RLock()

    def tell(self, word, test, suffix=""):
        with self.lock:
            self.number += 1
            print(f"{word} {self.number} - {test.id().split('.')[-1]}{suffix}", flush=True)

    def tell_failure(self, test, error):
        with self.lock:
            self.tell("not ok", test)
            # Where “meson test --print-errorlogs” shows it.
            traceback.print_exception(*error, file=sys.stderr)

    def addSuccess(self, test):
        self.tell("ok", test)

    def addSkip(self, test, reason):
        self.tell("ok", test, f" # SKIP {reason}")

    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error)
        if error:
            with self.lock:
                print(subtest, file=sys.stderr)
                traceback.print_exception(*error, file=sys.stderr)
                self.tests_with_failures.add(test.id())

    def stopTest(self, test):
        super().stopTest(test)
        # One whose sub-tests failed is told neither as a success nor as a failure.
        if test.id() in self.tests_with_failures:
            self.tell("not ok", test)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.tell_failure(test, error)

    def addError(self, test, error):
        super().addError(test, error)
        self.tell_failure(test, error)


def list_cases(suite):
    for part in suite:
        if isinstance(part, unittest.TestSuite):
            yield from list_cases(part)
        else:
            yield part


def main(at_once=1):
    """Runs all cases, @at_once of them together: for those that mostly wait, and share nothing of their classes or modules."""
    result = TapResult()
    cases = list(list_cases(unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])))
    print(f"1..{len(cases)}", flush=True)
    if at_once == 1:
        unittest.TestSuite(cases).run(result)
    else:
        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            list(pool.map(lambda case: case.run(result), cases))
    sys.exit(0 if result.wasSuccessful() else 1)
