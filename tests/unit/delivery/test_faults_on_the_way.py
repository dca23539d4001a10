"""What tools may do to a delivery: fail, refuse, lose what they had, answer something else."""

from __future__ import annotations

import pytest
from holkas.delivery import envelope
from holkas.delivery import event_types as on
from holkas.delivery.definition import (
    ArtifactRule,
    ConfigurationRule,
    PipelineUse,
    PullRule,
    RollbackRule,
    SigningRule,
)
from holkas.delivery.delivery_state import Outcome
from holkas.delivery_engine.project import Denied
from holkas.model.param import Result
from holkas.model.secret import Secret
from holkas.roles.errors import AccessDenied, NotFound, Retryable, ToolError
from holkas.testing.fakes.build_server import FakeBuildServer

from tests.deliveries import BOSS, check, private_key, stage

DEV = stage("dev")
BUILD = PipelineUse(name="build", job="build")


def failing(error):
    def call(*_, **__):
        raise error

    return call


class TestBuilds:
    def test_a_version_must_not_be_empty(self, shop):
        server = FakeBuildServer(results=[Result(name="version", value="")])
        shop.tools.server = server
        rule = ArtifactRule(name="shop", path="app", version="$(results.version)")
        shop.define(DEV, pipeline=BUILD, artifacts=(rule,))
        shop.commit("one")
        done = shop.deliver()
        assert (done.outcome, "is empty" in done.message) == (Outcome.FAILED, True)

    def test_a_digest_that_the_pipeline_owes_fails_it(self, shop):
        shop.define(DEV, pipeline=BUILD, artifacts=(ArtifactRule(name="shop", result="digest"),))
        shop.commit("one")
        done = shop.deliver()
        assert (done.outcome, "no result 'digest'" in done.message) == (Outcome.FAILED, True)

    def test_a_file_of_another_machine_is_fetched(self, shop):
        shop.tools.server = FakeBuildServer(files={"dist/app": b"made elsewhere"})
        shop.define(DEV, pipeline=BUILD, artifacts=(ArtifactRule(name="shop", path="dist/app"),))
        shop.commit("one")
        done = shop.deliver()
        assert done.outcome is Outcome.SUCCEEDED
        assert shop.tools.repository.data(done.digests["shop"]) == b"made elsewhere"

    def test_a_file_that_nobody_has_fails_it(self, shop):
        shop.define(DEV, pipeline=BUILD, artifacts=(ArtifactRule(name="shop", path="dist/app"),))
        shop.commit("one")
        done = shop.deliver()
        assert (done.outcome, "has made no dist/app" in done.message) == (Outcome.FAILED, True)

    def test_a_disk_that_is_full_fails_it_with_a_sentence(self, shop, monkeypatch):
        full = failing(OSError(28, "No space left on device", "/x"))
        monkeypatch.setattr(shop.tools.control, "checkout", full)
        shop.commit("one")
        assert shop.deliver().message == "/x: No space left on device"

    def test_a_cut_off_run_that_the_server_will_not_resume_is_begun_anew(self, shop, monkeypatch):
        server = shop.tools.server = FakeBuildServer(holding={"shop-1-1"})
        monkeypatch.setattr(server, "follow", failing(AccessDenied("the token has expired")))
        shop.define(DEV, pipeline=BUILD)
        shop.commit("one")
        with pytest.raises(AccessDenied):
            shop.deliver()
        monkeypatch.undo()
        server._holding = frozenset()
        monkeypatch.setattr(server, "capabilities", server.capabilities | {"resume"}, raising=False)
        monkeypatch.setattr(server, "resume", failing(NotFound("what run?")), raising=False)
        assert shop.deliver().outcome is Outcome.SUCCEEDED
        assert [request.run.name for request in server.requests.values()] == ["shop-1-1"] * 2


class TestChecks:
    def test_the_address_of_the_environment_is_known(self, shop):
        use = PipelineUse(name="smoke", job="smoke", params={"at": "$(environment.address)"})
        shop.define(stage("dev", after=(use,)))
        shop.commit("one")
        done = shop.deliver()  # the fake agent has no address
        assert (done.outcome, "environment.address" in done.message) == (Outcome.FAILED, True)

    def test_an_error_that_passes_ends_no_delivery(self, shop, monkeypatch):
        shop.define(stage("dev", after=(check("smoke"),)))
        shop.commit("one")
        monkeypatch.setattr(shop.tools.server, "start", failing(AccessDenied("who are you?")))
        with pytest.raises(AccessDenied):
            shop.deliver()
        monkeypatch.undo()
        assert shop.deliver().outcome is Outcome.SUCCEEDED


class TestPull:
    @pytest.fixture(autouse=True)
    def pulled(self, shop):
        shop.define(stage("dev", pull=PullRule(repository="config.git")))
        shop.commit("one")

    def test_a_repository_that_is_missing_fails_it(self, shop):
        done = shop.deliver()
        assert (done.outcome, done.stage) == (Outcome.FAILED, "dev")

    def test_one_that_is_down_ends_nothing(self, shop, monkeypatch):
        monkeypatch.setattr(shop.tools.control, "commit", failing(Retryable("down")))
        with pytest.raises(Retryable):
            shop.deliver()
        monkeypatch.undo()
        shop.tools.control.create("config.git")
        assert shop.deliver().outcome is Outcome.SUCCEEDED

    def test_a_rollback_commits_what_was_good(self, shop):
        shop.tools.control.create("config.git")
        shop.deliver()
        first = shop.board("dev")["release"]["release"]
        shop.commit("two")
        shop.deliver()
        assert shop.deliveries.rollback("dev", BOSS)
        files = shop.tools.control._files(shop.tools.control.resolve("config.git"))
        assert first.encode() in files["dev/release.json"]


class TestRollbacks:
    @pytest.fixture(autouse=True)
    def two_releases(self, shop):
        rule = ConfigurationRule(
            values={"A": "1"}, files={"app.ini": "app"}, secrets={"P": "shop/db#password"}
        )
        shop.define(stage("dev", configuration=rule))
        for text in ("one", "two"):
            shop.commit(text)
            shop.deliver()

    def test_what_the_agent_has_not_kept_is_put_together_again(self, shop):
        good = shop.tools.local._releases["dev"][0]
        shop.tools.local._releases["dev"] = shop.tools.local._releases["dev"][1:]
        assert shop.deliveries.rollback("dev", BOSS)
        again = shop.tools.local._releases["dev"][-1]
        assert (again.id, again.configuration) == (good.id, good.configuration)
        assert not list((shop.state / "deliveries" / "shop").glob("0*"))

    def test_content_that_was_tampered_with_does_not_come_back(self, shop):
        shop.tools.local._releases["dev"] = shop.tools.local._releases["dev"][1:]
        shop.tools.repository.tamper(shop.delivery(1).digests["shop"], b"evil")
        assert not shop.deliveries.rollback("dev", BOSS)
        assert shop.board("dev")["health"] == "Degraded"

    def test_a_release_that_is_not_in_the_ledger_does_not_come_back(self, shop):
        shop.tools.local._releases["dev"] = shop.tools.local._releases["dev"][1:]
        good = shop.ledger.view("good/shop/dev")
        shop.ledger.append_all(
            [], views=lambda *_: {"good/shop/dev": [good[0], {**good[1], "release": "none"}]}
        )
        assert not shop.deliveries.rollback("dev", BOSS)

    def test_an_agent_that_is_down_goes_on_later(self, shop, monkeypatch):
        monkeypatch.setattr(shop.tools.local, "rollback", failing(Retryable("down")))
        with pytest.raises(Retryable):
            shop.deliveries.rollback("dev", BOSS)
        assert shop.board("dev")["rolling"]
        monkeypatch.undo()
        shop.deliveries.drive()
        assert (shop.board("dev")["rolling"], shop.board("dev")["release"]["delivery"]) == (None, 1)

    def test_environments_and_versions_that_are_not_there_are_denied(self, shop):
        with pytest.raises(Denied, match="no environment moon"):
            shop.deliveries.rollback("moon", BOSS)
        with pytest.raises(Denied, match="no earlier good release 9"):
            shop.deliveries.rollback("dev", BOSS, to="9")

    def test_one_that_begins_by_itself_is_carried_out_at_once(self, shop):
        shop.define(stage("dev", after=(check("smoke"),), rollback=RollbackRule.AUTOMATIC))
        shop.tools.server._failing = frozenset({"shop-3-dev-smoke"})
        shop.commit("three")
        assert shop.deliver().outcome is Outcome.FAILED
        assert (shop.board("dev")["release"]["delivery"], shop.board("dev")["rolling"]) == (2, None)


class TestSignatures:
    @pytest.fixture(autouse=True)
    def signed(self, shop):
        shop.tools.secrets.write("keys/delivery", {"value": Secret(private_key())})
        rule = SigningRule(key="keys/delivery", required=True)
        shop.define(DEV, stage("prod", manual=True), signing=rule)
        shop.commit("one")
        shop.deliver()

    def refused(self, shop, words):
        shop.deliveries.approve("prod", BOSS)
        shop.deliveries.drive(1)
        done = shop.delivery(1)
        assert (done.outcome, words in done.message) == (Outcome.REFUSED, True), done.message
        assert shop.kinds().count(on.DEPLOYMENT_REFUSED) == 1

    def test_a_tampered_signature(self, shop):
        (document,) = shop.tools.repository.referrers(shop.delivery(1).artifacts[0], envelope.MEDIA_TYPE)
        shop.tools.repository.tamper(document.digest, b"evil")
        self.refused(shop, "signature of shop")

    def test_the_signature_of_another_artifact(self, shop):
        artifact = shop.delivery(1).artifacts[0]
        (document,) = shop.tools.repository.referrers(artifact, envelope.MEDIA_TYPE)
        key = shop.tools.secrets.read("keys/delivery", "value").reveal()
        other = envelope.signed(b'{"subject": []}', key)
        shop.tools.repository._documents.remove(document)
        shop.tools.repository.attach(artifact, envelope.MEDIA_TYPE, other)
        self.refused(shop, "shop")

    def test_a_repository_that_keeps_none(self, shop, monkeypatch):
        monkeypatch.setattr(type(shop.tools.repository), "capabilities", frozenset())
        self.refused(shop, "keeps none")

    def test_content_that_is_gone(self, shop):
        shop.tools.repository._content.pop(shop.delivery(1).digests["shop"])
        self.refused(shop, "is gone")


class TestApprovals:
    def test_what_makes_no_sense_is_denied_with_a_reason(self, shop):
        shop.define(DEV, stage("prod", manual=True), stage("moon", manual=True))
        shop.commit("one")
        shop.deliver()
        said = shop.deliveries
        for environment, number, words in (
            ("mars", 0, "no environment mars"),
            ("moon", 0, "nothing waits before moon"),
            ("prod", 9, "no delivery 9"),
            ("dev", 1, "automatic"),
            ("moon", 1, "has not come to moon"),
        ):
            with pytest.raises(Denied, match=words):
                said.approve(environment, BOSS, number=number)
        said.approve("prod", BOSS)
        said.drive()
        with pytest.raises(Denied, match="already through"):
            said.approve("prod", BOSS, number=1)
        said.reject("moon", BOSS)
        said.drive()
        with pytest.raises(Denied, match="has ended"):
            said.approve("moon", BOSS, number=1)
        with pytest.raises(Denied, match="no delivery 7"):
            said.reopen(7, BOSS)


def test_people_and_monitoring_that_cannot_be_told_stop_nothing(shop, monkeypatch):
    from holkas.delivery.definition import FeedbackRule
    from holkas.plugins.errors import PluginError

    tells = FeedbackRule(notifier="channel", tell=frozenset({"approval"}))
    shop.define(DEV, stage("prod", manual=True), feedback=(tells,))
    monkeypatch.setattr(shop.tools.channel, "notify", failing(ToolError("the address is wrong")))
    monkeypatch.setattr(shop.tools, "monitoring", failing(PluginError("no such plugin", code="P001")))
    shop.commit("one")
    shop.deliver()
    said = " ".join(data.get("message", "") for kind, data in shop.told if kind == "warning")
    assert "the address is wrong" in said
    assert "no such plugin" in said
    assert shop.ledger.views("notice/") == []  # it would be wrong the next time too
    monkeypatch.undo()
    shop.deliveries.tell()
    assert shop.tools.log._events
