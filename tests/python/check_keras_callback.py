"""The example's callback writes a folder that is watched from its first epoch to its end."""
import os, pathlib, subprocess, sys, tempfile

AE_TUI = os.environ["AE_TUI"]
EXAMPLE = pathlib.Path(__file__).parents[2] / "examples/python/keras_callback.py"
assert len(EXAMPLE.read_text().splitlines()) < 60

with tempfile.TemporaryDirectory() as folder:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True, "cwd": folder}
    subprocess.run([AE_TUI, "--headless", "--preset", "map", "--batch-size", "1000", "--epochs", "2", "--max-steps", "1", "--run", "recipe"], **quiet)
    data = subprocess.run([AE_TUI, "data"], capture_output=True, text=True, check=True).stdout.strip()
    environment = {**os.environ, "KERAS_BACKEND": "jax"}
    training = subprocess.Popen([sys.executable, EXAMPLE, "recipe/run.toml", "out", data], env=environment, cwd=folder, stdout=subprocess.DEVNULL)
    watching = subprocess.run([AE_TUI, "watch", "out"], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    assert training.wait() == 0
    lines = watching.stdout.splitlines()
    assert watching.returncode == 0 and "warning" not in watching.stderr, watching
    assert [line.split()[1] for line in lines] == ["1/2", "2/2"], lines
    # What was written down is the network that was trained: its loss is the one that Keras told.
    import json
    [last] = [json.loads(line) for line in open(f"{folder}/out/metrics.jsonl") if '"epoch": 2' in line]
    weights = f"out/checkpoints/step-{last['step']:07}.safetensors"
    said = ["--preset", "map"]
    table = subprocess.run([AE_TUI, "evaluate", weights, *said, "--json"], cwd=folder, capture_output=True, text=True)
    assert table.returncode == 0, table.stderr
    found = json.dumps(json.loads(table.stdout))
    assert f"{last['val_loss']:.4f}"[:5] in found, (last, found)
print("keras_callback.py: watched from its first epoch to its end")
