#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The package as others get it: by pip from the tree, by meson, and for the oldest Python that it says to support."""

import ast
import base64
import csv
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import unittest
import zipfile

import lockstep
import tap

PACKAGE = os.path.dirname(lockstep.__file__)
TREE = os.path.dirname(PACKAGE)


def list_package():
    return sorted(name for name in os.listdir(PACKAGE) if name != "__pycache__")


class Install(unittest.TestCase):
    def build(self, folder, hook="build_wheel"):
        """What pip does, with the hook of pyproject.toml."""
        done = subprocess.run([sys.executable, "-c",
                               f"import build_wheel, sys; print(build_wheel.{hook}(sys.argv[1]))", folder],
                              cwd=TREE, capture_output=True, text=True, check=True)
        return os.path.join(folder, done.stdout.strip())

    def test_wheel_holds_the_package(self):
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(self.build(folder)) as wheel:
            self.assertIsNone(wheel.testzip())
            self.assertEqual(sorted(os.path.basename(name) for name in wheel.namelist()
                                    if name.startswith("lockstep/")), list_package())
            rows = list(csv.reader(wheel.read("lockstep-0.1.0.dist-info/RECORD").decode().splitlines()))
            self.assertEqual([row[0] for row in rows], wheel.namelist())
            for path, digest, size in rows[:-1]:
                data = wheel.read(path)
                expected = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
                self.assertEqual((digest, size), (f"sha256={expected}", str(len(data))), path)
            wheel.extractall(os.path.join(folder, "site"))
            done = subprocess.run([sys.executable, "-c", "import lockstep; print(lockstep.__file__)"], cwd=folder,
                                  env={**os.environ, "PYTHONPATH": os.path.join(folder, "site")},
                                  capture_output=True, text=True, check=True)
            self.assertTrue(done.stdout.startswith(os.path.join(folder, "site")), done.stdout)

    def test_editable_wheel_points_to_the_tree(self):
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(self.build(folder, "build_editable")) as wheel:
            self.assertEqual(wheel.read("lockstep.pth").decode().strip(), TREE)

    def test_meson_installs_the_package(self):
        with open(os.path.join(TREE, "meson.build"), encoding="utf-8") as file:
            listed = re.findall(r"'lockstep/(.+)'", file.read())
        self.assertEqual(listed, list_package())

    def test_versions_agree(self):
        for path, pattern in ((os.path.join(TREE, "pyproject.toml"), r'^version = "(.+)"'),
                              (os.path.join(TREE, "..", "..", "..", "meson.build"), r"version: '(.+)'")):
            with open(path, encoding="utf-8") as file:
                self.assertEqual(re.search(pattern, file.read(), re.MULTILINE).group(1), lockstep.__version__, path)

    def test_oldest_python_can_read_it(self):
        for name in list_package():
            if name.endswith(".py"):
                with open(os.path.join(PACKAGE, name), encoding="utf-8") as file:
                    ast.parse(file.read(), name, feature_version=(3, 9))


tap.main()
