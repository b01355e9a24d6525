"""What published studies found where collaboration was restricted, each with its population.

None is about another country pair, field or time than its own. Where versions of a study differ,
both ends are given. Confidence intervals are not repeated here: read them in the study.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyResult:
    """One result of a study.

    Attributes
    ----------
    source
        Authors, title or number, year.
    design
        How it was found.
    comparison
        With whom it was compared, or ``none available``.
    population
        Of whom or what, and when.
    outcome
        What was measured.
    least, most
        The ends of what its versions or groups give, in `unit`; equal where there is one, and
        None where no sign is certain.
    unit
        In what.
    applies_if
        When it says something about a case at hand.
    sides
        The two sides of its population, by country code; the second is empty where it is of
        one side and whoever it works with.
    side
        Whose outcome it is, in the words of the study's population.
    """

    source: str
    design: str
    comparison: str
    population: str
    outcome: str
    least: float | None
    most: float | None
    unit: str
    applies_if: str
    sides: tuple[frozenset[str], frozenset[str]]
    side: str

    def is_about(self, owner: str, partner: str) -> bool:
        """Say whether its population is of these two sides, in either order."""
        first, second = self.sides
        return (owner in first and (not second or partner in second)) or (
            partner in first and (not second or owner in second)
        )


NO_COMPARISON = "none available"

_OTHERS = "US life scientists with other foreign collaborators"
_TENSION_OTHERS = "a group of the study's own, described there"
_US_CN = (frozenset({"US"}), frozenset({"CN"}))
_ANYBODY = frozenset[str]()
_LIFE_SCIENCES = (
    "over 102,000 US life scientists with collaborators in China, against those with other "
    "foreign collaborators, 2010 to 2021"
)
_IF_LIFE_SCIENCES = (
    "the owner is the US, the partner China, the field life sciences, and scientists may be "
    "investigated one by one"
)
_TENSION = "NBER working paper 32622, Flynn, Glennon, Murciano-Goroff, Xiao"
_RUSSIA = "Zhang, Cao, Sivertsen, Kochetkov, Scientometrics, 2024"

STUDY_RESULTS: tuple[StudyResult, ...] = (
    StudyResult(
        source="Jia, Roberts, Wang, Yang, CEPR DP17218, 2022",
        design="difference in differences",
        comparison=_OTHERS,
        population=_LIFE_SCIENCES,
        outcome="publications of the US scientists",
        least=-1.9,
        most=-1.9,
        unit="percent",
        applies_if=_IF_LIFE_SCIENCES,
        sides=_US_CN,
        side="US",
    ),
    StudyResult(
        source="Jia, Roberts, Wang, Yang, CEPR DP17218, 2022, and PNAS",
        design="difference in differences",
        comparison=_OTHERS,
        population=_LIFE_SCIENCES,
        outcome="citations of the US scientists",
        least=-10.0,
        most=-7.1,
        unit="percent",
        applies_if=_IF_LIFE_SCIENCES,
        sides=_US_CN,
        side="US",
    ),
    StudyResult(
        source=_TENSION,
        design="difference in differences with curricula vitae, two versions",
        comparison=_TENSION_OTHERS,
        population="scientists of Chinese descent at work in the US, 2016 to 2019",
        outcome="their productivity",
        least=-11.0,
        most=-2.0,
        unit="percent",
        applies_if="the owner is the US, the partner China, and tension is in public view",
        sides=_US_CN,
        side="US",
    ),
    StudyResult(
        source=_TENSION,
        design="difference in differences with curricula vitae",
        comparison=_TENSION_OTHERS,
        population="students of Chinese descent, 2016 to 2019",
        outcome="who begin a doctorate in the US",
        least=-15.0,
        most=-15.0,
        unit="percent",
        applies_if="the owner is the US, the partner China, and students choose where to go",
        sides=_US_CN,
        side="US",
    ),
    StudyResult(
        source=_TENSION,
        design="difference in differences with curricula vitae",
        comparison=_TENSION_OTHERS,
        population="the same students",
        outcome="who begin a doctorate in another country of English language",
        least=2.1,
        most=2.1,
        unit="percentage points",
        applies_if="the same; a third country's gain",
        sides=_US_CN,
        side="third countries",
    ),
    StudyResult(
        source=_TENSION,
        design="difference in differences with curricula vitae",
        comparison=_TENSION_OTHERS,
        population="scientists at work in China, 2016 to 2019",
        outcome="their productivity",
        least=None,
        most=None,
        unit="no decline was found",
        applies_if="the owner is the US, the partner China",
        sides=_US_CN,
        side="CN",
    ),
    StudyResult(
        source=_RUSSIA,
        design="description",
        comparison=NO_COMPARISON,
        population="works with authors in Russia, by month, before and after February 2022",
        outcome="works with other countries, from 1,451 to 791 a month",
        least=-45.5,
        most=-45.5,
        unit="percent; the share in all works stayed near 40 percent",
        applies_if="one side is Russia; many partners and a war changed at once",
        sides=(frozenset({"RU"}), _ANYBODY),
        side="RU and its partners",
    ),
    StudyResult(
        source="Report for the UK government on Horizon 2020, in Chemistry World",
        design="description",
        comparison=NO_COMPARISON,
        population="proposals to Horizon 2020 with participants in the UK, to 2020",
        outcome="the UK's share of participants, from 12 to 6 percent",
        least=-6.0,
        most=-6.0,
        unit="percentage points",
        applies_if="one side is the UK and access to a common programme is uncertain",
        sides=(frozenset({"GB"}), _ANYBODY),
        side="GB",
    ),
    StudyResult(
        source="Kokabisaghi et al., BMJ Global Health, 2019, with letters in The Lancet",
        design="description",
        comparison="other countries, in letters on the study",
        population="international collaboration of Iran under sanctions",
        outcome="its growth: it went on, as in countries without sanctions",
        least=None,
        most=None,
        unit="no sign is certain",
        applies_if="one side is Iran; access to journals and supplies was what suffered",
        sides=(frozenset({"IR"}), _ANYBODY),
        side="IR and its partners",
    ),
)
"""All of them, in the order in which they are shown."""
