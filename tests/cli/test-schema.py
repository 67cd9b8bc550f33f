#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""data/plan.schema.json, by which editors check plans, against the plans that there are, and against the reader."""

import copy
import glob
import json
import os
import re
import unittest

import cli_test
import tap

try:
    import jsonschema
except ImportError:
    jsonschema = None

ROOT = cli_test.SOURCE_ROOT

GOOD = {"lockstep": 1, "solver": {"command": ["true"]}, "steps": [{"step": "work", "on": "all"}]}

# Where in the plan above, what stands there instead, and where the reader says that it is wrong.
WRONG = [
    (["lockstep"], 2, "lockstep"),
    (["lockstep"], None, "lockstep"),
    (["name"], 7, "name"),
    (["steps"], None, "steps"),
    (["steps"], [], "steps"),
    (["steps"], {}, "steps"),
    (["setps"], [], "setps"),
    (["solver"], None, "solver"),
    (["program"], {"command": ["true"]}, "program"),
    (["solver", "command"], "true", "solver.command"),
    (["solver", "command"], [], "solver.command"),
    (["solver", "comand"], ["true"], "solver.comand"),
    (["solver", "threads"], 0, "solver.threads"),
    (["solver", "memory"], "3 gigabytes", "solver.memory"),
    (["solver", "env"], {"A": ["b"]}, "solver.env.A"),
    (["solvers"], "many", "solvers"),
    (["solvers"], 0, "solvers"),
    (["hosts"], [], "hosts"),
    (["hosts"], ["nearby"], "hosts[0]"),
    (["hosts"], [{"name": "a"}], "hosts[0].host"),
    (["params"], [], "params"),
    (["initialize"], {"timeout": "soon"}, "initialize.timeout"),
    (["nice"], 20, "nice"),
    (["retries"], -1, "retries"),
    (["late"], "hurry", "late"),
    (["give-up"], "20 %%", "give-up"),
    (["steps", 0, "step"], None, "steps[0].step"),
    (["steps", 0, "step"], "status", "steps[0].step"),
    (["steps", 0, "on"], "some", "steps[0].on"),
    (["steps", 0, "on"], None, "steps[0]"),
    (["steps", 0, "tasks"], 3, "steps[0]"),
    (["steps", 0, "timeout"], "8 minutes", "steps[0].timeout"),
    (["steps", 0, "on-failure"], "panic", "steps[0].on-failure"),
    (["steps", 0], {"step": "work", "tasks": 0}, "steps[0].tasks"),
    (["steps", 0], {"step": "work", "tasks": []}, "steps[0].tasks"),
    (["steps", 0], {"step": "work", "tasks": [1]}, "steps[0].tasks[0]"),
    (["steps", 0], {"step": "work", "tasks": {}}, "steps[0].tasks"),
    (["steps", 0], {"step": "work", "tasks": {"grid": {"a": []}}}, "steps[0].tasks.grid.a"),
    (["steps", 0], {"step": "work", "tasks": {"grid": {"a": {"from": 0, "to": 1}}}}, "steps[0].tasks.grid.a.count"),
    (["steps", 0], {"step": "work", "tasks": {"grid": {"a": [1]}, "count": 3}}, "steps[0].tasks.count"),
    (["steps", 0], {"step": "work", "tasks": {"sample": {"a": {"from": 0, "to": 1}}}}, "steps[0].tasks.count"),
    (["steps", 0], {"repeat": 3, "step": "work", "on": "one"}, "steps[0].step"),
    (["steps", 0], {"repeat": 0, "steps": [{"step": "work", "on": "one"}]}, "steps[0].repeat"),
    (["steps", 0], {"until": "gap < 1", "steps": [{"step": "work", "on": "one"}]}, "steps[0].repeat"),
    (["steps", 0], {"repeat": 3, "until": "gap ~ 1", "steps": [{"step": "work", "on": "one"}]}, "steps[0].until"),
    (["steps", 0], {"repeat": 3, "otherwise": "fail", "steps": [{"step": "work", "on": "one"}]}, "steps[0].otherwise"),
    (["steps", 0], {"repeat": 3, "steps": [{"step": "work"}]}, "steps[0].steps[0]"),
]

# The same of a program, which the schema alone is asked.
WRONG_PROGRAMS = [
    (["command"], None),
    (["files"], {"a": "b"}),
    (["files"], {"a": {"template": "b", "copy": "c"}}),
    (["progress"], "TIME {number}"),
    (["results"], {"a": {"file": "b"}}),
    (["results"], {"a": {"file": "b", "column": "c", "row": "middle"}}),
    (["succeeds"], {"exit": 0}),
    (["fails-if"], "NaN"),
    (["keep"], "some"),
]


def replace(plan, path, value):
    changed = copy.deepcopy(plan)
    place = changed
    for name in path[:-1]:
        place = place[name]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return changed


def read_members(source, name):
    """The names in an array of the reader, LOCKSTEP_PLAN_POLICY_MEMBERS among them."""
    folder = os.path.join(ROOT, "src", "engine", "plan")
    with open(os.path.join(folder, source), encoding="utf-8") as file:
        [text] = re.findall(name + r"\[\] = \{(.*?)\};", file.read(), re.DOTALL)
    with open(os.path.join(folder, "lockstep-plan-policy.h"), encoding="utf-8") as file:
        [policy] = re.findall(r"#define LOCKSTEP_PLAN_POLICY_MEMBERS (.*)", file.read())
    return set(re.findall('"(.+?)"', text.replace("LOCKSTEP_PLAN_POLICY_MEMBERS", policy)))


class Schema(cli_test.CliTest):
    def setUp(self):
        super().setUp()
        with open(os.path.join(ROOT, "data", "plan.schema.json"), encoding="utf-8") as file:
            self.schema = json.load(file)

    def make_validator(self):
        if jsonschema is None:
            self.skipTest("Python's jsonschema is not installed (python3-jsonschema)")
        jsonschema.Draft7Validator.check_schema(self.schema)
        return jsonschema.Draft7Validator(self.schema)

    def test_it_knows_the_members_that_the_reader_knows(self):
        kinds = self.schema["definitions"]
        loop = set(kinds["solver-loop"]["properties"])
        for members, properties in (
                (read_members("lockstep-plan-members.c", "plan_members"), set(self.schema["properties"])),
                (read_members("lockstep-plan-solver.c", "solver_members"), set(kinds["solver"]["properties"])),
                (read_members("lockstep-plan-hosts.c", "host_members"), set(kinds["host"]["anyOf"][1]["properties"])),
                (read_members("lockstep-plan-tasks.c", "tasks_members"), set(kinds["tasks"]["anyOf"][2]["properties"])),
                (read_members("lockstep-plan-steps.c", "loop_members"), loop),
                (read_members("lockstep-plan-steps.c", "step_members") - loop | {"title"},
                 set(kinds["step"]["properties"]))):
            self.assertEqual(properties, members)

    def test_references_lead_somewhere(self):
        names = re.findall(r'"#/definitions/(.+?)"', json.dumps(self.schema))
        self.assertEqual(set(names), set(self.schema["definitions"]))

    def test_example_plans_are_right(self):
        validator = self.make_validator()
        plans = {}
        for path in glob.glob(os.path.join(ROOT, "d*", "**", "*.lockstep"), recursive=True):
            with open(path, encoding="utf-8") as file:
                plans[path] = file.read()
        for name in ("README.md", os.path.join("docs", "plan-format.md")):
            with open(os.path.join(ROOT, name), encoding="utf-8") as file:
                for number, text in enumerate(re.findall(r'```json\n(\{ "lockstep".*?)```', file.read(), re.DOTALL)):
                    plans[f"{name} {number}"] = text
        self.assertGreater(len(plans), 8)
        for name, text in plans.items():
            with self.subTest(name):
                validator.validate(json.loads(text))

    def test_wrong_plans_are_wrong(self):
        validator = self.make_validator()
        validator.validate(GOOD)
        for path, value, _ in WRONG:
            with self.subTest(path=path, value=value):
                self.assertFalse(validator.is_valid(replace(GOOD, path, value)))
        program = {"lockstep": 1, "program": {"command": ["true"]}, "steps": [{"tasks": 3}]}
        validator.validate(program)
        for path, value in WRONG_PROGRAMS:
            with self.subTest(path=path, value=value):
                self.assertFalse(validator.is_valid(replace(program, ["program", *path], value)))

    def test_the_reader_refuses_the_same(self):
        for path, value, member in WRONG:
            with self.subTest(path=path, value=value):
                done = self.run_cli("check", self.write_text(json.dumps(replace(GOOD, path, value))))
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(f"{member}:", done.stderr)


tap.main()
