"""Event files: those that the `tensorboard` package writes are read by us, ours are read back by it."""
import json, os, pathlib, struct, subprocess, sys, tempfile

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter

AE_TUI = os.environ["AE_TUI"]


def watched(path, **more):
    """What `watch --json` says of event files until it is told to end."""
    reading = subprocess.Popen([AE_TUI, "watch", path, "--json"], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    lines = [json.loads(reading.stdout.readline()) for _ in range(more["lines"])]
    return reading, lines


def tensor(value):
    import numpy as np
    from tensorboard.util.tensor_util import make_tensor_proto
    return make_tensor_proto(np.float32(value))


with tempfile.TemporaryDirectory() as folder:
    # Theirs: both spellings of a scalar, in a folder of a folder, and a record that is cut.
    logs = os.path.join(folder, "logs", "validation")
    writer = EventFileWriter(logs)
    for step in range(1, 4):
        simple = Summary.Value(tag="loss", simple_value=1 / step)
        second = Summary.Value(tag="epoch_loss", tensor=tensor(2 / step))
        second.metadata.plugin_data.plugin_name = "scalars"
        writer.add_event(Event(step=step, wall_time=step, summary=Summary(value=[simple, second])))
    writer.close()
    [file] = pathlib.Path(logs).iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[:-10])
    reading, lines = watched(os.path.join(folder, "logs"), lines=4)
    expected = [(tag, step, value / step) for step in (1, 2, 3) for tag, value in (("validation/loss", 1), ("validation/epoch_loss", 2))]
    told = lambda lines: [(line["tag"], line["step"]) for line in lines]
    assert told(lines) == [(tag, step) for tag, step, _ in expected[:4]], lines
    # The rest of it comes, and is read from where it was cut.
    with open(file, "ab") as end:
        end.write(whole[-10:])
    lines += [json.loads(reading.stdout.readline()) for _ in range(2)]
    reading.kill()
    assert told(lines) == [(tag, step) for tag, step, _ in expected], lines
    assert all(abs(line["value"] - value) < 1e-6 for line, (_, _, value) in zip(lines, expected)), lines

    # Ours.
    board, log = os.path.join(folder, "board"), os.path.join(folder, "log")
    subprocess.run([AE_TUI, "--headless", "--epochs", "2", "--batch-size", "500", "--metrics-every", "50", "--tensorboard", board,
                    "--metrics", log], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    events = EventAccumulator(board, size_guidance={"images": 0, "scalars": 0})
    events.Reload()
    records = [json.loads(line) for line in open(log)]
    for tag, event, field in [("loss/step", "step", "loss"), ("loss/train", "epoch", "train_loss"), ("loss/validation", "epoch", "val_loss")]:
        ours = [(record["step"], record[field]) for record in records if record["event"] == event]
        theirs = [(scalar.step, scalar.value) for scalar in events.Scalars(tag)]
        assert [step for step, _ in ours] == [step for step, _ in theirs], (ours, theirs)
        assert all(struct.pack("f", a) == struct.pack("f", b) for (_, a), (_, b) in zip(ours, theirs)), (ours, theirs)
    for tag in ("images/original", "images/reconstruction"):
        images = events.Images(tag)
        assert len(images) == 2, images
        assert all((image.width, image.height) == (1156, 112) for image in images), images
        assert all(image.encoded_image_string.startswith(b"\x89PNG") for image in images)
print("event files: read and written as the tensorboard package does")
