"""Which hits are kept: none that an exclusion covers, of overlapping ones the first and longest."""

from __future__ import annotations

from framelens.rules.matcher import Hit, RuleMatcher
from framelens.rules.rule_files import RuleSet, parse_rules
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.attrs import ORTH
from spacy.language import Language
from spacy.tokens import Doc

from tests.conftest import SCHEME
from tests.rules.test_matcher import in_one_block

TOKENS = st.sampled_from(
    ['{LOWER = "a"}', '{LOWER = "b"}', "{}", '{LOWER = "a", OP = "*"}', '{OP = "{0,3}"}']
)
PATTERNS = st.lists(TOKENS, min_size=1, max_size=3).map(lambda row: ["{LENGTH = 1}", *row])
EXCLUSIONS = st.tuples(
    PATTERNS,
    st.sampled_from(['["look"]', '["talk"]', '["look", "talk"]']),
    st.sampled_from(["span", "span", "sentence"]),
)


def made(rules: list[list[str]], exclusions: list[tuple[list[str], str, str]]) -> RuleSet:
    files = {"scheme.toml": SCHEME}
    for number, (frame, tokens) in enumerate(zip(("look", "talk"), rules, strict=True)):
        head = f'frame = "{frame}"\n[[rule]]\nid = "{frame}.{number}"\n'
        files[f"{frame}.toml"] = f"{head}patterns = [[{', '.join(tokens)}]]\n"
    files["x.toml"] = "".join(
        f'[[exclusion]]\nid = "not.{number}"\nframes = {frames}\nscope = "{scope}"\n'
        f"patterns = [[{', '.join(tokens)}]]\n"
        for number, (tokens, frames, scope) in enumerate(exclusions)
    )
    return parse_rules(files)


def plainly(rules: RuleSet, spans: set[Hit]) -> list[Hit]:
    """The hits kept, by the letter of the definition."""
    kept: list[Hit] = []
    for hit in sorted(spans, key=lambda hit: (hit.rule, hit.start, -hit.end)):
        if hit.rule >= len(rules.rules):
            continue
        masks = [
            (mask, rules.exclusions[mask.rule - len(rules.rules)])
            for mask in spans
            if mask.rule >= len(rules.rules)
        ]
        covered = any(
            rules.rules[hit.rule].frame in exclusion.frames
            and (exclusion.whole_sentence or (mask.start <= hit.start and hit.end <= mask.end))
            for mask, exclusion in masks
        )
        overlaps = any(row.rule == hit.rule and hit.start < row.end for row in kept)
        if not covered and not overlaps:
            kept.append(hit)
    return kept


@settings(max_examples=150, deadline=None)
@given(
    rules=st.lists(PATTERNS, min_size=2, max_size=2),
    exclusions=st.lists(EXCLUSIONS, max_size=3),
    sentences=st.lists(st.lists(st.sampled_from("abc"), max_size=8), min_size=1, max_size=4),
)
def test_hits_are_those_of_the_definition(
    nlp: Language,
    rules: list[list[str]],
    exclusions: list[tuple[list[str], str, str]],
    sentences: list[list[str]],
) -> None:
    found = made(rules, exclusions)
    matcher = RuleMatcher(found, nlp.tokenizer)
    rows = [Doc(nlp.vocab, words=words).to_array([ORTH]).tolist() for words in sentences]
    expected = [plainly(found, matcher.spans(keys)) for keys in rows]
    assert [matcher.hits(keys) for keys in rows] == expected
    assert [reading.hits for reading in in_one_block(matcher, rows)] == expected
