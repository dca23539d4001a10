"""The first process of a step's world: builds it, starts the step in it, reaps orphans, ends with the step's code."""

from __future__ import annotations

import errno
import gc
import os
import signal
from typing import Any, NoReturn

from . import syscalls as sys_
from . import world
from .privileges import become
from .spawn import spawn

MOST_DESCRIPTORS = 1 << 16

NAMESPACES = sys_.CLONE_NEWNS | sys_.CLONE_NEWPID | sys_.CLONE_NEWIPC
"""What every step has of its own. The network is the host's."""


def run(request: dict[str, Any], stdout: int, stderr: int, status: int) -> NoReturn:
    """Never returns: exits with the step's exit code, 128 + signal for a signal.

    A line ``ok`` on ``status`` says that the step runs, ``error <errno> <stage> <text>`` why it does not.
    """
    code = 255
    request["stage"] = "namespace"
    try:
        code = _run(request, stdout, stderr, status)
    except ValueError:
        os.write(status, f"error {errno.EINVAL} {request['stage']} \n".encode())
    except OSError as error:
        os.write(status, f"error {error.errno or 0} {request['stage']} {error.filename or ''}\n".encode())
    finally:
        os._exit(code)


def _run(request: dict[str, Any], stdout: int, stderr: int, status: int) -> int:
    gc.disable()
    sys_.prctl(sys_.PR_SET_PDEATHSIG, signal.SIGKILL)
    keep_only(stdout, stderr, status)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    request["stage"] = "mount"
    world.apply(request["operations"])
    world.enter()
    request["stage"] = "cwd"
    os.chdir(request["cwd"])
    request["stage"] = "privileges"
    become(request["user"], request["group"])
    os.umask(0o022)
    request["stage"] = "exec"
    child = spawn(request["argv"], request["env"], stdout, stderr)
    os.close(stdout)
    os.close(stderr)
    signal.signal(signal.SIGTERM, _forward)
    os.write(status, b"ok\n")
    os.close(status)
    while True:
        pid, result = os.wait()
        if pid == child:
            code = os.waitstatus_to_exitcode(result)
            return 128 - code if code < 0 else code


def keep_only(*descriptors: int) -> None:
    """Close what was copied from the launcher: its socket, and the pipes of other worlds."""
    lowest = 3
    for descriptor in sorted(set(descriptors)):
        os.closerange(lowest, descriptor)
        lowest = descriptor + 1
    os.closerange(lowest, MOST_DESCRIPTORS)


def _forward(number: int, frame: object) -> None:
    os.kill(-1, number)
