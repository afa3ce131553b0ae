"""Rules and optimizers on games whose course is known: the Dirac game and the bilinear one, in double precision."""

import cmath
import itertools
import math

import pytest

from ganviz.training.optimizers import SGD, Adam, OptimisticAdam, OptimisticSGD
from ganviz.training.rules import RULES, Alternating, Consensus, Extragradient, Simultaneous
from tests.training.games import FIELDS, Game, sigmoid

H = 0.2
OPTIMISTIC = OptimisticSGD(learning_rate=H)
TABLE = [
    ("saturating", Simultaneous(), None, 1, (1.146211716, 0.853788284)),
    ("saturating", Simultaneous(), None, 10, (1.423724934, -0.512635541)),
    ("non_saturating", Simultaneous(), None, 1, (1.053788284, 0.853788284)),
    ("non_saturating", Simultaneous(), None, 10, (1.202800508, -0.358261962)),
    ("non_saturating", Alternating(), None, 1, (1.050994859, 0.853788284)),
    ("non_saturating", Alternating(), None, 10, (1.120727178, -0.334171469)),
    ("wasserstein", Simultaneous(), None, 1, (1.2, 0.8)),
    ("wasserstein", Simultaneous(), None, 10, (0.641784218, -1.596434022)),
    ("wasserstein", Alternating(), None, 1, (1.16, 0.8)),
    ("wasserstein", Alternating(), None, 10, (0.402036240, -1.240414661)),
    ("wasserstein", Simultaneous(), OPTIMISTIC, 1, (1.2, 0.8)),
    ("wasserstein", Simultaneous(), OPTIMISTIC, 10, (0.351479603, -1.141856461)),
]
CONSENSUS = Consensus(gamma=1.0)
TABLE += [
    ("saturating", CONSENSUS, None, 1, (0.981828450, 0.689405019)),
    ("saturating", CONSENSUS, None, 10, (0.617923391, -0.373811071)),
]
AFTER_500 = [
    ("saturating", Simultaneous(), None, (-2.996651, 1.505114), 1e-6),
    ("non_saturating", Simultaneous(), None, (0.330441, 0.548337), 1e-6),
    ("non_saturating", Alternating(), None, (0.196553, 0.204889), 1e-6),
    ("wasserstein", Simultaneous(), None, (-22208.95, 12804.90), 1e-2),
    ("wasserstein", Alternating(), None, (0.613001, 1.256285), 1e-6),
    ("wasserstein", Simultaneous(), OPTIMISTIC, (2.8e-07, -3.5e-05), 5e-7),
    ("saturating", CONSENSUS, None, (4e-12, -1.5e-10), 1e-11),
]


def radius(place):
    return math.hypot(*place)


@pytest.mark.parametrize(("field", "rule", "optimizer", "n", "expected"), TABLE, ids=str)
def test_known_courses(field, rule, optimizer, n, expected):
    assert Game(field, rule, optimizer).play(n) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("field", "rule", "optimizer", "expected", "within"), AFTER_500, ids=str)
def test_known_courses_are_kept_for_long(field, rule, optimizer, expected, within):
    assert Game(field, rule, optimizer).play(500) == pytest.approx(expected, abs=within)


def test_moving_together_multiplies_the_radius_by_the_same_number():
    game = Game("wasserstein", Simultaneous())
    assert radius(game.play(500)) == pytest.approx(25635.974005, abs=1e-6)
    saturating = Game("saturating", Simultaneous())
    for _ in range(50):
        a, b = saturating.place
        factor = 1 + (H * sigmoid(a * b)) ** 2
        assert radius(saturating.play(1)) ** 2 == pytest.approx(factor * (a * a + b * b), rel=1e-14)


def test_moving_in_turn_keeps_a_quadratic_form():
    game = Game("wasserstein", Alternating())
    for _ in range(500):
        a, b = game.play(1)
        assert a * a + b * b - H * a * b == pytest.approx(2 - H, abs=1e-12)


@pytest.mark.parametrize(("of_d", "of_g"), [(1, 1), (2, 1), (3, 1), (1, 3), (2, 4)])
def test_a_player_that_moves_more_often_turns_the_game_faster(of_d, of_g):
    """With n updates of D and m of G, both follow θ″ = (2 - n m h²) θ′ - θ: who moves more does not matter."""
    game = Game("wasserstein", Alternating(), d_steps=of_d, g_steps=of_g)
    course = [game.place, *(game.play(1) for _ in range(100))]
    for before, now, after in zip(course, course[1:], course[2:], strict=False):
        for i in (0, 1):
            assert after[i] == pytest.approx((2 - of_d * of_g * H * H) * now[i] - before[i], abs=1e-12)


@pytest.mark.parametrize("n", [1, 10, 500])
@pytest.mark.parametrize("h", [0.2, 0.7071, 0.95])
def test_extragradient_on_the_bilinear_game(h, n):
    """z = θ + i ψ moves by -i h times what it would be after a step: z ← (1 - i h - h²) z."""
    game = Game("wasserstein", Extragradient(), SGD(learning_rate=h))
    expected = (1 - 1j * h - h * h) ** n * (1 + 1j)
    assert complex(*game.play(n)) == pytest.approx(expected, abs=1e-9)
    assert abs(1 - 1j * h - h * h) ** 2 == pytest.approx(1 - h**2 + h**4, abs=1e-12)


def test_optimism_on_the_bilinear_game():
    """z ← z - 2 i h z + i h z′: its roots decide; from steps of 1/√3 on it diverges."""
    for h in (0.2, 0.5, 0.56):
        game = Game("wasserstein", Simultaneous(), OptimisticSGD(learning_rate=h))
        before, now = 1 + 1j, (1 + 1j) * (1 - 1j * h)
        for _ in range(200):
            before, now = now, now - 2j * h * now + 1j * h * before
        assert complex(*game.play(201)) == pytest.approx(now, abs=1e-9)
        roots = (1 - 2j * h + sign * cmath.sqrt((1 - 2j * h) ** 2 + 4j * h) for sign in (1, -1))
        assert max(abs(root) / 2 for root in roots) < 1
    assert radius(Game("wasserstein", Simultaneous(), OptimisticSGD(learning_rate=0.6)).play(1000)) > 1e3


@pytest.mark.parametrize(
    ("momentum", "expected"), [(-0.5, 2e-13), (-0.3, 2e-12), (-0.1, 4e-7), (0.0, 1.41), (0.1, 1e12)]
)
def test_negative_momentum_damps_players_that_move_in_turn(momentum, expected):
    game = Game("wasserstein", Alternating(), SGD(learning_rate=0.1, momentum=momentum))
    assert radius(game.play(20_000)) == pytest.approx(expected, rel=0.5)


def adam_course(field, n, spec, extra, optimistic):
    """Return where n steps of textbook Adam end, on both players at once, with plain numbers."""
    place, state, count = [1.0, 1.0], [[0.0, 0.0, None] for _ in range(2)], 0

    def ahead(start, seen):
        nonlocal count
        count += 1
        end = []
        for i in range(2):
            g, (m, v, before) = -FIELDS[field][i](*seen), state[i]
            m, v = spec.beta1 * m + (1 - spec.beta1) * g, spec.beta2 * v + (1 - spec.beta2) * g * g
            direction = m / (1 - spec.beta1**count) / (math.sqrt(v / (1 - spec.beta2**count)) + spec.eps)
            before = direction if before is None or not optimistic else before
            end.append(start[i] - spec.learning_rate * (2 * direction - before if optimistic else direction))
            state[i] = [m, v, direction]
        return end

    for _ in range(n):
        seen = ahead(place, place) if extra else place
        place = ahead(place, seen)
    return place


@pytest.mark.parametrize("n", [1, 10, 500])
@pytest.mark.parametrize("rule", [Simultaneous(), Extragradient()], ids=lambda rule: rule.key)
@pytest.mark.parametrize("cls", [Adam, OptimisticAdam])
@pytest.mark.parametrize("field", FIELDS)
def test_adam_and_its_relatives_are_the_textbooks(field, cls, rule, n):
    """Among them ExtraAdam (Gidel et al. 2018, Algorithm 4) and optimistic Adam (Daskalakis et al. 2018)."""
    spec = cls(learning_rate=0.05, beta1=0.5, beta2=0.9)
    extra, optimistic = isinstance(rule, Extragradient), cls is OptimisticAdam
    expected = adam_course(field, n, spec, extra, optimistic)
    assert Game(field, rule, spec).play(n) == pytest.approx(expected, abs=1e-9)


def test_consensus_goes_where_the_pulls_are_smaller():
    """The full derivative of half the squares; the authors' notebook halves a part of it, 0.5626 (gan-maths 2.6)."""

    def size(a, b):
        return 0.5 * (a * a + b * b) * sigmoid(a * b) ** 2

    a, b, h = 0.7, -1.3, 1e-6
    game = Game("saturating", Consensus(gamma=1.0), SGD(learning_rate=1.0), start=(a, b))
    theta, psi = game.play(1)
    pull = FIELDS["saturating"]
    moved = (theta - a - pull[0](a, b), psi - b - pull[1](a, b))
    expected = ((size(a + h, b) - size(a - h, b)) / (2 * h), (size(a, b + h) - size(a, b - h)) / (2 * h))
    assert moved == pytest.approx((-expected[0], -expected[1]), abs=1e-8)


def test_where_gradients_are_taken():
    """In turn: G sees the D that has moved. Together: nobody has. Extragradient: both, then both one step ahead."""
    turn, together, extra = (Game("wasserstein", cls()) for cls in (Alternating, Simultaneous, Extragradient))
    for game in (turn, together, extra):
        game.step(0)
    assert turn.asked == [(1, 1.0, 1.0), (0, 1.0, 0.8)]
    assert together.asked == [(1, 1.0, 1.0), (0, 1.0, 1.0)]
    assert extra.asked == [(1, 1.0, 1.0), (0, 1.0, 1.0), (1, 1.2, 0.8), (0, 1.2, 0.8)]


@pytest.mark.parametrize(("key", "n_ahead", "n_after"), list(itertools.product(RULES, [1, 3], [0, 2])))
def test_counts_are_of_updates(key, n_ahead, n_after):
    game = Game("non_saturating", RULES[key](), Adam(), d_steps=n_ahead, g_steps=1 + n_after)
    game.play(4)
    joint = 2 if key == "extragradient" else 1
    assert game.players.generator.optimizer.updated_counts() == [4 * (joint + n_after)]
    assert game.players.discriminator.optimizer.updated_counts() == [4 * (n_ahead - 1 + joint)]
