"""Values of options, refused in the words in which files are."""

from __future__ import annotations

from typing import Any

import click

__all__ = ["EXECUTORS", "Whole"]

EXECUTORS = ("processes", "threads", "alone", "dask")


class Whole(click.IntRange):
    """A whole number within bounds."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__(least, most)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            number = super().convert(value, param, ctx)
        except click.BadParameter:
            message = f"must be a whole number from {self.min:,} to {self.max:,}, not {str(value)[:60]!r}"
            raise click.BadParameter(message, ctx, param) from None
        assert isinstance(number, int)
        return number
