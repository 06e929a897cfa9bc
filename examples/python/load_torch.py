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
    def __init__(self, architecture):
        super().__init__()
        self.architecture = architecture
        self.kind, self.pixels = architecture["kind"], architecture["inputs"]
        if self.kind == "convolutional":
            pool, up = MaxPool2d(2, ceil_mode=True), Upsample(scale_factor=2)
            same = lambda before, after: Conv2d(before, after, 3, padding=1)
            self.encoder = Sequential(same(1, 16), ReLU(), pool, same(16, 8), ReLU(), pool, same(8, 8), ReLU(), pool)
            back = same(8, 8), ReLU(), up, same(8, 8), ReLU(), up, Conv2d(8, 16, 3), ReLU(), up
            self.decoder = Sequential(*back, same(16, 1), Sigmoid())
            return
        sizes, code = architecture["encoder"], ReLU() if architecture.get("latent_activation") == "relu" else Identity()
        outputs = [*sizes[:-1], 2 * sizes[-1]] if self.kind == "variational" else sizes
        self.encoder = dense([self.pixels, *outputs], code)
        self.decoder = dense([*reversed(sizes), self.pixels], Sigmoid())

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
        net = Autoencoder(json.loads(file.metadata()["ae_tui"])["architecture"])
    weights = safetensors.torch.load_file(path)  # a checkpoint has Adam's moments too
    net.load_state_dict({name: weights[name] for name in weights if not name.startswith("adam.")})
    return net.eval()


def save(net, path):
    about = json.dumps({"format": 1, "architecture": net.architecture})
    safetensors.torch.save_file(net.state_dict(), path, metadata={"ae_tui": about})


if __name__ == "__main__":
    print(load(sys.argv[1]))
