"""The program at work in a folder of runs: commands, what they print, what a screen shows."""

import hashlib
import json
import shlex
import subprocess
from pathlib import Path

from terminal import Terminal


class Program:
    """A built ae-tui; what it has been asked once in this folder it is not asked again."""

    def __init__(self, path, folder):
        self.path, self.folder = Path(path).resolve(), Path(folder).resolve()

    def asked(self, words):
        """What it prints after these words."""
        words = [str(word) for word in words]
        told = self.folder / f".{hashlib.sha256(repr(words).encode()).hexdigest()[:16]}.out"
        if not told.exists():
            print("ae-tui", *words, flush=True)
            run = subprocess.run([self.path, *words], cwd=self.folder, capture_output=True,
                                 text=True, stdin=subprocess.DEVNULL)
            if run.returncode != 0:
                raise SystemExit(f"ae-tui {shlex.join(words)}\n{run.stderr}")
            told.write_text(run.stdout)
        return told.read_text()

    def json(self, *words):
        return json.loads(self.asked([*words, "--json"]))

    def follow(self, command):
        """Does what a reader is told to, unless it is to be watched."""
        words = shlex.split(command, comments=True)[1:]
        if not watched(words):
            self.asked(words)

    def records(self, run):
        lines = (self.folder / run / "metrics.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def screen(self, words, size, sign, *keys):
        """The rows of the screen after these keys, once it has this sign and stands still."""
        with Terminal([self.path, *words], *size, folder=self.folder) as terminal:
            terminal.lines("exploring")
            terminal.press(*keys)
            return terminal.lines(sign)


def watched(words):
    """Whether a command opens the dashboard."""
    quiet = ["evaluate", "reconstruct", "encode", "decode", "export", "figures", "sweep"]
    if words and words[0] in quiet:
        return False
    return not any(word in words for word in ["--headless", "--table", "--json", "--out"])
