"""Named formulations, in the order of the menu; the first nine go by the keys 1 … 9.

Every loss of the catalog stands here by itself, under its own key, where no line of :data:`_KNOWN` has it already.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.adversarial.averaged_relativistic import AveragedRelativistic
from ganviz.losses.adversarial.custom import LONGEST_NAME, typed_loss
from ganviz.losses.adversarial.hinge import Hinge
from ganviz.losses.adversarial.least_squares import LeastSquares
from ganviz.losses.adversarial.non_saturating import NonSaturating
from ganviz.losses.adversarial.paired_relativistic import PairedRelativistic
from ganviz.losses.adversarial.saturating import Saturating
from ganviz.losses.adversarial.wasserstein import Wasserstein
from ganviz.losses.constraints import WeightClipping
from ganviz.losses.formulation import Formulation, formulation_from_plain
from ganviz.losses.penalties.one_centered import DRAGAN, GradientPenalty, LipschitzPenalty
from ganviz.losses.penalties.zero_centered import R1, R2
from ganviz.spec import InvalidValueError, Plain, UnknownKeyError, param_info
from ganviz.spec.frozen import dataclass
from ganviz.spec.words import both_in_line, symbol, unit_behind


@dataclass(frozen=True, slots=True)
class NamedFormulation:
    """A formulation with the key and the title it goes by; ``note`` tells what its parts make of the loss.

    ``paper`` is that of the whole, where the parts have papers of their own.
    """

    key: str
    title: str
    formulation: Formulation
    note: str = ""
    paper: str = ""

    @property
    def behavior(self) -> str:
        """Return one sentence on how it behaves."""
        return self.note or self.formulation.loss.behavior

    @property
    def papers(self) -> tuple[str, ...]:
        """Return the papers of the whole, of the loss and of its penalties."""
        loss, penalties = self.formulation.loss, self.formulation.penalties
        papers = (self.paper, loss.reference, *(one.reference for one in penalties))
        return tuple(dict.fromkeys(paper for paper in papers if paper))


_KNOWN = (
    NamedFormulation("saturating", "Saturating", Formulation(Saturating())),
    NamedFormulation("non_saturating", "Non-saturating", Formulation(NonSaturating())),
    NamedFormulation("least_squares", "Least squares", Formulation(LeastSquares())),
    NamedFormulation("hinge", "Hinge", Formulation(Hinge())),
    NamedFormulation(
        "wasserstein",
        "WGAN",
        Formulation(Wasserstein(), (), WeightClipping()),
        "No weight of D exceeds c: with the usual 0.01, D is so flat that G's slopes are tiny.",
    ),
    NamedFormulation(
        "wgan_gp",
        "WGAN-GP",
        Formulation(Wasserstein(), (GradientPenalty(),)),
        "Slopes of D other than 1 cost λ, even at a perfect G. Give D five updates a step, as its paper does.",
    ),
    NamedFormulation(
        "non_saturating_r1",
        "NS + R1",
        Formulation(NonSaturating(), (R1(),)),
        "Slopes of D at real samples cost γ/2: narrow modes stay near equilibrium, where soft ones are anyway.",
    ),
    NamedFormulation("rpgan", "RpGAN", Formulation(PairedRelativistic())),
    NamedFormulation("ragan", "RaGAN", Formulation(AveragedRelativistic())),
    NamedFormulation(
        "r3gan",
        "R3GAN",
        Formulation(PairedRelativistic(), (R1(), R2())),
        "Pairs compete, and slopes of D cost γ/2 at real and fake samples: narrow modes stay near equilibrium.",
        "Huang et al. 2024, arXiv 2501.05441",
    ),
    NamedFormulation(
        "wgan_lp",
        "WGAN-LP",
        Formulation(Wasserstein(), (LipschitzPenalty(),)),
        "Only slopes above 1 between the samples cost λ: at a perfect G, D may be flat.",
    ),
    NamedFormulation(
        "dragan",
        "DRAGAN",
        Formulation(NonSaturating(), (DRAGAN(),)),
        "Slopes of D other than 1 cost λ around real samples, where a perfect G would let D be flat.",
    ),
    NamedFormulation(
        "least_squares_1",
        "Least squares (−1, 1, 1)",
        Formulation(LeastSquares(a=-1, b=1, c=1)),
        "As (0, 1, 1) with scores twice as far apart: what G descends at the best D is four times as large.",
    ),
    NamedFormulation(
        "least_squares_0", "Least squares (−1, 1, 0)", Formulation(LeastSquares(a=-1, b=1, c=0))
    ),
)


def _named() -> Iterator[NamedFormulation]:
    yield from _KNOWN
    known = {type(named.formulation.loss) for named in _KNOWN}
    for key, cls in ADVERSARIAL_LOSSES.items():
        if cls not in known:
            yield NamedFormulation(key, cls.title, Formulation(cls()))


FORMULATIONS: Mapping[str, NamedFormulation] = MappingProxyType({named.key: named for named in _named()})
ALSO = {
    "LSGAN": "least_squares",
    "NSGAN": "non_saturating",
    "Minimax": "saturating",
    "Geometric GAN": "hinge",
    "RSGAN": "rpgan",
    "RaSGAN": "ragan",
}
"""Names of the field besides those of the menu."""
LONGEST_SHARED = 100_000
"""Letters of a formulation that somebody else wrote down."""


def _letters(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign.isalnum())


_BY_LETTERS = {_letters(one.title): key for key, one in FORMULATIONS.items()} | {
    _letters(name): key for name, key in ALSO.items()
}


class Names(Mapping[str, Formulation]):
    """Every name that stands for a formulation; besides those of the menu, "custom: …" with formulas after it."""

    def __getitem__(self, key: str) -> Formulation:
        return named_formulation(key)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and (
            key in FORMULATIONS or _letters(key) in _BY_LETTERS or _typed(key) is not None or _is_shared(key)
        )

    def __iter__(self) -> Iterator[str]:
        return iter(FORMULATIONS)

    def __len__(self) -> int:
        return len(FORMULATIONS)


def _typed(key: str) -> str | None:
    """Return the formulas of "custom: on real; on fake; generator", or None for other names."""
    start, colon, formulas = key.partition(":")
    return formulas if colon and start.strip() == "custom" else None


def _is_shared(key: str) -> bool:
    return key.lstrip().startswith("{")


def shared_plain(named: NamedFormulation) -> dict[str, Plain]:
    """Return a formulation and its name as plain data, which :func:`named_from_plain` reads."""
    return {"name": named.title, **named.formulation.to_plain()}


def named_from_plain(plain: Plain) -> NamedFormulation:
    """Return the formulation of plain data, under the name that they give it or a composed one.

    Raises
    ------
    InvalidValueError
        With what is wrong.
    """
    if not isinstance(plain, dict):
        raise InvalidValueError(f"A formulation must be an object, not {plain!r}.")
    name = plain.get("name", "")
    formulation = formulation_from_plain({key: plain[key] for key in plain if key != "name"}, "")
    is_name = isinstance(name, str) and name.isprintable() and 0 < len(name) <= LONGEST_NAME
    return NamedFormulation("", name if is_name else title_of(formulation), formulation)


def shared_text(named: NamedFormulation) -> str:
    """Return a formulation and its name as JSON, which :func:`read_shared` and the command line read."""
    return json.dumps(shared_plain(named), indent=1, ensure_ascii=False)


def read_shared(text: str) -> NamedFormulation:
    """Return what :func:`shared_text` or a person has written: JSON with or without a name, a name, or formulas.

    Raises
    ------
    InvalidValueError
        With what is wrong.
    """
    if len(text) > LONGEST_SHARED:
        raise InvalidValueError(f"A formulation has at most {LONGEST_SHARED} letters; this is {len(text)}.")
    if not _is_shared(text):
        formulation = named_formulation(text.strip())
        return NamedFormulation("", title_of(formulation), formulation)
    try:
        plain = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidValueError(
            "This is no formulation: it begins like JSON and cannot be read as such."
        ) from None
    return named_from_plain(plain)


def named_formulation(key: str) -> Formulation:
    """Return the formulation of that name, of formulas as "custom: on real; on fake; generator", or of JSON.

    Raises
    ------
    InvalidValueError
        With the nearest names, or with what is wrong with a formula.
    """
    formulas = _typed(key)
    if formulas is not None:
        return Formulation(typed_loss(formulas))
    if _is_shared(key):
        return read_shared(key).formulation
    known = key if key in FORMULATIONS else _BY_LETTERS.get(_letters(key), key)
    if known not in FORMULATIONS:
        raise UnknownKeyError("formulation", key, list(FORMULATIONS))
    return FORMULATIONS[known].formulation


def name_of(formulation: Formulation) -> NamedFormulation | None:
    """Return the named formulation that equals this one, or None when its parameters were changed."""
    return next((named for named in FORMULATIONS.values() if named.formulation == formulation), None)


@lru_cache(maxsize=512)  # for each lane, at every frame
def title_of(formulation: Formulation) -> str:
    """Return the formulation's name, or that of its namesake or of its parts, with the numbers that are others."""
    named = _namesake(formulation)
    return ", ".join([plain_title_of(formulation), *_other_numbers(formulation, named)])


def plain_title_of(formulation: Formulation) -> str:
    """Return the formulation's name, that of its namesake or of its parts, whatever its numbers are."""
    named = _namesake(formulation)
    return named.title if named else formulation.title


def _namesake(formulation: Formulation) -> NamedFormulation | None:
    """Return the named formulation with the same parts; of several that with the fewest other numbers."""
    kinds = [type(part) for part in formulation.parts]
    alike = [
        named
        for named in FORMULATIONS.values()
        if [type(part) for part in named.formulation.parts] == kinds
        and named.formulation.loss.called == formulation.loss.called
    ]
    return min(alike, key=lambda named: len(list(_other_numbers(formulation, named))), default=None)


def other_numbers(formulation: Formulation) -> list[str]:
    """Return "a −1" of each number that is another one than its part's usual one."""
    return list(_other_numbers(formulation, None))


def _other_numbers(formulation: Formulation, named: NamedFormulation | None) -> Iterator[str]:
    """Yield "γ 1" of each number that is another one than the namesake's or, where there is none, than usual."""
    usual = named.formulation.parts if named else [type(part)() for part in formulation.parts]
    infos = [param_info(field) for part in formulation.parts for field in dataclasses.fields(part)]
    symbols = [symbol(info) for info in infos]
    for part, other in zip(formulation.parts, usual, strict=True):
        for field in dataclasses.fields(part):
            info, before, after = param_info(field), getattr(other, field.name), getattr(part, field.name)
            if after == before or (isinstance(after, str) and not info.choices):  # typed texts are no numbers
                continue
            number = both_in_line(before, after)[1].replace("-", "−")
            owner = f"{part.title} " if symbols.count(symbol(info)) > 1 else ""
            yield f"{owner}{symbol(info)} {number}{unit_behind(info)}"
