"""How resources are marked: by annotation, by label, by both, as argocd-cm or holkas.yaml says."""

import pytest
from holkas.gitops.identity import Tracking, TrackingMethod
from holkas.gitops.instance_label import LEGACY_LABEL, labelled, shortened
from holkas.plugins import Context
from holkas_builtin.sources.local import LocalFetcher
from holkas_compat.argocd.rendering.renderer import ArgoRenderer
from holkas_compat.argocd.rendering.tracking_settings import tracking_of
from hypothesis import given
from hypothesis import strategies as st

from tests.rendering_projects import application, manifest_text, repository

CRD = """apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: x.x
spec: {group: x, scope: Namespaced, names: {kind: X}}
"""
RESOURCES = {"app/cm.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n", "app/crd.yaml": CRD}
IDS = {"argocd.argoproj.io/tracking-id": "app:/ConfigMap:ns/c"}


def settings(**data):
    lines = "".join(f"  {key}: {value}\n" for key, value in data.items())
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: argocd-cm\ndata:\n{lines}"


def method(value, **data):
    return settings(**{"application.resourceTrackingMethod": value}, **data)


def marks(project):
    made = project.manifests({"path": "app"})
    by_kind = {one["kind"]: one["metadata"] for one in made}
    assert "labels" not in by_kind["CustomResourceDefinition"]
    assert "annotations" not in by_kind["CustomResourceDefinition"]
    return by_kind["ConfigMap"].get("annotations"), by_kind["ConfigMap"].get("labels")


def test_by_default_and_for_words_that_are_no_method_it_is_the_annotation(project):
    assert marks(project(RESOURCES)) == (IDS, None)
    assert marks(project({**RESOURCES, "argocd/cm.yaml": method("ribbon")})) == (IDS, None)


def test_argocd_cm_among_the_files_says_how(project, tmp_path):
    label = {"app.kubernetes.io/instance": "app"}
    made = project({**RESOURCES, "argocd/cm.yaml": method("label", installationID="here")})
    assert marks(made) == (None, label)
    (made.root / "argocd/cm.yaml").write_text(method("annotation+label", installationID="here"))
    assert marks(made) == ({**IDS, "argocd.argoproj.io/installation-id": "here"}, label)
    (made.root / "argocd/cm.yaml").write_text(
        method("label", **{"application.instanceLabelKey": "example.org/app"})
    )
    assert marks(made) == (None, {"example.org/app": "app"})


def test_installations_that_contradict_each_other_leave_the_default(project):
    files = {**RESOURCES, "a/cm.yaml": method("label"), "b/cm.yaml": method("annotation+label")}
    assert marks(project(files)) == (IDS, None)


def test_what_only_looks_like_settings_says_nothing(project):
    other = method("label").replace("name: argocd-cm", "name: other-argocd-cm")
    broken = method("label") + "  [\n"
    secret = method("label").replace("kind: ConfigMap", "kind: Secret # no ConfigMap")
    listed = "apiVersion: v1\nkind: ConfigMap\nmetadata: argocd-cm\n"
    files = {"a.yaml": other, "b.yaml": broken, "c.yaml": secret, "d.yaml": listed}
    assert marks(project({**RESOURCES, **files})) == (IDS, None)


def test_holkas_yaml_wins_and_what_is_declared_says_it(tmp_path):
    files = {
        **RESOURCES,
        "cm.yaml": method("annotation"),
        "apps/a.yaml": manifest_text("app", {"path": "app"}),
    }
    root = repository(tmp_path / "project", files)
    option = {"method": "label", "label": "x"}
    context = Context(project=root, state=tmp_path / "state", options={"tracking": option})
    renderer = ArgoRenderer(context, [LocalFetcher(context)])
    try:
        from holkas.extensions.renderer import RenderOptions

        found = renderer.render_declared(RenderOptions())
    finally:
        renderer.close()
    assert found.tracking == Tracking(method=TrackingMethod.LABEL, label="x")
    made = {one.manifest["kind"]: one.manifest for one in found.applications[0].resources()}
    assert made["ConfigMap"]["metadata"]["labels"] == {"x": "app"}


def test_a_change_of_the_method_renders_again(project):
    made = project(
        {**RESOURCES, "cm.yaml": method("label"), "apps/a.yaml": manifest_text("app", {"path": "app"})}
    )
    first = made.everything()["app"]
    assert made.everything()["app"].cached
    (made.root / "cm.yaml").write_text(method("annotation"))
    second = made.everything()["app"]
    assert (second.cached, second.digest != first.digest) == (False, True)


def test_names_longer_than_a_label(project):
    name = "a" * 60 + "--bcd"
    made = project({**RESOURCES, "cm.yaml": method("label")})
    (failed,) = made.render(application(name, {"path": "app"}))
    assert [finding.code for finding in failed.findings] == ["R152"]
    (made.root / "cm.yaml").write_text(method("annotation+label"))
    (rendered,) = made.render(application(name, {"path": "app"}))
    (config, _) = sorted((one.manifest for one in rendered.resources()), key=lambda one: one["kind"])
    assert config["metadata"]["labels"] == {"app.kubernetes.io/instance": "a" * 60 + "--b"}
    assert config["metadata"]["annotations"]["argocd.argoproj.io/tracking-id"].startswith(name + ":")


@given(st.text(alphabet="ab-._", max_size=80))
def test_a_shortened_name_begins_the_name_and_ends_as_a_label_may(name):
    kept = shortened(name)
    assert name.startswith(kept)
    assert len(kept) <= 63
    assert kept == name or not kept or kept[-1] in "ab"


@pytest.mark.parametrize(
    ("kind", "version", "in_pods"),
    [
        ("Deployment", "apps/v1", True),
        ("Job", "batch/v1", True),
        ("CronJob", "batch/v1", False),
        ("Pod", "v1", False),
    ],
)
def test_the_label_of_the_first_versions_goes_into_pods(kind, version, in_pods):
    manifest = {"apiVersion": version, "kind": kind, "metadata": {"name": "n"}, "spec": {"replicas": 1}}
    made = labelled(manifest, LEGACY_LABEL, "app")
    assert made["metadata"]["labels"] == {LEGACY_LABEL: "app"}
    assert ("template" in made["spec"]) is in_pods
    assert "template" not in labelled(manifest, "app.kubernetes.io/instance", "app")["spec"]
    assert manifest["spec"] == {"replicas": 1}


def test_a_selector_that_would_follow_the_template_stays_what_it_was():
    template = {"metadata": {"labels": {"app": "x"}}}
    manifest = {
        "apiVersion": "apps/v1beta1",
        "kind": "Deployment",
        "metadata": {},
        "spec": {"template": template},
    }
    made = labelled(manifest, LEGACY_LABEL, "app")
    assert made["spec"]["selector"] == {"matchLabels": {"app": "x"}}
    assert made["spec"]["template"]["metadata"]["labels"] == {"app": "x", LEGACY_LABEL: "app"}
    chosen = {"matchLabels": {"app": "y"}}
    manifest["spec"]["selector"] = chosen
    assert labelled(manifest, LEGACY_LABEL, "app")["spec"]["selector"] == chosen


def test_settings_without_data_say_nothing():
    assert tracking_of(None, [{"kind": "ConfigMap"}, {"data": {"installationID": " one "}}]) == Tracking(
        installation="one"
    )
