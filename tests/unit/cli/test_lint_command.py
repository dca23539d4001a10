"""``holkas lint`` and how findings are shown."""

from __future__ import annotations

import io
import json
import sys

import jsonschema
import pytest
from holkas.cli.render.findings import locate_all, render_text
from holkas.cli.render.findings_json import as_json, as_sarif
from holkas.model.code import CodeDoc
from holkas.model.finding import Finding, Place, Severity
from holkas.yaml import Source

GOOD = f"""\
apiVersion: tekton.dev/v1
kind: Task
metadata: {{name: good}}
spec:
  description: does nothing
  steps: [{{name: s, image: "alpine@sha256:{"0" * 64}", command: ["true"]}}]
"""
BAD = GOOD.replace("image:", "imag:")


def finding(path=("a",), message="it is wrong", **changes):
    place = Place(source=changes.pop("source", "f.yaml"), path=path, **changes.pop("place", {}))
    return Finding(code=changes.pop("code", "X001"), message=message, place=place, **changes)


def rendered(text, *findings):
    return render_text(findings, sources=[Source("f.yaml", text.encode())])


def test_a_finding_in_full():
    item = finding(("spec", "steps", 0, "imag"), hint="did you mean `image`?", place={"on_key": True})
    assert rendered("spec:\n  steps:\n  - imag: x\n", item) == (
        "error[X001]: it is wrong\n"
        " --> f.yaml:3:5\n"
        "3 |   - imag: x\n"
        "  |     ^^^^ did you mean `image`?\n"
        "  = help: holkas explain X001"
    )


def test_several_findings_have_a_blank_line_between_them():
    text = rendered("a: 1\nb: 2\n", finding(), finding(("b",), severity=Severity.WARNING))
    assert text.count("\n\n") == 1
    assert "\n\nwarning[X001]: it is wrong\n" in text


def test_the_margin_is_as_wide_as_the_number():
    text = rendered("\n" * 99 + "a: x\n", finding())
    assert "   --> f.yaml:100:4\n100 | a: x\n    |    ^" in text


def test_a_file_that_is_gone_has_no_excerpt():
    text = render_text([finding(source="/no/such/file.yaml", hint="look for it")])
    assert text.splitlines()[1:3] == [" --> /no/such/file.yaml", "  = hint: look for it"]


def test_tabs_and_wide_letters_keep_the_caret_in_its_place():
    lines = rendered('a: {"文字": 3, b: wrong}\n', finding(("a", "b"))).splitlines()
    columns = [2 if letter in "文字" else 1 for letter in lines[2]]
    at = lines[2].index("wrong")
    assert lines[3].index("^") == sum(columns[:at])
    lines = rendered("a:\t  wrong\n", finding()).splitlines()
    assert lines[3].index("^") == lines[2].index("wrong")
    assert "\t" not in lines[2]


def test_control_characters_do_not_move_the_caret():
    lines = rendered(
        'a: ["\\e", "\u200e\u202e", wrong]\n', finding(("a", 2), message="bad \x1b[31m")
    ).splitlines()
    assert "\x1b" not in "".join(lines)
    assert "\u202e" not in lines[2]
    assert lines[3].index("^") == lines[2].index("wrong")


@pytest.mark.parametrize("before", [0, 50, 500, 5000])
def test_a_very_long_line_is_cut_around_what_is_meant(before):
    text = f"a: [{'x, ' * before}wrong, {'y, ' * 2000}]\n"
    lines = rendered(text, finding(("a", before))).splitlines()
    assert len(lines[2]) < 200
    assert lines[2][lines[3].index("^") :].startswith("wrong")
    assert lines[3].count("^") == 5


def test_what_is_meant_may_itself_be_longer_than_the_excerpt():
    lines = rendered(f"a: {'w' * 3000}\n", finding()).splitlines()
    assert len(lines[3]) < 200
    assert lines[3].count("^") > 50


def test_secrets_are_blotted_out():
    text = "kind: Secret\nstringData: {a: hunter22, b: hunter22}\n"
    lines = rendered(
        text, finding(("stringData", "b"), message="bad hunter22", hint="not hunter22")
    ).splitlines()
    assert "hunter22" not in "".join(lines)
    assert lines[2].endswith("{a: ********, b: ********}")
    assert lines[3].index("^") == lines[2].rindex("********")


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("  a: hunter22", "  a: ********"),
        ("  hunter22", "  ********"),
        ("kind: Secret", "kind: ******"),
        ("stringData:", "stringData:"),
        ("---", "---"),
    ],
)
def test_of_a_secret_that_cannot_be_read_only_keys_are_shown(line, shown):
    text = f"kind: Task\n---\nkind: Secret\n{line}\nx: [\n"
    place = {"line": 4, "column": 1}
    if line == "---":
        place = {"line": 2, "column": 1}
    assert rendered(text, finding((), place=place)).splitlines()[2].partition("| ")[2] == shown


def test_other_documents_of_such_a_file_are_shown():
    text = "kind: Task\nname: plain\n---\nkind: Secret\na: b\n---\nx: [\n"
    assert "name: plain" in rendered(text, finding((), place={"line": 2, "column": 1}))
    assert "x: [" in rendered(text, finding((), place={"line": 7, "column": 4}))


def test_json_says_everything():
    items = locate_all([finding(("a",), hint="h", fields=("spec.a",))], [Source("f.yaml", b"a: x\n")])
    value = json.loads(as_json(items))
    assert value == {
        "apiVersion": "holkas/v1",
        "kind": "FindingList",
        "items": [
            {
                "code": "X001", "severity": "error", "message": "it is wrong", "file": "f.yaml", "document": 0,
                "path": ["a"], "fields": ["spec.a"], "line": 1, "column": 4, "length": 1, "excerpt": "a: x", "hint": "h",
            }
        ],
    }  # fmt: skip
    (gone,) = json.loads(as_json(locate_all([finding(source="/gone")])))["items"]
    assert "line" not in gone


SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "$schema": {"type": "string", "format": "uri"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {"driver": {"type": "object", "required": ["name"]}},
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message"],
                            "properties": {
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": {"type": "object", "required": ["text"]},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "locations": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "required": ["physicalLocation"],
                                        "properties": {
                                            "physicalLocation": {
                                                "type": "object",
                                                "required": ["artifactLocation"],
                                                "properties": {
                                                    "region": {
                                                        "type": "object",
                                                        "properties": {
                                                            "startLine": {"type": "integer", "minimum": 1},
                                                            "startColumn": {"type": "integer", "minimum": 1},
                                                            "endColumn": {"type": "integer", "minimum": 2},
                                                        },
                                                    }
                                                },
                                            }
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}
"""What matters here of the schema of SARIF 2.1.0 (OASIS, sections 3.13, 3.14, 3.27 and 3.30)."""


def test_sarif_has_the_shape_that_services_read():
    findings = [
        finding(severity=severity, code=code, hint=hint)
        for severity, code, hint in (
            (Severity.ERROR, "X002", "h"),
            (Severity.DEPRECATION, "X001", ""),
            (Severity.HABIT, "X002", ""),
        )
    ] + [finding(source="/gone", severity=Severity.NOTE)]
    text = as_sarif(locate_all(findings, [Source("f.yaml", b"a: x\n")]), {"X001": CodeDoc("title", "text")})
    value = json.loads(text)
    jsonschema.Draft202012Validator(SARIF).validate(value)
    (run,) = value["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["X001", "X002"]
    assert rules[0]["shortDescription"] == {"text": "title"}
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == ["X002", "X001", "X002", "X001"]
    assert [result["level"] for result in run["results"]] == ["error", "warning", "note", "note"]
    assert run["results"][0]["message"]["text"] == "it is wrong (h)"
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location == {
        "artifactLocation": {"uri": "f.yaml"},
        "region": {"startLine": 1, "startColumn": 4, "endColumn": 5},
    }
    assert "region" not in run["results"][3]["locations"][0]["physicalLocation"]


def test_uris_are_escaped():
    (run,) = json.loads(as_sarif(locate_all([finding(source="a dir/ü#1.yaml")]), {}))["runs"]
    location = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": "a%20dir/%C3%BC%231.yaml"}


class TestCommand:
    def test_a_good_file(self, holkas):
        holkas.file("good.yaml", GOOD)
        said = holkas("lint", "good.yaml")
        assert (said.code, said.out) == (0, "")
        assert said.err == "1 file: no findings\n"

    def test_a_bad_file_among_others(self, holkas):
        holkas.file("d/good.yaml", GOOD)
        holkas.file("d/bad.yaml", BAD)
        holkas.file("d/broken.yaml", "a: [\n")
        said = holkas("lint", "d")
        assert said.code == 1
        assert "d/bad.yaml:6:" in said.out
        assert "did you mean `image`?" in said.out
        assert "d/broken.yaml:1:4" in said.out
        assert "3 files: " in said.err

    def test_findings_come_in_the_order_of_the_files(self, holkas):
        holkas.file("a.yaml", BAD)
        holkas.file("b.yaml", "a: [\n")
        items = holkas("lint", "b.yaml", "a.yaml", "--format", "json").json["items"]
        assert [item["file"] for item in items][:2] == ["b.yaml", "a.yaml"]

    @pytest.mark.parametrize("form", ["json", "sarif"])
    def test_for_machines(self, holkas, form):
        holkas.file("bad.yaml", BAD)
        said = holkas("lint", "bad.yaml", "--format", form)
        assert (said.code, said.err) == (1, "")
        value = said.json
        if form == "sarif":
            jsonschema.Draft202012Validator(SARIF).validate(value)
            assert "T" in value["runs"][0]["tool"]["driver"]["rules"][0]["id"]
        holkas.file("good.yaml", GOOD)
        assert holkas("lint", "good.yaml", "--format", form).code == 0

    def test_standard_input(self, holkas, monkeypatch):
        class Input:
            buffer = io.BytesIO(BAD.encode())

        monkeypatch.setattr(sys, "stdin", Input())
        said = holkas("lint", "-")
        assert said.code == 1
        assert "<stdin>:6:" in said.out
        assert "imag:" in said.out

    def test_strict_takes_deprecations_seriously(self, holkas, monkeypatch):
        from holkas.cli import lint

        for severity, code in (
            (Severity.WARNING, 1),
            (Severity.DEPRECATION, 1),
            (Severity.HABIT, 0),
            (Severity.NOTE, 0),
        ):
            found = [finding(severity=severity)]
            monkeypatch.setattr(lint, "lint", lambda *_, found=found: found)
            holkas.file("good.yaml", GOOD)
            assert holkas("lint", "good.yaml").code == 0
            assert holkas("lint", "good.yaml", "--strict").code == code

    def test_the_level_of_features(self, holkas):
        holkas.file("alpha.yaml", GOOD.replace("kind: Task\n", "kind: Task\n"))
        for level in ("stable", "beta", "alpha"):
            assert holkas("lint", "alpha.yaml", "--api-fields", level).code == 0
        assert holkas("--config", "lint.api-fields=gamma", "lint", "alpha.yaml").code == 2

    def test_missing_files_and_no_files(self, holkas):
        assert holkas("lint", "none.yaml").code == 2
        assert holkas("lint").code == 2

    def test_a_file_without_permission(self, holkas, monkeypatch):
        holkas.file("closed.yaml", GOOD)

        def refuse(path):
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(Source, "read", refuse)
        said = holkas("lint", "closed.yaml")
        assert (said.code, said.err) == (2, "error: closed.yaml: Permission denied\n")
