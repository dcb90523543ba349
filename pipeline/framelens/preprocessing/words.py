"""Words that tell where a sentence, a line or a word ends: abbreviations of legal, diplomatic and news
prose (without their last full stop), words that open a sentence, words that end none, and words
that have a hyphen of their own."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEVER_LAST = _words("""
    Mr Mrs Ms Mx MR MRS MS DR Dr Prof Gen Col Lt Sgt Capt Cpl Maj Cmdr Adm Brig Gov Sen Rep
    Hon hon Rev Amb Pres Messrs Mme Mgr Msgr H.E vs v cf Cf e.g E.g i.e I.e viz approx Approx ca op Op
    Rt esp incl resp
""")
"""Abbreviations that something always follows."""

NUMBERED = _words("""
    Cir Art art Arts arts Para para Paras paras par pars subpara No no Nos nos Vol vol Vols vols p pp
    Sect sect Sec sec Secs secs Ch ch Chap chap Chaps chaps Fig fig Figs figs Ex ex n nn Pt pt
    Princ princ tab Tab Res Supp Sess Doc Add Corr Rev Rec Reg Dir Ser Ann ann App app cl tit
    Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun
""")
"""Abbreviations that a number follows; without one, some of them are words or end a sentence."""

SELDOM_LAST = _words("""
    St Jr Sr Inc Ltd Co Corp Bros Ph.D LL.M LL.B B.A M.A B.Sc M.Sc J.D al ibid Ibid cit id Id
    Res Doc Add Rev Corr Sess Supp Ser Sect Rec Reg Dir ed eds Ed Eds trans Trans Vol Art Arts
    Para Paras Chap Comm Cttee Dept dept Govt govt Univ Assn Ass'n Int'l Intl Nat'l Mt Ft Ave Blvd
    Fed Reg Stat Com Hum Rts Rev Intl Quart Ann Bull
    Off Rep Ct Eur Min Tel tel Ext ext est Est Sen Gov pp vol vols para paras
""")
"""Abbreviations that may end a sentence, which a typical opener after them tells."""

ABBREVIATIONS = NEVER_LAST | NUMBERED | SELDOM_LAST

OPENERS = _words("""
    The This That These Those There Their They Them It Its He His She Her We Our You Your My I
    In On At By For From To With Without Within Under Upon Over Of As An A And But Or Nor Yet So
    If When While Where Whether Although Though Because Since Until Unless Once After Before During
    Despite Following According Among Between Through Throughout Across Against However Moreover
    Furthermore Additionally Also Meanwhile Nevertheless Nonetheless Instead Indeed Thus Therefore
    Hence Then Today Now Here Finally Similarly Likewise Consequently Accordingly What Why How Who
    Which Some Many Most All Each Every Both Such Any Another Several Few No Not None Only Even
    Still Please See Given Having Being Last Earlier Later Recently
""")
"""Words that open a sentence far more often than they follow an abbreviation within one."""

CARRIES_ON = _words("""
    a an the of in on at by for from to with without within under upon over into onto and but or
    nor as than that which who whom whose if when while where whether although because since until
    its his her their our your my this these those is are was were be been being has have had will
    would shall should can could may might must not no any all each every both such between among
    against during through per via & mr. mrs. ms. dr.
""")
"""Words that no line ends with unless the next line carries it on."""

AFTER_CLOCK = _words("""
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday GMT UTC EST EDT CET CEST BST PST
    Eastern Central Pacific Greenwich
""")
"""What carries on after "at 9 p.m."."""


COMPOUND = re.compile(
    r"(?:medico|non|quasi|socio|self(?!-(?:ish|less))|ever(?!-y)|anti(?!-cip))-\w+|"
    r"\w{3,}ly-\w+(?:ed|ing|en|wn)|"
    r"\w+-(?:based|building|called|driven|finding|friendly|funded|led|maker|makers|making|"
    r"oriented|owned|related|sensitive|sponsored|win)|"
    r"\w+-(?:contributing|focused|free|gathering|laundering|level|minded|pointing|sharing|speaking)|"
    r"\w+-(?:specific|style|weapons?)|\w{3,}-(?:of|to)|awareness-raising|go-ahead|grass-roots|"
    r"(?:full|half|mid|part)-(?:day|term|time|way)|re-e\w{3,}|court-martial\w*|hands-on|know-how|same-sex|"
    r"(?:three|four|five|six|seven|eight|nine|ten)-(?:day|month|week|year)|"
    r"(?:long|medium|short)-(?:lasting|lived|range|standing|term|time)|"
    r"(?:deep|far|well)-(?:being|documented|established|founded|known|reaching|rooted)|"
    r"(?:high|low)-(?:income|level|profile|ranking|risk)|follow-ups?|ill-treat\w*|vice-\w{5,}|"
    r"cross-(?:border|cutting|regional|sectoral)|human-rights|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty-(?:one|two|three|four|five|six|seven|eight|nine|first|"
    r"second|third|fourth|fifth|sixth|seventh|eighth|ninth)|"
    r"(?:first|second|third|one|two)-(?:class|day|hand|party|sided|state|thirds|time|way|year)"
)
"""What usually has a hyphen, unless the document writes it otherwise."""


def keeps_hyphen(left: str, right: str) -> bool:
    """Whether a hyphen at a line's end, between two halves, belongs to the word."""
    if not left or not right or right[0].isupper():
        return True
    return COMPOUND.fullmatch(f"{left.lower()}-{right.lower()}") is not None
