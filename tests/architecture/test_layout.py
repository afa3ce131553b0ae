"""The house: lists equal folders, files stay small, and what is imported by whom at run time."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import ganviz
from ganviz.data import DISTRIBUTIONS
from ganviz.losses.adversarial import ADVERSARIAL_LOSSES
from ganviz.losses.constraints import CONSTRAINTS
from ganviz.losses.inputs import INPUTS
from ganviz.losses.penalties import PENALTIES
from ganviz.networks import ARCHITECTURES
from ganviz.networks.activations import ACTIVATIONS
from ganviz.networks.initializations import INITIALIZATIONS
from ganviz.networks.latents import LATENTS
from ganviz.session.view_names import VIEW_NAMES
from ganviz.training.optimizers import OPTIMIZERS
from ganviz.training.rules import RULES
from ganviz.training.schedules import SCHEDULES
from ganviz.views.pictures import VIEWS

ROOT = Path(ganviz.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
LISTS = {
    "losses/adversarial": ADVERSARIAL_LOSSES,
    "losses/penalties": PENALTIES,
    "losses/inputs": INPUTS,
    "losses": CONSTRAINTS,
    "data": DISTRIBUTIONS,
    "networks": ARCHITECTURES,
    "networks/activations": ACTIVATIONS,
    "networks/initializations": INITIALIZATIONS,
    "networks/latents": LATENTS,
    "training/optimizers": OPTIMIZERS,
    "training/rules": RULES,
    "training/schedules": SCHEDULES,
}


def name_of(path):
    return str(path.relative_to(ROOT))


def keys_declared(folder):
    """Return the keys of all classes that a folder's files declare, read from the text."""
    keys = set()
    for path in (ROOT / folder).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_key = isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "key"
            if is_key and isinstance(node.value, ast.Constant):
                keys.add(node.value.value)
    return keys


@pytest.mark.parametrize("folder", LISTS)
def test_a_list_holds_what_its_folder_declares(folder):
    assert keys_declared(folder) == set(LISTS[folder])


def test_every_view_is_known():
    assert {view.key for view in VIEWS} == {key for key, _ in VIEW_NAMES}
    files = {path.stem for path in (ROOT / "views" / "pictures").glob("*_view.py")}
    assert files == {view.__module__.rsplit(".", 1)[-1] for view in VIEWS}


PAINTED_CONTROLS = {
    "bases/planes",  # a surface's kept pixels
    "controls/elided", "controls/experiment_picture", "controls/formula_label", "controls/loss_preview",
    "controls/runs_model", "controls/timeline_track", "forms/drawing", "forms/thumbnails", "look/icons",
    "window/points_dialog",
}  # fmt: skip


def test_pictures_paint_in_what_the_wrapper_gives_them():
    """Only `views.plot` and the few painted controls open painters of their own: no plot goes past the wrapper."""
    found = set()
    for path in (ROOT / "views").rglob("*.py"):
        calls = (
            node.func for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)
        )
        if any(isinstance(called, ast.Name) and called.id == "QPainter" for called in calls):
            found.add(path.relative_to(ROOT / "views").with_suffix("").as_posix())
    assert {name for name in found if not name.startswith("plot/")} == PAINTED_CONTROLS


def modules_after(statement):
    """Return which of torch, Qt and NumPy a fresh process holds after a statement."""
    probe = "import sys\n" + statement + "\nprint(sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    return set(ast.literal_eval(done.stdout.splitlines()[-1])) & {
        "torch",
        "PySide6",
        "pyqtgraph",
        "numpy",
        "PIL",
    }


def run_main(*arguments):
    return (
        f"sys.argv = ['ganviz', *{arguments!r}]\nimport contextlib, io\nfrom ganviz.__main__ import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    with contextlib.suppress(SystemExit): main()"
    )


def test_the_version_loads_nothing():
    assert modules_after(run_main("--version")) == set()


def test_the_window_is_made_without_torch():
    found = modules_after("import ganviz.app, ganviz.views, ganviz.worker.process")
    assert "PySide6" in found
    assert "torch" not in found


def test_lists_are_printed_without_torch_and_without_qt():
    found = modules_after(run_main("list", "settings"))
    assert not found & {"torch", "PySide6"}


def test_training_loads_no_qt():
    found = modules_after(run_main("train", "--steps", "3", "--quiet"))
    assert "torch" in found
    assert not found & {"PySide6", "pyqtgraph"}


def private_torch(nodes):
    """Return the names below torch that are private or of its operators, however they are reached."""
    found, of_torch = [], {}
    for node in nodes:
        if isinstance(node, ast.Import):
            for name in node.names:
                if name.name.split(".")[0] == "torch":
                    of_torch[name.asname or "torch"] = name.name if name.asname else "torch"
                    found.append(name.name)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "torch":
            for name in node.names:
                of_torch[name.asname or name.name] = f"{node.module}.{name.name}"
                found.append(f"{node.module}.{name.name}")
    for node in nodes:
        parts, inner = [], node
        while isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        if parts and isinstance(inner, ast.Name) and inner.id in of_torch:
            found.append(".".join([of_torch[inner.id], *reversed(parts)]))
    return [name for name in found if name.startswith("torch.ops") or "._" in name.replace(".__", "")]


ROOMS_OF_ANY_DATA = ("kernels", "losses", "networks", "training", "session", "worker", "cli")


def knows_how_large_images_are(nodes):
    """Return what counts on digits of 28 × 28, or asks whether there are images: a distribution's kind says it."""
    found = []
    for node in nodes:
        if isinstance(node, ast.Constant) and node.value in (28, 784) and type(node.value) is int:
            found.append(node.value)
        name = getattr(node, "attr", getattr(node, "arg", getattr(node, "id", "")))
        found += ["is_image"] if name == "is_image" else []
    return found


def items_of_layouts(nodes):
    """Return where a layout is asked for its items: a collection of garbage may delete what Python makes of them.

    The layout deletes them again: PySide 6.10 crashed on views that were collected as rings.
    """
    asked = ("itemAt", "itemAtPosition", "takeAt")
    return [node.attr for node in nodes if isinstance(node, ast.Attribute) and node.attr in asked]


def what_is_large(text, tree, nodes):
    """Return what a file has more of than fits a screen or two, or that it does not say what it is for."""
    found = ["a file of more than 300 lines"] if text.count("\n") > 300 else []
    found += [] if ast.get_docstring(tree) else ["a file without a docstring"]
    for node in nodes:
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
            found += [node.name] if length > 40 else []
    return found


@pytest.mark.parametrize("room", sorted({path.relative_to(ROOT).parts[0] for path in FILES}))
def test_files_keep_to_the_rules_of_the_house(room):
    """Small, with no item of a layout; only data know how large images are; kernels alone name private torch."""
    found = []
    for path in FILES:
        if path.relative_to(ROOT).parts[0] == room:
            text = path.read_text(encoding="utf-8")
            tree = ast.parse(text)
            nodes = [*ast.walk(tree)]
            found += [(name_of(path), fault) for fault in what_is_large(text, tree, nodes)]
            if room in ROOMS_OF_ANY_DATA:
                found += [(name_of(path), fault) for fault in knows_how_large_images_are(nodes)]
            if room == "views":
                found += [(name_of(path), fault) for fault in items_of_layouts(nodes)]
            if path.parent.name != "kernels":
                found += [(name_of(path), fault) for fault in private_torch(nodes)]
    assert found == []


def test_what_is_against_the_rules_is_seen():
    def nodes(text):
        return [*ast.walk(ast.parse(text))]

    images = "a = 28 + 28.0\nb.is_image\nf(is_image=784)"
    found = knows_how_large_images_are(nodes(images))
    assert sorted(map(str, found)) == ["28", "784", "is_image", "is_image"]
    assert items_of_layouts(nodes("row.itemAt(1)\nrow.indexOf(a)\nbox.itemText(1)")) == ["itemAt"]
    long = "def f():\n" + "    x = 1\n" * 41
    assert what_is_large(long, ast.parse(long), nodes(long)) == ["a file without a docstring", "f"]
    assert what_is_large("\n" * 301, ast.parse('"""Said."""'), []) == ["a file of more than 300 lines"]
    short = '"""Said."""\n' + long.replace("    x = 1\n", "", 1)
    assert what_is_large(short, ast.parse(short), nodes(short)) == []


@pytest.mark.parametrize(
    "text",
    ["import torch\ntorch._C._nn.relu_", "from torch import ops as o\no.aten", "import torch._dynamo",
     "import torch as t\nt._foreach_add_", "from torch import _foreach_mul_", "import torch\ntorch.ops.aten.relu",
     "from torch.nn import functional as F\nF._gelu", "from torch._C import _nn"],
)  # fmt: skip
def test_private_torch_is_seen(text):
    allowed = "import torch\nfrom torch.nn import functional as F\ntorch.add(F.relu).a_"
    assert private_torch([*ast.walk(ast.parse(text))])
    assert not private_torch([*ast.walk(ast.parse(allowed))])


KERNELS = [path for path in FILES if path.parent == ROOT / "kernels" and path.stem != "__init__"]


@pytest.mark.parametrize("path", KERNELS, ids=name_of)
def test_every_kernel_knows_the_switch_and_is_tested(path):
    assert (Path(__file__).parents[1] / "kernels" / f"test_{path.stem}.py").exists()
    if path.stem not in ("switch", "program"):
        assert "switch.PLAIN" in path.read_text(encoding="utf-8")
