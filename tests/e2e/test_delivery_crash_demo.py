"""The demo is killed (-9) at moments all along its delivery, and the same command is given again.

Every moment is tested with the fakes (tests/unit/delivery/test_death_at_every_moment.py); here are some of them with
real processes, files and ports. The moments are counted and not listed, before and after each commit of the ledger.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys

import pytest

from tests.command_line import eventually
from tests.demo import Demo

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

KILLED = """
import os, signal, sys
from holkas.state.ledger import Ledger
append, count, fatal = Ledger.append_all, 0, int(sys.argv[1])
def moment():
    global count
    count += 1
    if count == fatal:
        os.kill(os.getpid(), signal.SIGKILL)
def dying(self, *args, **more):
    moment()
    made = append(self, *args, **more)
    moment()
    return made
Ledger.append_all = dying
from holkas.cli.main import main
code = main(sys.argv[2:])
print(count, file=sys.stderr)
sys.exit(code)
"""
SAMPLES = 3


@pytest.fixture
def world(tmp_path):
    demos = []

    def make(name):
        (tmp_path / name).mkdir()
        demos.append(Demo(tmp_path / name))
        return demos[-1]

    yield make
    for demo in demos:
        demo.end()


def die(demo, fatal):
    """The demo, killed at a moment; the exit code, and how many moments there were."""
    script = demo.shell.file("../killed.py", KILLED)
    done = subprocess.run(
        [sys.executable, str(script), str(fatal), "demo", "."],
        cwd=demo.place,
        env=demo.shell.environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    count = done.stderr.split()[-1] if done.stderr.split() else "0"
    return done.returncode, int(count) if count.isdigit() else 0


def summary(demo):
    """Everything by which a user could tell that it was killed."""
    rows = demo.rows()
    kinds = demo.kinds()
    places = ("dev", "test", "stage")
    notices = [
        json.loads(line) for line in (demo.place / "notices.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    return {
        "health": {name: row["health"] for name, row in rows.items()},
        "same": len({rows[name]["revision"] for name in places}),
        "waiting": rows["prod"]["waiting"]["why"],
        "answers": {name: demo.text(name).split(" This is")[0] for name in places},
        "prod": demo.answer("prod")[0],
        "releases": {name: len(list((demo.place / "run" / name / "releases").iterdir())) for name in places},
        "processes": len(demo.running()),
        "published": kinds.count("artifact.published"),
        "requested": kinds.count("delivery.requested"),
        "passed": kinds.count("environment.passed"),
        "told": [(notice["kind"], notice["environment"]) for notice in notices],
        "sound": demo("events", "verify").code,
    }


def test_killed_anywhere_it_ends_as_if_it_had_not_been(world):
    whole = world("whole")
    code, moments = die(whole, 0)
    assert code == 3
    assert moments >= 10
    wanted = summary(whole)
    assert wanted["answers"]["stage"] == "Hello from stage, all in orange."
    whole.end()
    for sample in range(SAMPLES):
        fatal = 1 + sample * (moments - 1) // SAMPLES + sample % 2
        demo = world(str(fatal))
        assert die(demo, fatal)[0] == -signal.SIGKILL
        assert demo("demo", ".").code == 3, fatal
        # a supervisor whose starter was killed needs a moment to see that it is not wanted any more
        eventually(lambda demo=demo: len(demo.running()) == wanted["processes"])
        assert summary(demo) == wanted, f"killed at moment {fatal} of {moments}"
        demo.end()


def test_killed_before_there_is_a_project_the_next_one_begins_anew(world):
    demo = world("young")
    (demo.place / ".holkas-demo").touch()
    (demo.place / "holkas.yaml").write_text("half of", encoding="utf-8")
    assert demo("demo", ".").code == 3
    assert "Hello from dev" in demo.text("dev")
    assert not (demo.place / ".holkas-demo").exists()
