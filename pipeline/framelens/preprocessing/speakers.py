"""Who takes the floor, by the ways in which records of meetings say it, and which States they name."""

from __future__ import annotations

import re

STATES = """
Afghanistan; Albania; Algeria; Andorra; Angola; Antigua and Barbuda; Argentina; Armenia; Australia;
Austria; Azerbaijan; Bahamas; Bahrain; Bangladesh; Barbados; Belarus; Belgium; Belize; Benin; Bhutan;
Bolivia; Bolivia (Plurinational State of); Plurinational State of Bolivia; Bosnia and Herzegovina;
Botswana; Brazil; Brunei; Brunei Darussalam; Bulgaria; Burkina Faso; Burma; Burundi; Cabo Verde;
Cape Verde; Cambodia; Cameroon; Canada; Central African Republic; Chad; Chile; China; Colombia;
Comoros; Congo; Republic of the Congo; Cook Islands; Costa Rica; Côte d'Ivoire; Croatia; Cuba; Cyprus;
Czechia; Czech Republic; Democratic People's Republic of Korea; Democratic Republic of the Congo;
Denmark; Djibouti; Dominica; Dominican Republic; Ecuador; Egypt; El Salvador; Equatorial Guinea;
Eritrea; Estonia; Eswatini; Swaziland; Ethiopia; European Union; Fiji; Finland; France; Gabon; Gambia;
Gambia (Republic of The); Georgia; Germany; Ghana; Greece; Grenada; Guatemala; Guinea; Guinea-Bissau;
Guyana; Haiti; Holy See; Honduras; Hungary; Iceland; India; Indonesia; Iran;
Iran (Islamic Republic of); Islamic Republic of Iran; Iraq; Ireland; Israel; Italy; Jamaica; Japan;
Jordan; Kazakhstan; Kenya; Kiribati; Kuwait; Kyrgyzstan; Lao People's Democratic Republic; Laos;
Latvia; Lebanon; Lesotho; Liberia; Libya; Libyan Arab Jamahiriya; Liechtenstein; Lithuania;
Luxembourg; Madagascar; Malawi; Malaysia; Maldives; Mali; Malta; Marshall Islands; Mauritania;
Mauritius; Mexico; Micronesia; Micronesia (Federated States of); Federated States of Micronesia;
Monaco; Mongolia; Montenegro; Morocco; Mozambique; Myanmar; Namibia; Nauru; Nepal; Netherlands;
Netherlands (Kingdom of the); Kingdom of the Netherlands; New Zealand; Nicaragua; Niger; Nigeria; Niue;
North Macedonia; Norway; Oman; Pakistan; Palau; Palestine; State of Palestine; Panama;
Papua New Guinea; Paraguay; Peru; Philippines; Poland; Portugal; Qatar; Republic of Korea;
Republic of Moldova; Moldova; Romania; Russia; Russian Federation; Rwanda; Saint Kitts and Nevis;
Saint Lucia; Saint Vincent and the Grenadines; Samoa; San Marino; Sao Tome and Principe;
São Tomé and Príncipe; Saudi Arabia; Senegal; Serbia; Seychelles; Sierra Leone; Singapore; Slovakia;
Slovenia; Solomon Islands; Somalia; South Africa; South Korea; North Korea; South Sudan; Spain;
Sri Lanka; Sudan; Suriname; Sweden; Switzerland; Syria; Syrian Arab Republic; Tajikistan; Tanzania;
Thailand; the former Yugoslav Republic of Macedonia; Timor-Leste; Togo; Tonga; Trinidad and Tobago;
Tunisia; Turkey; Türkiye; Turkmenistan; Tuvalu; Uganda; Ukraine; United Arab Emirates; United Kingdom;
United Kingdom of Great Britain and Northern Ireland; United Republic of Tanzania; United States;
United States of America; Uruguay; Uzbekistan; Vanuatu; Venezuela;
Venezuela (Bolivarian Republic of); Bolivarian Republic of Venezuela; Viet Nam; Vietnam; Yemen;
Zambia; Zimbabwe
"""
"""Members and observers in their long and short forms, and names that they had."""


def _pattern(name: str) -> str:
    return re.escape(name).replace("'", "['’]").replace(r"\ ", r"\s")


_known = sorted((" ".join(name.split()) for name in STATES.split(";")), key=len, reverse=True)
STATE = rf"(?:[Tt]he\s)?(?:{'|'.join(map(_pattern, _known))})(?![\w-])"
"""A State's name as a regular expression, the longer forms first."""

_LISTED = re.compile(
    rf"{STATE}(?:(?:\s?[;,/]\s?(?:and\s)?|\sand\s){STATE})*(?:\s?[;,]?\son\sbehalf\sof\s.+)?"
)
_LAST_BRACKETS = re.compile(r"\(((?:[^()]|\([^()]{1,60}\)){3,400})\)[\s.;:,*]*\d{0,3}$")


def recommending(sentence: str) -> str | None:
    """The State or States in the brackets at a sentence's end: `Ratify the Covenant (Latvia);`."""
    if ")" not in sentence[-8:]:
        return None
    # From the last "(" that may open such brackets on, so that no text takes long.
    found = _LAST_BRACKETS.search(sentence, max(0, len(sentence) - 450))
    inner = " ".join(found[1].split()) if found else ""
    return inner if inner and _LISTED.fullmatch(inner) else None


_NO_NAME = (
    r"(?!(?:Assembly|Council|Committee|Commission|Conference|Secretariat|Department|Ministry|Office|"
    r"Debate|Comments?|Recommendations?|Court|Programme|Reports?|Agenda|Items?|Provisions|Principles|"
    r"Observations|Remarks|Overview|Context|Information|Introduction|Distr)\b)"
)
"""What after a title such as `General` or `Justice` makes it a body or a heading, and no person."""
_TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Baroness|Baron|Prince|Princess|Sheikh|"
    r"Sheikha|King|Queen|Archbishop|Monsignor|Msgr|Cardinal|Father|Rev|Ambassador|Judge|Justice|"
    r"General|President|Prime\sMinister|H\.E)\.?"
)
_NAME = (
    rf"(?:\s{_NO_NAME}(?:[A-ZÀ-Þ][^\s:(),;.]{{0,30}}\.?|[dv][aeiou]n?s?|de[nrl]|la|los?|al|el|bin|ibn|ould|y|e))"
    r"{1,7}"
)
_ASIDE = r"(?:spoke|speaking|interpret|continued|translated|English|on\sbehalf|by\s)"
_PLACE = rf"(?:\s\((?!{_ASIDE})[^():]{{2,90}}\))"
_ASIDES = (
    rf"(?:\s\({_ASIDE}[^()]{{0,120}}\)|,?\s(?:speaking\s)?on\sbehalf\sof\s[^:.]{{2,120}})"
    r"{0,3}"
)
_OFFICE = (
    r"The\s(?:(?:Acting|Temporary|Deputy|Assistant|Under|Vice|Co)[\s-]){0,2}"
    r"(?:President|Chair(?:man|woman|person)?|Secretary-General|High\sCommissioner|Moderator|Secretary|"
    r"Rapporteur|Special\sRapporteur|Facilitator|Presiding\sOfficer|Director(?:-General)?|"
    r"[Rr]epresentative|[Oo]bserver|[Dd]elegat(?:e|ion))(?:-Rapporteur)?"
)
_OF = r"(?:\s(?:of|for|on)\s[^:().]{2,90})?"
_SAID = (
    r"(?:(?:also|further|then|however|again|strongly|warmly|while)\s)?"
    r"(?:acknowledged|added|affirmed|agreed|announced|answered|appealed|applauded|appreciated|asked|"
    r"called|clarified|commended|concluded|condemned|congratulated|declared|deplored|drew|emphasi[sz]ed|"
    r"encouraged|en?quired|explained|expressed|hailed|highlighted|hoped|indicated|inquired|"
    r"introduced|invited|joined|lauded|made|noted|observed|offered|paid|pointed|praised|proposed|raised|"
    r"reaffirmed|recalled|recogni[sz]ed|recommended|referred|regretted|reiterated|remained|"
    r"remarked|replied|reported|requested|responded|said|saw|shared|stated|stressed|submitted|suggested|supported|"
    r"thanked|took|underlined|underscored|urged|voiced|was\s(?:concerned|encouraged|pleased|"
    r"alarmed|worried|of\sthe\sview)|welcomed|wished|wondered)\b"
)

SPOKEN = re.compile(
    rf"(?:\d{{1,3}}\.\s)?({_TITLE}{_NAME}{_PLACE}?|{_OFFICE}{_OF}{_PLACE}?){_ASIDES}:\s"
)
"""`Ms. Dlamini (Eswatini) (spoke in French): …`, `The President: …`, as in verbatim records."""
_ASSOCIATION = r"(?:[A-Z]{2,10}\d{0,2}(?:-[A-Z]{2,8})?|[A-Z][A-Za-z]*[A-Z]\w*)"
"""An organization by its initials, as in summaries of what was submitted: `HRW`, `JS4`."""
_ABOUT = rf"(?:,\s[^:.]{{2,150}},|{_ASIDES})"
REPORTED = re.compile(
    rf"\d{{1,3}}\.\s(?:({_TITLE}{_NAME}{_PLACE}|{_OFFICE}{_OF}{_PLACE}?|{_ASSOCIATION})"
    rf"|(?:The\s)?({STATE})){_ABOUT}\s{_SAID}"
)
"""`12. Ms. Dlamini (Eswatini) said that …`, `26. Togo commended …`, as in numbered paragraphs of
summary records and of reports on reviews."""
CHAIRLESS = re.compile(
    r"(?:\d{1,3}\.\s)?(?:At\sits\s[\w-]+\smeeting\b|(?:The|During\sthe|In\sthe\scourse\sof\sthe)\s"
    r"(?:Working\sGroup|Committee|Council|Commission|Assembly|Conference|Meeting|interactive\sdialogue|"
    r"recommendations?|review|present\sreport|discussion)\b)"
)
"""How a record speaks in its own voice in a numbered paragraph."""
ADDRESSED = re.compile(
    r"(?:Mr|Ms|Mrs|Madam)\.?\s(?:President|Chair\w*|Speaker|Secretary-General|Moderator)\b(?!\s\()"
)
"""Whom a speaker speaks to."""


def turn(sentence: str, *, numbered: bool = False) -> str | None:
    """Who takes the floor with a sentence, as printed, without remarks on language and the like.

    Only a sentence that opens a `numbered` paragraph may do so in reported speech.
    """
    found = SPOKEN.match(sentence) or (REPORTED.match(sentence) if numbered else None)
    if found is None:
        return None
    name = " ".join((found[1] or found[2]).split())
    if ADDRESSED.match(name):
        return None
    return name if found[1] else name.removeprefix("The ").removeprefix("the ")
