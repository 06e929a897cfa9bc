#!/usr/bin/env python3
"""Makes the pictures and the tables of docs/AUTOENCODERS.md, from real runs.

    cargo build --release
    python3 docs/autoencoders/make.py              everything
    python3 docs/autoencoders/make.py --pictures   only the pictures, from one run of each preset

Each preset is trained as it is for ten epochs with three seeds, and measured
with `ae-tui evaluate`. A cell is the median of the seeds, with the smallest and
the largest behind it. Needs Python 3.9 and nothing else; leaves the machine
alone meanwhile if the seconds are to be right.
"""

import argparse
import json
import re
import statistics
import subprocess
import tempfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PAGE = FOLDER.parent / "AUTOENCODERS.md"
PROGRAM = FOLDER.parent.parent / "target/release/ae-tui"

PRESETS = ["article", "map", "deep", "sparse", "denoising", "conv", "vae"]
SEEDS = [1, 2, 3]
PIXELS = 784


def ae_tui(*words):
    """Runs the program and returns what it prints."""
    run = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True)
    if run.returncode != 0:
        raise SystemExit(f"ae-tui {' '.join(map(str, words))}\n{run.stderr}")
    return run.stdout


def train(folder, preset, seed, *more):
    """Trains and returns the weights' file and the records of the run."""
    weights = folder / f"{preset}-{seed}.safetensors"
    log = folder / f"{preset}-{seed}.jsonl"
    options = ["--preset", preset, "--seed", seed, "--save", weights, "--metrics", log]
    ae_tui("train", "--headless", *options, *more)
    return weights, [json.loads(line) for line in log.read_text().splitlines()]


def evaluate(weights):
    return json.loads(ae_tui("evaluate", weights, "--json"))


def raw_pixels():
    """How many in a hundred digits the pixels themselves tell by the same vote."""
    words = ["cargo", "run", "--quiet", "--release", "--example", "raw_pixels"]
    run = subprocess.run(words, cwd=FOLDER, capture_output=True, text=True, check=True)
    return float(re.search(r"tell ([0-9.]+) %", run.stdout)[1])


# What a row needs of the program's JSON; nothing else here knows its names.

def seconds(records):
    return sum(record["seconds"] for record in records if record["event"] == "epoch")


def of_network(report):
    back = report["reconstruction"]["network"]
    return back["cross_entropy"], back["psnr"], 100 * report["features"]["network"]


def of_pca(report):
    back = report["reconstruction"]["pca"]
    return back["cross_entropy"], back["psnr"], 100 * report["features"]["pca"]


def of_mean_image(report):
    back = report["reconstruction"]["mean_image"]
    return back["cross_entropy"], back["psnr"]


def code_values(report):
    return report["compression"]["values"]


def zeros(report):
    return 100 * report["sparsity"]["zeros"]


def of_noise(report):
    """The noise's name, and the decibels of noisy images, a median filter, the network."""
    found = report["denoising"]
    if found is None:
        return None
    return found["noise"], [found[of]["psnr"] for of in ["noisy", "median", "network"]]


# Tables.

def cell(values, digits):
    """Median (smallest to largest)."""
    low, middle, high = (f"{f(values):.{digits}f}" for f in [min, statistics.median, max])
    return middle if low == high else f"{middle} ({low}–{high})"


def row(*cells):
    return "| " + " | ".join(map(str, cells)) + " |"


def table(runs, raw_accuracy):
    """One row for each preset, then what needs no network."""
    names = ["values an image", "held-out loss", "PSNR, dB", "10-NN, %", "zeros, %", "seconds"]
    lines = [row("", *names), row("---", *["---:"] * len(names))]
    pca = {}
    for preset, seeds in runs.items():
        reports = [report for report, _ in seeds]
        losses, decibels, accuracies = zip(*map(of_network, reports))
        values = code_values(reports[0])
        lines.append(row(
            f"`{preset}`", values, cell(losses, 4), cell(decibels, 2), cell(accuracies, 1),
            cell(list(map(zeros, reports)), 0), cell([spent for _, spent in seeds], 1),
        ))
        pca[values] = of_pca(reports[0])
    for values, (loss, decibels, accuracy) in sorted(pca.items()):
        measured = f"{loss:.4f}", f"{decibels:.2f}", f"{accuracy:.1f}"
        lines.append(row(f"PCA-{values}", values, *measured, "", ""))
    loss, decibels = of_mean_image(next(iter(runs.values()))[0][0])
    lines.append(row("the mean image", 0, f"{loss:.4f}", f"{decibels:.2f}", "", "", ""))
    lines.append(row("raw pixels", PIXELS, "", "", f"{raw_accuracy:.1f}", "", ""))
    return "\n".join(lines)


def noise_table(runs):
    """How much noise each network that was trained with it takes off."""
    lines = [
        row("", "noise", "noisy, dB", "3x3 median, dB", "network, dB"),
        row("---", "---", "---:", "---:", "---:"),
    ]
    for preset, seeds in runs.items():
        found = [of_noise(report) for report, _ in seeds]
        if found[0] is not None:
            columns = zip(*(decibels for _, decibels in found))
            lines.append(row(f"`{preset}`", f"`{found[0][0]}`", *(cell(c, 2) for c in columns)))
    return "\n".join(lines)


def fill(name, text):
    """Puts `text` between the page's two marks of this name."""
    page = PAGE.read_text()
    marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    page, found = marks.subn(lambda match: match[1] + text + "\n" + match[2], page)
    if found != 1:
        raise SystemExit(f"{PAGE} has {found} places for {name}, and needs one")
    PAGE.write_text(page)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", action="store_true", help="no tables")
    parser.add_argument("--presets", nargs="+", metavar="NAME",
                        help="with --pictures: these presets in place of all seven")
    asked = parser.parse_args()
    if asked.presets and not asked.pictures:
        parser.error("--presets needs --pictures: the page's tables need all of them")
    if not PROGRAM.exists():
        raise SystemExit(f"there is no {PROGRAM}; run `cargo build --release` first")
    runs = {}
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for preset in asked.presets or PRESETS:
            for seed in SEEDS[:1] if asked.pictures else SEEDS:
                weights, records = train(folder, preset, seed)
                if seed == SEEDS[0]:
                    ae_tui("reconstruct", weights, "--out", FOLDER / f"{preset}.png")
                if not asked.pictures:
                    runs.setdefault(preset, []).append((evaluate(weights), seconds(records)))
                print(f"{preset}, seed {seed}: {seconds(records):.1f} s", flush=True)
        if asked.pictures:
            return
    texts = {"table": table(runs, raw_pixels()), "noise-table": noise_table(runs)}
    for name, text in texts.items():
        fill(name, text)
        print(text)


if __name__ == "__main__":
    main()
