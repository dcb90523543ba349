"""Whether more labels would help, as far as the answers so far can say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from framelens.analysis.corrected.tables import MORE, outlook_message
from framelens.project.items import Item
from framelens.statistics.corrected import Design, corrected_share


def outlook_of(items: Sequence[Item], frames: Sequence[str]) -> str:
    """How well shares are known from a coder's answers, and how much more labels would help; nothing
    where there are too few answers, or the sample was not drawn with known probabilities.

    It is of the shares in these texts, as documents are not known here. In a blind sample, without
    predictions, labels count alone.
    """
    labelled = [item for item in items if item.labels is not None]
    chances = [item.probability for item in labelled if item.probability is not None]
    if not labelled or len(chances) < len(labelled):
        return ""
    rate = len(labelled) / len(items)  # sentences without labels count as not drawn
    strata = np.unique([item.stratum for item in labelled], return_inverse=True)[1]
    size = len(labelled)
    design = Design(
        np.arange(size), rate * np.array(chances), strata.astype(np.int64), np.arange(size), "texts"
    )
    estimates = {}
    for frame in frames:
        predicted = np.array([frame in (item.proposed or ()) for item in labelled])
        truth = np.array([frame in (item.labels or ()) for item in labelled])
        if (estimate := corrected_share(predicted, truth, design)) is not None:
            estimates[frame] = estimate
    left = round(float((1 / design.probability).sum())) - size
    message = outlook_message(estimates, min(MORE, max(left, 0)))
    return f"{message} {SCOPE}" if message else ""


SCOPE = "That is of these texts alone; of documents like these, framelens correct tells."
