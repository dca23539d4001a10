"""What the protocol allows a registry, and what it does not: tokens, redirects, broken connections, wrong bytes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from fake_registry import FakeRegistry
from holkas.model.artifact import Artifact
from holkas.roles.content import digest_of
from holkas.roles.errors import AccessDenied, Conflict, Corrupt, NotFound, Retryable, ToolError, Unsupported
from holkas_oci.registry import Registry

PASSWORD = "s3cr3t-pa55"


@pytest.fixture
def fake():
    with FakeRegistry() as server:
        yield server
        server.shutdown()


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "app.bin"
    path.write_bytes(bytes(range(256)) * 1024)
    return path


def test_a_registry_with_referrers_needs_no_tag(make, fake, file):
    tool = make(fake.address, prefix="x")
    published = tool.publish("app", "1.0", file)
    tool.attach(published, "text/plain", b"note")
    assert [one.media_type for one in tool.referrers(published)] == ["text/plain"]
    assert not [one for one in fake.manifests if one.startswith("sha256-")]


def test_a_registry_without_keeps_an_index_under_the_tag(make, fake, file):
    fake.referrers = False
    tool = make(fake.address, prefix="x")
    published = tool.publish("app", "1.0", file)
    tool.attach(published, "text/plain", b"note")
    assert [one.media_type for one in tool.referrers(published)] == ["text/plain"]
    (tag,) = [one for one in fake.manifests if one.startswith("sha256-")]
    listed = json.loads(fake.manifests[tag])["manifests"]
    assert [one["artifactType"] for one in listed] == ["application/vnd.holkas.published.v1", "text/plain"]


def test_a_registry_that_learned_referrers_later_loses_nothing(make, fake, file):
    fake.referrers = False
    published = make(fake.address, prefix="x").publish("app", "1.0", file)
    make(fake.address, prefix="x").attach(published, "text/plain", b"note")
    fake.manifests = {name: data for name, data in fake.manifests.items() if b'"subject"' not in data}
    fake.referrers = True
    assert len(make(fake.address, prefix="x").referrers(published)) == 1


def test_documents_of_two_that_attach_at_once_count_once(make, fake, file):
    tool = make(fake.address, prefix="x")
    published = tool.publish("app", "1.0", file)
    first = tool.attach(published, "text/plain", b"note")
    tool._documents = lambda *_: ()
    tool.attach(published, "text/plain", b"note")
    del tool._documents
    (document,) = tool.referrers(published)
    assert document == first


def test_a_token_is_fetched_with_the_login_and_used(make, file, monkeypatch):
    monkeypatch.setenv("PASS", PASSWORD)
    with FakeRegistry(token="t0ken") as fake:
        tool = make(fake.address, prefix="x", username="anna", password_variable="PASS")
        published = tool.publish("app", "1.0", file)
        assert tool.fetch(published, file.parent / "out").read_bytes() == file.read_bytes()
        (asked, *more) = fake.seen("GET", "/token?service=fake&scope=repository%3Ax%3Apull%2Cpush")
        assert asked["authorization"].startswith("Basic ")
        assert more == [], "one token serves all requests of a repository"
        fake.shutdown()


def test_blobs_lie_elsewhere_without_our_login(make, fake, file, tmp_path):
    with FakeRegistry() as other:
        tool = make(fake.address, prefix="x")
        published = tool.publish("app", "1.0", file)
        tool._transport._headers["x/app"] = "Bearer s3cr3t"
        other.blobs = dict(fake.blobs)
        target = f"http://{other.address}/v2/x/blobs/{published.digest}?signature=s3cr3t"
        fake.plan["GET", "/blobs/"] = [(307, {"Location": target})]
        assert tool.fetch(published, tmp_path / "out").read_bytes() == file.read_bytes()
        assert "authorization" not in other.seen("GET", "/blobs/")[0]
        fake.plan["GET", "/blobs/"] = [(307, {"Location": f"/v2/x/app/blobs/{published.digest}"})] * 9
        with pytest.raises(ToolError, match="again and again"):
            tool.fetch(published, tmp_path / "out2")
        other.shutdown()


def test_a_redirect_that_gives_up_tls_is_refused(make):
    tool = make("registry.example.org", prefix="x")
    with pytest.raises(ToolError, match="not safe"):
        tool._transport._absolute("http://registry.example.org/v2/")
    with pytest.raises(ToolError, match="not safe"):
        tool._transport._absolute("file:///etc/passwd")
    assert tool._transport._absolute("/v2/") == "https://registry.example.org/v2/"


def test_a_large_file_goes_on_where_the_connection_broke(make, fake, file):
    tool = make(fake.address, prefix="x", chunk_size=65536)
    fake.plan["PATCH", "/uploads/"] = [None, "break", None, "break"]
    published = tool.publish("app", "1.0", file)
    assert fake.blobs[published.digest] == file.read_bytes()
    ranges = [one["content-range"] for one in fake.seen("PATCH", "/uploads/")]
    assert ranges[:3] == ["0-65535", "65536-131071", "98304-163839"]


def test_a_registry_that_breaks_every_time_may_be_asked_later(make, fake, file):
    tool = make(fake.address, prefix="x", chunk_size=65536)
    fake.plan["PATCH", "/uploads/"] = ["break"] * 9
    with pytest.raises(Retryable):
        tool.publish("app", "1.0", file)
    with pytest.raises(NotFound):
        tool.resolve("app", "1.0")


def test_a_download_goes_on_where_the_connection_broke(make, fake, file, tmp_path):
    tool = make(fake.address, prefix="x")
    published = tool.publish("app", "1.0", file)
    fake.plan["GET", "/blobs/"] = ["half"]
    assert tool.fetch(published, tmp_path / "out").read_bytes() == file.read_bytes()
    assert fake.seen("GET", "/blobs/")[-1]["range"] == f"bytes={len(file.read_bytes()) // 2}-"


def test_bytes_that_are_others_are_refused(make, fake, file, tmp_path):
    tool = make(fake.address, prefix="x")
    published = tool.publish("app", "1.0", file)
    good = fake.blobs[published.digest]
    for wrong in (good[:-1] + b"!", good[:-1], good + b"!"):
        fake.blobs[published.digest] = wrong
        with pytest.raises(Corrupt):
            tool.fetch(published, tmp_path / "out")
        assert list((tmp_path / "out").iterdir()) == []


def test_a_tree_that_is_not_what_was_published_is_refused(make, fake, tmp_path):
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "a").write_text("x")
    tool = make(fake.address, prefix="x")
    published = tool.publish("t", "1.0", tmp_path / "t")
    (tmp_path / "t" / "a").write_text("y")
    tool.publish("t", "2.0", tmp_path / "t")
    fake.manifests["1.0"] = (
        fake.manifests["2.0"]
        .replace(b'"2.0"', b'"1.0"')
        .replace(tool.resolve("t", "2.0").digest.encode(), published.digest.encode())
    )
    with pytest.raises(Corrupt, match="should be"):
        tool.fetch(published, tmp_path / "out")


def test_a_manifest_with_another_digest_is_refused(make, fake, file):
    tool = make(fake.address, prefix="x")
    tool.publish("app", "1.0", file)
    registry = Registry(tool._transport, 1 << 20)
    digest = registry.manifest("x/app", "1.0").digest
    fake.manifests[digest] = b"{}"
    with pytest.raises(Corrupt):
        registry.manifest("x/app", digest)


@pytest.mark.parametrize("layers", [[], [{}], [{"digest": "sha256:x", "size": 1}], "x", [{}, {}]])
def test_a_manifest_without_its_layer_is_refused(make, fake, file, tmp_path, layers):
    tool = make(fake.address, prefix="x")
    published = tool.publish("app", "1.0", file)
    fake.manifests["1.0"] = json.dumps({**json.loads(fake.manifests["1.0"]), "layers": layers}).encode()
    with pytest.raises(Corrupt):
        tool.fetch(published, tmp_path / "out")


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, AccessDenied), (403, AccessDenied), (400, ToolError), (409, Conflict), (429, Retryable)],
)
def test_what_a_status_means(make, fake, status, error):
    tool = make(fake.address, prefix="x")
    fake.plan["GET", "/manifests/"] = [(status, {"Retry_After": "7"})] * 9
    with pytest.raises(error) as caught:
        tool.resolve("app", "1.0")
    if error is Retryable:
        assert caught.value.after == 7.0


def test_a_registry_that_fails_for_a_moment_is_asked_again(make, fake, file):
    tool = make(fake.address, prefix="x")
    tool.publish("app", "1.0", file)
    fake.plan["GET", "/manifests/"] = [(500, {}), "break"]
    assert tool.resolve("app", "1.0").version == "1.0"


def test_what_is_no_registry_is_told(make, fake):
    tool = make(fake.address, prefix="x")
    for answer in ((200, {}, b"<html>"), (200, {}, b"[]"), (200, {}, b"x" * (5 << 20))):
        fake.plan["GET", "/manifests/"] = [answer]
        with pytest.raises(ToolError):
            tool.resolve("app", "1.0")
    fake.plan["POST", "/uploads/"] = [(202, {})]
    with pytest.raises(ToolError, match="where an upload goes"):
        tool.attach(replace_subject(fake, tool), "text/plain", b"x")


def replace_subject(fake, tool):
    """An artifact that is there."""
    from pathlib import Path

    fake.plan, plan = {}, fake.plan
    published = tool.publish("app", "1.0", Path(__file__))
    fake.plan = plan
    return published


@pytest.mark.parametrize(
    "challenge",
    ["", "Negotiate", 'Basic realm="x"', 'Bearer realm="ftp://x"', 'Bearer realm="http://127.0.0.1:1/"'],
)
def test_a_challenge_that_cannot_be_answered_is_told(make, fake, challenge):
    tool = make(fake.address, prefix="x", credentials_file="none.json")
    fake.plan["GET", "/v2/"] = [(401, {"WWW_Authenticate": challenge})] * 9
    assert tool.fault()


@pytest.mark.parametrize("answer", [(403, {}), (200, {}, b"{}")])
def test_a_server_of_tokens_that_gives_none_is_told(make, answer):
    with FakeRegistry(token="t") as fake:
        tool = make(fake.address, prefix="x")
        fake.plan["GET", "/token"] = [answer]
        with pytest.raises(AccessDenied):
            tool.resolve("app", "1.0")
        fake.shutdown()


def test_a_registry_that_does_not_list_says_so(make, fake):
    with pytest.raises(Unsupported, match="does not list"):
        list(make(fake.address, prefix="x").artifacts())


def test_what_others_have_published_is_no_artifact(make, fake, file):
    tool = make(fake.address, prefix="x")
    fake.manifests["1.0"] = b'{"layers": []}'
    with pytest.raises(NotFound):
        tool.resolve("app", "1.0")
    with pytest.raises(Conflict, match="not published"):
        tool.publish("app", "1.0", file)


def test_a_media_type_that_is_none_is_refused(make, fake, file):
    tool = make(fake.address, prefix="x")
    with pytest.raises(ToolError, match="media type"):
        tool.publish("app", "1.0", file, media_type="none")
    with pytest.raises(ToolError, match="media type"):
        tool.attach(Artifact(name="app", version="1", digest=digest_of(file)), "a b/c", b"")


def test_a_directory_that_is_not_empty_is_left_alone(make, fake, file, tmp_path):
    tool = make(fake.address, prefix="x")
    published = tool.publish("app", "1.0", file)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").touch()
    with pytest.raises(ToolError, match="not empty"):
        tool.fetch(published, tmp_path / "out")
    assert (tmp_path / "out" / "mine").exists()


def test_a_registry_that_is_down_is_told(make):
    tool = make("127.0.0.1:1", prefix="x")
    assert "cannot be reached" in tool.fault()


def test_a_publisher_that_died_before_its_note_is_made_good(make, fake, file):
    tool = make(fake.address, prefix="x")
    published = tool.publish("app", "1.0", file)
    kept = {name: data for name, data in fake.manifests.items() if b'"subject"' not in data}
    fake.manifests = {name: data for name, data in kept.items() if not name.startswith("content-")}
    assert tool.resolve("app", "1.0").published is None
    again = tool.publish("app", "1.0", file)
    assert again.published is not None
    assert replace(again, published=None) == replace(published, published=None)
    assert tool.resolve("app", published.digest) == tool.resolve("app", "1.0")
