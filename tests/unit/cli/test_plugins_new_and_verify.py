"""``holkas plugins new`` and ``holkas plugins verify`` from the outside."""

from __future__ import annotations

import pytest

from tests.command_line import Shell

STORE = """
    from holkas.plugins import Provider, hookimpl
    from holkas.roles.artifact_repository import ArtifactRepository
    from holkas.roles.errors import NotFound
    from holkas.testing.fakes.artifact_repository import FakeArtifactRepository
    from holkas.testing.fakes.notifier import FakeNotifier
    from holkas.testing.fakes.resolver import FakeResolver
    from holkas.testing.fakes.target import FakeTarget
    from holkas.testing.fakes.secret_store import FakeSecretStore
    from holkas.testing.fakes.version_control import FakeVersionControl

    class Forgetful(FakeSecretStore):
        name = "forgetful"
        def delete(self, name):
            if name != "contract/gone":
                super().delete(name)

    class Down(FakeSecretStore):
        name = "down"
        def fault(self):
            return "it is switched off"

    class Full(FakeSecretStore):
        name = "full"
        kept = FakeSecretStore({"contract/mine": {"value": "x"}})
        def names(self, prefix=""):
            return self.kept.names(prefix) + super().names(prefix)
        def delete(self, name):
            self.kept.delete(name)
            super().delete(name)

    class Pigeon(FakeNotifier):
        name = "pigeon"
        def notify(self, notice):
            for person in notice.recipients:
                print("to", person.email)
            super().notify(notice)

    class Book(FakeResolver):
        name = "book"
        def resolve(self, request):
            if request.fields["name"].startswith("-"):
                raise ValueError("a bug")
            return super().resolve(request)

    class Sea(FakeTarget):
        name = "sea"
        kept = FakeTarget()
        def __init__(self):
            self.__dict__ = self.kept.__dict__

    class Memory(FakeVersionControl):
        name = "memory"

    class Shelf(FakeArtifactRepository):
        name = "shelf"

    SCHEMA = {"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"type": "integer"}}}}}

    @hookimpl
    def holkas_secret_stores():
        for made in (Forgetful, Down, Full):
            yield Provider(
                name=made.name, summary="s", make=lambda context, made=made: made(),
                capabilities=made.capabilities, options_schema=SCHEMA,
            )

    @hookimpl
    def holkas_notifiers():
        yield Provider(name="pigeon", summary="s", make=lambda context: Pigeon())

    @hookimpl
    def holkas_resolvers():
        yield Provider(name="book", summary="s", make=lambda context: Book({"one": b"kind: Task"}))

    @hookimpl
    def holkas_targets():
        yield Provider(name="sea", summary="s", make=lambda context: Sea())

    @hookimpl
    def holkas_version_controls():
        yield Provider(name="memory", summary="s", make=lambda context: Memory())

    @hookimpl
    def holkas_artifact_repositories():
        yield Provider(name="shelf", summary="s", make=lambda context: Shelf(), capabilities=Shelf.capabilities)
"""


@pytest.fixture
def shell(tmp_path):
    made = Shell(tmp_path)
    made.file("holkas_plugin.py", STORE)
    return made


def test_a_new_plugin_is_laid_down(shell):
    said = shell("plugins", "new", "chest", "--role", "secret-store")
    assert said.code == 0
    assert "holkas-chest/src/holkas_chest/secret_store.py" in said.out.splitlines()
    assert "pip install -e holkas-chest" in said.err
    assert (shell.directory / "holkas-chest" / "pyproject.toml").is_file()
    again = shell("plugins", "new", "chest", "--role", "monitoring")
    assert (again.code, "not empty" in again.err) == (2, True)
    assert shell("plugins", "new", "chest", "other/place", "--role", "monitoring").code == 0
    assert (shell.directory / "other" / "place" / "tests" / "test_monitoring.py").is_file()


@pytest.mark.parametrize(
    "words", [("Chest", "--role", "monitoring"), ("chest",), ("chest", "--role", "executor")]
)
def test_what_cannot_be_laid_down_is_refused(shell, words):
    said = shell("plugins", "new", *words)
    assert said.code == 2
    assert not list(shell.directory.glob("holkas-*"))


def test_a_tool_that_breaks_its_contract_fails(shell):
    said = shell("plugins", "verify", "forgetful", "-o", "json")
    assert said.code == 1
    assert said.json["kind"] == "ContractReport"
    by_name = {item["name"]: item for item in said.json["items"]}
    assert by_name["a deleted secret is gone"]["outcome"] == "failed"
    assert by_name["a deleted secret is gone"]["reason"]
    assert by_name["a secret is read"] == {
        "name": "a secret is read", "hook": "secret_stores", "tool": "forgetful", "outcome": "passed", "reason": "",
    }  # fmt: skip
    assert by_name["a signature fits its data alone"]["reason"] == "signing_key is not named"


def test_a_table_says_what_it_can_and_what_holds(shell):
    said = shell("plugins", "verify", "shelf")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[:2] == ["artifact_repositories: shelf", "capabilities: delete, referrers, tag"]
    assert lines[3].split() == ["CONTRACT", "OUTCOME", "REASON"]
    assert lines[-1].endswith(" passed, 0 failed, 0 skipped")


def test_what_only_its_author_has_is_skipped(shell):
    said = shell("plugins", "verify", "memory", "-o", "json")
    assert said.code == 0
    skipped = [item for item in said.json["items"] if item["outcome"] == "skipped"]
    assert all("only the plugin's own tests can do this" in item["reason"] for item in skipped)
    assert len(skipped) > 5


def test_what_the_contract_asks_for_can_be_given(shell):
    said = shell("plugins", "verify", "forgetful", "--given", "signing_key=contract", "-o", "json")
    by_name = {item["name"]: item["outcome"] for item in said.json["items"]}
    assert by_name["a signature fits its data alone"] == "passed"
    said = shell("plugins", "verify", "forgetful", "--given", "colour=red")
    assert (said.code, "does not ask for 'colour'" in said.err) == (2, True)


def test_what_is_there_is_not_removed_unasked(shell):
    said = shell("plugins", "verify", "full")
    assert (said.code, "contract/mine" in said.err, "--yes" in said.err) == (2, True, True)
    assert shell("plugins", "verify", "full", "--yes").code == 0


def test_a_tool_that_does_not_work_is_not_verified(shell):
    said = shell("plugins", "verify", "down")
    assert (said.code, "it is switched off" in said.err, said.out) == (1, True, "")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("none",), "no tool 'none' with a contract"),
        (("shelf", "--role", "secret-store"), "no tool 'shelf'"),
        (("shelf", "--role", "importer"), "there is no contract of a 'importer'"),
        (("forgetful", "--option", "a"), "not KEY=VALUE"),
        (("forgetful", "--option", "a=["), "no YAML"),
        (("forgetful", "--option", "a=1"), "P103"),
        (("forgetful", "--option", "a.b=x"), "a.b"),
        (("forgetful", "--option", "a=1", "--option", "a.b=1"), "has a value already"),
    ],
)
def test_what_is_wrong_is_told(shell, words, told):
    said = shell("plugins", "verify", *words)
    assert said.code == 2
    assert told in said.err


def test_settings_reach_the_tool(shell):
    assert shell("plugins", "verify", "forgetful", "--option", "a.b=1").code == 1


def outcomes(said):
    return {item["name"]: item["outcome"] for item in said.json["items"]}


def test_extensions_have_contracts_too(shell):
    said = shell("plugins", "verify", "book", "--given", "fields={name: one}", "-o", "json")
    assert said.code == 1
    found = outcomes(said)
    assert found["a document is found with its place"] == "passed"
    assert {name for name, outcome in found.items() if outcome == "failed"} == {
        "fields of strangers do no harm[option]", "fields of strangers do no harm[short option]",
    }  # fmt: skip
    assert set(outcomes(shell("plugins", "verify", "book", "-o", "json")).values()) == {"passed", "skipped"}
    told = shell("plugins", "verify", "pigeon", "--given", "recipient=anna@example.org")
    assert (told.code, told.out.splitlines()[-1]) == (0, "11 passed, 0 failed, 2 skipped")


def test_what_a_target_has_is_not_removed_unasked_and_every_test_finds_it_empty(shell):
    said = shell("plugins", "verify", "sea", "--given", "merges=no", "-o", "json")
    assert said.code == 0
    assert "failed" not in outcomes(said).values()


def test_every_plugin_of_a_name_has_a_table(shell):
    said = shell("plugins", "verify", "memory", "--given", "merges=yes")
    assert said.code == 2
    assert "does not ask for 'merges'" in said.err
    said = shell("plugins", "verify", "memory")
    assert said.code == 0
    assert "version_controls: memory" in said.out
    assert "targets: memory" in said.out


def test_what_would_harm_is_not_tried_unasked(shell):
    said = shell("plugins", "verify", "process", "-o", "json")
    assert said.code == 0
    found = outcomes(said)
    assert found["the hosts files cannot be written[/etc]"] == "skipped"
    assert found["what a step leaves behind dies with its world[sleep {token} &]"] == "passed"


def test_every_contract_can_be_verified():
    from importlib import import_module
    from pathlib import Path

    from holkas.testing import contracts, kits

    named = {kit.contract.partition(":")[0] for kit in kits.KITS.values()}
    there = {path.stem for path in Path(contracts.__file__).parent.glob("*.py")} - {"__init__", "role"}
    assert there == named
    for kit in kits.KITS.values():
        module, _, name = kit.contract.partition(":")
        contract = getattr(import_module(f"holkas.testing.contracts.{module}"), name)
        assert hasattr(contract, kit.fixture)
        for attribute, without in kit.given.items():
            assert type(getattr(contract, attribute)) is type(without)
