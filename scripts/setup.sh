#!/bin/sh
# Makes .venv ready: an environment of the project's own, with the project (editable) and its development tools,
# of the versions in constraints.txt, so that what was green stays green.
# Says and does nothing when that was done before and still holds. Needs only Python 3.11 or later.
set -eu
cd "$(dirname "$0")/.."

python=.venv/bin/python
stamp=.venv/assistream-ready

say() { printf '%s\n' "$*" >&2; }

supports() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

# An environment holds its own path and the project's. The stamp says where it was made, and for what.
place=$(pwd -P)
wanted=$(cat pyproject.toml constraints.txt | cksum)
made_at=$place
made_for=
if [ -f "$stamp" ]; then
    { read -r made_for && read -r made_at; } <"$stamp" || made_at=
fi

if [ "$made_at" = "$place" ] && [ "$made_for" = "$wanted" ] && supports "$python"; then
    exit 0
fi

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if supports "$candidate"; then
            bare=${bare:-$candidate}
            if "$candidate" -c 'import ensurepip, venv' >/dev/null 2>&1; then
                printf '%s' "$candidate"
                return
            fi
        fi
    done
    if [ -n "${bare:-}" ]; then
        say "$bare cannot make virtual environments: its venv or ensurepip module is not installed."
        say "On Debian and Ubuntu: apt-get install python3-venv"
    else
        say "No Python 3.11 or later was found. Install one, or name it: make test PYTHON=/path/to/python3"
    fi
    return 1
}

# Half made, moved with its checkout, or of a Python that is gone: made again.
if [ "$made_at" != "$place" ] || ! supports "$python" || ! "$python" -m pip --version >/dev/null 2>&1; then
    base=$(find_python)
    say "Making .venv with $base ($("$base" -V 2>&1))"
    "$base" -m venv --clear .venv
fi

say "Installing the project and its development tools into .venv (a minute or two, once)"
rm -f "$stamp"
install() { "$python" -m pip install --quiet --disable-pip-version-check --editable '.[dev]' "$@"; }
if ! install --constraint constraints.txt; then
    # An index of packages that no longer has one of them, or a Python that is newer than they are.
    say "The versions in constraints.txt cannot all be had here: installing what pyproject.toml allows instead"
    install
fi
printf '%s\n' "$wanted" "$place" >"$stamp"
