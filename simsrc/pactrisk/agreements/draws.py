"""What an agreement draws of its own, once a trial."""

from __future__ import annotations

from pactrisk.agreements.terms import Agreement

__all__ = ["own_draws"]


def own_draws(agreement: Agreement) -> list[str]:
    """Addresses of every number that the agreement alone draws once a trial, in an order that the file's does not move.

    They are listed whether the agreement as it is written needs them or not, so that an edit moves none.
    """
    words = ["ending", "frailty", "flow/variation"]
    words += [f"{name}/{word}" for name in sorted(agreement.milestones) for word in ("never", "duration")]
    return [f"agreement/{agreement.id}/{word}" for word in words]
