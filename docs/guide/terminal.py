"""What the program shows on a terminal: keys in, a page of characters out.

The dashboard needs a terminal. This is the smallest that it is content with: it knows how the
cursor is placed, what is put and what is cleared, and answers the questions that are waited for.
Colours are left out (`--color never`), so that shades of grey are block characters, which a
page of text can have too.
"""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

# What a program asks a terminal, and what a plain one says.
ANSWERS = {b"\x1b[c": b"\x1b[?62c", b"\x1b[5n": b"\x1b[0n"}
# A sequence, or the beginning of one that is not there yet.
SEQUENCE = re.compile(
    r"\x1b\[([0-9;?<>=]*)([@-~])|\x1b[\]P_].*?(?:\x07|\x1b\\)|\x1b[()][0-9A-B]|\x1b[0-9=>A-Z]",
    re.DOTALL,
)


class Page:
    """Characters in their places."""

    def __init__(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.row = self.column = 0
        self.rest = ""
        self.clear()

    def clear(self):
        self.cells = [[" "] * self.columns for _ in range(self.rows)]

    def take(self, text):
        text, at = self.rest + text, 0
        self.rest = ""
        while at < len(text):
            if text[at] == "\x1b":
                found = SEQUENCE.match(text, at)
                if not found:
                    self.rest = text[at:]
                    return
                self.obey(found[1] or "", found[2] or "")
                at = found.end()
                continue
            self.put(text[at])
            at += 1

    def put(self, letter):
        if letter == "\r":
            self.column = 0
        elif letter == "\n":
            self.row = min(self.row + 1, self.rows - 1)
        elif letter >= " ":
            if self.column < self.columns:
                self.cells[self.row][self.column] = letter
            self.column += 1

    def obey(self, numbers, letter):
        if letter == "H":
            places = [int(number or 1) for number in (numbers or "1;1").split(";")]
            self.row, self.column = min(places[0], self.rows) - 1, places[-1] - 1
        elif letter == "J":
            self.clear()
        elif letter == "K":
            self.cells[self.row][self.column:] = [" "] * (self.columns - self.column)
        elif letter in "ABCD":
            by = int(numbers or 1)
            self.row += {"A": -by, "B": by}.get(letter, 0)
            self.column += {"C": by, "D": -by}.get(letter, 0)

    def lines(self):
        return ["".join(row) for row in self.cells]


class Terminal:
    """A program on a terminal of this size, until it is left."""

    def __init__(self, words, columns, rows, folder=None):
        self.page = Page(columns, rows)
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        known = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        self.run = subprocess.Popen(
            [*map(str, words), "--color", "never", "--theme", "dark", "--no-ascii"],
            stdin=slave, stdout=slave, stderr=slave, env=known, cwd=folder,
            start_new_session=True,
        )
        os.close(slave)
        self.bytes = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.run.send_signal(signal.SIGTERM)
        while self.run.poll() is None:
            self.hear(0.05)
        os.close(self.master)

    def hear(self, seconds):
        """Takes what comes within this time, and says whether anything did."""
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            told = os.read(self.master, 1 << 16)
        except OSError:
            return False
        for question, answer in ANSWERS.items():
            for _ in range(told.count(question)):
                os.write(self.master, answer)
        # Half of a character waits for its other half.
        self.bytes += told
        text = self.bytes.decode(errors="ignore")
        whole = len(text.encode())
        self.bytes = self.bytes[whole:] if len(self.bytes) - whole < 4 else b""
        self.page.take(text)
        return True

    def press(self, *keys):
        for key in keys:
            os.write(self.master, key.encode())
            self.hear(0.2)

    def lines(self, sign, quiet=2.0, limit=120.0):
        """The page, once it has this sign and has not changed for so many seconds."""
        begun = since = time.monotonic()
        before = self.page.lines()
        while time.monotonic() - begun < limit:
            self.hear(0.1)
            now = self.page.lines()
            if now != before or not any(re.search(sign, line) for line in now):
                before, since = now, time.monotonic()
            elif time.monotonic() - since > quiet:
                return now
        shown = "\n".join(before)
        raise SystemExit(f"no still page with {sign!r} within {limit:.0f} s:\n{shown}")
