"""The shipped worlds, simulated once for all the tests that look at them."""

from __future__ import annotations

import pytest

from scenarios.shipped import Sample, sample


@pytest.fixture(scope="session")
def flagship() -> Sample:
    """Ten memoranda of February 2026."""
    return sample("kazakhstan-serbia")


@pytest.fixture(scope="session")
def brief() -> Sample:
    """The commentator's account."""
    return sample("kazakhstan-serbia-brief")


@pytest.fixture(scope="session")
def first_steps() -> Sample:
    """The tutorial's world."""
    return sample("first-steps")
