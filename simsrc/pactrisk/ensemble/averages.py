"""Named quantities on average."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pactrisk.ensemble.fans import at_end
from pactrisk.ensemble.reading import Reading
from pactrisk.estimators import Estimates, mean_by_date

__all__ = ["average"]


def average(reading: Reading, name: str) -> Estimates:
    """Mean of the named quantity at each date, from what the analysis of quantities kept."""
    within, kept = reading.plan.ranges[name], reading.own(f"mean/{name}")
    off: npt.NDArray[np.int64] | None = None
    if np.isfinite(within.low) or np.isfinite(within.high):
        off = kept.trials - at_end(reading, f"fan/{name}", within)
    return mean_by_date(kept, reading.level, (within.low, within.high), off)
