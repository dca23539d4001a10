"""``holkas proj``, and lint, schema and explain of Argo CD's documents."""

from __future__ import annotations

import pytest

FILE = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {name: team, namespace: argocd}
spec:
  description: what the team may do
  sourceRepos: ['https://example.com/*']
  destinations: [{server: 'https://kubernetes.default.svc', namespace: 'team-*'}]
  syncWindows:
  - {kind: deny, schedule: '0 22 * * *', duration: 8h, timeZone: Europe/Berlin, applications: ['*'], manualSync: true}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  project: team
  source: {repoURL: https://example.com/web, path: deploy}
  destination: {name: in-cluster, namespace: team-web}
"""
STRANGE = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: strange, namespace: argocd}
spec:
  project: team
  source: {repoURL: https://evil.example/web, path: deploy}
  destination: {name: in-cluster, namespace: team-web}
---
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: other, namespace: argocd}
spec:
  project: platform
  source: {repoURL: https://example.com/web, path: deploy}
  destination: {name: in-cluster, namespace: team-web}
"""
NIGHT, DAY = "2026-01-01T22:00:00Z", "2026-01-01T12:00:00"


@pytest.fixture
def shell(holkas):
    holkas.file("argocd/project.yaml", FILE)
    return holkas


def test_list(shell) -> None:
    (item,) = shell("proj", "list", "argocd", "-o", "json").json["items"]
    assert (item["name"], item["windows"], item["applications"]) == ("team", 1, 1)
    assert shell("proj", "list", "argocd", "-o", "name").out == "team\n"
    assert "what the team may do" in shell("proj", "list", "argocd").out


def test_get(shell) -> None:
    said = shell("proj", "get", "team", "argocd", "--at", NIGHT)
    assert said.code == 0
    assert "https://example.com/*" in said.out
    assert "2026-01-02T05:00:00+00:00" in said.out
    (window,) = shell("proj", "get", "team", "argocd", "--at", DAY, "-o", "json").json["windows"]
    assert (window["active"], window["opens"], window["closes"]) == (False, "2026-01-01T21:00:00+00:00", None)


def test_get_of_a_project_that_is_not_there(shell) -> None:
    said = shell("proj", "get", "taem", "argocd")
    assert said.code == 2
    assert "did you mean team?" in said.err


def test_a_time_that_is_none(shell) -> None:
    said = shell("proj", "get", "team", "argocd", "--at", "noon")
    assert (said.code, "noon is no time" in said.err) == (2, True)


def test_check_of_what_is_permitted(shell) -> None:
    said = shell("proj", "check", "argocd", "--at", DAY, "-o", "json")
    assert said.code == 0
    (item,) = said.json["items"]
    assert (item["permitted"], item["sync"], item["reasons"]) == ("yes", "open", [])
    assert "by hand" in shell("proj", "check", "argocd", "--at", NIGHT).out


def test_check_of_what_is_not(shell) -> None:
    shell.file("argocd/strange.yaml", STRANGE)
    said = shell("proj", "check", "argocd", "--at", DAY, "-o", "json")
    assert said.code == 1
    found = {item["name"]: (item["permitted"], item["sync"]) for item in said.json["items"]}
    assert found == {"web": ("yes", "open"), "strange": ("no", "open"), "other": ("unknown", "unknown")}
    assert (
        "application repo https://evil.example/web is not permitted" in shell("proj", "check", "argocd").out
    )


def test_files_with_errors_are_refused_with_their_findings(shell) -> None:
    shell.file("argocd/bad.yaml", FILE.replace("deny", "never"))
    said = shell("proj", "list", "argocd")
    assert said.code == 1
    assert "error[A310]" in said.err
    assert "argocd/bad.yaml:9" in said.err


def test_lint_explain_and_schema_know_argo_cd(shell) -> None:
    path = shell.file("app.yaml", STRANGE.replace("repoURL", "repoUrl"))
    said = shell("lint", str(path))
    assert said.code == 1
    assert "error[A010]" in said.out
    assert "did you mean `repoURL`?" in said.out
    assert shell("lint", "--fix", str(path)).code == 0
    assert "repoURL: https://evil.example/web" in path.read_text()
    assert "InvalidSpecError" in shell("explain", "A104").out
    assert shell("schema", "AppProject").json["title"] == "AppProject (argoproj.io/v1alpha1)"
    assert "Application\targoproj.io/v1alpha1" in shell("schema", "--list").out


def test_a_run_of_an_application_is_refused_with_a_sentence(shell) -> None:
    said = shell("run", "argocd/project.yaml")
    assert said.code == 2
    assert "asks for no run" in said.err
