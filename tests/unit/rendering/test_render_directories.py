"""Plain directories: which files are read, and what is made of them."""

import pytest

from tests.rendering_projects import CONFIG_MAP, application, write


def names(manifests):
    return [one["metadata"]["name"] for one in manifests]


def cm(name):
    return CONFIG_MAP.format(name=name, value=1)


def test_documents_lists_and_json_in_order(project):
    files = {
        "app/b.yaml": cm("b1") + "---\n" + cm("b2"),
        "app/a.json": '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}}',
        "app/c.yml": "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: c}}\n",
        "app/empty.yaml": "apiVersion: v1\nkind: ConfigMapList\nitems: null\n",
        "app/values.yaml": "image: x\n",
        "app/notes.txt": "kind: x",
        "app/broken.yaml": "{{ template }}",
        "app/skipped.yaml": "# +argocd:skip-file-rendering\n" + cm("skipped"),
        "app/sub/d.yaml": cm("d"),
    }
    made = project(files)
    assert names(made.manifests({"path": "app"})) == ["a", "b1", "b2", "c"]
    assert names(made.manifests({"path": "app", "directory": {"recurse": True}}))[-1] == "d"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"include": "*.yml"}, ["b"]),
        ({"exclude": "a*"}, ["b"]),
        ({"include": "{a,b}.*", "exclude": "b.*"}, ["a"]),
        ({"recurse": True, "include": "sub/*"}, ["c"]),
        ({"recurse": True, "exclude": "**/*"}, ["a", "b"]),
    ],
)
def test_include_and_exclude(project, options, expected):
    made = project({"app/a.yaml": cm("a"), "app/b.yml": cm("b"), "app/sub/c.yaml": cm("c")})
    assert names(made.manifests({"path": "app", "directory": options})) == expected


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("x.json", "{} {}", "R107"),
        ("x.json", "{", "R107"),
        ("x.json", "[1]", "R107"),
        ("x.yaml", "apiVersion: v1\nkind: X\nmetadata: {name: [", "R107"),
        ("x.yaml", cm("a") + "---\napiVersion: v1\nmetadata: {name: b}\n", "R107"),
        ("x.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n", "R108"),
        ("x.yaml", "kind: ConfigMap\nmetadata: {name: a}\n", "R108"),
        ("x.yaml", "apiVersion: v1\nkind: List\nitems: [1]\n", "R108"),
    ],
)
def test_what_is_no_manifest(project, file, text, code):
    assert project({f"app/{file}": text}).failure({"path": "app"})[0] == code


def test_a_broken_json_file_is_not_quoted(project):
    assert "hunter2" not in project({"app/x.json": "hunter2 {"}).failure({"path": "app"})[1]


def test_blocks_that_say_nothing_make_no_type(project):
    source = {"path": "app", "helm": {"parameters": []}, "kustomize": {}, "directory": {"recurse": False}}
    found = project({"app/a.yaml": CONFIG_MAP}).manifests(source)
    assert [one["kind"] for one in found] == ["ConfigMap"]


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ({"path": "nowhere"}, "R103"),
        ({"path": "app/a.yaml"}, "R103"),
        ({"path": "/app"}, "R102"),
        ({"path": "../x"}, "R102"),
        ({}, "R101"),
        ({"path": "app", "helm": {"version": "v3"}, "kustomize": {"namePrefix": "x"}}, "R105"),
        ({"path": "app", "targetRevision": "nowhere"}, "R140"),
        ({"path": "app", "targetRevision": "--upload-pack=x"}, "R140"),
        (
            {"path": "app", "repoURL": "https://example.invalid/x", "chart": "c", "targetRevision": "1.0.0"},
            "R140",
        ),
        ({"path": "app", "targetRevision": "7.*"}, "R141"),
    ],
)
def test_sources_that_cannot_be_rendered(project, source, code):
    assert project({"app/a.yaml": cm("a")}).failure(source)[0] == code


def test_the_last_of_a_resource_stays_and_it_is_told(project):
    made = project(
        {
            "app/a.yaml": CONFIG_MAP.format(name="x", value=1),
            "app/b.yaml": CONFIG_MAP.format(name="x", value=2),
        }
    )
    rendered = made.one({"path": "app"})
    assert [one.manifest["data"] for one in rendered.resources()] == [{"value": "2"}]
    assert [finding.code for finding in rendered.findings] == ["R150"]
    assert made.one({"path": "app"}).findings == rendered.findings


def test_namespaces_and_tracking(project):
    crd = (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: things.x.io}\n"
        "spec: {group: x.io, scope: Cluster, names: {kind: Thing}}\n---\n"
        "apiVersion: x.io/v1\nkind: Thing\nmetadata: {name: t}\n---\n"
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: r, namespace: wrong}\n---\n"
        "apiVersion: other.io/v1\nkind: Thing\nmetadata: {name: o, namespace: own}\n"
    )
    found = project({"app/a.yaml": crd + "---\n" + cm("c")}).manifests({"path": "app"})
    assert [one["metadata"].get("namespace") for one in found] == [None, None, None, "own", "ns"]
    tracked = [one["metadata"].get("annotations", {}).get("argocd.argoproj.io/tracking-id") for one in found]
    assert tracked[0] is None
    assert tracked[1] == "app:x.io/Thing:ns/t"
    assert tracked[3:] == ["app:other.io/Thing:own/o", "app:/ConfigMap:ns/c"]


def test_applications_of_other_namespaces_have_longer_names(project):
    made = project({"app/a.yaml": cm("c")})
    manifest = application("app", {"path": "app"}, namespace="team")
    assert "team_app:/ConfigMap:ns/c" in made.render(manifest)[0].text


def test_overrides_beside_the_manifests(project):
    files = {
        "app/a.yaml": cm("a"),
        "app/b.yaml": cm("b"),
        "app/.argocd-source.yaml": "directory: {exclude: a.yaml}\npath: elsewhere\nrepoURL: https://example.invalid\n",
    }
    made = project(files)
    assert names(made.manifests({"path": "app"})) == ["b"]
    write(made.root, {"app/.argocd-source-app.yaml": "directory: {exclude: null, include: a.yaml}\n"})
    assert names(made.manifests({"path": "app"})) == ["a"]
    write(made.root, {"app/.argocd-source-app.yaml": "[]"})
    assert made.failure({"path": "app"})[0] == "R106"


def test_jsonnet(project, jsonnet):
    files = {
        "app/main.jsonnet": (
            "local lib = import 'lib.libsonnet'; local far = import 'far.libsonnet';\n"
            "function(top) [{apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: n}, "
            "data: {a: std.extVar('a'), b: std.toString(std.extVar('b')), top: top}} for n in [lib.name, far.name]]"
        ),
        "app/lib.libsonnet": "{name: 'near'}",
        "libs/far.libsonnet": "{name: 'far'}",
    }
    options = {
        "jsonnet": {
            "libs": ["libs"],
            "extVars": [
                {"name": "a", "value": "$ARGOCD_APP_NAME"},
                {"name": "b", "value": "1+1", "code": True},
            ],
            "tlas": [{"name": "top", "value": "t"}],
        }
    }
    made = project(files)
    found = made.manifests({"path": "app", "directory": options})
    assert names(found) == ["near", "far"]
    assert found[0]["data"] == {"a": "app", "b": "2", "top": "t"}
    assert made.one({"path": "app", "directory": options}).cached
    write(made.root, {"libs/far.libsonnet": "{name: 'farther'}"})
    assert names(made.manifests({"path": "app", "directory": options})) == ["near", "farther"]


def test_jsonnet_that_fails(project, jsonnet):
    code, message = project({"app/a.jsonnet": "error 'no luck'"}).failure({"path": "app"})
    assert code == "R110"
    assert "no luck" in message
