"""What the loader accepts, refuses and says; both parsers."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from holkas.yaml import Limits, Source, YamlError, load, load_documents
from holkas.yaml.codes import CODES


@pytest.fixture(params=["c", "pure"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "pure":
        monkeypatch.setattr("holkas.yaml.events.c_parser", lambda text: None)
    return str(request.param)


def refused(text: str | bytes, **options: Any) -> YamlError:
    with pytest.raises(YamlError) as caught:
        load(text, **options)
    finding = caught.value.finding
    assert finding.code in CODES
    assert finding.place.line is not None and finding.place.line >= 1
    assert finding.place.column is not None and finding.place.column >= 1
    return caught.value


def place(error: YamlError) -> tuple[str, int | None, int | None]:
    return error.finding.code, error.finding.place.line, error.finding.place.column


def documents(text: str | bytes) -> list[tuple[int, Any]]:
    data = text if isinstance(text, bytes) else text.encode()
    return [(document.index, document.value) for document in load_documents(Source("f.yaml", data))]


def test_importing_the_package_does_not_import_ruamel() -> None:
    program = "import sys, holkas.yaml; sys.exit(any('ruamel' in name for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0o17", 15),
        ("-0b11", -3),
        ("0b-11", -3),
        ("+0x1F", 31),
        ("._5", "._5"),
        (".5_5", 0.55),
        ("1__0", 10),
        ("0x_f", 15),
        ("1e400", "1e400"),
        ("0" + "7" * 30, 7.777777777777778e29),
        ("9" * 500, "9" * 500),
        ("9" * 300, 1e300),
        ("0x" + "f" * 17, "0x" + "f" * 17),
        ("1e21", 1e21),
        ("36810179665425488.0", 36810179665425490),
        ("-0.0", 0),
        ("!!float 3", 3),
        ("!!timestamp 2024-02-29", "2024-02-29"),
        ("!!timestamp 2024-2-9T1:2:3.5+01:00", "2024-2-9T1:2:3.5+01:00"),
        ("!!binary gA==", "\ufffd"),
        ("!!binary |\n  aG\n  k=", "hi"),
        ("!!str", ""),
        ("!!null ''", None),
        ("! 12", "12"),
        ("!<tag:yaml.org,2002:int> '0o17'", 15),
        ("!local {a: 1}", {"a": 1}),
        ("!!set {a, b}", {"a": None, "b": None}),
    ],
)
def test_scalars(parser: str, text: str, value: Any) -> None:
    loaded = load(f"v: {text}\n")["v"]
    assert loaded == value
    assert type(loaded) is type(value)


@pytest.mark.parametrize(
    "scalar",
    [
        "!!int x",
        "!!bool 1",
        "!!null x",
        "!!float yes",
        "!!timestamp 2023-02-29",
        "!!binary a",
        "!!timestamp 10:00",
    ],
)
def test_values_that_do_not_fit_their_tag(parser: str, scalar: str) -> None:
    assert place(refused(f"a: 1\nv: {scalar}\n")) == ("Y011", 2, 4)


@pytest.mark.parametrize("scalar", [".inf", "-.INF", ".nan", "!!float .inf"])
def test_what_json_cannot_hold(parser: str, scalar: str) -> None:
    assert place(refused(f"- [{scalar}]\n")) == ("Y010", 1, 4)
    assert place(refused(f"v: {scalar}\n")) == ("Y010", 1, 4)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("1e6", "1e+06"),
        ("123456.789", "123456.79"),
        ("0.00001", "1e-05"),
        ("0.25", "0.25"),
        ("1e300", ".inf"),
        ("-1e300", "-.inf"),
        (".nan", ".nan"),
        ("3.4028235e38", "3.4028235e+38"),
        ("-0.0", "-0"),
        ("100.0", "100"),
        ("-0x10", "-16"),
        ("*a ", "x"),
    ],
)
def test_keys_that_are_not_strings(parser: str, key: str, name: str) -> None:
    assert list(load(f"- &a x\n- {key}: v\n")[1]) == [name]


@pytest.mark.parametrize(
    "key", ["~", "!!null ''", "18446744073709551615", "[a]", "{a: 1}", "? {a: 1}\n", "? - a\n", "*l "]
)
def test_keys_that_cannot_be(parser: str, key: str) -> None:
    error = refused(f"l: &l [1]\nm:\n  {key}: v\n")
    assert place(error)[:2] == ("Y009", 3)


def test_duplicate_keys_name_both_lines(parser: str) -> None:
    error = refused("a:\n- x: 1\n  y: 2\n  x: 3\n")
    assert place(error) == ("Y004", 4, 3)
    assert 'key "x"' in error.finding.message and "first in line 2" in error.finding.message
    assert str(error).startswith("<text>:4:3: ")
    assert load("a: 1\na: 2\n", strict=False) == {"a": 2}


def test_a_number_and_its_text_are_different_keys_until_they_are_json(parser: str) -> None:
    assert load("1: a\n'1': b\n") == {"1": "b"}
    assert load("'1': a\n1: b\n1.0: c\n") == {"1": "c"}
    assert place(refused("1: a\n'1': b\n1: c\n")) == ("Y004", 3, 1)
    assert place(refused("'1': a\n1: b\n'1': c\n")) == ("Y004", 3, 1)


def test_merges(parser: str) -> None:
    text = "base: &b {x: 1, 2: z}\nlist: &l [1]\nm:\n  "
    merged = load(text + "<<: [*b, {x: 5, w: 0}]\n  k: 3\n", strict=False)["m"]
    assert merged == {"x": 1, "w": 0, "2": "z", "k": 3}
    assert load(text + "'<<': *b\n")["m"] == {"<<": {"x": 1, "2": "z"}}
    assert load(text + "!!merge <<: *b\n")["m"] == {"x": 1, "2": "z"}
    assert load(text + "&k <<: *b\n")["m"] == {"x": 1, "2": "z"}
    assert load(text + "<<: *b\n  '2': w\n")["m"] == {"x": 1, "2": "w"}
    error = refused(text + "<<: *b\n  x: 2\n")
    assert place(error) == ("Y004", 5, 3) and "merge" in error.finding.message
    assert place(refused(text + "2: 1\n  <<: *b\n"))[0] == "Y004"
    for value in ("*l", "3", "[3]", "[[*b]]", "~"):
        assert place(refused(text + f"<<: {value}\n"))[:2] == ("Y012", 4)


def test_aliases_are_copies(parser: str) -> None:
    value = load("a: &a {x: [1], 3: 3}\nb: *a\nc: *a\nd: {<<: *a}\n")
    value["b"]["x"].append(2)
    value["d"]["x"].append(3)
    assert value["a"] == value["c"] == {"x": [1], "3": 3}


def test_aliases_that_lead_nowhere(parser: str) -> None:
    assert place(refused("a: 1\nb: *x\n")) == ("Y008", 2, 4)
    assert place(refused("a: &a\n  b: [*a]\n")) == ("Y008", 2, 7)
    assert place(refused("a: &a {<<: *a}\n"))[0] == "Y008"
    with pytest.raises(YamlError):
        documents("a: &a 1\n---\nb: *a\n")


def test_alias_bombs_are_refused_and_many_aliases_are_not(parser: str) -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n"
    for one, next_one in zip("abcdefghi", "bcdefghij", strict=True):
        bomb += f"{next_one}: &{next_one} [" + ",".join([f"*{one}"] * 9) + "]\n"
    assert place(refused(bomb))[0] == "Y006"
    plenty = "a: &a [1, 2, 3]\nb:\n" + "".join(f"- {{i: {number}, v: *a}}\n" for number in range(2000))
    assert load(plenty)["b"][1999] == {"i": 1999, "v": [1, 2, 3]}


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[[{", "a:\n"])
def test_100000_levels(parser: str, opening: str) -> None:
    text = opening * 100_000
    if opening == "a:\n":
        text = "".join(" " * level + "a:\n" for level in range(2_000))
    assert place(refused(text))[0] in ("Y005", "Y009")


def test_closing_brackets_without_an_opening_one(parser: str) -> None:
    assert place(refused("]" * 100_000))[0] == "Y001"


def test_depth_and_size_can_be_set() -> None:
    assert load("[[1]]", limits=Limits(depth=2)) == [[1]]
    assert place(refused("[[1]]", limits=Limits(depth=1))) == ("Y005", 1, 2)
    assert load("[" * 2000 + "]" * 2000, limits=Limits(depth=5000))[0][0][0]
    assert place(refused(b"a: 1\n", limits=Limits(size=4))) == ("Y007", 1, 1)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a: 1\nb: \xff\n", ("Y002", 2, 4)),
        (b"\xff\xfea\x00:\x00 \x00\x00\xd8", ("Y002", 1, 4)),
        (b"a: b\x07\n", ("Y003", 1, 5)),
        (b"a: \x7f\n", ("Y003", 1, 4)),
        (b"a:\n\tb: 1\n", ("Y013", 2, 1)),
        (b'a: 1\rb: "x\r', ("Y001", 2, 4)),
        (b"a: 1\r\nb: [\r\n", ("Y001", 2, 4)),
        (b"a: b: c\n", ("Y001", 1, 5)),
        (b'a: "x\\/y"\n', ("Y001", 1, 6)),
    ],
)
def test_where_a_bad_text_is_bad(data: bytes, expected: tuple[str, int, int]) -> None:
    assert place(refused(data)) == expected


def test_lone_surrogates_in_a_string() -> None:
    assert place(refused("a: \ud800"))[0] == "Y003"


def test_encodings_and_marks(parser: str) -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        assert documents("é: ü\n".encode(encoding)) == [(0, {"é": "ü"})]
    assert load("\ufeffa: 1") == {"a": 1}
    assert documents("a: 1\n---\n\ufeffb: 2\n") == [(0, {"a": 1}), (1, {"b": 2})]
    assert load("a: x\ufeffy\n") == {"a": "x\ufeffy"}


def test_colons_in_brackets(parser: str) -> None:
    text = 'i: [nginx:1.2, a::b, http://x/\\/y]\nj: {"k":1, l:m: o}\nt: !a:b [c:d]\ns: "e:f"\n'
    assert load(text) == {
        "i": ["nginx:1.2", "a::b", "http://x/\\/y"],
        "j": {"k": 1, "l:m": "o"},
        "t": ["c:d"],
        "s": "e:f",
    }
    assert load("[a':b]") == ["a':b"]
    assert place(refused("- [a:b]\n- }\n"))[:2] == ("Y001", 2)
    assert place(refused('- [a:b]\n- "\\/"\n'))[:2] == ("Y001", 2)


def test_only_small_texts_go_to_the_slow_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holkas.yaml.events._PURE_AT_MOST", 3)
    assert place(refused("[a':b]"))[0] == "Y001"
    every_disguise = "".join(map(chr, range(0xE000, 0xF8FF)))
    assert place(refused(f"# {every_disguise}\n[a:b]"))[0] == "Y001"


class TestStreams:
    def test_documents_are_counted_with_the_empty_ones(self, parser: str) -> None:
        text = "# only a comment\n---\na: 1\n---\n# nothing\n---\n~\n--- # c\nb: 2\n...\n"
        assert documents(text) == [(0, {"a": 1}), (3, {"b": 2})]
        assert documents("") == documents("---\n---\n") == documents("# c") == []

    def test_separators(self, parser: str) -> None:
        assert documents("a: 1\n---#glued\nb: 2\n--- {c: 3}\n--- |\n  ---\n  x\n") == [
            (0, {"a": 1}),
            (1, {"b": 2}),
            (2, {"c": 3}),
            (3, "---\nx\n"),
        ]

    def test_the_last_line_gets_its_end(self, parser: str) -> None:
        assert documents("a: |\n  x") == [(0, {"a": "x\n"})]
        assert load("a: |\n  x") == {"a": "x"}

    def test_load_reads_the_first_document(self, parser: str) -> None:
        assert load("a: 1\n---\nb: 2\n---\n") == {"a": 1}
        assert load("") is None

    def test_the_document_with_the_error_is_named(self, parser: str) -> None:
        with pytest.raises(YamlError) as caught:
            documents("a: 1\n---\nb: [\n")
        assert caught.value.finding.place.document == 1
        with pytest.raises(YamlError) as caught:
            documents("a: 1\n---\nb: 1\nb: 2\n")
        assert caught.value.finding.place.document == 1


class TestJson:
    def test_json_that_yaml_cannot_read(self) -> None:
        text = (
            '{"a": "\\/ \\ud83d\\ude00",\n\t"b": [1e3, 1.0, 18446744073709551616, -0.5, 1' + "0" * 30 + "]}"
        )
        assert documents(text) == [
            (0, {"a": "/ \U0001f600", "b": [1000, 1, 18446744073709552000, -0.5, 1e30]})
        ]

    def test_half_a_character_is_replaced_as_go_does(self) -> None:
        assert documents('{"\\udc00": ["\\ud800x", "\\ud83d\\ude00", {"a": "\\ud800\\ud800"}]}') == [
            (0, {"\ufffd": ["\ufffdx", "\U0001f600", {"a": "\ufffd\ufffd"}]})
        ]

    def test_several_values(self) -> None:
        assert documents('{"a": 1}\n{"b": 2} ') == [(0, {"a": 1}), (1, {"b": 2})]

    def test_faults_are_found_by_the_yaml_reader(self) -> None:
        for text, code in (
            ('{"a": 1,\n "a": 2}', "Y004"),
            ('{"a":' * 300 + "1" + "}" * 300, "Y005"),
            ('{"a": 1e999, "b": }\n}', "Y001"),
        ):
            with pytest.raises(YamlError) as caught:
                documents(text)
            assert caught.value.finding.code == code
        assert documents('{"a": NaN}') == [(0, {"a": "NaN"})]
        assert documents('{"a": "' + "[" * 300 + '"}') == [(0, {"a": "[" * 300})]
        assert documents("{" + ",".join(f'"{n}": {{}}' for n in range(300)) + "}")[0][1]["299"] == {}


def test_every_code_is_explained() -> None:
    assert all(doc.title and doc.text for doc in CODES.values())
    assert list(CODES) == [f"Y{number:03}" for number in range(1, len(CODES) + 1)]
