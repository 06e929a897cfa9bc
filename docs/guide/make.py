#!/usr/bin/env python3
"""Makes every number and picture of docs/GUIDE.md and docs/GUIDE.fa.md, from real runs.

    cargo build --release
    python3 docs/guide/make.py             writes both guides, and the pictures in docs/guide
    python3 docs/guide/make.py --check     writes nothing; fails where anything is not what it was
    python3 docs/guide/make.py --runs DIR  keeps the runs in DIR, and takes those that are there

It runs every command of the guides that needs no terminal, in their order, and so knows that
they can be followed. What a terminal shows it sees in one of its own. It needs Python 3.9 on
Linux or macOS, nothing else, and some minutes: about five where nothing else runs.

Processors differ in the last bits of a sum. On another than the one that the guides were made
on a last digit may differ, and a blank in a picture: then --check says so, and it is no fault.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import figures
import pages
from measured import measured
from program import Program

FOLDER = Path(__file__).resolve().parent
GUIDES = [pages.Guide(FOLDER.parent / "GUIDE.md"), pages.Guide(FOLDER.parent / "GUIDE.fa.md")]
PROGRAM = FOLDER.parent.parent / "target/release/ae-tui"


def changed(path, made, check):
    """Says whether a file is other than what was made, and writes that unless it is a check."""
    if path.exists() and path.read_bytes() == made:
        return False
    if not check:
        path.write_bytes(made)
    print(f"{path.name} {'is not what the program makes now' if check else 'was made anew'}")
    return True


def make(program, check):
    """Does all of it; the number of files that were, or are, to be changed."""
    for command in GUIDES[0].commands():
        program.follow(command)
    numbers = measured(program)
    drawn = figures.text(program, numbers)
    count = 0
    for guide in GUIDES:
        old, new = guide.text(), guide.filled(numbers, drawn)
        for before, after in zip(old.splitlines(), new.splitlines()):
            if check and before != after:
                print(f"{guide.path.name}: {before}\n{' ' * len(guide.path.name)}  {after}")
        count += changed(guide.path, new.encode(), check)
    for name, file in figures.FILES.items():
        count += changed(FOLDER / name, (program.folder / file).read_bytes(), check)
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, say what differs")
    parser.add_argument("--runs", metavar="DIR", help="keep the runs there, to take them again")
    parser.add_argument("--program", default=PROGRAM, help="another ae-tui than this clone's")
    asked = parser.parse_args()
    if not Path(asked.program).exists():
        raise SystemExit(f"there is no {asked.program}; run `cargo build --release` first")
    with tempfile.TemporaryDirectory() as folder:
        runs = Path(asked.runs or folder)
        runs.mkdir(parents=True, exist_ok=True)
        count = make(Program(asked.program, runs), asked.check)
    sys.exit(1 if asked.check and count else 0)


if __name__ == "__main__":
    main()
