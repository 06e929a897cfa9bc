"""Keras: weights of every preset go there and back, also as get_weights has them; ONNX graphs draw what the program draws."""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import sys
import tempfile
from pathlib import Path

import keras
import numpy as np
import onnxruntime
from at_hand import PRESETS, ae_tui, cross_entropy, images, loss_of, measured_loss_of, run, trained
from load_keras import load

FOLDER = Path(tempfile.mkdtemp())
FILES = {preset: trained(preset, FOLDER) for preset in PRESETS}
FILES |= {maps: trained("conv", FOLDER, "--channels", maps, name=maps) for maps in ["3,5", "5,1,3,2"]}
EXPECTED = {preset: measured_loss_of(file) for preset, file in FILES.items()}
IMAGES = images()


def near(loss, expected, name):
    assert abs(loss - expected) < 1e-6, f"{name}: {loss}, not {expected}"


def check_every_preset_costs_the_same_there_and_back():
    for preset, file in FILES.items():
        expected = EXPECTED[preset]
        exported = FOLDER / "net.npz"
        ae_tui("export", file, "--keras", exported)
        _, net = load(exported)
        near(cross_entropy(IMAGES, net.predict(IMAGES, verbose=0)), expected, preset)
        back = FOLDER / "back.npz"
        code = {"map": "linear", "conv": None, "3,5": None, "5,1,3,2": None, "vae": None}.get(preset, "relu")
        said = ["--latent-activation", code] if code else []
        np.savez(back, *net.get_weights())
        near(measured_loss_of(back, *said), expected, f"{preset}, back")
        np.savez_compressed(back, *[numbers.astype(np.float64) for numbers in net.get_weights()])
        near(loss_of(back, *said), expected, f"{preset}, compressed, in float64")


def check_codes_are_those_of_encode():
    for preset in ["article", "map", "vae"]:
        ae_tui("export", FILES[preset], "--keras", FOLDER / "net.npz")
        encoder, _ = load(FOLDER / "net.npz")
        ae_tui("encode", FILES[preset], "--range", "0..100", "--out", FOLDER / "codes.npy")
        difference = np.abs(np.load(FOLDER / "codes.npy") - encoder.predict(IMAGES, verbose=0)).max()
        # Sums of 784 products in another order.
        assert difference < 1e-3, f"{preset}: {difference}"


def check_a_vae_with_two_heads():
    ae_tui("export", FILES["vae"], "--keras", FOLDER / "net.npz")
    first, bias, both, biases, *rest = np.load(FOLDER / "net.npz").values()
    means, variances = (both[:, :2], biases[:2]), (both[:, 2:], biases[2:])
    expected = EXPECTED["vae"]
    # As layers stand in a model, and as they do where the log-variances are an output of it.
    for order in [(*means, *variances, *rest), (*variances, *means, *rest), (*means, *rest, *variances)]:
        np.savez(FOLDER / "heads.npz", first, bias, *order)
        near(loss_of(FOLDER / "heads.npz"), expected, len(order))
        _, told = ae_tui("reconstruct", FOLDER / "heads.npz", "--out", FOLDER / "a.png")
        assert "for the means: 0." in told, told


def check_graphs_draw_what_the_program_draws():
    for preset, file in FILES.items():
        graph, codes, drawn = FOLDER / "net.onnx", FOLDER / "codes.npy", FOLDER / "drawn.npy"
        ae_tui("export", file, "--onnx", graph)
        session = onnxruntime.InferenceSession(graph)
        own = session.run(["codes", "reconstructions"], {"images": IMAGES})
        # Any number of images.
        one = session.run(["reconstructions"], {"images": IMAGES[:1]})[0]
        assert np.abs(one - own[1][:1]).max() < 1e-5
        near(cross_entropy(IMAGES, own[1]), EXPECTED[preset], preset)
        np.save(codes, own[0])
        ae_tui("decode", file, codes, "--out", drawn)
        difference = np.abs(np.load(drawn) - own[1]).max()
        assert difference < 1e-5, f"{preset}: {difference}"
        # Those of a network that learnt with noise are of images with noise.
        if preset != "denoising":
            ae_tui("encode", file, "--range", "0..100", "--out", codes)
            theirs = np.load(codes).reshape(100, -1)
            difference = np.abs(theirs - own[0]).max() / max(1, np.abs(theirs).max())
            assert difference < 1e-5, f"{preset}: {difference} of its codes"


def check_what_is_no_weights_file_is_named_and_its_line_of_python_works():
    os.chdir(FOLDER)
    ae_tui("export", FILES["article"], "--keras", "net.npz")
    _, net = load("net.npz")
    net.save("a.keras")
    net.save("a.h5")
    for file in ["a.keras", "a.h5"]:
        _, told = ae_tui("reconstruct", file, "--out", "a.png", code=1)
        line = told[told.index("import "):].split("\n")[0]
        os.remove("net.npz")
        exec(line, {"FILE": file})  # noqa: S102
        near(loss_of("net.npz", "--latent-activation", "relu"), EXPECTED["article"], file)


def check_bad_archives_are_refused_in_words():
    os.chdir(FOLDER)
    net = list(np.load("net.npz").values())
    np.savez("whole.npz", *[numbers.astype(np.int32) for numbers in net])
    np.savez("complex.npz", *[numbers.astype(np.complex64) for numbers in net])
    np.savez_compressed("bomb.npz", *[np.zeros((8192, 8192), np.float32) for _ in range(8)])
    norms = keras.Sequential([keras.Input((784,)), keras.layers.Dense(9), keras.layers.BatchNormalization(), keras.layers.Dense(784)])
    np.savez("norm.npz", *norms.get_weights())
    Path("cut.npz").write_bytes(Path("net.npz").read_bytes()[:9000])
    for file, words in {
        "whole.npz": "its numbers are int32, and weights are floats",
        "complex.npz": "its numbers are",
        "bomb.npz": "unpacks to more than 192 MiB",
        "norm.npz": "normalisation",
        "cut.npz": "no archive of arrays",
    }.items():
        _, told = ae_tui("reconstruct", file, "--out", "a.png", code=1)
        assert words in told and told.count("\n") == 1, f"{file}: {told}"


run(sys.modules[__name__])
