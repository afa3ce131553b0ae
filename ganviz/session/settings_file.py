"""Settings out of files: JSON as a run writes it, and pictures that carry the settings they were drawn with."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

from ganviz.spec import InvalidValueError
from ganviz.spec.words import reason_of
from ganviz.training.config import RunConfig, config_from_plain

MOST_CONFIG_BYTES = 10_000_000
MOST_PICTURE_BYTES = 200_000_000
PICTURES = (".png", ".svg", ".pdf")
_CARRIED = {
    ".svg": (b"<desc", b"</desc>"),
    ".pdf": (b"<dc:description><rdf:Alt><rdf:li", b"</rdf:li>"),
}


def read_config(path: Path) -> RunConfig:
    """Return the configuration in a JSON file, as ``config.json`` of a run or bare, or in a picture that was exported.

    Raises
    ------
    InvalidValueError
        When the file cannot be read or holds no settings that can be used.
    """
    is_picture = path.suffix.lower() in PICTURES
    content = read_content(path, MOST_PICTURE_BYTES if is_picture else MOST_CONFIG_BYTES)
    if is_picture:
        content = _carried(path, content)
    plain = read_json(content, path)
    if isinstance(plain, dict) and "config" in plain:
        plain = plain["config"]
    try:
        return config_from_plain(plain)
    except InvalidValueError as error:
        raise InvalidValueError(f"{str(path)!r}: {error}") from error


def read_json(content: bytes, path: Path) -> Any:
    """Return what the text of a file says; raise InvalidValueError where it is not JSON that can be read."""
    try:
        return json.loads(content)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        reason = str(error)
    except RecursionError:
        reason = "it is nested too deeply"
    except ValueError:  # Python's own words tell how to have it read all the same
        reason = "a number in it has too many digits"
    raise InvalidValueError(f"{str(path)!r} is not JSON that can be read: {reason}.")


def read_content(path: Path, most: int = MOST_CONFIG_BYTES) -> bytes:
    """Return a file of settings; raise InvalidValueError where it cannot be read or is longer than ``most`` bytes."""
    try:
        if path.exists() and not path.is_file():
            raise ValueError("it is not a file")
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise InvalidValueError(f"{str(path)!r} cannot be read: {reason_of(error)}.") from error
    except ValueError as error:
        raise InvalidValueError(f"{str(path)!r} cannot be read: {error}.") from error
    if len(content) > most:
        raise InvalidValueError(f"{str(path)!r} is larger than any file of settings.")
    return content


def _carried(path: Path, content: bytes) -> bytes:
    """Return the settings' text that a picture carries."""
    ending = path.suffix.lower()
    found = _text_of_png(content) if ending == ".png" else _between(content, *_CARRIED[ending])
    if not found:
        raise InvalidValueError(f"{str(path)!r} carries no settings: it was not exported from here.")
    if len(found) > MOST_CONFIG_BYTES:
        raise InvalidValueError(f"{str(path)!r} carries more than any settings.")
    return found if ending == ".png" else html.unescape(found.decode(errors="replace")).encode()


def _between(content: bytes, opening: bytes, closing: bytes) -> bytes:
    """Return what the first element of a kind holds; each place is passed once, however often one is opened."""
    start = content.find(opening)
    start = -1 if start < 0 else content.find(b">", start + len(opening))
    end = -1 if start < 0 else content.find(closing, start)
    return content[start + 1 : end] if end >= 0 else b""


def _text_of_png(content: bytes) -> bytes:
    """Return the text "Settings" of a PNG; empty where it has none. Nothing but text is unpacked."""
    from io import BytesIO

    from PIL import Image

    try:
        with Image.open(BytesIO(content), formats=["PNG"]) as image:
            image.load()
            text = image.text.get("Settings", "")  # type: ignore[attr-defined]
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise InvalidValueError(f"This picture cannot be read: {error}.") from error
    return str(text).encode(errors="replace")
