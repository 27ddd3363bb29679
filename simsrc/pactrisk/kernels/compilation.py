"""How loops are compiled: by Numba, when first called, and kept beside the package for the next run."""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, TypeVar, cast

import numba
from numba.core import codegen, event

from pactrisk import kernels

__all__ = ["Loop", "compiled", "compiling", "inlined", "inner", "kept_in", "plainly", "stamp", "watched"]

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
_NARROW, _NEW = "prefer-256-bit", "+avx512fp16"
_plain = False


def _wide(settings: Any) -> None:
    """Let loops fill the processor's widest lanes, unless the user has said what to compile for.

    LLVM halves them on every Intel processor, since older ones slow down with all in use: those before Sapphire Rapids,
    which is the first that reckons with half precision. No number differs: each lane does what one alone does.
    """
    features = codegen.get_host_cpu_features()
    if settings.CPU_FEATURES is None and settings.CPU_NAME is None and _NEW in features.split(","):
        settings.CPU_FEATURES = f"{features},-{_NARROW}"


_wide(numba.config)


def inner(function: F) -> F:
    """A part of a loop: compiled with what calls it."""
    return cast(F, numba.njit(**_OPTIONS)(function))


def inlined(function: F) -> F:
    """A part of a loop written into what calls it before that is compiled, where only so the processor's
    lanes are filled.
    """
    return cast(F, numba.njit(inline="always", **_OPTIONS)(function))


def compiled(twin: Callable[..., Any] | None = None) -> Callable[[F], F]:
    """A loop that is compiled, with the plain NumPy ``twin`` that the tests hold it to.

    The twin takes the same arguments, fills the same arrays and returns the same value. A loop without one has its twin
    where it is called, which asks :func:`compiling` which of the two to take.
    """

    def made(function: F) -> F:
        return cast(F, Loop(function, twin))

    return made


class Loop:
    """A compiled loop and its twin; :func:`plainly` says which is called."""

    def __init__(self, function: Callable[..., Any], twin: Callable[..., Any] | None) -> None:
        self.__doc__, self.__name__ = function.__doc__, function.__name__
        self.twin = twin
        self.loop = _kept(function)

    def __call__(self, *given: Any) -> Any:
        return self.twin(*given) if _plain and self.twin is not None else self.loop(*given)


def _kept(function: Callable[..., Any]) -> Any:
    """Compiled with its machine code kept, where there is any place that takes it."""
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = f"{kernels.__path__[0]}/__pycache__/{stamp()}"
    try:
        return numba.njit(cache=True, **_OPTIONS)(function)
    except RuntimeError:
        # neither beside the package nor at home: compiled anew in each process
        return numba.njit(**_OPTIONS)(function)
    finally:
        settings.CACHE_DIR = before


@cache
def stamp() -> str:
    """A word for what is compiled: it changes with any loop, since Numba looks at one file only."""
    said = hashlib.blake2b(numba.__version__.encode(), digest_size=6)
    for found in sorted(pkgutil.iter_modules(kernels.__path__), key=lambda m: m.name):
        spec = importlib.util.find_spec(f"{kernels.__name__}.{found.name}")
        assert spec is not None
        said.update(spec.loader.get_source(spec.name).encode())  # type: ignore[union-attr]
    return said.hexdigest()


def kept_in(loop: Callable[..., Any]) -> str:
    """The folder that holds the machine code of a loop; empty where none takes it."""
    stats = getattr(cast(Loop, loop).loop, "stats", None)
    return str(stats.cache_path or "") if stats is not None else ""


class _Watch(event.Listener):
    """Whoever wants to know when loops are compiled: within one, its parts are too."""

    def __init__(self, begins: Callable[[], None], ends: Callable[[], None]) -> None:
        self._begins, self._ends, self._deep = begins, ends, 0

    def on_start(self, one: Any) -> None:
        """Numba begins with a function."""
        if _is_ours(one):
            if not self._deep:
                self._begins()
            self._deep += 1

    def on_end(self, one: Any) -> None:
        """It is done with it."""
        if _is_ours(one):
            self._deep -= 1
            if not self._deep:
                self._ends()


def _is_ours(one: Any) -> bool:
    return str(one.data["dispatcher"].py_func.__module__).startswith(kernels.__name__)


@contextlib.contextmanager
def watched(begins: Callable[[], None], ends: Callable[[], None]) -> Iterator[None]:
    """Within this, both are called whenever loops are compiled in this process; reading what was kept is none."""
    with event.install_listener("numba:compile", _Watch(begins, ends)):
        yield


def compiling() -> bool:
    """Whether compiled loops are called, not their twins."""
    return not _plain


@contextlib.contextmanager
def plainly() -> Iterator[None]:
    """Within this, the plain twins are called in this process."""
    global _plain
    before, _plain = _plain, True
    try:
        yield
    finally:
        _plain = before
