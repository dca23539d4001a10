"""``holkas graph``."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from holkas.cli.render.graph_svg import as_svg
from holkas.cli.render.graph_text import as_mermaid, as_text
from holkas.pipeline.layers import Edge, Layers, Node

PIPELINE = """\
apiVersion: tekton.dev/v1
kind: Pipeline
metadata: {name: main}
spec:
  params: [{name: needed}]
  tasks:
  - {name: clone, taskRef: {name: git-clone}}
  - name: test
    runAfter: [clone]
    matrix: {params: [{name: version, value: ["3.11", "3.12"]}]}
    taskRef: {name: pytest}
  - name: deploy
    runAfter: [test]
    when: [{input: $(params.needed), operator: in, values: [yes!]}]
    params: [{name: commit, value: $(tasks.clone.results.commit)}]
    taskRef: {name: deploy}
  finally:
  - {name: report, taskRef: {name: report}, params: [{name: commit, value: $(tasks.clone.results.commit)}]}
"""
RUN = """\
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata: {generateName: nightly-}
spec:
  pipelineSpec:
    tasks: [{name: only, taskSpec: {steps: [{name: s, image: a}]}}]
"""


def test_text(holkas):
    holkas.file("main.yaml", PIPELINE)
    assert holkas("graph", "main.yaml").out == (
        "main\n"
        "        1  clone\n"
        "        2  test ×2      after clone\n"
        "        3  deploy when  after test; after clone (commit)\n"
        "  finally  report       after clone (commit)\n"
    )


def test_mermaid(holkas):
    holkas.file("main.yaml", PIPELINE)
    assert holkas("graph", "main.yaml", "-o", "mermaid").out.splitlines() == [
        "flowchart TD",
        '  t0["clone"]',
        '  t1[["test ×2"]]',
        '  t2{{"deploy when"}}',
        "  subgraph finally",
        '    t3["report"]',
        "  end",
        "  t0 --> t1",
        "  t1 --> t2",
        '  t0 -->|"commit"| t2',
        '  t0 -.->|"commit"| t3',
    ]


def test_json(holkas):
    holkas.file("main.yaml", PIPELINE)
    shown = holkas("graph", "main.yaml", "-o", "json").json
    assert (shown["apiVersion"], shown["kind"]) == ("holkas/v1", "PipelineGraphList")
    [item] = shown["items"]
    assert item["name"] == "main"
    assert item["tasks"][2] == {
        "name": "deploy",
        "layer": 2,
        "finally": False,
        "when": True,
        "matrix": None,
        "ref": "deploy",
        "after": [
            {"task": "test", "runAfter": True, "results": []},
            {"task": "clone", "runAfter": False, "results": ["commit"]},
        ],
    }
    assert item["tasks"][1]["matrix"] == {"runs": 2}
    assert item["tasks"][3]["finally"] is True


def test_svg_has_a_box_a_task_and_a_path_an_edge(holkas):
    holkas.file("main.yaml", PIPELINE)
    root = ElementTree.fromstring(holkas("graph", "main.yaml", "-o", "svg").out)
    space = "{http://www.w3.org/2000/svg}"
    assert [text.text for text in root.iter(f"{space}text")] == [
        "finally",
        "clone",
        "test ×2",
        "deploy when",
        "report",
    ]
    paths = [path for path in root.iter(f"{space}path") if path.get("class")]
    assert [path.get("class") for path in paths] == ["edge after", "edge after", "edge", "edge"]
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    boxes = list(root.iter(f"{space}rect"))
    assert len(boxes) == 5  # the matrix has two
    for box in boxes:
        x, y, wide, high = (float(box.get(key, "")) for key in ("x", "y", "width", "height"))
        assert 0 <= x < x + wide <= width
        assert 0 <= y < y + high <= height


def test_boxes_of_a_layer_do_not_overlap(holkas):
    tasks = "".join(f"  - {{name: task{'x' * index}, taskRef: {{name: t}}}}\n" for index in range(8))
    holkas.file("wide.yaml", PIPELINE.partition("  tasks:")[0] + "  tasks:\n" + tasks)
    root = ElementTree.fromstring(holkas("graph", "wide.yaml", "-o", "svg").out)
    boxes = sorted(
        (float(box.get("x", "")), float(box.get("width", "")))
        for box in root.iter("{http://www.w3.org/2000/svg}rect")
    )
    assert all(x + wide < following for (x, wide), (following, _) in pairwise(boxes))


def test_names_are_escaped():
    nodes = (Node('a<b>&"c', 0, False, False), Node("d", 1, False, False, what="<e>"))
    layers = Layers("x & y", nodes, (Edge('a<b>&"c', "d", True, ("r<s",)),))
    root = ElementTree.fromstring(as_svg(layers))
    titles = [title.text for title in root.iter("{http://www.w3.org/2000/svg}title")]
    assert titles == ["x & y", "r<s", "<e>"]
    assert 't0["a&lt;b>&amp;&quot;c"]' in as_mermaid(layers)


def test_an_edge_from_nowhere_is_left_out():
    layers = Layers("x", (Node("a", 0, True, False),), (Edge("gone", "a", False, ("r",)),))
    assert "<path class" not in as_svg(layers)
    assert "-->" not in as_mermaid(layers)
    assert "after gone (r)" in as_text(layers)


def test_several_pipelines_are_shown_as_text_and_one_is_chosen_by_name(holkas):
    holkas.file("all.yaml", f"{PIPELINE}---\n{RUN}")
    assert [line for line in holkas("graph", "all.yaml").out.splitlines() if line[:1].isalpha()] == [
        "main",
        "nightly",
    ]
    several = holkas("graph", "all.yaml", "-o", "mermaid")
    assert several.code == 2
    assert "--name main or nightly" in several.err
    assert 't0["only"]' in holkas("graph", "all.yaml", "-o", "mermaid", "--name", "nightly").out
    unknown = holkas("graph", "all.yaml", "--name", "weekly")
    assert unknown.code == 2
    assert "there are: main, nightly" in unknown.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n", "there is no pipeline to draw"),
        (PIPELINE.replace("tasks:", "task:"), "error[T010]"),
        (PIPELINE.replace("{name: clone,", "{name: clone, runAfter: [deploy],"), "error[T410]"),
    ],
)
def test_what_cannot_be_drawn_says_why(holkas, text, said):
    holkas.file("main.yaml", text)
    result = holkas("graph", "main.yaml")
    assert (result.code, result.out) == (1, "")
    assert said in result.err
