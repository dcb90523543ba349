"""Regular expressions of how turns of speakers begin in records and transcripts.

`FORMS` are the ways in which a turn begins; `un_documents.turn` tries them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, NamedTuple

STATES_FILE = Path(__file__).with_name("states.txt")
"""Members and observers in their long and short forms, and names that they had, between semicolons."""


def _state() -> str:
    names = (" ".join(name.split()) for name in STATES_FILE.read_text(encoding="utf-8").split(";"))
    known = map(re.escape, sorted(names, key=len, reverse=True))
    either = "|".join(known).replace("'", "['’]").replace(r"\ ", r"\s")
    return rf"(?:[Tt]he\s)?(?:{either})(?![\w-])"


STATE = _state()
"""A State's name as a regular expression, the longer forms first."""

_NO_NAME = (
    r"(?!(?:Assembly|Council|Committee|Commission|Conference|Secretariat|Department|Ministry|Office|"
    r"Debate|Comments?|Recommendations?|Court|Programme|Reports?|Agenda|Items?|Provisions|Principles|"
    r"Observations|Remarks|Overview|Context|Information|Introduction|Distr)\b)"
)
"""What after a title such as `General` or `Justice` makes it a body or a heading, and no person."""
_TITLE = (
    r"(?:Mr|MR|Mrs|MRS|Ms|MS|Mx|Dr|DR|Prof|Professor|Sir|(?:(?:Some|SOME|Several|An|Rt)\s)?H[Oo][Nn]|Sheikha?|Baroness|Archbishop|Monsignor|Msgr|Rev|"
    r"Ambassador|H\.E)\.?"
)
_NOUN = (
    r"(?:Miss|Dame|Lord|Lady|Baron|Prince|Princess|King|Queen|Cardinal|Father|Judge|Justice|General|"
    r"President|(?:Prime\s|Foreign\s)?Minister|Senator|Secretary|Congress(?:wo)?man|Governor|Chancellor)"
)
"""A title that is a word like others, too: `King Coal`, `Justice Delayed`."""
_ANY_TITLE = rf"(?:{_TITLE}|{_NOUN})"
_NAME = (
    rf"(?:\s{_NO_NAME}(?:[A-ZÀ-Þ][^\s:(),;.]{{0,30}}\.?|[dv][aeiou]n?s?|de[nrl]|la|los?|al|el|bin|ibn|ould|y|e))"
    r"{1,7}"
)
_ASIDE = r"(?:spoke|speaking|interpret|continued|translated|English|on\sbehalf|by\s)"
_PLACE = rf"(?:(?:\s\((?!{_ASIDE})[^():]{{2,90}}\)){{1,2}})"
_ASIDES = (
    rf"(?:\s\({_ASIDE}[^()]{{0,120}}\)|,?\s(?:speaking\s)?on\sbehalf\sof\s[^:.]{{2,120}})"
    r"{0,3}"
)
_RANK = r"[Tt]he\s(?:(?:Acting|Temporary|Deputy|Assistant|Under|Vice|Co)[\s-]){0,2}"
_OF_MEETINGS = (
    r"(?:T(?:he|HE)\s(?:(?:ACTING|TEMPORARY|DEPUTY|VICE)[\s-])?(?:PRESIDENT|CHAIR(?:MAN|WOMAN|PERSON)?|"
    r"SECRETARY-GENERAL|HIGH\sCOMMISSIONER|RAPPORTEUR|MODERATOR)|"
    rf"{_RANK}(?:President|Chair(?:man|woman|person)?|Secretary-General|High\sCommissioner|Moderator|"
    r"Rapporteur|Special\sRapporteur|Facilitator|Presiding\sOfficer)(?:-Rapporteur)?)"
)
_OF_ANY = (
    rf"{_RANK}(?:Secretary|Director(?:-General)?|(?:Prime\s)?Minister|Attorney[\s-]General|"
    r"Permanent\sRepresentative|Ambassador|[Hh]ead\sof\s(?:the\s)?[Dd]elegation|[Rr]epresentative|"
    r"[Oo]bserver|[Dd]elegat(?:e|ion))"
)
_OFFICE = rf"(?:{_OF_MEETINGS}|{_OF_ANY})"
_ADVERB = r"(?:(?:also|further|then|however|again|while|today|next|[a-z]{3,}ly)\s){0,2}"
TELLING = (
    r"(?:added|announced|answered|asked|asserted|commended|complained|congratulated|cautioned|en?quired|explained|"
    r"emphasi[sz]ed|expressed|inquired|insisted|noted|objected|observed|pointed\sout|praised|proposed|recalled|"
    r"recommended|regretted|reiterated|remarked|replied|requested|responded|said|stated|stressed|suggested|"
    r"thanked|underlined|underscored|urged|voiced|warned|welcomed|wished\sto|wondered)"
)
"""Verbs whose subject is a speaker."""
_SAYING = (
    r"(?:accepted|acclaimed|acknowledged|advised|affirmed|agreed|aligned|apologi[sz]ed|appealed|applauded|"
    r"appreciated|argued|assured|associated|believed|called|celebrated|cited|claimed|clarified|commented|"
    r"concluded|condemned|confirmed|considered|contended|critici[sz]ed|declared|delivered|denied|deplored|"
    r"described|disagreed|disassociated|dissociated|drew|echoed|encouraged|endorsed|extended|felt|found|gave|"
    r"greeted|hailed|highlighted|hoped|indicated|introduced|invited|joined|lauded|looked\sforward|made|"
    r"maintained|mentioned|moved|offered|opposed|outlined|paid|pledged|presented|queried|questioned|raised|"
    r"reaffirmed|recogni[sz]ed|referred|rejected|remained|reported|saluted|saw|shared|sought|spoke|"
    r"submitted|supported|sympathi[sz]ed|took\s(?:note|the\sfloor|the\sview|issue|up|part)|valued|"
    r"was\s(?:concerned|encouraged|pleased|alarmed|grateful|gratified|worried|of\sthe\sview)|wanted|wished|withdrew)"
)
_SAID = rf"{_ADVERB}(?:{TELLING}|{_SAYING})\b"
_AUXILIARY = "is|are|was|were|has|have|had|will|would|can|could|may|might|must|should"
_VERB = rf"(?:{TELLING}|{_SAYING}|{_AUXILIARY})\b"
_WORDS = rf"(?:\s(?!{_VERB})[^\s:()]{{1,40}}(?<!\.)){{1,14}}?"
_OF = rf"(?:\s(?:of|for|on){_WORDS})?"
"""`of Norway`, up to the verb: a speaker holds none."""
_ASSOCIATION = r"(?:[A-Z]{2,10}\d{0,2}(?:-[A-Z]{2,8})?|[A-Z][A-Za-z]*[A-Z]\w*)"
"""An organization by its initials, as in summaries of what was submitted: `HRW`, `JS4`."""
_ORGANIZATION = (
    rf"(?!(?:{_ANY_TITLE}|Several|Many|Some|All|The|An?|Others?|Most|Both|One|Two|Three|No|Each|Various|"
    r"Numerous|Certain|His|Her|Their|Its|Our|My|This|That|These|Those|Members?|Participating|Draft|"
    r"On|In|At|As|If|When)\b)"
    r"[A-Z][\w’'&-]+(?:\s(?:(?:of|for|the|and|on|in|to|&)\s){0,3}[A-Z][\w’'&-]*){1,7}(?:\s\([A-Z][^():]{1,20}\))?"
)
"""`Frog Rights Watch (FRW)`: words in capitals without an article."""
_ABOUT = rf"(?:,\s(?:[^:.]|(?<=\bM[rs])\.|(?<=\bMrs)\.|(?<=\bDr)\.){{2,150}},|{_ASIDES})"
_POST = (
    r"(?:Minister|Commissioner|President|Chair\w*|Secretary|Director\w*|Rapporteur|Ambassador|Representative|"
    r"Expert|Head|Member|Coordinator|Spokes\w+|Officer|Judge|Prosecutor|Adviser|Advisor|Envoy|Delegate|Observer)"
)
_HELD = rf",\s(?=[^:]{{0,120}}\b{_POST}\b)(?![^:]*\b(?:who|said|says|told|asked|wrote)\b)[^:;!?]{{2,150}}"
"""`, High Commissioner for Human Rights`, after a name."""
_PERSON = r"[A-ZÀ-Þ][\w’'-]+(?:\s(?:[A-ZÀ-Þ][\w’'.-]*|de|da|do|van|von|bin|al|el)){1,4}"
_SPEECH = r"(?=[\"“‘'(\[]?[A-ZÀ-Þ])"
"""After the colon; small letters go on with a sentence, figures are those of a list."""
_IN_REPLY = r"(?:[A-Z][^:.;]{1,150}?,\s)??"
"""`Referring to torture,`: what may stand before whoever speaks."""
_MINE = r"[\"“‘'(\[]?(?:I|We|My|Our|Your|Let|Thank|Yes|No|Mr|Ms|Mrs|Madam|Ladies|Good)\b(?!:)"
"""Beginnings of speech that hardly follow a colon in titles of books and films."""
SPOKEN = (
    rf"(?:\d{{1,3}}\.\s)?({_TITLE}{_NAME}{_PLACE}?|{_OF_MEETINGS}{_OF}{_PLACE}?|{_NOUN}{_NAME}{_PLACE}"
    rf"|{_OF_ANY}(?:\s(?:of|for|on){_WORDS}{_PLACE}?|{_PLACE})"
    rf"|(?:{_NOUN}{_NAME}|{_OF_ANY})(?={_ASIDES}:\s{_MINE})){_ASIDES}:\s{_SPEECH}"
)
"""`Ms. Dlamini (Eswatini) (spoke in French): …`, `The President: …`, as in verbatim records."""
DOUBTFUL = rf"((?:{_NOUN}{_NAME}|{_OF_ANY})){_ASIDES}:\s{_SPEECH}"
"""`King Coal: The …`, `The Director: A …`: a name, or a title with what it is about."""
SPOKEN_BY = rf"({_ANY_TITLE}{_NAME}{_PLACE}?){_HELD}{_ASIDES}:\s{_SPEECH}"
"""`Ms. Dlamini, Minister for Ponds: …`."""
IN_TRANSCRIPT = (
    r"((?:(?:ACTING|ASSISTANT|ASSOCIATE|DEPUTY|FOREIGN|PRIME|UNDER|VICE)[\s-]){0,2}(?:AMBASSADOR|CHAIR\w*|"
    r"CHANCELLOR|COLONEL|COMMISSIONER|CONGRESS(?:WO)?MAN|DIRECTOR|GENERAL|GOVERNOR|JUDGE|JUSTICE|MAYOR|"
    r"MINISTER|PREMIER|PRESIDENT|PROFESSOR|REPRESENTATIVE|SECRETARY(?:-GENERAL)?|SENATOR|SPEAKER)"
    r"(?:\s(?:[A-ZÀ-Þ]\.|[A-ZÀ-Þ][A-ZÀ-Þ’'-]+)){1,4}"
    r"|(?:The\s)?(?:Q(?:uestion|UESTION)?|M(?:oderator|ODERATOR)|I(?:nterviewer|NTERVIEWER)|R(?:eporter|EPORTER)|"
    r"O(?:perator|PERATOR)|H(?:ost|OST)|P(?:articipant|ARTICIPANT)|ANSWER|SPEAKER|STAFF)"
    rf")(?:\s\([^()]{{2,60}}\))?{_ASIDES}:\s{_SPEECH}"
)
"""`SENATOR RUBIO: …`, `Q: …`, `Moderator: …`, as in transcripts of briefings, hearings and debates."""
_CHAIR = r"(?:The\s)?C(?:hair(?:man|woman|person)?|HAIR(?:MAN|WOMAN|PERSON)?)"
IN_COMMITTEE = (
    rf"Q\d{{1,4}}\.?\s+({_CHAIR}|{_ANY_TITLE}{_NAME}{_PLACE}?|{_PERSON}{_PLACE}?):\s{_SPEECH}"
)
"""`Q12 Ana Frog: …`, as in committees that number questions."""
IN_CHAIR = rf"({_CHAIR}):\s{_SPEECH}"
"""`Chair: …`, which may head a list of members."""
ASKED = r"(Q)[^\S\n]{2,}[\"“‘]?(?=[A-ZÀ-Þ])"
"""`Q    Jen, …`"""
ANSWERED = rf"(A(?:nswer)?(?=:)|Q(?=\s)):?\s{_SPEECH}"
"""`A: …`, or `Q Jen, …` with its spaces lost: what may be a list's letter or part of a name."""
SPOKEN_FOR = rf"({_PERSON}{_PLACE}):\s{_SPEECH}"
"""`Ana Frog (Pond) (Lab): …`, as in parliaments."""
_IN_PARLIAMENT = (
    r",\s(?:on\sbehalf\sof\sthe\s[^.]{2,60}\sGroup|rapporteur|(?:[\w/-]+\s){0,6}of\sthe\sC(?:ommission|ouncil)"
    r"(?:/[\w\s/-]{2,120})?)(?=\.)"
)
IN_PLENARY = (
    rf"({_PERSON}\s\([^()]{{1,40}}\)|{_PERSON}(?={_IN_PARLIAMENT})){_ASIDES}"
    rf"(?:{_IN_PARLIAMENT}|,\sin\swriting)?\.(?:\s[–—]|$)"
)
"""`Ana Frog (POND). – …` and `Ana Frog, on behalf of the Pond Group. – …`, as in the European Parliament."""
PRESIDING = r"(President)\.(?:\s[–—]|$)"
"""`President. – …`, likewise."""
IN_HEARING = (
    rf"((?:{_TITLE}|Miss|Senator|Chair(?:man|woman)?|Secretary)"
    r"(?:\s(?:(?:Ma?c|[DL][ae]|O[’'])?[A-ZÀ-Þ][’'-]?[A-ZÀ-Þ][A-ZÀ-Þ’'-]*|[A-Z]\.)){1,4}(?:\sof\s[A-Z]\w+(?:\s[A-Z]\w+)?)?"
    r"|The\s(?:CHAIR(?:MAN|WOMAN|PERSON)?|PRESIDENT|SPEAKER|CLERK|PRESIDING\sOFFICER|[A-Z]+\sPRESIDENT))"
    r"\.(?:\s[A-Z“\"]|$)"
)
"""`Mr. POND of Ohio. Thank you.`, as in hearings and debates of the Congress of the United States."""
SPOKEN_BY_UNTITLED = rf"({_PERSON}){_HELD}{_ASIDES}:\s{_SPEECH}"
REPORTED = rf"{_IN_REPLY}({_ANY_TITLE}{_NAME}{_PLACE}|{_OFFICE}{_OF}{_PLACE}?){_ABOUT}\s{_SAID}"
"""`Ms. Dlamini (Eswatini) said that …`, as in numbered paragraphs of summary records;"""
REPORTED_OF_STATES = (
    rf"{_IN_REPLY}({_ASSOCIATION}|{_ORGANIZATION}|{STATE}(?:(?:,?\sand|,)\s{STATE}){{0,8}}){_ABOUT}"
    rf"\s{_SAID}"
)
"""`Togo commended …`, as in those of reports on reviews."""
CALLED = (
    rf"(?=[A-Z])((?i:(?:(?:the\s)?(?:delegation|representative|observer)\s(?:of|for)\s)?{STATE})){_ASIDES}:\s"
    rf"{_SPEECH}"
)
"""`Peru: …`, as in summaries of debates; figures that follow are those of a list."""
FLOOR = 400
"""Characters of a sentence in which the signs of a turn must be."""
OTHER = re.compile(
    r"(?=[A-ZÀ-Þ]{2,}[:\s]|[^\s:]+\s[^:])[A-ZÀ-Þ][\w’'.-]*"
    r"(?:\s(?:of|for|the|and|on|in|to|de|du|la|\(?[A-ZÀ-Þ][\w’'.-]*\)?)){0,9}:\s" + _SPEECH
)
"""`Amnesty International: We …`, `MODERATOR: Thank …`: somebody else takes the floor, whoever it is."""
ALONE = rf"(?:{_TITLE}{_NAME}|{_OF_MEETINGS}){_PLACE}?:?"
"""`MR. POND` on a line of its own, above what he says."""
TIMED = re.compile(
    r"(?:\A\d{1,2}|\s?[\[(]\d{1,3})(?::\d\d){1,2}(?:[.,]\d{1,3})?(?:[\])]\s?|\s+)(?=\S)"
)
"""`[00:12:31] `, before a speaker's name or behind it."""
CHAIRLESS = re.compile(
    r"(?:\d{1,3}\.\s?)?(?:At\sits\s[\w-]+\smeeting\b|(?:The|During\sthe|In\sthe\scourse\sof\sthe)\s"
    r"(?:Working\sGroup|Committee|Council|Commission|Assembly|Conference|Meeting|interactive\sdialogue|"
    r"recommendations?|review|present\sreport|discussion)\b)"
)
"""Beginnings of numbered paragraphs in a record's own voice."""
_OTHERS = (
    r"(?!(?:[Hh]e|[Ss]he|[Ii]t|[Tt]hey|[Ww]e|I|[Yy]ou|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ur|[Mm]y|[Yy]our|[Tt]h[ie]s|"
    r"[Tt]hese|[Tt]h[ao]se|[Tt]hat|[Tt]here|[Ww]ho|[Ww]hat|[Ii]f)\b)"
)
_TELLER = (
    rf"{_OTHERS}[^\s:,.]+(?:\s(?!(?:{_AUXILIARY}|he|she|it|they|we|I|who|which|that|when)\b)"
    r"(?:\([^()]{1,90}\)|[^\s:,()]+)){0,12}?"
)
TELLS = (
    rf"(?:\d{{1,3}}\.\s?)?{_IN_REPLY}{_TELLER}{_ABOUT}\s{_ADVERB}{TELLING}\b"
    r"(?!\s(?:by|in|at|during|under|above|to\sthe\s(?:Committee|Council|State|delegation))\b)"
)
"""`The union welcomed …`: somebody is told of who says something, be it known who that is or not."""
_DONE = (
    r"(?:was|were)\s(?:(?:then|thus|therefore|accordingly|also|not|so|[a-z]+ly)\s)?"
    r"(?:adopted|agreed|approved|decided|deferred|elected|rejected|retained|withdrawn)\b"
)
_BODY = (
    r"The\s(?:[A-Z]\w+\s){0,3}(?:Assembly|Board|Commission|Committee|Conference|Council|Meeting|Plenary|"
    r"Working\sGroup)\s(?:\([^()]{1,60}\)\s)?"
)
PROCEEDS = (
    rf"(?:\d{{1,3}}\.\s)?(?:It\s{_DONE}|A\s(?:[\w-]+\s){{0,3}}vote\swas\b|"
    rf"(?:[A-Z]\w*\s){{0,2}}(?:[a-z-]+\s){{0,2}}(?:[Dd]raft|[Aa]mendments?|[Aa]genda|[Mm]otion)\b.{{0,200}}\s{_DONE}|"
    rf"{_BODY}(?:then|next|thereupon|thereafter)\s)"
)
"""Proceedings of a meeting: `It was so decided.`, `The draft resolution was adopted.`"""
TOLD = (
    rf"(?:\d{{1,3}}\.\s)?(?:At\sthe\s(?:request|invitation|suggestion)\b|Also\s[a-z]+ing\b|"
    rf"(?:[A-Z][a-z]*\s)?[Ss]tatements?\s(?:[a-z-]+\s){{0,5}}w(?:as|ere)\s(?:\w+\s)?made\b|"
    rf"(?:The\s)?(?:[Rr]esolutions?|[Dd]ecisions?|[Pp]roposals?|[Rr]eport|[Pp]rogramme\sof\swork)\b.{{0,200}}\s{_DONE}|"
    rf"{_BODY}(?:also\s|today\s)?"
    r"(?:adopted|agreed|approved|concluded|decided|deferred|elected|heard|postponed|rejected|resumed|took|"
    r"turned)\b)"
)
"""Proceedings in words that speeches may have, too, but reported speech hardly has."""
_CAPITALS = r"(?:\s(?:[A-ZÀ-Þ][’'-]?[A-ZÀ-Þ][A-ZÀ-Þ’'-]*|[A-Z]\.|de|da|do|van|von|bin|al|el)){1,5}"
UNNUMBERED = (
    rf"({_ANY_TITLE}(?:{_NAME}\s\((?!{_ASIDE})[A-ZÀ-Þ][^():\d]{{2,90}}\)|{_CAPITALS}{_PLACE}?)"
    rf"|[A-ZÀ-Þ][A-ZÀ-Þ’'-]+{_CAPITALS}(?:{_PLACE}|(?=,[^:.]{{0,150}}\b{_POST}\b))"
    rf"|The\s(?:PRESIDENT|CHAIR(?:MAN|WOMAN|PERSON)?)){_ABOUT}\s{_SAID}"
)
"""`Ms. LOPEZ (Peru) said that …`, as in summary records without numbers: with a country in brackets,
or the name in capitals, as no news story has it; `ANA LOPEZ, Minister for Ponds, said that …`."""
DELEGATES = (
    r"(The\s(?:delegat(?:ion|e)|representative|observer)s?\s(?:of|for)\s(?:[Tt]he\s)?[A-ZÀ-Þ][\w’'-]*"
    r"(?:,?\s(?:\(?[A-ZÀ-Þ][\w’')-]*|of|the|and|for|on|in|to)){0,12}?)"
    rf"{_ABOUT}\s{_SAID}"
)
"""`The representative of Peru, speaking on behalf of the Ponds, said that …`."""
NAMED = rf"({_ANY_TITLE}{_NAME}){_ABOUT}\s{_SAID}"
"""`Mr. Li asked …`, as experts are told of in numbered paragraphs of summary records."""
ADDRESSED = re.compile(
    r"(?:Mr|Ms|Mrs|Madam)\.?\s(?:Vice-)?(?:President|Chair\w*|Speaker|Secretary-General|Moderator|Minister|"
    r"Ambassador|(?:High\s)?Commissioner)\b(?!\s\()"
)
"""Persons that speakers address."""


class Form(NamedTuple):
    """A way in which turns begin.

    The first group of `pattern` is the speaker; every match has the `hint` in its first `FLOOR`
    characters. `where` it counts is "anywhere"; "opening" a paragraph, or a line of a record; after the
    number of a "numbered" paragraph; or there, but only "in a record". A turn that `reports` is reported
    speech. For other fields see `un_documents.Turn`.
    """

    pattern: str
    where: Literal["anywhere", "opening", "numbered", "in a record"]
    hint: str = " "
    lasts: bool = True
    alone: bool = False
    by_country: bool = False
    doubtful: bool = False
    reports: bool = False


FORMS = (
    Form(SPOKEN, "anywhere", ":"),
    Form(SPOKEN_BY, "anywhere", ":"),
    Form(SPOKEN_BY_UNTITLED, "anywhere", ":", alone=True),
    Form(DOUBTFUL, "anywhere", ":", doubtful=True),
    Form(REPORTED, "numbered", reports=True),
    Form(REPORTED_OF_STATES, "numbered", lasts=False, reports=True),
    Form(UNNUMBERED, "numbered", reports=True),
    Form(NAMED, "in a record", reports=True),
    Form(UNNUMBERED, "opening", alone=True, reports=True),
    Form(DELEGATES, "opening", "The ", alone=True, reports=True),
    Form(CALLED, "opening", ":", alone=True, by_country=True),
    Form(IN_TRANSCRIPT, "opening", ":"),
    Form(IN_COMMITTEE, "opening", "Q"),
    Form(IN_CHAIR, "opening", ":", doubtful=True),
    Form(SPOKEN_FOR, "opening", "):", alone=True),
    Form(IN_PLENARY, "opening", "."),
    Form(PRESIDING, "opening", "President.", doubtful=True),
    Form(IN_HEARING, "opening", "."),
    Form(ASKED, "opening", "Q"),
    Form(ANSWERED, "opening", doubtful=True),
)
"""The ways in which turns begin, in the order in which they are tried."""
NO_FORM = Form("", "anywhere")
