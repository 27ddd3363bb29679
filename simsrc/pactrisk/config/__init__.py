"""From files to specs: the only floor that reads them (floor 8)."""

from pactrisk.config.edits import Option
from pactrisk.config.loading import Loaded, load, load_scenario, looks_like_scenario

__all__ = ["Loaded", "Option", "load", "load_scenario", "looks_like_scenario"]
