"""The guides' pictures: pieces of screens as block characters, and files for a browser."""

from measured import DIGITS, WIDTHS, of_width, test_or_training_pixels

# Made by the commands of the guides, beside which they lie in this folder.
FILES = {
    "before-and-after.png": "paper/before-and-after.png",
    "loss.png": "paper/loss.png",
    "widths.png": "beside.png",
    "code-length.png": "widths/code-length.png",
}
SMALL, LESSON, LARGE = (80, 24), (100, 30), (120, 36)
TRAINING_IMAGES = ["t", "\x1b[H"]
NEXT_PAGE = "\x1b[6~"
# Where Train has its two pictures at 80x24, and Samples its wall.
ORIGINAL, RECONSTRUCTION = (range(2, 12), range(0, 22)), (range(13, 23), range(0, 22))
WALL = range(2, 13), range(23, 80)
# Where Train has them at 120x36, over the row of the code.
MIDDLE = [1, *range(3, 15), 16], range(0, 61)


def cut(lines, place):
    """A piece of a screen."""
    rows, columns = place
    return [lines[row][columns.start:columns.stop] for row in rows]


def beside(pieces, width):
    """Pieces in a row, each as wide as this."""
    return ["".join(piece[row].ljust(width) for piece in pieces) for row in range(len(pieces[0]))]


def text(program, numbers):
    """All pictures that are text, by name."""
    explore = ["explore", "digits"]

    def seen(size, sign, *keys):
        return program.screen(explore, size, sign, *keys)

    first, second = (seen(SMALL, "by index", "g", "s", *keys) for keys in [[], [NEXT_PAGE]])
    return {
        "screen": seen(SMALL, "PCA-2|average"),
        "first-images": first_images(seen(SMALL, "0-4 of", *TRAINING_IMAGES, "g", "s")),
        "pixels": pixels(program),
        "network": network(program),
        "middle": cut(seen(LARGE, "784 pixels"), MIDDLE),
        "codes": program.asked(["encode", DIGITS, "--range", "110..120", "--out", "-"]).splitlines(),
        "scale": scale(numbers),
        "epochs": epochs(program),
        "ten-digits": cut(first, WALL) + [""] + cut(second, WALL),
        "map": cut(program.screen([*explore, "--lesson"], LESSON, "second|first", "\t"),
                   (range(1, 22), range(23, 100))),
        "manifold": cut(seen(SMALL, "decoded", "g", "l", "v"), (range(1, 21), range(23, 80))),
        "widths": widths(program),
        "noise": noise(program),
    }


def first_images(lines):
    """The wall's originals alone, without what is made of them."""
    return cut(lines, (range(3, 8), range(23, 80)))


def pixels(program):
    """The middle of the first training image as numbers of 0 to 1."""
    image = test_or_training_pixels(program, "train", 0)
    # The upper arc of the 5.
    rows = [image[28 * row + 9:28 * row + 23] for row in range(4, 12)]
    written = {0: "  .", 255: "  1"}
    return ["".join(written.get(value, f" .{min(99, max(1, round(value / 2.55))):02}").rjust(5)
                    for value in row) for row in rows]


def network(program):
    """The layers, and how many weights lie between them."""
    layers = [int(size) for size in program.json("evaluate", DIGITS)["architecture"].split("-")]
    weights = [(before + 1) * after for before, after in zip(layers, layers[1:])]
    bends = ["ReLU", "ReLU", "ReLU", "sigmoid"]
    names = ["pixels", "units", "code", "units", "pixels"]
    top = "─────▶".join(f"{size:^7}" for size in layers)
    under = " " * 5 + "".join(f"{count:^13,}" for count in weights)
    return [
        " " + top,
        " " + (" " * 6).join(f"{name:^7}" for name in names),
        "",
        under.rstrip() + "   weights",
        (" " * 5 + "".join(f"{bend:^13}" for bend in bends)).rstrip() + "   bend",
        "",
        "   └─────── encoder ────────┘└─────── decoder ────────┘",
    ]


def scale(numbers):
    """Losses on a line from half grey to a perfect copy."""
    width, marks = 72, ["half", "grey", "average", "loss", "copy"]
    names = ["half grey", "one grey", "average", "this network", "a perfect copy"]
    values = [float(numbers[mark]) for mark in marks]
    place = [round((values[0] - value) / (values[0] - values[-1]) * (width - 1)) for value in values]
    line = ["━" if at <= place[3] else "─" for at in range(width)]
    for at in place:
        line[at] = "┼"
    line[place[3]] = "●"
    above, below = [" "] * (width + 16), [" "] * (width + 16)
    # The last two stand below, or their words would meet.
    for at, name, value, row in zip(place, names, values, [above, above, below, above, below]):
        words = f"{name} {value:.3f}"
        first = max(0, min(at - len(words) // 2, width - len(words) + 4))
        row[first:first + len(words)] = words
    return ["  " + "".join(row).rstrip() for row in [above, line, below]]


def epochs(program):
    """The lines of a run without a terminal, without the times."""
    lines = program.asked(["--headless", "--run", "digits", "--save", DIGITS]).splitlines()
    return [line[:len("epoch 10/10  train 0.1951  held-out 0.1951")] for line in lines]


def widths(program):
    """What networks of other widths make of image 110, three in a row."""
    shown = [cut(program.screen(["explore", of_width(width)], SMALL, "average"), RECONSTRUCTION)
             for width in WIDTHS]
    rows = []
    for first in range(0, len(WIDTHS), 3):
        named = [f"   {width} number{'s' if width > 1 else ''}" for width in WIDTHS]
        rows += ["".join(name.ljust(26) for name in named[first:first + 3])]
        rows += beside(shown[first:first + 3], 26) + [""]
    return rows[:-1]


def noise(program):
    """A noisy image, and what the denoising network makes of it."""
    lines = program.screen(["explore", "denoising.safetensors"], SMALL, "average")
    pieces = [cut(lines, ORIGINAL), cut(lines, RECONSTRUCTION)]
    return beside(pieces, 30)
