"""The demo in a directory of the test's, its services and its end."""

from __future__ import annotations

import os
import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from holkas.cli.demo_files import ENVIRONMENTS, addresses

from tests.command_line import Shell, eventually, processes_with


class Demo:
    """A demo below a directory. Every command is a process, unless ``here`` is given, which calls it in this one."""

    def __init__(self, directory: Path, here: Any = None) -> None:
        self.place = directory / "demo"
        self.place.mkdir()
        self.shell = Shell(
            self.place,
            env={"XDG_DATA_HOME": str(directory / "data"), "HOLKAS_STATE_DIR": str(directory / "state")},
        )

        self._call = self.shell
        if here is not None:
            here.move(self.place, **self.shell.env)
            self._call = here

    def __call__(self, *words):
        return self._call(*words)

    def answer(self, environment):
        """The status and the text of a service; nothing where none answers."""
        try:
            with urllib.request.urlopen(addresses(self.place)[environment], timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def admin(self, environment, token):
        """What a service says to somebody who has a token."""
        url = addresses(self.place)[environment] + "admin"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def text(self, environment):
        return self.answer(environment)[1]

    def say(self, page, message):
        """Commit another page as the repository's own author."""
        (self.place / "hello" / "page.txt").write_text(page + "\n", encoding="utf-8")
        subprocess.run(["git", "commit", "-qam", message], cwd=self.place, check=True)

    def rows(self):
        """Environment → its row of the board."""
        return {item["environment"]: item for item in self("status", "-o", "json").json["items"]}

    def kinds(self):
        """Types of everything that was recorded, the oldest first."""
        import json

        said = self("events", "export", "--format", "entries").out.splitlines()
        return [json.loads(line)["type"] for line in said]

    def running(self):
        """Processes that belong to it."""
        return processes_with(str(self.place / "run"))

    def end(self):
        """Nothing of it runs any more, whatever state it was left in."""
        if addresses(self.place):
            self.shell.start("demo", ".", "--stop").communicate(timeout=120)
        for pid in self.running():
            os.kill(pid, signal.SIGTERM)
        eventually(lambda: not self.running() and not any(self.answer(name)[0] for name in self._known()))

    def _known(self):
        return [name for name in ENVIRONMENTS if addresses(self.place)]
