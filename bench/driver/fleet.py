"""The clusters of a benchmark: one real kube-apiserver behind the proxy in bench/fleet."""

import json
import os
import subprocess
import urllib.request

BENCH = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def program(name):
    """The path of a program that bench/tools builds."""
    done = subprocess.run([f"{BENCH}/tools", name], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.splitlines()[-1]


class Fleet:
    """Lives as long as its with statement. Files: kubeconfig.yaml, kubeconfigs/NAME.yaml, clusters.json, ca.crt."""

    def __init__(self, folder, clusters, delay, options):
        binaries = subprocess.run(
            [f"{BENCH}/../testbed/binaries"], stdout=subprocess.PIPE, text=True, check=True
        ).stdout.splitlines()[-1]
        self.folder = folder
        self.command = [program("fleet"), "--binaries", binaries, "--folder", folder, "--clusters", clusters]
        self.command += ["--delay", f"{delay}ms", *options]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            raise SystemExit("the fleet did not start")
        self.counters = json.loads(line)["counters"]
        with open(f"{self.folder}/clusters.json") as file:
            self.clusters = {one["name"]: one for one in json.load(file)}
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()

    def forget(self):
        """Sets the counters back."""
        urllib.request.urlopen(urllib.request.Request(self.counters, method="DELETE")).read()

    def counted(self):
        """By cluster: {"requests": {verb: how many}, "connections": how many}."""
        return json.load(urllib.request.urlopen(self.counters))
