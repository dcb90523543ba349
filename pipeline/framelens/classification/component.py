"""framelens inside spaCy: the components, the extension, and the ready pipeline.

`sent._.frames` is a SentenceFrames, kept in `doc.user_data` as plain values, so that a Doc can be
written, sent to another process and read back. `doc.spans["frames"]` holds the evidence for the labels given:
each span's `label_` is the frame and its `id_` the rule's id or the term.
"""

# Without postponed annotations: spaCy up to 3.8.13 takes those of a factory as they stand.

import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any, Self, cast

import numpy as np
import srsly
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from framelens.classification.classifier import FrameClassifier, Tokens
from framelens.classification.model import Model
from framelens.classification.persistence import write_files
from framelens.core.checks import of_kind, place, whole
from framelens.core.errors import FramelensError, at
from framelens.core.files import make_folder
from framelens.core.memory import uncollected
from framelens.core.settings import Mode
from framelens.core.types import Evidence, FrameStance, SentenceFrames, StanceReason
from framelens.preprocessing.normalise import INVISIBLE, normalised
from framelens.preprocessing.sentences import edges, split
from framelens.preprocessing.tokenizer import TokenKeys, english_tokenizer
from framelens.rules.rule_files import parse_rules

SPANS = "frames"
BATCH = 64
OFFSETS = ("start", "end")

_UNSEEN = re.compile(f"[{INVISIBLE}]")


class FrameTagger:
    """The spaCy component `framelens`.

    It takes the sentence boundaries that stand on a Doc and sets framelens' own where there are
    none, and reads the words of each sentence as the library does, however the Doc is cut into
    tokens. Rules and model are read when they are first needed, so that a saved pipeline can be
    loaded where the folders it was made from are gone.
    """

    def __init__(
        self,
        nlp: Language,
        *,
        model: str | None,
        rules: str | None,
        mode: Mode,
        thresholds: Mapping[str, float],
    ) -> None:
        self.tokenizer = english_tokenizer(nlp.vocab)
        self.rules_folder, self.model_folder = rules, model
        self.mode, self.thresholds = mode, dict(thresholds)
        self._classifier: FrameClassifier | None = None
        add_extension()

    @property
    def classifier(self) -> FrameClassifier:
        """Rules and model, read at first use; raise FramelensError where they cannot be read."""
        if self._classifier is None:
            self._classifier = FrameClassifier.open(
                model=self.model_folder, rules=self.rules_folder, **self._options()
            )
        return self._classifier

    def __getstate__(self) -> dict[str, Any]:
        """For pickling: the classifier goes as the files of its rules and model."""
        state = {name: value for name, value in self.__dict__.items() if name != "_classifier"}
        files = self._files() if self._classifier is not None else None
        return {**state, "_classifier": None, "_packed": files}

    def __setstate__(self, state: dict[str, Any]) -> None:
        files = state.pop("_packed")
        self.__dict__.update(state)
        add_extension()
        if files is not None:
            self._load_files(files)

    def _options(self) -> dict[str, Any]:
        return {
            "tokenizer": self.tokenizer,
            "mode": self.mode,
            "thresholds": self.thresholds,
        }

    def __call__(self, doc: Doc) -> Doc:
        return next(self._annotate([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int | None = BATCH) -> Iterator[Doc]:
        """Annotate many Docs, a batch at a time; raise FramelensError for a batch of no size."""
        stream = iter(stream)
        size = BATCH if batch_size is None else whole("batch_size", batch_size, 1)
        while batch := list(islice(stream, size)):
            yield from self._annotate(batch)

    def _annotate(self, docs: list[Doc]) -> Iterator[Doc]:
        for doc in docs:
            of_kind("doc", doc, Doc, "a Doc, as nlp(text) or nlp.make_doc(text) gives it")
        token_keys = self.classifier.token_keys
        sentences = [sentence for doc in docs for sentence in _sentences(doc, token_keys)]
        results = self.classifier.classify([tokens for _, tokens in sentences])
        for (span, _), frames in zip(sentences, results, strict=True):
            _user_data(span.doc)[_key(span)] = _shifted(asdict(frames), -span.start_char)
        for doc in docs:
            doc.spans[SPANS] = SpanGroup(doc, name=SPANS, spans=list(_evidence(doc)))
            yield doc

    def to_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002
        """Write the rules and the model, so that the saved pipeline stands on its own.

        Raise FramelensError where other rules lie there, with which it would be read back.
        """
        folder, files = place("path", path), self._files()
        make_folder(folder / "rules")
        for old in sorted((folder / "rules").glob("*.toml")):
            if f"rules/{old.name}" not in files:
                raise at(old, None, "rules of another making; expected another folder for these")
        write_files(folder, files)

    def from_disk(self, path: Path | str, *, exclude: Iterable[str] = ()) -> Self:  # noqa: ARG002
        """Take the rules and the model of a saved pipeline."""
        folder = place("path", path)
        self.rules_folder, self.model_folder = str(folder / "rules"), str(folder / "model")
        self._classifier = None
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:  # noqa: ARG002
        """Rules and model as one byte string."""
        packed: bytes = srsly.msgpack_dumps(self._files())
        return packed

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:  # noqa: ARG002
        """Take the rules and the model from `to_bytes`."""
        try:
            with uncollected():  # srsly would leave it so where it fails
                files = srsly.msgpack_loads(data)
            self._load_files(files)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            problem = f"damaged: {type(error).__name__}; expected what its to_bytes gave"
            raise FramelensError(f"the bytes of the component framelens are {problem}") from error
        return self

    def _load_files(self, files: Mapping[str, bytes]) -> None:
        sources = {
            name.removeprefix("rules/"): text.decode()
            for name, text in files.items()
            if name.startswith("rules/")
        }
        model = None
        if self.mode != "rules":
            model = Model.from_bytes(files["model/meta.json"], files["model/weights.npz"])
        self._classifier = FrameClassifier(parse_rules(sources), model, **self._options())

    def _files(self) -> dict[str, bytes]:
        rules, model = self.classifier.rules, self.classifier.model
        files = {f"rules/{name}": text.encode() for name, text in rules.sources.items()}
        if model is not None:
            meta, weights = model.to_bytes()
            files |= {"model/meta.json": meta, "model/weights.npz": weights}
        return files


def add_extension() -> None:
    """Register `sent._.frames`, as the component does: for Docs that are read back without it."""
    if not Span.has_extension(SPANS):
        Span.set_extension(SPANS, getter=_frames_of)
    elif Span.get_extension(SPANS)[2] is not _frames_of:
        raise FramelensError(
            f"Span._.{SPANS} is another extension; expected that name to be free for framelens's"
        )


def _user_data(doc: Doc) -> dict[Any, Any]:
    return cast(dict[Any, Any], doc.user_data)  # for the stubs one with names alone


def _key(span: Span) -> tuple[str, str, int, int]:
    """The key that spaCy uses for `span._.frames`, so that it moves the value with the span where Docs
    are cut or joined."""
    return "._.", SPANS, span.start_char, span.end_char


def _shifted(kept: Mapping[str, Any], by: int) -> dict[str, Any]:
    """The plain values of a sentence with all offsets moved `by` characters: user data hold offsets in
    the span, which stay true where Docs are cut or joined."""

    def shifted(row: Mapping[str, Any]) -> dict[str, Any]:
        return {**row, **{at: row[at] + by for at in OFFSETS if row[at] is not None}}

    stances = {
        name: {**row, "reasons": [shifted(reason) for reason in row.get("reasons", ())]}
        for name, row in kept["stances"].items()
    }
    evidence = [shifted(row) for row in kept["evidence"]]
    return {**shifted(kept), "evidence": evidence, "stances": stances}


def _frames_of(span: Span) -> SentenceFrames | None:
    """The getter of `sent._.frames`."""
    kept = _user_data(span.doc).get(_key(span))
    if kept is None:
        return None
    fields = _shifted(kept, span.start_char)
    fields["labels"] = tuple(kept["labels"])
    fields["evidence"] = tuple(Evidence(**row) for row in fields["evidence"])
    fields["stances"] = {
        name: FrameStance(
            row["name"],
            row["probabilities"],
            tuple(map(tuple, row["because"])),
            tuple(StanceReason(**reason) for reason in row.get("reasons", ())),
        )
        for name, row in fields["stances"].items()
    }
    return SentenceFrames(**fields)


def _sentences(doc: Doc, token_keys: TokenKeys) -> Iterator[tuple[Span, Tokens]]:
    """The sentences of a Doc, trimmed of white space; of some that is all there is."""
    if not doc.has_annotation("SENT_START"):
        set_sentences(doc)
    for span in doc.sents:
        text = span.text
        first, last = edges(text)
        text = text[first:last]
        yield span, Tokens(normalised(text), text, span.start_char + first, token_keys)


def set_sentences(doc: Doc) -> Doc:
    """Set `is_sent_start` of every token of a Doc by `split`; it is the component
    `framelens_sentences`.

    White space at the start is part of the first sentence, any other of the sentence before it.
    """
    if not len(doc):
        return doc
    text = doc.text
    later_starts = [_glued(text, start) for start, _ in split(text)[1:]]
    tokens = np.searchsorted(doc.to_array(["IDX"]).ravel(), later_starts)
    marks = np.full((len(doc), 1), -1, dtype=np.int64)
    marks[tokens[tokens < len(doc)]] = 1
    marks[0] = 1
    return doc.from_array(["SENT_START"], marks.view(np.uint64))  # type: ignore[arg-type]  # stub: int


def _glued(text: str, start: int) -> int:
    """The start of a word with the invisible characters before it, which are in the same token."""
    while start and _UNSEEN.match(text, start - 1):
        start -= 1
    return start


def _evidence(doc: Doc) -> Iterator[Span]:
    for sentence in doc.sents:
        frames: SentenceFrames | None = sentence._.get(SPANS)
        for row in frames.evidence if frames else ():
            if row.frame in frames.labels and row.weight > 0:  # type: ignore[union-attr]
                span = doc.char_span(
                    row.start, row.end, label=row.frame, span_id=row.name, alignment_mode="expand"
                )
                if span is not None:
                    yield span


DEFAULTS: dict[str, Any] = {"model": None, "rules": None, "mode": "hybrid", "thresholds": {}}


@Language.factory("framelens", default_config=DEFAULTS, assigns=["doc.spans"])
def create_framelens(
    nlp: Language,
    name: str,
    model: str | None,
    rules: str | None,
    mode: Mode,
    thresholds: dict[str, float],
) -> FrameTagger:
    """Make the component; `model` and `rules` are folders, by default the shipped ones. Warn where
    one is there already: a document keeps what the last of them finds."""
    for option, folder in (("model", model), ("rules", rules)):
        if folder is not None:  # it need not be there yet, or any more
            place(f"{name}: {option}", folder)
    if any(isinstance(pipe, FrameTagger) for _, pipe in nlp.pipeline):
        problem = "the pipeline has a framelens component already, whose results it writes over"
        warnings.warn(f"{name}: {problem}; expected a pipeline for each", stacklevel=2)
    return FrameTagger(nlp, model=model, rules=rules, mode=mode, thresholds=thresholds)


@Language.factory("framelens_sentences", assigns=["token.is_sent_start", "doc.sents"])
def create_sentences(nlp: Language, name: str) -> Callable[[Doc], Doc]:  # noqa: ARG001
    """Make the component; it has no settings."""
    return set_sentences
