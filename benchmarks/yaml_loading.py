"""How fast manifests are read: holkas against PyYAML's CSafeLoader (if installed) and ruamel's round trip.

Run: python benchmarks/yaml_loading.py [FILE] [--repeat N]. Without a file, a manifest of about 2 MB is made up.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from holkas.yaml import Source, load_documents

TASK = """\
apiVersion: tekton.dev/v1
kind: Task
metadata:
  name: build-and-push-{n}
  labels: {{app.kubernetes.io/version: "0.{n}", team: delivery}}
  annotations:
    tekton.dev/pipelines.minVersion: 0.17.0
    tekton.dev/tags: image-build
spec:
  description: >-
    Builds the source into an image and pushes it,
    then writes the digest into a result.
  params:
    - name: IMAGE
      description: Name (reference) of the image to build.
      type: string
    - name: TLSVERIFY
      default: "true"
  workspaces:
    - name: source
      optional: false
  steps:
    - name: build
      image: quay.io/buildah/stable:v1.{n}
      workingDir: $(workspaces.source.path)
      env:
        - {{name: STORAGE_DRIVER, value: vfs}}
        - name: HOME
          value: /tekton/home
      script: |
        #!/usr/bin/env bash
        set -euo pipefail
        buildah bud --tls-verify="$(params.TLSVERIFY)" \\
          --no-cache -f ./Dockerfile -t "$(params.IMAGE)" .
        buildah push --digestfile /tmp/image-digest "$(params.IMAGE)"
      securityContext:
        runAsUser: 65532
        privileged: false
      computeResources:
        requests: {{cpu: 500m, memory: 1Gi}}
"""


def main() -> None:
    """Print MB/s of each reader and the ratios, the best of several runs."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("file", nargs="?", type=Path)
    options.add_argument("--repeat", type=int, default=5)
    chosen = options.parse_args()
    data = chosen.file.read_bytes() if chosen.file else made_up()
    print(f"{len(data) / 1e6:.2f} MB")
    ours = best(lambda: load_documents(Source("manifest.yaml", data)), chosen.repeat)
    report("holkas", data, ours, ours)
    for name, read in others(data).items():
        report(name, data, best(read, chosen.repeat if "trip" not in name else 1), ours)


def made_up() -> bytes:
    """About 2 MB of different tasks."""
    return "---\n".join(TASK.format(n=number) for number in range(1500)).encode()


def others(data: bytes) -> dict[str, Callable[[], Any]]:
    """The readers that are installed."""
    from ruamel.yaml import YAML

    readers: dict[str, Callable[[], Any]] = {}
    try:
        import yaml

        readers["PyYAML CSafeLoader"] = lambda: list(yaml.load_all(data, yaml.CSafeLoader))
    except ImportError:
        print("PyYAML is not installed")
    text = data[: 200_000 if len(data) > 400_000 else None].rpartition(b"---\n")[0] or data
    scale = len(data) / len(text)
    readers[f"ruamel round trip (1/{scale:.0f} of it)"] = lambda: list(YAML().load_all(text))
    return readers


def best(read: Callable[[], Any], repeat: int) -> float:
    """Seconds of the fastest run."""
    times = []
    for _ in range(repeat):
        gc.collect()
        start = time.perf_counter()
        read()
        times.append(time.perf_counter() - start)
    return min(times)


def report(name: str, data: bytes, seconds: float, ours: float) -> None:
    """One line of the table."""
    if "(1/" in name:
        seconds *= int(name.rpartition("/")[2].split()[0])
    print(f"{name:32} {len(data) / 1e6 / seconds:8.2f} MB/s   holkas is {seconds / ours:6.1f} times as fast")


if __name__ == "__main__":
    main()
