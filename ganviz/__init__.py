"""ganviz: see what a GAN's loss formulation does.

In a program or a notebook::

    import ganviz

    run = ganviz.train(steps=4000, formulation="r3gan")
    run.history["g_loss"]       # [lanes, steps]
    run.samples(1000)           # [lanes, 1000, 2]
    run.save("r3gan.ganviz")
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ganviz.api import Run as Run
    from ganviz.api import load as load
    from ganviz.api import sweep as sweep
    from ganviz.api import train as train

__version__ = "0.1.0"

_PUBLIC = ("Run", "load", "sweep", "train")


def __getattr__(name: str) -> Any:
    """Load what trains when it is asked for: the version, the window and the command line do without it."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'ganviz' has no attribute {name!r}")
    from ganviz import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return [*globals(), *_PUBLIC]
