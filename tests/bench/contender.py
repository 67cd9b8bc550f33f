# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that measure: one that waits to be told what, or one that is started anew for each round."""

import json
import os
import signal
import subprocess
import tempfile
import time


class Broken(Exception):
    """A program did not do what it was told; the message is for a person."""


class Program:
    """Stays for all rounds. Set up once, it answers each command with a line of JSON, and waits in between: one that
    does not keep still by itself, with all its processes, is made to @rest."""

    def __init__(self, command, environment=None, rest=False):
        self.rest = rest
        self.command = [str(word) for word in command]
        self.errors = tempfile.TemporaryFile(mode="w+", encoding="utf-8", errors="replace")
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.errors, text=True, env=environment,
                                        start_new_session=rest)
        try:
            self.read()
            self.signal(signal.SIGSTOP)
        except Broken:
            self.stop()
            raise

    @property
    def pid(self):
        return self.process.pid

    def signal(self, number):
        if self.rest:
            os.killpg(self.pid, number)

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            self.errors.seek(0)
            said = self.errors.read().strip()[-1000:]
            raise Broken(f"“{' '.join(self.command)}” ended with {self.process.returncode}: {said or 'it said nothing'}")
        return json.loads(line)

    def ask(self, word, number=None):
        self.signal(signal.SIGCONT)
        try:
            self.process.stdin.write(word if number is None else f"{word} {number}")
            self.process.stdin.write("\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # what it said is read below
        answer = self.read()
        self.signal(signal.SIGSTOP)
        return answer

    def stop(self):
        if self.process.poll() is None:
            self.signal(signal.SIGCONT)
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.errors.close()


def run(command, environment=None, text=None):
    """Runs a program to its end: what it printed, and the seconds that it took."""
    before = time.monotonic()
    done = subprocess.run([str(word) for word in command], input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, env=environment, check=False)
    seconds = time.monotonic() - before
    if done.returncode != 0:
        raise Broken(f"“{' '.join(map(str, command))}” ended with {done.returncode}: {done.stderr.strip()[-1000:]}")
    return done.stdout, seconds
