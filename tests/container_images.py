"""Images for tests of containers, made of programs of this machine: no registry is asked.

They stay in the engine's store, named after their content, so that tests that run at the same time share them.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
from functools import cache
from pathlib import Path

import pytest
from holkas_builtin.executors.container.executor import ContainerExecutor

_FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nsomebody:x:1000:1000::/home/somebody:/bin/sh\n",
    "etc/group": "root:x:0:\nsomebody:x:1000:\n",
}
_DIRECTORIES = {"tmp": 0o1777, "root": 0o700, "home/somebody": 0o755, "var/tmp": 0o1777, "usr/bin": 0o755}

_FILES_OF_SSH = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n"
    "nonroot:x:1000:1000::/home/nonroot:/bin/sh\nsshd:x:22:22::/run/sshd:/bin/false\n",
    "etc/group": "root:x:0:\nnonroot:x:1000:\nsshd:x:22:\n",
    "etc/shadow": "root:!:19000:0:99999:7:::\n",
    "etc/nsswitch.conf": "passwd: files\nshadow: files\ngroup: files\nhosts: files dns\n",
    "etc/ssh/sshd_config": "AuthorizedKeysFile .ssh/authorized_keys\n",
}
_SERVERS = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin"))
_SSHD_PARTS = tuple(
    f"/usr/{place}/{part}"
    for place in ("lib/openssh", "libexec/openssh", "lib/ssh")
    for part in ("sshd-session", "sshd-auth")
)

CHANGES = (
    'ENTRYPOINT ["/bin/echo", "started by itself"]',
    'CMD ["with its own words"]',
    "ENV OF_THE_IMAGE=yes",
    "WORKDIR /home/somebody",
)
"""What the image with a configuration of its own does."""


@cache
def why_no_containers(engine: str = "podman") -> str:
    """Why no container can be run on this machine; empty when some can."""
    if shutil.which("busybox") is None:
        return "busybox is not installed"
    executor = ContainerExecutor({"engine": engine})
    try:
        return executor.check()
    finally:
        executor.close()


def need_containers(engine: str = "podman") -> None:
    """Skips where no container can be run."""
    if reason := why_no_containers(engine):
        pytest.skip(f"containers do not work here: {reason}")


@cache
def plain_image(engine: str = "podman") -> str:
    """An image of busybox' programs."""
    return imported(plain_root(), (), engine)


@cache
def configured_image(engine: str = "podman") -> str:
    """The same with an entrypoint, a variable and a working directory."""
    return imported(plain_root(), CHANGES, engine)


@cache
def image_with_bash(engine: str = "podman") -> str:
    """The same with this machine's bash, for scripts that want more than busybox' shell."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    return imported(_with_program(plain_root(), Path(bash).resolve()), (), engine)


@cache
def image_with_ssh(engine: str = "podman") -> str:
    """An image with this machine's git and OpenSSH, a server of it too, and root's password locked, as in alpine/git."""
    programs = [shutil.which(name, path=_SERVERS) for name in ("git", "ssh", "ssh-keygen", "sshd")]
    if None in programs:
        pytest.skip("git and OpenSSH's client and server (openssh-server) are wanted")
    listed = [Path(str(program)) for program in programs]
    listed += [
        Path(part) for part in _SSHD_PARTS if Path(part).is_file()
    ]  # newer servers are several programs
    contents = {str(program): program.read_bytes() for program in listed}
    for program in listed:
        contents |= {library: Path(library).read_bytes() for library in _libraries(program)}
    contents = {name.lstrip("/"): content for name, content in contents.items()}
    contents |= {name: text.encode() for name, text in _FILES_OF_SSH.items()}
    file = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(plain_root())) as old,
        tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as archive,
    ):
        hidden = {f"bin/{program.name}" for program in listed}
        for entry in old:
            if entry.name not in hidden | contents.keys():
                archive.addfile(entry, old.extractfile(entry) if entry.isreg() else None)
        for name in ("etc/ssh", "run/sshd", "var/empty", "var/log", "home/nonroot"):
            _add(archive, name, 0o755, kind=tarfile.DIRTYPE)
        for name, content in contents.items():
            _add(
                archive,
                name,
                0o600 if name == "etc/shadow" else 0o644 if name in _FILES_OF_SSH else 0o755,
                content,
            )
        for name in ("git-receive-pack", "git-upload-pack"):
            _add(archive, f"usr/bin/{name}", 0o777, kind=tarfile.SYMTYPE, link="git")
    return imported(file.getvalue(), (), engine)


def imported(root: bytes, changes: tuple[str, ...], engine: str) -> str:
    """Put an archive into the engine's store, unless it is there; the image's name."""
    mark = hashlib.sha256(root + repr(changes).encode()).hexdigest()[:12]
    name = f"localhost/holkas-test-{mark}:1"
    if subprocess.run([engine, "image", "inspect", name], capture_output=True, check=False).returncode:
        options = [word for change in changes for word in ("--change", change)]
        subprocess.run([engine, "import", *options, "-", name], input=root, capture_output=True, check=True)
    return name


@cache
def plain_root() -> bytes:
    """A root directory as an archive: the same bytes for the same busybox."""
    program = Path(str(shutil.which("busybox"))).resolve()
    listed = subprocess.run([program, "--list"], capture_output=True, text=True, check=True).stdout.split()
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, mode in _DIRECTORIES.items():
            _add(archive, name, mode, kind=tarfile.DIRTYPE)
        for name, text in _FILES.items():
            _add(archive, name, 0o644, text.encode())
        _add(archive, "bin/busybox", 0o755, program.read_bytes())
        for applet in sorted(set(listed) - {"busybox"}):
            _add(archive, f"bin/{applet}", 0o777, kind=tarfile.SYMTYPE, link="busybox")
        _add(archive, "usr/bin/env", 0o777, kind=tarfile.SYMTYPE, link="/bin/busybox")
    return file.getvalue()


def _libraries(program: Path) -> list[str]:
    """What a program of this machine is linked with."""
    listed = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
    return sorted({word for word in listed.split() if word.startswith("/")})


def _with_program(root: bytes, program: Path) -> bytes:
    """The archive with a program of this machine in /usr/bin, and the libraries that it is linked with."""
    libraries = _libraries(program)
    file = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(root)) as old,
        tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as archive,
    ):
        for entry in old:
            if entry.name != f"bin/{program.name}":
                archive.addfile(entry, old.extractfile(entry) if entry.isreg() else None)
        for name in (f"usr/bin/{program.name}", f"bin/{program.name}"):
            _add(archive, name, 0o755, program.read_bytes())
        for library in libraries:
            _add(archive, library.lstrip("/"), 0o755, Path(library).read_bytes())
    return file.getvalue()


def _add(
    archive: tarfile.TarFile,
    name: str,
    mode: int,
    content: bytes = b"",
    *,
    kind: bytes = tarfile.REGTYPE,
    link: str = "",
) -> None:
    entry = tarfile.TarInfo(name)
    entry.mode, entry.type, entry.linkname, entry.size = mode, kind, link, len(content)
    archive.addfile(entry, io.BytesIO(content))


def of_engine(*words: str, engine: str = "podman") -> str:
    """What the engine says."""
    return subprocess.run(
        [engine, *words], capture_output=True, text=True, check=True, env=os.environ
    ).stdout.strip()
