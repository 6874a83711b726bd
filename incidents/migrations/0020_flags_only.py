from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("incidents", "0019_people_and_flags"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="historicalperson",
            name="may_not_be_written_to",
        ),
        migrations.RemoveField(
            model_name="person",
            name="may_not_be_written_to",
        ),
    ]
