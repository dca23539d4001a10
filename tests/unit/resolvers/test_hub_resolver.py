"""The resolver hub, with a small hub of ours made from the published APIs of Artifact Hub and Tekton Hub."""

import hashlib
import json

import pytest
from holkas.extensions.resolver import ResolverRefused, ResolverRequest
from holkas.plugins import Context
from holkas.roles.errors import NotFound
from holkas_builtin.resolvers.hub import HubResolver
from holkas_builtin.resolvers.version_constraint import VersionConstraint

from tests.file_server import serving

TASK = "kind: Task\n"
VERSIONS = ["0.9.0", "0.10.0", "0.2.1", "0.11.0-rc1", "odd"]


class Hub:
    """Knows the task ``clone`` in several versions."""

    def __init__(self):
        self.asked = []

    def __call__(self, path, headers):
        self.asked.append(path)
        artifact, tekton = "/api/v1/packages/tekton-task/c/clone", "/v1/resource/c/task/clone"
        if path == artifact:
            listed = [{"version": one, "prerelease": False} for one in VERSIONS]
            listed.append({"version": "0.99.0", "prerelease": True})
            return 200, {}, json.dumps({"available_versions": listed}).encode()
        if path == tekton:
            listed = [{"version": one} for one in ("0.9", "0.10")]
            return 200, {}, json.dumps({"data": {"versions": listed}}).encode()
        if path == f"{artifact}/0.10.0":
            return 200, {}, json.dumps({"data": {"manifestRaw": TASK}}).encode()
        if path == f"{tekton}/0.10/yaml":
            return 200, {}, json.dumps({"data": {"yaml": TASK}}).encode()
        if path.endswith("/empty/1.0.0"):
            return 200, {}, b'{"data": {}}'
        if path.endswith("/broken/1.0.0"):
            return 200, {}, b"<html>"
        return 404, {}, b""


@pytest.fixture
def hub():
    answers = Hub()
    with serving(answers) as host:
        answers.url = f"http://{host}"
        yield answers


def wanted(version, name="clone", hub="artifact", **more):
    fields = {
        "type": hub,
        "catalog": "c",
        "kind": "task",
        "name": name,
        "version": version,
        "url": "",
        **more,
    }
    return ResolverRequest(resolver="hub", fields=fields)


def resolver(hub, **options):
    return HubResolver(Context(options={"artifact-hub": hub.url, **options}))


@pytest.mark.parametrize(
    "version", ["0.10.0", "0.10", "= 0.10", ">= 0.9", "~> 0.9", ">0.2, < 0.11", "!=0.9.0"]
)
def test_versions_and_constraints(version, hub):
    found = resolver(hub).resolve(wanted(version))
    assert found.content.decode() == TASK
    assert found.source.uri == f"{hub.url}/api/v1/packages/tekton-task/c/clone/0.10.0"
    assert found.source.digest == {"sha256": hashlib.sha256(TASK.encode()).hexdigest()}


def test_an_exact_version_is_asked_for_at_once_and_pinned(hub):
    resolver(hub).resolve(wanted("0.10"))
    assert len(hub.asked) == 1
    assert resolver(hub).pinned(wanted("0.10"))
    assert not resolver(hub).pinned(wanted(">= 0.10"))


@pytest.mark.parametrize("version", ["0.10", "0.10.0", ">= 0.9"])
def test_a_tekton_hub_has_two_numbers_and_an_address_of_its_own(version, hub):
    asked = wanted(version, hub="tekton")
    with pytest.raises(ResolverRefused, match="without its URL") as error:
        resolver(hub).resolve(asked)
    assert "tekton-hub" in error.value.hint
    assert resolver(hub, **{"tekton-hub": f"{hub.url}/"}).resolve(asked).content.decode() == TASK
    assert resolver(hub).resolve(wanted(version, hub="tekton", url=hub.url)).content.decode() == TASK


def test_mirrors_stand_in_for_the_hub(hub):
    made = HubResolver(Context(options={"mirrors": [{"url": "https://artifacthub.io", "to": hub.url}]}))
    found = made.resolve(wanted("0.10"))
    assert found.source.uri.startswith("https://artifacthub.io/api/v1/packages/")


def test_what_the_hub_has_not(hub):
    with pytest.raises(ResolverRefused, match="no version found for constraint >= 2") as error:
        resolver(hub).resolve(wanted(">= 2"))
    assert "0.10.0" in error.value.hint
    with pytest.raises(NotFound):
        resolver(hub).resolve(wanted("7.0.0"))
    with pytest.raises(ResolverRefused, match="has no manifest"):
        resolver(hub).resolve(wanted("1.0.0", "empty"))
    with pytest.raises(ResolverRefused, match="else than JSON"):
        resolver(hub).resolve(wanted("1.0.0", "broken"))


@pytest.mark.parametrize("name", ["..", "a/b", ""])
def test_names_cannot_leave_their_place(name, hub):
    with pytest.raises(ResolverRefused, match="no name in a hub"):
        resolver(hub).resolve(wanted("1.0", name))
    assert hub.asked == []


@pytest.mark.parametrize("version", ["", "latest", ">=", "1..2", "1.2.x", "1" + ".1" * 60, ">= 1,"])
def test_what_is_no_version_is_refused(version):
    with pytest.raises(ResolverRefused, match="no version and no constraint"):
        VersionConstraint.parse(version)


def test_the_squiggly_arrow_keeps_all_but_the_last_number():
    newest = VersionConstraint.parse("~> 1.2.3").newest
    assert newest(["1.2.2", "1.2.9", "1.3.0", "2.0.0"]) == "1.2.9"
    assert VersionConstraint.parse("~> 1").newest(["1.9", "2.0"]) == "1.9"
    assert newest(["1.1.0"]) == ""
