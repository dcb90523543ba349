"""Statements made by chance, as files, whose sentences carry frames by how they were made.

Sentences are put together from clauses that somebody wrote for a frame, or for none. So their truth
is known without anybody labelling them, and framelens errs on some, as it does on real texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

CLAUSES: Mapping[str, Sequence[str]] = {
    "monitoring": (
        "our delegation took note of what the mission saw in {place}",
        "inspectors counted the empty cells of {place}",
        "the mandate holder visited {place} and wrote down what prisoners told her",
        "observers were kept from the courts of {place}",
        "{who} documented forty cases in {place}",
    ),
    "cooperation": (
        "{who} will train the judges of {place}",
        "we and {place} have set up a joint programme on the rights of prisoners",
        "{who} pays for the shelters that {place} runs for victims",
        "{place} asked for technical assistance with its human-rights plan",
        "hand in hand with {who}, {place} teaches its police what rights mean",
    ),
    "accountability": (
        "those who ordered the killings in {place} must be tried",
        "{place} has to answer for the people who vanished there",
        "nobody in {place} has paid for these abuses",
        "we condemn the torture of prisoners in {place}",
        "{place} must release them and pay them reparation",
    ),
    "dialogue": (
        "{who} invites {place} to talk about these rights as equals",
        "we would rather sit down with {place} than shout at it",
        "the human-rights dialogue with {place} was resumed",
        "{place} broke off its consultations with {who}",
        "words between neighbours do more for rights in {place} than pressure",
    ),
}
NONE = (
    "the delegation of {place} thanks the chair",
    "drought has emptied the fields of {place}",
    "in {place} women earn less than men",
    "elections are held in {place} every four years",
    "many families have left {place} since spring",
    "a cooperation in trade with {place} is welcome",
    "the debate on {place} was adjourned",
)
PLACES = ("Arvania", "Belmora", "the Cassian islands", "Dorvia", "East Elland", "Farland")
WHO = ("the union", "the Office", "our ministry", "a bar association", "the secretariat")
BLOCS: Mapping[str, Sequence[float]] = {
    "east": (0.10, 0.30, 0.08, 0.25),
    "west": (0.25, 0.12, 0.30, 0.10),
    "south": (0.12, 0.25, 0.15, 0.20),
}
"""How often a sentence of each bloc carries each frame."""
YEARS = range(2019, 2025)


def made_statements(folder: Path, count: int = 300, *, seed: int = 0) -> dict[str, tuple[str, ...]]:
    """Write `count` statements of 8 to 14 sentences, `BLOC_YEAR_NUMBER.txt`; return the frames that
    each sentence carries, by its text."""
    chance, truth = Random(seed), {}
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        bloc, year = chance.choice(list(BLOCS)), chance.choice(YEARS)
        sentences = []
        for _ in range(chance.randint(8, 14)):
            text, frames = _sentence(BLOCS[bloc], chance)
            truth[text] = frames
            sentences.append(text)
        path = folder / f"{bloc}_{year}_{number:03d}.txt"
        path.write_text(" ".join(sentences) + "\n", encoding="utf-8")
    return truth


def _sentence(rates: Sequence[float], chance: Random) -> tuple[str, tuple[str, ...]]:
    drawn = [name for name, rate in zip(CLAUSES, rates, strict=True) if chance.random() < rate]
    frames = tuple(drawn[:2])
    clauses = [chance.choice(CLAUSES[name]) for name in frames] or [chance.choice(NONE)]
    filled = (
        clause.format(place=chance.choice(PLACES), who=chance.choice(WHO)) for clause in clauses
    )
    text = ", and ".join(filled)
    return f"{text[0].upper()}{text[1:]}.", frames
