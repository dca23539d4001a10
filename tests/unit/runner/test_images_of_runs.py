"""Which images a run needs, where that is known before it begins; ``auto`` takes containers only then."""

from __future__ import annotations

import pytest
from holkas.model.catalog import Catalog
from holkas.model.pipeline import PipelineSpec, PipelineTask
from holkas.model.reference import Reference
from holkas.model.run import PipelineRun, TaskRun
from holkas.model.step import Step
from holkas.model.task import Task, TaskSpec
from holkas_builtin.executors.auto import choose
from holkas_builtin.runner.run_images import images_of

ONE = TaskSpec(steps=(Step(name="a", image="alpine"), Step(name="b", image="alpine")))
TASKS = Catalog(tasks={"build": Task(name="build", spec=TaskSpec(steps=(Step(name="c", image="golang"),)))})


def pipeline(*tasks: PipelineTask) -> PipelineRun:
    return PipelineRun(name="r", spec=PipelineSpec(tasks=tasks))


@pytest.mark.parametrize(
    ("run", "images"),
    [
        (TaskRun(name="r", spec=ONE), ("alpine",)),
        (TaskRun(name="r", ref=Reference(name="build")), ("golang",)),
        (TaskRun(name="r", ref=Reference(name="unknown")), None),
        (PipelineRun(name="r", ref=Reference(name="unknown")), None),
        (
            pipeline(
                PipelineTask(name="a", task_spec=ONE), PipelineTask(name="b", ref=Reference(name="build"))
            ),
            ("alpine", "golang"),
        ),
        (pipeline(PipelineTask(name="a", ref=Reference(name="found-later"))), None),
        (pipeline(PipelineTask(name="a", pipeline_ref=Reference(name="found-later"))), None),
        (TaskRun(name="r", spec=TaskSpec(steps=(Step(name="a", image="$(params.image)"),))), None),
        (TaskRun(name="r", spec=TaskSpec(steps=(Step(name="a", ref=Reference(name="later")),))), None),
    ],
)
def test_images_are_all_known_or_none_is(run: TaskRun | PipelineRun, images: tuple[str, ...] | None) -> None:
    assert images_of(run, TASKS) == images


def test_auto_takes_no_containers_for_images_that_are_not_known(tmp_path: object) -> None:
    from holkas.testing.fakes.executor import FakeExecutor

    class WithImages(FakeExecutor):
        name = "container"
        has_images = True

        def lacks(self, images):  # type: ignore[no-untyped-def]  # as the base has it
            return ""

    class Plain(FakeExecutor):
        name = "sandbox"

    makers = {"container": WithImages, "sandbox": Plain}
    assert choose(makers, images=("alpine",))[0].name == "container"
    chosen, line = choose(makers, images=None)
    assert chosen.name == "sandbox"
    assert "only later" in line
