"""Inference requests, one by one, in; what the protocol's `/stats` says of each model out.

Counted is what this process answered by the protocol since it started. With several workers
each counts its own; `/metrics` has the sum.
"""

import time
from dataclasses import dataclass
from typing import Any

from inkdigits.model.card import Card


@dataclass(slots=True)
class Tally:
    """What one model has done.

    Attributes:
        succeeded, failed: requests.
        succeeded_ns, failed_ns: how long they took in all.
        pictures: read in requests that succeeded.
        last_ms: when the last one was answered, ms since 1970.
    """

    succeeded: int = 0
    failed: int = 0
    succeeded_ns: int = 0
    failed_ns: int = 0
    pictures: int = 0
    last_ms: int = 0

    def count(self, pictures: int, took_ns: int) -> None:
        """Count one request.

        Args:
            pictures: read; 0 when the request failed.
            took_ns: from the body's arrival to the answer.
        """
        if pictures:
            self.succeeded += 1
            self.succeeded_ns += took_ns
            self.pictures += pictures
        else:
            self.failed += 1
            self.failed_ns += took_ns
        self.last_ms = time.time_ns() // 1_000_000


def model_stats(name: str, card: Card, tally: Tally) -> dict[str, Any]:
    """Lay out one entry of `GET /v2/models/stats`.

    Args:
        name: as the client called the model.
        card: of the model.
        tally: what it has done.

    Returns:
        The entry, ready for JSON. Of the stages in between nothing is counted here.
    """
    return {
        "name": name,
        "version": card.version,
        "last_inference": tally.last_ms,
        "inference_count": tally.pictures,
        "execution_count": tally.succeeded,
        "inference_stats": {
            "success": {"count": tally.succeeded, "ns": tally.succeeded_ns},
            "fail": {"count": tally.failed, "ns": tally.failed_ns},
        },
        "batch_stats": [],
    }
