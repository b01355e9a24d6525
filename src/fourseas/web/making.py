"""What is made ahead of a large lake, and how far it has come for who asks too early."""

from __future__ import annotations

from dataclasses import dataclass

from fourseas.errors import FourseasError


class StillMadeError(FourseasError):
    """What is asked for is being made."""


@dataclass(slots=True)
class Making:
    """How far what is made ahead has come.

    Attributes
    ----------
    is_going_on
        Whether something is being made; where not, who asks makes it.
    total, n_done, label
        How many things there are, how many are done, and the one in hand.
    """

    is_going_on: bool = False
    total: int = 1
    n_done: int = 0
    label: str = ""

    def begin(self, total: int) -> None:
        """Hear that so many things are made."""
        self.is_going_on, self.total, self.n_done, self.label = True, total, 0, ""

    def go_on(self, label: str) -> None:
        """Hear what is made now; what was in hand is done."""
        self.n_done += bool(self.label)
        self.label = label

    def end(self) -> None:
        """Hear that all is made."""
        self.is_going_on, self.label = False, ""

    def wait_for(self) -> None:
        """Say that what is missing is being made, if it is.

        Raises
        ------
        StillMadeError
            Where it is.
        """
        if self.is_going_on:
            problem = (
                "This server makes figures of all countries, once for a version of the lake: "
                f"{self.n_done} of {self.total} are done, now {self.label}."
            )
            raise StillMadeError(problem, "Ask again in a while: the page comes when they are.")
