"""Runs a command and tells what it has cost: its own processes and all that they start."""

import os
import subprocess
import threading
import time
from dataclasses import dataclass

SAMPLED_EVERY = 0.02  # seconds
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Cost:
    """Seconds, and bytes of all processes that were alive at once, at the worst moment that was looked at."""

    wall: float
    cpu: float
    peak: int


class Failed(Exception):
    pass


def run(command, folder, environment, expected=(0,)):
    """The cost of a command that has to end with one of the expected codes; its output goes to a file in folder."""
    log = os.path.join(folder, "last-output.txt")
    with open(log, "wb") as out:
        began = time.monotonic()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
        sampler = Sampler(process.pid)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        sampler.stop()
    code = os.waitstatus_to_exitcode(status)
    process.returncode = code
    if code not in expected:
        with open(log, errors="replace") as text:
            raise Failed(f"{' '.join(command)} ended with {code}:\n{text.read()[-3000:]}")
    return Cost(wall, used.ru_utime + used.ru_stime, sampler.peak)


class Sampler(threading.Thread):
    """Looks at the memory of a process and its descendants from time to time."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid = pid
        self.peak = 0
        self.over = threading.Event()
        self.start()

    def run(self):
        # The first looks follow closely, since some commands are over soon.
        pause = SAMPLED_EVERY / 4
        while not self.over.wait(pause):
            self.peak = max(self.peak, memory(self.pid))
            pause = min(SAMPLED_EVERY, pause * 1.5)

    def stop(self):
        self.over.set()
        self.join()


def memory(pid):
    """What is a process's own counts each time, what it shares (its program, libraries) once for each program."""
    own, shared = 0, {}
    for one in tree(pid):
        try:
            with open(f"/proc/{one}/statm") as statm:
                _, resident, common = statm.read().split()[:3]
            program = os.readlink(f"/proc/{one}/exe")
        except OSError:  # it has ended
            continue
        own += int(resident) - int(common)
        shared[program] = max(shared.get(program, 0), int(common))
    return (own + sum(shared.values())) * PAGE


def tree(pid):
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        try:
            for thread in os.listdir(f"/proc/{one}/task"):
                with open(f"/proc/{one}/task/{thread}/children") as children:
                    waiting += map(int, children.read().split())
        except OSError:  # it has ended
            continue
    return found
