"""The queue of an installation without Redis: a folder of messages, of which a reader finds whole ones only.

kombu's own makes a message's file first and fills it then. A worker that looks in between reads nothing where it
expects a message, and ends.
"""

from __future__ import annotations

import logging
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps

logger = logging.getLogger(__name__)
TRIES, APART = 20, 0.05
LOOK_AGAIN_AFTER = 0.25


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]  # as in kombu
        # Read in the order of names. kombu's own begins with a number of no fixed length that a reboot sets back.
        path = Path(self.data_folder_out) / f"{time.time_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        being_written = path.with_name(f".{path.name}")  # a name that no reader looks for
        try:
            being_written.write_text(dumps(payload), encoding="utf-8")
            being_written.rename(path)
        except OSError as error:
            raise ChannelError(f"Cannot add {path.name} to the queue") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        """The next message. One that was damaged is lost: what it was about waits in the database for the sweep."""
        try:
            return super()._get(queue)
        except ValueError:
            logger.warning("A damaged message was taken out of the queue")
            raise Empty from None

    def _queue_bind(self, *args: Any) -> None:
        """Processes that start together write down their queues in the same file, and may find it half written."""
        for _ in range(TRIES):
            try:
                super()._queue_bind(*args)
            except ValueError:
                time.sleep(APART)
            else:
                return
        raise ChannelError("The list of queues cannot be read. Stop the portal and delete its queue folder.")


class Transport(filesystem.Transport):
    """kombu's looks once a second and returns after up to three: so long a worker did not see that it is to stop."""

    Channel = Channel
    polling_interval = LOOK_AGAIN_AFTER

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> None:
        super().drain_events(connection, timeout=timeout and min(timeout, LOOK_AGAIN_AFTER), **kwargs)
