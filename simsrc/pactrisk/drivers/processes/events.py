"""Events: visits, attacks, elections. Poisson, self-exciting, or dated with odds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt

from pactrisk.clocks import Clock
from pactrisk.drivers import event_times as times_of
from pactrisk.drivers.paths import EventPath
from pactrisk.drivers.process import Process, Setting, Theory, kind
from pactrisk.grid import TimeGrid
from pactrisk.quantities import Num, Value
from pactrisk.specs import Documented, Ruled, Wrong

Array = npt.NDArray[np.float64]


class Dated(Documented):
    """An event that may happen on a known day."""

    date: date
    """the day"""
    chance: Annotated[Value, Num("chance that it happens", least=0, most=1)] = 1.0


class Excitation(Documented):
    """Events that bring further events (Hawkes 1971)."""

    branching: Annotated[Value, Num("further events that an event brings, on average", least=0, below=1)]
    half_life: Annotated[Value, Num("time for the excitement to halve", "months", above=0)]


@kind
class Events(Process, Ruled):
    r"""Events at random times; each adds an impulse that decays.

    Spontaneous events are a Poisson process of ``rate`` a year (which may differ by the state of a regime):
    the j-th happens when the integral of the rate passes a sum of j unit exponentials, so a higher rate keeps every
    event and moves it earlier. With ``excitation`` each event, dated ones apart, brings Poisson(branching) further
    ones, with delays exponential of that half-life: the exact Hawkes process.
    """

    kind: Literal["events"]
    rate: Annotated[Value, Num("how often events happen by themselves", "per year", least=0, most=1000)] = 0.0
    excitation: Excitation | None = None
    """events bring events"""
    dated: tuple[Dated, ...] = ()
    """events on known days, with their chances"""
    impulse: Annotated[Value, Num("what an event adds to the driver's value")] = 1.0
    half_life: Annotated[Value, Num("time for an impulse to halve", "months", above=0)] = 3.0

    def wrong(self) -> Iterator[Wrong]:
        """Events of which nobody says how often or when they happen: a rate of 0 says that they do not."""
        said = "rate" in self.model_fields_set or any(getattr(w, "rate", None) for w in self.when)
        if not said and not self.dated:
            yield Wrong("nothing ever happens: give a rate or dated events", ("rate", "dated", "when"))

    def simulate(self, setting: Setting) -> EventPath:
        """Event times, counts and the decaying sum of impulses."""
        spontaneous = self._spontaneous(setting)
        if self.excitation is not None:
            spontaneous = self._excited(setting, spontaneous)
        if not self.dated:
            return self._path(setting, spontaneous)
        return self._path(setting, np.sort(np.concatenate([spontaneous, self._on_days(setting)]), axis=0))

    def _spontaneous(self, setting: Setting) -> Array:
        rate = np.asarray(setting.parameter(self, "rate")) / 12
        clock = Clock.from_pace(rate, setting.grid.step) if rate.ndim == 2 else None
        return times_of.arrivals(setting, rate, clock, "lower the rate")

    def _excited(self, setting: Setting, immigrants: Array) -> Array:
        assert self.excitation is not None
        branching = setting.each(setting.value(self.excitation.branching))
        decay = np.log(2) / setting.each(setting.value(self.excitation.half_life))
        return times_of.excited(setting, immigrants, branching, decay, "lower the rate or branching")

    def _on_days(self, setting: Setting) -> Array:
        horizon = setting.grid.steps * setting.grid.step
        times = []
        seen: dict[date, int] = {}
        for entry in sorted(self.dated, key=lambda d: (d.date, str(d.chance))):
            month = setting.grid.month_of(entry.date)
            seen[entry.date] = seen.get(entry.date, 0) + 1
            # two events of one day are two events, each with its own draw
            word = f"dated/{entry.date.isoformat()}" + (f"/{seen[entry.date]}" if seen[entry.date] > 1 else "")
            happens = setting.uniform(word) < setting.value(entry.chance)
            times.append(np.where(happens & (0 <= month <= horizon), month, np.inf))
        return np.array(times)

    def _path(self, setting: Setting, times: Array) -> EventPath:
        decay = np.log(2) / np.asarray(setting.parameter(self, "half_life"))
        return times_of.path(setting, times, decay, np.asarray(setting.parameter(self, "impulse")))

    def theory(self, grid: TimeGrid) -> Theory:
        r"""Mean number of events so far, and its standard deviation where there is no excitation.

        With :math:`n` the branching, :math:`\beta` the decay and :math:`\mu` the rate,
        :math:`E N(t) = \mu t/(1-n) - \mu n (1 - e^{-\beta(1-n)t}) / (\beta (1-n)^2)`; Hawkes (1971), started empty.
        """
        t = grid.months
        mu = float(self.rate) / 12  # type: ignore[arg-type]
        mean = mu * t
        sd = np.sqrt(mean)
        if self.excitation is not None:
            n = float(self.excitation.branching)  # type: ignore[arg-type]
            beta = np.log(2) / float(self.excitation.half_life)  # type: ignore[arg-type]
            mean = mu * t / (1 - n) - mu * n * -np.expm1(-beta * (1 - n) * t) / (beta * (1 - n) ** 2)
        chances = [(grid.month_of(d.date), float(d.chance)) for d in self.dated]  # type: ignore[arg-type]
        seen = [(m, p) for m, p in chances if 0 <= m <= grid.steps * grid.step]
        mean = mean + sum((p * (np.ceil(m / grid.step) * grid.step <= t) for m, p in seen), np.zeros(len(t)))
        variance = sd**2 + sum(
            (p * (1 - p) * (np.ceil(m / grid.step) * grid.step <= t) for m, p in seen), np.zeros(len(t))
        )
        return Theory("counts", mean, None if self.excitation is not None else np.sqrt(variance))
