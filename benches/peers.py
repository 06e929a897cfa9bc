"""ae-tui and its peers on the same work, in turns: a table of medians and ratios.

    python3 -m venv peers && peers/bin/pip install jax keras tensorflow-cpu matplotlib
    cargo build --release
    peers/bin/python benches/peers.py [--rounds 3] [--epochs 3] [--work article:32 deep:256]
        [--figure growth.svg]

Work is a network, a batch size and, after that, a number of images: article:32:15000. Everybody
learns the same images, the first of those `ae-tui data` names, with Adam; the first epoch of a peer, in which it compiles, does not count. The floor is
what the products of dense layers would take at the speed that NumPy multiplies large matrices
here, visiting the 19 % of pixels that are not zero. Let nothing else run. Leave a peer out by
not installing it, or name those that are wanted: --peers "JAX, one jitted scan".
"""
import argparse, functools, json, os, statistics, subprocess, sys, tempfile, time

SIZES = {"article": [784, 32, 2, 32, 784],
         "deep": [784, 512, 256, 128, 64, 32, 64, 128, 256, 512, 784],
         "wide": [784, 1024, 256, 32, 256, 1024, 784],
         "conv": None}
PRESETS = {"article": ["--preset", "article"], "deep": ["--preset", "deep"],
           "wide": ["--encoder", "1024,256,32"], "conv": ["--preset", "conv"]}
GROWTH = ["article:32", "article:128", "article:512", "deep:32", "deep:256", "wide:32",
          "wide:128", "conv:32", "article:32:15000", "article:32:30000"]
ALL = 60_000
LIGHT = 0.19


def pixels(folder, count):
    import numpy as np
    raw = np.fromfile(os.path.join(folder, "train-images-idx3-ubyte"), np.uint8)
    return raw[16:].reshape(-1, 784)[:count]


def images(folder, count):
    return pixels(folder, count).astype("float32") / 255


def jax_scan(folder, sizes, batch, count, epochs):
    """An epoch as one compiled loop: the fastest peer."""
    import jax
    from jax import numpy as jnp

    x = jnp.asarray(images(folder, count))
    init = jax.nn.initializers.glorot_uniform()
    keys = jax.random.split(jax.random.key(1), len(sizes))
    net = [(init(key, shape), jnp.zeros(shape[1])) for key, shape in zip(keys, zip(sizes, sizes[1:]))]

    def loss(net, x):
        y = x
        for index, (w, b) in enumerate(net):
            y = (y if index == 0 else jax.nn.relu(y)) @ w + b
        return (jax.nn.softplus(y) - x * y).mean()

    def step(state, rows):
        net, m, v, t = state
        t += 1
        value, g = jax.value_and_grad(loss)(net, x[rows])
        m = jax.tree.map(lambda m, g: m + (g - m) * 0.1, m, g)
        v = jax.tree.map(lambda v, g: v + (g * g - v) * 0.001, v, g)
        rate = 0.001 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        net = jax.tree.map(lambda p, m, v: p - rate * m / (jnp.sqrt(v) + 1e-7), net, m, v)
        return (net, m, v, t), value

    @jax.jit
    def epoch(state, key):
        order = jax.random.permutation(key, len(x))  # without a last batch that is not whole
        order = order[:len(x) // batch * batch].reshape(-1, batch)
        return jax.lax.scan(step, state, order)

    zeros = jax.tree.map(jnp.zeros_like, net)
    state = (net, zeros, zeros, 0.0)
    for number in range(epochs + 1):
        start = time.perf_counter()
        state, losses = jax.block_until_ready(epoch(state, jax.random.key(number)))
        yield time.perf_counter() - start


def dense_layers(layers, sizes):
    hidden = [layers.Dense(size, "relu") for size in sizes[1:-1]]
    return [*hidden, layers.Dense(sizes[-1], "sigmoid")]


def conv_layers(layers):
    """The convolutional autoencoder of the Keras blog."""
    def conv(maps, padding="same", activation="relu"):
        return layers.Conv2D(maps, 3, padding=padding, activation=activation)

    yield layers.Reshape((28, 28, 1))
    for maps in (16, 8, 8):
        yield conv(maps)
        yield layers.MaxPooling2D(2, padding="same")
    for maps, padding in ((8, "same"), (8, "same"), (16, "valid")):
        yield conv(maps, padding)
        yield layers.UpSampling2D(2)
    yield conv(1, activation="sigmoid")
    yield layers.Reshape((784,))


def keras_fit(backend, folder, sizes, batch, count, epochs):
    """What the tutorial runs."""
    os.environ.update(KERAS_BACKEND=backend, TF_CPP_MIN_LOG_LEVEL="3")
    import keras

    x = images(folder, count)
    layers = dense_layers(keras.layers, sizes) if sizes else conv_layers(keras.layers)
    model = keras.Sequential([keras.Input((784,)), *layers])
    model.compile("adam", "binary_crossentropy")
    for _ in range(epochs + 1):
        start = time.perf_counter()
        model.fit(x, x, batch_size=batch, epochs=1, verbose=0)
        yield time.perf_counter() - start


PEERS = {"JAX, one jitted scan": jax_scan,
         "Keras on TensorFlow": functools.partial(keras_fit, "tensorflow"),
         "Keras on JAX": functools.partial(keras_fit, "jax")}


def in_own_process(peer, work, arguments, folder):
    """Seconds of each epoch but the first; a peer that is not installed has none."""
    command = [sys.executable, __file__, "--peer", peer, "--data", folder,
               "--work", work, "--epochs", str(arguments.epochs)]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        print(f"{peer}: {run.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return []
    return json.loads(run.stdout.splitlines()[-1])


def ours(work, arguments, folder):
    name, batch, count = parts(work)
    command = [arguments.program, "train", "--headless", *PRESETS[name], "--batch-size", str(batch),
               "--epochs", str(arguments.epochs + 1), "--metrics", "-"]
    with tempfile.TemporaryDirectory() as room:
        if count < ALL:
            import numpy as np
            fewer = os.path.join(room, "fewer.npz")
            some = pixels(folder, count).reshape(-1, 28, 28)
            np.savez(fewer, x_train=some, x_test=some[:1000])
            command += ["--data", fewer]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = run.stdout.splitlines()
    records = [json.loads(line) for line in lines]
    return [record["seconds"] for record in records if record["event"] == "epoch"][1:]


def parts(work):
    name, batch, count, *_ = [*work.split(":"), "", ""]
    return name, int(batch or 32), int(count or ALL)


def ceiling():
    """Multiply-adds a second of a product of two large matrices."""
    import numpy as np
    a = np.ones((1024, 1024), "float32")
    seconds = []
    for _ in range(20):
        start = time.perf_counter()
        a @ a
        seconds.append(time.perf_counter() - start)
    return 1024**3 / min(seconds)


def floor(sizes, count, speed):
    """Seconds of the products of an epoch: forward, by weights and, but for the first, by inputs."""
    first, *others = [inputs * units for inputs, units in zip(sizes, sizes[1:])]
    return count * (2 * LIGHT * first + 3 * sum(others)) / speed


def draw(file, rows):
    """The seconds of all work side by side, on a logarithmic scale, ending in what the file's name says."""
    from matplotlib import pyplot

    names = list(dict.fromkeys(work for work, _, _ in rows))
    figure, axes = pyplot.subplots(figsize=(9, 4), layout="constrained")
    for who in dict.fromkeys(who for _, who, _ in rows):
        ours = [(names.index(work), seconds) for work, name, seconds in rows if name == who]
        axes.plot(*zip(*ours), "_" if who == "floor" else "o", label=who, markersize=9)
    axes.set_yscale("log")
    axes.set_ylabel("seconds an epoch")
    axes.set_xticks(range(len(names)), [name.replace(":", "\n") for name in names])
    axes.grid(axis="y", alpha=0.3)
    axes.legend(frameon=False)
    figure.savefig(file)


def main():
    target = os.environ.get("CARGO_TARGET_DIR", "target")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", nargs="+", default=GROWTH, metavar="NETWORK:BATCH")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--figure", help="draw the table into this file (needs matplotlib)")
    parser.add_argument("--program", default=os.path.join(target, "release", "ae-tui"))
    parser.add_argument("--data", help="the folder of the four raw MNIST files")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--peer", choices=PEERS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer:
        name, batch, count = parts(arguments.work[0])
        epochs = PEERS[arguments.peer](arguments.data, SIZES[name], batch, count, arguments.epochs)
        print(json.dumps(list(epochs)[1:]))
        return
    folder = arguments.data or subprocess.check_output(
        [arguments.program, "data"], text=True).strip()
    speed = ceiling()
    print(f"products at {2 * speed / 1e9:.0f} Gflop/s\n")
    print("| network and batch | floor | ae-tui | peer | ratio |\n|---|---|---|---|---|")
    rows = []
    for work in arguments.work:
        network, _, count = parts(work)
        sizes = SIZES[network]
        # The scan knows dense layers only.
        peers = [peer for peer in arguments.peers if sizes or PEERS[peer] is not jax_scan]
        seconds = {"ae-tui": []} | {peer: [] for peer in peers}
        for _ in range(arguments.rounds):
            seconds["ae-tui"] += ours(work, arguments, folder)
            for peer in peers:
                seconds[peer] += in_own_process(peer, work, arguments, folder)
        median = statistics.median(seconds.pop("ae-tui"))
        least = f"{floor(sizes, count, speed):.3f}" if sizes else ""
        rows += [(work, "floor", float(least))] if sizes else []
        rows.append((work, "ae-tui", median))
        for name, values in seconds.items() or [("none", [])]:
            here = statistics.median(values) if values else float("nan")
            rows.append((work, name, here))
            print(f"| {work} | {least} | {median:.3f} | {name}: {here:.3f} | {here / median:.2f} |",
                  flush=True)
    if arguments.figure:
        draw(arguments.figure, rows)


if __name__ == "__main__":
    main()
