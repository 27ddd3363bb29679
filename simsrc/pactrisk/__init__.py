"""Pactrisk: which agreements become substantive cooperation, and which stay ceremony."""

from __future__ import annotations

__version__ = "0.1.0"
