"""The nouns of delivery and GitOps where they do more than hold fields."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil

import holkas.model
import pytest
from holkas.model.event import Event, EventQuery
from holkas.model.health import HealthStatus
from holkas.model.lease import Lease
from holkas.model.resource import Resource, ResourceKey
from holkas.model.secret import Secret


def test_health_is_ordered_as_argo_cd_orders_it():
    order = ["Healthy", "Suspended", "Progressing", "Missing", "Degraded", "Unknown"]
    assert sorted(HealthStatus, key=lambda status: status.rank) == order
    assert (
        HealthStatus.worst([HealthStatus.HEALTHY, HealthStatus.DEGRADED, HealthStatus.MISSING]) == "Degraded"
    )
    assert HealthStatus.worst([]) is HealthStatus.HEALTHY


@pytest.mark.parametrize(
    ("manifest", "key"),
    [
        (
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a", "namespace": "n"}},
            "apps/Deployment:n/a",
        ),
        ({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"}}, "/Service:/a"),
        ({"apiVersion": "v1", "kind": "Namespace", "metadata": None}, "/Namespace:/"),
        ({"apiVersion": 1, "kind": None, "metadata": {"name": 3}}, "/:/"),
        ({}, "/:/"),
    ],
)
def test_a_resource_is_known_by_group_kind_namespace_and_name(manifest, key):
    assert str(Resource(manifest=manifest).key) == key


def test_keys_are_ordered():
    keys = [ResourceKey(kind="B", name="a"), ResourceKey(kind="A", name="b"), ResourceKey(kind="A", name="a")]
    assert [f"{key.kind}{key.name}" for key in sorted(keys)] == ["Aa", "Ab", "Ba"]


@pytest.mark.parametrize(
    ("query", "matches"),
    [
        (EventQuery(), True),
        (EventQuery(types=("dev.cdevents.build.", "dev.cdevents.service.")), True),
        (EventQuery(types=("service.",)), False),
        (EventQuery(subject="web"), True),
        (EventQuery(subject="we"), False),
        (EventQuery(environment="test"), True),
        (EventQuery(environment="prod"), False),
        (EventQuery(since=100.0), True),
        (EventQuery(since=100.5), False),
        (EventQuery(until=100.0), False),
        (EventQuery(until=100.5), True),
    ],
)
def test_a_query_matches_when_all_its_conditions_hold(query, matches):
    event = Event(
        id="1", type="dev.cdevents.service.deployed.0.2.0", time=100.0, subject="web", environment="test"
    )
    assert query.matches(event) is matches


def test_a_lease_ends_after_its_duration():
    values = {"password": Secret("s3cr3t")}
    assert Lease(id="1", values=values, granted=100.0, duration=60.0).expires == 160.0
    assert Lease(id="1", values=values, granted=100.0).expires is None
    assert "s3cr3t" not in repr(Lease(id="1", values=values, granted=100.0))


def test_all_nouns_are_frozen_have_slots_and_take_keywords():
    checked = 0
    for module in pkgutil.iter_modules(holkas.model.__path__):
        for noun in vars(importlib.import_module(f"holkas.model.{module.name}")).values():
            if isinstance(noun, type) and dataclasses.is_dataclass(noun) and noun.__name__ != "CodeDoc":
                assert noun.__dataclass_params__.frozen, noun
                assert "__slots__" in vars(noun), noun
                assert all(field.kw_only for field in dataclasses.fields(noun)), noun
                checked += 1
    assert checked > 30
