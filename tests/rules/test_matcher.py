"""The compiled rules are held to spaCy's own Matcher, hit for hit."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from framelens.core.errors import FramelensError
from framelens.preprocessing.tokenizer import sentence_tokens
from framelens.rules import block, search
from framelens.rules import matcher as matchers
from framelens.rules.block import BlockSearch
from framelens.rules.compiling import compiled, skipped_keys
from framelens.rules.matcher import Readings, RuleMatcher
from framelens.rules.rule_files import RuleSet, parse_rules
from framelens.rules.search import MAX_SPAN, WINDOW
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.attrs import ORTH
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc

from tests.conftest import SCHEME
from tests.helpers import plain_patterns

WORDS = (
    "un", "the", "review", "Review", "visit", "visits", "prison", ",", "12", "no", "“", "also", "Thus",
)  # fmt: skip
PASSED = 'passed_over = ["also", "thus"]\nsame = {un = "prison"}\n' + SCHEME


def ours(matcher: RuleMatcher, doc: Doc) -> set[tuple[int, int, int]]:
    hits = matcher.spans(doc.to_array([ORTH]).tolist())
    return {(hit.rule, hit.start, hit.end) for hit in hits}


def in_one_block(matcher: RuleMatcher, sentences: Sequence[Sequence[int]]) -> Readings:
    lengths = np.array([len(keys) for keys in sentences], dtype=np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matchers, "MIN_BLOCK", 0)
        return matcher.read_block([key for keys in sentences for key in keys], lengths)


def longest(spans: set[tuple[int, int, int]]) -> set[tuple[int, int, int]]:
    """Of those of a rule that begin at one token the one that ends last."""
    ends = {(rule, start): end for rule, start, end in sorted(spans)}
    return {(rule, start, end) for (rule, start), end in ends.items()}


def spacys(
    rules: RuleSet, nlp: Language, doc: Doc, most: int = MAX_SPAN
) -> set[tuple[int, int, int]]:
    """What spaCy's own Matcher finds, read past what is passed over."""
    return spacys_matcher(rules, nlp)(doc, most)


def spacys_matcher(
    rules: RuleSet, nlp: Language
) -> Callable[[Doc, int], set[tuple[int, int, int]]]:
    oracle = Matcher(nlp.vocab)
    for number, item in enumerate(rules.items):
        patterns = [list(pattern) for pattern in plain_patterns(item, rules, nlp.tokenizer)]
        oracle.add(str(number), patterns)
    skipped = skipped_keys(rules)

    def found(doc: Doc, most: int) -> set[tuple[int, int, int]]:
        kept = not_passed_over(doc, skipped)
        rows = oracle(Doc(nlp.vocab, words=[doc[at].text for at in kept]))
        return {
            (int(nlp.vocab.strings[key]), kept[start], kept[end - 1] + 1)
            for key, start, end in rows
            if end - start <= most
        }

    return found


def not_passed_over(doc: Doc, skipped: frozenset[int]) -> list[int]:
    """The places that are matched: neither words passed over nor the commas on both sides of them."""
    kinds = {",": ",", **dict.fromkeys((token.text for token in doc if token.orth in skipped), "+")}
    marks = "".join(kinds.get(token.text, ".") for token in doc)
    runs = re.finditer(r"(?=(,\++,))", marks)
    gone = {at for run in runs for at in (run.start(), run.end(1) - 1)}
    return [at for at, mark in enumerate(marks) if mark != "+" and at not in gone]


def one_rule(patterns: Sequence[Sequence[dict[str, Any]]]) -> RuleSet:
    def token(table: dict[str, Any]) -> str:
        return "{" + ", ".join(f"{key} = {value(item)}" for key, item in table.items()) + "}"

    def value(item: Any) -> str:
        if isinstance(item, dict):
            return token(item)
        if isinstance(item, bool):
            return str(item).lower()
        if isinstance(item, list):
            return "[" + ", ".join(value(part) for part in item) + "]"
        return str(item) if isinstance(item, int) else f'"{item}"'

    rows = ", ".join("[" + ", ".join(token(part) for part in row) + "]" for row in patterns)
    text = f'frame = "look"\n[[rule]]\nid = "look.made"\npatterns = [{rows}]\n'
    return parse_rules({"scheme.toml": PASSED, "look.toml": text})


PREDICATES = st.one_of(
    st.sampled_from(WORDS).map(lambda word: {"LOWER": word}),
    st.sampled_from(WORDS).map(lambda word: {"ORTH": word}),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(lambda w: {"LOWER": {"IN": w}}),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(
        lambda w: {"LOWER": {"NOT_IN": w}}
    ),
    st.sampled_from(["IS_TITLE", "IS_PUNCT", "IS_DIGIT", "LIKE_NUM", "IS_ALPHA"]).map(
        lambda flag: {flag: True}
    ),
    st.just({"LOWER": "review", "IS_TITLE": True}),
    st.just({"LENGTH": 2}),
    st.just({"SHAPE": "xxxx"}),
    st.just({"NORM": "visits"}),
    st.just({}),
)
OPS = st.sampled_from([None, "?", "*", "+", "!", "{2}", "{0,2}", "{1,3}", "{1,}", "{,2}"])


@st.composite
def made_patterns(draw: st.DrawFn) -> list[dict[str, Any]]:
    size = draw(st.integers(1, 4))
    ops = [draw(OPS) for _ in range(size)]
    ops[draw(st.integers(0, size - 1))] = draw(st.sampled_from([None, "!", "{2}"]))
    return [{**draw(PREDICATES), **({"OP": op} if op else {})} for op in ops]


@settings(max_examples=400, deadline=None)
@given(
    patterns=st.lists(made_patterns(), min_size=1, max_size=3),
    words=st.lists(st.sampled_from(WORDS), max_size=9),
)
def test_generated_patterns_equal_spacys_matcher(
    nlp: Language, patterns: list[list[dict[str, Any]]], words: list[str]
) -> None:
    rules = one_rule(patterns)
    doc = Doc(nlp.vocab, words=words)
    matcher = RuleMatcher(rules, nlp.tokenizer)
    assert ours(matcher, doc) == spacys(rules, nlp, doc)


@settings(max_examples=300, deadline=None)
@given(
    patterns=st.lists(made_patterns(), min_size=1, max_size=3),
    sentences=st.lists(st.lists(st.sampled_from(WORDS), max_size=30), min_size=1, max_size=4),
    limits=st.sampled_from(
        [{}, {"MAX_REACH": 3}, {"WINDOW_SIZES": (2, 8), "MAX_REACH": 7}, {"BATCH_PAIRS": 5}]
    ),
)
def test_a_block_of_sentences_holds_what_spacys_matcher_finds(
    nlp: Language,
    patterns: list[list[dict[str, Any]]],
    sentences: list[list[str]],
    limits: dict[str, Any],
) -> None:
    rules = one_rule(patterns)
    docs = [Doc(nlp.vocab, words=words) for words in sentences]
    keys = [doc.to_array([ORTH]).tolist() for doc in docs]
    with pytest.MonkeyPatch.context() as patch:
        for name, value in limits.items():
            patch.setattr(block, name, value)
        seek = BlockSearch(compiled(rules, nlp.tokenizer), nlp.vocab)
        lengths = np.array([len(row) for row in keys])
        found, searched = seek([key for row in keys for key in row], lengths, MAX_SPAN)
    for number, doc in enumerate(docs):
        rows = np.array(found.longest())[1:, found.longest().sentence == number]
        hits = {(rule, start, end) for rule, start, end in rows.T.tolist()}
        assert hits == (longest(spacys(rules, nlp, doc)) if searched[number] else set())
    if not limits:
        assert searched.all()


@settings(max_examples=200, deadline=None)
@given(
    patterns=st.lists(made_patterns(), min_size=1, max_size=3),
    words=st.lists(st.sampled_from(WORDS[:6]), max_size=25),
    window=st.integers(1, 6),
    longest=st.integers(1, 6),
)
def test_a_long_sentence_is_searched_in_windows_that_lose_nothing(
    nlp: Language, patterns: list[list[dict[str, Any]]], words: list[str], window: int, longest: int
) -> None:
    rules, doc = one_rule(patterns), Doc(nlp.vocab, words=words)
    found = RuleMatcher(rules, nlp.tokenizer)
    with pytest.MonkeyPatch.context() as patch:
        for module in (matchers, search):
            patch.setattr(module, "WINDOW", window)
            patch.setattr(module, "MAX_SPAN", longest)
        assert ours(found, doc) == spacys(rules, nlp, doc, longest)
        keys = doc.to_array([ORTH]).tolist()
        assert list(in_one_block(found, [keys, keys])) == [found.read(keys)] * 2


def test_a_block_of_sentences_reads_as_each_of_them(shipped_rules: RuleSet, nlp: Language) -> None:
    texts = [text for item in shipped_rules.items for text in (*item.matches, *item.skips)]
    texts += ["", " ".join(texts[:9]), " ".join(texts), f"{texts[0]} {'?' * 2 * WINDOW}"]
    keys = [nlp.make_doc(text).to_array([ORTH]).tolist() for text in texts]
    matcher = RuleMatcher(shipped_rules, nlp.tokenizer)
    found = in_one_block(matcher, keys)
    assert list(found) == [matcher.read(row) for row in keys]
    assert list(in_one_block(matcher, [])) == []
    pairs = {(at, hit.rule) for at, reading in enumerate(found) for hit in reading.hits}
    sentences, rules = found.pairs()
    assert sorted(zip(sentences.tolist(), rules.tolist(), strict=True)) == sorted(pairs)


def test_the_shipped_rules_equal_spacys_matcher(shipped_rules: RuleSet, nlp: Language) -> None:
    texts = [text for rule in shipped_rules.rules for text in (*rule.matches, *rule.skips)]
    texts = texts[::15]  # spaCy's Matcher takes a tenth of a second for each
    matcher = RuleMatcher(shipped_rules, nlp.tokenizer)
    found = spacys_matcher(shipped_rules, nlp)
    for doc in map(nlp.make_doc, texts):
        assert ours(matcher, doc) == found(doc, MAX_SPAN), doc.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They visited the old prison.", ["look.visit"]),
        ("A fact-finding mission came to the talks.", ["look.visit", "talk.talks"]),
        ("They visited the old, cold, dark prison.", []),
        ("They visited the prison shop.", []),
        ("They “visited” the old “prison”.", ["look.visit"]),
        ("They visited the prison and the prison shop.", ["look.visit"]),
        ("", []),
    ],
)
def test_hits(small_rules: RuleSet, nlp: Language, text: str, expected: list[str]) -> None:
    matcher = RuleMatcher(small_rules, nlp.tokenizer)
    hits = matcher.hits(nlp.make_doc(text).to_array([ORTH]).tolist())
    assert [small_rules.rules[hit.rule].id for hit in hits] == expected


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("They also visit the prison.", 1),
        ("They visit, however, the prison.", 1),
        ("HOWEVER ALSO visit the prison", 1),
        ("They visit, also the prison", 0),
        ("They visit soon the prison.", 0),
    ],
)
def test_the_schemes_words_are_passed_over_with_commas_on_both_sides(
    nlp: Language, text: str, hits: int
) -> None:
    look = 'frame = "look"\n[[rule]]\nid = "look.at"\nphrases = ["visit the prison"]\n'
    scheme = 'passed_over = ["also", "however"]\n' + SCHEME
    rules = parse_rules({"scheme.toml": scheme, "look.toml": look})
    matcher = RuleMatcher(rules, nlp.tokenizer)
    keys = sentence_tokens(text, nlp.tokenizer).to_array([ORTH]).tolist()
    found = [len(reading.hits) for reading in in_one_block(matcher, [keys, keys])]
    assert found == [len(matcher.hits(keys))] * 2 == [hits] * 2


def test_a_word_of_a_phrase_names_no_list(nlp: Language) -> None:
    text = 'frame = "look"\n[lists]\nun = ["camp"]\n[[rule]]\nid = "look.at"\nphrases = ["@un visit"]\n'
    rules = parse_rules({"scheme.toml": SCHEME, "look.toml": text})
    doc = sentence_tokens("@UN visit camp visit", nlp.tokenizer)
    found = RuleMatcher(rules, nlp.tokenizer)
    assert ours(found, doc) == spacys(rules, nlp, doc) == {(0, 0, 2)}


@pytest.mark.parametrize("text", ["The 'safe zone' is his.", 'The "safe" zone', "The safe zone."])
def test_phrases_and_texts_quote_few_words_or_do_not(nlp: Language, text: str) -> None:
    for phrase in ("safe zone", "'safe zone'", "“safe” zone"):
        source = f'frame = "look"\n[[rule]]\nid = "look.at"\nphrases = ["{phrase}"]\n'
        rules = parse_rules({"scheme.toml": SCHEME, "look.toml": source})
        doc = sentence_tokens(text, nlp.tokenizer)
        (hit,) = ours(RuleMatcher(rules, nlp.tokenizer), doc)
        assert "safe" in doc[hit[1] : hit[2]].text


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("visitprison", ("visitprison",)), ("inspectprisons", ("inspect", "prisons")),
        ("Prisonsand", ("Prisons", "and")), ("Andprisons", ("And", "prisons")),
        ("ofthe", ("ofthe",)), ("theprisons", ("the", "prisons")), ("isprisons", ("is", "prisons")),
        ("inspectthe", ("inspectthe",)), ("andprison", ("andprison",)), ("prisonss", ("prisonss",)),
    ],
)  # fmt: skip
def test_words_that_ran_together_are_cut_where_a_rule_knows_one(
    nlp: Language, word: str, parts: tuple[str, ...]
) -> None:
    rules = one_rule([[{"LOWER": {"IN": ["visit", "prisons"]}}]])
    assert tuple(RuleMatcher(rules, nlp.tokenizer).parts(word)) == parts


def test_overlapping_occurrences_count_once_the_first_and_longest(nlp: Language) -> None:
    rules = one_rule([[{"LOWER": "visit"}, {"LOWER": "prison", "OP": "*"}]])
    matcher = RuleMatcher(rules, nlp.tokenizer)
    keys = nlp.make_doc("visit prison prison, visit").to_array([ORTH]).tolist()
    assert [(hit.start, hit.end) for hit in matcher.hits(keys)] == [(0, 3), (4, 5)]


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ('{LOWERR = "a"}', "unknown token attribute 'LOWERR'"),
        ('{POS = "VERB"}', "unknown token attribute 'POS'"),
        ('{LOWER = {REGEX = "(a+)+$"}}', "IN or NOT_IN"),
        ('{LOWER = "a", OP = "%"}', "unknown OP '%'"),
        ('{LOWER = "a", OP = "{5,2}"}', "least first"),
        ('{LOWER = "a", OP = "{9999}"}', "counts from 0 to"),
        ('{LOWER = "a", OP = "?"}', "could match nothing"),
        ('{LOWER = {IN = ["@nowhere"]}}', "unknown list '@nowhere'"),
        ('{IS_TITLE = "yes"}', "expected true or false"),
        ("{LOWER = {IN = [2020-01-01]}}", "expected a word, IN or NOT_IN"),
        ("{OP = 2020-01-01}", "unknown OP '2020-01-01'"),
    ],
)
def test_a_wrong_token_is_named_with_its_rule(token: str, reason: str, nlp: Language) -> None:
    text = f'frame = "look"\n[[rule]]\nid = "look.bad"\npatterns = [[{token}]]\n'
    rules = parse_rules({"scheme.toml": SCHEME, "look.toml": text})
    with pytest.raises(FramelensError, match=r"look\.toml: look\.bad: ") as caught:
        RuleMatcher(rules, nlp.tokenizer)
    assert reason in str(caught.value)


def test_a_wildcard_does_not_make_a_long_sentence_slow(nlp: Language) -> None:
    gap = {"OP": "{0,30}"}
    rules = one_rule([[{"LOWER": "visit"}, *[gap] * 5, {"LOWER": "zebra"}]])
    matcher = RuleMatcher(rules, nlp.tokenizer)
    visit, zebra = (nlp.vocab.strings.add(word) for word in ("visit", "zebra"))
    assert matcher.spans([visit] * 20_000) == set()
    assert matcher.spans([visit] * 200 + [zebra])


@pytest.mark.parametrize(
    ("token", "text"),
    [
        ({"LOWER": "u.n."}, "The U.N. spoke."),
        ({"LOWER": "un"}, "The U.N.-led talks."),
        ({"ORTH": "U.K."}, "The UK spoke to the U.K.'s envoy."),
        ({"LOWER": "n't"}, "It isn’t so."),
        ({"TEXT": "n’t"}, "It isn't so."),
        ({"LEMMA": {"IN": ["not", "urge"]}}, "*Urges* it."),
    ],
)
def test_words_are_found_however_rules_and_texts_write_them(
    nlp: Language, token: dict[str, Any], text: str
) -> None:
    matcher = RuleMatcher(one_rule([[token]]), nlp.tokenizer)
    assert ours(matcher, sentence_tokens(text, nlp.tokenizer))


@pytest.mark.parametrize(("shape", "text"), [("XX", "The U.S. spoke."), ("X.X.", "The UN spoke.")])
def test_a_shape_is_no_word_of_initials(nlp: Language, shape: str, text: str) -> None:
    matcher = RuleMatcher(one_rule([[{"SHAPE": shape}]]), nlp.tokenizer)
    assert not ours(matcher, sentence_tokens(text, nlp.tokenizer))
