"""What resolvers found is kept by digest, and nothing damaged is ever given back."""

import json
import os
import time

import pytest
from holkas.extensions.resolver import ResolvedResource, ResolverRequest
from holkas.model.reference import RefSource
from holkas.model.secret import Secret
from holkas.state.resolved_documents import ResolvedDocuments

REQUEST = ResolverRequest(resolver="git", fields={"url": "u", "revision": "main"})
FOUND = ResolvedResource(
    content=b"kind: Task\n", source=RefSource(uri="git+u", digest={"sha1": "1"}, entry_point="a")
)


@pytest.fixture
def kept(tmp_path):
    documents = ResolvedDocuments(tmp_path / "resolved")
    documents.put(REQUEST, FOUND)
    return documents


def test_what_was_put_is_got_again_by_the_same_request(kept, tmp_path):
    assert kept.get(REQUEST) == FOUND
    assert ResolvedDocuments(tmp_path / "resolved").get(REQUEST) == FOUND


def test_another_request_or_another_user_gets_nothing(kept):
    assert kept.get(ResolverRequest(resolver="git", fields={"url": "u", "revision": "dev"})) is None
    assert kept.get(ResolverRequest(resolver="http", fields=REQUEST.fields)) is None
    other = ResolverRequest(resolver="git", fields=REQUEST.fields, username="me", password=Secret("p"))
    assert kept.get(other) is None


def test_the_newest_answer_counts(kept):
    newer = ResolvedResource(content=b"new", source=FOUND.source)
    kept.put(REQUEST, newer)
    assert kept.get(REQUEST) == newer


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"version": 2}', b'{"version": 1}'])
def test_a_damaged_entry_counts_as_not_there(damage, kept, tmp_path):
    for entry in (tmp_path / "resolved" / "requests").iterdir():
        entry.write_bytes(damage)
    assert kept.get(REQUEST) is None


def test_changed_content_counts_as_not_there(kept, tmp_path):
    for content in (tmp_path / "resolved" / "objects").iterdir():
        content.write_bytes(b"kind: Evil\n")
    assert kept.get(REQUEST) is None
    kept.put(REQUEST, FOUND)
    assert kept.get(REQUEST) == FOUND


def test_no_secret_is_kept(tmp_path):
    documents = ResolvedDocuments(tmp_path / "resolved")
    request = ResolverRequest(resolver="git", fields={}, username="me", password=Secret("s3cret"))
    documents.put(request, FOUND)
    for path in (tmp_path / "resolved").rglob("*"):
        assert path.is_dir() or b"s3cret" not in path.read_bytes()
    entries = list((tmp_path / "resolved" / "requests").iterdir())
    assert [json.loads(entry.read_bytes())["uri"] for entry in entries] == ["git+u"]


def test_a_place_that_takes_nothing_is_no_error(tmp_path):
    (tmp_path / "resolved").write_text("a file")
    documents = ResolvedDocuments(tmp_path / "resolved")
    documents.put(REQUEST, FOUND)
    assert documents.get(REQUEST) is None


def age(place, days):
    moment = time.time() - days * 86400
    os.utime(place, (moment, moment))


def test_what_is_used_is_not_old(kept, tmp_path):
    for path in (tmp_path / "resolved").rglob("*"):
        age(path, 100)
    assert len(kept.unused(time.time() - 90 * 86400)) == 2
    assert kept.get(REQUEST) == FOUND
    assert kept.unused(time.time() - 90 * 86400) == []


def test_content_that_another_request_needs_stays(kept, tmp_path):
    other = ResolverRequest(resolver="git", fields={"url": "u", "revision": "dev"})
    for path in (tmp_path / "resolved").rglob("*"):
        age(path, 100)
    kept.put(other, FOUND)
    (gone,) = kept.unused(time.time() - 90 * 86400)
    assert gone.parent.name == "requests"
    gone.unlink()
    assert (kept.get(REQUEST), kept.get(other)) == (None, FOUND)


def test_what_is_being_written_is_left_alone(kept, tmp_path):
    for entry in (tmp_path / "resolved" / "requests").iterdir():
        entry.unlink()
    (tmp_path / "resolved" / "requests" / ".new-1").write_bytes(b"{")
    assert kept.unused(time.time() + 1) == []
    for path in (tmp_path / "resolved").rglob("*"):
        age(path, 1)
    assert len(kept.unused(time.time())) == 2


def test_damaged_entries_need_no_content(kept, tmp_path):
    for path in (tmp_path / "resolved" / "objects").iterdir():
        age(path, 1)
    for path in (tmp_path / "resolved" / "requests").iterdir():
        path.write_bytes(b"[]")
    (gone,) = kept.unused(time.time() - 86400)
    assert gone.parent.name == "objects"


def test_without_a_directory_there_is_nothing_to_forget(tmp_path):
    assert ResolvedDocuments(tmp_path / "nowhere").unused(time.time()) == []
