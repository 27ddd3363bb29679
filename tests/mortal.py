"""A block whose maker dies, where processes that are no test can import it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import struct
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import numpy as np

from pactrisk.ensemble import Sums


def signed(index: int) -> Sums:
    """A block that tells who made it; who adds up takes longer."""
    time.sleep(0.5 if multiprocessing.parent_process() is None else 0.05)
    return {"index": np.array(index), "maker": np.array(os.getpid())}


def named(folder: Path) -> None:
    """Leave a file of a name of its own."""
    (folder / uuid.uuid4().hex).touch()


def halved(once: Path, index: int) -> Sums:
    """A block; one process that is no test dies with half a result written, as one killed for memory may.

    ``once`` is the file by which the others know that it did.
    """
    if multiprocessing.parent_process() is not None and _first(once):
        _die_with_half_a_message()
    # this process is no quicker than the others
    time.sleep(0.1)
    return {"index": np.array(index)}


def halved_later(begun: Path, index: int) -> Sums:
    """As ``halved``, but it makes some blocks before, and takes its time to die once it has said that it begins."""
    if multiprocessing.parent_process() is not None and index > 1 and _first(begun):
        time.sleep(1.0)
        _die_with_half_a_message()
    time.sleep(0.1)
    return {"index": np.array(index)}


def _first(marker: Path) -> bool:
    try:
        marker.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _die_with_half_a_message() -> None:
    frame: Any = sys._getframe()
    while "result_queue" not in frame.f_locals:
        frame = frame.f_back
    os.write(frame.f_locals["result_queue"]._writer.fileno(), struct.pack("!i", 1000) + b"half")
    os.kill(os.getpid(), signal.SIGKILL)
