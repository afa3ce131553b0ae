"""One pass takes the place of two only where nothing shows: it is tried, and leaves what it was tried with."""

import dataclasses
from functools import partial

import pytest
import torch

from ganviz.bench.blind import perceptrons
from ganviz.kernels.joined import is_alike
from ganviz.training.config import TrainingSettings
from ganviz.training.trainer import Trainer


@pytest.mark.parametrize("is_other", [False, True])
def test_programs_are_tried(both, is_other):
    x, a, b = torch.full((3, 4), torch.nan), torch.empty(3, 4), torch.empty(3, 4)
    other = torch.sin if is_other else torch.exp
    fast, plain = both(
        lambda: is_alike([partial(torch.exp, x, out=a)], [partial(other, x, out=b)], [x], [(a, b)])
    )
    assert fast is not is_other
    assert not plain
    assert x.isnan().all()


@pytest.mark.parametrize("n_lanes", [1, 3])
@pytest.mark.parametrize("batch", [32, 128, 150])
def test_partners_scored_with_the_batch_or_apart_from_it(batch, n_lanes, monkeypatch):
    def trained(is_joined):
        if not is_joined:
            monkeypatch.setattr("ganviz.training.steps.perceptron.is_alike", lambda *programs: False)
        config = dataclasses.replace(
            perceptrons(batch, 32, 2, n_lanes, "ragan"),
            training=TrainingSettings(batch_size=batch, device="cpu"),
        )
        trainer = Trainer(config)
        trainer.train(20)
        return len(trainer._method._criticize), trainer._players.tensors["generator"]

    (joined, weights), (apart, same) = trained(True), trained(False)
    assert apart >= joined
    assert batch % 32 or apart > joined, "batches of whole vectors are scored in one pass"
    assert torch.equal(weights, same)
