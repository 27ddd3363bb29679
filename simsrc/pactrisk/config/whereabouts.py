"""Where files are: a bare name is looked for in its folder, and a near miss is named."""

from __future__ import annotations

from pathlib import Path

from pactrisk.config.quoting import listed
from pactrisk.errors import InputError, Place, Problem
from pactrisk.spelling import nearest

__all__ = ["above", "existing", "scenario_file"]


def existing(path: Path, folder: str) -> Path:
    """``path``, or the file of that name in ``folder`` where a bare name is given, with or without its ending."""
    bare = path.suffix in ("", ".toml") and path.parent == Path()
    return Path(folder) / f"{path.stem}.toml" if bare and not _is_there(path) else path


def above(folder: Path) -> Path:
    """The folder that ``folder`` lies in, however its path is spelled; paths stay as short as they were given."""
    return folder / ".." if folder.name in ("", "..") else folder.parent


def scenario_file(name: str, folders: list[Path], place: Place, dotted: str) -> Path:
    """The scenario file of this name in the first of the folders that has it.

    Raises
    ------
    InputError : at ``place``, for the key ``dotted``, where none has.
    """
    for folder in folders:
        for candidate in (folder / name, folder / f"{name}.toml"):
            if candidate.suffix == ".toml" and _is_file(candidate):
                return candidate
    known = sorted({p.stem for folder in folders if folder.is_dir() for p in folder.glob("*.toml")})
    near = nearest(Path(name).stem, known)
    where = ", ".join(str(f) for f in dict.fromkeys(folders))
    hint = (
        f"did you mean {near}?" if near else f"in {where} there are {listed(known)}" if known else f"looked in {where}"
    )
    raise InputError(Problem(dotted, f"there is no scenario {name[:60]!r}", hint, place))


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        # a name that the system cannot hold names nothing
        return False


def _is_file(path: Path) -> bool:
    return _is_there(path) and path.is_file()
