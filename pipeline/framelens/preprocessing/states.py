"""Names of States, as records of the United Nations print them."""

from __future__ import annotations

import re

NAMES = """
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


_known = sorted((" ".join(name.split()) for name in NAMES.split(";")), key=len, reverse=True)
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
