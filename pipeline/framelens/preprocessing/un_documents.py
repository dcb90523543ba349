"""Fields of documents of the United Nations and bodies like it.

`Place` reads sentences in order and gives the paragraph number, the part of a resolution and, in meeting
records, the speaker of each, by how sentences begin. `masthead` reads the symbol, session and date of the
document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from framelens.core.memory import compiled
from framelens.preprocessing import speakers
from framelens.preprocessing.printed_dates import DAY, OF_MONTH, iso_date

Fields = Mapping[str, str]

PREAMBULAR, OPERATIVE = "preambular", "operative"

DRAFT_NUMBER = re.compile(r"(PP|OP)\s?(\d{1,3}(?:\s?(?:bis|ter|quater))?)\b[.:)]?\s")
NUMBER = re.compile(
    r"(\d{1,3})(\s?(?:bis|ter|quater))?\.(?:\s+(?=[\"“‘'(\[*]{0,3}[A-Z])|(?=[A-Z][a-z]))"
)
"""`12. The`, and `12.The`, as in texts that have lost the gap."""
ITEM = re.compile(
    r"(?:\((?=[a-z]{1,5}\))|(?=(?:[a-z]|[ivx]{2,5})\)|[a-z]\.\s(?!\d|[a-z]\.)))([a-z]{1,5})(?:[).]\s|\)(?=[A-Z][a-z]))"
)
"""`(a) `, `(a)The`, `a) ` and `a. `, but neither `etc) ` nor `p. 12`."""
ROMAN = re.compile("[ivx]+")
POINT = re.compile(r"(\d{1,3})\.(\d{1,3})\.?\s+(?=[\"“‘'(\[*]{0,3}[A-Z])")
"""`186.1. Ratify …`, as recommendations are numbered in reports on reviews."""
HEADING = re.compile(r"(?:[IVX]{1,5}|[A-Z])\.\s+[A-Z][^.;:!?]{0,120}$")
GOES_ON = re.compile(r"[\W_]{0,3}[a-z]|[“\"‘«\[(–—-]")

BODY = re.compile(
    r"The (?:[A-Z][\w’'-]*)(?:\s(?:[A-Z][\w’'-]*|on|of|the|and|for|to|in)){0,12},(?!\S)"
)
"""`The Human Rights Council,` as resolutions begin."""
_LEADS = (
    r"(?:(?:also|further|again|fully|deeply|gravely|strongly|seriously|firmly|profoundly|once|more|"
    r"particularly|solemnly|equally|especially)\s)*"
)
OPENS_PREAMBULAR = (
    rf"(?i)\W*{_LEADS}(?:[a-z]+ing|alarmed|appalled|aware|cognizant|concerned|conscious|convinced|"
    r"determined|disturbed|encouraged|guided|inspired|mindful|persuaded|shocked|troubled)\b"
)
OPENS_OPERATIVE = (
    rf"(?i)\W*{_LEADS}(?:acknowledges|adopts|affirms|agrees|appeals|approves|asks|authori[sz]es|calls|"
    r"commends|condemns|confirms|considers|decides|declares|demands|deplores|directs|draws|"
    r"emphasi[sz]es|encourages|endorses|establishes|expresses|extends|invites|looks|notes|proclaims|"
    r"reaffirms|recogni[sz]es|recommends|regrets|reiterates|remains|reminds|renews|requests|resolves|"
    r"stresses|supports|takes|underlines|underscores|urges|welcomes)\b"
)
CLOSES = re.compile(
    r"(?:Annex|Appendix|Enclosure)\b|\d{1,4}(?:st|nd|rd|th)\s(?:plenary\s)?meeting\b|"
    r"\[?(?:Adopted|Resolution adopted)\b|In favour:|\d{1,3}/\d{1,4}\.?(?:\s[A-Z]|$)|"
    r"Agenda item \d|The meeting (?:rose|was (?:called|suspended|adjourned|resumed))\b|"
    r"\[Whereupon\b|"
    r"\(?The (?:meeting|(?:press )?briefing|hearing|press conference) (?:ended|(?:was )?(?:adjourned|"
    r"concluded))(?:\sat\s\d|\W*$)"
)


class Place:
    """The place of the sentence that was read last.

    `paragraph` is a number as printed, with the letter of an item (`12`, `3 (b)`, `186.1`,
    `OP4 bis`); `part` is `preambular` or `operative`; `speaker` is a name or office with the country
    in brackets, as printed (`Ms. Dlamini (Eswatini)`, `The President`), or the State or organization
    whose words a numbered paragraph reports (`Togo`, `JS4`); `recommended_by` is the State, or are
    the States, in the brackets at a recommendation's end. Sentences of other documents have no
    fields, save for what is numbered in them.
    """

    def __init__(self) -> None:
        self.numbers = _Numbers()
        self.part = _Part()
        self.speaker: str | None = None
        self.form = speakers.NO_FORM
        self.alone = False
        self.is_record = False
        self.doubted: set[str] = set()

    def move(
        self,
        sentence: str,
        *,
        opens: bool,
        prose: bool = True,
        begins: bool = False,
        names: bool = False,
    ) -> Fields:
        """Read the next sentence and return its fields; it `opens` a paragraph, `begins` a line, or neither.

        Only `prose`, or who speaks by its `names` alone, can begin a turn: a masthead or a table cannot.
        """
        if ":" in sentence:
            sentence = speakers.TIMED.sub("", sentence, count=1)
        if CLOSES.match(sentence):
            self.speaker = None
            self.part.close()
        numbered = self.numbers.read(sentence, opens=opens, prose=prose)
        # A number may also begin a turn if it continues no count, as where a part is left out.
        at_number = numbered or (opens and sentence[:1].isdigit() and bool(NUMBER.match(sentence)))
        begins = begins or opens
        may_end = self.speaker and (begins or (at_number and self.form.reports))
        if may_end and self._ends_turn(sentence, at_number, opens):
            self.speaker = None
        new = self._turn(sentence, numbered=at_number, opens=begins) if prose or names else None
        if new:
            self.speaker, self.form = new.speaker, new.form
            # One such turn may be in a news story; from the second on the document is a record, unless
            # it reports country by country.
            self.alone = new.form.alone and not self.is_record
            self.is_record = self.is_record or not new.form.by_country
            self.part.close()
        else:
            self.part.read(sentence, self.numbers.label if numbered else None, opens=opens)
        if self.part.name or self.part.waits:
            self.speaker = None
        fields = {
            "paragraph": self.numbers.paragraph,
            "part": self.part.name,
            "speaker": self.speaker if prose else None,
            "recommended_by": recommending(sentence),
        }
        return {name: value for name, value in fields.items() if value}

    def _turn(self, sentence: str, *, numbered: bool, opens: bool) -> Turn | None:
        """The turn that a sentence begins, if any; a doubtful one counts if its speaker was met before."""
        new = turn(sentence, numbered=numbered, opens=opens, in_record=self.is_record)
        if new is None or not new.form.doubtful or self.is_record:
            return new
        is_known = new.speaker in self.doubted
        self.doubted.add(new.speaker)
        return new if is_known else None

    def _ends_turn(self, sentence: str, numbered: bool, opens: bool) -> bool:
        """Whether a sentence at the beginning of a paragraph or line is the record's own, and ends a turn."""
        if compiled(speakers.PROCEEDS).match(sentence):
            return True
        if self.form.reports and (_reports(sentence) or compiled(speakers.TOLD).match(sentence)):
            return True
        if numbered:
            is_point = "." in (self.numbers.label or "")  # as in `186.1`
            return is_point or not self.form.lasts or bool(speakers.CHAIRLESS.match(sentence))
        if compiled(speakers.ALONE).fullmatch(sentence):
            return not speakers.ADDRESSED.match(sentence)
        return (self.alone and opens) or (
            HEADING.match(sentence) or speakers.OTHER.match(sentence)
        ) is not None


class _Numbers:
    """The number of the current paragraph."""

    def __init__(self) -> None:
        self.counts: list[int] = []
        self.jumped_to: int | None = None
        self.label: str | None = None
        self.items: list[str] = []

    @property
    def paragraph(self) -> str | None:
        """The paragraph's number with the letters of the item, such as `3 (b)`."""
        if self.label is None:
            return None
        return " ".join([self.label, "".join(f"({item})" for item in self.items)]).rstrip()

    def read(self, sentence: str, *, opens: bool, prose: bool) -> bool:
        """Read the next sentence; return whether it begins with a paragraph's number."""
        if match := DRAFT_NUMBER.match(sentence):
            self.label = f"{match[1]}{match[2]}"
        elif (match := NUMBER.match(sentence)) and self._follows(int(match[1]), opens, prose):
            self.label = match[1] + (f" {match[2].strip()}" if match[2] else "")
        elif (match := POINT.match(sentence)) and self._follows_point(int(match[1]), opens):
            self.label = f"{match[1]}.{match[2]}"
        elif self.label and (item := ITEM.match(sentence)):
            self._add_item(item[1])
            return False
        else:
            if HEADING.match(sentence) or (opens and not GOES_ON.match(sentence)):
                self.label = None
            return False
        self.items = []
        return True

    def _follows(self, number: int, opens: bool, prose: bool) -> bool:
        """Whether a number continues a count (the latest, or one that it interrupted) or begins one."""
        reach = 3 if opens else 1
        for depth in range(len(self.counts) - 1, -1, -1):
            if 0 <= number - self.counts[depth] <= reach:
                self.counts[depth:] = [number]
                return True
        # Where a part of a document is left out, the count jumps. After a jump up, the count before it
        # is kept, too: the number may be a page's. A jump down counts from the second such number on.
        jumps = prose and number > max(self.counts, default=0)
        goes_on = self.jumped_to is not None and 0 < number - self.jumped_to <= reach
        if number == 1 or (opens and (jumps or goes_on or not self.counts)):
            self.counts = [*self.counts[-3:], number]
            return True
        if opens:
            self.jumped_to = number
        return False

    def _follows_point(self, number: int, opens: bool) -> bool:
        """Whether a two-part number (`186.1`) belongs to a paragraph of that number."""
        if not opens:
            return bool(self.counts) and number == self.counts[-1]
        if number not in self.counts:
            self.counts = [*self.counts[-3:], number]
        return True

    def _add_item(self, item: str) -> None:
        """Add an item's letter: `(i)` follows `(h)`, or is the first item within an item."""
        follows_letter = self.items and ord(self.items[0][0]) + 1 == ord(item[0])
        inner = ROMAN.fullmatch(item) and self.items and not (len(item) == 1 and follows_letter)
        self.items = [self.items[0], item] if inner else [item]


class _Part:
    """The part of the current resolution."""

    def __init__(self) -> None:
        self.name: str | None = None
        self.waits = False

    def close(self) -> None:
        """End the resolution."""
        self.name, self.waits = None, False

    def read(self, sentence: str, label: str | None, *, opens: bool) -> None:
        """Read the next sentence, with the label of its paragraph if it begins with one."""
        if label and label[0] in "PO":
            self.name, self.waits = PREAMBULAR if label[0] == "P" else OPERATIVE, False
        elif body := BODY.match(sentence):
            self._enter(sentence[body.end() :].lstrip())
        elif self.waits or self.name or opens:
            self._read_paragraph(sentence, label, opens)
            self.waits = False

    def _enter(self, rest: str) -> None:
        if not rest:
            self.name, self.waits = None, True
        elif rest[0].isupper() and compiled(OPENS_PREAMBULAR).match(rest):
            self.name, self.waits = PREAMBULAR, False

    def _read_paragraph(self, sentence: str, label: str | None, opens: bool) -> None:
        text = NUMBER.sub("", sentence, count=1) if label else sentence
        within = self.waits or self.name is not None
        if not text[:1].isupper():
            return
        if within and (label == "1" or compiled(OPENS_OPERATIVE).match(text)):
            self.name = OPERATIVE
        elif (self.waits or sentence.endswith(",")) and compiled(OPENS_PREAMBULAR).match(text):
            self.name = PREAMBULAR
        elif opens and label is None and not sentence.endswith((",", ";", ":")):
            self.name = None


_BEFORE_OTHER_DATE = re.compile(r"(?:\bof\s+|\s?[–—]\s?)\Z")
"""Text before the date of a cited resolution, or before the last day of a session."""
LENGTH = 4_000
"""Most characters of a masthead."""

DISTRIBUTED = re.compile(
    r"\bDistr(?:\.|ibution)\s?:?\s?(?:General|Limited|Restricted|GENERAL|LIMITED|RESTRICTED)\b"
)
_RECORD = re.compile(
    r"\b(?:Official\sRecords(?!\sof)|Provisional|PROVISIONAL)\b|"
    r"\b\d{1,5}(?:st|nd|rd|th)\s(?:\(?resumed\)?\s)?(?:plenary\s)?meeting\b"
)
"""Signs of the masthead of a verbatim record, which has at least two."""
RECORD_LENGTH = 800
"""Most characters of such a masthead."""
_SYMBOL = re.compile(
    r"(?<![\w/])(?:A|S|E|T|ST|CCPR|CAT|CEDAW|CERD|CRC|CED|CRPD|CMW|HRI|TD|DP|UNEP|FCCC)"
    r"(?:/[A-Z0-9][\w.-]*(?:\([A-Z]+\))?){1,8}(?<![.-])"
)
_ALONE = re.compile(r"\*?[^\S\n]*(?:\n|$)")
_HELD_ON = r"(?m:^)Held\s(?:at|in|by)\s(?:[^\n]|\n(?=\S)){2,160}"
_ADOPTED_ON = r"(?m:^)[\w\s]{0,40}\b[Aa]dopted\sby\s(?:[^\n;:.]|\n(?=\S)){2,120}"
_TENS = "|".join(
    f"{stem}(?:y|ieth)"
    for stem in ("Twent", "Thirt", "Fort", "Fift", "Sixt", "Sevent", "Eight", "Ninet")
)
_ORDINAL = (
    rf"(?:(?:(?:One\s)?[Hh]undred\s(?:and\s)?)?(?:{_TENS}|First|Second|Third|Fourth|Fifth|Sixth|Seventh|"
    r"Eighth|Ninth|Tenth|Eleventh|Twelfth|(?:Thir|Four|Fif|Six|Seven|Eigh|Nine)teenth)"
    r"(?:-(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth))?|\d{1,3}(?:st|nd|rd|th))"
)
_SESSION = re.compile(
    rf"\b{_ORDINAL}\s(?:(?:regular|special|emergency\sspecial|resumed)\s)?session\b"
)


def masthead(text: str) -> dict[str, str]:
    """The `symbol`, `session` and `date` (as in 2019-01-18) in the masthead at the beginning of a text.

    A masthead has `Distr.: General` or the like, is that of a verbatim record, or is a symbol alone on the
    first line; else nothing is returned. The date of a record is that of the meeting.
    """
    head = text[:LENGTH]
    distributed = DISTRIBUTED.search(head) if "istr" in head else None
    # Most texts have no slash and no meeting, and are not searched further.
    symbol = _SYMBOL.search(head) if "/" in head else None
    if distributed is not None:
        begin, end = distributed.end(), distributed.end() + 200
    else:
        head = head[:RECORD_LENGTH]
        signs = list(_RECORD.finditer(head)) if "meeting" in head else []
        if len({sign[0][:1].isdigit() for sign in signs}) >= 2:
            begin, end = min(sign.end() for sign in signs), RECORD_LENGTH
        elif symbol and _ALONE.match(head, symbol.end()) and not head[: symbol.start()].strip():
            begin, end = 0, 0
        else:
            return {}
    session = _SESSION.search(head)
    held = compiled(_HELD_ON if distributed else f"{_HELD_ON}|{_ADOPTED_ON}").search(head)
    printed = (
        at
        for form in (DAY, OF_MONTH)
        for at in compiled(form).finditer(head, *(held.span() if held else (begin, end)))
        if not _BEFORE_OTHER_DATE.search(head, 0, at.start())
    )
    fields = {
        "symbol": symbol and symbol[0],
        "session": session and " ".join(session[0].split()),
        "date": next(filter(None, map(iso_date, printed)), None),
    }
    return {name: value for name, value in fields.items() if value}


_LISTED = (
    rf"{speakers.STATE}(?:(?:\s?[;,/]\s?(?:and\s)?|\sand\s){speakers.STATE})*"
    r"(?:\s?[;,]?\son\sbehalf\sof\s.+)?"
)
_BETWEEN = " \t\n;,.*"
_MIDDLE_BRACKETS = re.compile(r"\(((?:[^()]|\([^()]{1,60}\)){3,200}+)\)\s?/\s?(?=\S)")
_LAST_BRACKETS = re.compile(r"\(((?:[^()]|\([^()]{1,60}\)){3,400})\)[\s.;:,*]*\d{0,3}$")


def _states(listed: str) -> Iterator[str]:
    """The States of a list; `on behalf of …` stays with the last."""
    mark = re.search(r"\s?[;,]?\son\sbehalf\sof\s", listed)
    end = mark.start() if mark else len(listed)
    *before, last = (one[0] for one in compiled(speakers.STATE).finditer(listed, 0, end))
    yield from before
    yield last + listed[end:]


def recommending(sentence: str) -> str | None:
    """The State or States in brackets at a sentence's end: of `Ratify the Covenant (Latvia);` it is
    `Latvia`. Several are joined as `Latvia; Spain`."""
    if ")" not in sentence:
        return None
    # `Ratify the Covenant (Spain)/ Sign it (Fiji)`: one demand after the other.
    before = (" ".join(text[1].split()) for text in _MIDDLE_BRACKETS.finditer(sentence))
    joint = [
        state for text in before if compiled(_LISTED).fullmatch(text) for state in _states(text)
    ]
    named: list[str] = []
    while ")" in sentence[-8:]:
        # From the last "(" that may open such brackets on, so that no text takes long.
        last = _LAST_BRACKETS.search(sentence, max(0, len(sentence) - 450))
        inner = " ".join(last[1].split()) if last else ""
        if last is None or not inner or not compiled(_LISTED).fullmatch(inner):
            break
        named.insert(0, "; ".join(_states(inner)))
        sentence = sentence[: last.start()].rstrip(_BETWEEN)
    return "; ".join([*joint, *named] if named else []) or None


def _reports(sentence: str) -> bool:
    # Searching for such a verb first takes a quarter of the time of the whole expression.
    verb = compiled(rf"\s{speakers.TELLING}\b").search(sentence, 0, speakers.FLOOR)
    return verb is not None and compiled(speakers.TELLS).match(sentence) is not None


class Turn(NamedTuple):
    """The speaker of a turn, as printed, without remarks on language and the like, and the turn's form.

    Of the form: a turn that `lasts` (a person's) goes on through numbered paragraphs that name nobody;
    others (of States and organizations in reports on reviews) are one paragraph. A form that may be no
    turn if it is `alone` in its document makes one paragraph there, and so do all `by_country` (`Peru: …`)
    unless another turn shows that the document is a record. A `doubtful` turn counts in a record, or if
    the name stood before a colon already.
    """

    speaker: str
    form: speakers.Form


def turn(
    sentence: str, *, numbered: bool = False, opens: bool = False, in_record: bool = False
) -> Turn | None:
    """The turn that begins with a sentence, if any.

    Reported speech counts only in a sentence that opens a `numbered` paragraph, or one that `opens` a
    paragraph in the form of summary records. `in_record`, lines count like paragraphs, and in numbered
    paragraphs a name with its title is enough.
    """
    rest = NUMBER.sub("", sentence, count=1) if numbered else sentence
    head = sentence[: speakers.FLOOR]
    for form in _forms(numbered=numbered, opens=opens or in_record, in_record=in_record):
        if form.hint in head:
            match = compiled(form.pattern).match(sentence if form.where == "anywhere" else rest)
            if match is not None:
                name = " ".join(match[1].split())
                name = name[0].upper() + name[1:] if form.lasts else name.removeprefix("The ")
                return None if speakers.ADDRESSED.match(name) else Turn(name, form)
    return None


@cache
def _forms(*, numbered: bool, opens: bool, in_record: bool) -> Sequence[speakers.Form]:
    """The forms that a turn may have at such a place."""
    counts = {
        "anywhere": True,
        "opening": opens and not numbered,
        "numbered": numbered,
        "in a record": numbered and in_record,
    }
    return [form for form in speakers.FORMS if counts[form.where]]


def is_spoken(text: str) -> bool:
    """Whether a text begins with a speaker and a colon."""
    forms = _forms(numbered=False, opens=False, in_record=False) if ":" in text else ()
    return any(compiled(form.pattern).match(f"{text} ") for form in forms)
