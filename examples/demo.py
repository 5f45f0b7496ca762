"""`make demo`: an assistant answers, calls two Python functions and goes on. Offline, over real HTTP on this machine.

It is the program that `assistream demo` is, too: assistream/cli/demo.py.
"""

from __future__ import annotations

from assistream.cli.demo import demo

if __name__ == "__main__":
    demo()
