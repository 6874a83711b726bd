"""`manage.py rotate_keys`: seals everything again with the newest keys. Stop it at any moment, and run it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import models, transaction
from django.db.models.functions import Cast

from dkh_conduct.accounts.second_step_adapter import PURPOSE
from dkh_conduct.school import keyring, sealing
from dkh_conduct.school.sealing import BlindIndexField, SealedField, blind_index, current_key_id, seal, unseal
from incidents.evidence.originals import reseal_email, reseal_original
from incidents.evidence.sealing import RING as EVIDENCE_RING
from incidents.models import Evidence, Recording

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    help = "Seals names, contact details, second steps, originals and emails again with the newest keys. Safe to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--new", action="store_true", help="Make new keys first. For rings kept in files.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new"]:
            try:
                made = [keyring.add_key(ring).id for ring in (sealing.RING, EVIDENCE_RING)]
            except ValueError as refusal:
                raise CommandError(str(refusal)) from refusal
            self.stdout.write(f"New keys: {', '.join(made)}. Copy DATA_DIR/keys to where your copy of it is kept.")
        fields = sum(reseal_field(field) for field in sealed_fields())
        steps = reseal_second_steps()
        originals = sum(reseal_original(evidence=each) for each in Evidence.objects.exclude(original="").order_by("pk"))
        emails = sum(reseal_email(recording=each) for each in Recording.objects.exclude(email_file="").order_by("pk"))
        self.stdout.write(
            f"Sealed again: {fields} fields, {steps} second steps, {originals} originals, {emails} emails. "
            "Older keys are needed for backups made before; take them off the rings when those are gone."
        )


def sealed_fields() -> list[SealedField]:
    return [
        field for model in apps.get_models() for field in model._meta.local_fields if isinstance(field, SealedField)
    ]


def reseal_field(field: SealedField) -> int:
    """How many rows. Each is one statement that changes nothing where somebody wrote meanwhile."""
    done = 0
    rows = field.model._base_manager.annotate(as_sealed=Cast(field.name, models.TextField()))
    old = rows.exclude(as_sealed="").exclude(as_sealed__startswith=f"{current_key_id()}:")
    indexes = [
        other.name
        for other in field.model._meta.local_fields
        if isinstance(other, BlindIndexField) and other.source == field.name
    ]
    for pk, as_sealed, value in old.order_by("pk").values_list("pk", "as_sealed", field.name):
        changed = {field.name: value, **{name: blind_index(value) for name in indexes}}
        done += rows.filter(pk=pk, as_sealed=as_sealed).update(**changed)
    return done


def reseal_second_steps() -> int:
    done = 0
    for pk in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            held = Authenticator.objects.select_for_update().filter(pk=pk).first()
            name = next((name for name in ("secret", "seed") if held and name in held.data), None)
            if held is None or name is None or held.data[name].startswith(f"{current_key_id()}:"):
                continue
            held.data[name] = seal(unseal(held.data[name], purpose=PURPOSE), purpose=PURPOSE)
            held.save(update_fields=["data"])
            done += 1
    return done
