"""Seals what stood in the clear: who reported, their drafts, and the messages sent to them."""

from __future__ import annotations

import json

from django.db import migrations, models

import dkh_conduct.school.sealing
from dkh_conduct.school.sealing import blind_index, seal

IDENTITY = {
    "name": "reporter.name",
    "email": "reporter.email",
    "pending_email": "reporter.email",
    "phone": "reporter.phone",
}
SEALED = {
    "Reporter": IDENTITY,
    "HistoricalReporter": IDENTITY,
    "Draft": {"answers": "draft.answers"},
    "Email": {"to": "email.to", "body": "email.body"},
}
KEYS = {"HistoricalReporter": "history_id"}


def seal_rows(apps, schema_editor):
    for model_name, fields in SEALED.items():
        model = apps.get_model("incidents", model_name)
        key = KEYS.get(model_name, "id")
        for row in model.objects.order_by(key).values(key, *fields).iterator(chunk_size=500):
            changed = {name: _sealed(row[name], purpose) for name, purpose in fields.items()}
            if "email" in fields:
                changed |= {f"{name}_index": blind_index(row[name] or "") for name in ("email", "phone")}
            model.objects.filter(**{key: row[key]}).update(**changed)


def _sealed(value, purpose):
    if purpose == "draft.answers":
        answers = json.loads(value) if value else {}
        return seal(json.dumps(answers), purpose=purpose) if answers else ""
    return seal(value or "", purpose=purpose)


def _index(source):
    return dkh_conduct.school.sealing.BlindIndexField(
        blank=True, db_index=True, default="", editable=False, max_length=64, source=source
    )


def _plain():
    return [
        migrations.AlterField(model, name, models.TextField(blank=True, default=""))
        for model, fields in SEALED.items()
        for name in fields
    ]


HELP = {"pending_email": {"help_text": "Not used for anything until its owner confirms it."}}


class Migration(migrations.Migration):
    dependencies = [("incidents", "0010_evidence_kinds")]

    operations = [
        *[
            migrations.AddField(model, f"{source}_index", _index(source))
            for model in ("reporter", "historicalreporter")
            for source in ("email", "phone")
        ],
        *_plain(),
        migrations.RunPython(seal_rows, migrations.RunPython.noop),
        *[
            migrations.AlterField(
                model,
                name,
                dkh_conduct.school.sealing.SealedField(blank=True, purpose=purpose, **HELP.get(name, {})),
            )
            for model in ("Reporter", "HistoricalReporter")
            for name, purpose in IDENTITY.items()
        ],
        migrations.AlterField(
            "Draft",
            "answers",
            dkh_conduct.school.sealing.SealedJSONField(blank=True, default=dict, purpose="draft.answers"),
        ),
        *[
            migrations.AlterField("Email", name, dkh_conduct.school.sealing.SealedField(purpose=f"email.{name}"))
            for name in ("to", "body")
        ],
    ]
