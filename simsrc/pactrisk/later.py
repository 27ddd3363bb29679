"""Parts of SciPy under their own names, loaded when they are first used: most commands never need them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = ["special"]

if TYPE_CHECKING:
    from scipy import special
else:

    class _Special:
        """``scipy.special``, which takes as long to load as a whole check takes to answer."""

        def __getattr__(self, name: str) -> Any:
            function = getattr(import_module("scipy.special"), name)
            setattr(self, name, function)
            return function

    special = _Special()
