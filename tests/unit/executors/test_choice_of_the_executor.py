"""Which executor is taken: the named one, or the first that works, or the bare host with a warning."""

from __future__ import annotations

import pytest
from holkas.extensions.executor import ExecutorError
from holkas.plugins import Context
from holkas.testing.fakes.executor import FakeExecutor
from holkas_builtin.executors import hooks
from holkas_builtin.executors.auto import choose


class Machine:
    """Executors by name, each with the reason why it does not work."""

    def __init__(self, **reasons):
        self.closed = []
        self.makers = {name: self._maker(name, reason) for name, reason in reasons.items()}

    def _maker(self, name, reason):
        class Made(FakeExecutor):
            def check(executor):
                return reason

            def close(executor):
                self.closed.append(name)

        Made.name = name
        return Made


@pytest.mark.parametrize(
    ("reasons", "taken", "note"),
    [
        ({"process": "", "sandbox": "", "container": ""}, "container", "executor: container"),
        (
            {"process": "", "sandbox": "", "container": "no podman"},
            "sandbox",
            "executor: sandbox (container: no podman)",
        ),
        ({"process": "", "sandbox": ""}, "sandbox", "executor: sandbox"),
    ],
)
def test_the_first_that_works_is_taken(reasons, taken, note):
    machine = Machine(**reasons)
    executor, line = choose(machine.makers)
    assert (executor.name, line) == (taken, note)
    assert machine.closed == [name for name, reason in reasons.items() if reason]


def test_the_bare_host_is_taken_with_a_warning_that_names_the_reasons():
    machine = Machine(process="", sandbox="no namespaces", container="no podman")
    executor, line = choose(machine.makers, "auto")
    assert executor.name == "process"
    assert line.startswith("warning: ")
    assert "process" in line
    assert "no namespaces" in line
    assert "no podman" in line
    assert "\n" not in line


def test_the_bare_host_is_taken_where_there_is_nothing_else():
    assert "no other executor" in choose(Machine(process="").makers)[1]


def test_a_named_one_is_taken_or_refused():
    machine = Machine(process="", sandbox="no namespaces")
    assert choose(machine.makers, "process")[0].name == "process"
    with pytest.raises(ExecutorError, match="sandbox does not work here: no namespaces"):
        choose(machine.makers, "sandbox")
    with pytest.raises(ExecutorError, match=r'no executor "podman" .there are: auto, process, sandbox'):
        choose(machine.makers, "podman")
    with pytest.raises(ExecutorError, match=r"no executor works here .sandbox: broken"):
        choose(Machine(sandbox="broken").makers)


class Pictured(FakeExecutor):
    """Has images, and knows none."""

    name = "container"
    has_images = True
    note = "engine"

    def fetch_images(self, policy):
        self.policy = policy

    def lacks(self, images):
        return f"no {', '.join(images)}" if images else ""


@pytest.mark.parametrize(
    ("images", "pull", "note"),
    [
        ((), "", "executor: container (engine)"),
        (("a", "b"), "", "executor: sandbox (container: no a, b)"),
        (("a",), "never", "executor: sandbox (container: no a)"),
        (("a",), "missing", "executor: container (engine)"),
        (("a",), "always", "executor: container (engine)"),
    ],
)
def test_images_are_fetched_only_for_who_asks(images, pull, note):
    machine = Machine(process="", sandbox="")
    makers = {**machine.makers, "container": Pictured}
    executor, line = choose(makers, images=images, pull=pull)
    assert line == note
    assert getattr(executor, "policy", "") == (pull if executor.has_images else "")


def test_a_named_one_fetches_as_told():
    executor, line = choose({"container": Pictured}, "container", images=("a",), pull="never")
    assert (executor.policy, line) == ("never", "executor: container (engine)")


def test_the_plugin_offers_them(tmp_path):
    providers = {provider.name: provider for provider in hooks.holkas_executors()}
    assert list(providers) == ["container", "sandbox", "process"]
    container = providers.pop("container").make(Context(options={"engine": "docker"}, state=tmp_path))
    assert container.name == "container"
    container.close()
    options = {"images": {"mine": {"entrypoint": ["app"]}}}
    for name, provider in providers.items():
        executor = provider.make(Context(options=options, state=tmp_path))
        assert executor.name == name
        assert executor.entrypoint("mine:1") == ("app",)
        executor.close()
