"""The operations of the worker, called without a process around them; and helm as a program."""

import json
import os
import subprocess
import sys

import pytest
from holkas_compat.argocd.rendering import worker
from holkas_compat.argocd.rendering.failure import RenderFailure
from holkas_compat.argocd.rendering.helm import library, program
from holkas_compat.argocd.rendering.jsonnet_library import evaluate

from tests.rendering_projects import CONFIG_MAP, write

CHART = {
    "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
    "c/templates/cm.yaml": CONFIG_MAP.format(name="{{ .Release.Name }}", value="{{ .Values.a }}"),
    "c/crds/x.yaml": "kind: CustomResourceDefinition\n",
}


def helm_request(chart, **more):
    return {
        "op": "helm", "chart": str(chart), "values": json.dumps({"a": 1}), "name": "r", "namespace": "n",
        "kube_version": "v1.30.0", "api_versions": [], **more,
    }  # fmt: skip


def jsonnet_request(root, file, **more):
    empty = {key: {} for key in ("ext_vars", "ext_codes", "tla_vars", "tla_codes")}
    return {"op": "jsonnet", "root": str(root), "file": file, "paths": [""], **empty, **more}


class Direct:
    """Workers without processes."""

    def ask(self, request):
        return worker.OPERATIONS[request["op"]](dict(request))


def test_a_chart(tmp_path, helm):
    pytest.importorskip("helm_python", reason="needs helm-python-sdk")
    write(tmp_path, CHART)
    answer = library.render(helm_request(tmp_path / "c"))
    assert "name: r" in answer["templates"]["c/templates/cm.yaml"]
    assert answer["crds"] == ["kind: CustomResourceDefinition\n"]
    write(
        tmp_path,
        {"c/Chart.yaml": CHART["c/Chart.yaml"] + "dependencies: [{name: d, version: 1, repository: ''}]\n"},
    )
    assert library.render(helm_request(tmp_path / "c")) == {"missing": ["d"]}
    assert "error" in library.render(helm_request(tmp_path / "nowhere"))


def test_without_the_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "helm_python", None)
    monkeypatch.setitem(sys.modules, "_gojsonnet", None)
    assert library.render(helm_request("c")) == {"absent": True}
    assert "gojsonnet" in evaluate(jsonnet_request("/", "x"))["error"]


def test_jsonnet(tmp_path, jsonnet):
    write(tmp_path, {"a.jsonnet": "import 'lib/b'", "lib/b": "{b: std.extVar('v')}", "bad.jsonnet": "{"})
    answer = evaluate(jsonnet_request(tmp_path, "a.jsonnet", ext_vars={"v": "1"}))
    assert json.loads(answer["text"]) == {"b": "1"}
    assert answer["read"] == ["a.jsonnet", "lib/b"]
    assert "bad.jsonnet" in evaluate(jsonnet_request(tmp_path, "bad.jsonnet"))["error"]
    assert "no match" in evaluate(jsonnet_request(tmp_path, "none.jsonnet"))["error"]


def test_imports_that_are_too_large(tmp_path, jsonnet, monkeypatch):
    from holkas_compat.argocd.rendering import jsonnet_library

    monkeypatch.setattr(jsonnet_library, "MAX_IMPORT", 3)
    write(tmp_path, {"a.jsonnet": "{   }"})
    assert "larger" in evaluate(jsonnet_request(tmp_path, "a.jsonnet"))["error"]


def run(*words, **more):
    request = {
        "op": "run",
        "words": list(words),
        "directory": "/",
        "environ": {"PATH": os.environ["PATH"]},
        **more,
    }
    return worker.OPERATIONS["run"](request)


def test_programs(monkeypatch):
    assert run("sh", "-c", "echo out; echo err >&2; exit 3") == {"code": 3, "text": "out\n", "said": "err\n"}
    assert "cannot be started" in run("/nowhere")["error"]
    monkeypatch.setattr(worker, "MAX_OUTPUT", 1000)
    assert "prints more" in run("sh", "-c", "yes | head -c 100000")["error"]


def test_the_loop_of_a_worker():
    requests = [
        {"op": "run", "words": ["echo", word], "directory": "/", "environ": {"PATH": os.environ["PATH"]}}
        for word in "ab"
    ]
    given = b"".join(b"%d\n%s" % (len(data), data) for data in (json.dumps(one).encode() for one in requests))
    done = subprocess.run(
        [sys.executable, "-m", worker.__name__], input=given, capture_output=True, timeout=60
    )
    assert done.returncode == 0
    assert done.stdout.count(b'"text"') == 2


@pytest.fixture
def fake_helm(tmp_path, monkeypatch):
    """A program ``helm`` that does what ``$0.says`` says."""

    def make(script):
        write(tmp_path / "bin", {"helm": f"#!/bin/sh\n{script}\n"})
        (tmp_path / "bin" / "helm").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")

    return make


def test_helm_as_a_program(tmp_path, fake_helm):
    write(tmp_path, CHART)
    words = tmp_path / "words"
    crds = '[ "$1 $2" = "show crds" ] && { echo "kind: CustomResourceDefinition"; exit; }'
    fake_helm(f'{crds}; echo "$@" > {words}; echo "kind: X"')
    request = helm_request(tmp_path / "c", api_versions=["x/v1"])
    answer = program.template(request, tmp_path / "c", Direct(), tmp_path)
    assert answer == {"templates": {"templates": "kind: X\n"}, "crds": ["kind: CustomResourceDefinition\n"]}
    assert words.read_text().startswith(
        f"template {tmp_path}/c --name-template r --namespace n --kube-version v1.30.0"
    )
    assert words.read_text().endswith("--api-versions x/v1\n")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("echo 'Error: no luck' >&2; exit 1", {"error": "no luck"}),
        (
            "echo 'Error: found in Chart.yaml, but missing in charts/ directory: a, b' >&2; exit 1",
            {"missing": ["a", "b"]},
        ),
    ],
)
def test_helm_that_fails(tmp_path, fake_helm, script, expected):
    fake_helm(script)
    assert program.template(helm_request(tmp_path), tmp_path, Direct(), tmp_path) == expected


def test_helm_whose_definitions_cannot_be_had(tmp_path, fake_helm):
    write(tmp_path, {**CHART, "c/crds/x.yaml": "kind: X\n"})
    fake_helm('[ "$1" = show ] && { echo "no crds" >&2; exit 1; }; echo "kind: X"')
    request = helm_request(tmp_path / "c")
    assert program.template(request, tmp_path / "c", Direct(), tmp_path) == {"error": "no crds"}


def test_neither_library_nor_program(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RenderFailure, match="neither is installed") as failure:
        program.template(helm_request(tmp_path), tmp_path, Direct(), tmp_path)
    assert failure.value.code == "R117"
    assert "holkas[helm]" in failure.value.hint
