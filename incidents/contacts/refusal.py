"""A verb of this slice says no: the message is the sentence that is shown beside the form."""

from __future__ import annotations


class ContactRefusedError(Exception):
    """Nothing has changed."""
