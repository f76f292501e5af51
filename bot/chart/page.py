"""A page that lines of type and rectangles are put on, from top to bottom."""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from bot.typeface import BASELINE, PITCH, Face, drawable

Colour: TypeAlias = tuple[int, int, int]
Align: TypeAlias = Literal["left", "center", "right"]
ELLIPSIS = "…"


class Box(NamedTuple):
    """Pixels, the right and the bottom edge exclusive."""

    left: int
    top: int
    right: int
    bottom: int


class Words(NamedTuple):
    """A line of type: ``box`` is what its ink takes, ``room`` what it may take, ``at`` where its baseline starts."""

    box: Box
    room: Box
    at: tuple[int, int]
    text: str
    face: Face
    colour: Colour


class Mark(NamedTuple):
    """A filled rectangle. ``value`` is what a bar stands for, None for rules and the squares of a legend."""

    box: Box
    colour: Colour
    value: int | None = None


class Page:
    """Where everything goes; ``y`` is the end of what has been set, and at last the picture's height."""

    def __init__(self, y: int) -> None:
        self.words: list[Words] = []
        self.marks: list[Mark] = []
        self.y = y

    def mark(self, box: Box, colour: Colour, value: int | None = None) -> None:
        """Put a rectangle."""
        self.marks.append(Mark(box, colour, value))

    def put(self, text: str, face: Face, room: Box, align: Align = "left", *, colour: Colour | None = None) -> Box:
        """Set one line at the top of its room, shortened where it is too long; the box of its ink.

        Where there is nothing to set, the box is empty and stands at the room's left.
        """
        said = shortened(flat(text), face, room.right - room.left)
        if not said:
            return Box(room.left, room.top, room.left, room.top)
        before, width = face.extent(said)
        blank = face.blank(said[-1])
        spare = room.right - room.left - width
        x = room.left + before + {"left": 0, "center": spare // 2, "right": spare + blank}[align]
        y = room.top + baseline(face)
        left, top, right, bottom = face.bounds(said)
        box = Box(x + left, y + top, x + right - blank, y + bottom)
        self.words.append(Words(box, room, (x, y), said, face, colour or (face.grey, face.grey, face.grey)))
        return box


def pitch(face: Face) -> int:
    """The height of a line, in pixels."""
    return round(face.size * PITCH)


def baseline(face: Face) -> int:
    """How far a line's baseline is below its top."""
    return round(face.size * BASELINE)


def width(text: str, face: Face) -> int:
    """What a line takes from the left to the right."""
    said = flat(text)
    return face.extent(said)[1] if said else 0


def flat(text: str) -> str:
    """One line of what can be drawn."""
    return " ".join(drawable(text).split())


def shortened(text: str, face: Face, room: int) -> str:
    """``text``, or as much of it as fits with an ellipsis, or nothing."""
    if not text or face.extent(text)[1] <= room:
        return text
    while text and face.extent(text + ELLIPSIS)[1] > room:
        text = text[:-1].rstrip()
    return text + ELLIPSIS if text else ""
