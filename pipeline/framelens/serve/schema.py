"""What goes in and out of the API, as its OpenAPI description tells it."""

from __future__ import annotations

from base64 import b64decode
from contextlib import suppress
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from framelens.core.types import EvidenceKind


class Closed(BaseModel):
    """An object with no other fields than those listed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def well_formed(text: str) -> str:
    """A text that can be written in UTF-8, which halves of surrogate pairs cannot."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        problem = "character {place} is half a surrogate pair; expected Unicode text"
        raise PydanticCustomError("unicode", problem, {"place": error.start}) from None
    return text


class Question(Closed):
    """A text to classify."""

    text: Annotated[str, AfterValidator(well_formed)] = Field(
        description="The text, in English.", examples=["The talks failed."]
    )
    unit: Literal["document", "sentence"] = Field(
        "document", description="Split the text into sentences, or take it as one."
    )
    explain: bool = Field(
        False, description="Account for the score of every frame, not only of those given."
    )


class EvidenceItem(Closed):
    """One contribution to one frame's score."""

    frame: str
    kind: EvidenceKind
    name: str = Field(description="The rule's id, or the term.")
    start: int = Field(description="Where the words begin in the text, in characters.")
    end: int = Field(description="Where they end.")
    text: str
    weight: float = Field(description="What they add to the score, in log-odds.")
    note: str | None = Field(
        None, description="Why a rule is there, or does not count; with `explain`."
    )


class CauseItem(Closed):
    """A rule or a term with all its occurrences in a sentence, which can be left out as a whole."""

    kind: EvidenceKind
    name: str
    weight: float = Field(description="What they add to the score together, in log-odds.")


class Reason(Closed):
    """A feature that speaks for or against a stance, or the bias."""

    name: str
    weight: float = Field(description="What it adds to the stance's score, in log-odds.")


class StanceReason(Closed):
    """Why a stance is given, in plain words."""

    text: str = Field(description="The words of the sentence, if there are any in particular.")
    start: int | None = Field(description="Where they begin in the text, in characters.")
    end: int | None = Field(description="Where they end.")
    words: str
    weight: float = Field(
        description="What it adds for the stance against the next likeliest, in log-odds."
    )


class Treatment(Closed):
    """How sure a stance is, and what spoke for it; the weights add up to its score."""

    probabilities: dict[str, float] = Field(description="Of each stance.")
    because: list[Reason] = Field(description="The bias, then the heaviest first.")


class Sentence(Closed):
    """A sentence and its frames.

    With `explain`, for each frame: log(p / (1 - p)) = bias + sum of the weights of its evidence,
    and the frame is given where p, its score, reaches its threshold.
    """

    id: str
    doc: str = Field(description="`text`; of a file, its name, or a record's.")
    index: int = Field(description="The sentence's number in the text, from 0.")
    start: int = Field(description="Where it begins in the text, in characters (code points).")
    end: int = Field(description="Where it ends.")
    text: str
    labels: list[str] = Field(description="The frames given, in the scheme's order.")
    primary: str | None = Field(description="The one that the main clause names first.")
    scores: dict[str, float] = Field(description="The probability of each frame.")
    about: float | None = Field(
        None, description="The probability that it is about the codebook's subject at all."
    )
    stances: dict[str, str] | None = Field(
        None, description="How it treats each frame given, where the codebook has stances."
    )
    treatments: dict[str, Treatment] | None = Field(
        None, description="Why it has these stances; with `explain`."
    )
    reasons: dict[str, list[StanceReason]] | None = Field(
        None, description="What decides these stances, the heaviest first; with `explain`."
    )
    evidence: list[EvidenceItem] = Field(
        description="What counts for and against the frames given; with `explain`, all frames."
    )
    bias: dict[str, float] | None = Field(None, description="Log-odds; with `explain`.")
    thresholds: dict[str, float] | None = Field(
        None, description="Probabilities from which frames are given; with `explain`."
    )
    flip: dict[str, list[CauseItem] | None] = Field(
        description="For each frame given, with `explain` for each frame: the fewest rules and "
        "terms without which the decision would be the opposite; null where none are."
    )
    meta: dict[str, Any] | None = Field(
        None,
        description="What was found of its place in a document: kind (the page counts prose alone), "
        "paragraph, part, speaker, language where that is not English, and a file's own fields.",
    )


class Answer(Closed):
    """The sentences of a text in order, and what classified them."""

    sentences: list[Sentence]
    model: str | None = Field(description="SHA-256 of the model; null where rules decide alone.")
    rules: str = Field(description="SHA-256 of the rules.")
    version: str = Field(description="The version of framelens.")


class Health(Closed):
    """That the server answers, and with what."""

    status: Literal["ok"]
    version: str
    rules: str
    model: str | None
    mode: Literal["hybrid", "rules", "model"] = Field(description="What decides.")
    busy: int = Field(description="How many texts are under way.")


class Problem(Closed):
    """What is wrong, on one line."""

    error: str


class FileAnswer(Answer):
    """What is in a file, and what classified it."""

    text: str = Field(description="Its text, in which sentences start and end.")


def decoded(content: object) -> bytes:
    """The bytes that base64 stands for, and nothing besides it but line breaks."""
    if isinstance(content, str):
        with suppress(ValueError):
            return b64decode("".join(content.split()), validate=True)
    raise PydanticCustomError("base64", "not base64; expected a file's bytes in it")


class File(Closed):
    """A file to classify."""

    name: str = Field(description="Its name, whose end tells its type.", max_length=500)
    content: Annotated[bytes, BeforeValidator(decoded)] = Field(
        description="Its bytes, in base64.",
        json_schema_extra={"format": "base64", "type": "string"},
    )
