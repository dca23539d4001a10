"""holkas.yaml's sections about deliveries: what they become, and what is said of mistakes."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from holkas.config.delivery_reading import load_definition
from holkas.config.errors import ConfigError
from holkas.config.load import load_config
from holkas.delivery.definition import Concurrency, RollbackRule
from holkas.model.environment import GateKind

SHORT = """
    artifacts:
      - {name: shop, path: dist}
    environments:
      - name: dev
      - {name: prod, gate: manual}
"""


def load(directory: Path, text: str):
    path = directory / "holkas.yaml"
    path.write_text(dedent(text), encoding="utf-8")
    return load_definition(path, directory)


def findings(directory: Path, text: str):
    with pytest.raises(ConfigError) as caught:
        load(directory, text)
    return caught.value.findings


def test_five_lines_suffice(tmp_path):
    project = tmp_path / "My Shop"
    project.mkdir()
    found = load(project, SHORT)
    assert (found.name, found.repository, found.branch) == ("my-shop", str(project), "")
    assert [(stage.name, stage.environment.gate.kind) for stage in found.stages] == [
        ("dev", GateKind.AUTOMATIC), ("prod", GateKind.MANUAL),
    ]  # fmt: skip
    assert found.artifacts[0].version == "$(revision.short)"
    assert (found.stage("prod").name, found.stage("moon"), found.index("moon")) == ("prod", None, -1)


def test_everything_that_can_be_said(tmp_path):
    (tmp_path / "key.pem").write_text("PEM")
    found = load(
        tmp_path,
        """
        project: shop
        repository: https://example.org/shop.git
        branch: main
        concurrency: queue
        pipeline: {file: ci/build.yaml, params: {revision: $(revision.id), fast: true, count: 3}, workspace: code,
                   timeout: 10m}
        artifacts:
          - {name: shop, path: dist, version: "1.$(results.n)", sbom: sbom.json, media-type: text/plain}
          - {name: image, result: digest}
        environments:
          - name: dev
            destination: /srv/dev
            agent: ansible
            settings: {port: 8001, deep: {er: [1]}}
            config:
              files: [config/dev.ini]
              values: {PORT: 8001, DEBUG: true}
              secrets: {PASSWORD: shop/db#password}
            checks: {before: [ci/ready.yaml], after: [{job: smoke, name: fast-smoke}]}
          - name: prod
            gate: {approvers: [anna, bert], approvals: 2}
            freeze:
              - {from: 2026-12-20, until: 2027-01-02, reason: holidays}
              - {days: [fri], hours: "16:00-24:00", zone: UTC}
            soak: 1h
            rollback: automatic
            pull: ../config
            config: {files: {etc/app.ini: config/prod.ini}}
        signing: {key: keys/delivery, required: true, trusted: [key.pem]}
        feedback:
          - {notifier: smtp, tell: [failure], to: [authors, ops@example.org], environments: [prod, build]}
        operations:
          - {name: backup, environments: [prod], schedule: "0 3 * * *"}
          - {name: rotate, pipeline: ci/rotate.yaml}
        """,
    )
    dev, prod = found.stages
    assert found.concurrency is Concurrency.QUEUE
    assert found.pipeline.params == {"revision": "$(revision.id)", "fast": "true", "count": "3"}
    assert found.pipeline.timeout == 600
    assert dev.environment.settings == {"port": 8001, "deep": {"er": [1]}}
    assert dev.configuration.values == {"PORT": "8001", "DEBUG": "true"}
    assert dev.configuration.files == {"dev.ini": "config/dev.ini"}
    assert [check.name for check in (*dev.before, *dev.after)] == ["ready", "fast-smoke"]
    assert prod.configuration.files == {"etc/app.ini": "config/prod.ini"}
    assert (prod.environment.gate.kind, prod.environment.gate.approvals) == (GateKind.MANUAL, 2)
    holidays, friday = prod.freeze
    assert holidays.end - holidays.start == 14 * 86400
    assert (friday.days, friday.hours) == (frozenset({4}), (960, 1440))
    assert (prod.soak, prod.rollback) == (3600, RollbackRule.AUTOMATIC)
    assert (prod.pull.repository, prod.pull.path) == (str(tmp_path.parent / "config"), "prod")
    assert found.signing.trusted == ("PEM",)
    assert found.feedback[0].environments == {"prod", "build"}
    assert [one.environments for one in found.operations] == [("prod",), ("dev", "prod")]


@pytest.mark.parametrize(
    ("text", "code", "words", "line"),
    [
        ("artifcts: []", "C001", "artifcts", None),
        ("environments: [{name: dev, gte: manual}]", "C001", "environments[0] has no setting gte", 2),
        ("environments: [{name: dev, gate: manuel}]", "C003", "environments[0].gate is one of", 2),
        (
            "environments: [{name: dev, gate: {approver: [a]}}]",
            "C001",
            "environments[0].gate has no setting approver",
            2,
        ),
        ("environments: [{gate: manual}]", "C004", "environments[0] wants name", 2),
        ("environments: [{name: dev}, {name: dev}]", "C005", "two of the environment dev", 2),
        ("environments: [{name: build}]", "C003", "may not be 'build'", 2),
        ("environments: [{name: dev, soak: soon}]", "C003", "soak is not written", 2),
        ("environments: [{name: dev, soak: 5}]", "C002", "soak wants a text", 2),
        ("environments: dev", "C002", "environments wants a list", 2),
        ("environments: [{name: dev, gate: {approvers: [a], approvals: 2}}]", "C005", "2 approvals of 1", 2),
        ("environments: [{name: dev, freeze: [{reason: x}]}]", "C004", "a freeze wants", 2),
        ("environments: [{name: dev, freeze: [{from: soon}]}]", "C003", "no day and no time", 2),
        ("environments: [{name: dev, freeze: [{days: [mon], zone: Mars/X}]}]", "C003", "no time zone", 2),
        (
            "environments: [{name: dev, freeze: [{from: 2026-02-02, until: 2026-02-01}]}]",
            "C005",
            "ends before",
            2,
        ),
        ("environments: [{name: dev, config: {files: [../x]}}]", "C003", "may not be '../x'", 2),
        ("environments: [{name: dev, config: {values: {A: $(nope)}}}]", "C003", "no variable $(nope)", 2),
        ("environments: [{name: dev, checks: {after: [{name: x}]}}]", "C004", "a file or a job", 2),
        ("artifacts: [{name: x}]", "C004", "a path or a result", 2),
        ("artifacts: [{name: x, path: /etc}]", "C003", "may not be '/etc'", 2),
        ("artifacts: [{name: x, path: a, version: $(nope)}]", "C003", "no variable", 2),
        ("artifacts: [{name: x, path: a}]", "C004", "names no environments", None),
        ("signing: {required: true}", "C004", "say whose", 2),
        ("signing: {trusted: [nowhere.pem]}", "C003", "cannot be read", 2),
        ("feedback: [{notifier: x, environments: [moon]}]", "C005", "no environment moon", 2),
        ("operations: [{name: x, environments: [moon]}]", "C005", "no environment moon", 2),
        ("a: [", "Y", "", None),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path, text, code, words, line):
    if text.startswith("artifcts"):
        (tmp_path / "holkas.yaml").write_text(text)
        with pytest.raises(ConfigError) as caught:
            load_config(tmp_path, {}, {})
        assert "did you mean artifacts?" in caught.value.findings[0].hint
        return
    found = findings(tmp_path, f"\n{text}\n")
    matching = [finding for finding in found if finding.code.startswith(code) and words in finding.message]
    assert matching, found
    if line is not None:
        from holkas.yaml import Source, locate

        assert locate(Source.read(tmp_path / "holkas.yaml"), matching[0].place).line == line


def test_all_mistakes_at_once(tmp_path):
    found = findings(
        tmp_path, "environments: [{name: dev, gate: 3, soak: x, y: 1}]\nartifacts: [{path: a}]\n"
    )
    assert len(found) >= 4


def test_no_file_at_all_is_told(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load_definition(None, tmp_path)
    assert caught.value.findings[0].code == "C006"


def test_the_sections_disturb_no_settings(tmp_path):
    (tmp_path / "holkas.yaml").write_text(dedent(SHORT) + "run: {jobs: 3}\n")
    assert load_config(tmp_path, {}, {}).number("run.jobs") == 3
