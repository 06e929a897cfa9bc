"""PyTorch: weights of every preset go there and back; files as PyTorch writes them are understood."""

import os
import pickle
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from at_hand import PRESETS, ae_tui, cross_entropy, images, loss_of, measured_loss_of, run, trained
from load_torch import load, save
from safetensors.torch import load_file, save_file

FOLDER = Path(tempfile.mkdtemp())
FILES = {preset: trained(preset, FOLDER) for preset in PRESETS}
FILES |= {maps: trained("conv", FOLDER, "--channels", maps, name=maps) for maps in ["3,5", "5,1,3,2"]}
IMAGES = torch.from_numpy(images())


def near(loss, expected, name):
    assert abs(loss - expected) < 1e-6, f"{name}: {loss}, not {expected}"


def follow(told, **names):
    """Runs the line of Python in a message."""
    line = told[told.index("import "):].split("\n")[0].split("; docs/PYTHON.md")[0]
    exec(line, names)  # noqa: S102


def check_every_preset_costs_the_same_there_and_back():
    for preset, file in FILES.items():
        expected, net = measured_loss_of(file), load(file)
        with torch.no_grad():
            drawn, _ = net(IMAGES)
        near(cross_entropy(IMAGES, drawn), expected, preset)
        back = FOLDER / "back.safetensors"
        save(net, back)
        near(measured_loss_of(back), expected, f"{preset}, back")


def check_codes_are_those_of_encode():
    for preset, file in FILES.items():
        codes = FOLDER / "codes.npy"
        # Noise is for the network that learnt with it.
        if preset == "denoising":
            continue
        ae_tui("encode", file, "--range", "0..100", "--out", codes)
        with torch.no_grad():
            _, own = load(file)(IMAGES)
        difference = np.abs(np.load(codes).reshape(100, -1) - own.numpy()).max()
        # Sums of 784 products in another order.
        assert difference < 1e-3, f"{preset}: {difference}"


def check_files_without_metadata_are_told_by_their_shapes():
    for preset in ["conv", "3,5", "5,1,3,2", "vae"]:
        plain = FOLDER / "plain.safetensors"
        save_file(load(FILES[preset]).state_dict(), plain)
        near(loss_of(plain), loss_of(FILES[preset]), preset)
    linear = trained("article", FOLDER, "--encoder", "32,8", "--latent-activation", "linear", name="linear")
    save_file(load(linear).state_dict(), FOLDER / "plain.safetensors")
    _, told = ae_tui("reconstruct", FOLDER / "plain.safetensors", "--out", FOLDER / "a.png")
    assert "read as linear: 0." in told and "on 500 images" in told, told


def check_floats_wrappers_and_names_of_all_sorts_are_read():
    own = load_file(FILES["map"])
    expected = loss_of(FILES["map"])
    layers = ["encoder.0", "encoder.2", "encoder.4", "decoder.0", "decoder.2", "decoder.4"]

    def named(*names):
        return {f"{new}.{part}": own[f"{old}.{part}"] for new, old in zip(names, layers) for part in ("weight", "bias")}

    wrapped = torch.nn.DataParallel(load(FILES["map"]))
    several = {
        "module. is taken off": wrapped.state_dict(),
        "model._orig_mod. is taken off": {f"model._orig_mod.{name}": numbers for name, numbers in own.items()},
        "float64, read as float32": {name: numbers.double() for name, numbers in own.items()},
        "left: classifier": own | {"classifier.weight": torch.zeros(10, 2), "classifier.bias": torch.zeros(10)},
        "left: step": own | {"step": torch.tensor(7)},
        "fc": named(*[f"fc{number}" for number in range(1, 7)]),
        "words": named("wide", "narrow", "code", "back", "wider", "image"),
        "gaps": named("encoder.0", "encoder.3", "encoder.7", "decoder.1", "decoder.4", "decoder.5"),
    }
    for words, weights in several.items():
        file = FOLDER / "several.safetensors"
        save_file({name: numbers.contiguous() for name, numbers in weights.items()}, file)
        near(loss_of(file, "--latent-activation", "linear"), expected, words)
        _, told = ae_tui("reconstruct", file, "--latent-activation", "linear", "--out", FOLDER / "a.png")
        assert words in ("fc", "words", "gaps") or words in told, f"{words}: {told}"
    for name, kind in [("float16", torch.float16), ("bfloat16", torch.bfloat16)]:
        file = FOLDER / "half.safetensors"
        save_file({layer: numbers.to(kind) for layer, numbers in own.items()}, file)
        rounded = load(FILES["map"])
        rounded.load_state_dict({layer: numbers.to(kind).float() for layer, numbers in own.items()})
        with torch.no_grad():
            drawn, _ = rounded(IMAGES)
        near(cross_entropy(IMAGES, drawn), loss_of(file, "--latent-activation", "linear"), name)


def check_a_vae_with_two_heads():
    own = load_file(FILES["vae"])
    both = own["encoder.2.weight"].chunk(2), own["encoder.2.bias"].chunk(2)
    expected = loss_of(FILES["vae"])
    rest = {name: numbers for name, numbers in own.items() if not name.startswith("encoder.2")}
    for mean, variance in [("encoder.fc_mu", "encoder.fc_logvar"), ("z_mean", "z_log_var"), ("fc_mu", "fc_var")]:
        heads = {f"{head}.{part}": both[p][h].contiguous() for h, head in enumerate((mean, variance)) for p, part in enumerate(("weight", "bias"))}
        save_file(rest | heads, FOLDER / "heads.safetensors")
        near(loss_of(FOLDER / "heads.safetensors"), expected, mean)
    # Logarithms of deviations are half of what is needed.
    halves = {f"encoder.fc_mu.{p}": numbers[0].contiguous() for p, numbers in zip(("weight", "bias"), both)}
    halves |= {f"encoder.log_std.{p}": (numbers[1] / 2).contiguous() for p, numbers in zip(("weight", "bias"), both)}
    os.chdir(FOLDER)
    save_file({f"net.{name}": numbers for name, numbers in (rest | halves).items()}, "half.safetensors")
    _, told = ae_tui("reconstruct", "half.safetensors", "--out", "a.png", code=1)
    follow(told, FILE="half.safetensors")
    near(loss_of("weights.safetensors"), expected, "log_std")
    # PyTorch's own example has fc21 for means and fc22 for log-variances: trying tells.
    names = {"encoder.0": "fc1", "decoder.0": "fc3", "decoder.2": "fc4"}
    example = {f"{new}.{part}": own[f"{old}.{part}"] for old, new in names.items() for part in ("weight", "bias")}
    for first, second in [("fc21", "fc22"), ("fc22", "fc21")]:
        heads = {f"{head}.{part}": both[p][h].contiguous() for h, head in enumerate((first, second)) for p, part in enumerate(("weight", "bias"))}
        save_file(example | heads, FOLDER / "heads.safetensors")
        near(loss_of(FOLDER / "heads.safetensors"), expected, first)
        _, told = ae_tui("reconstruct", FOLDER / "heads.safetensors", "--out", FOLDER / "a.png")
        assert f"read as {first} for the means" in told, told


def check_what_is_no_weights_file_is_named_and_its_line_of_python_works():
    os.chdir(FOLDER)
    own = load(FILES["vae"]).state_dict()
    torch.save(own, "a.pt")
    torch.save(own, "b.pt", _use_new_zipfile_serialization=False)
    pickle.dump({name: numbers.numpy() for name, numbers in own.items()}, open("c.pkl", "wb"))
    for file in ["a.pt", "b.pt", "c.pkl"]:
        _, told = ae_tui("reconstruct", file, "--out", "a.png", code=1)
        follow(told, FILE=file)
        near(loss_of("weights.safetensors"), loss_of(FILES["vae"]), file)
    # Layers that only names could put in order.
    square = torch.nn.Sequential(*[torch.nn.Linear(*sizes) for sizes in [(784, 9), (9, 9), (9, 9), (9, 784)]])
    names = ["start", "inner", "outer", "end"]
    renamed = {f"{name}.{part}": getattr(layer, part) for name, layer in zip(names, square) for part in ("weight", "bias")}
    save_file({name: numbers.detach() for name, numbers in renamed.items()}, "square.safetensors")
    _, told = ae_tui("reconstruct", "square.safetensors", "--out", "a.png", code=1)
    assert "fit together in several ways" in told, told
    ordered = told.replace('["end", "inner", "outer", "start"]', '["start", "inner", "outer", "end"]')
    assert ordered != told, told
    follow(ordered, FILE="square.safetensors")
    ae_tui("reconstruct", "weights.safetensors", "--latent-activation", "linear", "--out", "a.png")


def check_a_normalisation_that_is_folded_in():
    linear, norm = torch.nn.Linear(784, 8), torch.nn.BatchNorm1d(8)
    back = torch.nn.Linear(8, 784)
    norm.train()(linear(IMAGES.flatten(1)))
    net = torch.nn.Sequential()
    net.encoder, net.decoder = torch.nn.Sequential(linear, norm), torch.nn.Sequential(back)
    save_file(net.state_dict(), FOLDER / "norm.safetensors")
    _, told = ae_tui("reconstruct", FOLDER / "norm.safetensors", "--out", FOLDER / "a.png", code=1)
    line = told[told.index("linear = torch"):].split(";")[0]
    names = {"torch": torch, "linear": linear, "norm": norm}
    exec(line, names)  # noqa: S102
    net.encoder = torch.nn.Sequential(names["linear"])
    with torch.no_grad():
        expected = cross_entropy(IMAGES.flatten(1), torch.sigmoid(back(norm.eval()(linear(IMAGES.flatten(1))))))
    save_file(net.state_dict(), FOLDER / "norm.safetensors")
    near(loss_of(FOLDER / "norm.safetensors", "--latent-activation", "linear"), expected, "folded")


run(sys.modules[__name__])
