"""Where nobody takes what is printed any more."""

from __future__ import annotations

import contextlib
import os
from typing import TextIO

__all__ = ["print_no_more"]


def print_no_more(stream: TextIO | None) -> None:
    """Let what is printed to a stream from now on, and what waits to be, go nowhere: the interpreter would complain of
    it when it closes.
    """
    if stream is not None:
        # what stands for a stream may have no file behind it
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
