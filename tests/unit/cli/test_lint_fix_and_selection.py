"""``holkas lint``: fixes, the choice of codes, comments that leave findings out, JUnit."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from holkas.cli.errors import CommandError
from holkas.cli.lint_fix import fix_all
from holkas.cli.lint_selection import Selection, codes_in
from holkas.cli.render.findings import locate_all
from holkas.model.edit import Edit
from holkas.model.finding import Finding, Place
from holkas.yaml import Source, load

OLD = """\
# build what there is
apiVersion: tekton.dev/v1beta1   # old
kind: Task
metadata: {name: build, resourceVersion: "12"}
spec:
  steps:
  - name: make
    image: alpine:3.20
    resources: {limits: {memory: 1Gi}}   # enough
    script: make all
"""
NEW = """\
# build what there is
apiVersion: tekton.dev/v1   # old
kind: Task
metadata: {name: build}
spec:
  steps:
  - name: make
    image: alpine:3.20
    computeResources: {limits: {memory: 1Gi}}   # enough
    script: |-
      #!/bin/sh
      set -e
      make all
"""


def written(holkas, text, name="task.yaml"):
    path = holkas.directory / name
    path.write_text(text)
    return path


def codes(result):
    return [line.partition("[")[2].partition("]")[0] for line in result.out.splitlines() if "]: " in line]


def test_fix_changes_nothing_but_what_it_says(holkas):
    path = written(holkas, OLD)
    result = holkas("lint", "task.yaml", "--fix")
    assert path.read_text() == NEW
    told = [line.partition("]")[0] for line in result.err.splitlines() if line.startswith("fixed[")]
    assert told == ["fixed[T701", "fixed[T615", "fixed[T804"]
    assert codes(result) == ["T801"]
    assert result.code == 0


def test_fix_is_done_when_it_is_done(holkas):
    path = written(holkas, NEW)
    result = holkas("lint", "task.yaml", "--fix")
    assert path.read_text() == NEW
    assert "fixed" not in result.err


def test_diff_shows_and_leaves_the_file_alone(holkas):
    path = written(holkas, OLD)
    result = holkas("lint", "task.yaml", "--diff", "--select", "T701")
    assert path.read_text() == OLD
    assert "-apiVersion: tekton.dev/v1beta1   # old\n+apiVersion: tekton.dev/v1   # old" in result.out
    assert "+    computeResources:" in result.out
    assert "T615" not in result.out


def test_the_last_line_of_a_diff_may_lack_its_end(holkas):
    written(holkas, OLD.rstrip("\n"))
    result = holkas("lint", "task.yaml", "--diff", "--select", "T804")
    assert "-    script: make all\n\\ No newline at end of file\n" in result.out


def test_only_what_is_selected_is_fixed(holkas):
    path = written(holkas, OLD)
    holkas("lint", "task.yaml", "--fix", "--select", "T615")
    assert path.read_text() == OLD.replace(', resourceVersion: "12"', "")


def test_standard_input_is_fixed_into_a_file_or_onto_standard_output(holkas, monkeypatch):
    def lint(*words):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(OLD.encode())))
        return holkas("lint", "-", *words)

    refused = lint("--fix")
    assert refused.code == 2
    assert "-o FILE" in refused.err
    lint("--fix", "-o", "new.yaml")
    assert (holkas.directory / "new.yaml").read_text() == NEW
    assert lint("--fix", "-o", "-", "--select", "T6,T7,T804").out.startswith(NEW)


def test_an_output_is_for_one_file(holkas):
    written(holkas, OLD)
    written(holkas, NEW, "other.yaml")
    assert holkas("lint", ".", "--fix", "-o", "x.yaml").code == 2


def test_a_line_that_aliases_make_two_of_is_not_fixed(holkas):
    text = """\
apiVersion: tekton.dev/v1
kind: Task
metadata: {name: t}
spec:
  steps:
  - {name: a, image: "alpine:3.20", script: &s "echo hello"}
  - {name: b, image: "alpine:3.20", script: *s}
"""
    path = written(holkas, text)
    result = holkas("lint", "task.yaml", "--fix")
    assert path.read_text() == text
    assert "not fixed[T804]" in result.err


def test_fixes_of_one_list_do_not_move_each_other(holkas):
    tasks = "".join(f"  - {{name: {name}, taskRef: {{name: t}}}}\n" for name in "abcd")
    path = written(
        holkas,
        f"""\
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {{name: p}}
spec:
  tasks:
{tasks}  - name: last
    runAfter: [a, b, a, c, d, b]
    taskRef: {{name: t}}
    params: [{{name: one, value: $(tasks.c.results.r)}}, {{name: two, value: $(tasks.d.results.r)}}]
""",
    )
    holkas("lint", "task.yaml", "--fix", "--select", "T803")
    assert load(path.read_text())["spec"]["tasks"][-1]["runAfter"] == ["a", "b"]


def _finding(*edits, code="X1"):
    return Finding(code=code, message=code, place=Place(source="f", path=edits[0].path), fix=edits)


def test_two_fixes_of_one_value_are_made_one_after_the_other():
    def judge(sources):
        value = load(sources[0].data)["a"]
        found = []
        if "1" in value:
            found.append(_finding(Edit.replace(("a",), value.replace("1", "")), code="X1"))
        if "2" in value:
            found.append(_finding(Edit.replace(("a",), value.replace("2", "")), code="X2"))
        return locate_all(found, sources)

    fixed = fix_all([Source("f", b"a: x1y2z\n")], judge)
    assert fixed.sources[0].data == b"a: xyz\n"
    assert sorted(item.finding.code for item in fixed.done) == ["X1", "X2"]


def test_a_fix_that_never_ends_its_finding_ends_all_the_same():
    def judge(sources):
        value = load(sources[0].data)["a"]
        return locate_all([_finding(Edit.replace(("a",), not value))], sources)

    assert len(fix_all([Source("f", b"a: true\n")], judge).done) < 100


@pytest.mark.parametrize(
    ("select", "ignore", "taken"),
    [
        ((), (), True),
        (("T6",), (), True),
        (("T7", "S"), (), False),
        ((), ("T60",), False),
        ((), ("T608", "T5"), False),
        ((), ("T601",), True),
        (("T608",), ("T6",), True),
        (("T6",), ("T608",), False),
        (("T6",), ("T6",), False),
    ],
)
def test_the_longer_beginning_decides(select, ignore, taken):
    assert Selection(select, ignore).takes("T608") is taken


def test_codes_come_one_by_one_or_with_commas():
    assert codes_in(["t6, T801", "", "Y001"]) == ("T6", "T801", "Y001")
    with pytest.raises(CommandError, match="latest is no code"):
        codes_in(["latest"])


def test_the_project_says_what_to_ignore(holkas):
    written(holkas, OLD)
    (holkas.directory / "holkas.yaml").write_text('lint: {ignore: "T8,T7"}\n')
    assert codes(holkas("lint", "task.yaml")) == ["T615"]
    assert codes(holkas("lint", "task.yaml", "--ignore", "T615")) == []
    (holkas.directory / "holkas.yaml").write_text('lint: {select: "T8"}\n')
    assert codes(holkas("lint", "task.yaml")) == ["T801", "T804"]
    assert codes(holkas("lint", "task.yaml", "--select", "T615")) == ["T615"]


@pytest.mark.parametrize(
    ("image", "left"),
    [
        ("image: alpine", ["T608"]),
        ("image: alpine  # holkas: ignore[T608]", []),
        ("image: alpine  # because … holkas: ignore[T999]", ["T608"]),
        ("image: alpine  # small # holkas: ignore[T1, t6]", []),
        ("# holkas: ignore[T608]\n    image: alpine", []),
        ("# holkas: ignore[T608]\n    # only for now\n    image: alpine", []),
        ("# holkas: ignore[T608]\n\n    image: alpine", ["T608"]),
        ("command: [ls]  # holkas: ignore[T608]\n    image: alpine", ["T608"]),
        ("image: alpine\n# holkas: ignore-file[T608]", []),
        ("# holkas: ignore[]\n    image: alpine", ["T608"]),
    ],
)
def test_comments_leave_findings_out(holkas, image, left):
    written(
        holkas,
        f"apiVersion: tekton.dev/v1\nkind: Task\nmetadata: {{name: t}}\nspec:\n  steps:\n  - name: s\n    {image}\n",
    )
    result = holkas("lint", "task.yaml", "--strict")
    assert codes(result) == left
    assert result.code == len(left)


def test_what_is_left_out_is_not_fixed(holkas):
    text = OLD.replace("script: make all", "script: make all  # holkas: ignore[T804]")
    path = written(holkas, "# holkas: ignore-file[T7, T615]\n" + text)
    assert holkas("lint", "task.yaml", "--fix").code == 0
    assert path.read_text() == "# holkas: ignore-file[T7, T615]\n" + text


def test_comments_are_found_in_utf_16_and_passed_over_where_nothing_can_be_read(holkas):
    path = written(holkas, "")
    path.write_bytes(OLD.replace("# old", "# holkas: ignore[T701]").encode("utf-16"))
    assert "T701" not in codes(holkas("lint", "task.yaml"))
    path.write_bytes(b"a: \xff # holkas: ignore[T701]\n")
    assert holkas("lint", "task.yaml").code == 1


def test_the_summary_names_the_classes_and_what_can_be_fixed(holkas):
    written(holkas, OLD + "---\nkind: Task\n")
    summary = holkas("lint", "task.yaml").err.splitlines()[-1]
    assert summary == "1 file: 1 error, 1 warning, 1 deprecation, 2 habits; 3 can be fixed with --fix"


def test_findings_stand_in_the_order_of_lines(holkas):
    written(holkas, OLD)
    assert codes(holkas("lint", "task.yaml")) == ["T701", "T615", "T801", "T804"]


def test_junit_has_a_suite_a_file_and_fails_where_the_command_does(holkas):
    written(holkas, OLD)
    written(holkas, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n", "other.yaml")
    for words, failures in (((), 0), (("--strict",), 2)):
        root = ElementTree.fromstring(
            holkas("lint", "other.yaml", "task.yaml", "--format", "junit", *words).out
        )
        other, task = root
        assert [case.get("name") for case in other] == ["no findings"]
        assert task.get("name") == "task.yaml"
        assert (root.get("tests"), root.get("failures")) == ("5", str(failures))
        assert len(task.findall("testcase/failure")) == failures
        assert len(task.findall("testcase/system-out")) == 4 - failures
    failure = task.find("testcase/failure")
    assert failure is not None
    assert failure.get("type") == "deprecation"
    assert "holkas explain T701" in (failure.text or "")
    assert task.find("testcase").get("name").startswith("2:13 T701 Task is written")


def test_explain_shows_what_is_found_and_what_is_not(holkas):
    out = holkas("explain", "T608").out
    assert out.startswith("T608: An image with the tag latest")
    found, _, not_found = out.partition("Not found in:")
    assert 'image: "registry.example.com:5000/tools/alpine"' in found
    assert "tools/alpine:3.20" in not_found


def test_hooks_for_pre_commit_call_what_there_is(holkas):
    text = (Path(__file__).parents[3] / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    hooks = load(text)
    assert [hook["id"] for hook in hooks] == ["holkas-lint", "holkas-lint-fix"]
    written(holkas, NEW)
    for hook in hooks:
        program, *words = hook["entry"].split()
        assert program == "holkas"
        assert holkas(*words, "task.yaml").code == 0
        taken = [
            name
            for name in (".tekton/a.yaml", "ci/tasks/b.yml", "compose.yaml")
            if re.search(hook["files"], name)
        ]
        assert taken == [".tekton/a.yaml", "ci/tasks/b.yml"]
