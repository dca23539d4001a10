"""The contract of artifact repositories."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from holkas.model.artifact import Artifact
from holkas.roles.artifact_repository import ArtifactRepository
from holkas.roles.content import digest_of
from holkas.roles.errors import Conflict, Corrupt, NotFound, ToolError
from holkas.testing.contracts.role import Needs, RoleContract

_ANY = Artifact(name="x", version="1", digest="sha256:" + "0" * 64)


class ArtifactRepositoryContract(RoleContract):
    """Give ``tool`` a repository in which names below ``contract/`` are free."""

    role = ArtifactRepository
    behind: ClassVar[Any] = {
        "tag": (lambda tool: tool.tag(_ANY, "x"),),
        "delete": (lambda tool: tool.delete(_ANY),),
        "referrers": (lambda tool: tool.attach(_ANY, "text/plain", b""), lambda tool: tool.referrers(_ANY)),
    }

    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        """A file to publish."""
        path = tmp_path / "source" / "app.bin"
        path.parent.mkdir()
        path.write_bytes(bytes(range(256)) * 5)
        return path

    @pytest.fixture
    def tree(self, tmp_path: Path) -> Path:
        """A tree with a directory, an executable file, an empty file and a link."""
        root = tmp_path / "tree"
        (root / "bin").mkdir(parents=True)
        (root / "bin" / "app").write_text("#!/bin/sh\n", encoding="utf-8")
        (root / "bin" / "app").chmod(0o755)
        (root / "empty").touch()
        (root / "current").symlink_to("bin/app")
        return root

    def test_a_file_comes_back(self, tool: ArtifactRepository, file: Path, tmp_path: Path) -> None:
        published = tool.publish("contract/app", "1.0", file, metadata={"commit": "abc"}, media_type="a/b")
        assert (published.name, published.version, published.tree) == ("contract/app", "1.0", False)
        assert (published.digest, published.size) == (digest_of(file), 1280)
        fetched = tool.fetch(published, tmp_path / "out")
        assert fetched.read_bytes() == file.read_bytes()
        assert fetched.is_relative_to(tmp_path / "out")

    def test_what_was_said_about_it_is_kept(self, tool: ArtifactRepository, file: Path) -> None:
        tool.publish("contract/app", "1.0", file, metadata={"commit": "abc"}, media_type="a/b")
        resolved = tool.resolve("contract/app", "1.0")
        assert resolved.metadata["commit"] == "abc"
        assert resolved.media_type == "a/b"

    def test_a_tree_comes_back(self, tool: ArtifactRepository, tree: Path, tmp_path: Path) -> None:
        published = tool.publish("contract/tree", "1.0", tree)
        assert published.tree
        assert published.digest == digest_of(tree)
        fetched = tool.fetch(tool.resolve("contract/tree", "1.0"), tmp_path / "out")
        assert digest_of(fetched) == published.digest
        assert os.readlink(fetched / "current") == "bin/app"  # noqa: PTH115 - the text as it stands
        assert os.access(fetched / "bin" / "app", os.X_OK)

    def test_version_and_digest_lead_to_it(self, tool: ArtifactRepository, file: Path) -> None:
        published = tool.publish("contract/app", "1.0", file)
        assert tool.resolve("contract/app", "1.0").digest == published.digest
        assert tool.resolve("contract/app", published.digest).version == "1.0"

    def test_what_is_missing_is_not_found(self, tool: ArtifactRepository, file: Path, tmp_path: Path) -> None:
        tool.publish("contract/app", "1.0", file)
        for name, reference in [
            ("contract/none", "1.0"),
            ("contract/app", "2.0"),
            ("contract/app", _ANY.digest),
        ]:
            with pytest.raises(NotFound):
                tool.resolve(name, reference)
        with pytest.raises(NotFound):
            tool.fetch(_ANY, tmp_path / "out")

    def test_publishing_again_is_harmless(self, tool: ArtifactRepository, file: Path) -> None:
        first = tool.publish("contract/app", "1.0", file)
        assert tool.publish("contract/app", "1.0", file).digest == first.digest
        assert len(list(tool.artifacts("contract/app"))) == 1

    def test_a_version_is_never_replaced(self, tool: ArtifactRepository, file: Path) -> None:
        first = tool.publish("contract/app", "1.0", file)
        file.write_bytes(b"other")
        with pytest.raises(Conflict):
            tool.publish("contract/app", "1.0", file)
        assert tool.resolve("contract/app", "1.0").digest == first.digest

    def test_many_at_once_publish_one(self, tool: ArtifactRepository, file: Path) -> None:
        with ThreadPoolExecutor(8) as pool:
            digests = {
                one.digest for one in pool.map(lambda _: tool.publish("contract/app", "1", file), range(8))
            }
        assert digests == {digest_of(file)}
        assert len(list(tool.artifacts("contract/app"))) == 1

    def test_a_wrong_digest_is_refused_and_nothing_is_left(
        self, tool: ArtifactRepository, file: Path, tmp_path: Path
    ) -> None:
        published = tool.publish("contract/app", "1.0", file)
        out = tmp_path / "out"
        with pytest.raises((Corrupt, NotFound)):
            tool.fetch(replace(published, digest=_ANY.digest), out)
        assert not out.exists() or not any(out.iterdir())

    def test_they_are_listed_newest_first(self, tool: ArtifactRepository, file: Path) -> None:
        for version in ("1.0", "2.0", "3.0"):
            file.write_text(version, encoding="utf-8")
            tool.publish("contract/app", version, file)
        tool.publish("contract/other", "1.0", file)
        assert [one.version for one in tool.artifacts("contract/app")] == ["3.0", "2.0", "1.0"]
        assert {one.name for one in tool.artifacts()} >= {"contract/app", "contract/other"}
        assert list(tool.artifacts("contract/none")) == []

    def test_what_is_not_there_is_not_published(self, tool: ArtifactRepository, tmp_path: Path) -> None:
        with pytest.raises(ToolError):
            tool.publish("contract/app", "1.0", tmp_path / "none")

    def test_a_link_out_of_the_tree_is_refused(self, tool: ArtifactRepository, tree: Path) -> None:
        (tree / "out").symlink_to("../../etc/passwd")
        with pytest.raises(ToolError):
            tool.publish("contract/tree", "1.0", tree)

    def test_a_tag_moves(self, tool: ArtifactRepository, file: Path, needs: Needs) -> None:
        needs("tag")
        one = tool.publish("contract/app", "1.0", file)
        file.write_bytes(b"two")
        two = tool.publish("contract/app", "2.0", file)
        tool.tag(one, "prod")
        assert tool.resolve("contract/app", "prod").digest == one.digest
        tool.tag(two, "prod")
        assert tool.resolve("contract/app", "prod").digest == two.digest
        with pytest.raises(Conflict):
            tool.tag(two, "1.0")

    def test_a_deleted_one_is_gone(self, tool: ArtifactRepository, file: Path, needs: Needs) -> None:
        needs("delete")
        published = tool.publish("contract/app", "1.0", file)
        tool.delete(published)
        tool.delete(published)
        with pytest.raises(NotFound):
            tool.resolve("contract/app", "1.0")

    def test_documents_stand_beside_it(
        self, tool: ArtifactRepository, file: Path, tmp_path: Path, needs: Needs
    ) -> None:
        needs("referrers")
        published = tool.publish("contract/app", "1.0", file)
        bill = tool.attach(published, "application/spdx+json", b"{}", metadata={"a": "b"})
        tool.attach(published, "application/spdx+json", b"{}")
        tool.attach(published, "text/plain", b"note")
        assert bill.subject == published.digest
        assert [one.digest for one in tool.referrers(published, "application/spdx+json")] == [bill.digest]
        assert len(tool.referrers(published)) == 2
        assert tool.fetch(bill, tmp_path / "bill").read_bytes() == b"{}"
        assert tool.resolve("contract/app", "1.0").digest == published.digest
        with pytest.raises(NotFound):
            tool.attach(_ANY, "text/plain", b"")
