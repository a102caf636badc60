"""Tables and targets of bench/RESULTS.md, out of what was measured."""

import statistics

from driver.contestants import PLAN

DIFF, SERVER_SIDE, GET = "kubectl diff -P16", "kubectl diff --server-side -P16", "kubectl get -P16"


class Results:
    """Keys of rows: (members, contestant, task). Values: lists of costs, one for each round, and what was asked."""

    def __init__(self):
        self.costs = {}
        self.asked = {}
        self.skipped = []

    def add(self, key, cost, asked):
        self.costs.setdefault(key, []).append(cost)
        self.asked[key] = asked

    def median(self, key, what):
        """None when it was not measured."""
        costs = self.costs.get(key)
        return statistics.median(getattr(cost, what) for cost in costs) if costs else None


def rows(results):
    lines = [
        "| members | command | task | wall (s) | lowest - highest | CPU (s) | peak memory (MiB) | requests | connections |",
        "| ---: | --- | --- | ---: | ---: | ---: | ---: | --- | ---: |",
    ]
    for (members, name, task), costs in results.costs.items():
        key = (members, name, task)
        walls = sorted(cost.wall for cost in costs)
        asked = results.asked[key]
        lines.append(
            f"| {members} | {name} | {task} | {results.median(key, 'wall'):.2f} | {walls[0]:.2f} - {walls[-1]:.2f} "
            f"| {results.median(key, 'cpu'):.2f} | {results.median(key, 'peak') / 2**20:.0f} "
            f"| {asked['requests']} | {asked['connections']} |"
        )
    lines += [f"| {members} | {name} | | not run: {why} | | | | | |" for members, name, why in results.skipped]
    return lines


def ratios(results):
    """muster's CPU divided by the others', for the same task."""
    others = sorted({name for _, name, _ in results.costs} - {"muster"})
    lines = ["| members | task | " + " | ".join(others) + " |", "| ---: | --- |" + " ---: |" * len(others)]
    for members, name, task in results.costs:
        if name == "muster":
            mine = results.median((members, name, task), "cpu")
            cells = []
            for other in others:
                theirs = results.median((members, other, task), "cpu")
                cells.append(f"{mine / theirs:.2f}" if theirs else "")
            if any(cells):
                lines.append(f"| {members} | {task} | " + " | ".join(cells) + " |")
    return lines


def targets(results):
    """(what, limit, measured or None): met when measured <= limit."""

    def of(members, what, name="muster"):
        return results.median((members, name, PLAN), what)

    def against(members, name):
        mine, theirs = of(members, "cpu"), of(members, "cpu", name)
        return mine / theirs if mine and theirs else None

    def mib(members):
        peak = of(members, "peak")
        return peak / 2**20 if peak else None

    fewer, more = of(100, "cpu"), of(1000, "cpu")
    slope = (more - fewer) / 900 * 1000 if fewer and more else None
    return [
        ("1 member: CPU, times `kubectl diff`", 1.0, against(1, DIFF)),
        ("10 members: CPU, times `kubectl diff -P16`", 0.3, against(10, DIFF)),
        ("10 members: CPU, times `kubectl diff --server-side -P16`", 1.0, against(10, SERVER_SIDE)),
        ("100 members: CPU, times `kubectl diff -P16`", 1 / 20, against(100, DIFF)),
        ("100 members: CPU, times `kubectl get -P16`", 1 / 3, against(100, GET)),
        ("100 members: CPU, times OpenTofu", 1 / 12, against(100, "tofu")),
        ("100 members: CPU, times the probe", 8.0, against(100, "probe")),
        ("100 to 1000 members: ms of CPU for each more", 10.0, slope),
        ("100 members: peak memory (MiB)", 160.0, mib(100)),
        ("1000 members: peak memory (MiB)", 256.0, mib(1000)),
        ("100 members: wall clock (s)", 1.5, of(100, "wall")),
    ]


def judged(results):
    lines = ["| target (plan, nothing to change) | at most | measured | |", "| --- | ---: | ---: | --- |"]
    for what, limit, measured in targets(results):
        shown, verdict = ("", "not measured") if measured is None else (f"{measured:.3f}", "met" if measured <= limit else "**not met**")
        lines.append(f"| {what} | {limit:.3g} | {shown} | {verdict} |")
    return lines


def page(results, about, notes):
    """The whole of RESULTS.md; about is lines on machine and run, notes is text to be kept."""
    parts = ["# What a plan costs, beside other tools", "", "Written by `bench/run`; [README.md](README.md) says what is measured and how.", ""]
    parts += [*about, "", "## Targets", "", *judged(results), "", "## CPU of muster as a part of the others'", ""]
    parts += [*ratios(results), "", "## Everything", "", *rows(results), ""]
    return "\n".join(parts) + notes


