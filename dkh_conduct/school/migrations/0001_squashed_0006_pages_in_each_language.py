from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from dkh_conduct.migrating import together


class Migration(migrations.Migration):
    replaces = [
        ("school", "0001_initial"),
        ("school", "0002_chain_end"),
        ("school", "0003_demo_school"),
        ("school", "0004_envelope"),
        ("school", "0005_tasks_and_closing"),
        ("school", "0006_pages_in_each_language"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalSchool",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "code",
                    models.CharField(db_index=True, help_text="Starts every reference, such as DKH.", max_length=6),
                ),
                ("name", models.CharField(max_length=120)),
                ("address", models.TextField(help_text="One line of the address on each line.", max_length=300)),
                ("phone", models.CharField(max_length=30)),
                ("email", models.EmailField(max_length=254)),
                ("website", models.CharField(max_length=120)),
                ("trust_name", models.CharField(blank=True, max_length=120)),
                ("safeguarding_phone", models.CharField(max_length=30)),
                ("safeguarding_hours", models.CharField(default="School days, 8am to 5pm", max_length=80)),
                (
                    "safeguarding_email",
                    models.EmailField(
                        blank=True,
                        help_text="Told at once, by a reference and a link, when a child may be at risk.",
                        max_length=254,
                    ),
                ),
                ("council_name", models.CharField(max_length=60)),
                ("council_phone", models.CharField(help_text="Children’s services in office hours.", max_length=30)),
                ("council_hours", models.CharField(default="Monday to Friday, 9am to 5pm", max_length=80)),
                ("council_night_phone", models.CharField(max_length=30)),
                ("read_within_school_days", models.PositiveSmallIntegerField(default=2)),
                ("reply_school_days", models.PositiveSmallIntegerField(default=7)),
                ("minimum_reply_school_days", models.PositiveSmallIntegerField(default=5)),
                (
                    "envelope",
                    models.CharField(
                        choices=[
                            ("dl35", "DL, window 35 × 90 mm"),
                            ("dl45", "DL, window 45 × 90 mm"),
                            ("c5", "C5, window 35 × 90 mm"),
                        ],
                        default="dl35",
                        help_text="Where its letters print the address.",
                        max_length=4,
                    ),
                ),
                ("keep_warning_letter_months", models.PositiveSmallIntegerField(default=12)),
                ("last_case_number", models.PositiveIntegerField(default=0)),
                ("last_batch_number", models.PositiveIntegerField(default=0)),
                (
                    "is_demo",
                    models.BooleanField(default=False, help_text="Invented, for trying out. Only seed_demo sets it."),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical school",
                "verbose_name_plural": "historical schools",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Limit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(help_text="A keyed hash: it does not say whom it counts.", max_length=64)),
                ("window_start", models.DateTimeField()),
                ("ends_at", models.DateTimeField(db_index=True)),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("key", "window_start"), name="one_count_per_window")],
            },
        ),
        migrations.CreateModel(
            name="School",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(help_text="Starts every reference, such as DKH.", max_length=6, unique=True)),
                ("name", models.CharField(max_length=120)),
                ("address", models.TextField(help_text="One line of the address on each line.", max_length=300)),
                ("phone", models.CharField(max_length=30)),
                ("email", models.EmailField(max_length=254)),
                ("website", models.CharField(max_length=120)),
                ("trust_name", models.CharField(blank=True, max_length=120)),
                ("safeguarding_phone", models.CharField(max_length=30)),
                ("safeguarding_hours", models.CharField(default="School days, 8am to 5pm", max_length=80)),
                (
                    "safeguarding_email",
                    models.EmailField(
                        blank=True,
                        help_text="Told at once, by a reference and a link, when a child may be at risk.",
                        max_length=254,
                    ),
                ),
                ("council_name", models.CharField(max_length=60)),
                ("council_phone", models.CharField(help_text="Children’s services in office hours.", max_length=30)),
                ("council_hours", models.CharField(default="Monday to Friday, 9am to 5pm", max_length=80)),
                ("council_night_phone", models.CharField(max_length=30)),
                ("read_within_school_days", models.PositiveSmallIntegerField(default=2)),
                ("reply_school_days", models.PositiveSmallIntegerField(default=7)),
                ("minimum_reply_school_days", models.PositiveSmallIntegerField(default=5)),
                (
                    "envelope",
                    models.CharField(
                        choices=[
                            ("dl35", "DL, window 35 × 90 mm"),
                            ("dl45", "DL, window 45 × 90 mm"),
                            ("c5", "C5, window 35 × 90 mm"),
                        ],
                        default="dl35",
                        help_text="Where its letters print the address.",
                        max_length=4,
                    ),
                ),
                ("keep_warning_letter_months", models.PositiveSmallIntegerField(default=12)),
                ("last_case_number", models.PositiveIntegerField(default=0)),
                ("last_batch_number", models.PositiveIntegerField(default=0)),
                (
                    "is_demo",
                    models.BooleanField(default=False, help_text="Invented, for trying out. Only seed_demo sets it."),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ChainEnd",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("log", models.CharField(help_text="The model's label.", max_length=80)),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="school.school"
                    ),
                ),
                ("seq", models.PositiveBigIntegerField(default=0)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("log", "school"), name="one_end_per_log")],
            },
        ),
        migrations.CreateModel(
            name="ClosedDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="closed_days", to="school.school"
                    ),
                ),
                ("day", models.DateField()),
                ("reason", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("inset", "Inset day"),
                            ("bank_holiday", "Extra bank holiday"),
                            ("other", "Closed for another reason"),
                        ],
                        default="other",
                        max_length=12,
                    ),
                ),
            ],
            options={
                "ordering": ["day"],
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("school", "day"), name="one_row_per_closed_day")],
            },
        ),
        migrations.CreateModel(
            name="HistoricalClosedDay",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("day", models.DateField()),
                ("reason", models.CharField(max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("inset", "Inset day"),
                            ("bank_holiday", "Extra bank holiday"),
                            ("other", "Closed for another reason"),
                        ],
                        default="other",
                        max_length=12,
                    ),
                ),
                (
                    "school",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="school.school",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical closed day",
                "verbose_name_plural": "historical closed days",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPage",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "slug",
                    models.CharField(
                        choices=[
                            ("accessibility", "Accessibility statement"),
                            ("privacy", "Privacy notice"),
                            ("cookies", "Cookies"),
                            ("contact", "Contact"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "language",
                    models.CharField(default="en-gb", help_text="As settings.LANGUAGES names it.", max_length=10),
                ),
                ("title", models.CharField(max_length=100)),
                ("body", models.TextField(help_text="Markdown.", max_length=20000)),
                ("version", models.PositiveIntegerField(default=1)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "school",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="school.school",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical page",
                "verbose_name_plural": "historical pages",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalTerm",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                (
                    "school",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="school.school",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical term",
                "verbose_name_plural": "historical terms",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pages", to="school.school"
                    ),
                ),
                (
                    "slug",
                    models.CharField(
                        choices=[
                            ("accessibility", "Accessibility statement"),
                            ("privacy", "Privacy notice"),
                            ("cookies", "Cookies"),
                            ("contact", "Contact"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "language",
                    models.CharField(default="en-gb", help_text="As settings.LANGUAGES names it.", max_length=10),
                ),
                ("title", models.CharField(max_length=100)),
                ("body", models.TextField(help_text="Markdown.", max_length=20000)),
                ("version", models.PositiveIntegerField(default=1)),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "updated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["slug", "language"],
                "default_permissions": ("change",),
                "constraints": [
                    models.UniqueConstraint(fields=("school", "slug", "language"), name="one_row_per_page")
                ],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="terms", to="school.school"
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
            ],
            options={
                "ordering": ["starts_on"],
                "permissions": [("change_calendar", "Can change the school’s calendar")],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="term_ends_after_start"
                    )
                ],
            },
        ),
    ]
    operations = together(operations)
