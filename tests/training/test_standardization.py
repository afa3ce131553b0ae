"""Points far from 0 and 1 are learned standardized, and everything outside the networks is in the file's own units."""

import csv
import dataclasses
import json

import numpy as np
import pytest
import torch

from ganviz.data import points_file
from ganviz.data.points_file import PointsFile
from ganviz.losses.inputs.instance_noise import InstanceNoise
from ganviz.losses.presets import named_formulation
from ganviz.networks.mlp import MLP
from ganviz.session.exporting import write_samples, write_weights
from ganviz.training.checkpoint import load_checkpoint, save_checkpoint
from ganviz.training.config import LaneConfig, RunConfig, TrainingSettings
from ganviz.training.probes.gradients import GradientArrowsProbe
from ganviz.training.probes.metrics import MetricsProbe
from ganviz.training.probes.surface import SurfaceProbe
from ganviz.training.run_state import frame_from_plain, frame_to_plain
from ganviz.training.trainer import Trainer


@pytest.fixture
def files(tmp_path):
    """The same points near 0 and 1, and moved and stretched, in powers of 2 so that float32 holds both alike."""
    near = np.random.default_rng(0).normal(size=(200, 2))
    near = np.round(near * 2**10) / 2**10
    far = near * [2**-3, 2**4] + [2.0, 64.0]
    for name, points in (("near", near), ("far", far)):
        np.savetxt(tmp_path / f"{name}.csv", points, delimiter=",", fmt="%.12f")
    near_file = PointsFile(path=str(tmp_path / "near.csv"), standardize="yes")
    return near_file, PointsFile(path=str(tmp_path / "far.csv"))


def trained(data, packing=1):
    lane = LaneConfig(dataclasses.replace(named_formulation("non_saturating"), inputs=(InstanceNoise(),)))
    training = TrainingSettings(batch_size=8, packing=packing, device="cpu")
    trainer = Trainer(RunConfig((lane,), data, MLP(width=8), training=training))
    trainer.train(40)
    return trainer


@pytest.mark.parametrize("packing", [1, 2])
def test_what_is_learned_does_not_depend_on_units_and_what_is_shown_has_them(files, packing):
    near, far = (trained(data, packing) for data in files)
    scale, offset = np.array([2**-3, 2**4]), np.array([2.0, 64.0])
    near.flush()
    far.flush()
    np.testing.assert_allclose(
        near.history.table(0)[:, :4], far.history.table(0)[:, :4], rtol=1e-3, equal_nan=True
    )
    plain, shown = near.subject(), far.subject()
    moved = plain.generator(plain.latents(50)).numpy() * scale + offset
    np.testing.assert_allclose(shown.generator(shown.latents(50)).numpy(), moved, rtol=1e-3)
    np.testing.assert_allclose(shown.real(9), plain.real(9) * scale + offset, rtol=1e-6)
    for probe in (SurfaceProbe(), GradientArrowsProbe()):
        a, b = probe.measure(plain), probe.measure(shown)
        name = "scores" if isinstance(probe, SurfaceProbe) else "vectors"
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), rtol=1e-3, atol=1e-4)
    real = torch.from_numpy(shown.real(16)).expand(1, 16, 2)
    same = torch.from_numpy(plain.real(16)).expand(1, 16, 2)
    np.testing.assert_allclose(shown.scores(real, 0), plain.scores(same, 0), rtol=1e-3, atol=1e-4)


def test_distances_do_not_depend_on_units_so_that_a_wide_column_does_not_hide_the_other(files):
    near, far = (MetricsProbe(n=50).measure(trained(data).subject()) for data in files)
    assert far.sliced_wasserstein[0] == pytest.approx(near.sliced_wasserstein[0], rel=1e-2)
    assert far.sliced_wasserstein_floor[0] == pytest.approx(near.sliced_wasserstein_floor[0], rel=1e-5)


def test_exports_are_in_the_files_units(files, tmp_path):
    from safetensors import safe_open

    trainer = trained(files[1])
    write_samples(tmp_path / "samples.csv", trainer)
    with (tmp_path / "samples.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "real"]
    assert np.mean([float(row["y"]) for row in rows]) == pytest.approx(64, abs=2)
    write_weights(tmp_path / "g.safetensors", trainer, 0)
    with safe_open(tmp_path / "g.safetensors", "pt") as file:
        said, layers = file.metadata(), json.loads(file.metadata()["layers"])
    assert json.loads(said["last_layer_undoes_standardization"])["offset"][1] == pytest.approx(64, abs=2)
    assert layers[-1] == ["Linear", {"in_features": 2, "out_features": 2}]
    subject = trainer.subject()
    latents = subject.latents(20)
    with torch.no_grad():
        made = trainer.generator_module(0)(latents[0])
    torch.testing.assert_close(made, subject.generator(latents)[0], rtol=1e-5, atol=1e-4)


def test_a_saved_run_keeps_it_where_its_file_is_gone_and_older_ones_stay_as_they_were(files, tmp_path):
    trainer = trained(files[1])
    save_checkpoint(tmp_path / "run.ganviz", trainer)
    shown = trainer.subject().generator(trainer.subject().latents(5))
    (tmp_path / "far.csv").rename(tmp_path / "elsewhere.csv")
    points_file._READ.clear()
    opened = load_checkpoint(tmp_path / "run.ganviz")
    assert torch.equal(opened.subject().generator(opened.subject().latents(5)), shown)
    plain = frame_to_plain(trainer.frame())
    config = json.loads(plain["config"])
    del config["distribution"]["standardize"]
    plain["scores"] = torch.from_numpy(trainer.frame()["scores"])
    frame = frame_from_plain({**plain, "config": json.dumps(config)})
    assert frame["config"].distribution == dataclasses.replace(files[1], standardize="no")


@pytest.mark.parametrize(
    ("columns", "is_standardized"),
    [
        (([-2.0, 2.0], [-1.0, 1.0]), False),
        (([0.0, 1.0], [5.0, 5.0]), True),
        (([99.0, 101.0], [-1.0, 1.0]), True),
        (([-9.0, 9.0], [0.0, 1.0]), True),
    ],
)
def test_points_near_0_and_1_are_learned_as_they_are(tmp_path, columns, is_standardized):
    path = tmp_path / "points.csv"
    np.savetxt(path, np.array(columns).T, delimiter=",")
    data = PointsFile(path=str(path))
    assert (data.standardization is not None) == is_standardized == ("Standardized" in data.summary)
    assert np.isfinite(data.learned(20, np.random.default_rng(0))).all()
    assert dataclasses.replace(data, standardize="no").standardization is None
    forced = dataclasses.replace(data, standardize="yes").learned(4000, np.random.default_rng(0))
    assert np.abs(forced.mean(0)).max() < 0.1
