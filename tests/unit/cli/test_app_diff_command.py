"""``holkas app diff``: two revisions, every form, exit codes."""

import json

import pytest
from holkas.cli.app import rendered_difference
from holkas.extensions.renderer import RenderedApplication

from tests.rendering_projects import CONFIG_MAP, commit, git, manifest_text, repository, write


def cm(name, value=1):
    return CONFIG_MAP.format(name=name, value=value)


SECRET = (
    "apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\nstringData: {{same: x, password: {password}}}\n"
)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Three Applications at ``main``, and a branch ``topic`` where one is changed, one new and one gone."""
    files = {f"apps/{name}.yaml": manifest_text(name, {"path": name}) for name in ("one", "two", "gone")}
    files |= {f"{name}/cm.yaml": cm(name) for name in ("one", "two", "new", "gone")}
    files["one/secret.yaml"] = SECRET.format(password="hunter2")
    root = repository(tmp_path / "p", files)
    git(root, "checkout", "-q", "-b", "topic")
    write(root, {"one/cm.yaml": cm("one", "```"), "one/secret.yaml": SECRET.format(password="hunter3")})
    write(root, {"apps/new.yaml": manifest_text("new", {"path": "new"}), "README.md": "x"})
    (root / "apps" / "gone.yaml").unlink()
    commit(root)
    monkeypatch.chdir(root)
    monkeypatch.setenv("HOLKAS_STATE_DIR", str(tmp_path / "state"))
    return root


@pytest.fixture
def run(here, capfd):
    from holkas.cli.main import main

    def call(*words):
        code = main(["app", "diff", *words])
        said = capfd.readouterr()
        return code, said.out, said.err

    return call


def test_what_differs(run):
    code, out, _ = run("--all", "--base", "main")
    assert code == 1
    assert [line for line in out.splitlines() if line.startswith("=====")] == [
        "===== gone /ConfigMap:ns/gone removed",
        "===== new /ConfigMap:ns/new added",
        "===== one /ConfigMap:ns/one changed",
        "===== one /Secret:ns/s changed",
    ]
    assert "hunter" not in out
    assert run("--all", "--base", "main", "-o", "name")[1].split() == ["gone", "new", "one"]
    assert run("two", "one", "--base", "main", "--revision", "topic", "-o", "name")[1].split() == ["one"]


def test_nothing_differs(run):
    assert run("--all", "--base", "topic") == (0, "", "")
    assert run("two", "--base", "main")[0] == 0
    assert run("--all", "--base", "topic", "-o", "markdown")[1] == "No Application differs from `topic`.\n"


def test_as_json(run):
    listed = json.loads(run("one", "--base", "main", "-o", "json")[1])
    assert listed["kind"] == "ApplicationDifferenceList"
    first = listed["items"][0]["resources"][0]
    assert (first["name"], first["fate"]) == ("/ConfigMap:ns/one", "changed")
    assert (first["before"]["data"], first["after"]["data"]) == ({"value": "1"}, {"value": "```"})


def test_a_comment_for_a_pull_request(run, monkeypatch):
    text = run("--all", "--base", "main", "-o", "markdown")[1]
    assert "| one | 0 | 2 | 0 |" in text
    assert "````diff" in text
    assert text.count("<details>") == 3
    monkeypatch.setattr(rendered_difference, "MAX_COMMENT", 700)
    text = run("--all", "--base", "main", "-o", "markdown")[1]
    assert "too long to be shown" in text
    assert len(text) < 800


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--base", "main"), "--all"),
        (("--all", "one", "--base", "main"), "--all"),
        (("none", "--base", "main"), "no Application none"),
        (("--all", "--base", "nowhere"), "no revision"),
        (("--all",), "--base"),
    ],
)
def test_wrong_usage(run, words, said):
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err


def test_one_that_cannot_be_rendered_is_no_difference(run, here):
    write(here, {"apps/bad.yaml": manifest_text("bad", {"path": "nowhere"})})
    code, out, err = run("--all", "--base", "main")
    assert (code, out) == (2, "")
    assert "R103" in err


def test_the_same_digest_is_not_read():
    same = RenderedApplication(name="a", text="no: [yaml", digest="1", names=("x",))
    assert list(rendered_difference.differences([same], [same])) == []
