"""One drawing for bright and dark pages: where two differ in colors and images alone, the rest is there once."""

from __future__ import annotations

import re
from collections.abc import Sequence

LIGHT, DARK = "light", "dark"
_ATTRIBUTE = re.compile(r'([\w:-]+)="([^"]*)"')
_IMAGE = re.compile(r"<image\b[^>]*>")
_STYLED = frozenset(
    {
        "fill",
        "fill-opacity",
        "stroke",
        "stroke-opacity",
        "stroke-width",
        "stop-color",
        "stop-opacity",
        "opacity",
    }
)
"""Attributes that may have a variable of the page's style for a value."""


class Schemes:
    """Makes drawings that a page shows in the reader's colors, and keeps the style that they need."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], str] = {}

    def joined(self, light: str, dark: str) -> str | None:
        """Return what shows one of two drawings, which differ in values of style and in images alone; else None."""
        images = list(zip(_IMAGE.findall(light), _IMAGE.findall(dark), strict=False))
        ours, theirs = (_ATTRIBUTE.split(_IMAGE.sub("\0", drawing)) for drawing in (light, dark))
        if len(ours) != len(theirs) or any(ours[k::3] != theirs[k::3] for k in (0, 1)):
            return None
        values = [self._value(*each) for each in zip(ours[1::3], ours[2::3], theirs[2::3], strict=True)]
        if None in values:
            return None
        written = [f'{name}="{value}"' for name, value in zip(ours[1::3], values, strict=True)]
        text = "".join(a + b for a, b in zip(ours[::3], [*written, ""], strict=True))
        return _with_images(text.split("\0"), images)

    def style(self) -> str:
        """Return the style of all drawings that were made."""
        light, dark = ("".join(f"--{name}:{pair[k]};" for pair, name in self._names.items()) for k in (0, 1))
        return (
            f":root {{ {light} }} .{DARK} {{ display: none }}\n"
            f"@media (prefers-color-scheme: dark) {{\n  :root {{ {dark} }}\n"
            f"  .{LIGHT} {{ display: none }} .{DARK} {{ display: revert }}\n}}"
        )

    def _value(self, name: str, ours: str, theirs: str) -> str | None:
        if ours == theirs:
            return ours
        if name not in _STYLED:
            return None
        return f"var(--{self._names.setdefault((ours, theirs), f'p{len(self._names)}')})"


def _with_images(pieces: Sequence[str], images: Sequence[tuple[str, str]]) -> str:
    """Return a drawing with its images between its pieces, twice where they differ."""
    found = [pieces[0]]
    for (ours, theirs), piece in zip(images, pieces[1:], strict=True):
        found += [ours if ours == theirs else only(ours, LIGHT) + only(theirs, DARK), piece]
    return "".join(found)


def only(element: str, scheme: str) -> str:
    """Return an element that is seen in one scheme alone."""
    return re.sub(r"^<(\w+)", rf'<\1 class="{scheme}"', element)
