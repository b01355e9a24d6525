"""Formulas of docstrings as a screen can show them: markup of LaTeX to plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

UNDERLINE = re.compile(r"\s*-{3,}\s*")
DISPLAYED = re.compile(
    r"^([ ]*)\.\. math::(.*(?:\n\1[ ]+\S.*|\n[ ]*(?=\n\1[ ]+\S))*)", re.MULTILINE
)
INLINE = re.compile(r":math:`([^`]*)`")
TOKEN = re.compile(r"\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
BREAK = re.compile(r"\\quad\s*\n|\\qquad|\\\\|\n(?=\s*&?=)")
"""Where a displayed formula goes on in a new line."""

SIGNS = {
    r"\cdot": "*",
    r"\times": "*",
    r"\le": " <= ",
    r"\leq": " <= ",
    r"\ge": " >= ",
    r"\geq": " >= ",
    r"\ne": " != ",
    r"\neq": " != ",
    r"\pm": " +/- ",
    r"\mp": " -/+ ",
    r"\in": " in ",
    r"\to": " -> ",
    r"\iff": " if and only if ",
    r"\emptyset": "{}",
    r"\ell": "l",
    r"\lfloor": "floor(",
    r"\rfloor": ")",
    r"\bar": "mean ",
    r"\qquad": "   ",
    r"\quad": "   ",
    r"\,": " ",
    r"\ ": " ",
    r"\!": "",
    r"\left": "",
    r"\right": "",
    r"\text": "",
    r"\hat": "",
    "&": "",
}
"""Signs that are not written as they are called; `\\sum` is sum, `\\alpha` alpha."""

FRACTIONS = (r"\frac", r"\dfrac", r"\tfrac")
SIMPLE = re.compile(r"\w*\([^()]*\)|[\w.*]+|\{[^{}]*\}|\|[^|]*\|")
"""What needs no parentheses as part of a fraction, an index or a power."""

SETS_APART = r"[-+=&,<>]|\\(?:[lg]eq?|neq?|qq?uad|iff|text|,|\\)"
OPEN, CLOSED = re.compile(rf"[({{]|{SETS_APART}"), re.compile(rf"[)}}]|{SETS_APART}")
"""What a fraction may stand after and before without parentheses."""

TIGHT = ((r" (?=[_^])", ""), (r"\b(max|min|floor) ?\( ?", r"\1("), (r"\( ", "("), (r" \)", ")"))


def plain(text: str) -> str:
    """Return the text of a docstring as a screen should show it: formulas without markup."""
    shown = "\n".join(line for line in text.splitlines() if not UNDERLINE.fullmatch(line))
    shown = DISPLAYED.sub(lambda found: _lines(found[1], found[2]), shown)
    return INLINE.sub(lambda found: formula(found[1]), shown).replace("``", "`")


def _lines(margin: str, source: str) -> str:
    """Return a formula that stands apart, a line for each of its own."""
    written = (formula(part).rstrip(",") for part in BREAK.split(source))
    return "\n".join(f"{margin}    {line}" for line in written if line)


def formula(source: str) -> str:
    r"""Return a formula on one line.

    >>> formula(r"R_i = \frac{\sum_{j \ne i} a_{ij}}{s_i}")
    'R_i = (sum_(j != i) a_ij) / s_i'
    """
    written = re.sub(r"\s+", " ", _Reader(TOKEN.findall(source)).until_end()).strip()
    for loose, tight in TIGHT:
        written = re.sub(loose, tight, written)
    return written


@dataclass(slots=True)
class _Reader:
    """Tokens of a formula, read once from left to right."""

    tokens: list[str]
    place: int = field(default=0)

    def until_end(self) -> str:
        """Return what stands before the end of the group or of the formula."""
        written = ""
        while self.place < len(self.tokens) and self.tokens[self.place] != "}":
            written += self._next()
        self.place += 1
        return written

    def _argument(self) -> str:
        """Return what a command, an index or a power is of: a group or one sign."""
        while self.place < len(self.tokens) and self.tokens[self.place].isspace():
            self.place += 1
        return self._next().strip() if self.place < len(self.tokens) else ""

    def _beside(self, places: Iterable[int]) -> str:
        """Return the first sign at some places; where there is none, what ends a formula."""
        return next((self.tokens[at] for at in places if not self.tokens[at].isspace()), "=")

    def _next(self) -> str:
        """Return what the next sign stands for, with all that it takes."""
        token, before = self.tokens[self.place], self._beside(range(self.place - 1, -1, -1))
        self.place += 1
        if token == "{":  # noqa: S105  (a brace, no password)
            return self.until_end()
        if token in FRACTIONS:
            ratio = f"{_whole(self._argument())} / {_whole(self._argument())}"
            after = self._beside(range(self.place, len(self.tokens)))
            return ratio if OPEN.fullmatch(before) and CLOSED.fullmatch(after) else f"({ratio})"
        if token == r"\sqrt":  # noqa: S105  (a root, no password)
            return f"sqrt({self._argument()})"
        if token in {"_", "^"}:
            return f"{token}{_whole(self._argument().replace(' *', '*'))}"
        if token in SIGNS:
            return SIGNS[token]
        return f"{token[1:]} " if token[1:].isalpha() else token.removeprefix("\\")


def _whole(part: str) -> str:
    """Return a part that cannot be read as two."""
    return part if SIMPLE.fullmatch(part) else f"({part})"
