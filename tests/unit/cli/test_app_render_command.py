"""``holkas app render``: what is rendered, in which form, and what is said when it cannot be."""

import json

import pytest

from tests.rendering_projects import CONFIG_MAP, git, manifest_text, repository, write


def cm(name, value=1):
    return CONFIG_MAP.format(name=name, value=value)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A project with two Applications, one of which brings the other along; commands run in it."""
    files = {
        "root.yaml": manifest_text("root", {"path": "apps"}),
        "apps/one.yaml": manifest_text("one", {"path": "one"}),
        "one/cm.yaml": cm("one") + "---\n" + cm("two"),
    }
    root = repository(tmp_path / "p", files)
    monkeypatch.chdir(root)
    monkeypatch.setenv("HOLKAS_STATE_DIR", str(tmp_path / "state"))
    return root


@pytest.fixture
def run(here, capfd):
    """Runs ``app render`` with words: exit code, standard output, standard error."""
    from holkas.cli.main import main

    def call(*words):
        code = main(["app", "render", *words])
        said = capfd.readouterr()
        return code, said.out, said.err

    return call


def test_everything_in_every_form(run):
    code, text, _ = run("--all")
    assert code == 0
    assert text.count("\n---\n") == 2
    assert run("--all", "-o", "name")[1].splitlines() == [
        "one /ConfigMap:ns/one",
        "one /ConfigMap:ns/two",
        "root argoproj.io/Application:argocd/one",
    ]
    listed = json.loads(run("--all", "-o", "json")[1])
    assert [one["name"] for one in listed["items"]] == ["one", "root"]
    assert [one["kind"] for one in listed["items"][0]["resources"]] == ["ConfigMap", "ConfigMap"]


def test_files_and_names_give_the_same(run):
    by_name, by_file = run("one"), run("apps/one.yaml")
    assert by_name == by_file
    assert by_name[0] == 0
    assert run("apps")[1] == by_file[1]


def test_a_revision(run, here):
    write(here, {"one/cm.yaml": cm("changed")})
    assert run("one", "-o", "name")[1] == "one /ConfigMap:ns/changed\n"
    assert (
        run("one", "--revision", "HEAD", "-o", "name")[1] == "one /ConfigMap:ns/one\none /ConfigMap:ns/two\n"
    )
    assert (
        run("apps/one.yaml", "--revision", git(here, "rev-parse", "HEAD"), "-o", "name")[1].count("\n") == 2
    )


def test_values_and_parameters(run, here):
    pytest.importorskip("helm_python", reason="needs helm-python-sdk")
    write(
        here,
        {
            "chart/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
            "chart/templates/a.yaml": cm(
                "x", "{{ .Values.a }}{{ .Values.b }}{{ .Capabilities.KubeVersion.Minor }}"
            ),
            "app.yaml": manifest_text("chart", {"path": "chart"}),
            "more.yaml": "a: A\nb: B\n",
        },
    )
    code, out, err = run("app.yaml", "-f", "more.yaml", "-p", "b=C", "--kube-version", "1.29.0")
    assert (code, err) == (0, "")
    assert "AC29" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--all"),
        (("--all", "one"), "--all"),
        (("ones",), "close: one"),
        (("one/cm.yaml",), "no Application"),
        (("--all", "--revision", "nowhere"), "no revision"),
        (("--all", "--revision", "--x"), "cannot name"),
        (("one", "-p", "x"), "NAME=VALUE"),
        (("one", "-f", "nowhere.yaml"), "nowhere.yaml"),
        (("one", "-f", "one/cm.yaml"), "one mapping"),
    ],
)
def test_wrong_usage(run, words, said):
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err


def test_one_that_fails_does_not_hide_the_others(run, here):
    write(here, {"apps/bad.yaml": manifest_text("bad", {"path": "nowhere"})})
    code, out, err = run("--all", "-o", "name")
    assert code == 1
    assert "one /ConfigMap:ns/one" in out
    assert "R103" in err
    assert "bad" in err


def test_warnings_are_told_and_nothing_fails(run, here):
    write(here, {"one/again.yaml": cm("one")})
    code, _, err = run("one")
    assert code == 0
    assert "R150" in err


def test_codes_are_explained(here, capfd):
    from holkas.cli.main import main

    for code in ("R103", "R150"):
        assert main(["explain", code]) == 0
    assert "Argo CD" in capfd.readouterr().out
