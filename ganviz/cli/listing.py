"""``ganviz list``: what there is to choose from."""

from __future__ import annotations

import dataclasses
import inspect
import json
from collections.abc import Callable, Iterator
from typing import Any

from ganviz.cli.formulation_words import described, formulation_entry, plain_words
from ganviz.data import DISTRIBUTIONS
from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.constraints import CONSTRAINTS
from ganviz.losses.inputs import INPUTS
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.presets import FORMULATIONS
from ganviz.networks import ARCHITECTURES
from ganviz.networks.activations import ACTIVATIONS
from ganviz.networks.initializations import INITIALIZATIONS
from ganviz.networks.latents import LATENTS
from ganviz.session.experiment_pictures import duration_words, kept_picture
from ganviz.session.experiments import experiments
from ganviz.session.run_presets import run_presets
from ganviz.session.settings import LANE_SETTINGS, list_settings
from ganviz.session.view_names import VIEW_NAMES
from ganviz.spec import Catalog, Spec
from ganviz.training.column_words import COLUMN_WORDS
from ganviz.training.columns import COLUMNS, METRICS
from ganviz.training.optimizers import OPTIMIZERS
from ganviz.training.rules import RULES
from ganviz.training.schedules import SCHEDULES

Entries = Iterator[dict[str, Any]]


def print_list(what: str, *, as_json: bool) -> int:
    """Print one list; each entry has at least a key and a title."""
    entries = list(_LISTS[what]())
    if as_json:
        print(json.dumps(entries, ensure_ascii=False, indent=1))
        return 0
    width = max(len(entry["key"]) for entry in entries)
    for entry in entries:
        print(f"{entry['key']:<{width}}  {entry['title']}")
        for line in described(entry) if what == "formulations" else ():
            print(f"{'':<{width}}    {line}")
    if what == "settings":
        print(f"Those of {', '.join(LANE_SETTINGS)} go to all lanes; lanes.0.label reaches the first alone.")
    return 0


def _formulations() -> Entries:
    yield from (formulation_entry(named) for named in FORMULATIONS.values())


def _losses() -> Entries:
    for loss in (cls() for cls in ADVERSARIAL_LOSSES.values()):
        d_formula, g_formula = (plain_words(text) for text in (loss.d_formula, loss.g_formula))
        of_d = f"L_D = {d_formula}, " if loss.has_discriminator else ""
        title = f"{loss.title}: {of_d}L_G = {g_formula}"
        formulas = {"d_formula": d_formula if loss.has_discriminator else None, "g_formula": g_formula}
        yield {"key": loss.key, "title": title, **formulas, "reference": loss.reference}


def _with_formulas(catalog: Catalog[Any]) -> Entries:
    for cls in catalog.values():
        title = f"{cls.title}: {plain_words(cls.formula)}"
        yield {"key": cls.key, "title": title, "reference": cls.reference}


def _variants(catalog: Catalog[Any]) -> Entries:
    for key, cls in catalog.items():
        yield {"key": key, "title": f"{cls.title}. {_help(cls)}"}


def _help(cls: type[Spec]) -> str:
    """Return one sentence on a variant."""
    return str(getattr(cls, "help", "") or (inspect.getdoc(cls) or "").partition("\n")[0])


def _presets() -> Entries:
    for preset in run_presets():
        title = f"{preset.title}. {preset.help}"
        yield {
            "key": preset.key, "title": title, "name": preset.title, "help": preset.help, "steps": preset.steps,
        }  # fmt: skip


def _views() -> Entries:
    yield from ({"key": key, "title": title} for key, title in VIEW_NAMES)


def _columns() -> Entries:
    yield from ({"key": name, "title": COLUMN_WORDS[name]} for name in (*COLUMNS, *METRICS))


def _settings() -> Entries:
    for setting in list_settings():
        kind = f" [{setting.of}]" if setting.of else ""
        allowed = f"; {setting.allowed}" if setting.allowed else ""
        text = f"{setting.type}, default {setting.default}{allowed}{kind}. {setting.help}"
        yield {"key": setting.path, "title": text, **dataclasses.asdict(setting)}


def _experiments() -> Entries:
    for one in experiments():
        lasts = ", ".join(filter(None, (f"{one.steps:,} steps", duration_words(one, is_watched=False))))
        share = "" if one.share == 1 else f" Seen at {one.share:.0%} of seeds."
        yield {
            "key": one.key,
            "title": f"{one.title} ({lasts}). {one.claim}{share}",
            "name": one.title,
            "claim": one.claim,
            "remember": one.remember,
            "when": one.when,
            "share": one.share,
            "steps": one.steps,
            "seconds": None if (kept := kept_picture(one.key)) is None else kept.seconds,
            "source": one.source,
            "asks": None if one.prediction is None else one.prediction.question,
            "claims": [
                {"says": claim.says, "quantity": claim.quantity, "minus": claim.minus, "range": claim.range}
                for stage in one.stages
                for claim in stage.claims
            ],
        }


_LISTS: dict[str, Callable[[], Entries]] = {
    "formulations": _formulations,
    "losses": _losses,
    "penalties": lambda: _with_formulas(PENALTIES),
    "inputs": lambda: _with_formulas(INPUTS),
    "constraints": lambda: _variants(CONSTRAINTS),
    "optimizers": lambda: _variants(OPTIMIZERS),
    "rules": lambda: _variants(RULES),
    "data": lambda: _variants(DISTRIBUTIONS),
    "architectures": lambda: _variants(ARCHITECTURES),
    "activations": lambda: _with_formulas(ACTIVATIONS),
    "initializations": lambda: _with_formulas(INITIALIZATIONS),
    "latents": lambda: _with_formulas(LATENTS),
    "schedules": lambda: _variants(SCHEDULES),
    "experiments": _experiments,
    "presets": _presets,
    "views": _views,
    "columns": _columns,
    "settings": _settings,
}
