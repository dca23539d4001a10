"""Changes are made in the text: comments, order and everything else stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from textwrap import dedent

import pytest
from holkas.model.application import Application
from holkas.model.project import Project
from holkas.model.sync_policy import Automated, SyncPolicy
from holkas.yaml import Source, load_documents
from holkas_compat.argocd.reader import read_application, read_project
from holkas_compat.argocd.writer import rewrite

TEXT = dedent(
    """\
    # the shop
    apiVersion: argoproj.io/v1alpha1
    kind: Application
    metadata: {name: web}   # short
    spec:
      destination:
        namespace: shop   # theirs
        name: prod
      project: ''
      source:
        targetRevision: v1   # promoted by hand
        repoURL: "https://example.com/web"
        path: deploy
      syncPolicy:
        # nobody but us
        syncOptions:
        - CreateNamespace=true   # needed
    ---
    other: document
    """
)


def changed(text: str, change: Callable[[Application], Application]) -> str:
    source = Source("web.yaml", text.encode())
    document = load_documents(source)[0]
    made = rewrite(source, document, change(read_application(document.value)))
    again = load_documents(made)[0].value
    assert read_application(again) == change(read_application(document.value))
    return made.data.decode()


def revision(application: Application) -> Application:
    return replace(application, sources=(replace(application.sources[0], revision="v2"),))


def test_one_field_changes_one_line() -> None:
    assert changed(TEXT, revision) == TEXT.replace("targetRevision: v1 ", "targetRevision: v2 ")


def test_nothing_changes_nothing() -> None:
    assert changed(TEXT, lambda application: application) == TEXT


def test_what_is_new_is_added_and_what_is_gone_is_removed() -> None:
    def automated(application: Application) -> Application:
        policy = SyncPolicy(automated=Automated(prune=True), options=application.policy.options)
        return replace(
            application, sync_policy=policy, destination=replace(application.destination, namespace="")
        )

    made = changed(TEXT, automated)
    assert "automated:\n" in made
    assert "# promoted by hand" in made
    assert "namespace: shop" not in made
    assert made.endswith("---\nother: document\n")


def test_a_list_that_grows_is_written_anew_alone() -> None:
    def options(application: Application) -> Application:
        return replace(
            application, sync_policy=SyncPolicy(options=("CreateNamespace=true", "PruneLast=true"))
        )

    made = changed(TEXT, options)
    assert "PruneLast=true" in made
    assert "# promoted by hand" in made


@pytest.mark.parametrize(
    "text", [TEXT.replace("spec:", "spec: &all"), TEXT.replace("path: deploy", "path: &p deploy")]
)
def test_anchors_are_no_hindrance(text: str) -> None:
    assert "v2" in changed(text, revision)


def test_a_part_that_was_never_written_is_written_anew() -> None:
    text = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\n"
    made = changed(text, lambda application: replace(application, project="team"))
    assert "project: team" in made


def test_projects_too() -> None:
    text = "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: a}  # ours\nspec: {description: old}\n"
    source = Source("a.yaml", text.encode())
    document = load_documents(source)[0]
    project: Project = replace(read_project(document.value), description="new")
    assert rewrite(source, document, project).data.decode() == text.replace("old", "new")
