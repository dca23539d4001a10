"""The programs give what the libraries give, byte for byte; skipped where a program is not on the path."""

import shutil

import pytest
from holkas_compat.argocd.rendering.kustomize import build
from holkas_compat.argocd.rendering.workers import Workers

from tests.rendering_projects import Project

pytestmark = pytest.mark.service

TEMPLATES = {
    "cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n"
    "data:\n  values: {{ toJson .Values | quote }}\n  kube: {{ .Capabilities.KubeVersion.Version }}\n"
    '  api: {{ .Capabilities.APIVersions.Has "x.io/v1" | quote }}\n  ns: {{ .Release.Namespace }}\n',
    "a-job.yaml": "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: hook\n"
    "  annotations: {helm.sh/hook: post-install, helm.sh/hook-weight: '2'}\n",
    "test.yaml": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: tested\n  annotations: {helm.sh/hook: test}\n",
    "b.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n---\n# nothing\n---\n"
    "apiVersion: v1\nkind: Namespace\nmetadata: {name: made}\n",
    "NOTES.txt": "notes",
    "_helpers.tpl": '{{ define "x" }}x{{ end }}',
}
CRD = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.b.c}\n"
CHART = {
    "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies: [{name: d, version: 1.0.0}]\n",
    "c/values.yaml": "a: default\nlist: [1, 2.5, true]\n",
    "c/crds/crd.yaml": CRD,
    "c/charts/d/Chart.yaml": "apiVersion: v2\nname: d\nversion: 1.0.0\n",
    "c/charts/d/crds/crd.yaml": CRD.replace("a.b.c", "d.b.c"),
    "c/charts/d/templates/cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: of-d}\n",
    **{f"c/templates/{name}": text for name, text in TEMPLATES.items()},
}


@pytest.fixture
def without_library(monkeypatch):
    """Makes the worker say that the library of helm is not installed."""
    if not shutil.which("helm"):
        pytest.skip("needs the program helm on the path")
    ask = Workers.ask

    def hide():
        def answer(self, request):
            return {"absent": True} if request["op"] == "helm" else ask(self, request)

        monkeypatch.setattr(Workers, "ask", answer)

    return hide


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"skipCrds": True, "skipTests": True},
        {
            "releaseName": "other",
            "namespace": "elsewhere",
            "kubeVersion": "1.31.2",
            "apiVersions": ["x.io/v1"],
        },
        {"values": "a: {b: [c]}\n", "parameters": [{"name": "list[0]", "value": "007", "forceString": True}]},
    ],
)
def test_charts(project, tmp_path, without_library, options):
    pytest.importorskip("helm_python", reason="needs helm-python-sdk")
    made = project(CHART)
    by_library = made.one({"path": "c", "helm": options})
    without_library()
    by_program = Project(made.root, tmp_path / "other").one({"path": "c", "helm": options})
    assert not by_library.failed, by_library.findings
    assert by_program.findings == by_library.findings
    assert by_program.text == by_library.text
    assert not by_program.cached


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("c/templates/bad.yaml", '{{ fail "no" }}\n', "R115"),
        ("c/Chart.yaml", CHART["c/Chart.yaml"].replace("name: d,", "name: gone,"), "R116"),
        ("c/values.schema.json", '{"required": ["z"]}', "R115"),
    ],
)
def test_charts_that_fail(project, tmp_path, without_library, file, text, code):
    without_library()
    failed, message = project({**CHART, file: text}).failure({"path": "c"})
    assert failed == code
    assert str(tmp_path) not in message


def test_kustomizations(project, tmp_path, monkeypatch):
    ways = {name: shutil.which(name) for name in ("kustomize", "kubectl")}
    if not all(ways.values()):
        pytest.skip("needs the programs kustomize and kubectl on the path")
    files = {
        "k/kustomization.yaml": "resources: [web.yaml]\nnamePrefix: p-\nlabels: [{pairs: {a: b}}]\n"
        "images: [{name: nginx, newTag: '2'}]\nreplicas: [{name: web, count: 3}]\n"
        "configMapGenerator: [{name: g, literals: [a=b, 'c=1']}]\n"
        "patches: [{target: {kind: Deployment}, patch: '- {op: add, path: /spec/paused, value: true}'}]\n",
        "k/web.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n"
        "    spec:\n      containers: [{name: c, image: 'nginx:1', envFrom: [{configMapRef: {name: g}}]}]\n",
    }
    made = project(files)
    found = []
    for name, command in (("kustomize", "build"), ("kubectl", "kustomize")):
        words = (ways[name], command)
        monkeypatch.setattr(build, "program", lambda words=words: words)
        rendered = Project(made.root, tmp_path / name).one({"path": "k"})
        assert not rendered.failed, rendered.findings
        found.append(rendered.text)
    assert found[0] == found[1]
    assert "p-web" in found[0]
