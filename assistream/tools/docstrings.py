"""What a docstring says to the model: Google's, NumPy's and Sphinx's conventions."""

from __future__ import annotations

__all__ = ["read"]


def read(text: str | None) -> tuple[str, dict[str, str]]:
    """Take a docstring apart.

    Returns:
        What comes before the sections, and what is said of each parameter.
    """
    if not text or not text.strip():
        return "", {}
    import docstring_parser  # not needed, and not paid for, by programs without tools

    try:
        found = docstring_parser.parse(text)
    except docstring_parser.ParseError:
        return text.strip(), {}
    parameters = {param.arg_name: param.description.strip() for param in found.params if param.description}
    return (found.description or "").strip(), parameters
