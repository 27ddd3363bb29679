from __future__ import annotations

import numpy as np
import pytest

from pactrisk.estimators import Estimate, Estimates, Moments, proportion


def estimates() -> Estimates:
    return proportion(Moments.from_trials(np.random.default_rng(3).random((2, 3, 40)) < 0.3, 4))


def test_one_position_is_one_number() -> None:
    all_of_them = estimates()
    one = all_of_them.at(1, 2)
    assert one == Estimate(
        value=float(all_of_them.value[1, 2]),
        low=float(all_of_them.low[1, 2]),
        high=float(all_of_them.high[1, 2]),
        level=0.95,
        kind="probability",
        trials=40,
        worlds=10,
        count=round(40 * all_of_them.value[1, 2]),
    )
    assert all_of_them[1][..., 2].item() == one
    assert all_of_them.shape == (2, 3)
    assert all_of_them[:, 1:].shape == (2, 2)


def test_a_slice_is_not_one_number() -> None:
    with pytest.raises(ValueError):
        estimates()[0].item()
