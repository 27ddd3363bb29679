"""The report: a page of findings and the files behind it, in one folder a run."""

from __future__ import annotations

from pactrisk.report.folder import absolute, check_target, files, read, recipe, recover, write
from pactrisk.report.keepsakes import unwritten

__all__ = ["absolute", "check_target", "files", "read", "recipe", "recover", "unwritten", "write"]
