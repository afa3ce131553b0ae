"""Losses that people type: their own functions of a score t, or of a pair's lead u = t_real - t_fake."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ganviz.losses.adversarial.base import AbstractPairedLoss, AbstractPointwiseLoss, Equilibrium
from ganviz.losses.adversarial.best_score import sought
from ganviz.losses.adversarial.facts import Range
from ganviz.losses.expressions import GRID, LONGEST, Expression, expression, formula_html, reach
from ganviz.spec import InvalidValueError, Spec, param
from ganviz.spec.frozen import dataclass

if TYPE_CHECKING:
    from torch import Tensor

    from ganviz.losses.adversarial.abstract import Floats

LONGEST_NAME = 40
LEAD = "(t<sub>r</sub> − t<sub>f</sub>)"

_HELP = "A formula of {}: numbers, + - * / **, exp, log, softplus, sigmoid, relu, min, max … Finite from -80 to 80."


def _formula(default: str, title: str, variable: str) -> Any:
    return param(default, title, _HELP.format(variable), longest=LONGEST, editor="formula")


class _Typed(Spec):
    """What both kinds share: formulas that are read when the loss is made, with the field's name in refusals."""

    __slots__ = ()

    variable: ClassVar[str]
    formulas: ClassVar[tuple[str, ...]]
    family: ClassVar[str] = "Your own"
    reference: ClassVar[str] = "Your own"

    def read(self, name: str) -> Expression:
        """Return the formula of a field."""
        return expression(getattr(self, name), self.variable)

    def check(self) -> None:
        """Raise InvalidValueError for a name that cannot be shown, or the first formula that cannot be used."""
        called = str(getattr(self, "name", ""))
        if any(sign in "<>&" or unicodedata.category(sign) in ("Cc", "Cs") for sign in called):
            raise InvalidValueError(f"name cannot hold <, >, & or control characters, as {called!a} does.")
        for name in self.formulas:
            try:
                self.read(name)
            except InvalidValueError as error:
                raise InvalidValueError(f"{name}: {error}") from None

    @property
    def d_range(self) -> Range:
        """Return between which values L_D was found to lie."""
        return _sum_of([(self.read(name),) for name in self.formulas[:-1]])

    @property
    def g_range(self) -> Range:
        """Return between which values L_G was found to lie."""
        return Range(*reach(self.read("generated")))

    @property
    def total_range(self) -> Range:
        """Return between which values L_D + L_G was found to lie: what is of fake samples is added score by score."""
        *rest, of_fake, generated = (self.read(name) for name in self.formulas)
        return _sum_of([*((one,) for one in rest), (of_fake, generated)])

    @property
    def called(self) -> str:
        """Return the name that it was given, if it was."""
        return str(getattr(self, "name", "")) or self.title

    def mean(self, name: str, variable: str) -> str:
        """Return the mean of a field's formula as HTML, with another name for its variable."""
        return f"E {formula_html(getattr(self, name), self.variable, variable)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomLoss(_Typed, AbstractPointwiseLoss):
    """Three functions of a score: D's on real and on fake samples, and G's on its own."""

    key: ClassVar[str] = "custom"
    title: ClassVar[str] = "Own loss"
    behavior: ClassVar[str] = "Three formulas of your own, of each sample's score."
    variable: ClassVar[str] = "t"
    formulas: ClassVar[tuple[str, ...]] = ("real", "fake", "generated")

    name: str = param("", "Name", "What it is called in legends and menus.", longest=LONGEST_NAME)
    real: str = _formula("softplus(-t)", "D on real", "the score t of a real sample")
    fake: str = _formula("softplus(t)", "D on fake", "the score t of a fake sample")
    generated: str = _formula("softplus(-t)", "G", "the score t of a generated sample")

    def __post_init__(self) -> None:
        Spec.__post_init__(self)
        self.check()

    @property
    def score_kind(self) -> str:  # type: ignore[override]  # of an instance, not of the class
        """Return "logit" where D's functions are those of cross-entropy, so that σ(t) is a probability."""
        return "logit" if sought(self.real, self.fake).is_cross_entropy else "critic"

    @property
    def d_formula(self) -> str:  # type: ignore[override]
        """Return the discriminator's objective as HTML."""
        return f"{self.mean('real', 't<sub>r</sub>')} + {self.mean('fake', 't<sub>f</sub>')}"

    @property
    def g_formula(self) -> str:
        """Return the generator's objective as HTML."""
        return self.mean("generated", "t<sub>f</sub>")

    @property
    def always_rises(self) -> bool:  # type: ignore[override]
        """Return whether L_G never rises with the score."""
        return bool((self.read("generated").slope(GRID) <= 0).all())

    @property
    def is_canceling(self) -> bool:
        """Return whether L_G is D's fake part with the sign turned."""
        return bool(np.allclose(self.read("generated")(GRID), -self.read("fake")(GRID), rtol=0, atol=1e-9))

    def on_real(self, scores: Tensor) -> Tensor:
        """Return the formula ``real``."""
        found: Tensor = self.read("real")(scores)
        return found

    def on_fake(self, scores: Tensor) -> Tensor:
        """Return the formula ``fake``."""
        found: Tensor = self.read("fake")(scores)
        return found

    def on_generated(self, scores: Tensor) -> Tensor:
        """Return the formula ``generated``."""
        found: Tensor = self.read("generated")(scores)
        return found

    def on_real_slope(self, scores: Tensor) -> Tensor:
        """Return the slope of ``real``."""
        found: Tensor = self.read("real").slope(scores)
        return found

    def on_fake_slope(self, scores: Tensor) -> Tensor:
        """Return the slope of ``fake``."""
        found: Tensor = self.read("fake").slope(scores)
        return found

    def on_generated_slope(self, scores: Tensor) -> Tensor:
        """Return the slope of ``generated``."""
        found: Tensor = self.read("generated").slope(scores)
        return found

    def best_scores(self, log_ratio: Floats) -> Floats | None:
        """Return ln(p / q) where D's functions are those of cross-entropy; of others nobody knows."""
        return log_ratio if sought(self.real, self.fake).is_cross_entropy else None

    def equilibrium(self) -> Equilibrium:
        """Return the values at D's best score on samples that are as often real as fake; None where it is open."""
        found = sought(self.real, self.fake)
        if found.score is None:
            return Equilibrium(None, None, found.d_loss, None, None, None)
        place = np.array([found.score])
        d_real, d_fake, g_loss = (float(self.read(name)(place)[0]) for name in self.formulas)
        return Equilibrium(d_real, d_fake, d_real + d_fake, g_loss, d_real + d_fake + g_loss, found.score)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomPairedLoss(_Typed, AbstractPairedLoss):
    """Two functions of u = t_real - t_fake, pair by pair: D's and G's."""

    key: ClassVar[str] = "custom_paired"
    title: ClassVar[str] = "Own loss of pairs"
    behavior: ClassVar[str] = "Two formulas of your own, of a real sample's lead over its fake partner."
    score_kind: ClassVar[str] = "critic"
    variable: ClassVar[str] = "u"
    formulas: ClassVar[tuple[str, ...]] = ("lead", "generated")

    name: str = param("", "Name", "What it is called in legends and menus.", longest=LONGEST_NAME)
    lead: str = _formula("softplus(-u)", "D", "the lead u of a real sample's score over its fake partner's")
    generated: str = _formula("softplus(u)", "G", "the same lead u")

    def __post_init__(self) -> None:
        Spec.__post_init__(self)
        self.check()

    @property
    def d_formula(self) -> str:  # type: ignore[override]
        """Return the discriminator's objective as HTML."""
        return self.mean("lead", LEAD)

    @property
    def g_formula(self) -> str:
        """Return the generator's objective as HTML."""
        return self.mean("generated", LEAD)

    @property
    def always_rises(self) -> bool:  # type: ignore[override]
        """Return whether L_G never asks for a lower score of a generated sample: it never falls with u."""
        return bool((self.read("generated").slope(GRID) >= 0).all())

    def on_lead(self, differences: Tensor) -> Tensor:
        """Return the formula ``lead`` of t_real - t_fake."""
        found: Tensor = self.read("lead")(differences)
        return found

    def on_generated_lead(self, differences: Tensor) -> Tensor:
        """Return the formula ``generated`` of t_real - t_fake, given t_fake - t_real."""
        found: Tensor = self.read("generated")(-differences)
        return found

    def on_lead_slope(self, differences: Tensor) -> Tensor:
        """Return the slope of ``lead``."""
        found: Tensor = self.read("lead").slope(differences)
        return found

    def on_generated_lead_slope(self, differences: Tensor) -> Tensor:
        """Return the slope of ``generated`` with respect to t_fake - t_real."""
        found: Tensor = -self.read("generated").slope(-differences)
        return found

    def equilibrium(self) -> Equilibrium:
        """Return the values at u = 0, where pairs cannot be told apart; the common score is open."""
        d_loss, g_loss = (float(self.read(name)(np.zeros(1))[0]) for name in self.formulas)
        return Equilibrium(None, None, d_loss, g_loss, d_loss + g_loss, None)


def _sum_of(parts: list[tuple[Expression, ...]]) -> Range:
    """Return between which values a sum lies: of functions of different scores, each a sum of formulas of one."""
    reaches = [reach(*part) for part in parts]
    return Range(sum(low for low, _ in reaches), sum(high for _, high in reaches))


def typed_loss(text: str) -> CustomLoss | CustomPairedLoss:
    """Return the loss that ``"on real; on fake; generator"`` (of t) or ``"D; G"`` (of u) stands for.

    Raises
    ------
    InvalidValueError
        When there are not two or three formulas, or one of them is none.
    """
    formulas = [one.strip() for one in text.split(";")]
    if len(formulas) == 3:
        return CustomLoss(**dict(zip(CustomLoss.formulas, formulas, strict=True)))
    if len(formulas) == 2:
        return CustomPairedLoss(**dict(zip(CustomPairedLoss.formulas, formulas, strict=True)))
    raise InvalidValueError(
        "An own loss is three formulas of t (on real; on fake; generator) or two of u = t_real - t_fake "
        f"(discriminator; generator), with semicolons in between, not {len(formulas)}."
    )
