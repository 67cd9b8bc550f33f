# SPDX-License-Identifier: MIT
"""Builds the package for pip (PEP 517), with nothing but the standard library: a node of a cluster often has no way
out to where a build tool could come from."""

import base64
import hashlib
import os
import re
import tarfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))


def _read(*path):
    with open(os.path.join(HERE, *path), "rb") as file:
        return file.read()


def _member(name):
    """A string of pyproject.toml, which Python 3.9 has no reader for."""
    return re.search(rf'^{name} = "(.*)"$', _read("pyproject.toml").decode("utf-8"), re.MULTILINE).group(1)


def _metadata():
    return (f"Metadata-Version: 2.1\nName: {_member('name')}\nVersion: {_member('version')}\n"
            f"Summary: {_member('description')}\nLicense: MIT\n"
            f"Requires-Python: {_member('requires-python')}\n").encode("utf-8")


def _package_files():
    return {f"lockstep/{name}": _read("lockstep", name) for name in sorted(os.listdir(os.path.join(HERE, "lockstep")))
            if name.endswith((".py", ".typed"))}


def _write_wheel(folder, files):
    stem = f"{_member('name')}-{_member('version')}"
    information = f"{stem}.dist-info"
    files = {**files,
             f"{information}/METADATA": _metadata(),
             f"{information}/WHEEL": b"Wheel-Version: 1.0\nGenerator: lockstep\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    record = f"{information}/RECORD"
    lines = []
    name = f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(folder, name), "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode("ascii").rstrip("=")
            lines.append(f"{path},sha256={digest},{len(data)}\n")
            wheel.writestr(path, data)
        wheel.writestr(record, "".join(lines) + f"{record},,\n")
    return name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    return _write_wheel(wheel_directory, _package_files())


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    return _write_wheel(wheel_directory, {"lockstep.pth": (HERE + "\n").encode("utf-8")})


def build_sdist(sdist_directory, config_settings=None):
    stem = f"{_member('name')}-{_member('version')}"
    with tarfile.open(os.path.join(sdist_directory, f"{stem}.tar.gz"), "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for path in ["pyproject.toml", "build_wheel.py", *_package_files()]:
            archive.add(os.path.join(HERE, path), f"{stem}/{path}")
    return f"{stem}.tar.gz"
