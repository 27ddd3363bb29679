"""Whether a run's folder holds what its inputs give: it is run again, every stored sum compared, and all that is said
of them, in whatever file, read from them anew."""

from pactrisk.verifying.again import verify
from pactrisk.verifying.sums import TOLERANCE, Verdict, compare

__all__ = ["TOLERANCE", "Verdict", "compare", "verify"]
