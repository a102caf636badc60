"""The programs that are compared, each with clusters of its own. All of them have the same three objects on each member."""

import base64
import json
import os
import platform
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field

from driver.fleet import BENCH, program

PLAN, PLAN_CHANGED = "plan, nothing to change", "plan, 10 % changed"
APPLY, APPLY_CHANGED = "apply, nothing to do", "apply of the 10 %"
TOKEN = "bench-token-0123456789"
AT_ONCE = 16


@dataclass(frozen=True)
class Task:
    """A command to be measured; the one without a name only puts everything back."""

    name: str
    command: list
    expected: tuple = (0,)


@dataclass
class Contestant:
    name: str
    prefix: str  # of the names of its clusters
    tasks: list = field(default_factory=list)
    prepare: list = field(default_factory=list)  # commands that are run once, unmeasured
    slow: bool = True  # not for the largest fleets


@dataclass(frozen=True)
class Ground:
    """Where the files of all lie, and how many members there are."""

    folder: str
    members: int
    clusters: dict

    def names(self, prefix):
        return [f"{prefix}-{n + 1:04d}" for n in range(self.members)]

    def changed(self, number, variant):
        return variant == "b" and number < max(1, self.members // 10)

    def values(self, number, variant):
        changed = self.changed(number, variant)
        return {"level": "debug" if changed else "info", "image": f"agent:{2 if changed else 1}"}

    def write(self, file, text):
        path = os.path.join(self.folder, file)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as out:
            out.write(text)


def fixture(name):
    with open(f"{BENCH}/fixture/{name}") as file:
        return file.read()


def settings(name, level):
    return fixture("settings.yaml").replace("@NAME@", name).replace("@LEVEL@", level)


def muster(ground):
    words = shlex.split(os.environ.get("MUSTER", "")) or [f"{BENCH}/../muster"]
    text = fixture("settings.yaml").replace("\n", "\n            ").rstrip()
    ground.write("plan.yaml", fixture("plan.yaml").replace("@SETTINGS@", text))
    ground.write("token", TOKEN)
    for variant in "ab":
        lines = ["apiVersion: muster.dev/v1alpha1", "kind: Topology", "metadata: {name: bench}", "spec:"]
        lines += ["  plan: plan.yaml", "  defaults: {access: {kubeconfig: {file: kubeconfig.yaml}}}"]
        lines += ["  host: {name: host}", "  members:"]
        for number, name in enumerate(ground.names("m")):
            lines.append(f"  - {{name: {name}, token: {{file: token}}, {inline(ground.values(number, variant))}}}")
        ground.write(f"topology-{variant}.yaml", "\n".join(lines) + "\n")

    def call(*words_of_it, variant):
        return words + [*words_of_it, "-f", f"topology-{variant}.yaml"]

    return Contestant(
        "muster",
        "m",
        [
            Task(PLAN, call("plan", "--detailed-exitcode", variant="a")),
            Task(PLAN_CHANGED, call("plan", "--detailed-exitcode", variant="b"), (2,)),
            Task(APPLY, call("apply", "--yes", variant="a")),
            Task(APPLY_CHANGED, call("apply", "--yes", variant="b")),
            Task("", call("apply", "--yes", variant="a")),
        ],
        # The launcher keeps an archive of classes, which its first runs make.
        [call("apply", "--yes", variant="a"), call("plan", variant="a"), call("plan", variant="b")],
        slow=False,
    )


def inline(values):
    return ", ".join(f"{key}: {value!r}" for key, value in values.items())


def kubectl(ground):
    """Who applies on the server's side has clusters apart, as each way shows what the other has left as a difference."""
    binary = os.environ.get("KUBECTL") or program("kubectl")
    for variant in "ab":
        for prefix in "ks":
            for number, name in enumerate(ground.names(prefix)):
                ground.write(f"manifests-{variant}/{name}.yaml", manifest(name, **ground.values(number, variant)))
    for prefix in "ks":
        ground.write(f"names-{prefix}", "\n".join(ground.names(prefix)) + "\n")

    def each(prefix, *words):
        start = ["xargs", "-a", f"names-{prefix}", "-P", str(AT_ONCE), "-I@", binary, "--kubeconfig", "kubeconfigs/@.yaml"]
        return start + list(words)

    def files(variant):
        return ["-f", f"manifests-{variant}/@.yaml"]

    def diff(name, prefix, *options):
        tasks = [
            Task(PLAN, each(prefix, "diff", *options, *files("a"))),
            # kubectl ends with 1 where something differs, and xargs then with 123.
            Task(PLAN_CHANGED, each(prefix, "diff", *options, *files("b")), (123,)),
        ]
        # Also what fills kubectl's cache of kinds.
        return Contestant(name, prefix, tasks, [each(prefix, "apply", *options, *files("a"))])

    objects = ["configmap/settings", "deployment/agent", "secret/login"]
    return [
        diff(f"kubectl diff -P{AT_ONCE}", "k"),
        diff(f"kubectl diff --server-side -P{AT_ONCE}", "s", "--server-side"),
        Contestant(
            f"kubectl get -P{AT_ONCE}", "k", [Task(PLAN, each("k", "get", "-n", "fleet", "-o", "json", *objects))]
        ),
        Contestant(
            f"kubectl apply -P{AT_ONCE}",
            "k",
            [
                Task(APPLY, each("k", "apply", *files("a"))),
                Task(APPLY_CHANGED, each("k", "apply", *files("b"))),
                Task("", each("k", "apply", *files("a"))),
            ],
        ),
    ]


def manifest(name, level, image):
    text = fixture("manifest.yaml").replace("@NAME@", name).replace("@LEVEL@", level).replace("@IMAGE@", image)
    token = base64.b64encode(TOKEN.encode()).decode()
    indented = settings(name, level).replace("\n", "\n    ").rstrip()
    return text.replace("@TOKEN@", token).replace("@SETTINGS@", indented)


def tofu(ground):
    machine = {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    mirror = f"mirror/registry.opentofu.org/hashicorp/kubernetes/1.13.4/linux_{machine}/terraform-provider-kubernetes_v1.13.4"
    ground.write("tofu/main.tf", fixture("main.tf"))
    ground.write("tofu/settings.yaml", fixture("settings.yaml"))
    ground.write(mirror, "")
    shutil.copy(program("provider"), os.path.join(ground.folder, mirror))
    os.chmod(os.path.join(ground.folder, mirror), 0o755)
    ground.write("tofurc", f'provider_installation {{\n  filesystem_mirror {{ path = "{ground.folder}/mirror" }}\n}}\n')
    with open(f"{ground.folder}/ca.crt") as file:
        authority = file.read()
    for variant in "ab":
        clusters = {
            name: {"url": ground.clusters[name]["url"], "token": ground.clusters[name]["token"]}
            | ground.values(number, variant)
            for number, name in enumerate(ground.names("t"))
            # None are made where there are too many for it to be run.
            if name in ground.clusters
        }
        values = {"clusters": clusters, "authority": authority, "login": TOKEN}
        ground.write(f"tofu/{variant}.tfvars.json", json.dumps(values))
    binary = program("tofu")

    def call(command, variant, *options):
        options = [f"-var-file={variant}.tfvars.json", f"-parallelism={AT_ONCE}", "-input=false", "-no-color", *options]
        return [binary, "-chdir=tofu", command, *options]

    return Contestant(
        "tofu",
        "t",
        [
            Task(PLAN, call("plan", "a", "-detailed-exitcode")),
            Task(PLAN_CHANGED, call("plan", "b", "-detailed-exitcode"), (2,)),
            Task(APPLY, call("apply", "a", "-auto-approve")),
            Task(APPLY_CHANGED, call("apply", "b", "-auto-approve")),
            Task("", call("apply", "a", "-auto-approve")),
        ],
        [
            [binary, "-chdir=tofu", "init", "-input=false", "-no-color", "-var-file=a.tfvars.json"],
            call("apply", "a", "-auto-approve"),
        ],
    )


def probe(ground):
    paths = ["/api/v1/namespaces/fleet/configmaps/settings", "/api/v1/namespaces/fleet/secrets/login"]
    paths.append("/apis/apps/v1/namespaces/fleet/deployments/agent")
    return Contestant("probe", "m", [Task(PLAN, [program("probe"), ".", "m-", *paths])], slow=False)


def environment(folder):
    """Nothing of whoever runs the benchmark: caches and configuration are the benchmark's own."""
    kept = {key: os.environ[key] for key in ("PATH", "JAVA_HOME", "LANG", "TMPDIR", "MUSTER_JAVA_OPTS") if key in os.environ}
    return kept | {"HOME": f"{folder}/home", "TF_CLI_CONFIG_FILE": f"{folder}/tofurc", "CHECKPOINT_DISABLE": "1"}


def chosen(ground, wanted):
    """Those whose names are wanted; the programs of others are not built."""
    makers = {"muster": lambda: [muster(ground)], "kubectl": lambda: kubectl(ground), "tofu": lambda: [tofu(ground)]}
    makers["probe"] = lambda: [probe(ground)]
    return [one for name, make in makers.items() if wanted(name) for one in make()]


def make_repository(folder, env):
    """muster records its runs where the topology is in a git repository."""
    os.makedirs(f"{folder}/home", exist_ok=True)
    for words in (["init", "-q"], ["config", "user.name", "bench"], ["config", "user.email", "bench@example.com"]):
        subprocess.run(["git", *words], cwd=folder, env=env, check=True)
