"""Nested samples with known truth."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

Counts = npt.NDArray[np.int64]


def world_probabilities(
    generator: np.random.Generator, shape: tuple[int, ...], p: float, share: float
) -> npt.NDArray[np.float64]:
    """Probabilities of worlds: Beta with mean p; ``share`` of a trial's variance lies between worlds."""
    if share == 0.0:
        return np.full(shape, p)
    size = 1.0 / share - 1.0
    return generator.beta(p * size, (1.0 - p) * size, shape)


@pytest.fixture
def nested() -> Callable[..., Counts]:
    """Beta-binomial world sums, shape (repeat, world)."""

    def draw(seed: int, repeats: int, worlds: int, m: int, p: float, share: float) -> Counts:
        generator = np.random.default_rng(seed)
        return generator.binomial(m, world_probabilities(generator, (repeats, worlds), p, share))

    return draw


@pytest.fixture
def probabilities() -> Callable[..., npt.NDArray[np.float64]]:
    return world_probabilities


@pytest.fixture
def allowance() -> Callable[..., float]:
    """Sampling error of a frequency among independent repeats, at 3.5 standard errors."""

    def error(rate: float, repeats: int) -> float:
        return 3.5 * math.sqrt(rate * (1.0 - rate) / repeats)

    return error
