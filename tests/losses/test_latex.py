"""Formulas as LaTeX: those of the papers, and for every loss the numbers that the loss computes."""

import re

import pytest
import torch

from ganviz.losses.latex import d_terms, formulation_latex, g_terms, joined, penalty_latex
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.penalties.base import AbstractSlopePenalty
from ganviz.losses.presets import FORMULATIONS, named_formulation

CROSS_ENTROPY = r"-\mathbb{E}\,\log D(x) - \mathbb{E}\,\log(1 - D(G(z)))"
WRITTEN = {
    "saturating": (CROSS_ENTROPY, r"\mathbb{E}\,\log(1 - D(G(z)))"),
    "non_saturating": (CROSS_ENTROPY, r"-\mathbb{E}\,\log D(G(z))"),
    "hinge": (r"\mathbb{E}\,\max(0, 1 - t_r) + \mathbb{E}\,\max(0, 1 + t_f)", r"-\mathbb{E}\,t_f"),
    "least_squares_0": (
        r"\frac{1}{2}\,\mathbb{E}\,(t_r - 1)^{2} + \frac{1}{2}\,\mathbb{E}\,(t_f + 1)^{2}",
        r"\frac{1}{2}\,\mathbb{E}\,t_f^{2}",
    ),
    "wgan_gp": (
        r"-\mathbb{E}\,t_r + \mathbb{E}\,t_f + 10\,\mathbb{E}\,(\|\nabla t(x_\varepsilon)\| - 1)^{2}",
        r"-\mathbb{E}\,t_f",
    ),
    "r3gan": (
        r"\mathbb{E}\,\log(1 + e^{t_f - t_r}) + 0.05\,\mathbb{E}\,\|\nabla t(x)\|^{2}"
        r" + 0.05\,\mathbb{E}\,\|\nabla t(G(z))\|^{2}",
        r"\mathbb{E}\,\log(1 + e^{t_r - t_f})",
    ),
}
OWN = "custom: max(0, 1 - t) + 2 * t**2; log(1 + exp(t)) * 0.5 - 2; -min(t, 3) - sqrt(t**2 + 1) / 3"


@pytest.mark.parametrize("name", WRITTEN)
def test_formulas_are_those_of_the_papers(name):
    formulation = named_formulation(name)
    d_words, g_words = WRITTEN[name]
    assert joined(d_terms(formulation)) == d_words
    assert joined(g_terms(formulation)) == g_words
    assert formulation_latex(formulation).count(r"\begin{aligned}") == 1


@pytest.mark.parametrize("key", PENALTIES)
def test_every_penalty_has_a_term(key):
    bare = named_formulation("non_saturating")
    penalized = type(bare)(bare.loss, (PENALTIES[key](),))
    term = d_terms(penalized)[-1]
    assert term.role == "penalty"
    assert r"\nabla" in term.latex or r"\mathrm" in term.latex


def computed(latex, real, fake):
    """Return what a formula says of scores, read by rules of this test alone."""
    text = (
        latex.replace(r"\left[", "(")
        .replace(r"\right]", ")")
        .replace(r"\,", " ")
        .replace(r"\mathbb{E}", "E*")
    )
    for samples, scores in (("x", "t_r"), ("G(z)", "t_f")):
        text = text.replace(f"D({samples})", f"S({scores})")
    text = re.sub(r"\\log (S\(t_.\)|2)", r"log(\1)", text).replace(r"\log", "log")
    before = ""
    while text != before:  # from the inside outwards
        before = text
        text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", text)
        text = re.sub(r"\^\{([^{}]*)\}", r"**(\1)", re.sub(r"\\sqrt\{([^{}]*)\}", r"sqrt(\1)", text))
    text = text.replace(r"\max", "high").replace(r"\min", "low")
    text = re.sub(r"v_(.)", r"t_\1.clip(-15, 15)", text)
    text = re.sub(r"(?<=[\d)\]]) +(?=[A-Za-z(])", "*", text)
    text = re.sub(r"E\*? *(?=[\w(])", "E**", text)
    names = {
        "t_r": real, "t_f": fake, "S": torch.sigmoid, "log": lambda x: torch.log(torch.as_tensor(x)),
        "sqrt": torch.sqrt, "high": lambda a, b: torch.maximum(*map(torch.as_tensor, (a, b))),
        "low": lambda a, b: torch.minimum(*map(torch.as_tensor, (a, b))), "e": torch.tensor(2.718281828459045),
        "E": Mean(),
    }  # fmt: skip
    return float(eval(text, {}, names))


class Mean:
    """E: the mean of what stands to its right, as far as powers go."""

    def __pow__(self, values):
        return torch.as_tensor(values).mean()


OF_SCORES = [key for key, named in FORMULATIONS.items() if named.formulation.loss.has_discriminator]


@pytest.mark.parametrize("name", [*OF_SCORES, OWN])
def test_formulas_say_the_numbers_that_are_computed(name):
    loss = named_formulation(name).loss
    bare = type(named_formulation(name))(loss)
    generator = torch.Generator().manual_seed(1)
    real, fake = (torch.randn(7, generator=generator, dtype=torch.float64) for _ in range(2))
    expected = loss.discriminator(real_scores=real[None], fake_scores=fake[None])
    assert computed(joined(d_terms(bare)), real, fake) == pytest.approx(float(expected), rel=1e-6)
    expected = loss.generator(real_scores=real[None], fake_scores=fake[None])
    assert computed(joined(g_terms(bare)), real, fake) == pytest.approx(float(expected), rel=1e-6)


@pytest.mark.parametrize(
    "key", [key for key, cls in PENALTIES.items() if issubclass(cls, AbstractSlopePenalty)]
)
def test_penalties_say_the_numbers_that_are_computed(key):
    """Their weights and functions of the slope's norm, at the points where they look."""
    penalty = PENALTIES[key]()
    latex = penalty_latex(penalty)
    norms = 3 * torch.rand(7, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    text = re.sub(r"\\\|\\nabla t\(.*?\)\\\|", "t_f", latex)
    expected = penalty.factor * penalty.of_squares(norms**2).mean()
    assert computed(text, norms, norms) == pytest.approx(float(expected), rel=1e-6)
    (where,) = set(re.findall(r"\\nabla t\((.*?)\)\\\|", latex))
    known = {"r1": "x", "r2": "G(z)", "gradient_penalty": r"x_\varepsilon"}
    assert where == known.get(key, where)


def test_distances_of_samples_are_means_of_kernels():
    assert d_terms(named_formulation("mmd"))[0].latex == r"\mathrm{none}"
    a, b, c = (r"\|x - x'\|", r"\|G(z) - G(z')\|", r"\|x - G(z)\|")
    mean = r"\mathbb{E}\,"
    assert joined(g_terms(named_formulation("mmd"))) == (
        f"{mean}e^{{-2\\,{a}^{{2}}}} + {mean}e^{{-2\\,{b}^{{2}}}} - 2\\,{mean}e^{{-2\\,{c}^{{2}}}}"
    )
    assert joined(g_terms(named_formulation("energy_distance"))) == f"-{mean}{a} - {mean}{b} + 2\\,{mean}{c}"
