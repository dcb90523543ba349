"""Changes of a sentence's grammar that leave its frames as the codebook has them.

Each finds its place by the words around it, without a parser, and leaves a sentence alone where it
finds none. What it makes is English in most cases, and no frame's words are added or taken away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from lemminflect import getAllLemmas, getInflection

Change = Callable[[str], str]

AUXILIARIES = "has|have|had|is|are|was|were|will|must|should|would|could|can|may|shall|cannot"
MODALS = "will|must|should|would|could|can|may|shall|cannot"
SUBJECT = r"^((?:The|Our|This|These|Those|Its|Their|His|Her|Some|Many|All) (?:[A-Za-z'’-]+ ){1,4}?)"
OPENERS = frozenset(
    ["the", "a", "an", "our", "we", "they", "it", "this", "that", "these", "those", "no", "he", "she",
     "his", "her", "their", "its", "in", "on", "at", "for", "with", "all", "some", "many", "when", "if",
     "while", "although", "as", "there", "states", "such", "any", "every", "each", "both", "by", "to",
     "from"]
)  # fmt: skip
"""First words that are in lower case where a phrase stands before them."""

SET_PHRASES = frozenset(
    ["account", "bear", "book", "bring", "draw", "give", "have", "hold", "keep", "make", "place", "put",
     "render", "set", "take", "trial", "watch"]
)  # fmt: skip
"""Infinitives that mean nothing without what follows, and nouns after `to`."""

SPEAKERS = (
    "Committee|Council|Rapporteur|Government|delegation|State|Court|Assembly|Minister|Office|Union|"
    "Commission|Commissioner|Expert|party|report|resolution|[Hh]e|[Ss]he|[Ii]t|who|which"
)
"""Words after which a form that may be a noun or a verb is a verb."""

NO_VERBS = frozenset(
    ["has", "is", "was", "does", "did", "had", "were", "should", "could", "would", "might", "whose"]
)  # fmt: skip


@cache
def _verb(word: str, tag: str, *, perhaps_noun: bool = False) -> str:
    """The lemma of a word that is a verb in this form (as the Penn Treebank has it), and no noun."""
    other = {"NOUN": perhaps_noun, "ADJ": tag == "VB" or perhaps_noun, "ADV": False}
    if word in NO_VERBS or any(
        not fine and getAllLemmas(word, upos=kind) for kind, fine in other.items()
    ):
        return ""
    for lemma in getAllLemmas(word, upos="VERB").get("VERB", ()):
        if word in getInflection(lemma, tag, inflect_oov=False):
            return str(lemma)
    return ""


@cache
def _inflected(lemma: str, tag: str) -> str:
    return str(next(iter(getInflection(lemma, tag)), lemma))


def _where(pattern: str, replace: Callable[[re.Match[str]], str | None]) -> Change:
    """A change of the first match for which `replace` has something else."""
    expression = re.compile(pattern)

    def change(text: str) -> str:
        for match in expression.finditer(text):
            if (new := replace(match)) is not None:
                return text[: match.start()] + new + text[match.end() :]
        return text

    return change


def _each(pattern: str, new: str) -> Change:
    expression = re.compile(pattern)
    return lambda text: expression.sub(new, text)


def _middle(pattern: str, new: str) -> Change:
    """A change of the match in the middle."""
    expression = re.compile(pattern)

    def change(text: str) -> str:
        matches = list(expression.finditer(text))
        if not matches:
            return text
        match = matches[len(matches) // 2]
        return text[: match.start()] + match.expand(new) + text[match.end() :]

    return change


def _finite(made: Callable[[str], str]) -> Change:
    """The first verb in the third person of the present, made another form by its lemma."""

    def replace(match: re.Match[str]) -> str | None:
        lemma = _verb(match[2], "VBZ", perhaps_noun=bool(re.fullmatch(SPEAKERS, match[1])))
        return f"{match[1]} {made(lemma)}" if lemma else None

    return _where(r"\b([A-Za-z]+) ([a-z]{4,}s)(?= [a-z])", replace)


def _tense(auxiliary: str, tag: str) -> Change:
    return _finite(lambda lemma: f"{auxiliary} {_inflected(lemma, tag)}".strip())


def _past(auxiliary: str) -> Change:
    """The first past tense after a subject's pronoun or noun, with an auxiliary."""

    def replace(match: re.Match[str]) -> str | None:
        lemma = _verb(match[3], "VBD", perhaps_noun=True)
        if not lemma:
            return None
        plural = match[2].lower() in ("we", "they", "i")
        verb = auxiliary.replace("has", "have") if plural else auxiliary
        return f"{match[1]}{match[2]} {verb} {_inflected(lemma, 'VBN')}"

    return _where(rf"\b((?:[A-Za-z]+ )?)(We|we|They|they|I|{SPEAKERS}) ([a-z]+)(?= [a-z])", replace)


def _agreeing(modal: str, one: str, many: str) -> Change:
    """Another verb for a modal one, in the number of the word before it."""

    def replace(match: re.Match[str]) -> str:
        plural = match[1].lower() in ("we", "they", "i") or match[1].endswith("s")
        return f"{match[1]} {many if plural else one} "

    return _where(rf"\b([A-Za-z]+) {modal} (?!not\b)(?=[a-z])", replace)


def _adverb(adverb: str) -> Change:
    """An adverb before the first finite verb that has no auxiliary."""
    third = _finite(lambda lemma: f"{adverb} {_inflected(lemma, 'VBZ')}")

    def change(text: str) -> str:
        made = third(text)
        return made if made != text else _plain_verb(text, adverb)

    return change


def _plain_verb(text: str, adverb: str) -> str:
    def replace(match: re.Match[str]) -> str | None:
        verb = any(_verb(match[2], tag, perhaps_noun=True) for tag in ("VBP", "VBD"))
        return f"{match[1]}{adverb} {match[2]}" if verb else None

    return _where(
        r"((?:^|[,;] )(?:We|we|They|they|I|He|She|he|she) )([a-z]{4,})(?= [a-z])", replace
    )(text)


def _after_auxiliary(adverb: str) -> Change:
    return _where(
        rf"(?<=[a-zA-Z] )({AUXILIARIES}) (?!not\b|no\b|never\b|also\b|now\b)(?=[a-z]+ )",
        lambda match: f"{match[1]} {adverb} ",
    )


def _infinitive(new: str) -> Change:
    """A verb after `to` before its object; `new` has its lemma as `{0}` and its form in -ing as `{1}`."""

    def replace(match: re.Match[str]) -> str | None:
        lemma = "" if match[1] in SET_PHRASES else _verb(match[1], "VB", perhaps_noun=True)
        return new.format(lemma, _inflected(lemma, "VBG")) if lemma else None

    return _where(
        r"(?<=\bto )([a-z]{3,})(?= (?:the|all|its|their|these|those|any|a|an)\b)", replace
    )


def _in_front(phrase: str) -> Change:
    def change(text: str) -> str:
        first, space, rest = text.partition(" ")
        if not first.istitle() or first.lower() not in OPENERS:
            return text
        return f"{phrase}{first.lower()}{space}{rest}"

    return change


def _after_subject(phrase: str) -> Change:
    return _where(
        rf"{SUBJECT}(?=(?:{AUXILIARIES}) )", lambda match: f"{match[1].rstrip()}{phrase} "
    )


def _plural(match: re.Match[str]) -> str | None:
    noun = match[2]
    if getAllLemmas(noun, upos="NOUN").get("NOUN") != (noun,) or getAllLemmas(noun, upos="ADJ"):
        return None
    return f"{match[1]}{_inflected(noun, 'NNS')}"


def _passive(text: str) -> str:
    """`X must do Y.` as `Y must be done by X.`"""
    match = re.fullmatch(
        rf"((?:The|Our|This|States|Governments|Authorities|[A-Z][a-z]+)(?: [A-Za-z]+){{0,3}}) ({MODALS}) "
        r"([a-z]+) ((?:the|all|these|those|every|any|no|an?|such|more) [a-z -]{4,80})\.",
        text,
    )
    if match is None or not (lemma := _verb(match[3], "VB", perhaps_noun=True)):
        return text
    subject = (
        match[1]
        if match[1].split()[0].lower() not in OPENERS
        else match[1][0].lower() + match[1][1:]
    )
    return f"{match[4][0].upper()}{match[4][1:]} {match[2]} be {_inflected(lemma, 'VBN')} by {subject}."


NAMES: Mapping[str, str] = {
    "OHCHR": "Office of the High Commissioner",
    "HRC": "Human Rights Council",
    "UPR": "Universal Periodic Review",
    "ICC": "International Criminal Court",
    "ICCPR": "International Covenant on Civil and Political Rights",
    "ICESCR": "International Covenant on Economic, Social and Cultural Rights",
    "CAT": "Convention against Torture",
    "OPCAT": "Optional Protocol to the Convention against Torture",
    "CRC": "Convention on the Rights of the Child",
    "CRPD": "Convention on the Rights of Persons with Disabilities",
    "UDHR": "Universal Declaration of Human Rights",
    "ILO": "International Labour Organization",
    "ICRC": "International Committee of the Red Cross",
    "EU": "European Union",
    "AU": "African Union",
    "OSCE": "Organization for Security and Co-operation in Europe",
    "NGOs": "non-governmental organizations",
    "NGO": "non-governmental organization",
    "NHRI": "national human rights institution",
    "NHRIs": "national human rights institutions",
    "HRW": "Human Rights Watch",
    "ECtHR": "European Court of Human Rights",
}  # fmt: skip
"""Names of bodies and texts, short and long."""

_BARE = frozenset(["NGOs", "NGO", "NHRI", "NHRIs", "HRW"])
_NO_ARTICLE = _BARE | {"UPR", "ICC", "EU", "AU", "HRC", "ILO", "ICRC"}


def long_names(text: str) -> str:
    """Short names written out, with an article where they have none."""
    for short, name in NAMES.items():
        if short in _BARE:
            text = re.sub(rf"\b{short}\b(?!-)", name, text)
        else:
            text = re.sub(
                rf"(?<![Tt]he )(?<!-)\b{short}\b(?!-)(?= [a-z]|[,.;])", f"the {name}", text
            )
            text = re.sub(rf"(?<=[Tt]he ){short}\b(?!-)", name, text)
    return text[:1].upper() + text[1:]


def short_names(text: str) -> str:
    """Long names made short."""
    for short, name in sorted(NAMES.items(), key=lambda row: -len(row[1])):
        tail = "(?: for Human Rights)?" if short == "OHCHR" else ""
        article = (
            ""
            if short in _BARE or short in ("UPR", "ICC", "EU", "AU", "HRC", "ILO", "ICRC")
            else "(?:[Tt]he )?"
        )
        text = re.sub(rf"{article}\b{name}{tail}\b", short, text)
    return text


NUMBERS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve",
)  # fmt: skip


def digits(text: str) -> str:
    """Number words from two to twelve as digits."""
    for number, word in enumerate(NUMBERS[1:], start=2):
        text = re.sub(rf"\b{word}\b", str(number), text)
    return text


NUMBER = re.compile(
    r"(?<=[a-z] )(?<!article )(?<!articles )(?<!paragraph )(?<!resolution )(?<!and )"
    r"\b([2-9]|1[0-2])(?= [a-z]+s\b)"
)


def number_words(text: str) -> str:
    """Digits from 2 to 12 as words, but after an article's name and the like."""
    return NUMBER.sub(lambda match: NUMBERS[int(match[1]) - 1], text)


HYPHENS = (
    "capacity building", "fact finding", "civil society", "treaty body", "on site", "follow up",
    "law enforcement", "human rights", "rule of law", "legal aid", "special procedures", "peer review",
)  # fmt: skip


def hyphens(text: str) -> str:
    """Set phrases of two words with a hyphen before a noun."""
    for phrase in HYPHENS:
        text = re.sub(rf"\b{phrase}(?= [a-z])", phrase.replace(" ", "-"), text)
    return text


def _state(match: re.Match[str]) -> str:
    return ("The" if match[0] == "States" and not match.start() else "the") + " State"


def _governments(match: re.Match[str]) -> str:
    return f"{match[1][:-1]}ies" if match[1].endswith("y") else f"{match[1]}s"


def _said_on_monday(match: re.Match[str]) -> str | None:
    finite = _verb(match[1], "VBD") or _verb(match[1], "VBZ")
    return f"{match[1]} on Monday that" if finite else None


BEFORE_WHICH = (
    "in", "of", "to", "by", "on", "for", "with", "at", "from", "under", "during", "through", "into",
)  # fmt: skip
NOT_AFTER = "".join(f"(?<!{word} )" for word in BEFORE_WHICH)
DETERMINED = r"\b(the|its|their|our|his|her|this|that|these|those|such|all|any|no) (?=[a-z]{4,})"
NOUN_AFTER = r"\b(a|an) (?=[a-z]{3,})"
OBSERVING = (
    r"(?<!independent )(?<!international )\b(monitoring|monitors|investigations?|inquir(?:y|ies))\b"
)
TALK_AND_HELP = (
    r"\b(the|their|its|our|for|with) (?=(?:cooperation|dialogue|accountability|consultations?|support|"
    r"assistance|discussions?|implementation|compliance|justice|reparations?)\b)"
)
HELPED = (
    "ensure|prevent|protect|promote|investigate|stop|end|address|establish|improve|build|discuss"
)
ONE = r"\b((?:[a-z]+ )?)an? ([a-z]{4,})(?= (?:of|on|to|in|for|by|with|from|against|into)\b|[,.])"
OFFICES = "State|Government|Committee|Council|Rapporteur|delegation|country|mission"

GRAMMAR: Mapping[str, Change] = {
    "urges → urged": _tense("", "VBD"),
    "urges → has urged": _tense("has", "VBN"),
    "urges → will urge": _tense("will", "VB"),
    "urges → is urging": _tense("is", "VBG"),
    "urged → has urged": _past("has"),
    "urged → had urged": _past("had"),
    "will → is going to": _agreeing("will", "is going to", "are going to"),
    "must → has to": _agreeing("must", "has to", "have to"),
    "must → needs to": _agreeing("must", "needs to", "need to"),
    "should → ought to": _each(r"(?<=[a-z] )should (?!not\b)(?=[a-z])", "ought to "),
    "to do → to continue to do": _infinitive("continue to {0}"),
    "to do → in order to do": _where(
        rf"(?<=[a-z]) to (?=(?:{HELPED}) )(?<!able to )", lambda _: " in order to "
    ),
    "a report → reports": _where(ONE, _plural),
    "the Government → the Governments": _where(
        "\\b([Tt]he (?:Government|State|Committee|delegation|authority|mission|rapporteur))"
        f"(?= (?:{MODALS}) )",
        _governments,
    ),
    "States → the State": _where(
        r"\b[Ss]tates(?= (?:must|should|will|may|can|shall|to)\b)", _state
    ),
    "active → passive": _passive,
    **{
        f"an adverb before the verb: {adverb}": _adverb(adverb)
        for adverb in ("strongly", "once again", "also", "further", "repeatedly", "therefore")
    },
    **{
        f"an adverb after the auxiliary: {adverb}": _after_auxiliary(adverb)
        for adverb in ("strongly", "once again", "also", "now", "repeatedly")
    },
    "an adverb after the auxiliary: , however,": _where(
        rf"(?<=[a-z] )({AUXILIARIES}) (?!not\b)(?=[a-z]+ )", lambda match: f"{match[1]}, however, "
    ),
    **{
        f"an adverb after to: {adverb}": _infinitive(f"{adverb} {{0}}")
        for adverb in ("fully", "better", "also", "finally and fully")
    },
    **{
        f"after the subject: {phrase.strip()}": _after_subject(phrase)
        for phrase in (
            ", a member of the Council,",
            " (the second)",
            ", together with others,",
            ", as is known,",
            " in Geneva",
            " and others",
        )
    },
    **{
        f"in front: {phrase.strip()}": _in_front(phrase)
        for phrase in (
            "On Monday, ",
            "In Geneva, ",
            "At the same time, ",
            "However, ",
            "In this regard, ",
        )
    },
    "within: said on Monday that": _where(r"\b([a-z]+) that\b", _said_on_monday),
    "at the end: in Geneva": _where(r"(?<=[a-z])(?=\.$)", lambda _: " in Geneva"),
    "at the end: , he said": _where(r"(?<=[a-z])(?=\.$)", lambda _: ", he said"),
    "an adjective before a noun: important": _middle(DETERMINED, r"\1 important "),
    "an adjective after a: new": _middle(NOUN_AFTER, "a new "),
    "adjectives before a noun: independent international": _middle(
        OBSERVING, r"independent international \1"
    ),
    "adjectives before a noun: broad and sustained": _middle(
        TALK_AND_HELP, r"\1 broad and sustained "
    ),
    "and: monitor and promote": _infinitive("{0} and promote"),
    "and: promote and monitor": _infinitive("promote and {0}"),
    "and: the people and N": _middle(r"\b(the|its|their|our) (?=[a-z]{4,}s\b)", r"\1 people and "),
    "and → as well as": _middle(r"(?<=[a-z]) and (?=[a-z]+)", " as well as "),
    "we have → we've": _each(r"\b([Ww]e|[Tt]hey|I) have (?=[a-z])", r"\1've "),
    "it is → it's": _each(r"\b([Ii]t|[Tt]hat|[Tt]here|[Hh]e|[Ss]he) is (?=[a-z])", r"\1's "),
    "we will → we'll": _each(r"\b([Ww]e|[Tt]hey|I|[Ii]t|[Hh]e|[Ss]he) will (?=[a-z])", r"\1'll "),
    "no → not any": _each(rf"\b({AUXILIARIES}) no (?=[a-z])", r"\1 not any "),
    "which → that": _each(rf"(?<=[a-z]) {NOT_AFTER}which (?=[a-z])", " that "),
    "that → which": _where(rf"(?<=[a-z]{{2}}s) that (?=(?:{AUXILIARIES}) )", lambda _: " which "),
    "those who → those that": _each(r"\b([Tt]hose|[a-z]+s) who\b", r"\1 that"),
    "the → this": _middle(r"\bthe (?=[a-z]{4,}[^s\W] )", "this "),
    "the → its": _middle(r"\bthe (?=[a-z]{4,} )", "its "),
    "the → such": _middle(r"\bthe (?=[a-z]{4,}s )", "such "),
    "its → their": _each(r"\bits\b", "their"),
    "their → its": _each(r"\btheir\b", "its"),
    "their → the": _each(r"\btheir\b", "the"),
    "a → the": _middle(NOUN_AFTER, "the "),
    "a → one": _middle(NOUN_AFTER, "one "),
    "a → any": _middle(NOUN_AFTER, "any "),
    "of the State → the State's": _where(
        rf"\bthe ([a-z]+) of the ({OFFICES})\b(?= [a-z]|[.,])",
        lambda match: f"the {match[2]}'s {match[1]}",
    ),
    "the State's → of the State": _where(
        rf"\b([Tt]he) ({OFFICES})['’]s ([a-z]+)(?= [a-z]+|[.,])",
        lambda match: f"{match[1]} {match[3]} of the {match[2]}",
    ),
    "UN → United Nations": _each(r"(?<!-)\bUN\b(?!-)", "United Nations"),
    "United Nations → UN": _each(r"\bUnited Nations\b", "UN"),
    "short names → long": long_names,
    "long names → short": short_names,
    "words → digits": digits,
    "digits → words": number_words,
    "hyphens → spaces": _each(r"(?<=[a-z]{3})-(?=[a-z]{3})", " "),
    "spaces → hyphens in set phrases": hyphens,
    "calls on → calls upon": _each(r"\b([Cc]all(?:s|ed|ing)?) on\b", r"\1 upon"),
    "calls upon → calls on": _each(r"\b([Cc]all(?:s|ed|ing)?) upon\b", r"\1 on"),
}
"""What is done to a sentence, by name; it is not affected where it comes out as it was."""
