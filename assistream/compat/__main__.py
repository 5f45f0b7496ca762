"""``python -m assistream.compat program.py its arguments``: run a program for `openai` with assistream."""

from __future__ import annotations

import runpy
import sys

from . import install

if __name__ == "__main__":
    install()
    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")
