"""How well and how fast affiliations are linked to organizations, beside published results.

    python -m benchmarks.link           # measure on the half that nothing was chosen on
    python -m benchmarks.link --tune    # measure on the other half, threshold by threshold
    python -m benchmarks.link --fit     # learn the weights anew from the other half
    python -m benchmarks.link --page    # write the page anew from the results

A string belongs to one half by its SHA-256, so that equal strings are never in both.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import math
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from scipy.optimize import minimize

from benchmarks import environments
from benchmarks.link_page import page
from benchmarks.link_standards import standards
from fourseas.affiliations.countries import Gazetteer, gazetteer
from fourseas.affiliations.directory import Directory, Organization, directory
from fourseas.affiliations.evidence import evidence
from fourseas.affiliations.hits import Hit, Said, like, runs, said
from fourseas.affiliations.match import (
    MOST_TOTAL,
    NAMED,
    WEIGHTS,
    Candidate,
    Weights,
    candidates,
    taken,
)

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "tests" / "samples" / "affiliations"
COUNTRIES = ROOT / "src" / "fourseas" / "embedded" / "countries"
RESULTS = Path(__file__).parent / "results" / "link.json"
PAGE = ROOT / "docs" / "benchmarks" / "link.md"
MODULE = ROOT / "src" / "fourseas" / "affiliations" / "weights.py"

SETS = ("crossref_asserted", "s2aff_2021")
TUNED, REPORTED = 0, 1
THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
RIDGE = 8.0
TOLD = 0.005
"""Weights below which evidence says nothing."""
MEASURES = ("precision", "recall", "f1")


@dataclass(frozen=True, slots=True)
class Labeled:
    """A string and the ROR ids that somebody gave it."""

    text: str
    ror_ids: frozenset[str]


@dataclass(slots=True)
class Counts:
    """What was found of what was expected."""

    found: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, named: frozenset[str], expected: frozenset[str]) -> None:
        """Count one string."""
        self.found += len(named & expected)
        self.wrong += len(named - expected)
        self.missed += len(expected - named)

    def measures(self) -> dict[str, float | int]:
        """Return precision, recall and their harmonic mean."""
        precision = self.found / max(self.found + self.wrong, 1)
        recall = self.found / max(self.found + self.missed, 1)
        f1 = 2 * precision * recall / max(precision + recall, 1e-9)
        counts = {"found": self.found, "wrong": self.wrong, "missed": self.missed}
        return counts | {"precision": precision, "recall": recall, "f1": f1}


@dataclass(slots=True)
class Found:
    """What was found of a set.

    Attributes
    ----------
    labels
        Counts of all strings with a label that is here, and of those with one and with several.
    absent, named
        Strings none of whose labels is here, and how many of them were given one all the same.
    """

    labels: dict[str, Counts] = field(
        default_factory=lambda: {w: Counts() for w in ("all", "one label", "several labels")}
    )
    absent: int = 0
    named: int = 0

    def told(self) -> dict[str, object]:
        """Return it as data."""
        labels = {name: count.measures() for name, count in self.labels.items()}
        return {"labels": labels, "none_expected": {"strings": self.absent, "named": self.named}}


def labeled(name: str, half: int) -> list[Labeled]:
    """Return one half of the strings of a set."""
    with gzip.open(SAMPLES / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        Labeled(row["affiliation"], frozenset(i[-9:] for i in row["ror_ids"].split("|")))
        for row in rows
        if int(hashlib.sha256(row["affiliation"].encode()).hexdigest(), 16) % 2 == half
    ]


def organizations() -> list[Organization]:
    """Return the organizations of ROR that are here, withdrawn ones among them."""
    rows = pq.read_table(SAMPLES / "organizations.parquet").to_pylist()
    return [Organization(**(row | {"names": tuple(row["names"])})) for row in rows]


def countries() -> Gazetteer:
    """Return the names of countries that every lake holds."""
    names: list[tuple[str, str]] = []
    with (COUNTRIES / "countries.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names += [(row["name"], row["iso2"]), (row["official_name"], row["iso2"])]
    with (COUNTRIES / "aliases.csv").open(encoding="utf-8", newline="") as file:
        names += [(row["name"], row["country_code"]) for row in csv.DictReader(file)]
    return gazetteer(names)


def every(found: Sequence[Candidate]) -> frozenset[str]:
    """Return all organizations that a text names."""
    return frozenset(one.ror_id for one in found if one.is_named)


def best(found: Sequence[Candidate]) -> frozenset[str]:
    """Return the likeliest of the organizations that a text names."""
    return frozenset(one.ror_id for one in found[:1] if one.is_named)


def counted(
    strings: Iterable[Labeled],
    answers: Iterable[Sequence[Candidate]],
    known: frozenset[str],
    chosen: Callable[[Sequence[Candidate]], frozenset[str]],
) -> Found:
    """Return what was found, apart for one and several labels and for none that is here."""
    found = Found()
    for string, answer in zip(strings, answers, strict=True):
        named = chosen(answer)
        if not string.ror_ids & known:
            found.absent += 1
            found.named += bool(named)
            continue
        which = "several labels" if len(string.ror_ids) > 1 else "one label"
        for label in ("all", which):
            found.labels[label].add(named, string.ror_ids)
    return found


def measured(
    known: Directory,
    places: Gazetteer,
    ids: frozenset[str],
    *,
    half: int = REPORTED,
    weights: Weights = WEIGHTS,
) -> tuple[dict[str, object], float]:
    """Return the results of each set on a half, and strings per second of CPU."""
    told: dict[str, object] = {}
    seconds = n = 0.0
    for name in SETS:
        strings = labeled(name, half)
        began = time.process_time()
        answers = [candidates(string.text, known, places, weights=weights) for string in strings]
        seconds += time.process_time() - began
        n += len(strings)
        told[name] = {
            "strings": len(strings),
            "every": counted(strings, answers, ids, every).told(),
            "best": counted(strings, answers, ids, best).told(),
        }
    return told, n / seconds


def tuned(known: Directory, places: Gazetteer, ids: frozenset[str]) -> str:
    """Return precision, recall and F1 of the tuned half by threshold."""
    lines = ["set                threshold  what   precision  recall  f1     none expected, named"]
    for name in SETS:
        strings = labeled(name, TUNED)
        for threshold in THRESHOLDS:
            answers = [
                candidates(string.text, known, places, named_from=threshold) for string in strings
            ]
            for label, chosen in (("every", every), ("best", best)):
                found = counted(strings, answers, ids, chosen)
                row = found.labels["all"].measures()
                measures = "  ".join(f"{row[m]:.3f}" for m in MEASURES)
                none = f"{found.named} of {found.absent}"
                lines.append(f"{name:18} {threshold:9}  {label:5}  {measures}  {none}")
    return "\n".join(lines)


def fitted(known: Directory, places: Gazetteer) -> str:
    """Return the module of weights, learned from the tuned half of both sets."""
    return _module(*learned([s for name in SETS for s in labeled(name, TUNED)], known, places))


def other_way_round(known: Directory, places: Gazetteer, ids: frozenset[str]) -> dict[str, object]:
    """Return the results of each set on the tuned half, by weights learned from the reported."""
    strings = [string for name in SETS for string in labeled(name, REPORTED)]
    found, _ = measured(known, places, ids, half=TUNED, weights=learned(strings, known, places))
    return found


def learned(
    strings: Sequence[Labeled], known: Directory, places: Gazetteer
) -> tuple[dict[str, float], dict[str, float]]:
    """Return weights of names that are there, and of names that are like the text."""
    texts = [said(string.text, places) for string in strings]
    names = [runs(text, known) for text in texts]
    of_names, strengths = _weights(strings, texts, names, names, [1.0] * len(texts), known)
    likes = [
        [hit for hit in like(text, known) if hit.place not in taken(named)] if sum(own) < 1 else []
        for text, named, own in zip(texts, names, strengths, strict=True)
    ]
    none = [1 + sum(own) for own in strengths]
    both = [[*named, *other] for named, other in zip(names, likes, strict=True)]
    of_likeness, _ = _weights(strings, texts, likes, both, none, known)
    return of_names, of_likeness


def _weights(
    strings: Sequence[Labeled],
    texts: Sequence[Said],
    hits: Sequence[Sequence[Hit]],
    beside: Sequence[Sequence[Hit]],
    none: Sequence[float],
    known: Directory,
) -> tuple[dict[str, float], list[list[float]]]:
    """Return weights, and the strengths that they give each hit.

    ``none`` is how strong it is that no hit of a text is meant.
    """
    seen = [
        [evidence(hit, others, text, known) for hit in own]
        for text, own, others in zip(texts, hits, beside, strict=True)
    ]
    evidenced = list(next(one for own in seen for one in own))
    rows = np.array([[one[name] for name in evidenced] for own in seen for one in own])
    meant = [
        [known.entries[hit.place].organization.ror_id in string.ror_ids for hit in own]
        for string, own in zip(strings, hits, strict=True)
    ]
    sizes = [len(own) for own in hits]
    text_of = np.repeat(np.arange(len(hits)), sizes)
    is_meant = np.array([one for own in meant for one in own], dtype=float)
    found = _choice(rows, is_meant, text_of, np.array(none))
    weights = dict(zip(evidenced, found, strict=True))
    return weights, [[_strength(one, weights) for one in own] for own in seen]


def _strength(seen: Mapping[str, float], weights: Mapping[str, float]) -> float:
    return math.exp(sum(weights[name] * value for name, value in seen.items()))


def _choice(
    rows: np.ndarray, is_meant: np.ndarray, text_of: np.ndarray, none: np.ndarray
) -> list[float]:
    """Return the weights of a conditional logit with a ridge on standardized columns.

    Of the hits of a text one is chosen, or none of them: the likelihood of a text is the share of
    those that are meant, or of none where none is. The first column is 1 everywhere and bears no
    ridge. McFadden (1974), "Conditional logit analysis of qualitative choice behavior".
    """
    means, spread = rows.mean(axis=0), rows.std(axis=0)
    means[0], spread[spread == 0] = 0.0, 1.0
    standard = (rows - means) / spread
    is_penalized = np.arange(rows.shape[1]) > 0
    is_found = np.bincount(text_of, weights=is_meant, minlength=len(none)) > 0

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        strengths = np.exp(np.clip(standard @ weights, -MOST_TOTAL, MOST_TOTAL))
        every = none + np.bincount(text_of, weights=strengths, minlength=len(none))
        ours = np.bincount(text_of, weights=strengths * is_meant, minlength=len(none))
        chosen = np.where(is_found, ours, none)
        penalty = RIDGE * weights * is_penalized
        value = (np.log(every) - np.log(chosen)).sum() + weights @ penalty / 2
        shares = strengths / every[text_of] - is_meant * strengths / chosen[text_of]
        return value, standard.T @ shares + penalty

    start = np.zeros(rows.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 800}).x / spread
    found[0] -= (found * means)[1:].sum()
    return [float(weight) for weight in found]


def _module(of_names: Mapping[str, float], of_likeness: Mapping[str, float]) -> str:
    head, _ = MODULE.read_text(encoding="utf-8").split("WEIGHTS_OF_NAMES", 1)
    blocks = (
        ("WEIGHTS_OF_NAMES", of_names, "Of names that are there."),
        ("WEIGHTS_OF_LIKENESS", of_likeness, LIKENESS),
    )
    return head + "\n".join(
        f"{name}: Mapping[str, float] = {{\n"
        + "".join(f'    "{key}": {w:.2f},\n' for key, w in weights.items() if abs(w) >= TOLD)
        + f'}}\n"""{doc}"""\n'
        for name, weights, doc in blocks
    )


LIKENESS = "Of names that are like the text; what these cannot show weighs nothing."


def main() -> None:
    """Measure, write the results and the page of them; or learn or look at the other half."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--page", action="store_true")
    asked = parser.parse_args()
    if asked.page:
        PAGE.write_text(page(json.loads(RESULTS.read_text(encoding="utf-8"))), encoding="utf-8")
        return
    listed, places = organizations(), countries()
    ids = frozenset(one.ror_id for one in listed)
    wall, cpu = time.perf_counter(), time.process_time()
    known = directory(listed)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    if asked.fit:
        MODULE.write_text(fitted(known, places), encoding="utf-8")
        sys.stdout.write(f"Wrote {MODULE}.\n")
        return
    if asked.tune:
        sys.stdout.write(tuned(known, places, ids) + "\n")
        return
    sets, rate = measured(known, places, ids)
    results: dict[str, object] = {
        "machine": environments.machine(),
        "busy": environments.busy(),
        "measured_at": environments.now(),
        "named_from": NAMED,
        "organizations": len(listed),
        "index": {"wall_s": wall, "cpu_s": cpu, "names": len(known.keys)},
        "strings_per_cpu_second": rate,
        "sets": sets,
        "other_way_round": other_way_round(known, places, ids),
        "standards": standards(known, places),
    }
    RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(json.loads(RESULTS.read_text(encoding="utf-8"))), encoding="utf-8")
    sys.stdout.write(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
