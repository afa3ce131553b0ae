"""Who is ahead, in words, for scores that are known."""

from __future__ import annotations

import dataclasses

import made_up
import numpy as np
import pytest
from PySide6.QtWidgets import QStatusBar

from ganviz.session.state import RunState
from ganviz.spec.words import grouped, regrouped
from ganviz.training.columns import COLUMNS
from ganviz.training.probes.loss_trace import LossTrace
from ganviz.training.snapshot import LaneStatus
from ganviz.views.look.status_words import balance_words, quality_words
from ganviz.views.window.status import WindowStatus

LOGITS, CRITIC = made_up.run_config(), made_up.run_config(formulations=("wgan_gp",))


def trace(**values):
    current = np.zeros((1, len(COLUMNS)))
    for name, value in values.items():
        current[0, COLUMNS.index(name)] = value
    return dataclasses.replace(made_up.trace(1, 10, np.random.default_rng(0)), current=current)


@pytest.mark.parametrize(
    ("d_real", "d_fake", "words"),
    [
        (0.5, 0.5, "the two are level: D(x) ≈ 0.50, D(G(z)) ≈ 0.50 in D's last batch"),
        (0.7, 0.3, "the discriminator is ahead: D(x) ≈ 0.70, D(G(z)) ≈ 0.30 in D's last batch"),
        (0.4, 0.6, "the generator is ahead: D(x) ≈ 0.40, D(G(z)) ≈ 0.60 in D's last batch"),
    ],
)  # fmt: skip
def test_probabilities_say_who_is_ahead(d_real, d_fake, words):
    assert balance_words(LOGITS, trace(real_probability=d_real, fake_probability=d_fake), 0) == words


def test_what_d_says_now_counts_where_it_was_moved_by_hand():
    before, now = (trace(real_probability=a, fake_probability=b) for a, b in ((0.54, 0.42), (0.95, 0.02)))
    words = balance_words(LOGITS, dataclasses.replace(before, ahead=now.current), 0)
    assert words == "the discriminator is ahead: D(x) ≈ 0.95, D(G(z)) ≈ 0.02 in D's last batch"


def test_a_critic_has_a_gap_and_no_probability():
    words = balance_words(CRITIC, trace(real_mean=1.25, fake_mean=-0.5, real_probability=0.9), 0)
    assert words == "gap 1.75: mean score 1.25 on real, −0.50 on generated, in D's last batch"


def test_nearly_nothing_has_no_sign():
    words = balance_words(CRITIC, trace(real_mean=-1e-6, fake_mean=2e-6), 0)
    assert words == "gap 0.00: mean score 0.00 on real, 0.00 on generated, in D's last batch"


def test_a_small_gap_has_the_digits_that_show_it():
    """Clipped weights give scores that are next to equal."""
    words = balance_words(CRITIC, trace(real_mean=0.01234, fake_mean=0.01112), 0)
    assert words == "gap 0.0012: mean score 0.0123 on real, 0.0111 on generated, in D's last batch"


def test_long_numbers_are_grouped():
    assert grouped(1234567.4) == "1\u202f234\u202f567"
    assert grouped(999) == "999"


def test_nothing_is_said_of_what_is_not_a_number():
    assert balance_words(LOGITS, trace(fake_mean=np.nan), 0) == ""


def test_quality_is_said_where_there_are_modes():
    found = made_up.metrics(2, 8, np.random.default_rng(0))
    assert quality_words(found, 0, 500) == "8 of 8 modes · quality 94 %"
    assert quality_words(found, 1, 500) == "7 of 8 modes · quality 84 %"
    assert quality_words(found, 2, 500) == ""
    assert quality_words(None, 0, 500) == ""
    assert quality_words(made_up.metrics(1, 0, np.random.default_rng(0)), 0, 500) == ""


def test_an_older_reading_says_of_which_step_it_is():
    found = dataclasses.replace(made_up.metrics(1, 8, np.random.default_rng(0)), step=1200)
    assert quality_words(found, 0, 1200) == "8 of 8 modes · quality 94 %"
    assert quality_words(found, 0, 1500) == "8 of 8 modes · quality 94 % (at step 1\u202f200)"


def test_sentences_of_the_command_line_get_the_digits_of_the_window():
    assert regrouped("2,000 steps from 0 to 1,234,567.") == "2\u202f000 steps from 0 to 1\u202f234\u202f567."
    alike = "Pairs (1,2), 'a,100b', loss_d,1234 and 0.5,75: e^(−A)"
    assert regrouped(alike) == alike


def test_the_short_form_of_the_status_says_of_which_scores_it_is(qtbot):
    """Beside a histogram of fixed samples it may say the opposite."""
    bar = QStatusBar()
    qtbot.addWidget(bar)
    status = WindowStatus(bar)
    snapshot = made_up.snapshot(made_up.run_config("digits", ("non_saturating", "wasserstein")))
    status.show(snapshot, snapshot.get(LossTrace), None)
    whole, short, shorter, shortest = status._told
    assert all(words.count("in D's last batch") == 1 for words in whole + short + shorter)
    assert not any("batch" in words for words in shortest)
    assert max(map(len, shortest)) < max(map(len, shorter)) < max(map(len, whole))


@pytest.mark.parametrize(("formulations", "begins"), [
    (("saturating",), "Diverged at step 7: the generator's loss"),
    (("saturating", "hinge"), "Diverged · Saturating: diverged at step 7: "),
])  # fmt: skip
def test_that_all_has_diverged_is_said_once(qtbot, formulations, begins):
    bar = QStatusBar()
    qtbot.addWidget(bar)
    status, snapshot = WindowStatus(bar), made_up.snapshot(made_up.run_config("ring", formulations))
    lanes = tuple(LaneStatus(7, "g_loss") for _ in snapshot.lanes)
    status.show_state(RunState.DIVERGED)
    status.show(dataclasses.replace(snapshot, lanes=lanes), snapshot.get(LossTrace), None)
    assert status._words.text().startswith(begins)


def test_each_lane_is_told_of_by_its_own_scores_and_modes():
    config = made_up.run_config(formulations=("non_saturating", "wgan_gp"))
    rows = [
        trace(real_probability=0.7, fake_probability=0.3).current,
        trace(real_mean=3.0, fake_mean=1.0).current,
    ]
    both = dataclasses.replace(made_up.trace(2, 10, np.random.default_rng(0)), current=np.concatenate(rows))
    assert balance_words(config, both, 0).startswith(
        "the discriminator is ahead: D(x) ≈ 0.70, D(G(z)) ≈ 0.30"
    )
    assert balance_words(config, both, 1).startswith("gap 2.00: mean score 3.00 on real, 1.00 on generated")
    metrics = made_up.metrics(2, 8, np.random.default_rng(0))
    assert [quality_words(metrics, lane, 1) for lane in (0, 1)] == [
        "8 of 8 modes · quality 94 %", "7 of 8 modes · quality 84 %",
    ]  # fmt: skip
