"""The loop of a script: a rule plays one step against a game that only notes what it is asked to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from textwrap import indent

from ganviz.losses.written import number_text
from ganviz.spec import InvalidValueError
from ganviz.training.config import LaneConfig, TrainingSettings

D_GRADIENT = """z = next(latents)
d_loss = discriminator_objective(G(z).detach())
set_gradient(D, d_loss)"""
G_GRADIENT = """z = next(latents)
g_loss = generator_objective(G(z))
set_gradient(G, g_loss)"""
WITHOUT_D = "z = next(latents)  # D's, in runs that have one"
LOOK_AHEAD = """# Look one step ahead
before = [weights.detach().clone() for weights in players]"""
TAKE_BACK = """# … and go back: both move from where they were, by the gradients found there
with torch.no_grad():
    for weights, kept in zip(players, before):
        weights.copy_(kept)"""
TO_REST = """z = next(latents)
d_loss = discriminator_objective(G(z))
z = next(latents)
g_loss = generator_objective(G(z))
set_gradients_to_rest(d_loss, g_loss)"""

SET_GRADIENT = '''
def set_gradient(network, loss):
    """Give a network the gradient of its own loss; the other one's weights are constants to it."""
    weights = list(network.parameters())
    for w, gradient in zip(weights, torch.autograd.grad(loss, weights)):
        w.grad = gradient
'''
SET_TO_REST = '''
def set_gradients_to_rest(d_loss, g_loss):
    """Give both networks the gradient v of their own loss, and {gamma} times that of |v|^2 / 2 (consensus)."""
    d_weights, g_weights = list(D.parameters()), list(G.parameters())
    own = torch.autograd.grad(d_loss, d_weights, create_graph=True)
    own += torch.autograd.grad(g_loss, g_weights, create_graph=True)
    size = 0.5 * sum(gradient.square().sum() for gradient in own)
    to_rest = torch.autograd.grad(size, d_weights + g_weights, allow_unused=True, materialize_grads=True)
    for w, gradient, more in zip(d_weights + g_weights, own, to_rest):
        w.grad = gradient.detach() + {gamma} * more
'''
AVERAGE = """# The running average of G's weights, which is what is shown
with torch.no_grad():
    for kept, weights in zip(average, G.parameters()):
        kept.lerp_(weights, {share})"""


@dataclass
class _Notes:
    """A :class:`ganviz.training.rules.Game` that plays nothing: what was asked of it, as pieces of Python."""

    training: TrainingSettings
    moves: Callable[[str, bool], str]
    d_steps: int
    g_steps: int
    has_d: bool
    pieces: list[str] = field(default_factory=list)
    helpers: dict[str, None] = field(default_factory=dict)

    def discriminator_step(self, row: int, *, is_applied: bool) -> None:
        self._gradient(D_GRADIENT)
        if is_applied:
            self.finish_discriminator()

    def generator_step(self, row: int) -> None:
        self._gradient(G_GRADIENT)
        self.finish_generator()

    def gradients(self, row: int, between: Callable[[], object] | None = None) -> None:
        self._gradient(D_GRADIENT)
        if between is not None:
            between()
        self._gradient(self._fresh(G_GRADIENT))

    def gradients_to_rest(self, row: int, strength: float) -> None:
        if not self.has_d:
            raise TypeError("it needs the gradients of two players")
        first, _, rest = TO_REST.partition("\n")
        self.pieces.append(f"{first}\n{self._fresh(rest)}")
        self.helpers[SET_TO_REST.format(gamma=number_text(strength))] = None

    def look_ahead(self) -> Callable[[], object]:
        moves = [self.moves(player, False) for player in ("g", "d")[: 1 + self.has_d]]
        self.pieces.append("\n".join([LOOK_AHEAD, *moves]))
        return lambda: self.pieces.append(TAKE_BACK)

    def finish_discriminator(self) -> None:
        if self.has_d:
            self.pieces.append(self.moves("d", True))

    def finish_generator(self) -> None:
        self.pieces.append(self.moves("g", True))

    def _gradient(self, piece: str) -> None:
        self.helpers[SET_GRADIENT] = None
        self.pieces.append(WITHOUT_D if piece == D_GRADIENT and not self.has_d else piece)

    def _fresh(self, piece: str) -> str:
        """Return the piece, on the latents that D has just seen where the settings say so."""
        return piece if self.training.fresh_latents else piece.replace("z = next(latents)\n", "")


def step_script(lane: LaneConfig, training: TrainingSettings, *, counts: bool) -> tuple[str, str]:
    """Return the functions that a step needs, and its body.

    Raises
    ------
    InvalidValueError
        Where the rule asks for more than a script can say.
    """

    def move(player: str, is_counted: bool) -> str:
        move = _move(lane, player, counts=is_counted and counts)
        is_averaged = player == "g" and is_counted and training.ema_decay
        return f"{move}\n{_average(training)}" if is_averaged else move

    notes = _Notes(training, move, training.d_steps, training.g_steps, lane.has_discriminator)
    if training.rule.unrolling[0]:
        raise InvalidValueError(
            f"{training.rule.title} cannot be written as a script: it differentiates D's steps."
        )
    try:
        training.rule.step(notes, 0)
    except (TypeError, AttributeError) as error:
        raise InvalidValueError(f"{training.rule.title} cannot be written as a script: {error}.") from error
    body = "\n\n".join(_with_loops(notes.pieces))
    return "\n".join(notes.helpers), body


def _with_loops(pieces: Sequence[str]) -> list[str]:
    """Return pieces in which a player's repeated updates are a loop."""
    updates: list[str] = []
    for piece in pieces:
        computed = updates[-1] if updates else ""
        if (computed == D_GRADIENT and piece.startswith("d_optimizer")) or (
            computed.endswith(G_GRADIENT.splitlines()[-1]) and piece.startswith("g_optimizer")
        ):
            updates[-1] += f"\n{piece}"
        else:
            updates.append(piece)
    found = []
    for piece, alike in groupby(updates):
        n = len(list(alike))
        found += [piece] if n == 1 else [f"for _ in range({n}):\n{indent(piece, '    ')}"]
    return found


def _move(lane: LaneConfig, player: str, *, counts: bool) -> str:
    """Return an optimizer's update and what follows it; one that is taken back is not counted."""
    optimizer = lane.discriminator_optimizer if player == "d" else lane.generator_optimizer
    lines = [f"{player}_optimizer.step()"]
    if not optimizer.schedule.is_constant:
        lines.append(f"{player}_schedule.step()")
    if player == "d":
        lines += [text for text in [lane.formulation.constraint.script()] if text]
        lines += ["n_updates += 1"] * counts
    return "\n".join(lines)


def _average(training: TrainingSettings) -> str:
    """Return how the running average of G's weights follows."""
    return AVERAGE.format(share=number_text(1.0 - training.ema_decay))
