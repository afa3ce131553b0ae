"""Pictures of views: right size, text as text, axes that hold the data, settings inside, nothing half-written."""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree

import made_up
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from ganviz.spec import InvalidValueError
from ganviz.training.atomic import FileError
from ganviz.views.bases.canvas import AbstractPaintedView
from ganviz.views.bases.plot_export import copy_to_clipboard, export_view, view_image
from ganviz.views.look.theme import DARK, LIGHT
from ganviz.views.pictures import VIEWS
from ganviz.views.pictures.ledger_view import LedgerView
from ganviz.views.pictures.loss_shape_view import LossShapeView
from ganviz.views.pictures.losses_view import LossesView
from ganviz.views.pictures.plane_view import PlaneView
from ganviz.views.pictures.total_loss_view import TotalLossView
from ganviz.views.plot.svg import SVG, _joined, _length

SIZE = QSize(640, 420)
SETTINGS = '{"loss": "a < b & \\"c\\"", "σ": 0.2}'


def view_of(cls: type, formulations: tuple[str, ...] = ("non_saturating",)) -> AbstractPaintedView:
    view = cls()
    data = made_up.of_view(cls)
    view.show_snapshot(made_up.snapshot(made_up.run_config(data, formulations)))
    return view


def exported(view: AbstractPaintedView, path: Path, **options: object) -> Path:
    export_view(view, path, size=SIZE, theme=LIGHT, settings=SETTINGS, **options)  # type: ignore[arg-type]
    return path


def texts(root: ElementTree.Element) -> list[str]:
    return ["".join(found.itertext()).strip() for found in root.iter(f"{{{SVG}}}text")]


STATES = {
    "empty": (),
    "one lane": ("non_saturating",),
    "four lanes": ("non_saturating", "saturating", "least_squares", "hinge"),
    "critic": ("wgan_gp",),
}


def svg_painted(content: bytes, base: str) -> np.ndarray:
    """Return the pixels of a drawing, part by part: Qt's renderer knows no clip paths."""
    root = ElementTree.fromstring(content)
    body = root.find(f"{{{SVG}}}g")
    assert body is not None
    clips = {
        clip.get("id"): QRectF(*(float(clip[0].get(side, "")) for side in ("x", "y", "width", "height")))
        for clip in root.iter(f"{{{SVG}}}clipPath")
    }
    parts = [
        (clips.get((one[0].get("clip-path") or "")[5:-1]), one)
        for one in ([*group] for _, group in groupby(list(body), lambda g: g.get("clip-path") or ""))
    ]
    image = QImage(SIZE, QImage.Format.Format_RGB32)
    image.fill(QColor(base))
    with painting(image) as painter:
        for clip, part in parts:
            body[:] = part
            painter.setClipRect(clip if clip is not None else QRectF(image.rect()))
            QSvgRenderer(ElementTree.tostring(root)).render(painter, QRectF(image.rect()))
    return pixels_of(image)


@contextmanager
def painting(image: QImage) -> Iterator[QPainter]:
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    yield painter
    painter.end()


def pixels_of(image: QImage) -> np.ndarray:
    whole = np.frombuffer(bytes(image.constBits()), np.uint8)
    return whole.reshape(image.height(), image.width(), 4)[..., :3].astype(float)


def blurred(pixels: np.ndarray) -> np.ndarray:
    return pixels.reshape(42, 10, 64, 10, 3).mean(axis=(1, 3))


@pytest.mark.parametrize("cls", VIEWS, ids=[cls.key for cls in VIEWS])
def test_every_view_is_the_same_on_screen_and_in_three_formats(
    cls: type, qapp: object, tmp_path: Path
) -> None:
    """Empty, with one lane, four, a critic and digits, in both themes: nothing is lost on the way, nor moved."""
    data = made_up.of_view(cls)
    cases = [*((state, data) for state in STATES), *([("one lane", "digits")] if data == "ring" else [])]
    for number, (state, on) in enumerate(cases):
        config = made_up.run_config(on, STATES[state] or ("non_saturating",))
        if not cls.supports(config):
            continue
        view, theme = cls(), (LIGHT, DARK)[number % 2]
        view.apply_theme(theme)
        if state != "empty":
            view.show_snapshot(made_up.snapshot(config))
        files = {ending: tmp_path / f"{number}.{ending}" for ending in ("png", "svg", "pdf")}
        for path in files.values():
            export_view(view, path, size=SIZE, theme=theme)
        screen, svg = pixels_of(view_image(view, SIZE, theme)), files["svg"].read_bytes()
        assert np.array_equal(pixels_of(QImage(str(files["png"]))), screen)
        away = np.abs(blurred(svg_painted(svg, theme.base)) - blurred(screen)).max(axis=-1)
        assert away.mean() < 6, (state, on)
        assert not re.search(rb">[^<]*L_[DG]", svg.rpartition(b"</metadata>")[2]), (state, on)
        assert (away > 60).mean() < 0.01, (state, on)
        streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", files["pdf"].read_bytes(), re.DOTALL)
        texts_of_pdf = sum(unpacked(one).count(b"BT\n") for one in streams)
        assert texts_of_pdf == svg.count(b"<text") + svg.count(b"<tspan") > 0, (state, on)


def unpacked(stream: bytes) -> bytes:
    try:
        # Not `zlib.decompress`: a last byte that looks like the end of a line is not in ``stream``.
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return b""


@pytest.mark.parametrize("scale", [1.0, 2.0, 3.0])
def test_png_has_its_scale_and_carries_the_settings(scale: float, qapp: object, tmp_path: Path) -> None:
    with Image.open(exported(view_of(LossesView), tmp_path / "a.png", scale=scale)) as image:
        assert image.size == (640 * scale, 420 * scale)
        assert image.text["Settings"] == SETTINGS  # type: ignore[attr-defined]
        assert image.text["Title"] == "Separate losses"  # type: ignore[attr-defined]


def test_png_scale_enlarges_the_same_picture(qapp: object, tmp_path: Path) -> None:
    view = view_of(TotalLossView)
    one, two = (np.asarray(Image.open(exported(view, tmp_path / f"{s}.png", scale=s)), float) for s in (1, 2))
    halved = two.reshape(420, 2, 640, 2, -1).mean(axis=(1, 3))
    assert np.abs(halved - one).mean() < 4


@pytest.mark.parametrize("cls", VIEWS, ids=[cls.key for cls in VIEWS])
def test_svg_keeps_text_as_text_and_the_settings(cls: type, qapp: object, tmp_path: Path) -> None:
    root = ElementTree.parse(exported(view_of(cls), tmp_path / "a.svg")).getroot()
    assert root.find(f"{{{SVG}}}title").text == cls.title  # type: ignore[union-attr]
    assert root.find(f"{{{SVG}}}desc").text == SETTINGS  # type: ignore[union-attr]
    assert root.get("viewBox") == "0 0 640 420"
    assert len([text for text in texts(root) if text]) >= 3
    assert not any("ganviz-clip" in text for text in texts(root))


@pytest.mark.parametrize("cls", VIEWS, ids=[cls.key for cls in VIEWS])
def test_pieces_of_a_line_keep_their_width_in_letters_of_another_family(
    cls: type, qapp: object, tmp_path: Path
) -> None:
    """Qt writes a new piece where the script changes ("3", "σ"): in wider letters the first ran into the second."""
    root = ElementTree.parse(exported(view_of(cls), tmp_path / "a.svg")).getroot()
    for group in root.iter(f"{{{SVG}}}g"):
        pieces = [one for one in group.findall(f"{{{SVG}}}text") if one.text]
        for one, after in itertools.pairwise(pieces):
            if one.get("y") == after.get("y") and float(one.get("x", "")) < float(after.get("x", "")):
                end = float(one.get("x", "")) + float(one.get("textLength", ""))
                assert end < float(after.get("x", "")) + 0.1, (one.text, after.text)


def test_a_line_is_one_text_whose_subscripts_follow_their_letters(qapp: object, tmp_path: Path) -> None:
    """Programs that do not know textLength, as rsvg-convert, put each piece of a line upon the end of the last one."""
    root = ElementTree.parse(exported(view_of(LedgerView), tmp_path / "a.svg")).getroot()
    lines = [
        one
        for one in root.iter(f"{{{SVG}}}text")
        if "".join(one.itertext()).startswith("Gradient for G: of L")
    ]
    assert lines
    for line in lines:
        words = "".join(line.itertext())
        assert re.fullmatch(r"Gradient for G: of LG \S+, of LD \+ LG \S+.*", words), words
        below = line.findall(f"{{{SVG}}}tspan")
        assert [one.text for one in below if float(one.get("dy", "0")) > 0] == ["G", "D", "G"]
        assert all("x" not in one.attrib for one in below)
        assert sum(float(one.get("dy", "0")) for one in below) == pytest.approx(0)


def test_a_line_that_is_joined_to_another_keeps_all_its_words() -> None:
    def piece(x: float, words: str, size: str = "10", y: str = "5") -> ElementTree.Element:
        attributes = {"x": str(x), "y": y, "font-size": size, "textLength": "20"}
        text = ElementTree.Element(f"{{{SVG}}}text", attributes)
        text.text = words
        return text

    groups = [ElementTree.Element("g") for _ in range(4)]
    for group, pieces in zip(
        groups,
        (
            [piece(0, "trained on L")], [piece(20, "G", "7", "7")], [piece(40, " = 3, ρ = 2"), piece(60, " from")],
            [piece(90, "another")],
        ),
        strict=True,
    ):  # fmt: skip
        group.extend(pieces)
    found = list(_joined(groups))
    assert ["".join(group.itertext()) for group in found] == ["trained on LG = 3, ρ = 2 from", "another"]
    line = found[0][0]
    assert line.get("textLength") == "80.00"
    assert [(one.get("font-size"), one.get("dy")) for one in line] == [("7", "2"), (None, "-2"), (None, None)]


@pytest.mark.parametrize("dpi", [72, 96, 144])
def test_a_piece_is_as_wide_as_its_letters_at_any_resolution(dpi: int, qapp: object) -> None:
    """A display of 72 pixels an inch, as Apple's are, made each piece a quarter too narrow."""
    device = QImage(8, 8, QImage.Format.Format_RGB32)
    device.setDotsPerMeterX(round(dpi / 0.0254))
    device.setDotsPerMeterY(round(dpi / 0.0254))
    assert device.logicalDpiX() == dpi
    text = ElementTree.Element("text", {"font-size": "20"})
    text.text = "solid: within 3"
    font = QFont("Sans Serif")
    font.setPixelSize(20)
    expected = QFontMetricsF(font).horizontalAdvance(text.text)
    assert _length(text, "Sans Serif", device) == pytest.approx(expected, rel=0.02)


def test_svg_names_formula_equilibrium_and_changes(qapp: object, tmp_path: Path) -> None:
    root = ElementTree.parse(exported(view_of(LossesView), tmp_path / "a.svg")).getroot()
    whole = "".join(texts(root))
    for part in (
        "saturating → non-saturating",
        "loss (nats)",
        "at equilibrium",
        "2 ln 2 = 1.386",
        "sum of means",
    ):
        assert part in whole
    assert "log(1−D(G(z)))" in whole.replace(" ", "")


def _clip(root: ElementTree.Element) -> tuple[tuple[float, float, float, float], ElementTree.Element]:
    group = next(g for g in root.iter(f"{{{SVG}}}g") if g.get("clip-path"))
    name = re.fullmatch(r"url\(#(\w+)\)", group.get("clip-path", ""))
    assert name
    clip = next(c for c in root.iter(f"{{{SVG}}}clipPath") if c.get("id") == name[1])
    x, y, width, height = (float(clip[0].get(side, "")) for side in ("x", "y", "width", "height"))
    return (x, y, x + width, y + height), group


def _points(group: ElementTree.Element) -> Iterator[tuple[float, float]]:
    for line in group.iter(f"{{{SVG}}}polyline"):
        for pair in line.get("points", "").split():
            x, y = pair.split(",")
            yield float(x), float(y)


def test_svg_curves_lie_in_the_axes(qapp: object, tmp_path: Path) -> None:
    root = ElementTree.parse(exported(view_of(LossesView), tmp_path / "a.svg")).getroot()
    (left, top, right, bottom), group = _clip(root)
    points = np.array(list(_points(group)))
    assert len(points) > 500
    assert (points > [left, top]).all()
    assert (points < [right, bottom]).all()


def test_svg_cuts_what_leaves_the_axes(qapp: object, tmp_path: Path) -> None:
    view = view_of(LossShapeView, ("non_saturating", "saturating"))
    root = ElementTree.parse(exported(view, tmp_path / "a.svg")).getroot()
    (_, top, _, bottom), _ = _clip(root)
    clipped = [group for group in root.iter(f"{{{SVG}}}g") if group.get("clip-path")]
    heights = np.array([point for group in clipped for point in _points(group)])[:, 1]
    assert heights.min() < top or heights.max() > bottom, (
        "this loss leaves its plot, which is what is clipped"
    )
    inside = sum(
        len(list(g.iter(f"{{{SVG}}}polyline"))) for g in root.iter(f"{{{SVG}}}g") if g.get("clip-path")
    )
    legend = [
        line
        for line in root.iter(f"{{{SVG}}}polyline")
        if float(line.get("points", "").split(",")[1].split()[0]) < top
    ]
    assert inside >= 4
    assert legend, "the legend and the axes are not clipped"


def test_every_lane_of_the_plane_has_its_own_clip(qapp: object, tmp_path: Path) -> None:
    view = view_of(PlaneView, ("non_saturating", "hinge"))
    root = ElementTree.parse(exported(view, tmp_path / "a.svg")).getroot()
    assert len([g for g in root.iter(f"{{{SVG}}}g") if g.get("clip-path")]) == 2
    assert len(list(root.iter(f"{{{SVG}}}clipPath"))) == 2


def test_pdf_embeds_fonts_and_the_settings(qapp: object, tmp_path: Path) -> None:
    content = exported(view_of(TotalLossView), tmp_path / "a.pdf").read_bytes()
    assert b"/FontFile2" in content or b"/FontFile3" in content
    assert "a &lt; b &amp; " in content.decode("latin-1")
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", content)
    assert box
    assert float(box[1]) / float(box[2]) == pytest.approx(640 / 420, rel=0.01)


def test_a_wrong_ending_is_refused_in_a_sentence(qapp: object, tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match=r"'a\.bmp' must end in \.png, \.svg, \.pdf\."):
        exported(view_of(LossesView), tmp_path / "a.bmp")


def test_a_picture_too_large_is_refused_in_a_sentence(qapp: object, tmp_path: Path) -> None:
    with pytest.raises(InvalidValueError, match="between 1 and"):
        exported(view_of(LossesView), tmp_path / "a.png", scale=100.0)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_folder_that_is_not_there_is_a_sentence(ending: str, qapp: object, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be written"):
        exported(view_of(LossesView), tmp_path / "none" / f"a.{ending}")


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_a_full_disk_leaves_the_old_file(
    ending: str, qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"a.{ending}"
    path.write_bytes(b"old")

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(FileError, match="No space left"):
        exported(view_of(LossesView), path)
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert path.read_bytes() == b"old"


def test_exports_say_that_curves_are_smoothed(qapp: object, tmp_path: Path) -> None:
    view = view_of(LossesView)
    assert isinstance(view, LossesView)
    view.set_smoothing(0.9)
    whole = "".join(texts(ElementTree.parse(exported(view, tmp_path / "a.svg")).getroot()))
    assert "smoothed" in whole.lower()


def test_copy_puts_the_picture_on_the_clipboard(qapp: object) -> None:
    view = view_of(LossesView)
    view.canvas.resize(300, 200)
    copy_to_clipboard(view)
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (600, 400)
