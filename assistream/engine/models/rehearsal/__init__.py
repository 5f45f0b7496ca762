"""The offline model. Its rules stand in the docstring of `Rehearsal`; each part of them is a file here."""

from assistream.engine.models.rehearsal.model import Rehearsal

__all__ = ["Rehearsal"]
