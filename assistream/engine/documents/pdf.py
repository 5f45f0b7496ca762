"""The text of a PDF, page after page."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from .unreadable import Unreadable

# Fonts draw them as one, and nobody looks for words with them.
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_LOCKED = "The PDF is encrypted with a password. Save it without one."


def pages(data: bytes) -> Iterator[str]:
    """Each page, and between them an empty line. A page that cannot be read is named where it would stand."""
    try:
        reader = PdfReader(BytesIO(data))  # what only its owner has a password for is decrypted without one
        count = len(reader.pages)
    except FileNotDecryptedError:
        raise Unreadable("invalid_file", _LOCKED) from None
    except DependencyError as error:
        raise Unreadable("server_error", f"The PDF is encrypted in a way that needs another package: {error}") from None
    said, broken = False, 0
    for number in range(count):
        try:
            text = reader.pages[number].extract_text().translate(_LIGATURES).strip()
        except (MemoryError, RecursionError):
            raise
        except Exception as error:  # any: pypdf goes by what the file says, and files say anything
            broken += 1
            text = f"[Page {number + 1} could not be read: {type(error).__name__}]"
        else:
            said = said or bool(text)
        yield text
        yield ""
    if broken and not said:
        raise Unreadable("invalid_file", "No page of the PDF can be read. It is damaged.")
    if not said:
        raise Unreadable(
            "invalid_file", "The PDF has no text: its pages are pictures. Recognise their text (OCR) first."
        )
