"""Tools that the engine runs itself, in the middle of a run: the seam for them, and those there are."""

from .base import Answer, BadCall, Broken, BuiltIn, Job, Reader, Seen, Silent
from .toolbox import NOTHING, Offer, Toolbox

__all__ = [
    "NOTHING",
    "Answer",
    "BadCall",
    "Broken",
    "BuiltIn",
    "Job",
    "Offer",
    "Reader",
    "Seen",
    "Silent",
    "Toolbox",
]
