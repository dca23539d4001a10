"""A run that is killed again and again: what has ended is never run twice, and the end is that of an undisturbed run."""

from __future__ import annotations

import json
import random
import signal
import threading
import time
from collections import Counter

from holkas.state.past_run import PastRun
from holkas.state.store import Store

MOMENTS = 100
"""Times that holkas is killed."""

SEED = 20261123

TASK_RUNS = 39
"""Of the run: three of them are one task with a matrix, two are in the pipeline inside, which is the fortieth."""


def step(name, then=""):
    return {
        "workspaces": [{"name": "outside"}, {"name": "inside"}],
        "results": [{"name": "r"}],
        "steps": [
            {
                "name": "s",
                "image": "busybox",
                "script": f"echo {name} >> $(workspaces.outside.path)/ran\n"
                f"printf {name} > $(workspaces.inside.path)/{name}.txt\n{then}\n",
            }
        ],
    }


def pipeline():
    """Eight lanes of four that hand results on, a matrix, a pipeline inside, one that gathers, a last one."""
    tasks = []
    bound = [{"name": "outside"}, {"name": "inside"}]
    for lane in range(8):
        for row in range(4):
            name, before = f"t{lane}{row}", f"t{lane}{row - 1}"
            value = f"$(tasks.{before}.results.r)" if row else "x"
            params = [{"name": "name", "value": name}, {"name": "before", "value": value}]
            tasks.append({"name": name, "taskRef": {"name": "lane"}, "params": params, "workspaces": bound})
    fan = step("fan$(params.n)", "printf $(params.n) > $(results.r.path)")
    fan["params"] = [{"name": "n"}]
    tasks.append(
        {
            "name": "fan",
            "taskSpec": fan,
            "workspaces": bound,
            "matrix": {"params": [{"name": "n", "value": ["1", "2", "3"]}]},
        }
    )
    inner = [{"name": n, "taskSpec": step(n), "workspaces": bound} for n in ("in1", "in2")]
    inner[1]["runAfter"] = ["in1"]
    tasks.append(
        {
            "name": "inner",
            "runAfter": ["t00"],
            "workspaces": bound,
            "pipelineSpec": {"workspaces": bound, "tasks": inner},
        }
    )
    gather = step("gather", 'printf "%s " "$@" $(cat $(workspaces.inside.path)/*.txt) > $(results.r.path)')
    gather["params"] = [{"name": "fan", "type": "array"}]
    gather["steps"][0]["args"] = ["$(params.fan[*])"]
    tasks.append(
        {
            "name": "gather",
            "taskSpec": gather,
            "workspaces": bound,
            "params": [{"name": "fan", "value": ["$(tasks.fan.results.r[*])"]}],
            "runAfter": ["fan", "inner", *(f"t{lane}3" for lane in range(8))],
        }
    )
    last = {"name": "last", "taskSpec": step("last"), "workspaces": bound}
    results = [{"name": f"lane{lane}", "value": f"$(tasks.t{lane}3.results.r)"} for lane in range(8)]
    results.append({"name": "all", "value": "$(tasks.gather.results.r)"})
    lane = step("$(params.name)", 'printf "%s" "$(params.before)-$(params.name)" > $(results.r.path)')
    lane["params"] = [{"name": "name"}, {"name": "before"}]
    lane["workspaces"] = bound
    yield {"apiVersion": "tekton.dev/v1", "kind": "Task", "metadata": {"name": "lane"}, "spec": lane}
    yield {
        "apiVersion": "tekton.dev/v1",
        "kind": "PipelineRun",
        "metadata": {"name": "forty"},
        "spec": {
            "workspaces": [
                {
                    "name": "inside",
                    "volumeClaimTemplate": {"spec": {"accessModes": ["ReadWriteOnce"]}},
                },
                {"name": "outside", "emptyDir": {}},
            ],
            "pipelineSpec": {"workspaces": bound, "tasks": tasks, "results": results, "finally": [last]},
        },
    }


class Killed:
    """Starts a command, and kills it a random moment after it has begun to do something new."""

    def __init__(self, shell, chance):
        self.shell = shell
        self.chance = chance

    def __call__(self, *words):
        """Whether it was killed; it may be faster."""
        process = self.shell.start(*words, "--progress", "json", stdout=-3)
        begun, since = threading.Event(), time.time()

        def read():
            for line in process.stderr:
                if line.startswith(b"{") and json.loads(line)["time"] >= since:
                    begun.set()
            begun.set()

        reader = threading.Thread(target=read)
        reader.start()
        begun.wait(60)
        time.sleep(self.chance.choice((0.0, 0.005, 0.02)) + self.chance.random() * 0.12)
        process.send_signal(signal.SIGKILL)
        process.wait()
        reader.join()
        process.stderr.close()
        return process.returncode == -signal.SIGKILL


def shown(shell):
    return shell("runs", "show", "-o", "json").json


def outcome(run):
    """What of a run must be the same however often it was disturbed."""
    tasks = {task["name"]: (task["status"], task["reason"], task["results"]) for task in run["tasks"]}
    return run["status"], run["reason"], run["message"], run["results"], tasks


def ran(directory):
    path = directory / "ran"
    return Counter(path.read_text().split()) if path.exists() else Counter()


def latest(shell):
    """The newest run, what its events tell, and the names, as the tasks write them, of those that have ended."""
    store = Store(shell.state)
    try:
        summary = store.run("latest")
        past = PastRun.of(summary.id, (event for _, event in store.events(summary.id, kept=True)))
    finally:
        store.close()
    names = set()
    for attempts in past.attempts.values():
        (attempt,) = attempts
        assert attempt.condition.succeeded, attempt
        index = attempt.kept["combination"]
        names.add(attempt.pipeline_task if index is None else f"fan{index + 1}")
    return summary, past, names


def test_killed_at_a_hundred_moments_nothing_that_ended_runs_twice(shell):
    shell.file("forty.yaml", "\n---\n".join(map(json.dumps, pipeline())))
    calm = shell.directory / "calm"
    words = ("run", "forty.yaml", "-j", "2", "-w")
    assert shell(*words, f"outside={calm}", "--progress", "quiet").code == 0
    wanted = outcome(shown(shell))
    assert len(wanted[4]) == len(ran(calm)) == TASK_RUNS
    assert all(count == 1 for count in ran(calm).values())
    killed = Killed(shell, random.Random(SEED))
    moments = 0
    while moments < MOMENTS:
        place = shell.directory / f"after{moments}"
        before, _, _ = latest(shell)
        kills = killed(*words, f"outside={place}")
        frozen = {}
        while True:
            summary, past, names = latest(shell)
            if summary.id == before.id:
                break  # killed before there was a run
            now = ran(place)
            for name in names:
                assert now[name] >= 1
                assert frozen.setdefault(name, now[name]) == now[name], f"{name} ran again"
            if past.finished:
                break
            assert summary.state in (
                "Interrupted",
                "Running",
            )  # a child that was being started has the lock, too
            if moments + kills < MOMENTS:
                kills += killed("runs", "resume", summary.id)
            else:
                assert shell("runs", "resume", summary.id, "--progress", "quiet").code == 0
        moments += kills
        if summary.id != before.id:
            assert outcome(shown(shell)) == wanted
            assert sum(ran(place).values()) <= TASK_RUNS + 2 * kills, "two tasks run at the same time"
    assert shell(*words, f"outside={calm}", "--progress", "quiet").code == 0
    assert not list((shell.state / "work").glob("*")), "nothing of runs that succeeded is left"
