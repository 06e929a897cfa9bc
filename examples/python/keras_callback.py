"""A callback for Keras that writes a folder which `ae-tui watch` shows, and a network to try it on.
    ae-tui --headless --max-steps 1 --run recipe     # makes recipe/run.toml
    KERAS_BACKEND=jax python keras_callback.py recipe/run.toml OUT "$(ae-tui data)" & ae-tui watch OUT
The network is of dense layers, on images as they lie there; a recipe with anything more is refused."""
import json, pathlib, re, sys, time, tomllib
import keras, numpy as np
from safetensors.numpy import save_file

class RunFolder(keras.callbacks.Callback):
    """For `model.fit(x, x, validation_data=(y, y), callbacks=[RunFolder("recipe/run.toml", "OUT")])`,
    where the model is `keras.Sequential([encoder, decoder])` of dense layers or convolutions."""
    def __init__(self, run_toml, out):
        super().__init__()
        self.out, self.steps = pathlib.Path(out), 0
        text = re.sub(r"(?m)^max_steps.*\n", "", pathlib.Path(run_toml).read_text())
        self.text = re.sub(r"(?m)^instructions.*", f'instructions = "keras {keras.__version__}"', text)
    def on_train_begin(self, logs=None):
        (self.out / "checkpoints").mkdir(parents=True)
        self.log = open(self.out / "metrics.jsonl", "a")
        self.write(event="start")
        self.snapshot()
        self.place("run.toml", lambda path: path.write_text(self.text))
    def on_epoch_begin(self, epoch, logs=None):
        self.began = time.time()
    def on_train_batch_end(self, batch, logs=None): self.steps += 1  # the loss told here is the epoch's so far, not the step's
    def on_epoch_end(self, epoch, logs):
        self.snapshot()
        self.write(event="epoch", epoch=epoch + 1, step=self.steps, train_loss=logs["loss"],
                   val_loss=logs["val_loss"], seconds=time.time() - self.began)
    def on_train_end(self, logs=None):
        self.write(event="end", status="finished", step=self.steps)
    def write(self, **record):
        print(json.dumps(record), file=self.log, flush=True)
    def snapshot(self):
        weights = {}
        for part, model in zip(("encoder", "decoder"), self.model.layers):
            place = 0  # as in an nn.Sequential: activations, poolings and up-samplings count
            for layer in model.layers:
                if layer.weights:
                    kernel, bias = (np.asarray(weight) for weight in layer.get_weights())
                    kernel = kernel.T if kernel.ndim == 2 else kernel.transpose(3, 2, 0, 1)
                    weights[f"{part}.{place}.weight"], weights[f"{part}.{place}.bias"] = np.ascontiguousarray(kernel), bias
                place += 2 if layer.weights else 1
        self.place(f"checkpoints/step-{self.steps:07}.safetensors", lambda path: save_file(weights, path))
    def place(self, name, write):  # a file is whole when it gets its name
        write(self.out / "tmp"), (self.out / "tmp").rename(self.out / name)

if __name__ == "__main__":
    run = tomllib.loads(pathlib.Path(sys.argv[1]).read_text()); recipe = run["recipe"]; pixels = recipe["image"][0] * recipe["image"][1]; keras.utils.set_random_seed(recipe["seed"])
    more = {"digits", "edits", "noise", "l1"} & {*recipe} | {"init", "parent"} & {*run} | {*run.get("images", ())} - {"path"} | {recipe["network"]} - {"dense"}
    if more: sys.exit(f"{sys.argv[1]}: keras_callback.py does not do {', '.join(sorted(more))}")
    read = lambda name: np.fromfile(pathlib.Path(sys.argv[3]) / name, np.uint8)[16:].reshape(-1, pixels) / np.float32(255)
    train, test = read("train-images-idx3-ubyte"), read("t10k-images-idx3-ubyte")
    dense = lambda units, last: [keras.layers.Dense(n, "relu") for n in units[:-1]] + [keras.layers.Dense(units[-1], last)]
    encoder = keras.Sequential(dense(recipe["encoder"], recipe["latent_activation"]))
    model = keras.Sequential([encoder, keras.Sequential(dense([*recipe["encoder"][-2::-1], pixels], "sigmoid"))])
    model.build((None, pixels))
    model.compile(keras.optimizers.Adam(recipe["learning_rate"]), "binary_crossentropy")
    model.fit(train, train, recipe["batch_size"], recipe["epochs"], validation_data=(test, test), callbacks=[RunFolder(*sys.argv[1:3])], shuffle=recipe["shuffle"])
