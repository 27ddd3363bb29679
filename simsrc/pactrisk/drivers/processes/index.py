"""A first-order autoregression about a mean: political will, an alignment rate."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt

from pactrisk import kernels
from pactrisk.drivers.paths import Path
from pactrisk.drivers.process import Loadings, Process, Setting, Theory, at, kind
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Num, Value


@kind
class Index(Process):
    r"""An index in its own unit, pulled to its mean.

    .. math:: x_{k+1} = m + (x_k - m)\,\phi + s\sqrt{1-\phi^2}\,Z_k,\quad \phi = 2^{-\Delta t/\text{half-life}}

    ``sd`` is the standard deviation in the long run. ``least`` and ``most`` cut what is seen, not what moves beneath.
    """

    kind: Literal["index"]
    initial: Annotated[Value, Num("value at the start; the mean if not given")] | None = None
    mean: Annotated[Value, Num("value it is pulled to")]
    half_life: Annotated[Value, Num("time for a gap to the mean to halve", "months", above=0)]
    sd: Annotated[Value, Num("standard deviation in the long run", least=0)]
    least: Annotated[float, Num("smallest value that is seen")] | None = None
    most: Annotated[float, Num("largest value that is seen")] | None = None
    factors: Loadings = {}

    def simulate(self, setting: Setting) -> Path:
        """Exact steps of the stationary Ornstein-Uhlenbeck process."""
        phi = np.exp2(-setting.grid.step / np.asarray(setting.parameter(self, "half_life")))
        sd = setting.parameter(self, "sd") * np.sqrt(1 - np.square(phi))
        mean = setting.parameter(self, "mean")
        start = at(mean, 0) if self.initial is None else setting.value(self.initial)
        values = np.empty((setting.grid.points, setting.trials))
        kernels.prices.pulled(
            setting.each(start),
            setting.rows_of(phi),
            setting.rows_of((1 - phi) * mean),
            setting.rows_of(sd),
            setting.innovations(self.factors),
            np.empty((0, setting.trials)),
            values,
        )
        return Path(self.seen(values))

    def seen(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Cut at ``least`` and ``most``."""
        return values if self.least is None and self.most is None else np.clip(values, self.least, self.most)

    def theory(self, grid: TimeGrid) -> Theory | None:
        """Mean and standard deviation at each grid point, where nothing is cut."""
        if self.least is not None or self.most is not None:
            return None
        phi = np.exp2(-grid.months / float(self.half_life))  # type: ignore[arg-type]
        mean, sd = float(self.mean), float(self.sd)  # type: ignore[arg-type]
        start = mean if self.initial is None else float(self.initial)  # type: ignore[arg-type]
        return Theory("plain", mean + (start - mean) * phi, sd * np.sqrt(1 - phi**2))
