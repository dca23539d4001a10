"""How long linting takes: example files in one call, beside npm's tekton-lint, and whether 5000 files cost more each.

Run: python benchmarks/lint_files.py [--examples DIR] [--repeat N] [--sizes N,N] [--check]. tekton-lint (npm:
@ibm/tekton-lint) takes part when it is on PATH. Both find what they find: holkas does all that Tekton's admission
does, and rules of its own, tekton-lint 23 rules.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from measuring import (
    PYTHON_PASS,
    Contestant,
    Cost,
    Verdict,
    conclude,
    holkas_command,
    print_costs,
    race,
    time_once,
)

EXAMPLES = Path(__file__).resolve().parents[2] / "shared" / "corpora" / "tekton-examples" / "v1"
FASTER = 3
"""How many times as long tekton-lint may take at least."""

TOLERANCE = 1.15
"""How much dearer a file of the largest set may seem than one of the smallest, starts taken off; linear would be 1."""

FILE = """\
# made by benchmarks/lint_files.py
apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: build-{number}
  labels: {{app.kubernetes.io/version: "0.{number}"}}
spec:
  description: Builds what it is given, and says what it has built.
  params:
    - {{name: url, description: where it is}}
    - {{name: revision, default: main}}
    - {{name: flags, type: array, default: [--quiet]}}
  workspaces: [{{name: source}}, {{name: cache, optional: true}}]
  results: [{{name: commit}}, {{name: digest, description: of the image}}]
  stepTemplate:
    env: [{{name: HOME, value: /tekton/home}}]
  steps:
    - name: clone
      image: alpine/git:2.45.2
      workingDir: $(workspaces.source.path)
      env: [{{name: URL, value: $(params.url)}}, {{name: REVISION, value: $(params.revision)}}]
      script: |
        #!/bin/sh
        set -eu
        git clone --branch "$REVISION" "$URL" .
        git rev-parse HEAD | tr -d '\\n' > "$(results.commit.path)"
    - name: make
      image: gcc:14
      workingDir: $(workspaces.source.path)
      command: [make]
      args: ["$(params.flags[*])", "CACHE=$(workspaces.cache.path)", "OUT=$(results.digest.path)"]
---
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {{name: main-{number}}}
spec:
  params: [{{name: url}}, {{name: targets, type: array, default: [amd64, arm64]}}]
  workspaces: [{{name: shared}}]
  results: [{{name: digest, value: $(tasks.build.results.digest)}}]
  tasks:
    - name: build
      taskRef: {{name: build-{number}}}
      params: [{{name: url, value: $(params.url)}}]
      workspaces: [{{name: source, workspace: shared}}]
    - name: test
      runAfter: [build]
      matrix: {{params: [{{name: target, value: ["$(params.targets[*])"]}}]}}
      when: [{{input: $(tasks.build.results.commit), operator: notin, values: [""]}}]
      workspaces: [{{name: source, workspace: shared}}]
      taskSpec:
        params: [{{name: target}}]
        workspaces: [{{name: source}}]
        steps:
          - name: test
            image: gcc
            env: [{{name: TARGET, value: $(params.target)}}]
            script: cd "$(workspaces.source.path)" && make test TARGET="$TARGET"
  finally:
    - name: report
      when: [{{input: $(tasks.status), operator: in, values: [Failed]}}]
      taskSpec:
        steps: [{{name: say, image: "alpine:3.20", script: "#!/bin/sh\\necho failed"}}]
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {{generateName: main-{number}-}}
spec:
  pipelineRef: {{name: main-{number}}}
  params: [{{name: url, value: "https://git.example.com/{number}.git"}}]
  workspaces: [{{name: shared, emptyDir: {{}}}}]
"""


def holkas(name: str, directory: Path, files: str, expected: int) -> Contestant:
    """One call for all files."""
    env = {"HOLKAS_STATE_DIR": str(directory / "state"), "XDG_CONFIG_HOME": str(directory)}
    return Contestant(name, (*holkas_command(), "lint", files), directory, env=env, expected=expected)


def beside_others(directory: Path, examples: Path, repeat: int) -> list[Verdict]:
    """The example files under each linter that is installed."""
    start = Contestant("python -c pass", PYTHON_PASS, directory)
    contestants = [start, holkas("holkas lint", directory, str(examples), 1)]
    other = shutil.which("tekton-lint")
    if other:
        command = (other, f"{examples}/**/*.yaml")
        contestants.append(Contestant("tekton-lint", command, directory, expected=1))
    costs = race(contestants, repeat)
    print(f"{sum(1 for _ in examples.rglob('*.yaml'))} example files in one call\n")
    print_costs(costs, unit="holkas lint")
    print()
    if not other:
        print("tekton-lint is not on PATH: npm install @ibm/tekton-lint\n")
        return []
    return [
        Verdict(
            f"holkas lint against a {FASTER}rd of tekton-lint's wall time",
            costs["holkas lint"].wall * 1000,
            costs["tekton-lint"].wall * 1000 / FASTER,
            " ms",
        )
    ]


def growing(directory: Path, sizes: list[int]) -> Verdict:
    """The cost of a file in sets of different sizes. The start, which one file shows, is taken off."""
    costs: dict[int, Cost] = {}
    for size in (1, *sizes):
        folder = directory / str(size)
        folder.mkdir()
        for number in range(size):
            (folder / f"{number}.yaml").write_text(FILE.format(number=number), encoding="utf-8")
        contestant = holkas(f"{size} files", directory, str(folder), 0)
        time_once(contestant)
        costs[size] = min((time_once(contestant) for _ in range(3)), key=lambda cost: cost.cpu)
    print(f"{'files':>8}  {'wall s':>8}  {'cpu s':>8}  {'cpu ms a file':>14}")
    each = {size: (cost.cpu - costs[1].cpu) / max(1, size - 1) for size, cost in costs.items()}
    for size, cost in costs.items():
        print(f"{size:8}  {cost.wall:8.2f}  {cost.cpu:8.2f}  {each[size] * 1000:14.2f}")
    print()
    what = f"a file of {sizes[-1]} against one of {sizes[0]} (processor time)"
    return Verdict(what, each[sizes[-1]] / each[sizes[0]], TOLERANCE, " times")


def main() -> int:
    """Both questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=Path, default=EXAMPLES)
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--sizes", default="77,5000", type=lambda text: [int(n) for n in text.split(",")])
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bound is broken")
    given = parser.parse_args()
    verdicts: list[Verdict] = []
    with tempfile.TemporaryDirectory() as temporary:
        if given.examples.is_dir():
            verdicts += beside_others(Path(temporary), given.examples.resolve(), given.repeat)
        else:
            print(f"{given.examples} is not there: --examples names a directory with manifests\n")
        verdicts.append(growing(Path(temporary), given.sizes))
    return conclude(verdicts, check=given.check)


if __name__ == "__main__":
    sys.exit(main())
