"""What pyproject.toml cannot say: a build begins with an empty folder."""

from __future__ import annotations

import shutil

from setuptools import setup
from setuptools.command.build_py import build_py


class FromNothing(build_py):
    """A file deleted from the source must not live on in ``build/``, and from there in what is installed."""

    def run(self) -> None:
        if not self.editable_mode:
            shutil.rmtree(f"{self.build_lib}/pactrisk", ignore_errors=True)
        super().run()


setup(cmdclass={"build_py": FromNothing})
