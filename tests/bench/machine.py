# SPDX-License-Identifier: GPL-3.0-or-later
"""What this machine is, and what is installed on it."""

import functools
import json
import os
import platform
import shutil
import subprocess
import sys
import time


def read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def processor():
    for line in read("/proc/cpuinfo").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def describe():
    memory = read("/proc/meminfo").split()
    return {
        "processor": processor(),
        "processors": len(os.sched_getaffinity(0)),
        "memory_gb": round(int(memory[1]) / 1e6, 1) if len(memory) > 1 else None,
        "kernel": f"{platform.system()} {platform.release()}",
        "load": [round(load, 2) for load in os.getloadavg()],
        "time": time.strftime("%Y-%m-%d %H:%M:%S %z"),
    }


def describe_build(folder):
    """How the programs were compiled."""
    options = {option["name"]: option["value"]
               for option in json.loads(read(os.path.join(folder, "meson-info/intro-buildoptions.json")) or "[]")}
    build = options.get("buildtype", "unknown")
    return build if options.get("b_sanitize", "none") == "none" else f"{build}, sanitized"


# What a peer is called, the command or module that it is, and the package of Debian that it is in.
PACKAGES = {
    "twisted": "python3-twisted",
    "distributed": "python3-distributed",
    "parallel": "parallel",
    "xargs": "findutils",
    "mpicc": "libopenmpi-dev",
    "mpirun": "openmpi-bin",
    "Xvfb": "xvfb",
    "dbus-run-session": "dbus",
}


@functools.cache
def find_python(module="multiprocessing"):
    """A Python that has the module: the system's own is the one that packages are installed for."""
    for python in ("/usr/bin/python3", sys.executable):
        if os.access(python, os.X_OK) and subprocess.run([python, "-c", f"import {module}"], check=False,
                                                         capture_output=True).returncode == 0:
            return python
    return None


def is_there(name):
    if name in ("twisted", "distributed"):
        return find_python(name) is not None
    return shutil.which(name) is not None


def children(pid):
    return [int(child) for task in os.listdir(f"/proc/{pid}/task")
            for child in read(f"/proc/{pid}/task/{task}/children").split()]


def memory(pid):
    """Resident and proportional memory of a process, in bytes."""
    sizes = {}
    for line in read(f"/proc/{pid}/smaps_rollup").splitlines()[1:]:
        name, _, value = line.partition(":")
        sizes[name] = int(value.split()[0]) * 1024
    return sizes.get("Rss", 0), sizes.get("Pss", 0)


def cpu_seconds(pid):
    """What a process has computed, all its threads together."""
    fields = read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
