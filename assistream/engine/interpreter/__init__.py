"""Runs Python that a model wrote, in a sandbox of the operating system. What needs one is imported when it is used."""

from .limits import CodeInterpreter

__all__ = ["CodeInterpreter"]
