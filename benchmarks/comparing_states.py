"""What a look at applications costs in which nothing has changed, beside a plain comparison of the same objects.

Run: python benchmarks/comparing_states.py [--applications N] [--check]. Every look sees manifests that were read anew,
so that no comparison is saved because two objects are one.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from typing import Any

from holkas.gitops.diff import compare
from holkas.gitops.status_memory import StatusMemory
from holkas.model.resource import ResourceKey
from holkas.model.sync import key_of
from measuring import Verdict, conclude

KINDS = (
    "Deployment",
    "Service",
    "ConfigMap",
    "Secret",
    "Ingress",
    "ServiceAccount",
    "Role",
    "Job",
    "Pod",
    "Toy",
)
GROUPS = {
    "Deployment": "apps/v1",
    "Ingress": "networking.k8s.io/v1",
    "Toy": "example.com/v1",
    "Job": "batch/v1",
}


def resources(number: int) -> list[dict[str, Any]]:
    """Ten resources of the size of small real ones."""
    container = {
        "name": "main",
        "image": f"registry.example/app:{number}",
        "ports": [{"containerPort": 8080}],
    }
    container["env"] = [{"name": f"SETTING_{place}", "value": str(place)} for place in range(8)]
    return [
        {
            "apiVersion": GROUPS.get(kind, "v1"),
            "kind": kind,
            "metadata": {
                "name": f"{kind.lower()}-{number}",
                "namespace": "shop",
                "labels": {"app": f"a{number}"},
            },
            "data": {f"key-{place}": "value " * 8 for place in range(4)},
            "spec": {"replicas": 2, "template": {"spec": {"containers": [container]}}},
        }
        for kind in KINDS
    ]


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> int:
    """Compare, print, and say whether the bound holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--applications", type=int, default=1000)
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bound is broken")
    given = parser.parse_args()
    desired = [resources(number) for number in range(given.applications)]
    text = json.dumps(desired)

    def live() -> list[dict[ResourceKey, dict[str, Any]]]:
        return [{key_of(manifest): manifest for manifest in found} for found in json.loads(text)]

    memories = [StatusMemory() for _ in desired]
    first_live = live()
    first = timed(lambda: [m.look(d, f) for m, d, f in zip(memories, desired, first_live, strict=True)])
    plain, differences, again = [], [], []
    for _ in range(5):
        fresh = live()
        sum(len(str(f)) for f in fresh)  # so that nobody is the first to touch the memory
        plain.append(timed(lambda: [[*f.values()] == d for f, d in zip(fresh, desired, strict=True)]))  # noqa: B023 - called here
        pairs = [
            pair for f, d in zip(fresh, desired, strict=True) for pair in zip(d, f.values(), strict=True)
        ]
        differences.append(timed(lambda: [compare(*pair) for pair in pairs]))  # noqa: B023 - called at once
        looks = list(zip(memories, desired, fresh, strict=True))
        again.append(timed(lambda: [memory.look(d, f) for memory, d, f in looks]))  # noqa: B023 - called at once
    unit = min(plain)
    print(f"{given.applications} applications with {len(KINDS)} resources each")
    print(f"plain comparison   {unit * 1000:8.1f} ms")
    print(f"compare()          {min(differences) * 1000:8.1f} ms  {min(differences) / unit:.2f} x")
    print(f"first look         {first * 1000:8.1f} ms  {first / unit:.2f} x")
    print(f"nothing changed    {min(again) * 1000:8.1f} ms  {min(again) / unit:.2f} x")
    return conclude(
        [Verdict("a look at which nothing changed", min(again) / unit, 2.0, " x")], check=given.check
    )


if __name__ == "__main__":
    sys.exit(main())
