"""The launcher's parts, each in a process that the test owns; system calls of privileged users are recorded."""

from __future__ import annotations

import errno
import marshal
import os
import signal
import socket
import sys
import threading

import pytest

if sys.platform != "linux":
    pytest.skip("the launcher needs Linux", allow_module_level=True)

from holkas_builtin.executors import sandbox
from holkas_builtin.executors.launcher import init, privileges, readonly, world, worlds
from holkas_builtin.executors.launcher import syscalls as sys_
from holkas_builtin.executors.launcher_client import Launched, LauncherError, raise_for


class Calls(list):
    """Records system calls by name, with answers and failures by name."""

    def install(self, monkeypatch, **answers):
        for name in ("mount", "detach", "pivot_root", "unshare", "prctl", "set_read_only"):
            monkeypatch.setattr(sys_, name, self._recorder(name, answers.get(name)))
        return self

    def _recorder(self, name, answer):
        def call(*arguments):
            self.append((name, *arguments))
            if isinstance(answer, Exception):
                raise answer
            return answer

        return call


@pytest.fixture
def calls(monkeypatch):
    return Calls().install(monkeypatch)


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A host and an empty world in the test's directory."""
    host, base = tmp_path / "host", tmp_path / "base"
    (host / "volume").mkdir(parents=True)
    (host / "file").write_text("x")
    base.mkdir()
    monkeypatch.setattr(world, "HOST", str(host))
    monkeypatch.setattr(world, "BASE", str(base))
    return tmp_path


def test_mount_points_are_made_where_they_are_missing(tree, calls):
    world.apply(
        [
            ("dir", "/made"),
            ("bind", "/volume", "/a/b"),
            ("bind-ro", "/file", "/c/file"),
            ("symlink", "made", "/link"),
            ("tmpfs", "/t", "mode=755"),
            ("proc", "/p", ""),
            ("seal", "/p"),
            ("read-only", "/"),
            ("bind-try", "/missing", "/m"),
        ]
    )
    base = tree / "base"
    assert (base / "made").is_dir()
    assert (base / "a" / "b").is_dir()
    assert (base / "c" / "file").is_file()
    assert (base / "link").readlink().name == "made"
    kinds = [call[3] for call in calls if call[0] == "mount" and call[3]]
    assert kinds == ["tmpfs", "proc"]
    assert ("set_read_only", str(base)) in calls
    assert ("set_read_only", f"{base}/p") in calls
    assert not (base / "m").exists()


def test_links_are_followed_inside_the_world_only(tree, calls):
    base = tree / "base"
    (base / "link").symlink_to("/host")
    (base / "host").mkdir()
    world.apply([("dir", "/link/made")])
    assert (base / "host" / "made").is_dir()
    assert not (tree / "host" / "made").exists()


def test_a_link_as_a_source_is_refused(tree, calls):
    (tree / "host" / "planted").symlink_to("volume")
    with pytest.raises(OSError) as caught:
        world.apply([("bind", "/planted", "/x")])
    assert caught.value.errno == errno.ELOOP
    assert calls == []


def test_an_opened_directory_has_the_same_entries(tree, calls):
    (tree / "base" / "etc" / "sub").mkdir(parents=True)
    (tree / "base" / "etc" / "file").touch()
    (tree / "base" / "etc" / "link").symlink_to("file")
    # Nothing is mounted here, so that copying into the same directory finds every entry there already.
    with pytest.raises(FileExistsError):
        world.apply([("open", "/etc")])
    assert calls[0][1] == "tmpfs"


def test_an_unknown_operation_is_refused(tree, calls):
    with pytest.raises(OSError, match="unknown operation"):
        world.apply([("destroy", "/")])


def test_a_world_is_entered_by_pivoting(tree, calls, monkeypatch):
    moved = []
    monkeypatch.setattr(os, "chdir", moved.append)
    world.enter()
    assert moved == [world.BASE, "/"]
    assert [call[0] for call in calls] == ["pivot_root", "detach"]
    world.forget()
    assert ("detach", f"{world.HOST}/sys") in calls


def test_the_root_is_covered_before_it_is_left(calls, monkeypatch):
    made = []
    monkeypatch.setattr(os, "mkdir", made.append)
    monkeypatch.setattr(os, "chdir", lambda path: None)
    world.prepare_root()
    assert made == ["/proc/host", "/proc/base"]
    assert [call[0] for call in calls] == ["mount", "mount", "pivot_root", "mount"]


def test_old_kernels_remount_each_mount(monkeypatch, tmp_path):
    calls = Calls().install(monkeypatch, set_read_only=OSError(errno.ENOSYS, "old"))
    text = "1 0 8:1 / /base rw,relatime - ext4 x rw\n2 1 8:1 / /base/a\\040b ro,nosuid,noexec - ext4 x rw\n"
    (tmp_path / "mountinfo").write_text(text + "3 1 8:1 / /based rw - ext4 x rw\n")
    monkeypatch.setattr(readonly, "MOUNTINFO", str(tmp_path / "mountinfo"))
    readonly.make_read_only("/base")
    remounted = [(call[2], call[4]) for call in calls if call[0] == "mount"]
    flags = sys_.MS_REMOUNT | sys_.MS_BIND | sys_.MS_RDONLY
    assert remounted == [
        ("/base", flags | sys_.MS_RELATIME),
        ("/base/a b", flags | sys_.MS_NOSUID | sys_.MS_NOEXEC),
    ]
    Calls().install(monkeypatch, set_read_only=OSError(errno.EPERM, "no"))
    with pytest.raises(PermissionError):
        readonly.make_read_only("/base")
    assert readonly.real("/plain") == "/plain"


def test_capabilities_are_limited(calls):
    privileges.limit()
    dropped = {call[2] for call in calls if call[1] == sys_.PR_CAPBSET_DROP}
    assert 21 in dropped, "CAP_SYS_ADMIN"
    assert not dropped & privileges.KEPT
    assert calls[-1] == ("prctl", sys_.PR_SET_NO_NEW_PRIVS, 1)


def test_an_identity_is_taken_on(calls, monkeypatch):
    taken = []
    for name in ("setgroups", "setresgid", "setresuid"):
        monkeypatch.setattr(os, name, lambda *ids, name=name: taken.append((name, *ids)))
    privileges.become(None, None)
    assert taken == []
    privileges.become(1000, 2000)
    assert taken == [("setgroups", []), ("setresgid", 2000, 2000, 2000), ("setresuid", 1000, 1000, 1000)]


def test_the_kernels_refusals_are_errors():
    for call in (
        lambda: sys_.mount("none", "/no/such/place", "tmpfs"),
        lambda: sys_.detach("/no/such/place"),
        lambda: sys_.pivot_root("/no/such/place", "/no/such/place"),
        lambda: sys_.unshare(-1),
        lambda: sys_.prctl(-1, 0),
        lambda: sys_.fork_into(-1),
        lambda: sys_.set_read_only("/no/such/place"),
        lambda: sys_.open_path(-100, "/no/such/place", 0),
    ):
        with pytest.raises(OSError):
            call()


@pytest.mark.parametrize(("user", "calls_wanted"), [(0, 1), (1000, 2)])
def test_users_without_privileges_become_root_inside(monkeypatch, tmp_path, user, calls_wanted):
    calls = Calls().install(monkeypatch)
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(os, "getegid", lambda: user)
    monkeypatch.setattr(worlds, "OWN", str(tmp_path))
    worlds.enter_namespaces()
    flags = calls[0][1]
    assert bool(flags & sys_.CLONE_NEWUSER) == (user != 0)
    written = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert written == (
        {} if user == 0 else {"setgroups": "deny", "uid_map": "0 1000 1", "gid_map": "0 1000 1"}
    )


class Forked:
    """The launcher's loop in a thread's place: worlds are plain forks, and their first process a function."""

    def __init__(self, monkeypatch, first):
        self.ours, theirs = socket.socketpair()
        monkeypatch.setattr(sys_, "fork_into", lambda flags: os.fork())
        monkeypatch.setattr(init, "run", first)
        self.launcher = worlds.Worlds(theirs)
        self.answers = []

    def send(self, request, descriptors=()):
        body = marshal.dumps(request)
        socket.send_fds(self.ours, [len(body).to_bytes(4, "big")], list(descriptors))
        self.ours.sendall(body)

    def start(self, number, code):
        reader, writer = os.pipe()
        with open(os.devnull, "wb") as sink:
            self.send({"kind": "start", "id": number, "code": code}, (sink.fileno(), sink.fileno(), writer))
            assert self.launcher.receive()
        os.close(writer)
        return reader


def ends(request, stdout, stderr, status):
    if request["code"] < 0:
        signal.pause()
    os._exit(request["code"])


def reap_all(launcher):
    while launcher._pipes:
        launcher.reap()


def test_exit_codes_come_through_the_steps_own_pipe(monkeypatch):
    forked = Forked(monkeypatch, ends)
    readers = [forked.start(number, number * 3) for number in range(3)]
    reap_all(forked.launcher)
    for number, reader in enumerate(readers):
        with os.fdopen(reader, "rb") as file:
            assert file.readline() == f"exit {number * 3}\n".encode()
    forked.launcher.reap()


def test_a_signal_reaches_its_world_only(monkeypatch):
    forked = Forked(monkeypatch, ends)
    first, second = forked.start(1, -1), forked.start(2, -1)
    for number in (9, 1):
        forked.send({"kind": "signal", "id": number, "signal": int(signal.SIGKILL)})
        assert forked.launcher.receive()
    while 1 in forked.launcher._pids:
        forked.launcher.reap()
    with os.fdopen(first, "rb") as file:
        assert file.readline() == b"exit 137\n"
    assert 2 in forked.launcher._pids
    forked.launcher.kill_all()
    os.close(second)


def test_nobody_listens_any_more(monkeypatch):
    forked = Forked(monkeypatch, ends)
    os.close(forked.start(1, 0))
    reap_all(forked.launcher)
    forked.ours.close()
    assert not forked.launcher.receive()


def test_a_torn_request_is_the_end(monkeypatch):
    forked = Forked(monkeypatch, ends)
    forked.ours.sendall((10).to_bytes(4, "big") + b"{")
    forked.ours.close()
    assert not forked.launcher.receive()


def test_a_world_that_cannot_be_forked_is_told(monkeypatch):
    forked = Forked(monkeypatch, ends)

    def full(flags):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(sys_, "fork_into", full)
    with os.fdopen(forked.start(1, 0), "rb") as file:
        assert file.read() == f"error {errno.ENOSPC} namespace \n".encode()


@pytest.mark.parametrize("failing", ["", "namespace", "mount"])
def test_the_base_is_made_once(monkeypatch, failing):
    forked = Forked(monkeypatch, ends)
    done = []

    def step(name):
        def call(*arguments):
            done.append(name)
            if name == failing:
                raise OSError(errno.EPERM, "no", "/x")

        return call

    monkeypatch.setattr(worlds, "enter_namespaces", step("namespace"))
    monkeypatch.setattr(world, "prepare_root", step("mount"))
    monkeypatch.setattr(world, "apply", step("apply"))
    monkeypatch.setattr(world, "forget", step("forget"))
    monkeypatch.setattr(privileges, "limit", step("limit"))
    forked.send({"kind": "setup", "operations": []})
    assert forked.launcher.receive()
    answer = forked.ours.recv(100).decode()
    if failing:
        assert answer == f"error {errno.EPERM} {failing} /x\n"
    else:
        assert answer == "ok\n"
        assert done == ["namespace", "mount", "apply", "forget", "limit"]


def test_the_loop_ends_with_its_socket(monkeypatch):
    """In a process of its own, because the loop takes over SIGCHLD."""
    ours, theirs = socket.socketpair()
    monkeypatch.setattr(sys_, "fork_into", lambda flags: os.fork())
    monkeypatch.setattr(init, "run", ends)
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            ours.close()
            os._exit = _leave_with_coverage
            worlds.main(theirs.fileno())
        finally:
            _leave_with_coverage(code)
    theirs.close()
    helper = Forked.__new__(Forked)
    helper.ours = ours
    reader, writer = os.pipe()
    with open(os.devnull, "wb") as sink:
        for number, code in ((1, 5), (2, -1)):
            helper.send({"kind": "start", "id": number, "code": code}, (sink.fileno(), sink.fileno(), writer))
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        assert file.readline() == b"exit 5\n"
        ours.close()
        assert file.read() == b""
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


_leave = os._exit


def _leave_with_coverage(code):
    _save_coverage()
    _leave(code)


def _save_coverage():
    if "coverage" in sys.modules:
        import coverage

        current = coverage.Coverage.current()
        if current is not None:
            current.stop()
            current.save()


@pytest.fixture
def first_process(monkeypatch, tmp_path):
    """Runs init.run in a fork without namespaces: its exit code, its output, what it told."""
    monkeypatch.setattr(world, "apply", lambda operations: None)
    monkeypatch.setattr(world, "enter", lambda: None)
    # Outside of a world of its own, passing SIGTERM on to all processes would reach this machine's.
    monkeypatch.setattr(init, "_forward", signal.SIG_DFL)

    def run(*argv, code_only=False, **fields):
        request = {
            "operations": [],
            "argv": argv and list(argv),
            "env": {"PATH": "/usr/bin:/bin"},
            "cwd": "/",
        }
        request |= {"user": None, "group": None, **fields}
        status_out, status_in = os.pipe()
        output = tmp_path / "output"
        with output.open("wb") as sink:
            pid = os.fork()
            if pid == 0:
                os._exit = _leave_with_coverage
                init.run(request, os.dup(sink.fileno()), os.dup(sink.fileno()), status_in)
        os.close(status_in)
        with os.fdopen(status_out, "rb") as file:
            told = file.read().decode()
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), output.read_text(), told

    return run


def test_the_first_process_ends_as_the_step_does(first_process):
    assert first_process("sh", "-c", "(true &); echo out; exit 7") == (7, "out\n", "ok\n")
    assert first_process("sh", "-c", "kill -9 $$") == (137, "", "ok\n")
    assert first_process("pwd", cwd="/usr") == (0, "/usr\n", "ok\n")


@pytest.mark.parametrize(
    ("argv", "fields", "told"),
    [
        (("no-such-program",), {}, f"error {errno.ENOENT} exec "),
        (("/no/such/program",), {}, f"error {errno.ENOENT} exec /no/such/program"),
        (("/etc/passwd",), {}, f"error {errno.EACCES} exec /etc/passwd"),
        (("passwd",), {"env": {"PATH": "/etc"}}, f"error {errno.EACCES} exec /etc/passwd"),
        (("true",), {"env": {"PATH": "/usr/bin:/bin", "a=b": "c"}}, f"error {errno.EINVAL} exec "),
        (("true",), {"cwd": "/no/such/directory"}, f"error {errno.ENOENT} cwd /no/such/directory"),
    ],
)
def test_what_does_not_start_is_told(first_process, argv, fields, told):
    code, _, line = first_process(*argv, **fields)
    assert code == 255
    assert line.startswith(told)
    assert line.count("\n") == 1


def test_asking_to_end_reaches_all(monkeypatch):
    sent = []
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append((pid, number)))
    init._forward(signal.SIGTERM, None)
    assert sent == [(-1, signal.SIGTERM)]


@pytest.mark.parametrize("words", [[], ["exit", "255"], ["error", "2", "exec", "/x"]])
def test_no_answer_is_a_failure(words):
    with pytest.raises(LauncherError) as caught:
        raise_for(words)
    assert "\n" not in str(caught.value)
    assert caught.value.number == (2 if words[:1] == ["error"] else 0)


def test_messages_come_in_pieces():
    reader, writer = os.pipe()
    one = Launched(1, reader)

    def write():
        for part in (b"o", b"k\nex", b"it 3\n"):
            os.write(writer, part)
        os.close(writer)

    thread = threading.Thread(target=write)
    thread.start()
    assert one.line() == ["ok"]
    assert one.has_answer(None)
    assert one.line() == ["exit", "3"]
    assert one.line() == []
    thread.join()
    os.close(reader)


@pytest.mark.parametrize(
    ("user", "number", "switch", "text"),
    [
        (1000, errno.EPERM, "0", "sysctl test.switch=1"),
        (1000, errno.EPERM, "1", "the kernel refuses"),
        (1000, errno.EPERM, None, "the kernel refuses"),
        (1000, errno.EINVAL, "0", "the kernel refuses"),
        (0, errno.EPERM, "0", "the kernel refuses"),
    ],
)
def test_the_reason_names_the_switch(monkeypatch, tmp_path, user, number, switch, text):
    monkeypatch.setattr(os, "geteuid", lambda: user)
    path = tmp_path / "switch"
    if switch is not None:
        path.write_text(switch + "\n")
    monkeypatch.setattr(sandbox, "SWITCHES", {str(path): ("0", "test.switch=1")})
    assert text in sandbox.why_not(LauncherError(number, "namespace"))
