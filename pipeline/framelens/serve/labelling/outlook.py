"""Whether more labels would help, as far as the answers so far can say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from framelens.analysis.corrected.tables import outlook_message
from framelens.project.items import Item
from framelens.statistics.corrected import Design, corrected_share


def outlook_of(items: Sequence[Item], frames: Sequence[str]) -> str:
    """How well shares are known by what a coder has answered, and what more labels would do; nothing
    where the answers are too few, or the sample was not drawn with known probabilities.

    Of the documents the page knows nothing: it is of the shares in these texts. Where coders are not
    to know what framelens gives, labels count alone.
    """
    done = [item for item in items if item.labels is not None]
    chances = [item.probability for item in done if item.probability is not None]
    if not done or len(chances) < len(done):
        return ""
    rate = len(done) / len(items)  # for what is not labelled yet was not drawn so far
    strata = np.unique([item.stratum for item in done], return_inverse=True)[1]
    size = len(done)
    design = Design(
        np.arange(size), rate * np.array(chances), strata.astype(np.int64), np.arange(size), "texts"
    )
    predictions = {}
    for frame in frames:
        given = np.array([frame in (item.proposed or ()) for item in done])
        truth = np.array([frame in (item.labels or ()) for item in done])
        if (estimate := corrected_share(given, truth, design)) is not None:
            predictions[frame] = estimate
    return outlook_message(predictions)
