"""Generators of ApplicationSets beside the answers of Argo CD."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.forge import ForgeRepository
from holkas_compat.argocd.applicationset.generators import git
from holkas_compat.argocd.applicationset.generators.merge_generator import by_merge_keys
from holkas_compat.argocd.applicationset.generators.scm_provider import params as scm_params
from holkas_compat.argocd.applicationset.params import add_values
from holkas_compat.argocd.applicationset.substitution import Substitution
from holkas_compat.argocd.applicationset.transform import interpolated, transform
from holkas_compat.argocd.applicationset.world import Nowhere, World

from tests.shared import rows

pytestmark = pytest.mark.conformance

Case = Mapping[str, Any]


def _cluster(name: str, server: str, environment: str, org: str, project: str = "") -> dict[str, Any]:
    data = {"name": name, "server": server, "config": "{}"} | ({"project": project} if project else {})
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {
            "name": name.replace("_", "-").replace("/", "-"),
            "labels": {
                "argocd.argoproj.io/secret-type": "cluster",
                "environment": environment,
                "org": org,
            },
            "annotations": {"foo.argoproj.io": environment},
        },
        "data": {key: base64.b64encode(value.encode()).decode() for key, value in data.items()},
    }


def _clusters(case: Case) -> list[dict[str, Any]]:
    """The two clusters of the original's tests; the project and the third are seen in what a row expects."""
    text = json.dumps(case.get("expected"))
    project = "prod-project" if "prod-project" in text else ""
    found = [
        _cluster("staging-01", "https://staging-01.example.com", "staging", "foo"),
        _cluster("production_01/west", "https://production-01.example.com", "production", "bar", project),
    ]
    if "some-really-long" in text:
        server = "https://some-really-long-url-that-will-exceed-63-characters.com"
        found.append(_cluster("some-really-long-server-url", server, "production", "bar"))
    return found


class _Files:
    def __init__(self, files: Mapping[str, str], directories: list[str]) -> None:
        self.files, self.folders = files, directories

    def paths(self) -> list[str]:
        return list(self.files)

    def directories(self) -> list[str]:
        return self.folders

    def read(self, path: str) -> bytes:
        return self.files[path].encode()


class _Outside(Nowhere):
    def __init__(self, files: _Files | None = None, answer: str = "") -> None:
        self.found, self.answer = files, answer

    def files(self, repository: str, revision: str) -> Any:
        return self.found

    def post(self, url: str, token: str, body: bytes, timeout: float) -> bytes:
        assert token == "my-secret"
        return self.answer.encode()


def _unordered(values: Any) -> list[str]:
    return sorted(json.dumps(value, sort_keys=True) for value in values or ())


def _plain(value: Any) -> Any:
    """Whole floats as the integers that the rows have."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value == int(value) else value


def _generated(entry: Case, world: World, *, go: bool) -> list[Any]:
    found = transform(entry, {}, world=world, how=Substitution(go), name="set")
    return [_plain(params) for one in found for params in one.params]


def _expect(case: Case, entry: Case, world: World, *, go: bool) -> None:
    expected = case.get("expectedError")
    try:
        made = _generated(entry, world, go=go)
    except GenerationError as error:
        assert expected, f"unexpected: {error}"
        wanted = expected["$error"]
        assert wanted.split(": wrong body")[0] in str(error) or str(error) == wanted
        return
    assert not expected
    assert _unordered(made) == _unordered(case["expected"])


def _go(test: str) -> bool:
    return "GoTemplat" in test


def clusters(test: str, case: Case) -> None:
    if case.get("clientError"):
        pytest.skip("a client of Kubernetes that fails: there is none here")
    config = {key: case[key] for key in ("selector", "values") if case.get(key) is not None}
    if case.get("isFlatMode"):
        config["flatList"] = True
    made = _generated({"clusters": config}, World(documents=_clusters(case)), go=_go(test))
    expected = case["expected"]
    if config.get("flatList"):
        made, expected = made[0]["clusters"], expected[0]["clusters"]
    assert _unordered(made) == _unordered(expected)


def duck(test: str, case: Case) -> None:
    resource = case["resource"]["Object"]
    about = {
        "apiVersion": "mallard.io/v1",
        "kind": "ducks",
        "statusListKey": "decisions",
        "matchKey": "clusterName",
    }
    documents = [
        {"kind": "ConfigMap", "metadata": {"name": "my-configmap"}, "data": about},
        _cluster("staging-01", "https://staging-01.example.com", "staging", "foo"),
        _cluster("production-01", "https://production-01.example.com", "production", "bar"),
        resource,
    ]
    config = {"configMapRef": "my-configmap", "name": case["resourceName"], "values": case["values"]}
    if "labelSelector" in case:
        config["labelSelector"] = case["labelSelector"]
    _expect(case, {"clusterDecisionResource": config}, World(documents=documents), go=_go(test))


def match_values(test: str, case: Case) -> None:
    entry = {"list": {"elements": case["elements"]}, "selector": case["selector"]}
    _expect(case, entry, World(), go=_go(test))


def transformed(test: str, case: Case) -> None:
    entry = {"clusters": {"values": case.get("values")}, "selector": case["selector"]}
    _expect(case, entry, World(documents=_clusters(case)), go=_go(test))


def interpolation(test: str, case: Case) -> None:
    arguments = case["args"]
    how = Substitution(arguments["useGoTemplate"])
    kind, config = next(iter(arguments["requestedGenerator"].items()))
    if case["expectedErrStr"]:
        with pytest.raises(GenerationError) as caught:
            interpolated(config, kind, arguments["params"], how)
        assert str(caught.value) == case["expectedErrStr"]
        return
    made = interpolated(config, kind, arguments["params"], how)
    assert made == {key: value for key, value in case["want"][kind].items() if value or key in config}


def directories(test: str, case: Case) -> None:
    if case.get("repoError"):
        pytest.skip("a repository that fails: what it says is its own")
    keys = ("directories", "values", "pathParamPrefix")
    config = {key: case[key] for key in keys if case.get(key)} | {"repoURL": "RepoURL"}
    world = World(outside=_Outside(_Files({}, case["repoApps"])))
    _expect(case, {"git": config}, world, go=_go(test))


def files(test: str, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    if case.get("repoPathsError"):
        pytest.skip("a repository that fails: what it says is its own")
    contents = case.get("repoFileContents")
    if contents is None:
        contents = {**case.get("noMatchFiles", {}), **case["excludeFiles"], **case["includeFiles"]}
    if "OldGlobbing" in test:
        # The rows say themselves what each pattern finds; what git finds is in the unit tests.
        answers = dict.fromkeys(case["includePattern"], case["includeFiles"])
        answers |= dict.fromkeys(case["excludePattern"] or (), case["excludeFiles"])
        monkeypatch.setattr(git, "match_old", lambda pattern, path: path in answers[pattern])
    keys = ("files", "values", "pathParamPrefix")
    config = {key: case[key] for key in keys if case.get(key)} | {"repoURL": "RepoURL"}
    world = World(outside=_Outside(_Files(contents, [])), old_globbing="OldGlobbing" in test)
    _expect(case, {"git": config}, world, go=_go(test))


def list_generator(test: str, case: Case) -> None:
    _expect(case, {"list": {"elements": case["elements"]}}, World(), go=_go(test))


def matrix(test: str, case: Case) -> None:
    _combined("matrix", {"generators": case["baseGenerators"]}, test, case)


def merge(test: str, case: Case) -> None:
    _combined("merge", {"generators": case["baseGenerators"], "mergeKeys": case["mergeKeys"]}, test, case)


def _combined(kind: str, config: Case, test: str, case: Case) -> None:
    documents = [
        _cluster(f"{name}-01", f"https://{name}-01.example.com", name, "x") for name in ("dev", "prod")
    ]
    for document in documents:
        document["metadata"].pop("annotations")
        document["metadata"]["labels"].pop("org")
    given = [one.get("git") or {} for one in config["generators"] or ()]
    paths = [one["path"] for one_git in given for one in one_git.get("files") or ()]
    outside = _Outside(_Files(dict.fromkeys(paths, "{}"), ["app1", "app2"]))
    world = World(documents=documents, outside=outside)
    if wanted := case.get("expectedErr"):
        with pytest.raises(GenerationError) as caught:
            _generated({kind: config}, world, go=_go(test))
        assert wanted["$error"].rpartition(". ")[2] in str(caught.value) or wanted["$error"] in str(
            caught.value
        )
        return
    made = _generated({kind: config}, world, go=_go(test))
    # The original's test lets its git generator give these parameters by itself: the path of the file as the path.
    unheard = ("filename", "filenameNormalized", "segments", "path")
    assert _unordered(_without(made, unheard)) == _unordered(_without(case["expected"], unheard))


def _without(sets: list[Any], names: tuple[str, ...]) -> list[Any]:
    made = []
    for one in sets:
        kept = {
            key: value
            for key, value in one.items()
            if key not in names[:3] and key.removeprefix("path.") not in names and not key.startswith("path[")
        }
        if isinstance(one.get("path"), dict):
            kept["path"] = {key: value for key, value in one["path"].items() if key not in names}
        made.append(kept)
    return made


def merge_keys(test: str, case: Case) -> None:
    if case.get("expectedErr"):
        with pytest.raises(GenerationError):
            by_merge_keys(case["mergeKeys"], case["paramSets"])
        return
    assert by_merge_keys(case["mergeKeys"], case["paramSets"]) == case["expected"]


def plugin(test: str, case: Case) -> None:
    config_map, secret = dict(case["configmap"]), dict(case["secret"])
    documents = []
    if config_map:
        documents.append(
            {"kind": "ConfigMap", "metadata": config_map["metadata"], "data": config_map["Data"]}
        )
    if secret:
        documents.append({"kind": "Secret", "metadata": secret["metadata"], "stringData": secret["data"]})
    name = config_map["metadata"]["name"] if config_map else ""
    config = {"configMapRef": {"name": name}, "values": case.get("values")}
    config["input"] = {"parameters": case["inputParameters"]}
    world = World(documents=documents, outside=_Outside(answer=case["content"]))
    expected = [
        {key: value for key, value in one.items() if key != "generator"} for one in case["expected"] or ()
    ]
    try:
        made = _generated({"plugin": config}, world, go=case["gotemplate"])
    except GenerationError as error:
        assert case["expectedError"]["$error"].rpartition(": ")[2] in str(error)
        return
    assert not case["expectedError"]
    for one in made:
        assert one.pop("generator") == {"input": {"parameters": case["inputParameters"]}}
    assert _unordered(made) == _unordered(expected)


def scm(test: str, case: Case) -> None:
    made = [
        scm_params(
            ForgeRepository(
                organization=one["Organization"],
                repository=one["Repository"],
                url=one["URL"],
                branch=one["Branch"],
                sha=one["SHA"],
                labels=tuple(one.get("Labels") or ()),
                id=one.get("RepositoryId"),
            )
        )
        for one in case["repos"]
    ]
    add = case.get("values")
    for one in made:
        add_values(add, one, Substitution())
    assert made == case["expected"]


def values(test: str, case: Case) -> None:
    params = dict(case["params"])
    add_values(case["values"], params, Substitution(_go(test)))
    assert params == case["expected"]


HANDLED: Mapping[str, Callable[..., None]] = {
    "TestGenerateParams": clusters,
    "TestGenerateParamsGoTemplate": clusters,
    "TestGenerateParamsForDuckType": duck,
    "TestGenerateParamsForDuckTypeGoTemplate": duck,
    "TestMatchValues": match_values,
    "TestMatchValuesGoTemplate": match_values,
    "TestTransForm": transformed,
    "TestTransFormGoTemplate": transformed,
    "TestInterpolateGeneratorError": interpolation,
    "TestInterpolateGeneratorValuesHandling": interpolation,
    "TestGitGenerateParamsFromDirectories": directories,
    "TestGitGenerateParamsFromDirectoriesGoTemplate": directories,
    "TestGitGenerateParamsFromFiles": files,
    "TestGitGenerateParamsFromFilesGoTemplate": files,
    "TestGitGeneratorParamsFromFilesWithExcludeOptionWithNewGlobbing": files,
    "TestGitGeneratorParamsFromFilesWithExcludeOptionWithOldGlobbing": files,
    "TestGitGeneratorParamsFromFilesWithExcludeOptionGoTemplate": files,
    "TestGenerateListParams": list_generator,
    "TestGenerateListParamsGoTemplate": list_generator,
    "TestMatrixGenerate": matrix,
    "TestMatrixGenerateGoTemplate": matrix,
    "TestMergeGenerate": merge,
    "TestInterpolatedMatrixGenerate": matrix,
    "TestInterpolatedMatrixGenerateGoTemplate": matrix,
    "TestParamSetsAreUniqueByMergeKeys": merge_keys,
    "TestPluginGenerateParams": plugin,
    "TestSCMProviderGenerateParams": scm,
    "TestValueInterpolation": values,
    "TestValueInterpolationWithGoTemplating": values,
}


NOT_OURS = {
    "TestAllowedSCMProvider": "which forges a control plane's administrator allows; here the user's plugins decide",
    "TestAllowedSCMProviderPullRequest": "as TestAllowedSCMProvider",
}

ROWS = list(rows("argocd", "table_appset_generators.jsonl"))


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row["test"] in HANDLED],
    ids=lambda row: f"{row['test']}-{row['index']}",
)
def test_rows_agree(row: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    handler = HANDLED[row["test"]]
    if handler is files:
        files(row["test"], row["case"], monkeypatch)
    else:
        handler(row["test"], row["case"])


def test_every_table_is_handled_or_has_a_reason() -> None:
    assert {row["test"] for row in ROWS} <= {*HANDLED, *NOT_OURS}
    assert not {*HANDLED} & {*NOT_OURS}
    assert all(NOT_OURS.values())
