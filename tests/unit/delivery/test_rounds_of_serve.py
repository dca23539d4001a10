"""What ``holkas serve`` does in its rounds, with a clock of the test's."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace

import pytest
from holkas.cli.event_server import Posted
from holkas.cli.serve import until_signal
from holkas.cli.serve_webhooks import webhooks
from holkas.delivery import event_types as on
from holkas.delivery.definition import FeedbackRule, OperationRule
from holkas.delivery.delivery_state import Outcome
from holkas.delivery.triggers import TriggerRule, is_due, next_time
from holkas.delivery_engine.operating import operate
from holkas.delivery_engine.project import ProjectDeliveries, Who
from holkas.delivery_engine.rounds import Rounds
from holkas.model.change import Outcome as AgentOutcome
from holkas.model.secret import Secret
from holkas.roles.errors import Retryable

from tests.deliveries import Shop, check, stage

SERVER = Who(name="server")
HOUR = 3600.0
SECRET = Secret("a long secret")


@pytest.fixture
def shop(tmp_path):
    shop = Shop(tmp_path)
    shop.define(feedback=(FeedbackRule(notifier="file", to=("ops@example.org",)),))
    shop.commit("one")
    yield shop
    shop.close()


def rounds(shop, **triggers):
    shop.definition = replace(shop.definition, triggers=TriggerRule(**triggers))
    said = []
    made = Rounds(shop.deliveries, SERVER, said.append)
    made.said = said
    return made


def numbers(shop):
    return len(shop.ledger.views("delivery/shop/"))


def test_it_polls_at_once_and_then_by_the_clock(shop):
    served = rounds(shop, poll=60.0)
    served.step()
    assert shop.delivery(1).outcome is Outcome.SUCCEEDED
    shop.commit("two")
    served.step()
    assert numbers(shop) == 1
    shop.now += 60
    served.step()
    assert shop.delivery(2).outcome is Outcome.SUCCEEDED
    shop.now += 60
    served.step()
    assert (numbers(shop), served.said[-1]) == (2, "delivery 2 succeeded")


def test_it_delivers_when_it_is_woken_and_not_before(shop):
    served = rounds(shop)
    served.step()
    assert numbers(shop) == 0
    served.wake("push to main")
    served.wake("push to main")
    served.step()
    assert numbers(shop) == 1
    (requested,) = [entry for entry in shop.ledger.read_all() if entry.type == on.REQUESTED]
    assert (requested.data["by"], requested.data["reason"]) == ("server", "push to main")


def test_a_schedule_that_was_missed_is_made_up_for_once(shop):
    served = rounds(shop, schedule="0 * * * *")
    served.step()
    assert numbers(shop) == 0
    shop.now += 5 * HOUR
    served.step()
    shop.commit("two")
    served.step()
    assert numbers(shop) == 1


def test_the_end_of_another_project_s_delivery_begins_one(shop):
    served = rounds(shop, after=("library",))
    other = ProjectDeliveries(
        replace(shop.definition, name="library"), shop.tools, shop.ledger, shop.state, clock=lambda: shop.now
    )
    served.step()
    assert numbers(shop) == 0
    other.drive(other.request(other.resolve(), SERVER))
    served.step()
    assert shop.delivery(1).outcome is Outcome.SUCCEEDED


def test_what_waits_for_the_clock_goes_on_by_itself(shop):
    shop.define(stage("dev"), stage("prod", soak=HOUR))
    served = rounds(shop)
    served.wake("push")
    served.step()
    assert shop.delivery(1).outcome is None
    shop.now += 2 * HOUR
    served.step()
    assert shop.delivery(1).outcome is Outcome.SUCCEEDED
    assert served.said[-1] == "delivery 1 succeeded"


def test_what_does_not_work_is_tried_again_later_and_later(shop, monkeypatch):
    served = rounds(shop, poll=10 * HOUR)
    control = shop.tools.control
    resolve, down = control.resolve, [True]

    def answer(*words):
        if down[0]:
            raise Retryable("the forge is down")
        return resolve(*words)

    monkeypatch.setattr(control, "resolve", answer)
    served.step()
    served.step()
    shop.now += 5
    served.step()
    shop.now += 5
    served.step()
    assert [line.partition(":")[0] for line in served.said] == ["tried again in 5 s", "tried again in 10 s"]
    down[0] = False
    shop.now += 5
    served.step()
    assert shop.delivery(1).outcome is Outcome.SUCCEEDED


def test_it_goes_on_with_another_definition(shop):
    served = rounds(shop, poll=HOUR, schedule="0 * * * *")
    served.wake("push")
    shop.now += 5 * HOUR
    shop.define(
        triggers=TriggerRule(poll=2 * HOUR, schedule="30 * * * *"),
        operations=(OperationRule(name="rotate", environments=("dev",), schedule="0 3 * * *"),),
    )
    served.take(shop.deliveries)
    served.step()
    (requested,) = [entry for entry in shop.ledger.read_all() if entry.type == on.REQUESTED]
    assert requested.data["reason"] == "push, poll"  # the schedule that is no more was not missed
    assert not [entry for entry in shop.ledger.read_all() if entry.type == on.OPERATION_STARTED]


def test_operations_run_in_time_and_are_recorded(shop, monkeypatch):
    ran, well = [], [True]

    def run(environment, operation, params=None):
        ran.append((environment.name, operation, dict(params or {})))
        return AgentOutcome(succeeded=well[0], message="" if well[0] else "no space")

    monkeypatch.setattr(shop.tools.local, "operate", run)
    rule = OperationRule(
        name="rotate", environments=("dev", "prod"), params={"where": "$(environment)"}, schedule="0 3 * * *"
    )
    shop.definition = replace(shop.definition, operations=(rule,))
    served = rounds(shop)
    served.step()
    assert ran == []
    shop.now += 24 * HOUR
    served.step()
    served.step()
    assert ran == [("dev", "rotate", {"where": "dev"}), ("prod", "rotate", {"where": "prod"})]
    well[0] = False
    for _ in range(2):
        shop.now += 24 * HOUR
        served.step()
    well[0] = True
    shop.now += 24 * HOUR
    served.step()
    kinds = sorted((notice.kind.value, notice.environment) for notice in shop.tools.channel.notices.values())
    assert kinds == [("failure", "dev"), ("failure", "prod"), ("recovery", "dev"), ("recovery", "prod")]
    assert shop.ledger.verify() == []


def test_an_operation_that_was_cut_off_is_noted_and_not_gone_on_with(shop, monkeypatch):
    def die(*words, **more):
        raise KeyboardInterrupt

    rule = OperationRule(name="rotate", environments=("dev",))
    dev = shop.definition.stage("dev")
    monkeypatch.setattr(shop.tools.local, "operate", die)
    with pytest.raises(KeyboardInterrupt):
        operate(shop.deliveries, rule, dev, SERVER)
    monkeypatch.setattr(shop.tools.local, "operate", lambda *words: AgentOutcome(succeeded=True))
    assert operate(shop.deliveries, rule, dev, SERVER)
    entries = shop.ledger.read(on.environment_stream("shop", "dev"))
    assert [(e.type, e.data.get("message")) for e in entries if e.type.startswith("operation.")] == [
        (on.OPERATION_STARTED, None),
        (on.OPERATION_FINISHED, "cut off"),
        (on.OPERATION_STARTED, None),
        (on.OPERATION_FINISHED, ""),
    ]


def test_backup_and_provision_are_the_agent_s_own(shop, monkeypatch):
    seen = []
    monkeypatch.setattr(
        shop.tools.local,
        "backup",
        lambda environment, place: seen.append(place) or AgentOutcome(succeeded=True),
    )
    monkeypatch.setattr(shop.tools.local, "provision", lambda environment: AgentOutcome(succeeded=True))
    dev = shop.definition.stage("dev")
    assert operate(shop.deliveries, OperationRule(name="backup"), dev, SERVER)
    assert seen[0].is_dir()
    assert seen[0].is_relative_to(shop.state / "backups" / "shop" / "dev")
    assert operate(shop.deliveries, OperationRule(name="provision"), dev, SERVER)


def test_an_operation_may_be_a_pipeline_of_what_is_deployed(shop):
    rule = OperationRule(name="migrate", pipeline=check("migrate"))
    dev = shop.definition.stage("dev")
    assert not operate(shop.deliveries, rule, dev, SERVER)
    shop.deliver()
    assert operate(shop.deliveries, rule, dev, SERVER)
    assert not (shop.state / "deliveries" / "shop" / "00000001" / "tree").exists()


def test_when_a_schedule_is_due():
    noon = 1_800_014_400.0  # 2027-01-15 12:00 UTC
    assert next_time("30 12 * * *", "UTC", noon) == noon + 1800
    assert next_time("30 12 * * *", "Europe/Berlin", noon) == noon + 23 * HOUR + 1800
    assert is_due("30 12 * * *", "UTC", noon, noon + 1800)
    assert not is_due("30 12 * * *", "UTC", noon, noon + 1799)
    assert not is_due("", "UTC", noon, noon + 10**9)


@pytest.mark.parametrize(
    ("kind", "ref", "after", "status"),
    [
        ("push", "main", "a" * 40, 202),
        ("push", "other", "a" * 40, 200),
        ("push", "main", "", 200),
        ("tag", "main", "a" * 40, 200),
        ("ping", "", "", 200),
    ],
)
def test_only_a_push_to_the_branch_wakes_it(shop, kind, ref, after, status):
    shop.definition = replace(shop.definition, branch="main")
    served = rounds(shop)
    take = webhooks(shop.deliveries, served, SECRET)
    body = json.dumps({"id": "1", "kind": kind, "ref": ref, "after": after}).encode()
    headers = (("X-Fake-Signature", shop.tools.control.sign(body, SECRET)),)
    assert take(Posted("/", headers, body)).status == status
    served.step()
    assert numbers(shop) == (status == 202)


def test_a_webhook_that_nobody_signed_changes_nothing(shop):
    served = rounds(shop)
    take = webhooks(shop.deliveries, served, SECRET)
    assert take(Posted("/", (("X-Fake-Signature", "0"),), b"{}")).status == 403
    served.step()
    assert numbers(shop) == 0


def test_rounds_go_on_until_a_signal(shop):
    served = rounds(shop, poll=1.0)
    step = served.step

    def stop_after_one():
        step()
        os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    until_signal(lambda: served.said.append("begun"), stop_after_one, served.said.append)
    assert signal.getsignal(signal.SIGTERM) is before
    assert served.said == [
        "begun",
        "delivery 1: poll",
        "delivery 1 succeeded",
        "stopped",
    ]
