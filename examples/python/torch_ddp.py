"""Trains the run of a run.toml on several processes, into a folder that `ae-tui watch` shows.
    ae-tui --headless --preset vae --max-steps 1 --run recipe     # of any preset: recipe/run.toml
    torchrun --nproc_per_node 2 torch_ddp.py recipe/run.toml OUT "$(ae-tui data)" & ae-tui watch OUT
Limits: IDX files as they are, all labels, gaussian noise, from the first step, no edits; other recipes are refused."""
import json, pathlib, re, sys, time, tomllib
import numpy as np, torch, torch.distributed as dist, torch.nn as nn, torch.nn.functional as F
from safetensors.torch import save_file
class Net(nn.Module):
    def __init__(self, r):
        super().__init__()
        self.r, self.shape, seq = r, (-1, r["image"][0] * r["image"][1]), lambda *parts: nn.Sequential(*sum(parts, []))
        if r["network"] == "convolutional":
            maps, pool, up = r.get("channels", [16, 8, 8]), [nn.MaxPool2d(2, ceil_mode=True)], [nn.Upsample(scale_factor=2)]
            conv = lambda i, o, n=0: [nn.Conv2d(i, o, 3, padding=int(not -r["image"][0] % 2 ** len(maps) & 2 << len(maps) - n)), nn.ReLU()]
            self.encoder, self.shape = seq(*[conv(i, o) + pool for i, o in zip([1, *maps], maps)]), (-1, 1, *r["image"])
            self.decoder = seq(*[conv(i, o, n) + up for n, (i, o) in enumerate(zip([maps[-1], *maps[::-1]], [*maps[::-1], 1]))])[:-2]
        else:  # the decoder's last sigmoid is in the loss
            dense = lambda sizes: sum(([nn.Linear(i, o), nn.ReLU()] for i, o in zip(sizes, sizes[1:])), [])
            sizes, doubled = [self.shape[1], *r["encoder"]], 1 + (r["network"] == "variational")
            encoder, linear = dense([*sizes[:-1], sizes[-1] * doubled]), r.get("latent_activation", "linear") == "linear"
            self.encoder, self.decoder = seq(encoder[:-1] if linear else encoder), seq(dense(sizes[::-1])[:-1])
    def forward(self, x, shown):  # the loss, and its cross-entropy a pixel
        code = self.encoder(shown.view(self.shape))
        price, pixels = self.r.get("l1", 0) * code.abs().flatten(1).sum(1).mean(), 1
        if self.r["network"] == "variational":
            mean, log_variance = code.chunk(2, 1)
            price, pixels = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(1).mean(), x.shape[1]
            code = mean + torch.randn_like(mean) * (0.5 * log_variance).exp()
        entropy = F.binary_cross_entropy_with_logits(self.decoder(code).flatten(1), x)
        return pixels * entropy + price, entropy.detach()
def place(name, write):  # a file is whole when it gets its name
    write(out / "tmp"), (out / "tmp").rename(out / name)
def write(weights, **record):  # rank 0 alone
    if weights and rank == 0: place(f"checkpoints/step-{record['step']:07}.safetensors", lambda path: save_file(net.state_dict(), path))
    rank == 0 and print(json.dumps(record), file=log, flush=True)
text, out, data = open(sys.argv[1]).read(), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
run = tomllib.loads(text); r = run["recipe"]; noise, _, sigma = r.get("noise", "gaussian:0").partition(":")
more = {"digits", "edits"} & {*r} | {"init", "parent"} & {*run} | {*run.get("images", ())} - {"path"} | {noise} - {"gaussian"}
if more: sys.exit(f"{sys.argv[1]}: torch_ddp.py does not do {', '.join(sorted(more))}")
dist.init_process_group("gloo"), torch.set_num_threads(1), torch.manual_seed(r["seed"]); rank, world = dist.get_rank(), dist.get_world_size()
images = lambda name: torch.from_numpy(np.fromfile(data / name, np.uint8)[16:].reshape(-1, r["image"][0] * r["image"][1]) / np.float32(255))
train, test = images("train-images-idx3-ubyte"), images("t10k-images-idx3-ubyte"); draws = torch.Generator().manual_seed(r["seed"])
noisy, step = lambda x: (x + float(sigma) * torch.randn_like(x)).clamp(0, 1), 0
if rank == 0:
    (out / "checkpoints").mkdir(parents=True); log = open(out / "metrics.jsonl", "a")
    text = re.sub(r"(?m)^instructions.*", f'instructions = "torch {torch.__version__}"', text)
    place("run.toml", lambda path: path.write_text(re.sub(r"(?m)^max_steps.*\n", "", text)))
net = Net(r); ddp, adam = nn.parallel.DistributedDataParallel(net), torch.optim.Adam(net.parameters(), r["learning_rate"])
write(True, event="start", step=0)
for epoch in range(1, r["epochs"] + 1):
    total, began, order = 0.0, time.time(), torch.randperm(len(train), generator=draws) if r["shuffle"] else torch.arange(len(train))
    for images in order.split(r["batch_size"]):
        mine = train[images[rank::world]]; loss, _ = ddp(mine, noisy(mine))
        adam.zero_grad(); loss.backward(); adam.step(); step += 1
        mean = loss.detach() / world; dist.all_reduce(mean); total += mean.item() * len(images)
        write(False, event="step", step=step, epoch=epoch, loss=mean.item())
    with torch.no_grad(): loss, entropy = net(test, noisy(test))
    write(True, event="epoch", epoch=epoch, step=step, train_loss=total / len(train), val_loss=loss.item(), val_reconstruction=entropy.item(), seconds=time.time() - began)
write(False, event="end", status="finished", step=step)
