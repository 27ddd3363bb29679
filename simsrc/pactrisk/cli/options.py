"""Values of options, refused in the words in which files are."""

from __future__ import annotations

import math
from typing import Any

import click

from pactrisk.numerals import whole

__all__ = ["EXECUTORS", "Above", "Whole"]

EXECUTORS = ("processes", "threads", "alone", "dask")


class Above(click.FloatRange):
    """A number above one bound and below another."""

    def __init__(self, least: float, most: float) -> None:
        super().__init__(least, most, min_open=True, max_open=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            number = super().convert(value, param, ctx)
        except click.BadParameter:
            number = math.nan
        # "nan" is read as a number, and no bound would refuse it
        if math.isnan(number):
            message = f"must be a number above {self.min:g} and below {self.max:,g}, not {str(value)[:60]!r}"
            raise click.BadParameter(message, param=param, ctx=ctx)
        return float(number)


class Whole(click.IntRange):
    """A whole number within bounds."""

    def __init__(self, least: int, most: int) -> None:
        super().__init__(least, most)
        self._range = range(least, most + 1)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            number = super().convert(value, param, ctx)
        except click.BadParameter:
            message = f"must be a whole number from {self.min:,} to {self.max:,}, not {str(value)[:60]!r}"
            # signs between thousands differ from land to land
            meant = "" if str(value).isdecimal() else whole(str(value))
            message += f": write {meant}" if meant and int(meant) in self._range else ""
            raise click.BadParameter(message, ctx, param) from None
        assert isinstance(number, int)
        return number
