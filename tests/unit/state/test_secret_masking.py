"""Secrets are found in whatever spelling they are printed, and nothing else is touched."""

from __future__ import annotations

import base64
import html
import json
import shlex
from urllib.parse import quote, quote_plus

import pytest
from holkas.model.catalog import Catalog, SecretData
from holkas.model.secret import Secret
from holkas.state.form_pattern import Finder, begun
from holkas.state.masking import Masker
from holkas.state.secret_forms import forms
from hypothesis import given
from hypothesis import strategies as st

TOKEN = "s3cr3t/Väl+ue&'<42>\\"
RAW = TOKEN.encode()

SPELLINGS = {
    "plain": TOKEN,
    "base64": base64.b64encode(RAW).decode(),
    "base64 without padding": base64.b64encode(RAW).decode().rstrip("="),
    "base64 for URLs": base64.urlsafe_b64encode(RAW).decode(),
    "hex": RAW.hex(),
    "capital hex": RAW.hex().upper(),
    "URL": quote(TOKEN, safe=""),
    "URL path": quote(TOKEN),
    "URL form": quote_plus(TOKEN),
    "URL of JavaScript": quote(TOKEN, safe="-_.!~*'()"),
    "JSON": json.dumps(TOKEN),
    "JSON with letters": json.dumps(TOKEN, ensure_ascii=False),
    "HTML": html.escape(TOKEN),
    "a text of Python": repr(TOKEN),
    "bytes of Python": repr(RAW),
    "shell": shlex.quote("s3cr3t/Väl+ue&'<42>\\").replace("'\"'\"'", "'\\''"),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_a_secret_is_masked(spelling):
    text = f"begin {SPELLINGS[spelling]} end"
    masked = Masker([RAW]).mask_text(text)
    assert "***" in masked
    assert SPELLINGS[spelling].strip("'\"") not in masked
    assert masked.startswith("begin ")
    assert masked.endswith(" end")


def test_percent_escapes_in_small_letters_are_masked():
    assert Masker([b"a/b?c=d"]).mask_text("a%2fb%3fc%3dd") == "***"


@given(st.binary(min_size=9, max_size=60), st.binary(max_size=7), st.binary(max_size=7))
def test_base64_is_masked_at_every_alignment(secret, before, after):
    encoded = base64.b64encode(before + secret + after)
    aligned = secret[-len(before) % 3 :]
    inner = base64.b64encode(aligned[: len(aligned) // 3 * 3])
    assert inner in encoded
    assert inner not in Masker([secret]).mask(encoded)


@pytest.mark.parametrize("width", [60, 64, 76])
@pytest.mark.parametrize("prefix", [b"", b"u", b"user:"])
def test_base64_and_hex_in_lines_are_masked(width, prefix):
    secret = bytes(range(40, 200))
    for encoded in (base64.b64encode(prefix + secret).decode(), (prefix + secret).hex()):
        lines = "\n".join(encoded[at : at + width] for at in range(0, len(encoded), width))
        masked = Masker([secret]).mask_text(f"key:\n{lines}\nend")
        assert masked.endswith("\nend")
        assert len(masked) < 40


def test_the_lines_of_a_secret_are_secrets_in_any_order():
    key = "-----BEGIN KEY-----\nabcdefghijkl\nmnopqrstuvwx\n-----END KEY-----\n"
    masked = Masker([key.encode()]).mask_text("\n".join(reversed(key.splitlines())))
    assert masked == "\n".join(["***"] * 4)


def test_parts_of_a_registry_configuration_are_secrets():
    auth = base64.b64encode(b"robot:only-in-auth").decode()
    config = {"auths": {"registry.example": {"password": "pass-word-1", "auth": auth, "list": ["other-one"]}}}
    masker = Masker([json.dumps(config).encode()])
    assert masker.mask_text("pass-word-1 only-in-auth other-one robot") == "*** *** *** robot"


def test_the_password_of_a_url_is_a_secret():
    assert Masker([b"https://me:hunter22@git.example/x\n"]).mask_text("pw=hunter22") == "pw=***"


@pytest.mark.parametrize(
    "odd", [b"{not json, but long", b"[" * 100_000, b'{"auth": 7, "x": {"auth": "%%%"}}', b"http://[::1/x@y"]
)
def test_secrets_that_only_look_like_something_else_are_masked_as_they_are(odd):
    assert Masker([odd]).mask(b"<" + odd + b">") == b"<***>"


@pytest.mark.parametrize("word", [b"", b"abc", b"true", b"False", b"null"])
def test_what_is_no_secret_stays(word):
    masker = Masker([word])
    assert not masker
    assert masker.mask(b"<" + word + b">") == b"<" + word + b">"
    assert masker.split(b"text") == (b"text", b"")
    assert masker.mask_text("x") == "x"
    assert masker.mask_json({"a": ["x"]}) == {"a": ["x"]}


def test_the_longest_form_wins_and_overlaps_become_one():
    assert Masker([b"abcd", b"abcdefgh"]).mask(b"abcdefgh") == b"***"
    assert Masker([b"abab"]).mask(b"xabababx") == b"x***abx"


def test_bytes_that_are_no_text_are_masked():
    assert Masker([b"\xff\xfe\x00secret"]).mask(b"1\xff\xfe\x00secret2") == b"1***2"


def test_texts_with_lone_surrogates_pass():
    assert Masker([b"hunter2"]).mask_text("\ud800 hunter2") == "\ud800 ***"


def test_blotting_keeps_columns():
    assert Masker(["gehälter".encode()]).blot("a: gehälter # x") == "a: ******** # x"


def test_structures_keep_their_shape():
    masker = Masker([b"value", b"Succeeded", b"secret-key"])
    given = {"value": "a value", "secret-key": ("Succeeded", 3, None), "n": {"x": "it Succeeded"}}
    assert masker.mask_json(given) == {"value": "a ***", "***": ["Succeeded", 3, None], "n": {"x": "it ***"}}


def test_a_masker_of_a_catalog_knows_all_its_secrets():
    secrets = {
        "one": SecretData(name="one", data={"k": Secret("first-one")}),
        "two": SecretData(name="two", data={"k": Secret("second-one")}),
    }
    assert Masker.of_catalog(Catalog(secrets=secrets)).mask_text("first-one second-one") == "*** ***"


@given(
    st.lists(st.binary(min_size=4, max_size=12), min_size=1, max_size=3),
    st.data(),
)
def test_pieces_are_masked_as_the_whole_would_be(secrets, data):
    """No cut between two pieces lets a secret through."""
    parts = data.draw(st.lists(st.sampled_from([*secrets, b"x", b"\n", b" and "]), max_size=8))
    text = b"".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=5)))
    masker = Masker(secrets)
    shown, rest = b"", b""
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        piece, rest = masker.split(rest + text[start:end])
        shown += piece
    shown += masker.mask(rest)
    for secret in secrets:
        if secret.lower() not in (b"true", b"false", b"null", b"none"):
            assert secret not in shown.replace(b"***", b"\0\0\0") or secret in b"\0" * 12


def test_a_secret_that_ends_as_it_begins_is_not_taken_apart():
    shown, rest = Masker([b"abab"]).split(b"x abab")
    assert (shown, rest) == (b"x ***", b"")


def test_text_waits_only_while_it_may_become_a_secret():
    masker = Masker([b"hunter22"])
    assert masker.split(b"pw hunt") == (b"pw ", b"hunt")
    assert masker.split(b"hunt\n") == (b"hunt\n", b"")


def test_broken_base64_waits_for_its_next_line():
    secret = bytes(range(40, 200))
    encoded = base64.b64encode(secret)
    masker = Masker([secret])
    shown, rest = masker.split(b"k " + encoded[:70] + b"\n")
    assert shown == b"k "
    shown, rest = masker.split(rest + encoded[70:] + b"\nend\n")
    assert shown.endswith(b"\nend\n")
    assert len(shown) < 12
    assert rest == b""


@given(st.sets(st.binary(min_size=4, max_size=9), max_size=20), st.binary(max_size=30))
def test_what_is_found_first_is_what_a_plain_search_finds(texts, data):
    places = [at for at in range(len(data)) if any(data.startswith(text, at) for text in texts)]
    spans = Finder(texts).spans(data)
    assert bool(places) == bool(spans)
    if places:
        longest = max(len(text) for text in texts if data.startswith(text, places[0]))
        assert spans[0] == (places[0], places[0] + longest)


def test_a_secret_of_any_size_is_masked_without_delay():
    secret = bytes(range(33, 127)) * 5_000
    masker = Masker([secret])
    assert masker.mask(b"a" + secret + b"b" + secret + b"c") == b"a***b***c"
    shown, rest = masker.split(b"a" + secret[:1000])
    assert (shown, rest) == (b"a", secret[:1000])
    assert masker.mask(base64.b64encode(secret)) == b"***"
    assert len(masker.mask(base64.encodebytes(secret))) < 10


def test_the_beginning_of_a_text_is_found_at_the_end_only():
    assert begun({b"abcdef"}, b"abc abcde", 0) == 4
    assert begun({b"abcdef"}, b"abc abcdx", 0) == 9
    assert begun({b"abcdef"}, b"abcde", 3) == 5


def test_forms_of_a_secret_are_never_shorter_than_what_is_masked():
    assert min(map(len, forms(b"hunter22"))) >= 4
