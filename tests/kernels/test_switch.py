"""One variable turns every trick off, in this process and in those that it starts."""

import os
import subprocess
import sys

import pytest

PROBE = """
import sys
from torch.utils._python_dispatch import TorchDispatchMode
from ganviz.training.config import LaneConfig, RunConfig
from ganviz.training.optimizers import OPTIMIZERS
from ganviz.training.trainer import Trainer

class Names(TorchDispatchMode):
    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        found.add(func._schema.name)
        return func(*args, **kwargs or {})

found = set()
lanes = tuple(LaneConfig(discriminator_optimizer=cls()) for cls in OPTIMIZERS.values())
trainer = Trainer(RunConfig(lanes=lanes))
with Names():
    trainer.train(2)
print(trainer.step_method, *sorted(found))
"""
TRICKS = (
    "_foreach",
    "_fused",
    "relu_backward",
    "threshold_backward",
    "tanh_backward",
    "baddbmm",
    "bmm",
    "_linear_pointwise",
    "leaky_relu_",
    "tanh_",
    "relu_",
)


@pytest.mark.parametrize("value", ["", "0", "1"])
def test_no_trick_is_left(value):
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        capture_output=True, text=True, check=True, env=os.environ | {"GANVIZ_PLAIN_KERNELS": value},
    )  # fmt: skip
    method, *names = done.stdout.split()
    assert method == "analytic"
    used = {name for name in names if any(trick in name for trick in TRICKS)}
    assert bool(used) == (value != "1"), used
