"""A repository that means harm gains nothing: no file from outside, no program, no endless time or memory."""

import os
import subprocess
import sys

import pytest
from holkas_compat.argocd.rendering.failure import RenderFailure
from holkas_compat.argocd.rendering.workers import Workers

from tests.rendering_projects import CONFIG_MAP, commit, git, write

SECRET = "hunter2-of-the-machine"
CHART = {"c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n"}


@pytest.fixture
def outside(tmp_path):
    """A file that no repository may read."""
    path = tmp_path / "outside"
    path.write_text(f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: {SECRET}\n")
    return path


@pytest.fixture
def quick_workers(monkeypatch):
    """Workers that are given two seconds."""
    from holkas_compat.argocd.rendering import workers

    original = workers.Workers.__init__
    monkeypatch.setattr(workers.Workers, "__init__", lambda self: original(self, 1, 2.0))


def link(made, name, target):
    place = made.root / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target)
    commit(made.root)


@pytest.mark.parametrize("committed", [True, False])
@pytest.mark.parametrize("name", ["app/x.yaml", "c/templates/x.yaml", "c/files/x", "k/x.yaml"])
def test_links_out_of_the_tree(project, outside, helm, name, committed):
    made = project({**CHART, "app/a.yaml": CONFIG_MAP, "k/kustomization.yaml": "resources: [x.yaml]\n"})
    link(made, name, outside)
    revision = "HEAD" if committed else ""
    rendered = made.one({"path": name.split("/")[0]}, revision=revision)
    assert rendered.failed
    assert SECRET not in rendered.text + str(rendered.findings)
    assert rendered.findings[0].code == "R140"


def test_links_through_links(project, outside):
    made = project({"app/a.yaml": CONFIG_MAP, "deep/er/x": ""})
    (made.root / "up").symlink_to(".")
    link(made, "app/x.yaml", f"../up/../{outside.name}")
    assert made.failure({"path": "app"})[0] == "R140"


def test_a_directory_that_is_a_link_out(project, tmp_path):
    made = project({"README.md": ""})
    write(tmp_path / "elsewhere", {"a.yaml": CONFIG_MAP.format(name=SECRET, value=1)})
    link(made, "app", tmp_path / "elsewhere")
    rendered = made.one({"path": "app"})
    assert rendered.failed
    assert SECRET not in rendered.text


def test_links_inside_are_followed(project):
    made = project({"shared/a.yaml": CONFIG_MAP.format(name="shared", value=1), "app/.keep": ""})
    link(made, "app/a.yaml", "../shared/a.yaml")
    assert made.one({"path": "app"}).names == ("/ConfigMap:ns/shared",)
    write(made.root, {"shared/a.yaml": CONFIG_MAP.format(name="other", value=1)})
    assert made.one({"path": "app"}).names == ("/ConfigMap:ns/other",)


def test_a_link_to_itself(project):
    made = project({"app/a.yaml": CONFIG_MAP.format(name="a", value=1)})
    link(made, "app/loop.yaml", "loop.yaml")
    rendered = made.one({"path": "app"})
    assert rendered.failed or rendered.names == ("/ConfigMap:ns/a",)


@pytest.mark.parametrize(
    "code",
    [
        "import '/etc/passwd'",
        "importstr '../../../../etc/passwd'",
        "importstr '../outside'",
        "importbin '../outside'",
    ],
)
def test_jsonnet_imports_of_elsewhere(project, outside, jsonnet, code):
    made = project(
        {"a.jsonnet": f"{{apiVersion: 'v1', kind: 'X', metadata: {{name: std.toString({code})}}}}"}
    )
    rendered = made.one({"path": "."})
    assert rendered.failed
    assert SECRET not in str(rendered.findings)
    assert rendered.findings[0].code == "R110"


def test_jsonnet_libraries_of_elsewhere(project, jsonnet):
    options = {"jsonnet": {"libs": ["../../etc"]}}
    assert project({"a.jsonnet": "{}"}).failure({"path": ".", "directory": options})[0] == "R102"


@pytest.mark.parametrize(
    "code",
    [
        "local f(n) = f(n + 1); {a: f(0)}",
        "std.foldl(function(a, b) a + a, std.range(1, 60), 'xxxxxxxx')",
        "local f(n) = if n == 0 then [] else [f(n - 1), f(n - 1)]; std.length(std.flattenDeepArray(f(60)))",
    ],
)
def test_jsonnet_without_an_end(project, quick_workers, jsonnet, code):
    rendered = project({"a.jsonnet": code}).one({"path": "."})
    assert rendered.failed
    assert rendered.findings[0].code in ("R104", "R110")


@pytest.mark.parametrize(
    "template",
    [
        "{{ range until 2000000000 }}x{{ end }}",
        '{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}',
        '{{ $x := "xxxxxxxxxxxxxxxx" }}{{ range until 60 }}{{ $x = print $x $x }}{{ end }}{{ $x }}',
    ],
)
def test_charts_without_an_end(project, quick_workers, helm, template):
    made = project({**CHART, "c/templates/x.yaml": template})
    rendered = made.one({"path": "c"})
    assert rendered.failed
    assert rendered.findings[0].code in ("R104", "R115")
    write(made.root, {"c/templates/x.yaml": CONFIG_MAP.format(name="fine", value=1)})
    assert made.one({"path": "c"}).names == ("/ConfigMap:ns/fine",)


@pytest.mark.parametrize(
    "template",
    [
        '{{ env "HOME" }}',
        '{{ expandenv "$HOME" }}',
        '{{ .Files.Get "../../outside" | fail }}',
        '{{ getHostByName "localhost" | fail }}',
    ],
)
def test_charts_see_nothing_of_the_machine(project, outside, helm, template):
    rendered = project({**CHART, "c/templates/x.yaml": template}).one({"path": "c"})
    assert rendered.failed
    assert SECRET not in str(rendered.findings)
    assert os.environ["HOME"] not in str(rendered.findings)
    assert "127.0.0.1" not in str(rendered.findings)


def test_yaml_bombs(project):
    lines = ["a: &a [x,x,x,x,x,x,x,x,x,x]"]
    for before, name in zip("abcdefgh", "bcdefghi", strict=True):
        lines.append(f"{name}: &{name} [{','.join(['*' + before] * 10)}]")
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bomb}\n" + "\n".join(lines) + "\n"
    assert project({"app/a.yaml": text}).failure({"path": "app"})[0] == "R107"
    assert (
        project({"app/a.yaml": "kind: metadata: apiVersion: " + "[" * 100_000}).failure({"path": "app"})[0]
        == "R107"
    )


def test_deep_json(project):
    assert project({"app/a.json": "[" * 200_000}).failure({"path": "app"})[0] == "R107"


def test_manifests_that_are_too_many(project, monkeypatch):
    from holkas_compat.argocd.rendering import directory, manifests

    made = project({f"app/{n}.yaml": CONFIG_MAP.format(name=f"n{n}", value=1) for n in range(4)})
    monkeypatch.setattr(manifests, "MAX_RESOURCES", 3)
    assert made.failure({"path": "app"})[0] == "R104"
    monkeypatch.setattr(manifests, "MAX_RESOURCES", 100)
    monkeypatch.setattr(directory, "MAX_COMBINED", 100)
    assert made.failure({"path": "app"})[0] == "R104"


def test_files_that_are_too_large(project, monkeypatch):
    from holkas_compat.argocd.rendering import inputs

    monkeypatch.setattr(inputs, "MAX_FILE", 10)
    assert project({"app/a.yaml": CONFIG_MAP}).failure({"path": "app"})[0] == "R104"


@pytest.mark.parametrize(
    "source",
    [
        {"targetRevision": "--upload-pack=touch x"},
        {"targetRevision": "-h"},
        {"targetRevision": "HEAD:app"},
        {"targetRevision": "a\nb"},
        {"repoURL": "--upload-pack=touch x"},
        {"repoURL": "ext::sh -c touch% x"},
        {"repoURL": "-x"},
        {"repoURL": "file:///nowhere/../--x"},
    ],
)
def test_options_in_place_of_names(project, source):
    made = project({"app/a.yaml": CONFIG_MAP})
    assert made.failure({"path": "app", **source})[0] == "R140"
    assert not (made.root / "x").exists()


def test_submodules_are_left_out(project, tmp_path):
    made = project({"app/a.yaml": CONFIG_MAP.format(name="a", value=1)})
    identity = "1" * 40
    write(made.root, {".gitmodules": '[submodule "m"]\n\tpath = app/m\n\turl = --upload-pack=touch x\n'})
    git(made.root, "add", ".gitmodules")
    git(made.root, "update-index", "--add", "--cacheinfo", f"160000,{identity},app/m")
    git(made.root, "commit", "-q", "-m", "m")
    found = made.one({"path": "app", "directory": {"recurse": True}}, revision="HEAD")
    assert found.names == ("/ConfigMap:ns/a",)
    assert made.failure({"path": "app/m"}, revision="HEAD")[0] == "R103"


def test_attributes_of_git_change_nothing(project):
    made = project(
        {
            ".gitattributes": "*.yaml export-ignore filter=evil text eol=crlf ident\n",
            "app/a.yaml": CONFIG_MAP.format(name="a", value="$Id$"),
        }
    )
    git(made.root, "config", "filter.evil.smudge", "touch proof; cat")
    assert made.manifests({"path": "app"}, revision="HEAD")[0]["data"]["value"] == "$Id$"
    assert not (made.root / "proof").exists()


def test_hooks_of_git_do_not_run(project):
    made = project({"app/a.yaml": CONFIG_MAP.format(name="a", value=1)})
    hook = write(made.root / ".git" / "hooks", {"post-index-change": f"#!/bin/sh\ntouch {made.root}/proof\n"})
    (hook / "post-index-change").chmod(0o755)
    write(made.root, {"app/a.yaml": CONFIG_MAP.format(name="b", value=1)})
    assert made.one({"path": "app"}).names == ("/ConfigMap:ns/b",)
    assert not (made.root / "proof").exists()


def test_plugins_run_only_where_they_are_allowed(project, tmp_path):
    script = (
        write(
            tmp_path, {"run.sh": '#!/bin/sh\nprintf "$MANIFEST" "$ARGOCD_ENV_NAME" "$PARAM_SIZE" "$SECRET"\n'}
        )
        / "run.sh"
    )
    script.chmod(0o755)
    manifest = "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: %s}\\ndata: {size: %s, secret: x%s}\\n"
    plugin = {
        "name": "mine",
        "env": [{"name": "NAME", "value": "$ARGOCD_APP_NAME"}],
        "parameters": [
            {"name": "size", "string": "big"},
            {"name": "l", "array": ["a"]},
            {"name": "m", "map": {"k": "v"}},
        ],
    }
    made = project({"app/a.txt": "x"})
    assert made.failure({"path": "app", "plugin": plugin})[0] == "R130"
    made.plugins = {"mine": ["env", f"MANIFEST={manifest}", str(script)]}
    found = made.manifests({"path": "app", "plugin": plugin})[0]
    assert found["metadata"]["name"] == "app"
    assert found["data"] == {"size": "big", "secret": "x"}
    made.plugins = {"mine": ["sh", "-c", "echo no luck >&2; exit 3"]}
    code, message = made.failure({"path": "app", "plugin": plugin})
    assert code == "R130"
    assert message.endswith("ended with 3: no luck")
    made.plugins = {"mine": ["/nowhere"]}
    assert made.failure({"path": "app", "plugin": plugin})[0] == "R130"


def test_a_worker_that_dies_is_replaced():
    workers = Workers(1, 10.0)
    try:
        words = [sys.executable, "-c", "import os, signal; os.kill(os.getppid(), signal.SIGKILL)"]
        with pytest.raises(RenderFailure, match="memory"):
            workers.ask({"op": "run", "words": words, "directory": "/", "environ": {}})
        answer = workers.ask(
            {"op": "run", "words": ["echo", "x"], "directory": "/", "environ": {"PATH": os.environ["PATH"]}}
        )
        assert answer["text"] == "x\n"
    finally:
        workers.close()


def test_programs_that_print_without_an_end():
    workers = Workers(1, 30.0)
    try:
        answer = workers.ask(
            {"op": "run", "words": ["yes"], "directory": "/", "environ": {"PATH": os.environ["PATH"]}}
        )
        assert "64 MiB" in answer["error"]
    finally:
        workers.close()


def test_programs_take_their_children_with_them():
    workers = Workers(1, 1.0)
    marker = f"holkas-test-{os.getpid()}"
    words = ["sh", "-c", f"sh -c 'sleep 300; : {marker}' & wait"]
    with pytest.raises(RenderFailure, match="longer"):
        workers.ask({"op": "run", "words": words, "directory": "/", "environ": {"PATH": os.environ["PATH"]}})
    workers.close()
    assert marker not in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
