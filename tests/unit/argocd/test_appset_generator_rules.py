"""Rules about generators that are easy to get wrong: what is rendered when, what is a leaf, what is one value."""

from __future__ import annotations

from typing import Any

import pytest
from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.forge import ForgeRepository, select_repositories
from holkas_compat.argocd.applicationset.params import flatten
from holkas_compat.argocd.applicationset.substitution import Substitution
from holkas_compat.argocd.applicationset.transform import filled, transform
from holkas_compat.argocd.applicationset.world import Nowhere, World
from holkas_compat.gotemplate.values import StringList, StringMap

GO = Substitution(True, "error")
FILES = {"apps/one/config.json": "{}", "apps/two/deep/config.json": "{}", "other/x.yaml": "{}"}


class Artifact(Nowhere):
    """An artifact in memory."""

    def files(self, repository: str, revision: str) -> Any:
        assert (repository, revision) == ("oci://r/x", "1")
        return self

    def paths(self) -> list[str]:
        return list(FILES)

    def read(self, path: str) -> bytes:
        return FILES[path].encode()


def params(entry: dict[str, Any], how: Substitution = GO) -> Any:
    world = World(outside=Artifact())
    return [one for found in transform(entry, {}, world=world, how=how, name="set") for one in found.params]


def refused(entry: dict[str, Any]) -> str:
    with pytest.raises(GenerationError) as caught:
        params(entry)
    return str(caught.value)


def test_a_selector_is_never_rendered_and_read_before_anything_is_generated() -> None:
    second = {"list": {"elements": [{"b": "one"}]}, "selector": {"matchLabels": {"b": "{{.dir}}"}}}
    first = {"list": {"elements": [{"dir": "one"}]}}
    assert params({"matrix": {"generators": [first, second]}}) == []
    wrong = {"list": {"elements": []}, "selector": {"matchExpressions": [{"key": "a", "operator": "Gt"}]}}
    assert (refused(wrong)) == 'error parsing label selector: "Gt" is not a valid pod selector operator'


def test_values_inside_a_nested_matrix_wait_for_what_their_generator_gives() -> None:
    inner = {
        "matrix": {
            "generators": [
                {"clusters": {"values": {"own": "{{.name}}", "first": "{{.dir}}", "big": "x"}}},
                {"list": {"elements": [{"n": 12345678901234567890, "z": None, "w": "{{.dir}}"}]}},
            ]
        }
    }
    first = {"list": {"elements": [{"dir": "one"}]}}
    (one,) = params({"matrix": {"generators": [first, inner]}})
    assert one["values"] == {"own": "in-cluster", "first": "one", "big": "x"}
    assert (one["n"], one["w"]) == (1.2345678901234567e19, "one") and "z" not in one


@pytest.mark.parametrize(
    ("selector", "told"),
    [
        ({"matchLabels": {"bad key": "x"}}, 'key: Invalid value: "bad key": name part must consist of'),
        ({"matchLabels": {"a/b/c": "x"}}, 'key: Invalid value: "a/b/c": a valid label key must consist of'),
        ({"matchLabels": {"/b": "x"}}, "prefix part must be non-empty"),
        ({"matchLabels": {"A/b": "x"}}, "prefix part a lowercase RFC 1123 subdomain must consist of"),
        ({"matchLabels": {"a" * 254 + "/b": "x"}}, "prefix part must be no more than 253 bytes"),
        ({"matchLabels": {"a" * 64: "x"}}, "name part must be no more than 63 bytes"),
        ({"matchLabels": {"": "x"}}, "name part must be non-empty; name part must consist of"),
        (
            {"matchExpressions": [{"key": "a", "operator": "In"}]},
            "values: Invalid value: null: for 'in', 'notin'",
        ),
        (
            {"matchExpressions": [{"key": "a b", "operator": "Exists", "values": ["x"]}]},
            "must be empty for exists and does not exist]",
        ),
    ],
)
def test_what_is_wrong_with_a_selector(selector: dict[str, Any], told: str) -> None:
    message = refused({"list": {"elements": []}, "selector": selector})
    assert message.startswith("error parsing label selector: ") and told in message


def test_values_of_a_clusters_selector_have_the_form_of_labels() -> None:
    address = {"matchLabels": {"a": "https://x"}}
    assert params({"list": {"elements": [{"a": "https://x"}]}, "selector": address}) == [{"a": "https://x"}]
    told = refused({"clusters": {"selector": address}})
    assert told.startswith(
        "error getting cluster secrets: error converting label selector: values[0]: Invalid value"
    )


def test_filters_of_repositories_and_of_branches_must_both_fit() -> None:
    def repository(name: str, branch: str, *paths: str) -> ForgeRepository:
        return ForgeRepository(
            organization="o", repository=name, url="u", branch=branch, sha="s", paths=frozenset(paths)
        )

    known = [repository("a", "main", "x"), repository("a", "dev"), repository("b", "main")]

    def found(*filters: dict[str, Any]) -> list[str]:
        return [f"{one.repository}/{one.branch}" for one in select_repositories(known, filters)]

    assert found({}) == found() == ["a/main", "a/dev", "b/main"]
    assert found({"repositoryMatch": "^a"}, {"branchMatch": "main"}) == ["a/main"]
    assert found({"repositoryMatch": "b", "branchMatch": "main"}, {"branchMatch": "dev"}) == [
        "a/dev",
        "b/main",
    ]
    assert found({"pathsExist": ["x/"]}) == ["a/main"] and found({"pathsDoNotExist": ["x"]}) == [
        "a/dev",
        "b/main",
    ]
    with pytest.raises(GenerationError, match='error compiling LabelMatch regexp "\\['):
        found({"labelMatch": "["})


def test_an_artifact_has_directories_and_files_like_a_repository() -> None:
    artifact = {"repoURL": "oci://r/x", "revision": "1", "values": {"v": "{{.path.basename}}"}}
    found = params({"oci": artifact | {"files": [{"path": "**/config.json"}]}})
    assert [one["values"]["v"] for one in found] == ["one", "deep"]
    assert "error generating params from oci" in (refused({"oci": artifact}))


def test_the_values_of_a_generators_own_template_are_one_value() -> None:
    def template(values: dict[str, Any], **helm: Any) -> dict[str, Any]:
        return {"spec": {"source": {"helm": {"valuesObject": values, **helm}}}}

    made = filled(template({"a": 1}), template({"b": 2}, releaseName="r"))
    assert made == template({"a": 1}, releaseName="r")
    assert filled({}, template({"b": 2})) == template({"b": 2})


def test_typed_lists_are_leaves_for_selectors() -> None:
    value = {
        "path": {"segments": StringList(["a", "b"])},
        "v": StringMap(a="1"),
        "l": [StringMap(a="1"), {"b": 2.0}],
    }
    assert flatten(value) == {"path.segments": "[a b]", "v.a": "1", "l.0": "map[a:1]", "l.1.b": "2"}
