"""The local agent's directory: what is deployed, kept, refused, put right, and what a kill leaves."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from holkas.model.environment import Environment
from holkas.model.health import HealthStatus
from holkas.model.release import Release
from holkas.model.secret import Secret
from holkas.roles.errors import Conflict, Corrupt, NotFound, Retryable, ToolError
from holkas_builtin.agent.agent import LocalAgent
from holkas_builtin.agent.settings import expanded, settings_of

from tests.crashes import crash_at


def deployed(agent, environment, release):
    outcome = agent.apply(agent.plan(environment, release))
    assert outcome.succeeded, outcome.message
    return [(str(one.kind), one.subject) for one in outcome.changes]


def test_artifacts_values_files_and_secrets_have_their_places(agent, environment, release, place):
    deployed(agent, environment(), release("red", files={"etc/app.conf": b"x = 1\n"}, NAME="it's"))
    root = place.link
    assert (root / "content" / "app").is_file()
    assert (root / "config" / "etc" / "app.conf").read_bytes() == b"x = 1\n"
    assert json.loads((root / "config" / "values.json").read_text())["NAME"] == "it's"
    assert "NAME='it'\"'\"'s'\n" in (root / "config" / "values.env").read_text()
    secret = root / "secrets" / "PASSWORD"
    assert secret.read_bytes() == b"s3cr3t-word"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(secret.parent.stat().st_mode) == 0o700
    assert "s3cr3t" not in (root / "release.json").read_text()


def test_a_tree_is_deployed_as_it_is(agent, environment, tmp_path, place):
    from holkas.model.artifact import Artifact
    from holkas.roles.content import digest_of

    tree = tmp_path / "tree"
    (tree / "bin").mkdir(parents=True)
    (tree / "bin" / "run").write_text("#!/bin/sh\n")
    (tree / "bin" / "run").chmod(0o755)
    (tree / "link").symlink_to("bin/run")
    release = Release(
        id="one",
        artifacts=(Artifact(name="shop/web", version="1", digest=digest_of(tree), tree=True),),
        content={"shop/web": tree},
    )
    deployed(agent, environment(), release)
    assert digest_of(place.link / "content" / "shop" / "web") == digest_of(tree)
    assert os.access(place.link / "content" / "shop" / "web" / "bin" / "run", os.X_OK)


def test_content_with_another_digest_is_refused(agent, environment, release):
    bad = release("red", digest="sha256:" + "0" * 64)
    with pytest.raises(Corrupt):
        agent.apply(agent.plan(environment(), bad))
    assert agent.check(environment()).release == ""
    deployed(agent, environment(), release("red"))


def test_a_plan_tells_what_differs(agent, environment, release):
    here = environment()
    deployed(agent, here, release("red", files={"a": b"1", "b": b"1"}, OLD="1", SAME="1"))
    other = release(
        "blue", files={"a": b"2", "c": b"1"}, secrets={"PASSWORD": Secret("other")}, SAME="1", NEW="1"
    )
    changes = [(str(one.kind), one.subject) for one in agent.plan(here, other).changes]
    assert changes == [
        ("update", "value COLOUR"),
        ("create", "value NEW"),
        ("delete", "value OLD"),
        ("update", "secret PASSWORD"),
        ("update", "file a"),
        ("delete", "file b"),
        ("create", "file c"),
        ("update", "release"),
    ]


def test_changed_settings_alone_are_a_change(agent, environment, release):
    deployed(agent, environment(), release("red"))
    assert deployed(agent, environment(environment={"A": "1"}), release("red")) == [("update", "settings")]


def test_drift_is_found_and_put_right(agent, environment, release, place):
    here, red = environment(), release("red", files={"a": b"1", "b": b"1"})
    deployed(agent, here, red)
    (place.link / "config" / "a").write_bytes(b"changed")
    (place.link / "config" / "b").unlink()
    (place.link / "content" / "more").write_bytes(b"")
    (place.link / "secrets" / "PASSWORD").chmod(0o644)
    (place.link / "content" / "__pycache__").mkdir()
    drift = {(str(one.kind), one.subject) for one in agent.drift(here)}
    assert drift == {
        ("update", "file config/a"),
        ("create", "file config/b"),
        ("delete", "file content/more"),
        ("update", "file secrets/PASSWORD"),
    }
    assert set(deployed(agent, here, red)) == drift
    assert agent.drift(here) == ()
    assert (place.link / "config" / "a").read_bytes() == b"1"


def test_a_link_that_was_bent_is_drift(agent, environment, release, place):
    here, red = environment(), release("red")
    deployed(agent, here, red)
    place.link.unlink()
    assert agent.check(here).health.status is HealthStatus.MISSING
    assert [one.subject for one in agent.drift(here)] == ["release"]
    deployed(agent, here, red)
    assert agent.check(here).release == "red"


def test_the_newest_releases_are_kept(holkas_context, environment, release, place):
    agent = LocalAgent(replace(holkas_context, options={"keep": 3}))
    here = environment()
    for name in ("a", "b", "c", "d"):
        deployed(agent, here, release(name))
    assert agent.check(here).kept == ("c", "b")
    assert len(list(place.releases.iterdir())) == 3
    with pytest.raises(NotFound):
        agent.rollback(here, "a")
    assert agent.rollback(here, "b").succeeded
    assert agent.check(here).kept == ("d", "c")
    deployed(agent, here, release("e"))
    assert agent.check(here).kept == ("b", "d")


def test_a_kept_release_that_was_changed_is_not_brought_back(agent, environment, release, place):
    here = environment()
    deployed(agent, here, release("red"))
    old = place.link.resolve()
    deployed(agent, here, release("blue"))
    (old / "content" / "app").write_text("evil")
    with pytest.raises(Corrupt):
        agent.rollback(here)
    assert agent.check(here).release == "blue"


def test_a_plan_of_another_state_is_a_conflict(agent, environment, release):
    here = environment()
    plan = agent.plan(here, release("red"))
    deployed(agent, here, release("blue"))
    with pytest.raises(Conflict):
        agent.apply(plan)


def test_two_agents_do_not_change_one_environment_at_once(agent, environment, release, place):
    here = environment()
    deployed(agent, here, release("red"))
    with place.locked(), pytest.raises(Retryable):
        agent.apply(agent.plan(here, release("blue")))


def test_a_directory_of_somebody_else_is_refused(agent, environment, release, place):
    (place.directory / "releases").mkdir(parents=True)
    with pytest.raises(ToolError, match="not made by holkas"):
        agent.apply(agent.plan(environment(), release("red")))
    place.releases.rmdir()
    deployed(agent, environment(), release("red"))
    other = replace(environment(), name="other")
    with pytest.raises(Conflict, match="environment test"):
        agent.provision(other)


@pytest.mark.parametrize(
    "change",
    [
        {"files": {"../out": b""}},
        {"files": {"/etc/x": b""}},
        {"files": {"values.json": b""}},
        {"files": {"a": b"", "a/b": b""}},
        {"secrets": {"../out": Secret("x")}},
        {"secrets": {"COLOUR": Secret("x")}},
    ],
)
def test_what_cannot_be_written_is_refused_before_anything_is(agent, environment, release, place, change):
    with pytest.raises(ToolError, match="cannot be deployed"):
        agent.plan(environment(), release("red", **change))
    assert not place.directory.exists()


def test_everything_wrong_with_the_settings_is_told_at_once(agent, environment, release):
    bad = environment(
        command=[], healt={}, health={"http": "http://example.org/", "timeout": 0, "x": 1}, operations=[1]
    )
    with pytest.raises(ToolError) as caught:
        agent.plan(bad, release("red"))
    for part in ("command", "'healt'", "health.http", "timeout", "'health.x'", "operations"):
        assert part in str(caught.value)


def test_an_environment_without_a_destination_lies_below_the_state(agent, holkas_context, release):
    deployed(agent, Environment(name="dev"), release("red"))
    assert (holkas_context.state / "environments" / "dev" / "current").is_symlink()
    with pytest.raises(ToolError):
        agent.check(Environment(name="../dev"))


def test_data_outlives_releases_and_is_backed_up(agent, environment, release, place, tmp_path):
    here = environment()
    assert not agent.backup(here, tmp_path / "none").succeeded
    deployed(agent, here, release("red"))
    (place.data / "db").write_text("rows")
    deployed(agent, here, release("blue"))
    (tmp_path / "backup").mkdir()
    assert agent.backup(here, tmp_path / "backup").succeeded
    assert (tmp_path / "backup" / "data" / "db").read_text() == "rows"
    assert json.loads((tmp_path / "backup" / "release.json").read_text())["id"] == "blue"


def test_variables_in_words():
    values = {"PORT": "80", "a.b": "x"}
    assert expanded("-p $(PORT) $(a.b) $(NONE) $$(PORT) $PORT", values) == "-p 80 x $(NONE) $(PORT) $PORT"
    assert settings_of({"command": "serve --name 'a b'"}).command == ("serve", "--name", "a b")
    with pytest.raises(ToolError):
        settings_of({"command": "serve 'a"})


def test_a_kill_at_any_moment_leaves_a_whole_release_and_the_next_apply_ends_as_ever(
    holkas_context, release, tmp_path
):
    agent = LocalAgent(holkas_context)
    red, blue = release("red", files={"a": b"1"}), release("blue", files={"a": b"2"})
    number, killed = 0, True
    while killed:
        number += 1
        here = Environment(name="test", destination=str(tmp_path / f"e{number}"))
        agent.apply(agent.plan(here, red))
        killed = crash_at(number, lambda here=here: agent.apply(agent.plan(here, blue)))
        state = agent.check(here)
        assert state.release in ("red", "blue")
        assert agent.drift(here) == ()
        assert agent.apply(agent.plan(here, blue)).succeeded
        state = agent.check(here)
        assert (state.release, state.kept) == ("blue", ("red",))
        assert agent.drift(here) == ()
        left = {path.name for path in Path(here.destination, "releases").iterdir()}
        assert len(left) == 2
        assert not any(name.startswith(".") for name in left)
        assert agent.rollback(here).succeeded
    assert number > 20, "there were that many moments"
