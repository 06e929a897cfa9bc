"""The guides' numbers, by name, as they are written in English."""

import itertools
import math
import re

DIGITS = "digits.safetensors"
WIDTHS = [1, 2, 3, 8, 16, 32]
KINDS = ["article", "deep", "conv", "sparse", "denoising", "vae"]
SWEEPS = {
    "width": ["--encoder", "32,1/32,2/32,3/32,8/32,16/32,32", "--seed", "1-3", "--out", "widths"],
    "batch": ["--batch-size", "8/32/128/512", "--seed", "1-3", "--out", "batches"],
    "rate": ["--learning-rate", "0.00001/0.0001/0.001/0.01/0.1", "--seed", "1-3", "--out", "rates"],
    "kind": ["--preset", "article/deep/conv/sparse/denoising/vae", "--out", "kinds"],
}


def of_width(width):
    """The folder of the first of the runs of this width."""
    return f"widths/encoder-32,{width}_seed-1"


def loss(value):
    return f"{value:.3f}"


def count(value):
    return f"{value:,}"


def hundredths(part):
    """A share as so many in a hundred."""
    return f"{100 * part:.0f}"


def measured(program):
    """All of them."""
    report = program.json("evaluate", DIGITS)
    return {
        **data(program),
        **recipe(program),
        **pixel_losses(),
        **ends(program, report),
        **ten_digits(program),
        **good_for(report),
        **noise(program),
        **strangers(program),
        **kinds(program),
        **tuning(program),
    }


def test_or_training_pixels(program, half, index):
    """The bytes of an image, from the unpacked files."""
    name = {"train": "train-images-idx3-ubyte", "test": "t10k-images-idx3-ubyte"}[half]
    with open(f"{program.asked(['data']).strip()}/{name}", "rb") as file:
        file.seek(16 + index * 784)
        return file.read(784)


def data(program):
    folder = program.asked(["data"]).strip()

    def header(name):
        with open(f"{folder}/{name}", "rb") as file:
            return [int.from_bytes(file.read(4), "big") for _ in range(4)]

    train, test = header("train-images-idx3-ubyte"), header("t10k-images-idx3-ubyte")
    return {
        "train": count(train[1]), "test": count(test[1]), "all": count(train[1] + test[1]),
        "side": count(train[2]), "pixels": count(train[2] * train[3]),
        "zero": "0", "one": "1", "byte": "255",
    }


def recipe(program):
    """What the run is, from its log's first record."""
    records = program.records("digits")
    start = records[0]
    layers = [int(size) for size in start["architecture"].split("-")]
    weights = [(before + 1) * after for before, after in zip(layers, layers[1:])]
    steps = records[1]["step"]
    return {
        "weights": count(sum(weights)), "weights.first": count(weights[0]),
        "hidden": count(layers[1]), "epochs": count(start["epochs"]),
        "batch": count(start["batch_size"]), "rate": str(start["learning_rate"]),
        "seed": count(start["seed"]), "steps.epoch": count(steps),
        "steps": count(steps * start["epochs"]),
    }


def pixel_losses():
    """What one full pixel costs that is drawn as bright as this."""
    found = {}
    for drawn in ["0.99", "0.9", "0.5", "0.1", "0.01"]:
        found[f"pixel.{drawn}"] = drawn
        found[f"pixel.{drawn}.costs"] = loss(-math.log(float(drawn)))
    return found


def ends(program, report):
    """Losses that the network is held against, and its own."""
    found = {
        "half": loss(math.log(2)),
        "grey": loss(report["reconstruction"]["one_grey"]["cross_entropy"]),
        "average": loss(report["reconstruction"]["mean_image"]["cross_entropy"]),
        "pca": loss(report["reconstruction"]["pca"]["cross_entropy"]),
        "loss": loss(report["reconstruction"]["network"]["cross_entropy"]),
    }
    shown = "\n".join(program.screen(["explore", "digits", "--lesson"], (100, 30), "perfect copy"))
    found["copy"] = "0" + re.search(r"a perfect copy (\.\d+)", shown)[1]
    epochs = [record for record in program.records("digits") if record["event"] == "epoch"]
    found["epoch.first"] = loss(epochs[0]["val_loss"])
    found["epoch.second"] = loss(epochs[1]["val_loss"])
    found["trained"] = loss(epochs[-1]["train_loss"])
    return found


def ten_digits(program):
    """The tutorial's ten: what each costs, and which two digits have the nearest codes.

    Near for how far out they are: by the middle of the map a little is another picture."""
    rows = program.asked(["encode", DIGITS, "--range", "110..120", "--out", "-"]).splitlines()[1:]
    rows = [row.split(",") for row in rows]
    pairs = itertools.combinations(rows, 2)
    different = (pair for pair in pairs if pair[0][1] != pair[1][1])
    nearest = min(different, key=apart)
    found = {"first": rows[0][0], "last": rows[-1][0],
             "pair.one": nearest[0][0], "pair.two": nearest[1][0]}
    shown = [program.screen(["explore", "digits"], (80, 24), "by index", "g", "s", *page)
             for page in [[], ["\x1b[6~"]]]
    costs = [cost for lines in shown for cost in re.findall(r"(11\d)[ ─]*(\.\d{3})", lines[2])]
    found.update({f"loss.{index}": f"0{cost}" for index, cost in costs})
    return found


def apart(pair):
    """How far two rows' codes are from each other, of the longer one."""
    codes = [[float(value) for value in row[2:]] for row in pair]
    return math.dist(*codes) / max(math.hypot(*code) for code in codes)


def good_for(report):
    network, features = report["reconstruction"]["network"], report["features"]
    digits = {f"loss.of.{of['digit']}": loss(of["cross_entropy"]) for of in network["digits"]}
    size = report["compression"]
    return {
        **digits,
        "told": hundredths(features["network"]), "told.pca": hundredths(features["pca"]),
        "guess": hundredths(1 / len(network["digits"])), "hundred": "100", "fifty": "50",
        "off": hundredths(math.sqrt(network["mse"])),
        "code.bytes": count(size["bytes"]), "image.bytes": count(size["image_bytes"]),
        "shrinks": count(round(size["image_bytes"] / size["bytes"])),
    }


def noise(program):
    """How far off pixels are, in hundredths, with noise and without."""
    found = program.json("evaluate", "denoising.safetensors")["denoising"]
    return {f"off.{of}": hundredths(10 ** (-found[of]["psnr"] / 20))
            for of in ["noisy", "median", "network"]}


def strangers(program):
    """How often a digit that a network has never seen costs more than one that it knows."""
    program.asked(["--headless", "--digits", "0-8", "--save", "no-nines.safetensors"])
    unseen = {of: program.json("evaluate", f"no-{of}.safetensors")["unseen"]["roc_area"]
              for of in ["zeros", "nines"]}
    return {f"{of}.found": hundredths(area) for of, area in unseen.items()}


def kinds(program):
    program.asked(["sweep", *SWEEPS["kind"]])
    folders = [f"kinds/preset-{name}" for name in KINDS]
    found = {}
    for name, network in zip(KINDS, program.json("compare", *folders)["networks"]):
        found[f"kind.{name}.numbers"] = count(network["code"])
        found[f"kind.{name}.weights"] = count(network["parameters"])
        found[f"kind.{name}.loss"] = loss(network["reconstruction"]["cross_entropy"])
        found[f"kind.{name}.told"] = hundredths(network["features"]["network"])
    return found


def tuning(program):
    """What comes of each knob: the mean over three seeds, the least and the most."""
    found = {}
    for knob in ["width", "batch", "rate"]:
        for point in program.json("sweep", *SWEEPS[knob])["points"]:
            value = point["values"][0].split(",")[-1]
            found[f"{knob}.{value}"] = value
            found[f"{knob}.{value}.loss"] = loss(point["mean"])
            found[f"{knob}.{value}.least"] = loss(point["least"])
            found[f"{knob}.{value}.most"] = loss(point["most"])
            found[f"{knob}.{value}.pca"] = loss(point["pca"])
            found[f"{knob}.{value}.steps"] = count(point["runs"][0]["step"])
    compared = program.json("compare", *map(of_width, WIDTHS))["networks"]
    for width, network in zip(WIDTHS, compared):
        found[f"width.{width}.told"] = hundredths(network["features"]["network"])
        found[f"width.{width}.off"] = hundredths(math.sqrt(network["reconstruction"]["mse"]))
    for record in program.records("longer"):
        if record["event"] == "epoch":
            number = record["epoch"]
            found[f"after.{number}"] = count(number)
            found[f"after.{number}.loss"] = loss(record["val_loss"])
            found[f"after.{number}.trained"] = loss(record["train_loss"])
    return found
