# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the unittest cases of a program and tells of each in the Test Anything Protocol, which meson reads."""

import sys
import traceback
import unittest


class TapResult(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.number = 0
        self.tests_with_failures = set()

    def tell(self, word, test, suffix=""):
        self.number += 1
        print(f"{word} {self.number} - {test.id().split('.')[-1]}{suffix}", flush=True)

    def tell_failure(self, test, error):
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


def main():
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    print(f"1..{suite.countTestCases()}", flush=True)
    sys.exit(0 if suite.run(TapResult()).wasSuccessful() else 1)
