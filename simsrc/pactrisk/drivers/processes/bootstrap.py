"""The stationary block bootstrap of Politis and Romano (1994): no faith in a formula."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from pactrisk.drivers.paths import Path
from pactrisk.drivers.process import Process, Setting, Theory, at, kind
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Num, Value


@kind
class Bootstrap(Process):
    r"""Past monthly log returns, resampled in blocks of geometric length.

    Each month goes on to the next past return with chance :math:`1 - 1/\text{block}`, or else starts
    a new block at a past return picked evenly; the past is wrapped into a circle, so every return is equally likely.
    """

    positive: ClassVar[bool] = True
    kind: Literal["bootstrap"]
    initial: Annotated[Value, Num("price at the start", above=0)]
    file: str
    """CSV file with one row a month in order of time, beside the scenario file"""
    column: str
    """column of the prices"""
    block: Annotated[Value, Num("mean length of a block of the past", "months", least=1)] = 12.0
    drift: (
        Annotated[Value, Num("mean log return to impose instead of the past one", "per year", least=-5, most=5)] | None
    ) = None
    returns: Annotated[tuple[float, ...], Field(json_schema_extra={"internal": True})] = ()
    """monthly log returns, read from the file"""

    def simulate(self, setting: Setting) -> Path:
        """Sums of resampled log returns."""
        past = np.asarray(self.returns)
        if not len(past):
            raise ValueError(f"{setting.name} has no past returns: load the scenario from its file")
        if self.drift is not None:
            past = past - past.mean()
        months = setting.grid.steps * setting.grid.step
        u, block = setting.uniform("block", months), setting.parameter(self, "block")
        start = (setting.uniform("start", months) * len(past)).astype(np.intp)
        log = np.empty((setting.grid.points, setting.trials))
        log[0] = np.log(setting.value(self.initial))
        imposed = 0.0 if self.drift is None else setting.value(self.drift) / 12
        now, where = log[0], start[0]
        for month in range(months):
            anew = u[month] * at(block, month // setting.grid.step) < 1
            where = start[0] if month == 0 else np.where(anew, start[month], (where + 1) % len(past))
            now = now + past[where] + imposed
            if (month + 1) % setting.grid.step == 0:
                log[(month + 1) // setting.grid.step] = now
        return Path.from_log(log, setting.value(self.initial))

    def theory(self, grid: TimeGrid) -> Theory:
        r"""Mean and variance of the log price, given the past.

        The covariance of resampled returns at lag j is :math:`(1 - 1/\text{block})^j` times the circular
        autocovariance of the past (Politis and Romano 1994, section 4).
        """
        past = np.asarray(self.returns)
        mean = past.mean() if self.drift is None else float(self.drift) / 12  # type: ignore[arg-type]
        centred = past - past.mean()
        months = grid.steps * grid.step
        stay = 1 - 1 / float(self.block)  # type: ignore[arg-type]
        covariance = [stay**j * np.mean(centred * np.roll(centred, -j)) for j in range(months + 1)]
        m = grid.months.astype(int)
        variance = [n * covariance[0] + 2 * sum((n - j) * covariance[j] for j in range(1, n)) for n in m]
        start = np.log(float(self.initial))  # type: ignore[arg-type]
        return Theory("log", start + mean * m, np.sqrt(np.maximum(variance, 0)))
