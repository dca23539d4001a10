"""What a real docker-registry does: large blobs, logins, deletion, and what other clients see."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest
from holkas.roles.errors import AccessDenied, NotFound, ToolError

pytestmark = pytest.mark.service
USER, PASSWORD = "anna", "s3cr3t-pa55"


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "tree"
    (root / "bin").mkdir(parents=True)
    (root / "bin" / "app").write_text("#!/bin/sh\n")
    (root / "data").write_bytes(os.urandom(3 << 20))
    (root / "link").symlink_to("data")
    return root


def test_the_same_tree_makes_the_same_manifest(registry, make, tree):
    first = make(registry, prefix="one/same").publish("app", "1.0", tree, metadata={"a": "b"})
    second = make(registry, prefix="two/same").publish("app", "1.0", tree, metadata={"a": "b"})
    assert first.location.partition("@")[2] == second.location.partition("@")[2]


def test_a_large_tree_goes_in_chunks(registry, make, tree, tmp_path):
    tool = make(registry, chunk_size=65536)
    published = tool.publish("app", "1.0", tree)
    assert (tool.fetch(published, tmp_path / "out") / "link").read_bytes() == (tree / "data").read_bytes()


def test_one_content_may_have_several_versions(registry, make, tree):
    tool = make(registry)
    one = tool.publish("app", "1.0", tree)
    two = tool.publish("app", "2.0+b_1", tree)
    assert tool.resolve("app", "2.0+b_1").version == "2.0+b_1"
    assert tool.resolve("app", one.digest).version == "1.0"
    tool.tag(one, "prod")
    tool.delete(one)
    with pytest.raises(NotFound):
        tool.resolve("app", "prod")
    assert tool.resolve("app", two.digest).version == "2.0+b_1"
    assert [artifact.version for artifact in tool.artifacts("app")] == ["2.0+b_1"]


def test_documents_go_with_their_artifact(registry, make, tree):
    tool = make(registry)
    published = tool.publish("app", "1.0", tree)
    tool.attach(published, "text/plain", b"note")
    tool.delete(published)
    assert tool.referrers(published) == ()
    tool.publish("app", "1.0", tree)
    assert tool.referrers(published) == ()


def test_a_registry_that_deletes_nothing_says_how_to(start_registry, make, tree):
    tool = make(start_registry(delete=False))
    published = tool.publish("app", "1.0", tree)
    with pytest.raises(ToolError) as caught:
        tool.delete(published)
    assert "delete.enabled" in caught.value.hint


def test_a_wrong_password_is_told_without_it(private_registry, make, monkeypatch, tree):
    monkeypatch.setenv("WRONG", "wrong-s3cr3t")
    tool = make(private_registry, username=USER, password_variable="WRONG")
    with pytest.raises(AccessDenied) as caught:
        tool.publish("app", "1.0", tree)
    assert "wrong-s3cr3t" not in f"{caught.value} {caught.value.hint}"
    assert "401" in tool.fault()


def test_without_a_login_it_is_asked_for(private_registry, make, tmp_path):
    (tmp_path / "none.json").write_text("{}")
    tool = make(private_registry, credentials_file=str(tmp_path / "none.json"))
    with pytest.raises(AccessDenied, match="wants a login"):
        tool.resolve("app", "1.0")


def test_the_login_of_docker_is_used(private_registry, make, tmp_path, tree):
    pair = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    (tmp_path / "config.json").write_text(json.dumps({"auths": {private_registry: {"auth": pair}}}))
    tool = make(private_registry, credentials_file=str(tmp_path / "config.json"))
    assert tool.publish("app", "1.0", tree).version == "1.0"


def test_another_client_reads_what_was_published(registry, make, tree, tmp_path):
    client = pytest.importorskip("oras.client", reason="pip install oras")
    tool = make(registry)
    published = tool.publish("app", "1.0", tree)
    file = tool.publish("file", "1.0", tree / "data")
    oras = client.OrasClient(hostname=registry, insecure=True, auth_backend="basic")
    repository = published.location.partition("@")[0]
    manifest = oras.get_manifest(f"{repository}:1.0")
    assert manifest["annotations"]["org.opencontainers.image.version"] == "1.0"
    target = f"{file.location.partition('@')[0]}:1.0"
    (pulled,) = oras.pull(target=target, outdir=str(tmp_path / "out"))
    assert Path(pulled).read_bytes() == (tree / "data").read_bytes()
