"""Refusals of arrays: the line of NumPy in each is followed as it stands, until the array is taken."""

import os
import re
import sys
import tempfile
from pathlib import Path

import numpy as np
from at_hand import ae_tui, run

FOLDER = Path(tempfile.mkdtemp())
SHAPE = (4, 8, 8)
WHOLE = [np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64]
TRAIN = ("--headless", "--max-steps", 1, "--data")


def ramp(least, most, dtype):
    """Images from the least number to the most."""
    return np.linspace(least, most, np.prod(SHAPE)).astype(dtype).reshape(SHAPE)


def taken(path, code=0):
    _, told = ae_tui(*TRAIN, path, code=code)
    return told


def cured(x, told):
    """What the line of NumPy in a message makes of an array."""
    numbers = r"(np\.nan_to_num\(.*\))$"
    pixels = r": (?:divide by \S+, )?([^:]*\bx\b[^:]*)$"
    found = re.search(numbers, told.strip()) or re.search(pixels, told.strip())
    line = found[1] if found else None
    if line is None:
        method = re.search(r'save (?:it|them) with (\.astype\(".*?"\))', told)
        assert method, told
        line = "x" + method[1]
    with np.errstate(all="raise"):
        return eval(line, {"np": np, "x": x})  # noqa: S307


def follow(x, most_cures=1):
    """Follows the cures; each image is to keep the order of its pixels."""
    path = FOLDER / "x.npy"
    for _ in range(most_cures):
        np.save(path, x)
        before, x = x, cured(x, taken(path, code=1))
        order = np.argsort(before.astype(np.float64), axis=None, kind="stable")
        assert (np.diff(x.ravel()[order].astype(np.float64)) >= 0).all(), "darker pixels became lighter"
    np.save(path, x)
    taken(path)
    return x


def check_whole_numbers_of_every_type_and_range():
    for dtype in WHOLE:
        ends = np.iinfo(dtype)
        for least, most in [(0, 1), (0, 300), (-1, 1), (-128, 127), (-1024, 3071), (ends.min // 2, ends.max // 2)]:
            if least < ends.min or most > ends.max or (dtype == np.uint8 and most > 1):
                continue
            x = follow(ramp(least, most, dtype))
            # From black to white: nothing wrapped around.
            assert x.min() == 0 and x.max() >= 254, f"{dtype.__name__} {least} to {most}: {x.min()} to {x.max()}"


def check_reals_of_every_type_and_range():
    for dtype in [np.float16, np.float32, np.float64]:
        for least, most in [(0, 1.5), (0, 16), (0, 255), (0, 300), (-1, 1), (-0.5, 0.5), (-2, 2), (-60000, 60000)]:
            follow(ramp(least, most, dtype))


def check_images_of_one_number():
    for x in [np.full(SHAPE, -1), np.full(SHAPE, -3.0), np.full(SHAPE, 2.5)]:
        follow(x)


def check_numbers_that_are_none():
    for dtype in [np.float32, np.float64]:
        for wrong in [np.nan, np.inf, -np.inf]:
            x = ramp(0, 1, dtype)
            x[1, 2, 3] = wrong
            path = FOLDER / "x.npy"
            np.save(path, x)
            np.save(path, cured(x, taken(path, code=1)))
            taken(path)


def check_bytes_in_the_order_of_other_machines_and_other_types():
    for kind in [">i2", ">u2", ">i4", ">i8", ">f4", ">f8"]:
        follow(ramp(0, 1 if "f" in kind else 200, kind))
    follow(ramp(0, 1, bool))
    np.save(FOLDER / "x.npy", ramp(0, 1, np.complex64))
    told = taken(FOLDER / "x.npy", code=1)
    np.save(FOLDER / "x.npy", cured(ramp(0, 1, np.float32), told))
    taken(FOLDER / "x.npy")


def check_shapes_that_others_have():
    for shape in [(4, 3, 8, 8), (4, 8, 8, 4)]:
        x = (np.arange(np.prod(shape)) % 256).astype(np.uint8).reshape(shape)
        np.save(FOLDER / "x.npy", x)
        told = taken(FOLDER / "x.npy", code=1)
        line = re.search(r"np\.moveaxis\(.*?\)|x\[.*?\]", told)[0]
        np.save(FOLDER / "x.npy", eval(line, {"np": np, "x": x}))  # noqa: S307
        taken(FOLDER / "x.npy")


def check_words_for_labels():
    path, x = FOLDER / "x.npz", ramp(0, 255, np.uint8)
    np.savez(path, x=x, y=np.array(["cat", "dog", "cat", "dog"]))
    told = taken(path, code=1)
    names = {"np": np, "y": np.load(path)["y"]}
    exec(told.rsplit("classes: ", 1)[1], names)  # noqa: S102
    np.savez(path, x=x, y=names["y"], classes=names["classes"])
    assert "cat, dog" in taken(path)


os.chdir(FOLDER)
run(sys.modules[__name__])
