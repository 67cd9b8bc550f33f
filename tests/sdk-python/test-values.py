#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values on their way to JSON and back; what cannot be sent is refused by name."""

import array
import base64
import json
import math
import struct
import unittest

import tap
from lockstep import NotSendable
from lockstep.values import dumps, fresh, loads


class Scalar:
    """Like a scalar of numpy: no number of Python's, but it knows the one that it is."""

    def __init__(self, value):
        self.value = value

    def tolist(self):
        return self.value


class Kind:
    def __init__(self, kind):
        self.kind = kind


class Array(Scalar):
    """Like an array of numpy."""

    def __init__(self, value, kind="f", ndim=1):
        super().__init__(value)
        self.dtype = Kind(kind)
        self.ndim = ndim

    def astype(self, name):
        assert name == "float64"
        return Array([float(value) for value in self.value])


def encode(values):
    return {"f64": base64.b64encode(struct.pack(f"<{len(values)}d", *values)).decode()}


class Values(unittest.TestCase):
    def check_refused(self, value, *words):
        with self.assertRaises(NotSendable) as caught:
            dumps(value)
        for word in words:
            self.assertIn(word, str(caught.exception))

    def test_plain_values(self):
        for value in (None, True, False, 0, -7, 2**63, 1e-10, 0.1, 5e-324, "", "é\n\u2028", [], {}, [[], {"a": [1]}]):
            self.assertEqual(loads(dumps(value).encode()), value)
        self.assertEqual(dumps({"a": (1, 2)}), '{"a":[1,2]}')
        self.assertEqual(dumps({1: 2, 1.5: 3, True: 4, None: 5}), '{"1":4,"1.5":3,"null":5}')
        self.assertEqual(dumps({False: 2, "x": 1}), '{"false":2,"x":1}')
        self.assertNotIn("\n", dumps(["\n"]))

    def test_vectors(self):
        for n in (0, 3, 1000, 1001, 50000):
            values = [i / 8 for i in range(n)]
            text = dumps({"v": values})
            self.assertEqual(json.loads(text), {"v": encode(values) if n > 1000 else values})
            self.assertEqual(loads(text.encode()), {"v": values})
        self.assertEqual(dumps([1] * 1001), json.dumps([1] * 1001, separators=(",", ":")))
        self.assertEqual(json.loads(dumps([[0.5] * 1001] * 2)), [encode([0.5] * 1001)] * 2)
        self.assertEqual(json.loads(dumps(array.array("d", [0.5] * 1001))), encode([0.5] * 1001))
        self.assertEqual(loads(b'{"a":{"f64":"AAAA"},"b":{"f64":"AAAAAAAA8D8=","c":1}}'),
                         {"a": {"f64": "AAAA"}, "b": {"f64": "AAAAAAAA8D8=", "c": 1}})

    def test_what_numpy_has(self):
        self.assertEqual(dumps({"a": Scalar(1.5), "b": Scalar(True), "c": Scalar("x")}), '{"a":1.5,"b":true,"c":"x"}')
        self.assertEqual(dumps(Array([1, 2], "i")), "[1,2]")
        self.assertEqual(dumps(Array([[1.5], [2.5]], ndim=2)), "[[1.5],[2.5]]")
        self.assertEqual(json.loads(dumps(Array([0.5] * 1001))), encode([0.5] * 1001))
        self.check_refused({"flows": Array([1.0, math.nan])}, "the value “flows[1]” is NaN")
        self.check_refused({"gap": Scalar(math.inf)}, "the value “gap” is infinity")

    def test_numpy_itself(self):
        try:
            import numpy
        except ImportError:
            # What stands in for it has been tested above.
            return
        for kind in (numpy.float16, numpy.float32, numpy.float64, numpy.int8, numpy.uint64, numpy.bool_):
            self.assertEqual(loads(dumps({"x": kind(1)}).encode()), {"x": 1})
            self.assertEqual(loads(dumps(numpy.ones((2, 3), kind)).encode()), [[1] * 3] * 2)
        self.assertEqual(json.loads(dumps(numpy.full(1001, 0.5))), encode([0.5] * 1001))
        self.assertEqual(json.loads(dumps(list(numpy.full(1001, 0.5)))), encode([0.5] * 1001))
        self.assertEqual(dumps(numpy.array(2.5)), "2.5")
        self.check_refused({"a": numpy.array([1, numpy.nan])}, "the value “a[1]” is NaN")
        self.check_refused({"a": numpy.float32("inf")}, "the value “a” is infinity")
        self.check_refused({"a": numpy.array([1j])}, "“a[0]” is of type complex")

    def test_what_cannot_be_sent(self):
        self.check_refused(math.nan, "the value “result” is NaN, which cannot be sent: only finite numbers can")
        self.check_refused([1, -math.inf], "the value “result[1]” is -infinity")
        self.check_refused({"a": {"b": [0, {"c d": math.inf}]}}, "the value “a.b[1].c d” is infinity")
        self.check_refused({"v": [1.0] * 2000 + [math.nan]}, "the value “v[2000]” is NaN")
        self.check_refused({"n": 10**400}, "the value “n” is too large for a double")
        self.check_refused({"s": {1, 2}}, "the value “s” is of type set")
        self.check_refused({(1, 2): 3}, "a member whose name is of type tuple")
        self.check_refused(["a\udc80b"], "is not Unicode")
        cycle = {"a": [1, {}]}
        cycle["a"][1]["b c"] = cycle["a"]
        self.check_refused(cycle, "the value “a[1].b c” is what holds it: a value that holds itself has no end")
        self.check_refused({1: 2, "1": 3}, "the value “result” has two members that are both called “1” in JSON")
        self.check_refused({"a": {None: 2, "null": 3}}, "the value “a” has two members that are both called “null”")
        self.check_refused({math.nan: 1}, "a member whose name is NaN")

        async def step():
            pass

        self.check_refused(step(), "the value “result” is a coroutine, which nobody has run")
        deep = []
        for _ in range(120):
            deep = [deep]
        self.check_refused(deep, "is nested deeper than 120 levels")
        self.assertEqual(loads(dumps(deep[0]).encode()), deep[0])

    def test_strict_reading(self):
        for line in (b"NaN", b"[1e400]", b'"\\ud800"', b'"\xff"', b"[" * 129 + b"]" * 129, b"9" * 5000):
            with self.assertRaises(ValueError):
                loads(line)
        brackets = '["[[[[[\\\\\\"[[[[[{{{"]' * 1
        self.assertEqual(loads(("[" + ",".join([brackets] * 100) + "]").encode()), [['[[[[[\\"[[[[[{{{']] * 100)
        self.assertEqual(len(loads(b"[" + b",".join([b"[[1],{}]"] * 1000) + b"]")), 1000)

    def test_fresh(self):
        value = {"a": [1, {"b": 2}]}
        copy = fresh(value)
        copy["a"][1]["b"] = 3
        self.assertEqual(value, {"a": [1, {"b": 2}]})


tap.main()
