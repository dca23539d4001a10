"""Resources with which a sync would fail are rendered, and told in the words of the sync's result."""

import pytest
from holkas.yaml import dump

from tests.rendering_projects import manifest_text

RESOURCES = {
    "app/a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: here}\n---\n"
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: there, namespace: elsewhere}\n---\n"
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: 'system:x'}\n",
    "apps/app.yaml": manifest_text("app", {"path": "app"}),
}
ROLE = "resource rbac.authorization.k8s.io:ClusterRole is not permitted in project default"
ELSEWHERE = "namespace elsewhere is not permitted in project 'default'"
CONFIG_MAP = "resource :ConfigMap is not permitted in project default"


def app_project(**spec):
    return dump(
        {
            "apiVersion": "argoproj.io/v1alpha1",
            "kind": "AppProject",
            "metadata": {"name": "default", "namespace": "argocd"},
            "spec": {
                "sourceRepos": ["*"],
                "destinations": [{"server": "*", "namespace": "*"}],
                "clusterResourceWhitelist": [{"group": "*", "kind": "*"}],
                **spec,
            },
        }
    )


def told(rendered):
    assert not rendered.failed
    assert len(rendered.names) == 3
    return [finding.message.partition(": ")[2] for finding in rendered.findings]


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({}, []),
        ({"clusterResourceWhitelist": []}, [ROLE]),
        ({"clusterResourceWhitelist": [{"group": "*", "kind": "ClusterRole", "name": "system:*"}]}, []),
        ({"clusterResourceBlacklist": [{"group": "rbac*", "kind": "*"}]}, [ROLE]),
        ({"namespaceResourceBlacklist": [{"group": "", "kind": "ConfigMap"}]}, [CONFIG_MAP, CONFIG_MAP]),
        ({"namespaceResourceWhitelist": [{"group": "apps", "kind": "*"}]}, [CONFIG_MAP, CONFIG_MAP]),
        ({"namespaceResourceWhitelist": [{"group": "", "kind": "Config*"}]}, []),
        ({"destinations": [{"server": "*", "namespace": "ns"}]}, [ELSEWHERE]),
        ({"destinations": [{"server": "*", "namespace": "*"}, {"server": "*", "namespace": "!else*"}]}, [ELSEWHERE]),
        # Whether the cluster of that server has this name is not known, so that nothing is said of places.
        ({"destinations": [{"name": "x", "namespace": "ns"}, {"server": "*", "namespace": "ns"}]}, []),
    ],
)  # fmt: skip
def test_lists_and_destinations(project, spec, expected):
    made = project({**RESOURCES, "project.yaml": app_project(**spec)})
    assert told(made.everything()["app"]) == expected


def test_they_are_told_of_what_is_remembered_and_go_with_the_project(project):
    made = project({**RESOURCES, "project.yaml": app_project(clusterResourceWhitelist=[])})
    first, second = (made.everything()["app"] for _ in range(2))
    assert (first.cached, second.cached) == (False, True)
    assert first.findings == second.findings
    (finding,) = second.findings
    assert (finding.code, finding.severity) == ("R161", "warning")
    assert finding.fields == ("rbac.authorization.k8s.io/ClusterRole:/system:x",)
    (made.root / "project.yaml").write_text(app_project())
    assert told(made.everything()["app"]) == []


def test_a_project_that_is_not_there_denies_nothing(project):
    other = app_project(clusterResourceWhitelist=[]).replace("name: default", "name: other")
    assert told(project({**RESOURCES, "project.yaml": other}).everything()["app"]) == []
