"""The contract of source fetchers."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import pytest

from holkas.extensions.source_fetcher import SourceFetcher, SourceRefused, SourceRequest
from holkas.roles.errors import ToolError

FILES = {"app/one.yaml": b"kind: One\n", "app/deep/two.txt": b"two", "other.yaml": b"kind: Other\n"}
"""What the source has to hold at the request's revision."""


class SourceFetcherContract:
    """Give ``fetcher`` one, and ``request_of_files`` a source of it that holds exactly :data:`FILES`.

    repository, revision: of that source, for who verifies a plugin without a test.
    """

    repository: ClassVar[str] = ""
    revision: ClassVar[str] = ""

    @pytest.fixture
    def fetcher(self) -> SourceFetcher:
        """The fetcher under test; override this."""
        raise NotImplementedError(f"{type(self).__name__} has to override the fixture 'fetcher'")

    @pytest.fixture
    def request_of_files(self) -> SourceRequest:
        """A source with :data:`FILES`; override this."""
        if not self.repository:
            raise NotImplementedError(f"{type(self).__name__} has to override the fixture 'request_of_files'")
        return SourceRequest(repository=self.repository, revision=self.revision)

    def test_it_is_a_fetcher_with_a_name(
        self, fetcher: SourceFetcher, request_of_files: SourceRequest
    ) -> None:
        assert isinstance(fetcher, SourceFetcher)
        assert fetcher.name
        assert fetcher.handles(request_of_files)

    def test_the_files_are_there_and_no_others(
        self, fetcher: SourceFetcher, request_of_files: SourceRequest
    ) -> None:
        tree = fetcher.open(request_of_files)
        assert list(tree.files()) == sorted(FILES)
        root = tree.materialise([""])
        assert {name: (root / name).read_bytes() for name in FILES} == FILES

    def test_a_part_is_materialised_below_the_same_root(
        self, fetcher: SourceFetcher, request_of_files: SourceRequest
    ) -> None:
        tree = fetcher.open(request_of_files)
        root = tree.materialise(["app/deep", "nowhere"])
        assert (root / "app/deep/two.txt").read_bytes() == FILES["app/deep/two.txt"]
        assert not (root / "nowhere").exists()
        assert tree.materialise(["other.yaml"]) == root

    def test_identities_tell_paths_apart(
        self, fetcher: SourceFetcher, request_of_files: SourceRequest
    ) -> None:
        tree = fetcher.open(request_of_files)
        paths = ["", "app", "app/deep", "app/one.yaml", "other.yaml"]
        found = tree.identities(paths)
        assert len(set(found)) == len(paths)
        assert all(found)
        assert tree.identities(["nowhere", "app/none", "ap"]) == ["", "", ""]

    def test_the_same_request_gives_the_same(
        self, fetcher: SourceFetcher, request_of_files: SourceRequest
    ) -> None:
        one, two = fetcher.open(request_of_files), fetcher.open(request_of_files)
        assert (one.revision, one.identities(["", "app"])) == (two.revision, two.identities(["", "app"]))

    def test_what_mentions_a_text_is_found(
        self, fetcher: SourceFetcher, request_of_files: SourceRequest
    ) -> None:
        tree = fetcher.open(request_of_files)
        assert tree.mentioning("kind: O", (".yaml",)) == [
            ("app/one.yaml", FILES["app/one.yaml"]),
            ("other.yaml", FILES["other.yaml"]),
        ]
        assert tree.mentioning("kind: O", (".txt",)) == []

    @pytest.mark.parametrize("revision", ["no-such-revision", "--upload-pack=true", "../escape"])
    def test_revisions_that_are_none_are_refused(
        self, fetcher: SourceFetcher, request_of_files: SourceRequest, revision: str
    ) -> None:
        with pytest.raises((SourceRefused, ToolError)):
            fetcher.open(replace(request_of_files, revision=revision))
