"""What a pass of ``holkas app watch`` over many applications costs in which nothing has changed, and after a commit.

Run: python benchmarks/reconcile_applications.py [--applications N] [--passes N] [--check]. The target is in memory. The
unit is a plain comparison (``==``) of the same objects, desired with live ones that were read anew, in the same run. A
*pass* asks what has changed; a *whole pass* looks at every resource and every application, whatever has changed.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from comparing_states import resources
from holkas.extensions.renderer import RenderedApplication, RenderedProject
from holkas.gitops.identity import tracked
from holkas.reconciler.declared import Declarations
from holkas.reconciler.place import Place
from holkas.reconciler.reconciler import Reconciler
from holkas.reconciler.target_pool import TargetPool
from holkas.reconciler.unit import Tools
from holkas.state.ledger import Ledger
from holkas.yaml import dump_all
from holkas_builtin.targets.memory import MemoryTarget
from holkas_compat.argocd.importer import ArgoCdImporter
from measuring import Verdict, conclude


class Repository:
    """Applications with ten resources each; ``revision`` and ``changed`` say what the newest commit is."""

    def __init__(self, applications: int) -> None:
        self.number = 0
        self.rendered = [self._render(number, 0) for number in range(applications)]

    def commit(self, number: int) -> None:
        """Change one application."""
        self.number += 1
        self.rendered[number] = self._render(number, self.number)

    def render(self, known: RenderedProject | None) -> RenderedProject | None:
        """As a renderer answers."""
        if known is not None and known.basis == self.number:
            return None
        return RenderedProject(applications=tuple(self.rendered), basis=self.number)

    def _render(self, number: int, change: int) -> RenderedApplication:
        name = f"app-{number}"
        found = [tracked(one, name) for one in resources(number)]
        found[2]["data"]["key-0"] = str(change)
        text = dump_all(found)
        source = {"repoURL": ".", "path": name, "targetRevision": "main"}
        manifest = {
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "Application",
            "metadata": {"name": name, "namespace": "argocd"},
            "spec": {
                "project": "default",
                "source": source,
                "destination": {"server": "https://kubernetes.default.svc", "namespace": "shop"},
                "syncPolicy": {"automated": {"prune": True, "selfHeal": True}},
            },
        }
        return RenderedApplication(
            name=name,
            namespace="argocd",
            text=text,
            digest=f"{number}-{change}",
            revisions=(f"{change:040x}",),
            manifest=manifest,
        )


def timed(work: Callable[[], Any]) -> float:
    """Seconds that it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def least(work: Callable[[], Any], times: int = 7) -> float:
    """The least of several times."""
    return min(timed(work) for _ in range(times))


def rss() -> int:
    """Memory of this process in kibibytes."""
    text = Path("/proc/self/statm").read_text() if Path("/proc/self/statm").exists() else ""
    if text:
        return int(text.split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def plain_comparison(reconciler: Reconciler, target: MemoryTarget) -> float:
    """Seconds for ``==`` of every desired resource with its live one, read anew so that no two objects are one."""
    wanted = [one for unit in reconciler.units.values() for one in unit.declared.desired.manifests]
    live = {one.key: one.manifest for one in target.list()}
    from holkas.model.sync import key_of

    keys = [key_of(one) for one in wanted]
    pairs = [(live[key], json.loads(json.dumps(live[key]))) for key in keys]
    return least(lambda: [one == other for one, other in pairs])


def flat(reconciler: Reconciler, passes: int) -> tuple[float, int]:
    """KiB that Python holds more after many passes, and that the process has grown."""
    for _ in range(20):
        reconciler.run_pass()
        reconciler.run_pass(whole=True)
    gc.collect()
    before_rss = rss()
    tracemalloc.start()
    gc.collect()
    before, _ = tracemalloc.get_traced_memory()
    for number in range(passes):
        reconciler.run_pass(whole=number % 20 == 0)
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return (after - before) / 1024, rss() - before_rss


def main() -> int:
    """Measure, print, and say whether the bounds hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--applications", type=int, default=1000)
    parser.add_argument("--passes", type=int, default=1000)
    parser.add_argument("--check", action="store_true", help="exit with 1 when a bound is broken")
    given = parser.parse_args()
    repository, target = Repository(given.applications), MemoryTarget()
    with tempfile.TemporaryDirectory() as state, ThreadPoolExecutor(4) as looks:
        ledger = Ledger(Path(state))
        tools = Tools(
            place=Place(state=Path(state), installation="benchmark"),
            ledger=ledger,
            clock=time.time,
            told=lambda name, kind, data: None,
        )
        reconciler = Reconciler(
            repository.render,
            Declarations(ArgoCdImporter().declared),
            TargetPool(lambda name: target),
            tools,
            workers=looks,
        )
        first = timed(reconciler.run_pass)
        while reconciler.run_pass().looked:
            pass
        unit = plain_comparison(reconciler, target)
        nothing = least(reconciler.run_pass)
        whole = least(lambda: reconciler.run_pass(whole=True))
        repository.commit(given.applications // 2)
        done = []
        commit = timed(lambda: done.append(reconciler.run_pass()))
        while reconciler.run_pass().looked:
            pass
        grown, process = flat(reconciler, given.passes)
        ledger.close()
    count = len(list(target.list()))
    print(f"{given.applications} applications, {count} resources")
    print(f"first pass, everything applied {first:8.2f} s")
    print(f"plain comparison               {unit * 1000:8.1f} ms")
    print(f"pass, nothing changed          {nothing * 1000:8.1f} ms  {nothing / unit:.2f} x")
    print(f"whole pass, nothing changed    {whole * 1000:8.1f} ms  {whole / unit:.2f} x")
    print(f"pass after one commit          {commit * 1000:8.1f} ms, syncs begun in it: {done[0].started}")
    print(f"after {given.passes} passes: Python holds {grown:.0f} KiB more, the process {process} KiB")
    return conclude(
        [
            Verdict("a pass at which nothing changed, in plain comparisons", nothing / unit, 2.0, " x"),
            Verdict("a whole pass at which nothing changed", whole / unit, 2.0, " x"),
            Verdict("commits that were not begun in the pass that saw them", 1.0 - done[0].started, 0.0, ""),
            Verdict("memory that Python holds more after all passes", grown, 256.0, " KiB"),
        ],
        check=given.check,
    )


if __name__ == "__main__":
    sys.exit(main())
