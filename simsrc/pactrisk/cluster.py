"""Blocks made on a Dask cluster: its scheduler sends them out, and has those of a lost worker made again.

Nothing is scheduled or repeated here. What is to be made goes to the cluster once, as a task of its own, so that it is
made again too where the worker that holds it is lost; every other task is a few consecutive blocks, and comes back as
the sums of each.
"""

from __future__ import annotations

import contextlib
import logging
import pickle
import platform
import time
import warnings
from collections.abc import Generator, Iterator
from concurrent.futures import CancelledError, Future, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from pactrisk.ensemble import Make, Note, Sums, in_order, make_all, tasks
from pactrisk.ensemble.allocation import keep_freed_memory
from pactrisk.errors import Asked, Lost, RunError, stop_if, unasked
from pactrisk.provenance import installed, registers, rounding

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["Cluster", "connected"]

_ANSWER = 10
_JOIN = 60
"""Seconds that a scheduler has to answer, and a first worker to join it."""
_SOON = 0.1
_PATIENCE = 1.0
"""Seconds after which it is asked whether the run is to stop: where no worker is left, no block comes to stop after."""
_GONE = 2 * _ANSWER
"""Seconds without a scheduler after which it is lost: Dask gives up those tasks by itself that it knows of when the
connection breaks, and one that is sent at that very moment would be waited for without end.
"""
_RETRIES = 2
_AHEAD = 3
_MOST = 10
_SAME = ("pactrisk", "numpy", "scipy", "numba", "dask", "distributed")


@dataclass(frozen=True)
class Cluster:
    """The workers of a Dask scheduler."""

    client: Client
    batch: int = 0
    asked: Asked = unasked

    def blocks(self, make: Make, indices: range, note: Note | None = None) -> Generator[Sums, None, None]:
        """See :class:`pactrisk.ensemble.Executor`.

        Raises
        ------
        KeyboardInterrupt : where the run is asked to stop while no block comes; it holds the number of the signal.
        Lost : where the scheduler is, or a block with one worker after another.
        """
        import dask

        threads = max(sum(self.client.nthreads().values()), 1)
        # few enough in a task that nobody waits for the last of them
        batch = self.batch or min(max(len(indices) // (threads * 4), 1), _MOST)
        address = self.client.scheduler.address
        pool = self.client.get_executor(pure=False, retries=_RETRIES)
        try:
            # a portfolio of thousands is a large message, and meant
            with dask.config.set({"distributed.admin.large-graph-warning-threshold": "10 GB"}):
                shared = self.client.submit(_received, pickle.dumps(make), pure=False)

            def send(task: range) -> Future[bytes]:
                sent: Future[bytes] = pool.submit(_made, shared, task, _here())
                return sent

            yield from in_order(tasks(indices, batch), send, self._made, threads * _AHEAD)
        except CancelledError:
            raise Lost(f"the scheduler at {address} was lost: begin one there again") from None
        except Exception as error:
            raise _told(error, address) from error
        finally:
            with contextlib.suppress(Exception):
                pool.shutdown(wait=False)

    def _made(self, task: Future[bytes]) -> list[Sums]:
        """The blocks of a task, once it is done."""
        last = time.monotonic()
        while not wait([task], timeout=_PATIENCE).done:
            there = self.client.status == "running"
            last = time.monotonic() if there else last
            if time.monotonic() - last > _GONE:
                raise CancelledError
            if self.asked() and not (there and self.client.nthreads()):
                # with a worker there, the run stops after the block that it makes
                stop_if(self.asked)
        sums: list[Sums] = pickle.loads(task.result())
        return sums


def _told(error: Exception, address: str) -> Exception:
    """An error of the cluster in one sentence; one of the run's own as it is."""
    from distributed import KilledWorker

    if isinstance(error, KilledWorker):
        lost = error.allowed_failures + 1
        return Lost(f"a block was lost with {lost} workers of {address}, one after another: have they memory enough?")
    if isinstance(error, ImportError):
        return RunError(f"the workers of {address} cannot take the run ({error}): install the same there")
    return error


def _received(content: bytes) -> Make:
    """On a worker: what it is to make."""
    keep_freed_memory()
    make: Make = pickle.loads(content)
    return make


_Here: TypeAlias = tuple[str, str, str, frozenset[str]]
"""What is installed, the kind of processor, its last digits and its registers."""


def _here() -> _Here:
    """What must be the same everywhere, or last digits would hang on who made a block; and why they may not be."""
    return installed(), platform.machine(), rounding(), registers()


def _made(make: Make, task: range, theirs: _Here) -> bytes:
    """On a worker: the blocks of a task, as one message; hundreds of small arrays would be sent one by one."""
    if (ours := _here())[:3] != theirs[:3]:
        from distributed import get_worker

        raise RunError(f"the worker at {get_worker().address} {_unlike(ours, theirs)}")
    return pickle.dumps(make_all(make, task), protocol=5)


def _unlike(ours: _Here, theirs: _Here) -> str:
    """How a worker differs from where the run begins, and what helps."""
    if ours[0] != theirs[0]:
        # whatever else differs may differ for this
        return "has not the same Pactrisk and NumPy: install the same everywhere"
    if ours[1] != theirs[1]:
        return f"has a processor of another kind, {ours[1]} and not {theirs[1]}: use one kind everywhere"
    only = sorted(ours[3] ^ theirs[3])
    alike = f"set NPY_DISABLE_CPU_FEATURES='{' '.join(only)}' for both" if only else "use one C library everywhere"
    return f"has other last digits of logarithms and exponentials, as a processor of another kind has: {alike}"


@contextlib.contextmanager
def connected(address: str, batch: int = 0, asked: Asked = unasked) -> Iterator[Cluster]:
    """The cluster of the scheduler at ``address``, as ``tcp://10.0.0.5:8786``; ``batch`` blocks a task, chosen if 0.

    ``asked`` tells the number of the signal that asked the run to stop, 0 while none did.

    Raises
    ------
    RunError : where Dask is not installed or has no certificates for TLS, no scheduler answers, no worker is there, or
        one differs from this machine.
    KeyboardInterrupt : where the run is asked to stop while no worker is there; it holds the number of the signal.
    """
    try:
        from distributed import Client
    except ImportError:
        raise RunError("the executor dask needs Dask here: pip install '.[cluster]'") from None
    _check_certificates(address)
    with _quiet(), contextlib.ExitStack() as stack:
        try:
            client = stack.enter_context(Client(address, timeout=_ANSWER, set_as_default=False))
        except (OSError, ValueError):
            told = f"no Dask scheduler answers at {address}: is it running, and can this machine reach it?"
            raise RunError(told) from None
        _wait_for_a_worker(client, address, asked)
        _check(client)
        yield Cluster(client, batch, asked)


def _wait_for_a_worker(client: Client, address: str, asked: Asked) -> None:
    until = time.monotonic() + _JOIN
    while not client.nthreads():
        stop_if(asked)
        if time.monotonic() >= until:
            hint = f"begin some there with: dask worker {address}"
            raise RunError(f"the scheduler at {address} has had no worker for {_JOIN} s; {hint}")
        time.sleep(_SOON)


def _check_certificates(address: str) -> None:
    """Refuse TLS without certificates, which Dask would answer with an error of its own making."""
    from distributed.security import Security

    if not address.startswith("tls:"):
        return
    hint = "set distributed.comm.tls in Dask's own configuration, or give a tcp:// address where the scheduler has one"
    try:
        found = Security().get_connection_args("client")["ssl_context"]
    except (OSError, ValueError) as error:
        raise RunError(f"Dask's certificates for {address} cannot be read ({error}): {hint}") from None
    if found is None:
        raise RunError(f"Dask has no certificates here for {address}: {hint}")


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What Dask says of lost workers and versions is said by the run where it matters."""
    logs = [log for name, log in logging.root.manager.loggerDict.items() if name.startswith("distributed")]
    before = [(log, log.level) for log in logs if isinstance(log, logging.Logger)]
    for log, _ in before:
        log.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Mismatched versions found")
            yield
    finally:
        for log, level in before:
            log.setLevel(level)


def _check(client: Client) -> None:
    """Refuse a cluster that would give other bytes, or none."""
    found = client.get_versions(packages=list(_SAME))
    here = _versions(found["client"])
    every = {"the scheduler": found["scheduler"], **{f"the worker at {a}": w for a, w in found["workers"].items()}}
    for who, there in every.items():
        for name, number in _versions(there).items():
            if number != here[name]:
                has = f"has {name} {number}" if number else f"has no {name}"
                raise RunError(f"{who} {has}, here it is {here[name]}: install the same everywhere")


def _versions(said: dict[str, Any]) -> dict[str, str]:
    packages = said["packages"]
    python = ".".join(packages["python"].split(".")[:2])
    return {"python": python, "processor": said["host"]["machine"], **{name: packages.get(name) for name in _SAME}}
