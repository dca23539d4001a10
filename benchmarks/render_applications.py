"""Rendering every Application of a repository: against the bare renderers, and when little or nothing has changed.

The repository holds Applications of four types in equal parts: directories, charts, kustomizations, jsonnet. The unit
of a first render is one process that calls the same renderers for the same files, one after the other, with nothing
around them; the unit of a second one is ``holkas --version``.

Run: python benchmarks/render_applications.py [--applications N] [--repeat N] [--check].
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import Contestant, Verdict, conclude, holkas_command, print_costs, race

FIRST_BOUND = 1.3
UNCHANGED_BOUND = 3.0
DIFF_BOUND = 2.0
TYPES = ("directory", "helm", "kustomize", "jsonnet")

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  labels: {{app: {name}, tier: web}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers:
      - name: main
        image: registry.example.com/{name}:1.0.0
        ports: [{{containerPort: 8080}}]
        resources: {{limits: {{cpu: 500m, memory: 256Mi}}}}
---
apiVersion: v1
kind: Service
metadata:
  name: {name}
spec:
  selector: {{app: {name}}}
  ports: [{{port: 80, targetPort: 8080}}]
"""
TEMPLATE = DEPLOYMENT.format(name="{{ .Release.Name }}").replace(
    "replicas: 2", "replicas: {{ .Values.replicas }}"
)
JSONNET = """local app(name) = [
  {{apiVersion: 'v1', kind: 'ConfigMap', metadata: {{name: name + '-%d' % n}}, data: {{n: std.toString(n)}}}}
  for n in std.range(1, 5)
];
app('{name}')
"""
APPLICATION = """apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: {name}, namespace: argocd}}
spec:
  project: default
  destination: {{server: https://kubernetes.default.svc, namespace: {name}}}
  source: {{repoURL: https://git.example.com/org/apps.git, targetRevision: HEAD, path: sources/{name}}}
"""

BARE = '''"""The same renderers for the same files, with nothing around them."""
import subprocess, sys
from pathlib import Path
import _gojsonnet
from helm_python import Chart
from holkas.yaml import Source, load_documents
root, kustomize = Path(sys.argv[1]), sys.argv[2:]
size = 0
for place in sorted((root / "sources").iterdir()):
    if (place / "Chart.yaml").exists():
        with Chart.load(place) as chart:
            size += len("".join(chart.render({}, name=place.name, namespace=place.name).values()))
    elif (place / "kustomization.yaml").exists():
        size += len(subprocess.run([*kustomize, str(place)], capture_output=True, check=True).stdout)
    elif (place / "main.jsonnet").exists():
        size += len(_gojsonnet.evaluate_file(str(place / "main.jsonnet")))
    else:
        for path in sorted(place.iterdir()):
            size += len(load_documents(Source(str(path), path.read_bytes())))
print(size)
'''


def write(path: Path, text: str) -> None:
    """Write a file, its directory too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def make_repository(root: Path, applications: int) -> None:
    """A git repository with so many Applications, all committed."""
    for number in range(applications):
        kind = TYPES[number % len(TYPES)]
        name = f"{kind}-{number}"
        write(root / "apps" / f"{name}.yaml", APPLICATION.format(name=name))
        place = root / "sources" / name
        if kind == "directory":
            write(place / "all.yaml", DEPLOYMENT.format(name=name))
        elif kind == "helm":
            write(place / "Chart.yaml", f"apiVersion: v2\nname: {name}\nversion: 1.0.0\n")
            write(place / "values.yaml", "replicas: 3\n")
            write(place / "templates" / "all.yaml", TEMPLATE)
        elif kind == "kustomize":
            write(
                place / "kustomization.yaml",
                f"resources: [all.yaml]\nnamePrefix: x-\nlabels: [{{pairs: {{number: '{number}'}}}}]\n",
            )
            write(place / "all.yaml", DEPLOYMENT.format(name=name))
        else:
            write(place / "main.jsonnet", JSONNET.format(name=name))
    write(root / ".gitignore", "output.log\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "remote", "add", "origin", "https://git.example.com/org/apps.git")
    commit(root)


def git(root: Path, *words: str) -> None:
    """Run git."""
    author = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "gc.auto=0")
    subprocess.run(["git", *author, "-C", str(root), *words], check=True, capture_output=True)


def commit(root: Path) -> None:
    """Commit everything."""
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", "x")


def main() -> int:
    """Time the renders in turn and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--applications", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bound is broken")
    given = parser.parse_args()
    try:
        import _gojsonnet  # noqa: F401 - is it there?
        import helm_python  # noqa: F401 - is it there?
        from holkas_compat.argocd.rendering.kustomize.build import program
    except ImportError as error:
        print(f"skipped: {error}")
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        directory = Path(temporary)
        root = directory / "repository"
        make_repository(root, given.applications)
        (directory / "bare.py").write_text(BARE, encoding="utf-8")
        for name in ("kept", "version"):
            (directory / name).mkdir()
        render = (*holkas_command(), "app", "render", "--all")
        kept = {"HOLKAS_STATE_DIR": str(directory / "kept"), "XDG_CONFIG_HOME": str(directory)}
        fresh = directory / "fresh"
        bare = "bare renderers"
        first, again, version = "first render --all", "render --all, nothing changed", "holkas --version"
        touched = "render --all, one file changed"
        compared = "diff --all, nothing rendered before"
        changing = directory / "changing.py"
        changing.write_text(
            "import pathlib, re, subprocess, time\n"
            f"path = pathlib.Path({str(root)!r}) / 'sources' / 'directory-0' / 'all.yaml'\n"
            "path.write_text(re.sub(r':1[.]0[.][0-9]+', ':1.0.%d' % time.time_ns(), path.read_text()))\n"
            f"subprocess.run({list(render)!r}, cwd={str(root)!r}, check=True)\n",
            encoding="utf-8",
        )
        costs = race(
            [
                Contestant(bare, (sys.executable, "bare.py", str(root), *program()), directory),
                Contestant(first, render, root, env={**kept, "HOLKAS_STATE_DIR": str(fresh)}, fresh=(fresh,)),
                Contestant(version, (*holkas_command(), "--version"), directory, env=kept),
                Contestant(again, render, root, env=kept),
                Contestant(touched, (sys.executable, str(changing)), directory, env=kept),
                Contestant(
                    compared,
                    (*holkas_command(), "app", "diff", "--all", "--base", "HEAD"),
                    root,
                    env={**kept, "HOLKAS_STATE_DIR": str(fresh)},
                    fresh=(fresh,),
                    expected=1,
                ),
            ],
            given.repeat,
        )
    print(f"{given.applications} Applications of {len(TYPES)} types")
    print_costs(costs, unit=bare)
    verdicts = [
        Verdict(
            "a first render of everything, in bare renderers",
            costs[first].wall / costs[bare].wall,
            FIRST_BOUND,
            " ×",
        ),
        Verdict(
            "with nothing changed, in holkas --version",
            costs[again].wall / costs[version].wall,
            UNCHANGED_BOUND,
            " ×",
        ),
        Verdict(
            "with one file changed, in bare renderers", costs[touched].wall / costs[bare].wall, 0.5, " ×"
        ),
        Verdict(
            "a difference of everything, in first renders",
            costs[compared].wall / costs[first].wall,
            DIFF_BOUND,
            " ×",
        ),
    ]
    return conclude(verdicts, check=given.check)


if __name__ == "__main__":
    sys.exit(main())
