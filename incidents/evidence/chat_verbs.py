"""What staff do with an exported chat: mark the messages that matter, say how it writes dates, destroy the rest."""

from __future__ import annotations

import uuid
from functools import partial
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from incidents.evidence.chat_lines import set_days
from incidents.evidence.custody import Kind, hashes_of, note
from incidents.evidence.destroying import discard
from incidents.evidence.originals import case_of
from incidents.evidence.redacting import REDACT
from incidents.models import Event, Evidence
from incidents.models.event import record
from incidents.models.evidence_hints import UNDATED

if TYPE_CHECKING:
    from collections.abc import Collection

    from dkh_conduct.accounts.models import User

ORDERS = {"dmy": "Day, then month", "mdy": "Month, then day"}


class ChatRefusedError(Exception):
    """Nothing was done. The message is a sentence for whoever asked."""


@transaction.atomic
def mark_lines(*, evidence: Evidence, shown: Collection[int], marked: Collection[int], by: User) -> int:
    """Of the messages that were on the page, mark these and no others. Gives how many changed.

    One in which somebody saw a sign of a crime or of libel stays marked: it is in the file of its case.
    """
    chat = _locked(evidence, by)
    on_page = chat.lines.filter(number__in=shown)
    changed = on_page.filter(number__in=marked, is_marked=False).update(is_marked=True)
    changed += on_page.exclude(number__in=marked).filter(is_marked=True, signals=None).update(is_marked=False)
    if changed:
        note(Kind.MARKED, chat, by=by, count=chat.lines.marked().count())
    return changed


@transaction.atomic
def set_date_order(*, evidence: Evidence, order: str, by: User) -> None:
    chat = _locked(evidence, by)
    if order not in ORDERS:
        raise ChatRefusedError("Choose how this export writes dates")
    set_days(chat, order)
    chat.date_order = order
    chat.hints = [hint for hint in chat.hints if hint != UNDATED]
    chat.save(update_fields=["date_order", "hints"])


def destroy_rest(*, evidence: Evidence, by: User, why: str) -> int:
    """Keep the marked messages only, as they are. Everything else of the file goes: the rest of the messages, the files
    that came with them, and the sealed original, of which the hash stays. Gives how many messages went."""
    new = f"copies/{uuid.uuid4()}.txt"
    try:
        with transaction.atomic():
            chat = _locked(evidence, by)
            kept = list(chat.lines.marked())
            if not kept:
                raise ChatRefusedError("Mark the messages that matter first. Without a mark, nothing would be left.")
            gone, _ = chat.lines.filter(is_marked=False).delete()
            default_storage.save(new, ContentFile("".join(line.raw for line in kept).encode("utf-8", "surrogatepass")))
            old = [str(chat.original), str(chat.copy)]
            attached = {line.attachment for line in kept if line.attachment}
            for part in chat.parts.exclude(name__in=attached):
                old += [str(part.copy), str(part.thumbnail)]
                chat.read_words.filter(part=part.number).delete()
                part.delete()
            chat.original, chat.copy, chat.original_destroyed_at = "", new, timezone.now()
            chat.save(update_fields=["original", "copy", "original_destroyed_at"])
            record(
                Event.Kind.CHAT_REST_DESTROYED,
                school=chat.school,
                by=by,
                case=case_of(chat),
                concern=chat.concern,
                why=why,
            )
            note(Kind.REST_DESTROYED, chat, by=by, sha256=chat.sha256, count=gone, gone=[name for name in old if name])
            note(Kind.COPY_MADE, chat, by=by, files=hashes_of([new]), count=len(kept))
            transaction.on_commit(partial(discard, [name for name in old if name]), robust=True)
    except BaseException:
        discard([new])
        raise
    return gone


def _locked(evidence: Evidence, by: User) -> Evidence:
    if not by.has_perm(REDACT):
        raise PermissionDenied
    chat = Evidence.objects.select_for_update().filter(pk=evidence.pk).first()
    if chat is None or chat.kind != "chat":
        raise ChatRefusedError("This chat was destroyed in the meantime.")
    return chat
