"""10 000 broken manifests: findings, never a traceback.

A gate gives the same answer to the same commit: it always breaks them in the same ways. ``HOLKAS_FUZZ_SEED`` chooses
other ones, ``new`` ones with each run (``tox run -e explore``); a failure says its seed.
"""

from __future__ import annotations

import os
import random
import traceback
from collections.abc import Callable, Sequence

import pytest
from holkas.extensions.importer import Importer, RunWish
from holkas.model.catalog import Catalog
from holkas.model.param import Result
from holkas.model.record import Condition
from holkas.model.run import PipelineRun, Run
from holkas.model.value import ValueType
from holkas.pipeline.admission import refuse, refuse_task_run, resolved_task
from holkas.pipeline.decision import Launch
from holkas.pipeline.progress import Progress, RunFacts
from holkas.yaml import Document, Source, YamlError, dump, load_documents
from holkas_compat.argocd.importer import ArgoCdImporter
from holkas_compat.tekton.importer import TektonImporter

from tests import fuzz_seeds
from tests.mutations import Mutator

PARTS = 10
"""Parts of the whole, for tests in parallel."""

SEED = os.environ.get("HOLKAS_FUZZ_SEED", "b04d")
BASE = int(os.urandom(4).hex() if SEED == "new" else SEED, 16)

MOST_EVENTS = 200


def documents_of(data: bytes) -> list[Document]:
    return load_documents(Source("f.yaml", data))


def look(importer: Importer, documents: Sequence[Document], chosen: random.Random) -> None:
    """Everything that is done with a file before something of it is started."""
    level = chosen.choice(("stable", "beta", "alpha"))
    places = {("f.yaml", document.index) for document in documents}
    findings = importer.lint(documents, level=level)
    assert {(finding.place.source, finding.place.document) for finding in findings} <= places
    loaded = importer.load(documents, RunWish(level=level, seed="s"))
    for run in loaded.runs:
        importer.manifest(run)
        plan(run, loaded.catalog, chosen)
    for form in importer.forms():
        importer.convert(documents, form)


def plan(run: Run, catalog: Catalog, chosen: random.Random) -> None:
    """Admission, and the way of a pipeline with any outcomes."""
    if not isinstance(run, PipelineRun):
        task = catalog.tasks.get(run.ref.name) if run.ref is not None else None
        refuse_task_run(run, run.spec or (task.spec if task is not None else None))
        return
    pipeline = catalog.pipelines.get(run.ref.name) if run.ref is not None else None
    spec = run.spec or (pipeline.spec if pipeline is not None else None)
    if refuse(run, spec, catalog) is not None or spec is None:
        return
    progress = Progress(
        spec,
        RunFacts(
            run_name=run.name,
            namespace=run.namespace,
            pipeline_name=run.ref.name if run.ref else run.name,
            params=run.params,
            workspaces=frozenset(binding.name for binding in run.workspaces),
            embedded=run.spec is not None,
        ),
    )
    decision = progress.begin(0.0)
    waiting: list[Launch] = []
    for now in range(MOST_EVENTS):
        waiting += decision.launch
        if decision.conclusion is not None or not waiting:
            return
        launch = waiting.pop(chosen.randrange(len(waiting)))
        task_spec = resolved_task(launch.pipeline_task, catalog)
        names = (
            [result.name for result in task_spec.results if result.type is ValueType.STRING]
            if task_spec
            else []
        )
        results = [Result(name=name, value="x") for name in names if chosen.random() < 0.8]
        good = chosen.random() < 0.8
        condition = Condition(
            status="True" if good else "False", reason="Succeeded" if good else "StepFailed"
        )
        decision = progress.task_done(launch.name, condition, results, now=float(now))


def carry_out(importer: Importer, part: int, count: int, make: Callable[[Mutator], list[Document]]) -> None:
    for number in range(count):
        seed = BASE * 1_000_003 + part * 100_000 + number
        mutator = Mutator(seed, POOLS[importer.name])
        documents: list[Document] = []
        try:
            documents = make(mutator)
            look(importer, documents, mutator.random)
        except YamlError:
            continue
        except Exception:
            texts = "\n---\n".join(repr(document.value) for document in documents)
            pytest.fail(
                f"seed {seed} (HOLKAS_FUZZ_SEED={BASE:x}, part {part})\n{traceback.format_exc()[-3000:]}\n{texts[:6000]}",
                pytrace=False,
            )


def structural(seeds: Sequence[bytes]) -> Callable[[Mutator], list[Document]]:
    """Whole files of which one document has something wrong in it."""

    def make(mutator: Mutator) -> list[Document]:
        documents = documents_of(mutator.random.choice(seeds))
        at = mutator.random.randrange(len(documents))
        document = documents[at]
        documents[at] = Document(document.source, document.index, mutator.structure(document.value))
        return documents

    return make


def textual(seeds: Sequence[bytes]) -> Callable[[Mutator], list[Document]]:
    """Files with broken bytes."""
    return lambda mutator: documents_of(mutator.text(mutator.random.choice(seeds)))


IMPORTERS: tuple[tuple[Importer, Sequence[bytes], int, int], ...] = (
    (TektonImporter(), fuzz_seeds.tekton(), 4_500, 2_000),
    (ArgoCdImporter(), fuzz_seeds.argo_cd(), 2_500, 1_000),
)
"""Importer, whole files, and how many with wrong structure and with wrong bytes: 10 000 together."""

POOLS = {
    importer.name: [document.value for data in seeds for document in documents_of(data)]
    for importer, seeds, _, _ in IMPORTERS
}


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize(
    ("importer", "seeds", "count"), [(i, s, n) for i, s, n, _ in IMPORTERS], ids=["tekton", "argocd"]
)
def test_wrong_values_and_fields(importer, seeds, count, part):
    carry_out(importer, part, count // PARTS, structural(seeds))


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize(
    ("importer", "seeds", "count"), [(i, s, n) for i, s, _, n in IMPORTERS], ids=["tekton", "argocd"]
)
def test_wrong_bytes(importer, seeds, count, part):
    carry_out(importer, 50 + part, count // PARTS, textual(seeds))


@pytest.mark.parametrize(
    ("importer", "seeds"), [(i, s) for i, s, _, _ in IMPORTERS], ids=["tekton", "argocd"]
)
def test_what_is_whole_passes_the_same_way(importer, seeds):
    """So that the tests above break something that worked."""
    for data in seeds:
        look(importer, documents_of(data), random.Random(1))
    mutator = Mutator(7, POOLS[importer.name])
    made = mutator.structure(POOLS[importer.name][0])
    assert made != POOLS[importer.name][0]
    assert dump(POOLS[importer.name][0])
