"""The contracts find what is wrong with a tool: each faulty one here is caught by the test that is named."""

from __future__ import annotations

import pytest

pytest_plugins = "pytester"

HEAD = """
import pytest
from dataclasses import replace
from holkas.model.secret import Secret
from holkas.roles.errors import NotFound
from holkas.testing.contracts.{module} import {contract}
from holkas.testing.fakes.{module} import {fake}

class Faulty({fake}):
{faults}

class TestFaulty({contract}):
    @pytest.fixture
    def tool(self, tmp_path):
        return Faulty({arguments})

    @pytest.fixture
    def repository(self, tool):
        return tool.create("x") if hasattr(tool, "create") else ""
"""

FAULTS = [
    (
        "secret_store",
        "def read(self, name, key='value', *, version=''):\n return super().read(name, key).reveal_text()",
        ["test_a_secret_does_not_show", "test_a_secret_is_read"],
    ),
    (
        "secret_store",
        "def read(self, name, key='value', *, version=''):\n"
        " raise NotFound(f'{name}: {[v.reveal_text() for v in self._values(name).values()]}')",
        ["test_an_error_holds_no_secret"],
    ),
    ("secret_store", "capabilities = frozenset({'fly'})", ["test_its_capabilities_are_flags_of_the_role"]),
    ("secret_store", "capabilities = frozenset()", ["test_a_method_without_its_capability_says_so"]),
    ("secret_store", "name = ''", ["test_it_is_of_its_role"]),
    ("secret_store", "def fault(self):\n return 'down'", ["test_nothing_is_wrong_with_a_tool_that_works"]),
    ("secret_store", "sign = {contract}.role.sign", ["test_a_capability_has_its_methods"]),
    (
        "secret_store",
        "def verify(self, key, data, signature):\n return True",
        ["test_a_signature_fits_its_data"],
    ),
    (
        "monitoring",
        "def send(self, events):\n for one in events: self._events[len(self._events)] = one",
        ["test_an_event_counts_once"],
    ),
    (
        "monitoring",
        "def query(self, query):\n yield from sorted(self._events.values(), key=lambda one: one.time)",
        ["test_a_query_finds_what_matches"],
    ),
    (
        "artifact_repository",
        "def publish(self, name, version, path, **more):\n"
        " self._published = [one for one in self._published if one.version != version]\n"
        " return super().publish(name, version, path, **more)",
        ["test_a_version_is_never_replaced"],
    ),
    (
        "artifact_repository",
        "def fetch(self, artifact, directory):\n"
        " known = self.resolve(artifact.name, artifact.version)\n"
        " return super().fetch(known, directory)",
        ["test_a_wrong_digest_is_refused_and_nothing_is_left"],
    ),
    (
        "version_control",
        "def comment(self, *words, **more):\n return None",
        ["test_a_comment_is_replaced_by_its_key"],
    ),
    (
        "version_control",
        "def set_status(self, revision, status):\n"
        " self._repository(revision.repository).statuses.setdefault(revision.id, {})[status.name] = status",
        ["test_a_status_is_the_last_of_its_name"],
    ),
    (
        "version_control",
        "def commit(self, *words, expected='', **more):\n return super().commit(*words, **more)",
        ["test_a_branch_that_moved_is_a_conflict"],
    ),
    (
        "version_control",
        "def checkout(self, revision, directory, paths=()):\n"
        " directory.mkdir(exist_ok=True)\n"
        " for path, content in self._files(revision).items():\n"
        "  (directory / path).parent.mkdir(exist_ok=True)\n"
        "  (directory / path).write_bytes(content)",
        ["test_nothing_is_overwritten", "test_some_paths_alone_are_checked_out"],
    ),
    (
        "build_server",
        "def cancel(self, run_id, mode=None):\n self.finish(run_id)",
        ["test_a_run_is_cancelled"],
    ),
    (
        "build_server",
        "def follow(self, run_id):\n self.record(run_id)\n return iter(())",
        ["test_a_run_succeeds"],
    ),
    (
        "automation_agent",
        "def plan(self, environment, release):\n"
        " plan = super().plan(environment, release)\n"
        " self._releases.setdefault(environment.name, []).append(release)\n"
        " return plan",
        ["test_a_plan_changes_nothing"],
    ),
    (
        "automation_agent",
        "def check(self, environment):\n"
        " state = super().check(environment)\n"
        " passwords = [one.configuration.secrets['password'].reveal_text() for one in self._releases.get("
        "environment.name, [])]\n"
        " return replace(state, message=str(passwords))",
        ["test_no_secret_is_told"],
    ),
]

ARGUMENTS = {"build_server": "failing=['contract-bad'], holding=['contract-long']"}


@pytest.mark.parametrize(
    ("module", "faults", "tests"), FAULTS, ids=[f"{one[0]}-{one[2][0]}" for one in FAULTS]
)
def test_a_fault_is_found(pytester, module, faults, tests):
    stem = "".join(word.capitalize() for word in module.split("_"))
    contract = f"{stem}Contract"
    text = HEAD.format(
        module=module,
        contract=contract,
        fake=f"Fake{stem}",
        arguments=ARGUMENTS.get(module, ""),
        faults="\n".join("    " + line for line in faults.replace("{contract}", contract).split("\n")),
    )
    pytester.makepyfile(text)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "--tb=no", "-q", "-rf")
    failed = [line for line in result.outlines if line.startswith("FAILED")]
    for test in tests:
        assert any(test in line for line in failed), result.outlines


def test_a_contract_without_a_tool_says_what_is_missing(pytester):
    pytester.makepyfile(
        """
        from holkas.testing.contracts.version_control import VersionControlContract
        from holkas.testing.fakes.version_control import FakeVersionControl
        import pytest

        class TestWithoutTool(VersionControlContract):
            pass

        class TestWithoutRepository(VersionControlContract):
            @pytest.fixture
            def tool(self):
                return FakeVersionControl()
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-q")
    result.stdout.fnmatch_lines(["*TestWithoutTool has to override the fixture 'tool'*"])
    result.stdout.fnmatch_lines(["*TestWithoutRepository has to override the fixture 'repository'*"])


def test_a_server_that_never_ends_a_run_is_found(pytester):
    pytester.makepyfile(
        """
        import pytest
        from holkas.testing.contracts.build_server import BuildServerContract
        from holkas.testing.fakes.build_server import FakeBuildServer

        class TestSlow(BuildServerContract):
            patience = 0.05

            @pytest.fixture
            def tool(self):
                with FakeBuildServer(holding=["contract-good"]) as tool:
                    yield tool
        """
    )
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-q", "-k", "test_a_run_succeeds")
    result.stdout.fnmatch_lines(["*did not end within 0.05 seconds*"])
