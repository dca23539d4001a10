"""Deliveries with fake tools, from the request to the last environment."""

from __future__ import annotations

from dataclasses import replace

import pytest
from holkas.delivery import envelope
from holkas.delivery import event_types as on
from holkas.delivery.definition import (
    ArtifactRule,
    Concurrency,
    ConfigurationRule,
    FeedbackRule,
    PipelineUse,
    PullRule,
    RollbackRule,
    SigningRule,
)
from holkas.delivery.delivery_state import Outcome
from holkas.delivery_engine.project import Denied, Who
from holkas.model.param import Result
from holkas.model.secret import Secret
from holkas.roles.errors import AccessDenied, Retryable
from holkas.testing.fakes.build_server import FakeBuildServer

from tests.deliveries import ANNA, BERT, BOSS, REPOSITORY, check, private_key, stage

DEV, PROD = stage("dev"), stage("prod", manual=True, approvers=("boss",))
TELLS = (FeedbackRule(notifier="channel", tell=frozenset({"failure", "recovery", "approval"})),)


def test_a_commit_goes_through_all_environments_with_one_digest(shop):
    shop.commit("one")
    done = shop.deliver()
    assert done.outcome is Outcome.SUCCEEDED
    started = [entry for entry in shop.ledger.read_all() if entry.type == on.DEPLOYMENT_STARTED]
    assert [entry.data["artifacts"]["shop"] for entry in started] == [done.digests["shop"]] * 3
    for name in ("dev", "test", "prod"):
        assert shop.running(name) == shop.head
        assert shop.board(name)["health"] == "Healthy"
        assert shop.really(name) == shop.board(name)["release"]["release"]
    assert shop.ledger.verify() == []
    assert not (shop.state / "deliveries" / "shop" / "00000001").exists()


def test_the_same_commit_again_does_nothing_new(shop):
    shop.commit("one")
    first = shop.deliver()
    before = shop.ledger.last_seq()
    assert shop.deliver() == first
    assert shop.ledger.last_seq() == before


def test_configuration_differs_and_a_secret_is_nowhere_in_the_ledger(shop):
    rule = ConfigurationRule(
        values={"WHERE": "$(environment) $(artifacts.shop.version)"},
        files={"app.ini": "config/prod.ini", "all": "config"},
        secrets={"PASSWORD": "shop/db#password"},
    )
    shop.define(DEV, stage("prod", configuration=rule))
    shop.commit("one", config_prod=b"", **{"config_prod.ini": b"a=1"})
    assert shop.deliver().outcome is Outcome.SUCCEEDED
    release = shop.tools.local._releases["prod"][-1]
    assert release.configuration.values == {"WHERE": f"prod {shop.head[:12]}"}
    assert release.configuration.secrets == {"PASSWORD": Secret("hunter2-hunter2")}
    assert release.configuration.files["app.ini"] == release.configuration.files["all/prod.ini"] == b"a=1"
    assert b"hunter2" not in b"".join(path.read_bytes() for path in shop.state.glob("ledger*"))


def test_a_file_that_leaves_the_sources_is_not_read(shop):
    shop.define(stage("dev", configuration=ConfigurationRule(files={"x": "../../../../../../../etc/passwd"})))
    shop.commit("one")
    done = shop.deliver()
    assert (done.outcome, done.stage) == (Outcome.FAILED, "dev")
    assert "leaves the sources" in done.message
    assert shop.really("dev") == ""


class TestGates:
    @pytest.fixture(autouse=True)
    def waiting(self, shop):
        shop.define(DEV, PROD, feedback=TELLS)
        shop.commit("one")
        shop.deliver()

    def test_it_waits_and_the_approvers_are_told(self, shop):
        assert shop.delivery(1).outcome is None
        assert shop.board("prod")["waiting"]["why"] == "approval"
        (notice,) = shop.tools.channel.notices.values()
        assert (notice.kind, [person.name for person in notice.recipients]) == ("approval", ["boss"])

    def test_looking_again_records_nothing_again(self, shop):
        before = shop.ledger.last_seq()
        shop.deliver()
        assert shop.ledger.last_seq() == before

    def test_approval_opens_it(self, shop):
        assert shop.deliveries.approve("prod", BOSS) == 1
        shop.deliveries.drive(1)
        assert shop.delivery(1).outcome is Outcome.SUCCEEDED
        assert shop.running("prod") == shop.head
        assert shop.delivery(1).at("prod").opened_by == ("boss",)

    @pytest.mark.parametrize("act", ["approve", "reject", "promote"])
    def test_somebody_else_is_refused_and_that_is_recorded_and_told(self, shop, act):
        with pytest.raises(Denied, match="mallory is not one of the approvers"):
            getattr(shop.deliveries, act)("prod", Who(name="mallory", account="www"))
        shop.deliveries.drive(1)
        assert shop.delivery(1).outcome is None
        assert shop.running("prod") == ""
        (refused,) = (entry for entry in shop.ledger.read_all() if entry.type == on.APPROVAL_REFUSED)
        assert (refused.data["by"], refused.data["account"]) == ("mallory", "www")
        assert any("mallory" in notice.text for notice in shop.tools.channel.notices.values())

    def test_rejection_ends_it(self, shop):
        shop.deliveries.reject("prod", BOSS, comment="no")
        shop.deliveries.drive(1)
        assert shop.delivery(1).outcome is Outcome.REJECTED
        assert shop.board("prod")["waiting"] is None
        with pytest.raises(Denied, match="nothing waits"):
            shop.deliveries.approve("prod", BOSS)

    def test_two_approvals_of_one_person_are_one(self, shop):
        shop.define(DEV, stage("prod", manual=True, approvers=("boss", "chief"), approvals=2))
        for who in ("boss", "boss"):
            shop.deliveries.approve("prod", Who(name=who))
            shop.deliveries.drive(1)
        assert shop.delivery(1).outcome is None
        shop.deliveries.approve("prod", Who(name="chief"))
        shop.deliveries.drive(1)
        assert shop.delivery(1).outcome is Outcome.SUCCEEDED

    def test_an_approver_who_is_none_any_more_does_not_count(self, shop):
        shop.deliveries.approve("prod", BOSS)
        shop.define(DEV, stage("prod", manual=True, approvers=("chief",)))
        shop.deliveries.drive(1)
        assert shop.delivery(1).outcome is None

    @pytest.mark.parametrize(
        ("environment", "words"), [("moon", "no such|no environment"), ("dev", "nothing waits")]
    )
    def test_other_environments_cannot_be_approved(self, shop, environment, words):
        with pytest.raises(Denied, match=words):
            shop.deliveries.approve(environment, BOSS)

    def test_a_newer_delivery_takes_its_place(self, shop):
        shop.commit("two")
        shop.deliver()
        assert shop.delivery(1).outcome is Outcome.SUPERSEDED
        assert shop.board("prod")["waiting"]["delivery"] == 2
        with pytest.raises(Denied, match="superseded"):
            shop.deliveries.approve("prod", BOSS, number=1)

    def test_a_superseded_one_comes_back_by_promotion(self, shop):
        shop.commit("two")
        shop.deliver()
        assert shop.deliveries.promote("prod", BOSS, number=1) == 1
        shop.deliveries.drive(1)
        assert shop.delivery(1).outcome is Outcome.SUCCEEDED
        assert shop.board("prod")["release"]["delivery"] == 1

    def test_in_a_queue_the_newer_one_waits_behind(self, shop):
        shop.define(DEV, PROD, concurrency=Concurrency.QUEUE)
        shop.commit("two")
        shop.deliver()
        assert [shop.delivery(n).outcome for n in (1, 2)] == [None, None]
        assert shop.board("prod")["waiting"]["delivery"] == 1  # whose turn it is
        shop.deliveries.approve("prod", BOSS, number=1)
        shop.deliveries.drive(1)
        assert shop.delivery(1).outcome is Outcome.SUCCEEDED
        assert shop.delivery(2).outcome is None
        shop.deliveries.approve("prod", BOSS, number=2)
        shop.deliveries.drive(2)
        assert shop.delivery(2).outcome is Outcome.SUCCEEDED


def test_soak_counts_from_the_environment_before(shop):
    shop.define(DEV, stage("prod", soak=600.0))
    shop.commit("one")
    shop.deliver()
    assert shop.board("prod")["waiting"] == {
        "delivery": 1, "why": "soak", "since": shop.now, "until": shop.now + 600, "version": shop.head[:12],
    }  # fmt: skip
    shop.now += 599
    shop.deliver()
    assert shop.delivery(1).outcome is None
    shop.now += 1
    assert shop.deliver().outcome is Outcome.SUCCEEDED


class TestTampering:
    @pytest.fixture(autouse=True)
    def waiting(self, shop):
        shop.define(DEV, PROD, feedback=TELLS)
        shop.commit("one")
        shop.deliver()
        shop.deliveries.approve("prod", BOSS)

    def refused(self, shop, words):
        shop.deliveries.drive(1)
        done = shop.delivery(1)
        assert (done.outcome, done.stage) == (Outcome.REFUSED, "prod")
        assert words in done.message
        assert shop.really("prod") == ""
        assert on.DEPLOYMENT_REFUSED in shop.kinds()
        assert any(
            notice.kind == "failure" and words in notice.text
            for notice in shop.tools.channel.notices.values()
        )

    def test_tampered_content_is_refused_recorded_and_told(self, shop):
        digest = shop.delivery(1).digests["shop"]
        shop.tools.repository.tamper(digest, b"evil")
        self.refused(shop, "tampered")

    def test_a_version_that_means_other_content_is_refused(self, shop):
        published = shop.tools.repository._published
        published[0] = replace(published[0], digest=f"sha256:{'e' * 64}")
        self.refused(shop, "only what was built is deployed")

    def test_an_artifact_that_is_gone_is_refused(self, shop):
        shop.tools.repository._published.clear()
        self.refused(shop, "not in the repository any more")

    def test_an_unsigned_one_is_refused_where_signatures_are_required(self, shop):
        shop.tools.secrets.write("keys/delivery", {"value": Secret(private_key())})
        shop.define(DEV, PROD, feedback=TELLS, signing=SigningRule(key="keys/delivery", required=True))
        self.refused(shop, "is not signed")


class TestSignatures:
    @pytest.fixture
    def key(self, shop):
        key = private_key()
        shop.tools.secrets.write("keys/delivery", {"value": Secret(key)})
        shop.define(DEV, signing=SigningRule(key="keys/delivery", required=True))
        shop.commit("one")
        return key

    def test_what_is_signed_is_deployed(self, shop, key):
        assert shop.deliver().outcome is Outcome.SUCCEEDED
        (document,) = shop.tools.repository.referrers(shop.delivery(1).artifacts[0], envelope.MEDIA_TYPE)
        data = shop.tools.repository.data(document.digest)
        assert envelope.opened(data, [envelope.public_pem(key)])
        assert envelope.opened(data, [envelope.public_pem(private_key())]) is None

    def test_somebody_elses_signature_is_refused(self, shop, key):
        trusted = (envelope.public_pem(private_key()).decode(),)
        shop.define(DEV, signing=SigningRule(key="keys/delivery", required=True, trusted=trusted))
        done = shop.deliver()
        assert done.outcome is Outcome.REFUSED
        assert "signed by nobody who is trusted" in done.message

    def test_a_broken_key_fails_the_delivery(self, shop, key):
        shop.tools.secrets.write("keys/delivery", {"value": Secret("no key")})
        done = shop.deliver()
        assert (done.outcome, done.stage) == (Outcome.FAILED, "build")


class TestFailures:
    @pytest.fixture(autouse=True)
    def broken(self, shop):
        shop.define(DEV, stage("test", after=(check("smoke"),)), stage("prod"), feedback=TELLS)
        shop.commit("one", CODEOWNERS=b"app @team\nother nobody@example.org")
        shop.deliver()
        shop.commit("two", author=BERT)
        shop.commit("three", author=ANNA)
        shop.tools.server._failing = frozenset({"shop-2-test-smoke", "shop-3-test-smoke"})
        shop.deliver()

    def test_it_stops_there_and_the_rest_is_untouched(self, shop):
        done = shop.delivery(2)
        assert (done.outcome, done.stage) == (Outcome.FAILED, "test")
        assert shop.board("prod")["release"]["delivery"] == 1
        assert shop.board("test")["health"] == "Degraded"

    def test_authors_in_between_and_owners_are_told_once(self, shop):
        (notice,) = shop.tools.channel.notices.values()
        assert {person.name for person in notice.recipients} == {"Anna", "Bert", "@team"}
        assert notice.environment == "test"
        shop.commit("four")
        shop.deliver()
        assert shop.delivery(3).outcome is Outcome.FAILED
        assert len(shop.tools.channel.notices) == 1

    def test_recovery_is_told_to_the_same_people(self, shop):
        shop.tools.server._failing = frozenset()
        shop.commit("four", author=BERT)
        assert shop.deliver().outcome is Outcome.SUCCEEDED
        failure, recovery = shop.tools.channel.notices.values()
        assert recovery.kind == "recovery"
        assert recovery.recipients == failure.recipients
        assert shop.board("test")["failing"] is None

    def test_retry_goes_on_where_it_failed(self, shop):
        shop.tools.server._failing = frozenset()
        builds = shop.kinds(2).count(on.BUILD_STARTED)
        shop.deliveries.reopen(2, BOSS)
        shop.deliveries.drive(2)
        assert shop.delivery(2).outcome is Outcome.SUCCEEDED
        assert shop.kinds(2).count(on.BUILD_STARTED) == builds
        with pytest.raises(Denied, match="has succeeded"):
            shop.deliveries.reopen(2, BOSS)

    def test_a_channel_that_is_down_is_tried_again(self, shop):
        shop.tools.channel.notices.clear()
        shop.tools.channel.down = True
        shop.tools.server._failing = frozenset()
        shop.commit("four")
        shop.deliver()
        assert shop.tools.channel.notices == {}
        shop.tools.channel.down = False
        shop.deliver()
        assert len(shop.tools.channel.notices) == 1
        shop.deliver()
        assert [kind for kind, _ in shop.told].count(on.NOTICE_SENT) == 2


def test_a_failed_build_is_told_and_nothing_is_published(shop):
    shop.define(DEV, pipeline=PipelineUse(name="build", job="build"), feedback=TELLS)
    shop.tools.server._failing = frozenset({"shop-1-1"})
    shop.commit("one")
    done = shop.deliver()
    assert (done.outcome, done.stage) == (Outcome.FAILED, "build")
    assert list(shop.tools.repository.artifacts()) == []
    assert [notice.environment for notice in shop.tools.channel.notices.values()] == ["build"]
    shop.commit("two")
    assert shop.deliver().outcome is Outcome.SUCCEEDED
    assert [notice.kind for notice in shop.tools.channel.notices.values()] == ["failure", "recovery"]


def test_results_of_the_pipeline_make_the_version(shop):
    rule = ArtifactRule(name="shop", path="app", version="1.$(results.n)")
    shop.define(DEV, pipeline=PipelineUse(name="b", job="b"), artifacts=(rule,))
    shop.tools.server = FakeBuildServer(results=[Result(name="n", value="7/8")])
    shop.commit("one")
    assert shop.deliver().versions == {"shop": "1.7-8"}


def test_a_version_is_never_replaced(shop):
    shop.define(DEV, artifacts=(ArtifactRule(name="shop", path="app", version="1.0"),))
    shop.commit("one")
    shop.deliver()
    shop.commit("two")
    done = shop.deliver()
    assert done.outcome is Outcome.REFUSED
    assert "never replaced" in done.message


class TestRollback:
    @pytest.fixture(autouse=True)
    def two(self, shop):
        shop.define(DEV, stage("prod"), feedback=TELLS)
        shop.commit("one")
        shop.deliver()
        self.first = shop.head
        shop.commit("two")
        shop.deliver()

    def test_the_release_before_is_back_and_the_other_in_quarantine(self, shop):
        assert shop.deliveries.rollback("prod", BOSS, reason="slow")
        assert shop.running("prod") == self.first
        assert shop.really("prod") == shop.board("prod")["release"]["release"]
        assert shop.board("prod")["quarantine"] == [shop.head]
        assert shop.running("dev") == shop.head

    def test_nothing_brings_it_back_by_itself(self, shop):
        shop.deliveries.rollback("prod", BOSS)
        shop.deliver()
        shop.deliveries.drive()
        assert shop.running("prod") == self.first
        with pytest.raises(Denied):
            shop.deliveries.reopen(2, BOSS)

    def test_promotion_brings_it_back(self, shop):
        shop.deliveries.rollback("prod", BOSS)
        shop.deliveries.promote("prod", BOSS, number=2)
        shop.deliveries.drive(2)
        assert shop.running("prod") == shop.head
        assert shop.board("prod")["quarantine"] == []

    def test_what_the_agent_has_not_kept_is_put_together_again(self, shop):
        shop.tools.local._releases["prod"] = shop.tools.local._releases["prod"][-1:]
        assert shop.deliveries.rollback("prod", BOSS)
        assert shop.running("prod") == self.first
        assert shop.really("prod") == shop.board("prod")["release"]["release"]

    def test_a_rollback_that_cannot_be_done_says_so(self, shop):
        shop.tools.local._releases["prod"] = shop.tools.local._releases["prod"][-1:]
        shop.tools.local.failing.add("prod")
        assert not shop.deliveries.rollback("prod", BOSS)
        assert shop.board("prod")["health"] == "Degraded"
        assert shop.running("prod") == shop.head

    def test_a_version_may_be_named(self, shop):
        shop.commit("three")
        shop.deliver()
        assert shop.deliveries.rollback("prod", BOSS, to=self.first[:12])
        assert shop.running("prod") == self.first

    @pytest.mark.parametrize("to", ["9.9", ""])
    def test_without_an_earlier_good_release_it_is_refused(self, shop, to):
        shop.deliveries.rollback("prod", BOSS)
        with pytest.raises(Denied, match="no earlier good release"):
            shop.deliveries.rollback("prod", BOSS, to=to)
        with pytest.raises(Denied, match="no environment"):
            shop.deliveries.rollback("moon", BOSS)

    def test_an_open_delivery_of_what_is_rolled_back_ends(self, shop):
        shop.define(DEV, PROD)
        shop.commit("three")
        shop.deliver()
        shop.deliveries.rollback("dev", BOSS)
        assert shop.delivery(3).outcome is Outcome.QUARANTINED

    def test_automatic_rollback_after_a_failed_check(self, shop):
        shop.define(DEV, stage("prod", after=(check("smoke"),), rollback=RollbackRule.AUTOMATIC))
        shop.tools.server._failing = frozenset({"shop-3-prod-smoke"})
        good = shop.head
        shop.commit("three")
        assert shop.deliver().outcome is Outcome.FAILED
        assert shop.running("prod") == good
        assert shop.board("prod")["quarantine"] == [shop.head]
        assert shop.board("prod")["health"] == "Healthy"


class TestTools:
    def test_a_tool_that_comes_back_is_waited_for(self, shop, monkeypatch):
        shop.commit("one")
        tries = iter([Retryable("busy"), Retryable("busy")])
        plan = shop.tools.local.plan

        def sometimes(*args):
            if error := next(tries, None):
                raise error
            return plan(*args)

        monkeypatch.setattr(shop.tools.local, "plan", sometimes)
        assert shop.deliver().outcome is Outcome.SUCCEEDED

    @pytest.mark.parametrize("error", [Retryable("down"), AccessDenied("no")])
    @pytest.mark.parametrize(
        "call", ["local.apply", "repository.fetch", "repository.publish", "control.checkout"]
    )
    def test_a_tool_that_does_not_work_ends_no_delivery(self, shop, monkeypatch, error, call):
        def broken(*args, **kwargs):
            raise error

        shop.commit("one")
        tool, _, method = call.partition(".")
        with monkeypatch.context() as patch:
            patch.setattr(getattr(shop.tools, tool), method, broken)
            with pytest.raises(type(error)):
                shop.deliver()
        assert shop.delivery(1).outcome is None
        assert shop.deliver().outcome is Outcome.SUCCEEDED

    def test_monitoring_that_is_down_loses_nothing(self, shop):
        shop.tools.log.down = True
        shop.commit("one")
        shop.deliver()
        shop.tools.log.down = False
        shop.deliveries.tell()
        kinds = [event.type for event in shop.tools.log._events.values()]
        assert kinds[0] == "dev.cdevents.pipelinerun.queued.0.2.0"
        assert kinds[-1] == "dev.cdevents.pipelinerun.finished.0.2.0"
        assert kinds.count("dev.cdevents.service.deployed.0.2.0") == 3
        assert shop.ledger.receivers(["log"]) == {"log": shop.ledger.last_seq()}


def test_a_delivery_by_pull_ends_in_the_same_release(shop):
    shop.tools.control.create("config.git")
    rule = ConfigurationRule(values={"A": "1"}, files={"a.ini": "app"})
    pull = PullRule(repository="config.git", path="prod")
    shop.define(stage("dev", configuration=rule), stage("prod", configuration=rule, pull=pull))
    shop.commit("one")
    assert shop.deliver().outcome is Outcome.SUCCEEDED
    import json

    files = shop.tools.control._files(shop.tools.control.resolve("config.git"))
    document = json.loads(files["prod/release.json"])
    assert document["release"] == shop.really("dev")
    assert document["artifacts"][0]["digest"] == shop.delivery(1).digests["shop"]
    assert files["prod/files/a.ini"] == b"one"
    assert shop.really("prod") == ""


def test_one_that_is_not_built_gives_way_to_a_newer_one(shop):
    old = shop.commit("one")
    shop.deliveries.request(old, Who(name="anna"))
    shop.commit("two")
    assert shop.deliver().outcome is Outcome.SUCCEEDED
    assert shop.delivery(1).outcome is Outcome.SUPERSEDED
    assert shop.delivery(2).number == 2


def test_two_requests_of_a_commit_at_once_make_one_delivery(shop):
    revision = shop.commit("one")
    numbers = {shop.deliveries.request(shop.tools.control.resolve(REPOSITORY), BOSS) for _ in range(3)}
    assert numbers == {1}
    assert revision.id == shop.delivery(1).revision.id


def test_promotion_over_an_environment_that_was_not_passed_is_refused(shop):
    shop.define(DEV, stage("test", manual=True), stage("prod", manual=True))
    shop.commit("one")
    shop.deliver()
    with pytest.raises(Denied, match="has not passed test"):
        shop.deliveries.promote("prod", BOSS, number=1)
    with pytest.raises(Denied, match="nothing to promote"):
        shop.deliveries.promote("prod", BOSS)
    with pytest.raises(Denied, match="no environment"):
        shop.deliveries.promote("moon", BOSS)
    with pytest.raises(Denied, match="no delivery 9"):
        shop.deliveries.promote("test", BOSS, number=9)
