"""Keras: the model of a file that `ae-tui export digits.safetensors --keras net.npz` wrote, with its weights.

    encoder, net = load("net.npz")
    reconstructions, codes = net.predict(images), encoder.predict(images)    # images [n, 28, 28], of 0 to 1

Trained on, it goes back with: np.savez("mine.npz", *net.get_weights())
"""

import json
import sys
import zipfile

import keras
import numpy as np
from keras import layers


def dense(outputs, last):
    return [layers.Dense(units, "relu") for units in outputs[:-1]] + [layers.Dense(outputs[-1], last)]


def halves(architecture, side):
    """The layers before and after the code, between images of so many pixels a side."""
    if architecture["kind"] == "convolutional":
        conv = lambda maps, padding="same", last="relu": layers.Conv2D(maps, 3, activation=last, padding=padding)
        maps = architecture.get("channels", [16, 8, 8])
        too_much = -side % 2 ** len(maps)  # by as much the poolings round up; "valid" loses two
        pad = lambda place: "valid" if too_much & 2 << len(maps) - place else "same"
        pooled = [[conv(count), layers.MaxPooling2D(2, padding="same")] for count in maps]
        doubled = [[conv(count, pad(place)), layers.UpSampling2D(2)] for place, count in enumerate(reversed(maps))]
        encoder = [layers.Reshape((side, side, 1)), *sum(pooled, [])]
        decoder = [*sum(doubled, []), conv(1, pad(len(maps)), "sigmoid")]
    else:
        sizes = architecture["encoder"]
        last = architecture.get("latent_activation", "linear")
        if architecture["kind"] == "variational":  # means, then log-variances; to train, draw around the means
            encoder = dense([*sizes[:-1], 2 * sizes[-1]], "linear") + [layers.Lambda(lambda code: code[:, : sizes[-1]])]
        else:
            encoder = dense(sizes, last)
        encoder = [layers.Flatten(), *encoder]
        decoder = dense([*reversed(sizes[:-1]), architecture["inputs"]], "sigmoid")
    return encoder, [*decoder, layers.Reshape((side, side))]


def load(path):
    about = json.loads(zipfile.ZipFile(path).comment.removeprefix(b"ae_tui "))
    side = int(about["architecture"]["inputs"] ** 0.5)
    before, after = halves(about["architecture"], side)
    encoder = keras.Sequential([keras.Input((side, side)), *before])
    net = keras.Sequential([keras.Input((side, side)), *before, *after])
    net.set_weights(list(np.load(path).values()))
    return encoder, net


if __name__ == "__main__":
    load(sys.argv[1])[1].summary()
