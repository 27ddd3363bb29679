"""What is loaded when it is first used, since most commands never need it: the names that a package offers from its
modules, and parts of SciPy under their own names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = ["front", "special"]

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


def front(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a package that offers names from its modules; ``homes`` says in which each of them is."""

    def found(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    return found
