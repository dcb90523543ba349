from __future__ import annotations

from pathlib import Path

import pytest
from framelens.core.errors import FramelensError
from framelens.core.files import CHECKOUT
from framelens.rules.lint import Finding, lint
from framelens.rules.rule_files import read_rules
from spacy.language import Language

from tests.conftest import SCHEME, TALK

EXAMPLES = 'matches = ["One.", "Two."]\nskips = ["Three.", "Four."]\n'


def made(*rules: str, frame: str = "look", head: str = "") -> str:
    """A rule file of some rules; each has what is given and, if not given, a note and examples."""
    tables = []
    for number, rule in enumerate(rules):
        body = rule if "id =" in rule else f'id = "{frame}.made-{number}"\n{rule}'
        body += "" if "note =" in rule else '\nnote = "Made."'
        body += "" if "matches =" in rule else f"\n{EXAMPLES}"
        tables.append(f"[[rule]]\n{body}\n")
    return f'frame = "{frame}"\n{head}\n' + "".join(tables)


BASE = {
    "scheme": SCHEME,
    "look": made('id = "look.base"\nphrases = ["zebra crossing"]'),
    "talk": TALK,
}


def found(folder: Path, nlp: Language, **files: str) -> list[Finding]:
    """What lint says of good rules of which some files are replaced, and others added."""
    for name, text in {**BASE, **files}.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return list(lint(folder, nlp.tokenizer))


def test_good_rules_have_no_findings(tmp_path: Path, small_folder: Path, nlp: Language) -> None:
    assert found(tmp_path, nlp) == []
    assert lint(small_folder, nlp.tokenizer) == ()


def test_the_shipped_rules_have_no_errors(nlp: Language) -> None:
    rows = lint(CHECKOUT / "rules", nlp.tokenizer)
    assert [str(row) for row in rows if row.severity == "error"] == []


WORD = '{LOWER = "camp"}'


@pytest.mark.parametrize(
    ("tokens", "severity", "check", "message"),
    [
        # What spaCy passes over in silence, so that the pattern matches more than it says.
        (
            '{LOWERR = "a"}',
            "error",
            "token",
            "pattern 1, token 1: unknown token attribute 'LOWERR'",
        ),
        ('{POS = "VERB"}', "error", "token", "unknown token attribute 'POS'"),
        ('{LOWER = {REGEX = "a"}}', "error", "token", "expected a word, IN or NOT_IN"),
        ('{LOWER = "a", OP = "%"}', "error", "token", "unknown OP '%'"),
        ("{LOWER = 3}", "error", "token", "expected a word"),
        ('{IS_TITLE = "yes"}', "error", "token", "expected true or false"),
        ('{LENGTH = {">=" = 3}}', "error", "token", "expected a whole number"),
        ('{LOWER = "a", LEMMA = "be"}', "error", "token", "LOWER is given twice"),
        ('{LOWER = "a", lower = "b"}', "error", "token", "LOWER is given twice"),
        ('{LOWER = "@nowhere"}', "error", "token", "unknown list '@nowhere'"),
        ('{LOWER = "a", OP = "?"}', "error", "pattern", "could match nothing"),
        # What no token is.
        (f'{{LOWER = "{"a" * 101}"}}', "error", "never", "is longer than any word"),
        ('{LOWER = "Camp"}', "error", "never", "'Camp' has capital letters, which LOWER never has"),
        ('{LEMMA = "Visit"}', "error", "never", "has capital letters"),
        ("{LOWER = {IN = []}}", "error", "never", "LOWER asks for a word IN an empty list"),
        ('{LOWER = {IN = ["a"], NOT_IN = ["a", "b"]}}', "error", "never", "rules out by NOT_IN"),
        ('{LOWER = "camp", IS_DIGIT = true}', "error", "never", "by LOWER passes its IS_DIGIT"),
        ('{LOWER = "12", IS_ALPHA = true}', "error", "never", "passes its IS_ALPHA"),
        ('{LOWER = "camp", LENGTH = 5}', "error", "never", "passes its LENGTH"),
        ('{LOWER = "camp", ORTH = "Prison"}', "error", "never", "by ORTH passes its LOWER"),
        ('{LOWER = "12", IS_TITLE = true}', "error", "never", "passes its IS_TITLE"),
        ("{IS_DIGIT = true, IS_ALPHA = true}", "error", "never", "no token is both IS_ALPHA and"),
        ("{IS_LOWER = true, IS_UPPER = true}", "error", "never", "no token is both IS_LOWER and"),
        ("{IS_ALPHA = true, LENGTH = 0}", "error", "never", "every token has a character"),
        ('{SHAPE = "xxxxx"}', "error", "never", "no token has the SHAPE 'xxxxx'"),
        ('{SHAPE = "word"}', "error", "never", "no token has the SHAPE"),
        ('{OP = "!"}', "error", "never", "a token that is none"),
        ('{LOWER = "human rights"}', "error", "never", "'human rights' is 2 tokens"),
        (
            '{LOWER = "sea-side"}',
            "error",
            "never",
            "is 3 tokens: 'sea' '-' 'side'; write a token for",
        ),
        ('{ORTH = "camp\'s"}', "error", "never", "is 2 tokens"),
        ('{ORTH = "dr."}', "error", "never", "is 2 tokens"),
        ('{LOWER = "new york"}', "error", "never", "is 2 tokens"),
        ('{LOWER = ""}', "error", "never", "is no word"),
        # What the tokenizer would leave, but no text is read so.
        ('{LOWER = "human-rights"}', "error", "never", "is 2 tokens: 'human' 'rights'; write a"),
        ('{LOWER = "don\'t"}', "error", "never", "is 2 tokens: 'do' 'not'; write a token for each"),
        ('{NORM = "don’t"}', "error", "never", "is 2 tokens: 'do' 'not'"),
        ('{LOWER = "co\\u00adoperate"}', "error", "never", "is read as 'cooperate'; write that"),
        ('{TEXT = "*must*"}', "error", "never", "is read as 'must'; write that"),
        (
            '{ORTH = "find"}, {LOWER = "ﬁnd"}',
            "error",
            "never",
            "token 2: the pattern never matches",
        ),
        ('{ORTH = "camp12"}', "error", "never", "is read as 'camp'; write that"),
        ('{LOWER = {IN = ["a", "u\u00adn"]}}', "warning", "never", "is read as 'un'; write that"),
        ('{LOWER = " "}', "error", "never", "nothing is left of ' ' where a text is read"),
        ("{IS_SPACE = true}", "error", "never", "IS_SPACE asks for white space, which no token is"),
        # Pieces of what is read in another form.
        (
            '{LOWER = {IN = ["ca", "do"]}}, {LOWER = "n\'t"}',
            "warning",
            "never",
            "pattern 1, tokens 1 to 2 find nothing in \"can't\", which is read as 'can' 'not'; write",
        ),
        (
            f'{WORD}, {{LOWER = "human"}}, {{ORTH = "-"}}, {{LEMMA = "right"}}',
            "warning",
            "never",
            "pattern 1, tokens 2 to 4 find nothing in 'human-rights', which is read as 'human' 'rights'",
        ),
        (
            '{TEXT = "Wo"}, {TEXT = "n’t"}',
            "warning",
            "never",
            "\"Won't\", which is read as 'Will' 'not'",
        ),
        (
            '{LOWER = "co"}, {LOWER = {IN = ["‑", "–"]}}, {LOWER = "operation"}',
            "warning",
            "never",
            "'co-operation', which is read as 'cooperation'",
        ),
        ('{LOWER = "must"}, {LOWER = "*"}', "warning", "never", "'must*', which is read as 'must'"),
        # Quotation marks round few words, which patterns are matched past.
        ('{LOWER = "“safe”"}', "error", "never", "'“safe”' is read as 'safe'; write that"),
        (
            '{ORTH = "“"}, {LOWER = "safe"}, {LOWER = "”"}',
            "warning",
            "never",
            "pattern 1, tokens 1 to 3",
        ),
        (
            "{ORTH = '\"'}, {LOWER = 'safe'}, {LOWER = 'sea'}, {ORTH = '\"'}",
            "warning",
            "never",
            "tokens 1 to 4 find nothing in '\"safe sea\"', which is read as 'safe' 'sea'; write that",
        ),
        ('{LOWER = {IN = ["a", "Camp"]}}', "warning", "never", "'Camp' has capital letters"),
        ('{LEMMA = {IN = ["fact-find", "visit"]}}', "warning", "never", "'fact-find' is 3 tokens"),
        # Ends.
        (f'{WORD}, {{LOWER = "a", OP = "?"}}', "warning", "edge", "ends with an optional token"),
        (f'{{LOWER = "a", OP = "*"}}, {WORD}', "warning", "edge", "starts with an optional token"),
        (f"{{}}, {WORD}", "warning", "edge", "starts with a token that any word passes"),
        (f'{WORD}, {{OP = "{{2}}"}}', "warning", "edge", "ends with a token that any word passes"),
        # From anywhere to anywhere.
        (
            '{IS_ALPHA = true, OP = "+"}, {LENGTH = 1}',
            "warning",
            "wide",
            "pattern 1 can match from",
        ),
        (
            f'{{IS_ALPHA = true, OP = "+"}}, {WORD}, {{IS_ALPHA = true, OP = "+"}}',
            "warning",
            "wide",
            "bound its OP",
        ),
    ],
)
def test_a_token_that_is_wrong(
    tokens: str, severity: str, check: str, message: str, tmp_path: Path, nlp: Language
) -> None:
    (row,) = found(tmp_path, nlp, more=made(f"patterns = [[{tokens}]]"))
    assert (row.file, row.rule, row.severity, row.check) == (
        "more.toml", "look.made-0", severity, check,
    )  # fmt: skip
    assert message in row.message


@pytest.mark.parametrize(
    "tokens",
    [
        f'{WORD}, {{IS_ALPHA = true, OP = "+"}}, {WORD}',
        f'{WORD}, {{IS_ALPHA = true, OP = "+"}}',
        '{IS_ALPHA = true, OP = "{1,5}"}, {LENGTH = 1}',
        f'{{LOWER = "a", OP = "+"}}, {WORD}, {{IS_ALPHA = true, OP = "+"}}',
    ],
)
def test_what_a_word_or_a_count_holds_is_not_wide(
    tokens: str, tmp_path: Path, nlp: Language
) -> None:
    rows = found(tmp_path, nlp, more=made(f"patterns = [[{tokens}]]"))
    assert "wide" not in {row.check for row in rows}


@pytest.mark.parametrize(
    "tokens",
    [
        '{LOWER = "u.s."}, {LOWER = "n\'t"}',  # pieces of what the tokenizer keeps together
        '{LOWER = "\'ve"}, {ORTH = "’m"}',
        '{LOWER = "not"}',
        '{LOWER = "gon"}, {LOWER = "na"}',
        '{ORTH = "UN"}, {LOWER = "un", IS_UPPER = true}',
        '{SHAPE = "Xxxxx"}, {SHAPE = "dd"}, {SHAPE = "xXXxx"}',
        '{LOWER = "camp", SHAPE = "xXxx"}',
        "{IS_TITLE = true, IS_UPPER = true}",  # "A" is both
        '{LOWER = "12", LIKE_NUM = true}, {NORM = "..."}',
        # What is compared in another form than it is written.
        '{ORTH = "U.N.", IS_UPPER = true}, {TEXT = "n’t", IS_ALPHA = true}, {LOWER = "n’t"}',
        '{LOWER = "“"}, {TEXT = "”"}, {LOWER = "u.n."}, {LOWER = "programme"}, {NORM = "‑"}',
        '{LOWER = "do"}, {LOWER = "n\'t"}, {LOWER = "e.g."}',
        '{LOWER = "sub"}, {LOWER = "-"}, {LOWER = "camp"}, {LOWER = "\'s"}',
        '{LOWER = "human"}, {LOWER = "-", OP = "?"}, {LOWER = "rights"}',
        '{LOWER = "human"}, {LOWER = "–"}, {LOWER = "rights"}',
        '{LOWER = "“"}, {LOWER = "safe"}, {LOWER = "sea"}, {LOWER = "and"}, {LOWER = "camp"}, {LOWER = "“"}',
        '{LOWER = "camp", OP = "!"}',
        '{LOWER = {IN = ["camp", "prison"], NOT_IN = ["camp"]}}',
    ],
)
def test_a_token_that_is_right(tokens: str, tmp_path: Path, nlp: Language) -> None:
    assert found(tmp_path, nlp, more=made(f"patterns = [[{tokens}]]")) == []


def test_an_optional_token_that_is_never_there_is_a_warning(tmp_path: Path, nlp: Language) -> None:
    tokens = f'{WORD}, {{LOWER = "human rights", OP = "?"}}, {WORD}'
    (row,) = found(tmp_path, nlp, more=made(f"patterns = [[{tokens}]]"))
    assert (row.severity, row.check) == ("warning", "never")
    assert row.message.startswith("pattern 1, token 2 is never there: ")


@pytest.mark.parametrize("kind", ["rule", "exclusion", "subject", "cue"])
def test_phrases_of_pieces(kind: str, tmp_path: Path, nlp: Language) -> None:
    prefix = {"rule": "look", "exclusion": "not"}.get(kind, kind)
    text = (
        f'frame = "look"\n[[{kind}]]\nid = "{prefix}.made"\nnote = "Made."\n{EXAMPLES}'
        f'phrases = ["they ca n\'t", "human-rights", "they can\'t", "sub - camp"]\n'
    )
    (row,) = found(tmp_path, nlp, more=text + ('kind = "lack"\n' if kind == "cue" else ""))
    assert (row.file, row.rule, row.severity, row.check) == (
        "more.toml", f"{prefix}.made", "warning", "never",
    )  # fmt: skip
    assert row.message.startswith('phrase "they ca n\'t", tokens 2 to 3 find nothing in "can\'t"')


def test_cues_of_stance_are_looked_at(tmp_path: Path, nlp: Language) -> None:
    head = '[lists]\nused = ["camp"]\n[[cue]]\nid = "stance.made"\nkind = "lack"\nnote = "Made."\n'
    seen = '[{LOWER = "“"}, {LOWER = "safe"}, {LOWER = "”"}], [{LOWER = "”"}]'
    tokens = f'[[{{LOWER = "@used"}}], [{{POS = "VERB"}}], [{{LOWER = "don\'t"}}], {seen}]'
    rows = found(tmp_path, nlp, stance=f"{head}patterns = {tokens}\n{EXAMPLES}")
    assert [(row.rule, row.check) for row in rows] == [
        ("stance.made", "token"),
        ("stance.made", "never"),
    ]
    # Cues are matched with the quotation marks that rules pass over: a mark alone may be one.
    head = '[[cue]]\nid = "stance.made"\nkind = "lack"\nnote = "Made."\n'
    assert found(tmp_path, nlp, stance=f'{head}phrases = ["”"]\n{EXAMPLES}') == []


def test_a_word_that_is_passed_over_is_never_there(tmp_path: Path, nlp: Language) -> None:
    rule = made('patterns = [[{LOWER = "also"}, {LOWER = "visit"}]]')
    scheme = f'passed_over = ["also"]\n{SCHEME}'
    (row,) = (
        row for row in found(tmp_path, nlp, scheme=scheme, more=rule) if row.severity == "error"
    )
    assert "the scheme says that matching passes over it" in row.message


def test_words_of_a_subject_may_hold_others_but_not_stand_twice(
    tmp_path: Path, nlp: Language
) -> None:
    text = f'[[subject]]\nid = "subject.made"\nnote = "Made."\nphrases = [{{}}]\n{EXAMPLES}'
    assert found(tmp_path, nlp, subjects=text.format('"tax", "tax evasion"')) == []
    (row,) = found(tmp_path, nlp, subjects=text.format('"tax", "tax"'))
    assert row.check == "twice"


def test_an_exclusion_may_have_open_ends(tmp_path: Path, nlp: Language) -> None:
    text = (
        '[[exclusion]]\nid = "not.made"\nnote = "Made."\n'
        f'patterns = [[{WORD}, {{OP = "*"}}]]\n{EXAMPLES}'
    )
    assert found(tmp_path, nlp, more=text) == []
    (row,) = found(tmp_path, nlp, more=text.replace("note", "frames = []\nnote"))
    assert str(row) == "more.toml: not.made: error: frames is empty, so that nothing is excluded"


@pytest.mark.parametrize(
    ("rules", "rule", "check", "message"),
    [
        # Written twice, in a rule or in a frame; a phrase is a pattern, too.
        (['phrases = ["a camp", "A  camp"]'], 0, "white-space", "has white space"),
        (['phrases = ["a camp", "A camp"]'], 0, "twice", "phrase 'A camp' is phrase 'a camp' again"),
        (
            [f"patterns = [[{WORD}]]", 'phrases = ["camp"]'],
            1, "twice", "phrase 'camp' is pattern 1 of look.made-0 again",
        ),
        (
            ['patterns = [[{LEMMA = "find"}]]',
             'patterns = [[{lower = {IN = ["find", "finds", "found", "finding"]}}]]'],
            1, "twice", "pattern 1 is pattern 1 of look.made-0 again",
        ),
        # Held by another of the frame.
        (
            ['phrases = ["old camp"]', 'phrases = ["the old camp"]'],
            1, "shadowed", "phrase 'the old camp' hits only where phrase 'old camp' of look.made-0 does",
        ),
        (
            ['phrases = ["old camp", "the old camp of refugees"]'],
            0, "shadowed", "hits only where phrase 'old camp' does",
        ),
        (
            ['phrases = ["visits a camp"]', f'patterns = [[{{LEMMA = "visit"}}, {{OP = "{{0,3}}"}}, {WORD}]]',
             f'patterns = [[{{LOWER = "visits"}}, {{OP = "{{1,2}}"}}, {WORD}, {{LOWER = "x"}}]]'],
            2, "shadowed", "pattern 1 hits only where pattern 1 of look.made-1 does",
        ),
        (
            ['patterns = [[{LOWER = {IN = ["a", "b"]}, IS_TITLE = true}]]',
             'patterns = [[{LOWER = {IN = ["c", "b", "a"]}}]]'],
            0, "shadowed", "pattern 1 hits only where pattern 1 of look.made-1 does",
        ),
        # All examples.
        (
            ['phrases = ["x"]\nmatches = ["An x.", "An x."]\nskips = ["Y.", "Z."]'],
            0, "examples", "matches holds 'An x.' 2 times",
        ),
        (['phrases = ["x"]\nmatches = ["An x.", "X!"]\nskips = ["Y."]'], 0, "examples", "1 skips"),
        (['phrases = ["x"]\nmatches = []\nskips = ["Y.", "Z."]'], 0, "examples", "no matches"),
        (
            ['phrases = ["x"]\nmatches = ["A.", "B."]\nskips = ["A.", "C."]'],
            0, "contradiction", "'A.' is in matches and in skips",
        ),
        (
            ['phrases = ["x"]\nmatches = ["A.", "He walks."]\nskips = ["B.", "C."]'],
            0, "contradiction", "'He walks.', which is among the skips of talk.talks",
        ),
        (
            ['phrases = ["dark camp"]\nmatches = ["A dark camp.", "The dark camp."]\nskips = ["B.", "C."]',
             'patterns = [[{LOWER = {IN = ["a", "the"]}}, {LOWER = {NOT_IN = ["old"]}}, {LOWER = "camp"}]]'],
            0, "follower", "all its 2 hits on the examples lie where look.made-1 hits",
        ),
        # Form.
        (['id = "look.Made"\nphrases = ["x"]'], "look.Made", "id", "out of form"),
        (['id = "talk.made"\nphrases = ["x"]'], "talk.made", "id", "expected look."),
        (['id = "made"\nphrases = ["x"]'], "made", "id", "out of form"),
        (['phrases = ["x"]\nnote = " "'], 0, "note", "no note"),
    ],
)  # fmt: skip
def test_a_rule_that_is_likely_wrong(
    rules: list[str], rule: int | str, check: str, message: str, tmp_path: Path, nlp: Language
) -> None:
    rows = found(tmp_path, nlp, more=made(*rules))
    name = f"look.made-{rule}" if isinstance(rule, int) else rule
    assert any(
        row.rule == name and row.check == check and message in row.message for row in rows
    ), rows


@pytest.mark.parametrize(
    "rules",
    [
        # A weak rule decides nothing, and so makes nothing needless that does.
        ['weak = true\nphrases = ["camp"]', 'phrases = ["old camp"]'],
        ['phrases = ["old camp"]', 'phrases = ["camp of old"]'],
        ['patterns = [[{LOWER = {IN = ["pea", "bee"]}}]]', 'patterns = [[{LOWER = {IN = ["pea", "sea"]}}]]'],
        [f'patterns = [[{WORD}, {{OP = "{{1,2}}"}}, {WORD}]]',
         f'patterns = [[{WORD}, {{OP = "{{0,3}}"}}, {WORD}, {WORD}]]'],
        [f'patterns = [[{WORD}, {{LOWER = "x", OP = "!"}}, {WORD}]]',
         f'patterns = [[{WORD}, {{LOWER = "y", OP = "!"}}, {WORD}]]'],
    ],
)  # fmt: skip
def test_patterns_that_differ_shadow_nothing(
    rules: list[str], tmp_path: Path, nlp: Language
) -> None:
    assert found(tmp_path, nlp, more=made(*rules)) == []


def test_frames_do_not_shadow_one_another(tmp_path: Path, nlp: Language) -> None:
    files = {name: made('phrases = ["old camp"]', frame=name) for name in ("look", "talk")}
    assert found(tmp_path, nlp, **files) == []


def test_lists(tmp_path: Path, nlp: Language) -> None:
    head = '[lists]\nused = ["camp", "sea-side", "Bad"]\nexact = ["UN"]\nloose = ["a"]\ndeep = ["@used"]'
    patterns = '[[{LOWER = "@used"}], [{ORTH = "@exact"}], [{LOWER = "@deep"}]]'
    rows = found(tmp_path, nlp, more=made(f"patterns = {patterns}", head=head))
    told = {(row.rule, row.check, row.severity, row.message.split(":")[0]) for row in rows}
    assert told == {
        ("look.made-0", "never", "error", "pattern 3, token 1"),  # "@used" is read as "used"
        ("@loose", "unused", "warning", "no rule uses this list"),
        ("@used", "never", "warning", "'sea-side' matches nothing"),
        ("@used", "never", "warning", "'Bad' matches nothing"),
        ("@deep", "never", "warning", "'@used' matches nothing"),
    }


def test_frames_that_rules_alone_never_give(tmp_path: Path, nlp: Language) -> None:
    scheme = SCHEME + '[[frame]]\nname = "hope"\ntest = "x"\nletter = "H"\ncolour = "green"\n'
    rows = found(tmp_path, nlp, scheme=scheme, talk=TALK.replace("note", "weak = true\nnote"))
    assert [row.message for row in rows if row.check == "frame"] == [
        "talk has only weak rules: rules alone never give it",
        "hope has no rules: rules alone never give it",
    ]


def test_a_letter_stands_for_one_frame(tmp_path: Path, nlp: Language) -> None:
    rows = found(tmp_path, nlp, scheme=SCHEME.replace('"T"', '"L"'))
    assert [(row.severity, row.check, row.message) for row in rows] == [
        ("error", "letter", "talk and look have the same letter 'L'")
    ]


def test_rules_in_folders_below_are_named(tmp_path: Path, nlp: Language) -> None:
    found(tmp_path, nlp)
    below = tmp_path / "more"
    below.mkdir()
    (below / "extra.toml").write_text(TALK)
    (row,) = lint(tmp_path, nlp.tokenizer)
    assert "more/extra.toml lies in a folder below" in row.message
    with pytest.raises(FramelensError, match=r"more/extra\.toml lies in a folder below"):
        read_rules(tmp_path)
    with pytest.raises(FramelensError, match=r"no scheme\.toml in it; are the rules in .*inner\?"):
        read_rules(tmp_path.rename(tmp_path.parent / "inner").parent)


def test_lint_does_not_stop_at_the_first_error(tmp_path: Path, nlp: Language) -> None:
    broken = (
        'frame = "look"\nodd = 1\nlists = 3\nexclusion = "x"\n'
        '[[rule]]\nnote = "x"\n'
        '[[rule]]\nid = "look.a"\nphrases = "x"\n'
        '[[rule]]\nid = "look.b"\nphrases = ["x"]\nodd = 2\nweak = "yes"\n'
        '[[rule]]\nid = "look.c"\n'
        '[[rule]]\nid = "look.base"\nphrases = ["x"]\n'
        '[[rule]]\nid = "look.d"\npatterns = [[1]]\n'
        '[[rule]]\nid = "look.e"\npatterns = [[{POS = "X"}, {TAG = "Y", LOWER = 3}]]\n'
    )
    rows = found(tmp_path, nlp, more=broken, worse="a = [", worst='frame = "x"\n[[rule]]')
    errors = [
        (row.file, row.rule, row.message.split(";")[0]) for row in rows if row.severity == "error"
    ]
    assert set(errors) == {
        ("more.toml", "", "unknown key 'odd'"),
        ("more.toml", "", "lists is 3"),
        ("more.toml", "", "exclusion is 'x'"),
        ("more.toml", "rule 1", "expected a table with an id"),
        ("more.toml", "look.a", "phrases: expected a list of strings"),
        ("more.toml", "look.b", "unknown key 'odd'"),
        ("more.toml", "look.b", "weak is 'yes'"),
        ("more.toml", "look.c", "neither patterns nor phrases"),
        ("more.toml", "look.base", f"the id 'look.base' is in {tmp_path / 'look.toml'} already"),
        ("more.toml", "look.d", "patterns must be lists of token tables"),
        ("more.toml", "look.e", "pattern 1, token 1: unknown token attribute 'POS'"),
        ("more.toml", "look.e", "pattern 1, token 2: unknown token attribute 'TAG'"),
        ("more.toml", "look.e", "pattern 1, token 2: 3: expected a word, IN or NOT_IN with a list of words"),
        ("worse.toml", "", "not TOML: unclosed array, expected `]` at line 1 column 6"),
        ("worst.toml", "", "frame is 'x'"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("scheme", "message"),
    [
        ("", "'frame' is missing"),
        ("frame = 3", "'frame' is missing"),
        ('title = "x"\nframe = []', "at least one frame"),
        ('title = "x"\nframe = [1]', "'name' is missing or no text"),
        (SCHEME.replace('"L"', "3"), "'letter' is missing or no text"),
        (SCHEME.replace('["visit"]', "[3]"), "keywords of 'look'"),
        (SCHEME.replace('"L"', '"L"\nmissed = 2'), "missed of 'look'"),
        (SCHEME + "x", "not TOML"),
    ],
)
def test_a_scheme_that_is_wrong(scheme: str, message: str, tmp_path: Path, nlp: Language) -> None:
    (row,) = found(tmp_path, nlp, scheme=scheme)
    assert (row.file, row.severity) == ("scheme.toml", "error")
    assert row.message.startswith(message) or message in row.message
    assert str(tmp_path) not in row.message


def test_files_that_cannot_be_read(tmp_path: Path, nlp: Language) -> None:
    found(tmp_path, nlp)
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    rows = lint(tmp_path, nlp.tokenizer)
    assert [(row.file, row.check) for row in rows] == [
        ("bytes.toml", "form"),
        ("folder.toml", "form"),
    ]


def test_no_folder(tmp_path: Path, nlp: Language) -> None:
    with pytest.raises(FramelensError, match="no such folder"):
        lint(tmp_path / "none", nlp.tokenizer)


def test_findings_are_in_the_order_of_files_and_rules(tmp_path: Path, nlp: Language) -> None:
    rules = ['phrases = ["b"]\nnote = ""', 'phrases = ["a"]\nnote = ""\nid = "look.a"']
    rows = found(tmp_path, nlp, z=made(*rules), a=made('id = "look.z"\nphrases = ["y"]\nnote = ""'))
    assert [row.rule for row in rows] == ["look.z", "look.made-0", "look.a"]


def test_files_of_windows_editors(tmp_path: Path, nlp: Language) -> None:
    found(tmp_path, nlp)
    for path in tmp_path.iterdir():
        text = path.read_text(encoding="utf-8")
        path.write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    assert lint(tmp_path, nlp.tokenizer) == ()
