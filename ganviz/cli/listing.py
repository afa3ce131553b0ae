"""``ganviz list``: what there is to choose from."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from typing import Any

from ganviz.catalog import Catalog
from ganviz.data import DISTRIBUTIONS
from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.penalties import PENALTIES
from ganviz.losses.presets import FORMULATIONS
from ganviz.networks import ARCHITECTURES
from ganviz.session.run_presets import run_presets
from ganviz.session.settings import list_settings
from ganviz.session.view_names import VIEW_NAMES


def print_list(what: str, *, as_json: bool) -> int:
    """Print one list; each entry has at least a key and a title."""
    entries = list(_entries(what))
    if as_json:
        print(json.dumps(entries, ensure_ascii=False, indent=1))
        return 0
    width = max(len(entry["key"]) for entry in entries)
    for entry in entries:
        print(f"{entry['key']:<{width}}  {entry['title']}")
    return 0


def _entries(what: str) -> Iterable[dict[str, Any]]:
    if what == "formulations":
        for named in FORMULATIONS.values():
            yield {"key": named.key, "title": named.title, "settings": named.formulation.to_plain()}
    elif what == "losses":
        for loss in ADVERSARIAL_LOSSES.values():
            formulas = {"d_formula": loss.d_formula, "g_formula": loss.g_formula, "reference": loss.reference}
            yield {"key": loss.key, "title": f"{loss.title}: L_G = {loss.g_formula}", **formulas}
    elif what == "penalties":
        for penalty in PENALTIES.values():
            yield {
                "key": penalty.key,
                "title": f"{penalty.title}: {penalty.formula}",
                "reference": penalty.reference,
            }
    elif what in ("data", "architectures"):
        catalog: Catalog[Any] = DISTRIBUTIONS if what == "data" else ARCHITECTURES
        for key, cls in catalog.items():
            yield {"key": key, "title": f"{cls.title}. {getattr(cls, 'help', '')}".strip()}
    elif what == "presets":
        for preset in run_presets():
            yield {"key": preset.key, "title": f"{preset.title}. {preset.help}", "steps": preset.steps}
    elif what == "views":
        yield from ({"key": key, "title": title} for key, title in VIEW_NAMES)
    else:
        for setting in list_settings():
            kind = f" [{setting.of}]" if setting.of else ""
            allowed = f"; {setting.allowed}" if setting.allowed else ""
            text = f"{setting.type}, default {setting.default}{allowed}{kind}. {setting.help}"
            yield {"key": setting.path, "title": text, **dataclasses.asdict(setting)}
