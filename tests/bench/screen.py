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


class Screen:
    """A screen, and what a program needs to be there."""

    def __init__(self, shop):
        self.folder = shop.path("screen")
        os.makedirs(self.folder, mode=0o700, exist_ok=True)
        self.log = os.path.join(self.folder, "log")
        reading, writing = os.pipe()
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x1024x24", "-nolisten",
                                             "tcp"], pass_fds=[writing], stdout=log, stderr=log)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            display = pipe.readline().strip()
        self.environment = {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"}
        self.environment |= {"DISPLAY": ":" + display, "GDK_BACKEND": "x11", "GSK_RENDERER": "cairo", "GTK_A11Y": "none",
                             "GTK_USE_PORTAL": "0", "GSETTINGS_BACKEND": "memory", "XDG_RUNTIME_DIR": self.folder,
                             "XDG_CACHE_HOME": self.folder, "XDG_DATA_HOME": self.folder, "XDG_CONFIG_HOME": self.folder,
                             "XDG_STATE_HOME": self.folder}
        self.environment.pop("LOCKSTEP_RUNS_DIR", None)
        # What is measured is not ended by what GTK finds to complain of in itself.
        self.environment.pop("G_DEBUG", None)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Window:
    """Lockstep with a plan that it has started."""

    def __init__(self, shop, plan, n_solvers):
        self.screen = Screen(shop)
        with open(self.screen.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(["dbus-run-session", "--", shop.program("lockstep"), "--start", plan],
                                            env=self.screen.environment, stdout=log, stderr=log)
        try:
            self.pid = self.wait_for_solvers(n_solvers)
        except Broken:
            self.stop()
            raise

    def wait_for_solvers(self, n_solvers):
        """The process of the window, once its guards have their solvers."""
        until = time.monotonic() + LONGEST_START
        while time.monotonic() < until:
            for pid in machine.children(self.process.pid):
                if sum(map(len, map(machine.children, machine.children(pid)))) >= n_solvers:
                    time.sleep(2)
                    return pid
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise Broken(f"the window did not start its solvers: {machine.read(self.screen.log)[-1000:]}")

    def measure(self, seconds):
        """Its CPU time, in per cent of a core."""
        before, cpu_before = time.monotonic(), machine.cpu_seconds(self.pid)
        time.sleep(seconds)
        return 100 * (machine.cpu_seconds(self.pid) - cpu_before) / (time.monotonic() - before)

    def stop(self):
        """The session bus first, and with it the window; its guards end their solvers."""
        self.process.terminate()
        self.process.wait()
        self.screen.stop()
