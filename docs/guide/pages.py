"""The guides as files: which of their numbers is which, and how they are written.

A comment after a paragraph, a list or a table names its numbers, in their order:

    It ends at a loss of 0.195; one grey everywhere costs 0.391.
    <!-- numbers: loss grey -->

As in a shell `batch.{8,32}{,.loss}` is four names, `batch.8 batch.8.loss batch.32 batch.32.loss`,

and `<!-- picture: NAME -->` stands before a block of characters that is a picture. Words in
code, keys and addresses are no numbers. The Persian guide has Persian digits.
"""

import re

NUMBER = {
    False: re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?"),
    True: re.compile(r"[۰-۹]+(?:٬[۰-۹]{3})*(?:٫[۰-۹]+)?"),
}
PERSIAN = str.maketrans("0123456789,.", "۰۱۲۳۴۵۶۷۸۹٬٫")
NOT_PROSE = re.compile(r"`[^`]*`|<(code|kbd)[^>]*>.*?</\1>|<[^>]*>|\]\([^)]*\)")
NAMES = re.compile(r"<!-- numbers: (.*?) -->")
PICTURE = re.compile(r"(<!-- picture: (\S+) -->\n\n?```text\n).*?(^```$)", re.DOTALL | re.MULTILINE)
BRACES = re.compile(r"(.*?)\{(.*?)\}(.*)")
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def spelt(names):
    """Names with all braces opened."""
    found = []
    for name in names.split():
        braces = BRACES.fullmatch(name)
        if braces:
            before, inside, after = braces.groups()
            found += spelt(" ".join(before + one + after for one in inside.split(",")))
        else:
            found.append(name)
    return found


class Guide:
    """One of the two."""

    def __init__(self, path):
        self.path = path
        self.persian = path.name.endswith(".fa.md")

    def text(self):
        return self.path.read_text()

    def commands(self):
        """What a reader is told to run, in order."""
        lines = "".join(COMMANDS.findall(self.text())).splitlines()
        return [line for line in lines if line.startswith("ae-tui")]

    def filled(self, numbers, pictures):
        """The guide with these numbers and pictures in place of those that it has."""
        lines = self.text().splitlines()
        for at, line in enumerate(lines):
            names = NAMES.fullmatch(line)
            if names:
                first = at
                while lines[first - 1]:
                    first -= 1
                block = "\n".join(lines[first:at])
                lines[first:at] = self.numbered(block, spelt(names[1]), numbers).split("\n")
        return PICTURE.sub(lambda found: found[1] + self.picture(found[2], pictures) + found[3],
                           "\n".join(lines) + "\n")

    def numbered(self, block, names, numbers):
        """A block with its numbers as they are now."""
        prose = NOT_PROSE.sub(lambda found: "\0" * len(found[0]), block)
        places = list(NUMBER[self.persian].finditer(prose))
        if len(places) != len(names):
            raise SystemExit(f"{self.path.name}: {len(places)} numbers and {len(names)} names: "
                             f"{' '.join(names)}\n{block}")
        for place, name in reversed(list(zip(places, names))):
            if name not in numbers:
                raise SystemExit(f"{self.path.name}: nothing is called {name}")
            value = numbers[name].translate(PERSIAN) if self.persian else numbers[name]
            block = block[:place.start()] + value + block[place.end():]
        return block

    def picture(self, name, pictures):
        if name not in pictures:
            raise SystemExit(f"{self.path.name}: no picture is called {name}")
        return "".join(f"{line.rstrip()}\n" for line in pictures[name])
