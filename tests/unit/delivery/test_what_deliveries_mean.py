"""The pure parts: freezes, durations, variables, envelopes, provenance, events, metrics, the state machine's promises."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from holkas.delivery import envelope, provenance
from holkas.delivery import event_types as on
from holkas.delivery.acts import Finish, Nothing, Wait
from holkas.delivery.cdevents import cloud_event, events_of
from holkas.delivery.definition import Concurrency
from holkas.delivery.delivery_state import DeliveryState, Outcome
from holkas.delivery.dora import DEFINITIONS, dora
from holkas.delivery.durations import seconds_of
from holkas.delivery.freeze import FreezeWindow, frozen, zone_of
from holkas.delivery.machine import next_act
from holkas.delivery.others import OpenDelivery, ahead, displaced, superseded_by
from holkas.delivery.releases import configuration_data, differences, release_id
from holkas.delivery.spoken import spoken
from holkas.delivery.variables import UnknownVariable, expand, unknown_variables, version_of
from holkas.model.artifact import Artifact
from holkas.model.release import Configuration
from holkas.model.revision import Revision
from holkas.model.secret import Secret
from hypothesis import given
from hypothesis import strategies as st

from tests.deliveries import BOSS, private_key, project, stage

ARTIFACT = Artifact(name="team/shop", version="1.0+x", digest="sha256:" + "a" * 64)


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("text", "seconds"), [("10m", 600), ("1h30m", 5400), ("2d", 172800), ("1.5s", 1.5), ("250ms", 0.25)]
)
def test_durations_are_read(text, seconds):
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "10", "m", "-1m", "1m ", "1 m"])
def test_other_texts_are_no_durations(text):
    with pytest.raises(ValueError, match="no duration"):
        seconds_of(text)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (59.6, "1m"), (3661, "1h 1m"), (200000, "2d 7h"), (-5, "0s")]
)
def test_durations_are_spoken(seconds, text):
    assert spoken(seconds) == text


class TestFreeze:
    def test_a_weekend_and_the_days_around_it_are_one_freeze(self):
        friday = FreezeWindow(days=frozenset({4}), hours=(16 * 60, 24 * 60))
        windows = (friday, FreezeWindow(days=frozenset({5, 6}), reason="weekend"))
        assert frozen(windows, at("2026-11-27T15:59")) is None
        found = frozen(windows, at("2026-11-27T16:00"))
        assert found is not None
        assert found.until == at("2026-11-30T00:00")

    def test_a_night_goes_on_to_the_next_day(self):
        windows = (FreezeWindow(days=frozenset({0}), hours=(22 * 60, 6 * 60)),)
        assert frozen(windows, at("2026-11-23T22:00")).until == at("2026-11-24T06:00")
        assert frozen(windows, at("2026-11-24T05:59")) is not None
        assert frozen(windows, at("2026-11-24T22:00")) is None

    def test_from_and_until(self):
        windows = (FreezeWindow(start=at("2026-12-20T00:00"), end=at("2027-01-03T00:00"), reason="holidays"),)
        assert frozen(windows, at("2026-12-19T23:59")) is None
        found = frozen(windows, at("2026-12-24T12:00"))
        assert (found.until, found.reason) == (at("2027-01-03T00:00"), "holidays")

    def test_for_ever(self):
        assert frozen((FreezeWindow(),), 0.0).until is None

    def test_the_zone_counts(self):
        window = FreezeWindow(hours=(0, 60), zone="Europe/Athens")
        assert window.holds(at("2026-11-22T22:30"))
        assert not window.holds(at("2026-11-23T00:30"))
        with pytest.raises(ValueError, match="no time zone"):
            zone_of("../etc/passwd")

    @given(st.integers(0, 10**6), st.sets(st.integers(0, 6), max_size=6, min_size=1), st.integers(1, 1439))
    def test_the_end_is_the_first_minute_that_is_free(self, minutes, days, length):
        windows = (FreezeWindow(days=frozenset(days), hours=(0, length)),)
        found = frozen(windows, minutes * 60.0)
        if found is None:
            assert not windows[0].holds(minutes * 60.0)
        else:
            assert not windows[0].holds(found.until)
            assert windows[0].holds(found.until - 60)


class TestVariables:
    def test_values_are_not_expanded_again(self):
        assert expand("$(a)$(b)", {"a": "$(b)", "b": "x"}) == "$(b)x"

    def test_an_unknown_one_is_an_error(self):
        with pytest.raises(UnknownVariable, match="shrt"):
            expand("$(revision.shrt)", {})
        assert unknown_variables("$(revision.id) $(results.x) $(nope)") == ["nope"]

    def test_a_version_is_fit_for_every_repository(self):
        assert version_of("$(x)", {"x": "feature/Ünicode v1."}) == "feature-nicode-v1"


class TestEnvelopes:
    def test_the_encoding_is_the_one_of_the_protocol(self):
        assert envelope.pre_authentication_encoding("http://example.com/HelloWorld", b"hello world") == (
            b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
        )

    def test_any_change_of_payload_type_or_signature_is_seen(self):
        key = private_key()
        sealed, trusted = json.loads(envelope.signed(b"{}", key)), [envelope.public_pem(key)]
        assert envelope.opened(json.dumps(sealed).encode(), trusted) == b"{}"
        for change in (
            {"payload": "e30K"}, {"payloadType": "text/plain"}, {"signatures": []}, {"payload": 1},
            {"signatures": [{"sig": "AAAA"}]}, {"signatures": [{"sig": "?"}]},
        ):  # fmt: skip
            assert envelope.opened(json.dumps(sealed | change).encode(), trusted) is None
        assert envelope.opened(b"[" * 100_000, trusted) is None

    def test_signing_again_gives_the_same_bytes(self):
        key = private_key()
        assert envelope.signed(b"x", key) == envelope.signed(b"x", key)

    @pytest.mark.parametrize("pem", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
    def test_what_is_no_key_is_told(self, pem):
        with pytest.raises(envelope.BadKey):
            envelope.signed(b"x", pem)
        with pytest.raises(envelope.BadKey):
            envelope.opened(b"{}", [pem])

    def test_keys_of_another_kind_are_refused(self):
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
        from cryptography.hazmat.primitives.serialization import (
            Encoding,
            NoEncryption,
            PrivateFormat,
            PublicFormat,
        )

        other = X25519PrivateKey.generate()
        with pytest.raises(envelope.BadKey, match="Ed25519"):
            envelope.signed(b"x", other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        public = other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        with pytest.raises(envelope.BadKey, match="Ed25519"):
            envelope.opened(b"{}", [public])


class TestProvenance:
    state = DeliveryState(
        project="shop", number=7, revision=Revision(repository="https://x/y", id="f" * 40, ref="main")
    )

    def statement(self):
        return provenance.statement(self.state, ARTIFACT, {"pipeline": "p.yaml"}, "https://builder")

    def test_it_names_content_sources_and_builder(self):
        said = json.loads(self.statement())
        assert said["_type"] == "https://in-toto.io/Statement/v1"
        assert said["predicateType"] == "https://slsa.dev/provenance/v1"
        assert said["subject"] == [{"name": "team/shop", "digest": {"sha256": "a" * 64}}]
        definition = said["predicate"]["buildDefinition"]
        assert definition["resolvedDependencies"] == [
            {"uri": "git+https://x/y@main", "digest": {"gitCommit": "f" * 40}}
        ]
        assert definition["externalParameters"]["pipeline"] == "p.yaml"
        assert said["predicate"]["runDetails"]["builder"] == {"id": "https://builder"}

    def test_it_vouches_for_this_content_of_this_revision_only(self):
        from dataclasses import replace

        payload = self.statement()
        assert provenance.fault(payload, ARTIFACT, "f" * 40) == ""
        assert "another revision" in provenance.fault(payload, ARTIFACT, "e" * 40)
        other = replace(ARTIFACT, digest="sha256:" + "b" * 64)
        assert "other content" in provenance.fault(payload, other, "f" * 40)
        said = json.loads(payload) | {"predicateType": "https://else"}
        assert "another kind" in provenance.fault(json.dumps(said).encode(), ARTIFACT, "f" * 40)
        for broken in (b"", b"[]", b'{"subject": 1}', b"[" * 100_000):
            assert "cannot be read" in provenance.fault(broken, ARTIFACT, "f" * 40)


class TestReleases:
    def recorded(self, key=b"k", **more):
        given = {"values": {"A": "1"}, "secrets": {"P": Secret("x")}, "files": {"f": b"1"}} | more
        return configuration_data(Configuration(**given), {"P": "db#p"}, key)

    def test_the_id_is_the_same_for_the_same_and_another_for_any_change(self):
        def made(artifacts=(ARTIFACT,), **more):
            return release_id(artifacts, self.recorded(**more))

        assert made() == made()
        others = [
            made(values={"A": "2"}),
            made(secrets={"P": Secret("y")}),
            made(files={"f": b"2"}),
            made(artifacts=()),
        ]
        assert len({made(), *others}) == 5

    def test_differences_hide_secrets(self):
        old, new = (
            self.recorded(),
            self.recorded(values={"B": "1"}, secrets={"P": Secret("y")}, files={"f": b"2"}),
        )
        found = differences(old, new)
        what = [("value", "A"), ("value", "B"), ("file", "f"), ("secret", "P")]
        assert [(part, name) for part, name, _, _ in found] == what
        assert found[0][2:] == ("1", "-")
        assert found[3][2:] == ("*** (db#p)", "*** (db#p)")
        assert self.recorded()["marks"] != self.recorded(key=b"other")["marks"]


class TestBesideEachOther:
    queue, supersede = project(concurrency=Concurrency.QUEUE), project()

    def test_who_gives_way(self):
        older, newer = OpenDelivery(number=1, published=True, place=1), OpenDelivery(number=3)
        assert superseded_by(self.supersede, 2, published=False, others=[older, newer]) == 3
        assert superseded_by(self.supersede, 2, published=True, others=[newer]) == 0
        assert superseded_by(self.queue, 2, published=False, others=[newer]) == 0
        assert displaced(self.supersede, 2, 1, [older, newer]) == (1,)
        assert displaced(self.supersede, 2, 0, [older]) == ()
        inside = OpenDelivery(number=1, published=True, place=1, inside=True)
        assert displaced(self.supersede, 2, 1, [inside]) == ()
        assert ahead(self.queue, 2, 1, [older]) == 1
        assert ahead(self.queue, 2, 0, [older]) == 0
        assert ahead(self.supersede, 2, 1, [older]) == 0

    def test_an_ended_one_needs_nothing(self):
        assert next_act(self.queue, DeliveryState(outcome=Outcome.FAILED), now=0.0) == Nothing()

    def test_a_revision_in_quarantine_is_kept_out_of_all_that_follow(self):
        state = DeliveryState(
            number=1, built=True, artifacts=(ARTIFACT,), revision=Revision(repository="", id="bad")
        )
        state.apply(on.PASSED, {"environment": "dev"}, 1.0)
        act = next_act(self.queue, state, now=2.0, quarantine={"dev": frozenset({"bad"})})
        assert isinstance(act, Finish)
        assert (act.outcome, act.stage) == (Outcome.QUARANTINED, "test")

    def test_a_freeze_is_waited_for(self):
        state = DeliveryState(number=1, built=True, artifacts=(ARTIFACT,))
        definition = project(stage("dev", freeze=(FreezeWindow(end=100.0, reason="holidays"),)))
        act = next_act(definition, state, now=10.0)
        assert isinstance(act, Wait)
        assert (act.why, act.message) == ("freeze", "dev is frozen: holidays")


class TestEvents:
    def events(self, shop):
        shop.define(stage("dev", after=()), stage("prod", manual=True))
        shop.commit("one")
        shop.deliver()
        return [event for entry in shop.ledger.read_all() for event in events_of(entry)]

    def test_ids_are_unique_and_the_same_again(self, shop):
        found = self.events(shop)
        assert len({event.id for event in found}) == len(found)
        assert [event for entry in shop.ledger.read_all() for event in events_of(entry)] == found

    def test_they_are_json(self, shop):
        for event in self.events(shop):
            assert json.loads(json.dumps([event.content, event.custom])) == [event.content, event.custom]

    def test_a_cloud_event_holds_the_cdevent(self, shop):
        for event in self.events(shop):
            found = cloud_event(event)
            context = found["data"]["context"]
            assert found["specversion"] == "1.0"
            assert (context["id"], context["type"], context["source"]) == (
                found["id"],
                found["type"],
                found["source"],
            )
            assert context["timestamp"] == found["time"]
            assert found["data"]["subject"]["id"] == found["subject"]
            assert found["type"].startswith(("dev.cdevents.", "dev.cdeventsx.holkas-"))
        kinds = {event.type for event in self.events(shop)}
        assert {"dev.cdevents.artifact.published.0.2.0", "dev.cdevents.service.deployed.0.2.0"} <= kinds

    def test_an_artifact_is_a_package_url(self, shop):
        (published,) = (
            event for event in self.events(shop) if event.type.startswith("dev.cdevents.artifact.published")
        )
        version = shop.head[:12]
        assert published.subject.startswith(f"pkg:generic/shop@{version}?checksum=sha256:")


def test_the_four_metrics(shop):
    shop.define(stage("dev"), stage("prod", after=()))
    for text in ("one", "two"):
        shop.commit(text)
        shop.deliver()
        shop.now += 3600
    shop.deliveries.rollback("prod", BOSS)
    found = {
        one.environment: one
        for one in dora(shop.ledger.read_all(), since=shop.now - 86400, until=shop.now + 1)
    }
    dev, prod = found["dev"], found["prod"]
    assert (dev.deployments, dev.attempts, dev.failures, dev.change_failure_rate) == (2, 2, 0, 0.0)
    assert (prod.deployments, prod.failures, prod.change_failure_rate, prod.time_to_restore) == (
        2,
        1,
        0.5,
        0.0,
    )
    assert dev.deployment_frequency == pytest.approx(2, rel=0.01)
    empty = dora(shop.ledger.read_all(), since=0.0, until=1.0)
    assert all(one.lead_time is None and one.change_failure_rate is None for one in empty)
    assert set(DEFINITIONS) == {"deployment_frequency", "lead_time", "change_failure_rate", "time_to_restore"}
