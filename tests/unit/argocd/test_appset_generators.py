"""Generators: what they give, in which order, and what they say where they cannot."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from holkas.model.pull_request import PullRequest
from holkas.model.revision import Person
from holkas_compat.argocd.applicationset.errors import GenerationError
from holkas_compat.argocd.applicationset.forge import ForgeRepository, repository_url
from holkas_compat.argocd.applicationset.substitution import Substitution
from holkas_compat.argocd.applicationset.transform import transform
from holkas_compat.argocd.applicationset.world import Nowhere, World

GO = Substitution(True, "error")
PLAIN = Substitution()


class Outside(Nowhere):
    """A repository, pull requests, an organisation and a plugin's server, all in memory."""

    def __init__(self, files: dict[str, str] | None = None, answer: Any = None) -> None:
        self.content = files or {}
        self.answer = answer
        self.asked: list[Any] = []

    def files(self, repository: str, revision: str) -> Any:
        self.asked.append((repository, revision))
        return self

    def paths(self) -> list[str]:
        return list(self.content)

    def directories(self) -> list[str]:
        return sorted({path.rpartition("/")[0] for path in self.content} - {""})

    def read(self, path: str) -> bytes:
        return self.content[path].encode()

    def pull_requests(self, repository: str) -> Any:
        self.asked.append(repository)
        return [
            PullRequest(
                id=str(number), repository=repository, branch=branch, base="main", title=title, head="0123456789abcdef",
                labels=labels, author=Person(name="ann"),
            )
            for number, branch, title, labels in (
                (7, "feat/Größe_and-more", "feat: size", ("preview", "x")),
                (8, "fix-1", "fix", ("x",)),
            )
        ]  # fmt: skip

    def repositories(self, provider: str, config: Any) -> Any:
        return [
            ForgeRepository(
                organization="org", repository=name, url=f"u/{name}", branch=branch, sha="abcdef0123", labels=labels,
                paths=frozenset(paths),
            )
            for name, branch, labels, paths in (
                ("api", "main", ("go",), ["Dockerfile"]),
                ("web", "main", ("js", "x"), []),
                ("api", "Feature/1", ("go",), ["Dockerfile", "skip"]),
            )
        ]  # fmt: skip

    def post(self, url: str, token: str, body: bytes, timeout: float) -> bytes:
        self.asked.append((url, token, json.loads(body), timeout))
        return json.dumps(self.answer).encode()


def params(
    entry: dict[str, Any], how: Substitution = PLAIN, *, outside: Any = None, documents: Any = ()
) -> Any:
    world = World(documents=documents, outside=outside or Outside())
    return [one for found in transform(entry, {}, world=world, how=how, name="set") for one in found.params]


def refused(entry: dict[str, Any], how: Substitution = PLAIN, **more: Any) -> GenerationError:
    with pytest.raises(GenerationError) as caught:
        params(entry, how, **more)
    return caught.value


def cluster(name: str, server: str, **labels: str) -> dict[str, Any]:
    labels = {"argocd.argoproj.io/secret-type": "cluster", **labels}
    return {
        "kind": "Secret",
        "metadata": {"name": name, "labels": labels},
        "stringData": {"name": name, "server": server},
    }


def test_list_elements_are_texts_without_go_templates_and_anything_with_them() -> None:
    elements = [{"a": "1", "values": {"b": "2"}}]
    assert params({"list": {"elements": elements}}) == [{"a": "1", "values.b": "2"}]
    assert params({"list": {"elements": [{"n": 1}], "elementsYaml": "- {m: [2]}"}}, GO) == [
        {"n": 1.0},
        {"m": [2.0]},
    ]
    error = refused({"list": {"elements": [{"a": "x"}, {"a": 1}]}})
    assert (str(error), error.path) == ("error parsing value as string", ("list", "elements", 1, "a"))
    for text in ("{a: 1}", "- 1", "a: b: c"):
        assert "ElementsYaml" in str(refused({"list": {"elementsYaml": text}}))


def test_clusters_come_from_secrets_and_the_local_one_has_no_labels() -> None:
    documents = [cluster("Dev_1", "https://dev", env="dev"), cluster("prod", "https://prod/", env="prod")]
    assert [one["name"] for one in params({"clusters": {}}, documents=documents)] == [
        "Dev_1",
        "prod",
        "in-cluster",
    ]
    entry = {
        "clusters": {"selector": {"matchLabels": {"env": "dev"}}, "values": {"x": "{{name}}-{{ nope }}"}}
    }
    (one,) = params(entry, documents=documents)
    assert (one["nameNormalized"], one["values.x"]) == ("dev-1", "Dev_1-{{ nope }}")
    assert one["metadata.labels.env"] == "dev"
    (one,) = params(
        entry | {"clusters": entry["clusters"] | {"values": {"x": "{{.name}}"}}}, GO, documents=documents
    )
    assert one["metadata"]["labels"]["env"] == "dev" and one["values"] == {"x": "Dev_1"}
    documents.append(cluster("here", "https://kubernetes.default.svc"))
    assert [one["name"] for one in params({"clusters": {}}, documents=documents)] == ["Dev_1", "prod", "here"]
    (flat,) = params({"clusters": {"flatList": True}}, GO, documents=documents)
    assert len(flat["clusters"]) == 3


def test_secrets_are_decoded_or_refused() -> None:
    data = {key: base64.b64encode(value.encode()).decode() for key, value in (("name", "n"), ("server", "s"))}
    secret = cluster("n", "s") | {"data": data}
    secret.pop("stringData")
    assert next(one["server"] for one in params({"clusters": {}}, documents=[secret])) == "s"
    secret["data"] = {"name": "*"}
    assert "data.name is no base64" in str(refused({"clusters": {}}, documents=[secret]))


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ({"operator": "In", "values": ["dev"]}, ["dev"]),
        ({"operator": "NotIn", "values": ["dev"]}, ["none", "prod"]),
        ({"operator": "Exists"}, ["dev", "prod"]),
        ({"operator": "DoesNotExist"}, ["none"]),
    ],
)
def test_selectors_choose_by_labels(expression: dict[str, Any], found: list[str]) -> None:
    documents = [cluster("dev", "1", env="dev"), cluster("none", "2"), cluster("prod", "3", env="prod")]
    entry = {"clusters": {"selector": {"matchExpressions": [{"key": "env", **expression}]}}}
    assert [one["name"] for one in params(entry, documents=documents)] == found


@pytest.mark.parametrize(
    "expression",
    [
        {"key": "env", "operator": "In"},
        {"key": "env", "operator": "Exists", "values": ["x"]},
        {"key": "env", "operator": "Gt", "values": ["1"]},
        {"key": "-x", "operator": "Exists"},
        {"key": "A/x", "operator": "Exists"},
        "env",
    ],
)
def test_wrong_selectors_are_refused(expression: Any) -> None:
    entry = {"list": {"elements": [{"env": "x"}]}, "selector": {"matchExpressions": [expression]}}
    assert "selector" in str(refused(entry))


FILES = {
    "apps/one/config.json": '{"a": {"b": 1}, "l": ["x"]}',
    "apps/two/config.yaml": "- k: v\n- k: w\n",
    "apps/two/deep/config.json": "{}",
    "other/empty.yaml": "",
}


def test_directories_are_matched_segment_by_segment_and_exclusion_wins() -> None:
    items = [{"path": "apps/*"}, {"path": "apps/two", "exclude": True}, {"path": "apps/two"}]
    outside = Outside(FILES)
    (one,) = params({"git": {"repoURL": "u", "revision": "r", "directories": items}}, outside=outside)
    assert outside.asked == [("u", "r")]
    assert one == {
        "path": "apps/one", "path.basename": "one", "path.basenameNormalized": "one", "path[0]": "apps", "path[1]": "one"
    }  # fmt: skip
    entry = {
        "git": {
            "repoURL": "u",
            "directories": [{"path": "apps/*"}],
            "pathParamPrefix": "p",
            "values": {"x": "{{.p.path.path}}"},
        }
    }
    assert [one["values"]["x"] for one in params(entry, GO, outside=outside)] == ["apps/one", "apps/two"]
    assert params(entry, GO, outside=outside)[0]["p"]["path"]["segments"] == ["apps", "one"]


def test_files_give_their_mappings_in_the_order_of_their_paths() -> None:
    entry = {"git": {"repoURL": "u", "files": [{"path": "**/config.*"}]}}
    made = params(entry, outside=Outside(FILES))
    assert [one.get("k", one.get("a.b")) for one in made] == ["1", "v", "w", None]
    assert (made[0]["l.0"], made[0]["path.filename"], made[3]["path[2]"]) == ("x", "config.json", "deep")
    go = params(entry, GO, outside=Outside(FILES))
    assert go[0]["a"] == {"b": 1.0} and go[0]["path"]["filenameNormalized"] == "config.json"
    empty = params({"git": {"repoURL": "u", "files": [{"path": "other/*"}]}}, outside=Outside(FILES))
    assert len(empty) == 1
    for content in ("text", "- 1", "{a: b: c}"):
        assert "unable to parse file" in str(refused(entry, outside=Outside({"config.json": content})))
    assert "neither directories nor files" in str(refused({"git": {"repoURL": "u"}}))


def test_a_matrix_multiplies_and_the_first_wins_with_go_templates() -> None:
    one, two = ({"list": {"elements": [{"a": name, "k": "1"}]}} for name in ("x", "y"))
    assert params({"matrix": {"generators": [one, two]}}, GO) == [{"a": "x", "k": "1"}]
    assert "found duplicate key a with different value, a: x ,b: y" in str(
        refused({"matrix": {"generators": [one, two]}})
    )
    for count, word in ((1, "less"), (3, "more")):
        assert f"found {word} than two generators" in str(refused({"matrix": {"generators": [one] * count}}))


def test_the_second_of_a_matrix_sees_the_first() -> None:
    first = {"list": {"elements": [{"dir": "one"}, {"dir": "two"}]}}
    second = {
        "git": {
            "repoURL": "u/{{.dir}}",
            "files": [{"path": "apps/{{.dir}}/*.json"}, {"path": "apps/{{.dir}}/*.yaml"}],
            "values": {"later": "{{.path.basename}}", "now": "{{.dir}}"},
        },
    }
    outside = Outside(FILES)
    made = params({"matrix": {"generators": [first, second]}}, GO, outside=outside)
    assert [url for url, _ in outside.asked] == ["u/one", "u/two"]
    assert [(one["dir"], one["values"]["later"], one["values"]["now"]) for one in made] == [
        ("one", "one", "one"), ("two", "two", "two"), ("two", "two", "two")
    ]  # fmt: skip


def test_a_merge_changes_the_first_generators_sets_by_their_keys() -> None:
    base = {"list": {"elements": [{"k": "1", "v": "a"}, {"k": "2", "v": "b"}]}}
    other = {"list": {"elements": [{"k": "2", "v": "c", "w": "d"}, {"k": "3"}]}}
    entry = {"merge": {"mergeKeys": ["k"], "generators": [base, other]}}
    expected = [{"k": "1", "v": "a"}, {"k": "2", "v": "c", "w": "d"}]
    assert params(entry) == params(entry, GO) == expected
    nested = {
        "merge": {"mergeKeys": ["k"], "generators": [entry, {"list": {"elements": [{"k": "1", "w": "z"}]}}]}
    }
    assert params(nested)[0] == {"k": "1", "v": "a", "w": "z"}
    assert "no merge keys" in str(refused({"merge": {"generators": [base, other]}}))
    assert "less than two" in str(refused({"merge": {"mergeKeys": ["k"], "generators": [base]}}))
    twice = {"merge": {"mergeKeys": ["nope"], "generators": [base, other]}}
    assert 'Duplicate key was {"nope":null}' in str(refused(twice))


def test_generators_are_nested_no_deeper_than_argo_cd_allows() -> None:
    entry: dict[str, Any] = {"list": {"elements": [{"a": "b"}]}}
    for _ in range(4):
        entry = {"matrix": {"generators": [entry, {"list": {"elements": [{"a": "b"}]}}]}}
    assert "nested too deeply" in str(refused(entry))
    several = {"list": {"elements": []}, "clusters": {}}
    assert "found more than one generator" in str(refused({"matrix": {"generators": [several, several]}}))
    assert "child generator generated no parameters" in str(refused({"matrix": {"generators": [{}, {}]}}))


def test_pull_requests_are_filtered_and_slugged() -> None:
    outside = Outside()
    entry = {
        "pullRequest": {
            "github": {"owner": "o", "repo": "r", "labels": ["preview"]},
            "values": {"v": "{{number}}"},
        }
    }
    (one,) = params(entry, outside=outside)
    assert outside.asked == ["https://github.com/o/r"]
    assert (one["branch_slug"], one["head_short_sha_7"], one["values.v"]) == (
        "feat-grosse-and-more",
        "0123456",
        "7",
    )
    assert "labels" not in one
    entry = {
        "pullRequest": {
            "gitlab": {"project": "g/p"},
            "filters": [{"branchMatch": "^fix", "titleMatch": "fix"}],
        }
    }
    (one,) = params(entry, GO, outside=outside)
    assert one["labels"] == ["x"] and one["number"] == "8"
    assert "regexp" in str(refused({"pullRequest": {"github": {}, "filters": [{"branchMatch": "("}]}}))
    assert "no Pull Request provider" in str(refused({"pullRequest": {}}))
    with pytest.raises(GenerationError, match="lists the pull requests"):
        Nowhere().pull_requests("u")


@pytest.mark.parametrize(
    ("provider", "config", "url"),
    [
        (
            "github",
            {"owner": "o", "repo": "r", "api": "https://git.example/api/v3/"},
            "https://git.example/o/r",
        ),
        ("gitea", {"owner": "o", "repo": "r", "api": "https://git.example"}, "https://git.example/o/r"),
        ("bitbucketServer", {"project": "P", "repo": "r", "api": "https://b"}, "https://b/scm/P/r"),
        ("bitbucket", {"owner": "o", "repo": "r"}, "https://bitbucket.org/o/r"),
        (
            "azuredevops",
            {"organization": "o", "project": "p", "repo": "r"},
            "https://dev.azure.com/o/p/_git/r",
        ),
    ],
)
def test_a_forges_repository_has_a_url(provider: str, config: dict[str, str], url: str) -> None:
    assert repository_url(provider, config) == url


def test_repositories_of_an_organisation_are_filtered() -> None:
    filters = [
        {"repositoryMatch": "^api$", "pathsExist": ["Dockerfile"], "pathsDoNotExist": ["skip"]},
        {"labelMatch": "js", "branchMatch": "main"},
    ]
    made = params({"scmProvider": {"github": {"organization": "org"}, "filters": filters}})
    assert [(one["repository"], one["labels"], one["short_sha"]) for one in made] == [
        ("api", "go", "abcdef01"), ("web", "js,x", "abcdef01")
    ]  # fmt: skip
    assert params({"scmProvider": {"gitea": {}}})[2]["branchNormalized"] == "feature-1"
    assert "no SCM provider" in str(refused({"scmProvider": {}}))
    with pytest.raises(GenerationError, match="lists the repositories"):
        Nowhere().repositories("github", {})


DECISIONS = {
    "apiVersion": "cluster.open-cluster-management.io/v1beta1",
    "kind": "PlacementDecision",
    "metadata": {"name": "d", "labels": {"x": "y"}},
    "status": {
        "decisions": [{"clusterName": "dev", "n": 1}, {"clusterName": "unknown"}, {"other": "x"}, "text"]
    },
}


def about(**data: str) -> dict[str, Any]:
    given = {"apiVersion": DECISIONS["apiVersion"], "kind": "placementdecisions", "matchKey": "clusterName"}
    given |= {"statusListKey": "decisions", **data}
    return {"kind": "ConfigMap", "metadata": {"name": "m"}, "data": given}


def test_decisions_name_known_clusters() -> None:
    documents = [about(), DECISIONS, cluster("dev", "https://dev")]
    entry = {"clusterDecisionResource": {"configMapRef": "m", "name": "d", "values": {"v": "{{raw}}"}}}
    assert params(entry, documents=documents) == [
        {"name": "dev", "server": "https://dev", "clusterName": "dev", "n": "1", "values.v": "{{raw}}"}
    ]
    assert params(entry, documents=[about(matchKey=""), DECISIONS]) == []
    assert "reading configMapRef" in str(refused(entry))
    assert "apiVersion, kind" in str(refused(entry, documents=[about(kind="")]))
    assert "no clusterDecisionResources found" in str(refused(entry, documents=[about()]))


def test_a_plugin_is_asked_with_its_token() -> None:
    server = {
        "kind": "ConfigMap",
        "metadata": {"name": "p"},
        "data": {"baseUrl": "http://h/", "token": "$s:t", "requestTimeout": "5"},
    }
    secret = {"kind": "Secret", "metadata": {"name": "s"}, "stringData": {"t": "geheim"}}
    outside = Outside(answer={"output": {"parameters": [{"a": {"b": 1}}, "text"]}})
    entry = {
        "plugin": {
            "configMapRef": {"name": "p"},
            "input": {"parameters": {"x": 1}},
            "values": {"v": "{{a.b}}"},
        }
    }
    (one,) = params(entry, outside=outside, documents=[server, secret])
    body = {"applicationSetName": "set", "input": {"parameters": {"x": 1}}}
    assert outside.asked == [("http://h/api/v1/getparams.execute", "geheim", body, 5.0)]
    assert one == {"a.b": "1", "values.v": "1", "generator": {"input": {"parameters": {"x": 1.0}}}}
    for data, told in (
        ({"token": "plain"}, "token is empty"),
        ({"token": "$s:nope"}, "no key nope"),
        ({"token": "$nope:t"}, 'secrets "nope" not found'),
        ({"requestTimeout": "soon"}, "requestTimeout"),
    ):
        wrong = server | {"data": server["data"] | data}
        assert told in str(refused(entry, outside=outside, documents=[wrong, secret]))
    with pytest.raises(GenerationError, match="only where that is allowed"):
        Nowhere().post("http://h", "", b"", 1.0)
