"""Addresses as Go's net/url reads them; expected values were recorded from Go 1.26 and from util/git."""

from __future__ import annotations

import pytest
from holkas.gitops.go_url import UrlError, parse_url
from holkas.gitops.repository_url import normalize_repository, same_repository, sanitized


@pytest.mark.parametrize(
    ("text", "host", "path", "written"),
    [
        ("https://h.io/a%2Fb?q=1#f", "h.io", "/a/b", "https://h.io/a%2Fb?q=1#f"),
        ("ssh://git@H:22/x y", "H:22", "/x y", "ssh://git@H:22/x%20y"),
        ("http://[fe80::1%25en0]:80/", "[fe80::1%en0]:80", "/", "http://[fe80::1%25en0]:80/"),
        ("//h/p", "h", "/p", "//h/p"),
        ("///p", "", "///p", "///p"),
        ("file:/p?", "", "/p", "file:/p?"),
        ("a/b:c", "", "a/b:c", "a/b:c"),
        ("postgres://a:1,b:2/x", "a:1,b:2", "/x", "postgres://a:1,b:2/x"),
        ("*", "", "*", "*"),
        ("é#é", "", "é", "%C3%A9#%C3%A9"),
    ],
)
def test_parts_of_a_url(text: str, host: str, path: str, written: str) -> None:
    found = parse_url(text)
    assert (found.host, found.path, str(found)) == (host, path, written)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (":x", "missing protocol scheme"),
        ("a\tb", "net/url: invalid control character in URL"),
        ("a:b/c:d@x:y", ""),
        ("1a:b", "first path segment in URL cannot contain colon"),
        ("http://h:x/", 'invalid port ":x" after host'),
        ("http://a:1:2/", 'invalid port ":1:2" after host'),
        ("http://[::1/", "missing ']' in host"),
        ("http://[1.2.3.4]/", "invalid host: ParseAddr: unable to parse IP"),
        ("http://x[y]/", "invalid IP-literal"),
        ("http://a%41/", 'invalid URL escape "%41"'),
        ("http://a b/", 'invalid character " " in host name'),
        ("http://u^@h/", "net/url: invalid userinfo"),
        ("/%zz", 'invalid URL escape "%zz"'),
    ],
)
def test_what_is_no_url(text: str, told: str) -> None:
    if not told:
        assert parse_url(text).opaque == "b/c:d@x:y"
        return
    with pytest.raises(UrlError) as caught:
        parse_url(text)
    assert str(caught.value) == told


def test_user_and_password_are_shown_escaped_and_may_be_left_out() -> None:
    assert parse_url("https://u%40:p%2F@h").user_text() == "u%40:p%2F"
    assert sanitized("https://u:p@h.io/x") == "https://h.io/x"
    assert sanitized("https://u:p^w@h.io/x") == "https://h.io/x"  # no URL, and a secret all the same
    assert sanitized("git@h.io:x") == "git@h.io:x"


def test_addresses_that_mean_the_same() -> None:
    assert normalize_repository(" Git@H.io:Org/Repo.git ") == "git@h.io/org/repo"
    assert normalize_repository("%zz") == ""
    assert same_repository("https://H.io/x.git", "https://h.io/x")
    assert same_repository("%zz", "%zz") and not same_repository("%zz", "%yy") and not same_repository("", "")
