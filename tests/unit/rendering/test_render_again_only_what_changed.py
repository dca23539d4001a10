"""The cache: what is rendered again after a change, and that the outcome is the same everywhere."""

import os
import shutil
import subprocess
import sys

import pytest
from holkas_compat.argocd.rendering.application import generate_path

from tests.rendering_projects import CONFIG_MAP, Project, commit, git, manifest_text, repository, write


def cm(name, value=1):
    return CONFIG_MAP.format(name=name, value=value)


@pytest.fixture
def three(project):
    """Three Applications: two plain ones and one that brings the others along."""
    return project(
        {
            "apps/one.yaml": manifest_text("one", {"path": "one"}),
            "apps/two.yaml": manifest_text("two", {"path": "two", "targetRevision": "main"}),
            "root.yaml": manifest_text("root", {"path": "apps"}),
            "one/cm.yaml": cm("one"),
            "two/cm.yaml": cm("two"),
        }
    )


def test_everything_of_a_repository(three):
    found = three.everything()
    assert sorted(found) == ["one", "root", "two"]
    assert found["one"].names == ("/ConfigMap:ns/one",)
    assert found["one"].revisions == (git(three.root, "rev-parse", "HEAD"),)


def test_a_second_time_comes_from_the_cache(three):
    first = three.everything()
    second = three.everything()
    assert all(one.cached for one in second.values())
    assert {name: one.text for name, one in first.items()} == {name: one.text for name, one in second.items()}


def test_a_change_touches_only_what_reads_it(three):
    three.everything()
    write(three.root, {"one/cm.yaml": cm("one", 2), "README.md": "x"})
    found = three.everything()
    assert {name: one.cached for name, one in found.items()} == {"one": False, "two": True, "root": True}
    assert "'2'" in found["one"].text or '"2"' in found["one"].text
    commit(three.root)
    assert all(one.cached for one in three.everything().values())


def test_uncommitted_files_are_seen_and_the_repository_stays_as_it_is(three):
    write(
        three.root,
        {"one/new.yaml": cm("new"), ".gitignore": "ignored.yaml\n", "one/ignored.yaml": cm("ignored")},
    )
    before = git(three.root, "status", "--porcelain")
    assert sorted(three.everything()["one"].names) == ["/ConfigMap:ns/new", "/ConfigMap:ns/one"]
    assert git(three.root, "status", "--porcelain") == before


def test_another_revision(three):
    old = git(three.root, "rev-parse", "HEAD")
    write(three.root, {"one/cm.yaml": cm("changed")})
    commit(three.root)
    assert three.everything()["one"].names == ("/ConfigMap:ns/changed",)
    assert three.everything(revision=old)["one"].names == ("/ConfigMap:ns/one",)
    assert three.everything(revision="HEAD~1")["one"].cached


def test_a_pinned_source_stays_at_its_revision(project):
    made = project({"one/cm.yaml": cm("old")})
    git(made.root, "tag", "v1.0.0")
    write(made.root, {"one/cm.yaml": cm("new")})
    commit(made.root)
    git(made.root, "tag", "v2.0.0")
    source = {"path": "one", "targetRevision": "v1.0.0"}
    assert made.manifests(source)[0]["metadata"]["name"] == "old"
    assert made.manifests(source, revision="v2.0.0")[0]["metadata"]["name"] == "old"
    assert made.manifests({"path": "one", "targetRevision": "1.*"})[0]["metadata"]["name"] == "old"
    assert made.manifests({"path": "one", "targetRevision": ">=1"})[0]["metadata"]["name"] == "new"
    assert (
        made.manifests({"path": "one", "targetRevision": "refs/heads/main"})[0]["metadata"]["name"] == "new"
    )


def test_the_project_is_known_by_the_names_of_its_remotes(project):
    made = project({"one/cm.yaml": cm("one")})
    git(made.root, "remote", "add", "origin", "https://github.com/Org/repo.git")
    for url in (
        "https://github.com/org/repo",
        "git@github.com:org/repo.git",
        "ssh://git@github.com/org/repo",
    ):
        assert made.manifests({"repoURL": url, "path": "one"})
    assert made.failure({"repoURL": "https://github.com/org/other", "path": "one"})[0] == "R140"


def test_what_depends_on_the_commit_is_rendered_for_each(project, jsonnet):
    options = {"jsonnet": {"extVars": [{"name": "r", "value": "$ARGOCD_APP_REVISION"}]}}
    code = "{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 'x'}, data: {r: std.extVar('r')}}"
    made = project({"one/a.jsonnet": code})
    source = {"path": "one", "directory": options}
    first = made.manifests(source)[0]["data"]["r"]
    second = commit(made.root)
    assert first != second
    assert made.manifests(source)[0]["data"]["r"] == second


def test_the_authors_paths_are_trusted(project):
    made = project({"one/cm.yaml": cm("one"), "one/notes.yaml": "a: 1\n", "shared/x": "1"})
    from tests.rendering_projects import application

    key = "argocd.argoproj.io/manifest-generate-paths"
    manifest = application("app", {"path": "one"}, annotations={key: "./cm.yaml;/shared"})
    assert not made.render(manifest)[0].cached
    write(made.root, {"one/notes.yaml": "a: 2\n"})
    assert made.render(manifest)[0].cached
    write(made.root, {"shared/x": "2"})
    assert not made.render(manifest)[0].cached


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".", "apps/x"),
        ("..", "apps"),
        ("/shared", "shared"),
        ("/a/*/c.yaml", "a"),
        ("*.yaml", "apps/x"),
        ("/", ""),
    ],
)
def test_paths_of_the_annotation(path, expected):
    assert generate_path("apps/x", path) == expected


def test_a_damaged_cache_is_rendered_again(three):
    three.everything()
    for path in (three.state / "renders").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:20])
    found = three.everything()
    assert not found["one"].failed
    assert not found["one"].cached


def test_a_failure_does_not_keep_the_others_from_being_rendered(three):
    write(three.root, {"one/cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n"})
    found = three.everything()
    assert {name: one.failed for name, one in found.items()} == {"one": True, "two": False, "root": False}
    write(three.root, {"one/cm.yaml": cm("one")})
    assert not three.everything()["one"].failed


def test_a_directory_that_is_no_repository(tmp_path):
    root = write(
        tmp_path / "p", {"one/cm.yaml": cm("one"), "app.yaml": manifest_text("one", {"path": "one"})}
    )
    made = Project(root, tmp_path / "s")
    assert not made.everything()["one"].cached
    assert made.everything()["one"].cached
    write(root, {"one/cm.yaml": cm("two")})
    assert made.everything()["one"].names == ("/ConfigMap:ns/two",)


RENDER = """
import sys
from pathlib import Path
from tests.rendering_projects import Project
found = Project(Path(sys.argv[1]), Path(sys.argv[2])).everything()
assert not any(one.failed or one.cached for one in found.values()), found
sys.stdout.write("".join(one.text for one in found.values()))
"""


def test_the_same_commit_gives_the_same_bytes_anywhere(tmp_path, helm, jsonnet, kustomize):
    chart = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: h}\ndata: {{ .Values | toJson }}\n"
    files = {
        "apps/h.yaml": manifest_text(
            "h", {"path": "h", "helm": {"parameters": [{"name": "z", "value": "1"}]}}
        ),
        "apps/j.yaml": manifest_text("j", {"path": "j"}),
        "apps/k.yaml": manifest_text("k", {"path": "k", "kustomize": {"commonLabels": {"a": "1", "b": "2"}}}),
        "apps/d.yaml": manifest_text("d", {"path": "d", "directory": {"recurse": True}}),
        "h/Chart.yaml": "apiVersion: v2\nname: h\nversion: 1.0.0\n",
        "h/values.yaml": "b: 1\na: {d: 1, c: 2}\n",
        "h/templates/cm.yaml": chart,
        "j/a.jsonnet": "{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: std.thisFile}, data: {b: '', a: ''}}",
        "k/kustomization.yaml": "configMapGenerator: [{name: k, literals: [b=1, a=2]}]\n",
        **{f"d/{name}/cm.yaml": cm(name) for name in ("z", "a", "m")},
    }
    first = repository(tmp_path / "first", files)
    second = tmp_path / "a different and longer place"
    shutil.copytree(first, second)
    texts = []
    for number, root in enumerate((first, second)):
        environ = {
            "PATH": os.environ["PATH"], "PYTHONHASHSEED": str(number), "TZ": ("UTC", "Asia/Tokyo")[number],
            "HOME": str(tmp_path / f"home{number}"), "LANG": ("C", "C.UTF-8")[number], "COLUMNS": str(40 + number),
        }  # fmt: skip
        words = [sys.executable, "-c", RENDER, str(root), str(tmp_path / f"state{number}")]
        done = subprocess.run(words, env=environ, capture_output=True, timeout=120, cwd=os.getcwd())
        assert done.returncode == 0, done.stderr.decode()
        texts.append(done.stdout)
    assert texts[0] == texts[1]
    assert texts[0].count(b"kind: ConfigMap") == 6


SET = """
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: each, namespace: argocd}
spec:
  goTemplate: true
  generators:
  - git: {repoURL: ., revision: HEAD, directories: [{path: teams/*}]}
  template:
    metadata: {name: "{{ .path.basename }}"}
    spec:
      project: default
      destination: {server: https://x, namespace: "{{ .path.basename }}"}
      source: {repoURL: ., path: "{{ .path.path }}", targetRevision: HEAD}
"""


def test_application_sets_are_rendered_through(project):
    made = project({"set.yaml": SET, "teams/a/cm.yaml": cm("a"), "teams/b/cm.yaml": cm("b")})
    assert sorted(made.everything()) == ["a", "b"]
    write(made.root, {"teams/c/cm.yaml": cm("c")})
    found = made.everything()
    assert {name: one.cached for name, one in found.items()} == {"a": True, "b": True, "c": False}
    assert found["c"].names == ("/ConfigMap:c/c",)


def test_a_set_that_is_wrong_is_told(project):
    made = project({"set.yaml": SET.replace("repoURL: ., revision", "repoURL: ./nowhere, revision")})
    assert made.everything()["each"].failed


def test_what_the_project_forbids_is_not_rendered(three):
    project = (
        "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: default, namespace: argocd}\n"
        "spec: {sourceRepos: ['*'], destinations: [{server: 'https://x', namespace: other}]}\n"
    )
    write(three.root, {"project.yaml": project})
    found = three.everything()
    assert [finding.code for finding in found["root"].findings] == ["R160"]
    assert all(one.failed for one in found.values())
    write(three.root, {"project.yaml": project.replace("other", "'*'")})
    assert not any(one.failed for one in three.everything().values())


def test_a_new_tag_is_seen_though_no_file_changed(project):
    made = project(
        {"app.yaml": manifest_text("app", {"path": "one", "targetRevision": "1.*"}), "one/cm.yaml": cm("old")}
    )
    git(made.root, "tag", "v1.0.0")
    assert made.everything()["app"].names == ("/ConfigMap:ns/old",)
    write(made.root, {"one/cm.yaml": cm("new")})
    commit(made.root)
    assert made.everything()["app"].cached
    git(made.root, "tag", "v1.1.0")
    assert made.everything()["app"].names == ("/ConfigMap:ns/new",)


def test_another_branch_is_seen_though_no_file_changed(project):
    made = project(
        {
            "app.yaml": manifest_text("app", {"path": "one", "targetRevision": "main"}),
            "one/cm.yaml": cm("old"),
        }
    )
    write(made.root, {"one/cm.yaml": cm("new")})
    assert made.everything()["app"].names == ("/ConfigMap:ns/new",)
    git(made.root, "checkout", "-q", "-b", "topic")
    assert made.everything()["app"].names == ("/ConfigMap:ns/old",)


def test_a_directory_elsewhere_is_looked_at_each_time(project, tmp_path):
    other = write(tmp_path / "other", {"one/cm.yaml": cm("old")})
    made = project({"app.yaml": manifest_text("app", {"repoURL": str(other), "path": "one"})})
    assert made.everything()["app"].names == ("/ConfigMap:ns/old",)
    assert made.everything()["app"].cached
    write(other, {"one/cm.yaml": cm("new")})
    assert made.everything()["app"].names == ("/ConfigMap:ns/new",)
