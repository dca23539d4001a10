"""The contract of resolvers."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from holkas.extensions.resolver import MAX_SIZE, ResolvedResource, Resolver, ResolverRefused, ResolverRequest
from holkas.model.secret import Secret
from holkas.roles.errors import ToolError

PASSWORD = "a password of the contract"  # noqa: S105 - opens nothing


class ResolverContract:
    """Give ``resolver`` one, and ``request_of_document`` what it finds. ``pinned``: a request that means the same content
    for ever, None where the kind of place has none. ``missing``: what is not there.

    fields: of ``request_of_document``, as YAML; for who verifies a plugin without a test.
    """

    fields: ClassVar[str] = ""

    @pytest.fixture
    def resolver(self) -> Resolver:
        """The resolver under test; override this."""
        raise NotImplementedError(f"{type(self).__name__} has to override the fixture 'resolver'")

    @pytest.fixture
    def request_of_document(self, resolver: Resolver) -> ResolverRequest:
        """A document that is there; override this."""
        if not self.fields:
            raise NotImplementedError(
                f"{type(self).__name__} has to override the fixture 'request_of_document'"
            )
        from holkas.yaml import load

        found = load(self.fields)
        assert isinstance(found, Mapping), "fields is a mapping"
        fields = {str(name): str(value) for name, value in found.items()}
        return ResolverRequest(resolver=resolver.name, fields=fields)

    @pytest.fixture
    def pinned(self) -> ResolverRequest | None:
        """A request whose content cannot change."""
        return None

    @pytest.fixture
    def missing(self) -> ResolverRequest | None:
        """A document that is not there."""
        return None

    def test_it_is_a_resolver_with_a_name_and_a_limit(self, resolver: Resolver) -> None:
        assert isinstance(resolver, Resolver)
        assert resolver.name
        assert resolver.timeout > 0

    def test_a_document_is_found_with_its_place(
        self, resolver: Resolver, request_of_document: ResolverRequest
    ) -> None:
        found = resolver.resolve(request_of_document)
        assert isinstance(found, ResolvedResource)
        assert 0 < len(found.content) <= MAX_SIZE
        assert found.source.uri
        assert found.source.digest, "a digest says which content it was"
        for algorithm, digest in found.source.digest.items():
            assert algorithm in ("sha1", "sha256", "sha512")
            assert len(digest) >= 40
            assert set(digest) <= set("0123456789abcdef")

    def test_the_same_request_gives_the_same(
        self, resolver: Resolver, request_of_document: ResolverRequest
    ) -> None:
        assert resolver.resolve(request_of_document) == resolver.resolve(request_of_document)

    def test_many_ask_at_once(self, resolver: Resolver, request_of_document: ResolverRequest) -> None:
        alone = resolver.resolve(request_of_document)
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(resolver.resolve, [request_of_document] * 4)) == [alone] * 4

    def test_what_is_pinned_is_known_without_asking(
        self, resolver: Resolver, request_of_document: ResolverRequest, pinned: ResolverRequest | None
    ) -> None:
        if pinned is None:
            pytest.skip("nothing of this kind means the same for ever")
        assert resolver.pinned(pinned) is True
        assert resolver.resolve(pinned).content == resolver.resolve(request_of_document).content
        unreachable = {name: value.replace("127.0.0.1", "127.0.0.2") for name, value in pinned.fields.items()}
        assert resolver.pinned(replace(pinned, fields=unreachable)) is True

    def test_what_is_not_there_is_refused_in_a_sentence(
        self, resolver: Resolver, missing: ResolverRequest | None
    ) -> None:
        if missing is None:
            pytest.skip("nothing is said of what is not there")
        told = self._refusal(resolver, missing)
        assert told
        assert "\n" not in told

    def test_a_password_is_never_shown(
        self, resolver: Resolver, request_of_document: ResolverRequest, missing: ResolverRequest | None
    ) -> None:
        for request in (request_of_document, missing):
            if request is not None:
                secret = replace(request, username="somebody", password=Secret(PASSWORD))
                assert PASSWORD not in str(self._told(resolver, secret))

    @pytest.mark.parametrize(
        "evil",
        [
            "--upload-pack=touch {place}",
            "-o{place}",
            "../../../../etc/passwd",
            "file:///etc/passwd",
            "a\0b",
            "a\nb",
        ],
        ids=["option", "short option", "up", "file", "nul", "line"],
    )
    def test_fields_of_strangers_do_no_harm(
        self, resolver: Resolver, request_of_document: ResolverRequest, evil: str, tmp_path: Path
    ) -> None:
        """Whatever a field says: a document that a place of this kind has, or a refusal in a sentence."""
        place = tmp_path / "made-by-a-stranger"
        host = Path("/etc/passwd").read_bytes()
        for name in request_of_document.fields:
            fields = {**request_of_document.fields, name: evil.format(place=place)}
            found = self._told(resolver, replace(request_of_document, fields=fields))
            assert not place.exists(), name
            if isinstance(found, ResolvedResource):
                assert found.content != host, name
            else:
                assert str(found), name
                assert "\n" not in str(found), name

    def _told(self, resolver: Resolver, request: ResolverRequest) -> Any:
        """What was found, or the sentence with which it was refused."""
        try:
            return resolver.resolve(request)
        except (ResolverRefused, ToolError) as error:
            return str(error)

    def _refusal(self, resolver: Resolver, request: ResolverRequest) -> str:
        with pytest.raises((ResolverRefused, ToolError)) as caught:
            resolver.resolve(request)
        return str(caught.value)
