"""``holkas init``: what it writes is accepted as it stands, and says what was found."""

from __future__ import annotations

import re

import pytest
from holkas.cli.init_found import Found, FoundEnvironment, FoundPipeline
from holkas.cli.init_text import scalar, starting_file
from holkas.config.delivery_reading import load_definition
from holkas.model.environment import GateKind
from holkas.yaml import Source, load_documents
from hypothesis import given
from hypothesis import strategies as st

PIPELINE = """
    apiVersion: tekton.dev/v1
    kind: Pipeline
    metadata: {name: build}
    spec:
      workspaces: [{name: shared}]
      tasks: []
"""
TASK = """
    apiVersion: tekton.dev/v1
    kind: Task
    metadata: {name: lint}
    spec: {steps: []}
"""
APPLICATION = """
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata: {{name: shop-{name}, namespace: argocd}}
    spec:
      project: default
      source: {{repoURL: https://example.org/config.git, path: overlays/{name}, targetRevision: main}}
      destination: {{server: https://kubernetes.default.svc, namespace: shop}}
"""


def written(here):
    return load_definition(here.directory / "holkas.yaml", here.directory)


def test_an_empty_directory_gets_the_usual(here):
    said = here("init")
    assert (said.code, "holkas deliver" in said.err) == (0, True)
    found = written(here)
    assert [stage.name for stage in found.stages] == ["dev", "test", "prod"]
    assert found.stages[2].environment.gate.kind is GateKind.MANUAL
    assert found.pipeline is None


def test_what_stands_in_comments_is_accepted_too(here):
    here("init")
    path = here.directory / "holkas.yaml"
    text = re.sub(
        r"^(\s*)# (?=[\s#a-z-]+[:{]|\s)", r"\1", path.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    text = "\n".join(line for line in text.splitlines() if not re.match(r"\s*#", line) and "`" not in line)
    path.write_text(text.replace("pipeline: pipeline.yaml", "pipeline: pipeline.yaml\n"), encoding="utf-8")
    found = written(here)
    assert found.triggers.poll == 60
    assert found.signing.required
    assert found.operations[0].schedule == "0 3 * * *"


def test_it_is_not_replaced_unless_that_is_wanted(here):
    here.file("holkas.yaml", "project: mine\n")
    assert here("init").code == 2
    assert (here.directory / "holkas.yaml").read_text(encoding="utf-8") == "project: mine\n"
    assert here("init", "--force").code == 0
    assert "environments:" in (here.directory / "holkas.yaml").read_text(encoding="utf-8")
    assert sorted(path.name for path in here.directory.glob("*holkas.yaml*")) == ["holkas.yaml"]


def test_pipelines_are_found(here):
    here.file("tasks/lint.yaml", TASK)
    here.file(".tekton/deep/build.yaml", PIPELINE)
    here.file("broken.yaml", "a: [")
    here.file("chart/values.yaml", "a: 1")
    said = here("init")
    assert "pipeline: .tekton/deep/build.yaml" in said.err
    found = written(here).pipeline
    assert (found.file, found.workspace) == (".tekton/deep/build.yaml", "shared")


def test_applications_become_environments_in_their_usual_order(here):
    for name in ("prod", "dev", "staging"):
        here.file(f"config/{name}.yaml", APPLICATION.format(name=name))
    (here.directory / "mine").mkdir()
    here.monkeypatch.chdir(here.directory / "mine")
    assert here("init", "--from", str(here.directory / "config")).code == 0
    found = load_definition(here.directory / "mine" / "holkas.yaml", here.directory / "mine")
    assert [stage.name for stage in found.stages] == ["dev", "staging", "prod"]
    assert found.stages[0].pull.repository == "https://example.org/config.git"
    assert [stage.pull.path for stage in found.stages] == [
        "overlays/dev",
        "overlays/staging",
        "overlays/prod",
    ]
    assert [stage.environment.gate.kind.value for stage in found.stages] == [
        "automatic",
        "automatic",
        "manual",
    ]


def test_a_directory_that_is_not_there_is_an_error(here):
    assert here("init", "--from", "nowhere").code == 2


@pytest.mark.parametrize("text", ["no", "1e3", "0x1", "a: b", "# a", "*a", "ä", "a b", "null", "~", "-"])
def test_words_that_mean_something_else_are_quoted(text):
    assert load_documents(Source("x", f"key: {scalar(text)}\n".encode()))[0].value == {"key": text}


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1))
def test_whatever_files_are_called_it_is_yaml(name):
    found = Found(
        pipelines=(
            FoundPipeline(file=name, kind="Pipeline", name=name, workspaces=(name,)),
            FoundPipeline(file=name, kind="Task", name=name),
        ),
        environments=(FoundEnvironment(name="dev", repository=name, branch=name, path=name),),
    )
    value = load_documents(Source("holkas.yaml", starting_file("shop", found).encode()))[0].value
    assert value["pipeline"]["file"] == name
    assert value["environments"][0]["pull"]["repository"] == name
