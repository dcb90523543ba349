"""The forms of an English word, listed when rules are compiled so that none is sought at run time.

Forms that do not exist ("visitted") are harmless: no text has them.
"""

from __future__ import annotations

VOWELS = "aeiou"

IRREGULAR: dict[str, tuple[str, ...]] = {
    "be": ("is", "are", "was", "were", "been", "being", "am"),
    "begin": ("begins", "began", "begun", "beginning"),
    "bear": ("bears", "bore", "borne", "bearing"),
    "bring": ("brings", "brought", "bringing"),
    "break": ("breaks", "broke", "broken", "breaking"),
    "build": ("builds", "built", "building"),
    "choose": ("chooses", "chose", "chosen", "choosing"),
    "come": ("comes", "came", "coming"),
    "do": ("does", "did", "done", "doing"),
    "draw": ("draws", "drew", "drawn", "drawing"),
    "find": ("finds", "found", "finding"),
    "forgive": ("forgives", "forgave", "forgiven", "forgiving"),
    "get": ("gets", "got", "gotten", "getting"),
    "give": ("gives", "gave", "given", "giving"),
    "go": ("goes", "went", "gone", "going"),
    "have": ("has", "had", "having"),
    "hear": ("hears", "heard", "hearing"),
    "hold": ("holds", "held", "holding"),
    "keep": ("keeps", "kept", "keeping"),
    "lead": ("leads", "led", "leading"),
    "lend": ("lends", "lent", "lending"),
    "make": ("makes", "made", "making"),
    "meet": ("meets", "met", "meeting"),
    "overcome": ("overcomes", "overcame", "overcoming"),
    "overlook": ("overlooks", "overlooked", "overlooking"),
    "oversee": ("oversees", "oversaw", "overseen", "overseeing"),
    "pay": ("pays", "paid", "paying"),
    "put": ("puts", "putting"),
    "run": ("runs", "ran", "running"),
    "say": ("says", "said", "saying"),
    "see": ("sees", "saw", "seen", "seeing"),
    "seek": ("seeks", "sought", "seeking"),
    "send": ("sends", "sent", "sending"),
    "set": ("sets", "setting"),
    "show": ("shows", "showed", "shown", "showing"),
    "shut": ("shuts", "shutting"),
    "sit": ("sits", "sat", "sitting"),
    "speak": ("speaks", "spoke", "spoken", "speaking"),
    "stand": ("stands", "stood", "standing"),
    "take": ("takes", "took", "taken", "taking"),
    "teach": ("teaches", "taught", "teaching"),
    "tell": ("tells", "told", "telling"),
    "think": ("thinks", "thought", "thinking"),
    "undertake": ("undertakes", "undertook", "undertaken", "undertaking"),
    "uphold": ("upholds", "upheld", "upholding"),
    "win": ("wins", "won", "winning"),
    "withdraw": ("withdraws", "withdrew", "withdrawn", "withdrawing"),
    "withhold": ("withholds", "withheld", "withholding"),
    "write": ("writes", "wrote", "written", "writing"),
}


def forms(lemma: str) -> tuple[str, ...]:
    """Every form of a lower-case verb or noun, the lemma first."""
    if lemma in IRREGULAR:
        return (lemma, *IRREGULAR[lemma])
    stem, doubled = _stem(lemma), _doubled(lemma)
    past = f"{lemma}d" if lemma.endswith("e") else f"{lemma}ed"
    found = [lemma, _plural(lemma), past, f"{stem}ing"]
    if lemma.endswith("ie"):
        found += [f"{lemma[:-2]}ying"]
    if lemma.endswith("y") and lemma[-2:-1] not in VOWELS:
        found += [f"{lemma[:-1]}ied", f"{lemma}ing"]
    if doubled:
        found += [f"{doubled}ed", f"{doubled}ing"]
    return tuple(dict.fromkeys(found))


def _stem(lemma: str) -> str:
    keeps_e = lemma.endswith(("ee", "oe", "ye"))
    return lemma[:-1] if lemma.endswith("e") and not keeps_e else lemma


def _plural(lemma: str) -> str:
    if lemma.endswith("y") and lemma[-2:-1] not in VOWELS:
        return f"{lemma[:-1]}ies"
    if lemma.endswith(("s", "x", "z", "ch", "sh", "o")):
        return f"{lemma}es"
    return f"{lemma}s"


def _doubled(lemma: str) -> str | None:
    """`stop` → `stopp`: a consonant after a single vowel may double."""
    ends = lemma[-3:]
    if len(ends) < 3 or ends[2] in f"{VOWELS}wxy" or ends[1] not in VOWELS or ends[0] in VOWELS:
        return None
    return lemma + lemma[-1]
