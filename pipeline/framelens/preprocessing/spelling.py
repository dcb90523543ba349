"""British and American spelling as one: each word in the form that rules and terms know it by.

The form is the American one, but for `dialogue` and its like. It is only for comparing words: what
a rule names and what a text holds go through it alike.
"""

from __future__ import annotations

import re
from functools import lru_cache

from framelens.preprocessing.normalise import ONE_FOR_ONE

_OUR = (
    "arbour|ardour|armour|behaviour|candour|clamour|colour|demeanour|endeavour|favour|fervour|"
    "flavour|glamour|harbour|honour|humour|labour|misdemeanour|neighbour|odour|parlour|rancour|"
    "rigour|rumour|saviour|savour|splendour|tumour|valour|vapour|vigour"
)
_DOUBLED = (
    "cancel|channel|counsel|dial|dishevel|equal|fuel|grovel|jewel|label|level|libel|marshal|"
    "marvel|model|panel|pedal|pencil|quarrel|signal|snorkel|total|travel|tunnel|unravel"
)
_KEEP_ISE = re.compile(
    r"(?:adv|advert|appra|ar|ax|br|bru|chast|circumc|comprom|compr|conc|cru|dem|desp|dev|disgu|"
    r"enfranch|enterpr|exc|exerc|exp|expert|franch|gu|impr|improv|inc|l|likew|merchand|mort|no|otherw|"
    r"parad|po|pra|pract|prec|prem|prom|ra|rev|r|surm|superv|surpr|telev|treat|turqu|v|w)"
    r"is(?:e[ds]?|er[s]?|ing|ement|es)$"
)
_ISE = re.compile(r"([a-z]{3,})is(e|es|ed|er|ers|ing|ation|ations|ational|able)$")
_YSE = re.compile(r"(anal|paral|catal|dial)ys(e|es|ed|er|ers|ing)$")

_DOUBLE_L = {
    "fulfil": "fulfill", "fulfils": "fulfills", "fulfilment": "fulfillment", "enrol": "enroll",
    "enrols": "enrolls", "enrolment": "enrollment", "enrolments": "enrollments",
    "instalment": "installment", "instalments": "installments", "skilful": "skillful",
    "skilfully": "skillfully", "wilful": "willful", "wilfully": "willfully", "distil": "distill",
    "instil": "instill", "instils": "instills",
}  # fmt: skip

_RULES = [
    (re.compile(rf"^((?:un|dis|mis|re)?)({_OUR})(?=s?$|ed$|ing$|s?hood|ly$|al|able|ite|er|ful|ist)"),
     lambda match: match[1] + match[2][:-3] + "or"),
    (re.compile(rf"^((?:un|re|dis|mis)?(?:{_DOUBLED}))l(?=ed$|ing$|ings$|ers?$|ors?$)"),
     lambda match: match[1]),
    (re.compile(r"^programmes?$"), lambda match: match[0].replace("programme", "program")),
    (re.compile(r"^((?:mis|pre|self|fore)?judg|acknowledg|abridg|lodg)ement(s?)$"),
     lambda match: f"{match[1]}ment{match[2]}"),
    (re.compile(r"^(cent|theat|met|kilomet|centimet|lit|fib|spect|calib|scept|sab|manoeuv)re(s?|d)$"),
     lambda match: f"{match[1]}er{'ed' if match[2] == 'd' else match[2]}"),
    (re.compile(r"^(dialog|catalog|analog|monolog|prolog|epilog)(s?)$"),
     lambda match: f"{match[1]}ue{match[2]}"),
    (re.compile(r"^(defen|offen|preten|licen)ce(s?|d|less)$"),
     lambda match: f"{match[1]}se{match[2]}"),
    (re.compile(r"^practis(e|es|ed|ing)$"), lambda match: f"practic{match[1]}"),
    (re.compile(r"^(ful|enrol|instal|distil|instil|skil|wil)(fil)?(s|ment|ments|ful|fully)?$"),
     lambda match: _DOUBLE_L.get(match[0], match[0])),
    (re.compile(r"^enquir(y|ies|e|es|ed|ing|er|ers)$"), lambda match: f"inquir{match[1]}"),
    (re.compile(r"^(.*)(paed|anaem|haem|gynaec|orthopaed|foet|oedem|manoeuv)(.+)$"),
     lambda match: match[1] + match[2].replace("ae", "e").replace("oe", "e") + match[3]),
]  # fmt: skip
_WORDS = {
    "ageing": "aging", "grey": "gray", "sceptic": "skeptic", "sceptics": "skeptics",
    "sceptical": "skeptical", "scepticism": "skepticism", "cheque": "check", "tyre": "tire",
    "whilst": "while", "amongst": "among", "learnt": "learned", "spelt": "spelled",
    "storey": "story", "plough": "plow", "mould": "mold", "aluminium": "aluminum",
    "draught": "draft", "gaol": "jail", "gaoled": "jailed", "kerb": "curb", "pyjamas": "pajamas",
    "onsite": "on-site", "offsite": "off-site", "factfinding": "fact-finding",
    "benefitted": "benefited", "benefitting": "benefiting", "focussed": "focused",
    "focussing": "focusing", "worshipped": "worshiped", "kidnapped": "kidnaped",
    "cosy": "cozy", "artefact": "artifact", "artefacts": "artifacts", "towards": "toward",
}  # fmt: skip


def known_form(lower: str) -> str:
    """The form in which rules and terms know a word in lower case: one spelling, straight quotes."""
    return spelling(lower) if lower.isascii() else lower.translate(ONE_FOR_ONE)


@lru_cache(maxsize=100_000)
def spelling(lower: str) -> str:
    """The one form of a word in lower case."""
    if not lower.isalpha() or not lower.isascii():
        return lower
    if (word := _WORDS.get(lower)) is not None:
        return word
    if _ISE.match(lower) and not _KEEP_ISE.match(lower):
        return _ISE.sub(r"\1iz\2", lower)
    if _YSE.match(lower):
        return _YSE.sub(r"\1yz\2", lower)
    for pattern, changed in _RULES:
        if pattern.match(lower):
            return pattern.sub(changed, lower, count=1)
    return lower
