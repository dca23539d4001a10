"""The language of health rules, and the catalog of the rules that come with holkas."""

from __future__ import annotations

import pytest
from holkas.gitops.health.rules.catalog import builtin_catalog, make_catalog, ruling
from holkas.gitops.health.rules.language import SKIPPED, RuleError, parse_line, parse_rule
from holkas.model.health import HealthStatus


def holds(line, manifest):
    return parse_rule(f"{line} -> Healthy")(manifest) is not None


def with_conditions(*conditions, **metadata):
    return {
        "metadata": metadata,
        "status": {
            "conditions": [
                dict(zip(("type", "status", "reason", "message"), condition, strict=False))
                for condition in conditions
            ]
        },
    }


READY = with_conditions(("Ready", "False", "Lost", "no disk"), ("Synced", True))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Ready=False", True),
        ("Ready=True", False),
        ("Ready=True|False", True),
        ("Ready=False/Lost|Failed", True),
        ("Ready=False/Failed", False),
        ("Ready!=True", True),
        ("Missing!=True", False),
        ("not Missing=True", True),
        ("Synced=true", True),
        ("Ready|Synced=True", True),
        ("*=False", True),
        ("S*=True", True),
        ("Ready#message=no*", True),
        ("Ready", True),
        ("Ready=False and Synced=False", False),
        ("else", True),
        (".status.conditions[-1]:Synced=True", True),
        (".status.conditions[-1]:Ready=False", False),
        ("count(.status.conditions[*])=2", True),
        ("count(.status.conditions[*]:Ready)=1", True),
        ("distinct(.status.conditions[*].type)>1", True),
    ],
)
def test_conditions(line, expected):
    assert holds(line, READY) is expected


NUMBERS = {
    "spec": {"replicas": 3, "sets": [{"count": 1}, {"count": 4}], "paused": True, "odd": "a.b"},
    "status": {
        "ready": "2/3",
        "replicas": 3.0,
        "seen": "2024-01-01T00:00:00Z",
        "done": "2024-01-02T00:00:00Z",
        "empty": [],
        "none": None,
    },
    "metadata": {"annotations": {"a.b/c": "on"}},
}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (".status.replicas=.spec.replicas", True),
        (".status.replicas!=.spec.replicas", False),
        (".status.replicas!=.spec.unknown", False),
        (".status.unknown!=3", False),
        ("not .status.unknown=3", True),
        (".status.ready<1", True),
        (".status.ready=2/*", True),
        (".status.done>.status.seen", True),
        (".status.done<=.status.seen", False),
        (".spec.paused=true", True),
        (".status.none", False),
        (".status.empty", True),
        (".status.empty[*]", False),
        ("sum(.spec.sets[*].count)=5", True),
        ("sum(.spec.sets[*].count, .spec.replicas)>=8", True),
        ("count(.spec.sets[*].count=4)=1", True),
        ('.metadata.annotations."a.b/c"=on', True),
        (".spec.odd=?.?", True),
        (".spec.odd=?", False),
        (".spec.replicas>.spec.odd", False),
    ],
)
def test_fields(line, expected):
    assert holds(line, NUMBERS) is expected


def test_conditions_of_another_generation_are_left_out_when_asked_for():
    manifest = with_conditions(("Ready", "True"), generation=2)
    assert holds("Ready@current=True", manifest)
    manifest["status"]["conditions"][0]["observedGeneration"] = 1
    assert not holds("Ready@current=True", manifest)
    assert holds("Ready#observedGeneration!=.metadata.generation", manifest)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Ready=False -> Degraded", "no disk"),
        ("Synced=True -> Degraded", ""),
        ("Ready=False -> Degraded It is {reason}: {message} ({.kind})", "It is Lost: no disk (Disk)"),
    ],
)
def test_messages(line, message):
    health = parse_rule(line)(READY | {"kind": "Disk"})
    assert (health.status, health.message) == (HealthStatus.DEGRADED, message)


def in_turn(lines, *conditions):
    health = parse_line(lines)(with_conditions(*conditions))
    return health and health.status


def test_of_rules_tried_in_turn_the_first_condition_decides_and_not_the_first_rule():
    rules = ["Ready=True -> Healthy", "Failed=True and Failed#reason=Lost -> Degraded"]
    good, bad = ("Ready", "True"), ("Failed", "True", "Lost")
    assert in_turn(rules, good, bad) is HealthStatus.HEALTHY
    assert in_turn(rules, bad, good) is HealthStatus.DEGRADED
    assert in_turn(rules, ("Failed", "True"), ("Failed", "False", "Lost")) is None
    assert in_turn(rules) is None


def test_skip_ends_the_rules_for_one_element_only():
    rules = ["Old -> skip", "*=False -> Degraded"]
    assert in_turn(rules, ("Old", "False")) is None
    assert in_turn(rules, ("Old", "False"), ("New", "False")) is HealthStatus.DEGRADED
    assert parse_rule("Old -> skip")(with_conditions(("Old", "False"))) is SKIPPED


PAIRS = {
    "spec": {"most": 5},
    "status": {"racks": {"a": {"members": 3, "ready": 3}, "b": {"members": 2, "ready": 1}}},
}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (".each.ready!=.each.members", True),
        (".each.ready>.each.members", False),
        (".each.ready<.each.members and .each.members<.spec.most", True),
        (".each.ready<.each.members and .each.members=3", False),
        ("not .each.unknown", True),
    ],
)
def test_elements_are_compared_with_themselves(line, expected):
    rule = parse_line(["each .status.racks[*]", f"{line} -> Degraded"])
    assert (rule(PAIRS) is not None) is expected


@pytest.mark.parametrize(
    "line",
    ["Ready=True", "Ready=True -> Good", "Ready>1 -> Healthy", "=x -> Healthy", "count(.a) -> Healthy"],
)
def test_what_is_no_rule_is_refused(line):
    with pytest.raises(RuleError):
        parse_rule(line)


STRANGE = [
    {},
    {"status": 1},
    {"status": None},
    {"status": {"conditions": "x"}},
    {"status": {"conditions": [1, None, "x", {}, {"type": 1, "status": []}]}},
    {"status": {"conditions": {"a": {"type": "Ready", "status": "True"}}}},
    {"status": {"ancestors": [1], "parents": [{"conditions": 1}], "listeners": {"a": None}}, "spec": []},
]


@pytest.mark.parametrize("manifest", STRANGE)
def test_manifests_of_any_shape_are_judged_without_an_error(manifest):
    catalog = builtin_catalog()
    for name in catalog.exact:
        group, _, kind = name.partition("/")
        judge = ruling(group, kind)
        assert judge is not None
        judge(manifest)


def test_every_family_of_rules_can_be_read_and_always_has_an_answer():
    catalog = builtin_catalog()
    for lines in [*catalog.exact.values(), *(lines for _, lines in catalog.wildcards)]:
        *_, last = [parse_line(line) for line in catalog._expanded(lines)]
        assert last({}) is not None


def test_an_exact_kind_comes_before_wildcards_and_a_longer_wildcard_before_a_shorter_one():
    catalog = make_catalog(
        [
            {"for": ["*.io/*"], "health": ["else -> Degraded"]},
            {"for": ["a.io/*"], "health": ["else -> Suspended"]},
            {"for": ["a.io/Kind"], "health": ["shape"]},
        ],
        {"shape": ["else -> Healthy"]},
    )
    assert catalog.lines("a.io", "Kind") == ("else -> Healthy",)
    assert catalog.lines("a.io", "Other") == ("else -> Suspended",)
    assert catalog.lines("b.io", "Other") == ("else -> Degraded",)
    assert catalog.lines("", "Other") == ()


def test_a_catalog_with_mistakes_is_refused():
    twice = [{"for": ["a/B"], "health": ["else -> Healthy"]}] * 2
    with pytest.raises(RuleError, match="a/B"):
        make_catalog(twice, {})
    with pytest.raises(RuleError, match="neither a rule"):
        make_catalog([{"for": ["a/B"], "health": ["nothing"]}], {}).lines("a", "B")
