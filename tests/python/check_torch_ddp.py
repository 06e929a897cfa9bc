"""The example trains on two processes, and `watch` follows it from its first step to its last; and it builds
every preset's network, whose weights are then what the folder says they are."""
import json, os, pathlib, socket, subprocess, sys, tempfile

import numpy as np
from safetensors.numpy import load_file

AE_TUI = os.environ["AE_TUI"]
EXAMPLE = pathlib.Path(__file__).parents[2] / "examples/python/torch_ddp.py"
assert len(EXAMPLE.read_text().splitlines()) < 60


def few_images(folder):
    """A data set of the first images, so that this is over soon."""
    data = pathlib.Path(subprocess.run([AE_TUI, "data"], capture_output=True, text=True, check=True).stdout.strip())
    os.mkdir(folder)
    for name, count in (("train", 400), ("t10k", 100)):
        images = np.fromfile(data / f"{name}-images-idx3-ubyte", np.uint8)
        labels = np.fromfile(data / f"{name}-labels-idx1-ubyte", np.uint8)
        number = np.array([count], ">u4").tobytes()
        (folder / f"{name}-images-idx3-ubyte").write_bytes(images[:4].tobytes() + number + images[8 : 16 + 784 * count].tobytes())
        (folder / f"{name}-labels-idx1-ubyte").write_bytes(labels[:4].tobytes() + number + labels[8 : 8 + count].tobytes())


def run(folder, preset, processes, *more):
    recipe, out = f"recipe-{preset}{len(more)}", f"out-{preset}{len(more)}"
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([AE_TUI, "--headless", "--preset", preset, "--data", "few", "--batch-size", "40", "--epochs", "3",
                    "--max-steps", "1", "--run", recipe, *more], check=True, **quiet)
    # Debian's torch 1.13 knows no other spelling on Python 3.11 of who is to be heard.
    launch = ["-m", "torch.distributed.run", "--nproc_per_node", str(processes), "-r", "0:1", "-t", "0:1"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    if processes == 1:  # what torchrun would tell it, without waiting for torchrun
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        launch, alone = [], {"RANK": "0", "WORLD_SIZE": "1", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
        environment.update(alone)
    training = subprocess.Popen([sys.executable, *launch, EXAMPLE, f"{recipe}/run.toml", out, "few"], env=environment, **quiet)
    # It begins before there is a folder, and ends when the run says so.
    watching = subprocess.run([AE_TUI, "watch", out, "--json"], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    assert training.wait(60) == 0
    assert watching.returncode == 0, watching.stderr
    assert "warning" not in watching.stderr, watching.stderr
    records = [json.loads(line) for line in watching.stdout.splitlines()]
    steps = [record["step"] for record in records if record["event"] == "step"]
    assert steps == list(range(1, 31)), steps
    assert [record["epoch"] for record in records if record["event"] == "epoch"] == [1, 2, 3]
    assert records[-1]["event"] == "end" and records[-1]["status"] == "finished"
    losses = [record["val_loss"] for record in records if record["event"] == "epoch"]
    assert losses[-1] < losses[0], losses
    snapshots = sorted(os.listdir(f"{folder}/{out}/checkpoints"))
    assert snapshots == [f"step-{step:07}.safetensors" for step in (0, 10, 20, 30)], snapshots
    # The same names and shapes as in a file of ae-tui's own, of the same recipe.
    own = load_file(f"{folder}/{recipe}/checkpoints/step-0000001.safetensors")
    own = {name: array.shape for name, array in own.items() if not name.startswith("adam.")}
    theirs = {name: array.shape for name, array in load_file(f"{folder}/{out}/checkpoints/{snapshots[-1]}").items()}
    assert own == theirs, (own, theirs)


def refused(folder, words, name):
    """What it does not do it says, in one line, before it writes anything."""
    subprocess.run([AE_TUI, "--headless", *words, "--data", "few", "--max-steps", "1", "--run", "recipe-refused"], check=True, cwd=folder,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    told = subprocess.run([sys.executable, EXAMPLE, "recipe-refused/run.toml", "refused", "few"], cwd=folder, capture_output=True, text=True)
    assert told.returncode == 1 and told.stderr.count("\n") == 1 and f"does not do {name}" in told.stderr, told.stderr
    assert not os.path.exists(folder / "refused")


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    few_images(folder / "few")
    refused(folder, ["--noise", "mask:10", "--digits", "0-3"], "digits, mask")
    run(folder, "article", 2)
    for preset in ["map", "deep", "sparse", "denoising", "conv", "vae"]:
        run(folder, preset, 1)
    run(folder, "conv", 1, "--channels", "4,2")
print("torch_ddp.py: two processes watched from the first step to the last, every preset's network, and other channels")
