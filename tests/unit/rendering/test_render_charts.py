"""Charts: values from everywhere, options, dependencies, helm's order."""

import json

import pytest
from holkas.extensions.renderer import RenderOptions
from holkas_compat.argocd.rendering.helm.impure import difference
from holkas_compat.argocd.rendering.helm.output import printed
from holkas_compat.argocd.rendering.helm.values import merged

from tests.file_server import serving
from tests.made_archives import archive, file
from tests.rendering_projects import application, repository, write

TEMPLATE = """apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
data:
  values: {{ omit .Values "global" | toJson | quote }}
  kube: {{ .Capabilities.KubeVersion.Version }}
  api: {{ .Capabilities.APIVersions.Has "x.io/v1" | quote }}
"""
CHART = {
    "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
    "c/values.yaml": "a: default\nb: default\n",
    "c/templates/cm.yaml": TEMPLATE,
    "c/templates/NOTES.txt": "notes",
}

pytestmark = pytest.mark.usefixtures("helm")


def values(manifests):
    return json.loads(manifests[0]["data"]["values"])


def test_precedence_of_values(project):
    files = {
        **CHART,
        "c/one.yaml": "a: one\nb: one\nc: one\n",
        "shared/two.yaml": "b: two\nc: two\n",
    }
    helm = {
        "valueFiles": ["one.yaml", "../shared/two.yaml"],
        "values": "c: inline\nd: inline\n",
        "parameters": [
            {"name": "d", "value": "$ARGOCD_APP_NAME"},
            {"name": "n", "value": "1", "forceString": True},
        ],
    }
    made = project(files)
    expected = {"a": "one", "b": "two", "c": "inline", "d": "app", "n": "1"}
    assert values(made.manifests({"path": "c", "helm": helm})) == expected
    more = made.manifests({"path": "c", "helm": helm}, values=({"c": "cli"},), parameters={"d": "x,y"})
    assert values(more) == {**expected, "c": "cli", "d": "x,y"}


def test_globs_of_value_files(project):
    files = {**CHART, "c/v/1.yaml": "a: 1\n", "c/v/2.yaml": "a: 2\n", "c/v/d/3.yaml": "a: 3\n"}
    made = project(files)
    assert values(made.manifests({"path": "c", "helm": {"valueFiles": ["v/*.yaml"]}}))["a"] == 2
    assert values(made.manifests({"path": "c", "helm": {"valueFiles": ["/c/v/**/*.yaml"]}}))["a"] == 3
    assert values(made.manifests({"path": "c", "helm": {"valueFiles": ["v/2.yaml", "v/*.yaml"]}}))["a"] == 1
    assert made.failure({"path": "c", "helm": {"valueFiles": ["v/x*.yaml"]}})[0] == "R111"
    write(made.root, {"c/v/9.yaml": "a: 9\n"})
    assert values(made.manifests({"path": "c", "helm": {"valueFiles": ["v/*.yaml"]}}))["a"] == 9


def test_missing_value_files(project):
    made = project(CHART)
    helm = {"valueFiles": ["none.yaml", "no*.yaml"]}
    assert made.failure({"path": "c", "helm": helm})[0] == "R111"
    helm["ignoreMissingValueFiles"] = True
    assert values(made.manifests({"path": "c", "helm": helm}))["a"] == "default"
    write(made.root, {"c/none.yaml": "a: here\n"})
    assert values(made.manifests({"path": "c", "helm": helm}))["a"] == "here"


def test_values_of_another_source(project):
    files = {**CHART, "env/prod.yaml": "a: prod\n", "env/key.txt": "k,e=y"}
    sources = [
        {"path": "c", "helm": {
            "valueFiles": ["$env/env/prod.yaml"], "fileParameters": [{"name": "key", "path": "$env/env/key.txt"}]
        }},
        {"ref": "env"},
    ]  # fmt: skip
    made = project(files)
    assert values(made.manifests(sources)) == {"a": "prod", "b": "default", "key": "k,e=y"}
    assert made.one(sources).cached
    write(made.root, {"env/prod.yaml": "a: new\n"})
    assert values(made.manifests(sources))["a"] == "new"


@pytest.mark.parametrize(
    ("helm", "code"),
    [
        ({"valueFiles": ["../../x.yaml"]}, "R102"),
        ({"valueFiles": ["https://example.invalid/v.yaml"]}, "R114"),
        ({"valueFiles": ["templates/NOTES.txt"]}, "R111"),
        ({"parameters": [{"name": "a[x]", "value": "1"}]}, "R112"),
        ({"fileParameters": [{"name": "a", "path": "none"}]}, "R111"),
        ({"releaseName": "-x"}, "R115"),
        ({"releaseName": "x" * 54}, "R115"),
        ({"kubeVersion": "new"}, "R115"),
    ],
)
def test_options_that_cannot_be(project, helm, code):
    assert project(CHART).failure({"path": "c", "helm": helm})[0] == code


def test_release_and_cluster(project):
    helm = {"releaseName": "r", "namespace": "other", "kubeVersion": "1.30.0", "apiVersions": ["x.io/v1"]}
    made = project(CHART)
    found = made.manifests({"path": "c", "helm": helm})[0]
    assert (found["metadata"]["name"], found["metadata"]["namespace"]) == ("r", "other")
    assert (found["data"]["kube"], found["data"]["api"]) == ("v1.30.0", "true")
    plain = made.manifests({"path": "c"}, kube_version="1.29", api_versions=("x.io/v1",))[0]
    assert plain["metadata"]["name"] == "app"
    assert plain["data"]["kube"].startswith("v1.29")


def test_crds_hooks_and_tests(project):
    files = {
        **CHART,
        "c/crds/x.yaml": "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x.y}\n",
        "c/templates/test.yaml": (
            "apiVersion: v1\nkind: Pod\nmetadata: {name: t, annotations: {helm.sh/hook: test}}\n"
        ),
        "c/templates/_helpers.tpl": '{{ define "x" }}{{ end }}',
    }
    made = project(files)
    assert [one["kind"] for one in made.manifests({"path": "c"})] == [
        "CustomResourceDefinition",
        "ConfigMap",
        "Pod",
    ]
    helm = {"skipCrds": True, "skipTests": True}
    assert [one["kind"] for one in made.manifests({"path": "c", "helm": helm})] == ["ConfigMap"]


def test_missing_dependencies_are_told(project):
    files = {
        **CHART,
        "c/Chart.yaml": CHART["c/Chart.yaml"]
        + "dependencies: [{name: d, version: 1, repository: 'https://x'}]\n",
    }
    code, message = project(files).failure({"path": "c"})
    assert code == "R116"
    assert message.endswith(": d")


def test_dependencies_in_the_same_repository(project):
    files = {
        **CHART,
        "c/Chart.yaml": CHART["c/Chart.yaml"]
        + "dependencies: [{name: d, version: 1.0.0, repository: 'file://../d'}]\n",
        "d/Chart.yaml": "apiVersion: v2\nname: d\nversion: 1.0.0\n",
        "d/templates/s.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: of-d}\n",
    }
    made = project(files)
    assert [one["kind"] for one in made.manifests({"path": "c"})] == ["Secret", "ConfigMap"]
    write(made.root, {"d/templates/s.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: of-d}\n"})
    assert [one["kind"] for one in made.manifests({"path": "c"})] == ["ConfigMap", "Service"]


def test_dependencies_of_a_helm_repository(tmp_path, helm):
    import hashlib

    from holkas.plugins import Context
    from holkas_builtin.sources.helm_repository import HelmRepositoryFetcher
    from holkas_builtin.sources.local import LocalFetcher
    from holkas_compat.argocd.rendering.renderer import ArgoRenderer

    manifest = "apiVersion: v1\nkind: Secret\nmetadata: {name: of-d}\n"
    chart = archive(
        file("d/Chart.yaml", "apiVersion: v2\nname: d\nversion: 1.2.0\n"),
        file("d/templates/s.yaml", manifest),
    )
    entry = {"version": "1.2.0", "urls": ["d.tgz"], "digest": hashlib.sha256(chart).hexdigest()}
    bodies = {"/index.yaml": json.dumps({"entries": {"d": [entry]}}).encode(), "/d.tgz": chart}
    with serving(lambda path, headers: (200, {}, bodies[path])) as host:
        wanted = f"dependencies: [{{name: d, version: ^1.0.0, repository: 'http://{host}'}}]\n"
        root = repository(tmp_path / "p", {**CHART, "c/Chart.yaml": CHART["c/Chart.yaml"] + wanted})
        context = Context(project=root, state=tmp_path / "s")

        def render():
            renderer = ArgoRenderer(context, [LocalFetcher(context), HelmRepositoryFetcher(context)])
            try:
                return next(iter(renderer.render([application("app", {"path": "c"})], RenderOptions())))
            finally:
                renderer.close()

        assert [finding.code for finding in render().findings] == ["R116"]
        write(root, {"c/Chart.lock": wanted.replace("^1.0.0", "1.2.0")})
        assert render().names == ("/Secret:ns/of-d", "/ConfigMap:ns/app")
        assert render().cached


def test_schemas_of_values(project):
    schema = '{"type": "object", "properties": {"a": {"type": "integer"}}}'
    made = project({**CHART, "c/values.schema.json": schema})
    code, message = made.failure({"path": "c"})
    assert code == "R115"
    assert str(made.state) not in message
    assert made.manifests({"path": "c", "helm": {"skipSchemaValidation": True}})


def test_charts_that_fail(project):
    assert (
        project({**CHART, "c/templates/bad.yaml": '{{ fail "no luck" }}'})
        .failure({"path": "c"})[1]
        .endswith("no luck")
    )


def test_a_library_chart_gives_nothing(project):
    made = project({**CHART, "c/Chart.yaml": CHART["c/Chart.yaml"] + "type: library\n"})
    assert made.failure({"path": "c"})[0] == "R115"


def test_a_chart_that_is_none(project):
    assert project({"c/x.yaml": ""}).failure({"path": "c", "helm": {"version": "v3"}})[0] == "R115"


def test_helms_order():
    kinds = ["Deployment", "Zebra", "Service", "Apple", "Namespace"]
    templates = {
        f"c/templates/{kind}.yaml": f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: x}}\n" for kind in kinds
    }
    hook = "apiVersion: v1\nkind: Job\nmetadata: {name: h, annotations: {helm.sh/hook: 'pre-install, odd'}}\n"
    templates["c/templates/hook.yaml"] = hook
    found = printed(templates, (), skip_crds=False, skip_tests=False)
    assert [one["kind"] for one in found] == ["Namespace", "Service", "Deployment", "Apple", "Zebra"]


def test_null_stays_in_merged_values():
    assert merged({"a": {"b": 1, "c": 2}}, {"a": {"b": None}}) == {"a": {"b": None, "c": 2}}


SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  list: [a, {p: '%s'}]\n"


def random_chart(call, **more):
    return {**CHART, "c/templates/s.yaml": SECRET % call, **more}


def test_charts_that_give_something_else_each_time_are_refused(project):
    made = project(random_chart("{{ .Values.p | default (randAlphaNum 9) }}"))
    code, message = made.failure({"path": "c"})
    assert (code, "Secret/s: stringData.list.1.p" in message, "randAlphaNum" in message) == (
        "R153",
        True,
        True,
    )
    assert made.one({"path": "c", "helm": {"parameters": [{"name": "p", "value": "x"}]}}).findings == ()


def test_charts_that_give_something_else_can_be_allowed(project):
    made = project(random_chart("{{ uuidv4 }}"))
    for _ in range(2):
        rendered = made.one({"path": "c"}, allow_impure=True)
        assert [(finding.code, finding.fields) for finding in rendered.findings] == [("R151", ("uuidv4",))]
    assert rendered.cached
    made.options = {"impure": "allow"}
    assert not made.one({"path": "c"}).failed


def test_the_time_may_be_another_tomorrow(project):
    made = project(random_chart('{{ now | date "2006" }}{{/* uuidv4 */}}{{ $.Values.shuffle }}'))
    rendered = made.one({"path": "c"})
    assert [(finding.code, finding.fields) for finding in rendered.findings] == [("R151", ("now",))]


def test_what_dependencies_call_counts(project):
    inner = archive(
        file("d/Chart.yaml", "apiVersion: v2\nname: d\nversion: 1.0.0\n"),
        file("d/templates/s.yaml", SECRET % "{{ randAlpha 9 }}"),
    )
    made = project({**CHART, "c/charts/d-1.0.0.tgz": inner, "c/files/broken.tgz": "x"})
    assert made.failure({"path": "c"})[0] == "R153"


@pytest.mark.parametrize(
    ("second", "place"),
    [
        ([{"kind": "A", "metadata": None}], ""),
        ([{"kind": "A", "metadata": {"name": "x"}}], "A/: metadata"),
        ([], "the number of manifests"),
    ],
)
def test_where_two_renders_differ(second, place):
    assert difference([{"kind": "A", "metadata": None}], second) == place
