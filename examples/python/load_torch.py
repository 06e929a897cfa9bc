"""PyTorch: the module that a weights file of ae-tui describes, with its weights.

    net = load("digits.safetensors")
    reconstructions, codes = net(images)    # images [n, 28, 28], of 0 to 1
    save(net, "mine.safetensors")           # back, when it is trained on
"""

import json
import sys

import safetensors.torch
from torch.nn import Conv2d, Identity, Linear, MaxPool2d, Module, ReLU, Sequential, Sigmoid, Upsample


class Autoencoder(Module):
    def __init__(self, architecture, height=None):
        super().__init__()
        self.architecture, self.kind, self.pixels = architecture, architecture["kind"], architecture["inputs"]
        if self.kind == "convolutional":
            maps, pool, up = architecture.get("channels", [16, 8, 8]), MaxPool2d(2, ceil_mode=True), Upsample(scale_factor=2)
            too_much = -(height or int(self.pixels**0.5)) % 2 ** len(maps)  # as the poolings round up; unpadded, two are lost
            conv = lambda i, o, place=0: Conv2d(i, o, 3, padding=0 if too_much & 2 << len(maps) - place else 1)
            self.encoder = Sequential(*[part for i, o in zip([1, *maps], maps) for part in (conv(i, o), ReLU(), pool)])
            back = zip([maps[-1], *maps[::-1]], [*maps[::-1], 1])
            layers = [part for place, (i, o) in enumerate(back) for part in (conv(i, o, place), ReLU(), up)]
            self.decoder = Sequential(*layers[:-2], Sigmoid())
            return
        sizes, code = architecture["encoder"], ReLU() if architecture.get("latent_activation") == "relu" else Identity()
        outputs = [*sizes[:-1], 2 * sizes[-1]] if self.kind == "variational" else sizes
        self.encoder, self.decoder = dense([self.pixels, *outputs], code), dense([*sizes[::-1], self.pixels], Sigmoid())

    def forward(self, images):
        maps = self.kind == "convolutional"  # of one channel
        codes = self.encoder(images.unsqueeze(1) if maps else images.flatten(1))
        if self.kind == "variational":
            codes, log_variances = codes.chunk(2, dim=1)  # to train, draw around these means
        return self.decoder(codes).reshape(images.shape), codes.flatten(1)


def dense(sizes, last):
    layers = [layer for pair in zip(sizes, sizes[1:]) for layer in (Linear(*pair), ReLU())]
    return Sequential(*layers[:-1], last)


def load(path):
    with safetensors.safe_open(path, "pt") as file:
        about = json.loads(file.metadata()["ae_tui"])
    net = Autoencoder(about["architecture"], about.get("recipe", {}).get("image", [None])[0])
    weights = safetensors.torch.load_file(path)  # a checkpoint has Adam's moments too
    net.load_state_dict({name: weights[name] for name in weights if not name.startswith("adam.")})
    return net.eval()


def save(net, path):
    about = {"format": 1, "architecture": net.architecture}
    safetensors.torch.save_file(net.state_dict(), path, {"ae_tui": json.dumps(about)})


if __name__ == "__main__":
    print(load(sys.argv[1]))
