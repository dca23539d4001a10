"""Which params each resolver takes, and what they become."""

import base64
import json

import pytest
from holkas.model.catalog import Catalog, SecretData
from holkas.model.param import Param
from holkas.model.reference import Reference
from holkas.model.secret import Secret
from holkas_compat.tekton.remote.refusal import Refusal
from holkas_compat.tekton.remote.requests import asked

LOGIN = {
    "auths": {
        "ghcr.io": {"auth": base64.b64encode(b"me:pw").decode()},
        "h": {"username": "u", "password": "p"},
    }
}
CATALOG = Catalog(
    secrets={
        "s": SecretData(
            name="s", data={"token": Secret("t0"), "password": Secret("p0"), "other": Secret("o0")}
        ),
        "docker": SecretData(name="docker", data={".dockerconfigjson": Secret(json.dumps(LOGIN))}),
        "old": SecretData(
            name="old",
            data={".dockercfg": Secret(json.dumps({"https://index.docker.io/v1/": LOGIN["auths"]["h"]}))},
        ),
        "broken": SecretData(name="broken", data={".dockerconfigjson": Secret("{")}),
    },
    service_accounts={"robot": ("s-none", "docker")},
)


def ref(resolver, **params):
    given = tuple(Param(name=name.replace("__", "-"), value=value) for name, value in params.items())
    return Reference(resolver=resolver, params=given)


def request(resolver, **params):
    return asked(ref(resolver, **params), CATALOG).request


def refused(resolver, **params):
    with pytest.raises(Refusal) as refusal:
        request(resolver, **params)
    return str(refusal.value)


def test_git_has_the_defaults_that_tekton_ships():
    made = request("git", pathInRepo="a.yaml")
    assert dict(made.fields) == {
        "url": "https://github.com/tektoncd/catalog.git",
        "revision": "main",
        "path": "a.yaml",
    }
    assert made.password is None
    assert request("git", pathInRepo="a", url="u", revision="v1").fields["revision"] == "v1"


@pytest.mark.parametrize(
    ("params", "value"),
    [
        ({"token": "s"}, "t0"),
        ({"token": "s", "tokenKey": "other"}, "o0"),
        ({"gitToken": "s", "gitTokenKey": "password"}, "p0"),
    ],
)
def test_git_takes_a_token_of_a_secret(params, value):
    made = request("git", pathInRepo="a", url="https://h/x", **params)
    assert (made.username, made.password) == ("git", Secret(value))


def test_git_refusals():
    assert refused("git") == "missing required git resolver params: pathInRepo"
    assert refused("git", pathInRepo="a", url="u", repo="r") == "cannot specify both 'url' and 'repo'"
    assert "no SCM API" in refused("git", pathInRepo="a", org="o", repo="r")
    assert refused("git", pathInRepo="a", token="none") == 'there is no Secret "none" among these documents'
    assert refused("git", pathInRepo="a", token="s", tokenKey="x") == "the Secret \"s\" has no key 'x'"
    assert refused("git", pathinrepo="a") == 'the resolver git takes no param "pathinrepo"'
    assert refused("git", pathInRepo=["a"]) == 'the param "pathInRepo" of the resolver git must be a string'
    assert refused("git", pathInRepo="a", cache="x") == "cache param must be always, never or auto, not 'x'"


def test_http_takes_a_name_and_a_secret_together():
    made = request("http", url="http://h/a", http__username="me", http__password__secret="s")
    assert (made.username, made.password) == ("me", Secret("p0"))
    made = request(
        "http",
        url="http://h/a",
        http__username="me",
        http__password__secret="s",
        http__password__secret__key="other",
    )
    assert made.password == Secret("o0")
    assert request("http", url="https://h/a", digest="sha256:1").fields["digest"] == "sha256:1"


def test_http_refusals():
    assert refused("http") == "missing required http resolver params: url"
    assert refused("http", url="file:///x") == "url file:///x is not a valid http(s) url"
    assert refused("http", url="http://[x") == "url http://[x is not a valid http(s) url"
    assert "missing required param http-password-secret when" in refused(
        "http", url="http://h", http__username="me"
    )
    assert "missing required param http-username when" in refused(
        "http", url="http://h", http__password__secret="s"
    )
    empty = refused("http", url="http://h", http__username="", http__password__secret="s")
    assert empty == "value http-username cannot be empty"
    assert "p4ss" not in refused("http", url="ftp://me:p4ss@h/x")


@pytest.mark.parametrize(
    ("bundle", "given", "login"),
    [
        ("ghcr.io/a/b", {"secret": "docker"}, ("me", "pw")),
        ("h.x/a", {"secret": "docker"}, None),
        ("a/b", {"secret": "old"}, ("u", "p")),
        ("ghcr.io/a/b", {}, None),
    ],
)
def test_bundles_take_the_login_of_their_registry(bundle, given, login):
    made = request("bundles", bundle=bundle, name="t", **given)
    assert dict(made.fields) == {"bundle": bundle, "name": "t", "kind": "task"}
    assert (made.username, made.password) == ((login[0], Secret(login[1])) if login else ("", None))


def test_bundles_refusals():
    assert refused("bundles") == "missing required bundles resolver params: bundle, name"
    assert "is no JSON" in refused("bundles", bundle="h.x/a", name="t", secret="broken")
    assert "none of type kubernetes.io/dockerconfigjson" in refused(
        "bundles", bundle="h.x/a", name="t", secret="s"
    )
    assert 'no Secret "s-none"' in refused("bundles", bundle="h.x/a", name="t", serviceAccount="robot")


def test_hub_has_a_catalog_for_each_kind_and_type():
    assert request("hub", name="n", version="1").fields["catalog"] == "tekton-catalog-tasks"
    assert (
        request("hub", name="n", version="1", kind="pipeline").fields["catalog"] == "tekton-catalog-pipelines"
    )
    assert request("hub", name="n", version="1", type="tekton").fields["catalog"] == "Tekton"
    assert refused("hub", name="n") == "missing required hub resolver params: version"
    assert (
        refused("hub", name="n", version="1", kind="x")
        == "kind param must be task, pipeline or stepaction, not 'x'"
    )
    assert refused("hub", name="n", version="1", type="x") == "type param must be artifact or tekton, not 'x'"
    assert refused("hub", name="n", version="1", url="file:///") == "url file:/// is not a valid http(s) url"


def test_cluster_and_resolvers_of_others():
    assert request("cluster", name="n", kind="pipeline").fields["namespace"] == "default"
    assert refused("cluster") == "missing required cluster resolver params: name"
    assert dict(request("mine", a="b", c=["d"]).fields) == {"a": "b", "c": '["d"]'}
    with pytest.raises(Refusal, match="URL as the name"):
        asked(Reference(resolver="git", name="https://h"), CATALOG)


def test_the_cache_param_is_handed_on():
    assert asked(ref("git", pathInRepo="a", cache="never"), CATALOG).cache == "never"
    assert asked(ref("hub", name="a", version="1"), CATALOG).cache == "auto"
