"""What the checks share: the program (AE_TUI), its images, networks that it trained, what it says of files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

AE_TUI = os.environ["AE_TUI"]
PRESETS = ["article", "map", "deep", "sparse", "denoising", "conv", "vae"]
COUNT = 100

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "examples" / "python"))


def ae_tui(*words, code=0):
    """Standard output and standard error of the program, which has to end so."""
    done = subprocess.run([AE_TUI, *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == code, f"{words}: {done.returncode}\n{done.stderr}"
    return done.stdout, done.stderr


def images(count=COUNT):
    """The first test images [n, 28, 28], of 0 to 1."""
    file = Path(ae_tui("data")[0].strip()) / "t10k-images-idx3-ubyte"
    pixels = np.fromfile(file, np.uint8, 784 * count, offset=16)
    return (pixels.reshape(count, 28, 28) / 255).astype(np.float32)


def trained(preset, folder, *more, name=None):
    """Weights that have learnt something."""
    path = Path(folder) / f"{name or preset}.safetensors"
    ae_tui("--headless", "--preset", preset, "--max-steps", 300, "--save", path, *more)
    return path


def drawn(path, *more):
    """What the program draws of the images, by way of their codes; a run's own noise is on them."""
    # A convolutional network from elsewhere does not say how large its images are.
    codes, pictures = (Path(path).with_suffix(f".{name}.npy") for name in ("codes", "drawn"))
    ae_tui("encode", path, "--range", f"0..{COUNT}", "--out", codes, *more)
    ae_tui("decode", path, codes, "--size", 28, "--out", pictures, *more)
    return np.load(pictures)


def loss_of(path, *more):
    """What those cost. It takes a tenth of the time of `measured_loss_of`."""
    return cross_entropy(images(), drawn(path, *more))


def measured_loss_of(path, *more):
    """What the program says that the images cost, which go in without noise."""
    said, _ = ae_tui("evaluate", path, "--range", f"0..{COUNT}", "--json", *more)
    return json.loads(said)["reconstruction"]["network"]["cross_entropy"]


def cross_entropy(targets, answers):
    """Of what a network of somebody else's draws."""
    targets, answers = np.asarray(targets, np.float64), np.asarray(answers, np.float64)
    answers = np.clip(answers, 1e-7, 1 - 1e-7)
    return -(targets * np.log(answers) + (1 - targets) * np.log(1 - answers)).mean()


def run(module):
    """Runs all that is called check_..., a line each."""
    passed = failed = 0
    for name, check in list(vars(module).items()):
        if not name.startswith("check_"):
            continue
        try:
            check()
        except Exception as error:  # noqa: BLE001
            failed += 1
            print(f"failed: {name}: {type(error).__name__}: {error}")
        else:
            passed += 1
            print(f"passed: {name}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)
