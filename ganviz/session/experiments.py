"""Experiments: set-ups with stages, and claims of what will be seen, one JSON file each in ``resources/experiments``.

A claim is a quantity, a range and a stage's end, so that it is checked and not believed. An experiment is shown to
people only with the share of seeds at which all of its claims hold. Before it runs it may ask what will come of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from ganviz.resources import resource
from ganviz.session.claims import Claim, Finding, check_object, claim_from_plain
from ganviz.session.predictions import Answer, Prediction, prediction_from_plain
from ganviz.session.settings import with_settings
from ganviz.spec import InvalidValueError, Plain, UnknownKeyError
from ganviz.spec.frozen import dataclass
from ganviz.training.config import RunConfig, config_from_plain


@dataclass(frozen=True, slots=True)
class Stage:
    """Some steps with the settings that are changed before them, and what will be seen at their end.

    A change that cannot be made to trained networks begins at step 0 again.
    """

    title: str
    steps: int
    settings: tuple[str, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Experiment:
    """A set-up with a claim.

    Attributes
    ----------
    key, title, claim, remember, when, watch, source : str
        ``claim`` is what it shows, ``remember`` one sentence to take away, ``when`` under which conditions it shows
        and where it does not, ``watch`` where to look, ``source`` the paper or the derivation.
    share : float
        Of ten seeds, the share at which it is seen.
    pace : float or None
        Steps per second in the window; None is full speed.
    views : tuple of str
        Views that show it.
    columns : tuple of tuple of str
        The same side by side in the window, each column from top to bottom; empty where the open workspace will do.
    switches : mapping of str to mapping of str to bool
        What is switched on or off in a view, by the view's key and the switch's name.
    config : RunConfig
    stages : tuple of Stage
    prediction : Prediction or None
        What a person is asked first; the last stage's end answers it.
    """

    key: str
    title: str
    claim: str
    remember: str
    when: str
    watch: str
    source: str
    share: float
    pace: float | None
    views: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    switches: Mapping[str, Mapping[str, bool]]
    config: RunConfig
    stages: tuple[Stage, ...]
    prediction: Prediction | None = None

    @property
    def open_title(self) -> str:
        """Return what it is called before it was played: a title that gives no answer away."""
        return self.title if self.prediction is None else self.prediction.title or self.title

    @property
    def steps(self) -> int:
        """Return the steps of all stages."""
        return sum(stage.steps for stage in self.stages)

    def configs(self, seed: int | None = None) -> Iterator[tuple[Stage, RunConfig]]:
        """Yield each stage with the configuration that it runs with."""
        config = self.config if seed is None else with_settings(self.config, [f"training.seed={seed}"])
        for stage in self.stages:
            config = with_settings(config, list(stage.settings))
            yield stage, config

    def measured(self, at: int) -> tuple[Claim, ...]:
        """Return what is measured at the end of stage ``at``: its claims, and last what was asked first."""
        is_last = at == len(self.stages) - 1
        asked = self.prediction.choices if self.prediction is not None and is_last else ()
        return (*self.stages[at].claims, *asked)

    def told(self, findings: Sequence[Finding]) -> tuple[tuple[Finding, ...], Answer | None]:
        """Return the findings of all claims, and the answer to what was asked, from all that was measured."""
        if self.prediction is None:
            return tuple(findings), None
        n = len(findings) - len(self.prediction.choices)
        return tuple(findings[:n]), self.prediction.answer(findings[n:])


@cache
def _contents() -> dict[str, Plain]:
    """Return what is in the files, in the order of the gallery."""
    files = resource("experiments").glob("*.json")
    found = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in files}
    return dict(sorted(found.items(), key=lambda one: float(one[1]["order"])))


def headings() -> dict[str, tuple[str, str]]:
    """Return title and claim of each experiment, in the order of the gallery; to make all of them takes a moment.

    One that asks has its question instead, and a title that gives no answer away.
    """
    found = {key: (str(plain["title"]), str(plain["claim"])) for key, plain in _contents().items()}
    for key, plain in _contents().items():
        if (asked := plain.get("prediction")) is not None:
            found[key] = str(asked.get("title") or plain["title"]), str(asked["question"])
    return found


def experiments() -> tuple[Experiment, ...]:
    """Return all experiments in the order of the gallery."""
    return tuple(map(experiment, _contents()))


@cache
def experiment(key: str) -> Experiment:
    """Return one experiment; raise UnknownKeyError with the nearest names when there is none."""
    if key not in _contents():
        raise UnknownKeyError("experiment", key, list(_contents()))
    return experiment_from_plain(key, _contents()[key])


_TEXTS = ("title", "claim", "remember", "when", "watch", "source")
_STAGE = {"title", "steps", "set", "claims"}


def experiment_from_plain(key: str, plain: Plain) -> Experiment:
    """Make an experiment of a JSON file's content.

    Raises
    ------
    InvalidValueError
        That names what is wrong, and where.
    """
    where = f"The experiment {key!r}"
    known = {
        "order", "share", "pace", "views", "columns", "switches", "config", "stages", "prediction", *_TEXTS,
    }  # fmt: skip
    check_object(plain, known, {"config", "stages", *_TEXTS}, where)
    try:
        config = config_from_plain(plain["config"])
        stages = tuple(
            _stage(one, len(config.lanes), f"{where}, stage {i + 1}") for i, one in enumerate(plain["stages"])
        )
        columns = tuple(tuple(column) for column in plain.get("columns", ()))
        made = Experiment(
            key=key,
            **{name: str(plain[name]) for name in _TEXTS},
            share=float(plain.get("share", 1.0)),
            pace=None if plain.get("pace") is None else float(plain["pace"]),
            views=tuple(plain.get("views", ())) or tuple(view for column in columns for view in column),
            columns=columns,
            switches=plain.get("switches", {}),
            config=config,
            stages=stages,
            prediction=_prediction(
                plain.get("prediction"), len(config.lanes), stages, f"{where}, prediction"
            ),
        )
        list(made.configs())
    except (InvalidValueError, TypeError, ValueError) as error:
        raise InvalidValueError(f"{where} cannot be used: {error}") from error
    return made


def _prediction(plain: Plain, n_lanes: int, stages: tuple[Stage, ...], where: str) -> Prediction | None:
    return None if plain is None else prediction_from_plain(plain, n_lanes, stages[-1].steps, where)


def _stage(plain: Plain, n_lanes: int, where: str) -> Stage:
    check_object(plain, _STAGE, {"title", "steps"}, where)
    steps = int(plain["steps"])
    if steps < 1:
        raise InvalidValueError(f"{where} must have at least 1 step, not {steps}.")
    claims = tuple(claim_from_plain(one, n_lanes, steps, where) for one in plain.get("claims", ()))
    return Stage(str(plain["title"]), steps, tuple(plain.get("set", ())), claims)
