"""A PostgreSQL server of the tests' own: in a folder of theirs, on a socket, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from select import select
from signal import SIGKILL
from tempfile import mkdtemp

from sqlalchemy import create_engine

_DEBIAN = Path("/usr/lib/postgresql")


class NoPostgres(Exception):
    """This machine has none."""


@dataclass(frozen=True)
class Server:
    """A running server; anybody on this machine who finds the socket's folder may connect."""

    programs: Path
    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create(self, database: str, template: str = "template1") -> str:
        """The URL of a new database, a copy of `template`."""
        self._administer(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        self._administer(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def start(self, *settings: str) -> None:
        """Start it; it listens on the socket only."""
        options = " ".join(f"-c {setting}" for setting in ("listen_addresses=", f"unix_socket_directories={self.folder}", *settings))  # fmt: skip
        log = str(self.folder / "server.log")
        self._run("pg_ctl", "start", "--wait", "-D", self._data, "-l", log, "-o", options)

    def kill(self) -> None:
        """What a power cut or the kernel does to it: nothing is written any more, nobody is told."""
        postmaster = (Path(self._data) / "postmaster.pid").read_text().split()[0]
        children = subprocess.run(["pgrep", "-P", postmaster], capture_output=True, text=True, check=False)
        for process in map(int, (postmaster, *children.stdout.split())):
            with suppress(ProcessLookupError):
                gone = os.pidfd_open(process)
                os.kill(process, SIGKILL)
                # The next server refuses to start beside one that is still dying.
                select([gone], [], [])
                os.close(gone)
        # In a container whose init takes no dead away, their numbers would still pass for a running server.
        for mark in (Path(self._data) / "postmaster.pid", self.folder / ".s.PGSQL.5432.lock"):
            mark.unlink()

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "--mode=immediate", "-D", self._data)

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [*_as_somebody(), str(self.programs / program), *arguments],
            cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()

    def _administer(self, statement: str) -> None:
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@contextmanager
def server(*settings: str) -> Iterator[Server]:
    """A server with a new, empty cluster.

    Raises:
        NoPostgres: Its programs aren't on this machine.
    """
    # A socket's path may have 107 characters: pytest's own folders are too deep.
    folder = Path(mkdtemp(prefix="pg-"))
    made = Server(_programs(), folder)
    if _as_somebody():
        shutil.chown(folder, "postgres", "postgres")
    try:
        made._run("initdb", "-D", made._data, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")  # fmt: skip
        made.start(*settings)
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    versions = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    if not versions:
        raise NoPostgres
    return versions[-1].parent


def _as_somebody() -> tuple[str, ...]:
    """The server refuses to run as root; its package brings a user for it."""
    return ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups") if os.geteuid() == 0 else ()
