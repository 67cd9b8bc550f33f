# SPDX-License-Identifier: GPL-3.0-or-later
"""The window, on a screen that nobody sees."""

import os
import shutil
import subprocess
import time

import machine
from contender import Broken

# So long a window may take to be there, with all its solvers at work (s).
LONGEST_START = 60


class Window:
    """Lockstep with a plan that it has started."""

    def __init__(self, shop, plan, n_solvers):
        folder = shop.path("screen")
        os.makedirs(folder, mode=0o700, exist_ok=True)
        log = open(os.path.join(folder, "log"), "w", encoding="utf-8")
        reading, writing = os.pipe()
        self.processes = [subprocess.Popen(["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x1024x24", "-nolisten",
                                            "tcp"], pass_fds=[writing], stdout=log, stderr=log)]
        os.close(writing)
        with os.fdopen(reading) as pipe:
            display = pipe.readline().strip()
        environment = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
        environment |= {"DISPLAY": ":" + display, "GDK_BACKEND": "x11", "GSK_RENDERER": "cairo", "GTK_A11Y": "none",
                        "GTK_USE_PORTAL": "0", "GSETTINGS_BACKEND": "memory", "XDG_RUNTIME_DIR": folder,
                        "XDG_CACHE_HOME": folder, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder, "XDG_STATE_HOME": folder}
        environment.pop("LOCKSTEP_RUNS_DIR", None)
        self.processes.append(subprocess.Popen(["dbus-run-session", "--", shop.program("lockstep"), "--start", plan],
                                               env=environment, stdout=log, stderr=log))
        log.close()
        self.folder = folder
        try:
            self.pid = self.wait_for_solvers(n_solvers)
        except Broken:
            self.stop()
            raise

    def wait_for_solvers(self, n_solvers):
        """The process of the window, once its guards have their solvers."""
        until = time.monotonic() + LONGEST_START
        while time.monotonic() < until:
            for pid in machine.children(self.processes[1].pid):
                if sum(map(len, map(machine.children, machine.children(pid)))) >= n_solvers:
                    time.sleep(2)
                    return pid
            if self.processes[1].poll() is not None:
                break
            time.sleep(0.1)
        raise Broken(f"the window did not start its solvers: {machine.read(os.path.join(self.folder, 'log'))[-1000:]}")

    def measure(self, seconds):
        """Its CPU time, in per cent of a core."""
        before, cpu_before = time.monotonic(), machine.cpu_seconds(self.pid)
        time.sleep(seconds)
        return 100 * (machine.cpu_seconds(self.pid) - cpu_before) / (time.monotonic() - before)

    def stop(self):
        """The session bus first, and with it the window; its guards end their solvers."""
        for process in reversed(self.processes):
            process.terminate()
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
