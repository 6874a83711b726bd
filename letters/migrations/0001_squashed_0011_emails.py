from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import dkh_conduct.school.sealing
from dkh_conduct.migrating import together


class Migration(migrations.Migration):
    replaces = [
        ("letters", "0001_initial"),
        ("letters", "0002_conflicts_of_interest"),
        ("letters", "0003_answered_checks"),
        ("letters", "0004_print_room_batches_and_void"),
        ("letters", "0005_large_print"),
        ("letters", "0006_template_studio"),
        ("letters", "0007_recounted"),
        ("letters", "0008_people_and_flags"),
        ("letters", "0009_mailings"),
        ("letters", "0010_copies"),
        ("letters", "0011_emails"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0002_squashed_0007_searches"),
        ("school", "0001_squashed_0006_pages_in_each_language"),
    ]

    operations = [
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="school.school"
                    ),
                ),
                (
                    "recipient",
                    models.CharField(help_text="The key under which letters to them were drafted.", max_length=40),
                ),
                ("key", models.CharField(help_text="Which reason it is, for whoever gave it.", max_length=40)),
                ("why", models.CharField(max_length=300)),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                ("is_absolute", models.BooleanField(default=True, help_text="No letter may be let go in spite of it.")),
            ],
            options={
                "ordering": ["since", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "recipient", "key"), name="hold_once_per_reason"),
                    models.CheckConstraint(
                        condition=models.Q(("recipient", ""), _negated=True), name="hold_has_a_recipient"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="letter_templates", to="school.school"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("number", models.PositiveIntegerField()),
                (
                    "text",
                    models.TextField(
                        help_text="Markdown with ((fields)); the first line is the heading.", max_length=10000
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=200)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["kind", "-number"],
                "default_permissions": ("change",),
                "constraints": [
                    models.UniqueConstraint(fields=("school", "kind", "number"), name="template_number_once_per_kind")
                ],
            },
        ),
        migrations.CreateModel(
            name="PrintBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Being put together"),
                            ("making", "Being put together "),
                            ("ready", "Ready"),
                            ("failed", "Could not be put together"),
                        ],
                        default="queued",
                        max_length=7,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_token", models.UUIDField(blank=True, null=True)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("failure", models.CharField(blank=True, max_length=300)),
                ("file", models.FileField(blank=True, max_length=120, upload_to="")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("pages", models.PositiveIntegerField(default=0)),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="print_batches", to="school.school"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "printed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("printed_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "order",
                    models.CharField(
                        choices=[("name", "By name"), ("postcode", "By postcode")], default="name", max_length=8
                    ),
                ),
                (
                    "sheets",
                    models.CharField(
                        choices=[
                            ("none", "Nothing"),
                            ("reference", "A sheet with the reference"),
                            ("address", "A sheet with the name and address"),
                        ],
                        default="none",
                        max_length=9,
                    ),
                ),
                ("letters_done", models.PositiveIntegerField(default=0)),
                ("letters_total", models.PositiveIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "print batches",
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "number"), name="batch_number_once_per_school")
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="letters", to="school.school"
                    ),
                ),
                ("reference", models.CharField(help_text="Our reference: DKH-C014-3.", max_length=24)),
                (
                    "kind",
                    models.CharField(help_text="Which template it was made from, such as warning.", max_length=20),
                ),
                ("template_version", models.CharField(max_length=20)),
                ("title", models.CharField(help_text="What the office calls it: Warning letter.", max_length=80)),
                ("heading", models.CharField(help_text="The letter's main heading.", max_length=120)),
                ("addressee", models.CharField(max_length=120)),
                ("salutation", models.CharField(max_length=120)),
                ("address", models.TextField(max_length=300)),
                ("body", models.TextField(help_text="Markdown: headings, lists, bold, tables.", max_length=10000)),
                ("written_on", models.DateField()),
                ("reply_by", models.DateField(blank=True, null=True)),
                ("signatory_name", models.CharField(max_length=120)),
                ("signatory_role", models.CharField(max_length=120)),
                ("enclosures", models.CharField(blank=True, max_length=200)),
                (
                    "copies_to",
                    models.CharField(blank=True, help_text="Who else gets it. Printed on the letter.", max_length=200),
                ),
                (
                    "delivery",
                    models.CharField(
                        choices=[
                            ("post", "First class post, from the print room"),
                            ("second", "Second class post, from the print room"),
                            ("hand", "Handed over in person"),
                            ("email", "By email: a link that needs the letter’s code"),
                        ],
                        default="post",
                        max_length=6,
                    ),
                ),
                ("email_to", dkh_conduct.school.sealing.SealedField(blank=True, default="", purpose="letter.email_to")),
                ("language", models.CharField(blank=True, help_text="Of emails and pages about it.", max_length=8)),
                (
                    "is_large_print",
                    models.BooleanField(default=False, help_text="18 point, for somebody who asked for large print."),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("queued", "Being made"),
                            ("rendering", "Being made "),
                            ("failed", "Could not be made"),
                            ("ready", "To print"),
                            ("printed", "To post"),
                            ("posted", "Posted"),
                            ("void", "Void"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, help_text="Goes up with every saved change of a draft."),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("queued_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_token", models.UUIDField(blank=True, null=True)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("failure", models.CharField(blank=True, max_length=300)),
                ("file", models.FileField(blank=True, max_length=120, upload_to="")),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("size", models.PositiveIntegerField(default=0)),
                ("pages", models.PositiveSmallIntegerField(default=0)),
                ("sealed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="letters.printbatch",
                    ),
                ),
                ("printed_at", models.DateTimeField(blank=True, null=True)),
                ("posted_on", models.DateField(blank=True, null=True)),
                (
                    "posted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("posted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "arrives_on",
                    models.DateField(blank=True, help_text="The day it counts as having arrived.", null=True),
                ),
                (
                    "fair_reply_by",
                    models.DateField(
                        blank=True,
                        help_text="The day to reply by, moved where the post left too few school days.",
                        null=True,
                    ),
                ),
                ("voided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "voided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "void_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("address", "The address is wrong"),
                            ("came_back", "It came back, or did not arrive"),
                            ("damaged", "It is damaged or was printed badly"),
                            ("words", "What it says is wrong"),
                            ("other", "Something else"),
                        ],
                        max_length=9,
                    ),
                ),
                ("void_words", models.CharField(blank=True, max_length=300)),
                (
                    "reissue_of",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reissued_as",
                        to="letters.letter",
                    ),
                ),
                (
                    "recipient",
                    models.CharField(
                        blank=True,
                        help_text="Who it is to, as a key of whoever wrote it. Empty for a body.",
                        max_length=40,
                    ),
                ),
                (
                    "in_spite_at",
                    models.DateTimeField(blank=True, help_text="When it was let go in spite of a flag.", null=True),
                ),
                ("in_spite_why", models.CharField(blank=True, max_length=300)),
                (
                    "withheld_from",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Staff with a conflict of interest.",
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-drafted_at", "-pk"],
                "permissions": [
                    ("view_every_letter", "Can read letters that somebody else wrote, too"),
                    ("draft_letter", "Can write and change drafts"),
                    ("approve_letter", "Can approve a letter"),
                    ("print_letter", "Can print letters and mark them as posted"),
                ],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["school", "state", "approved_at"], name="letter_print_room"),
                    models.Index(fields=["school", "state", "-posted_on", "-id"], name="letter_posted"),
                    models.Index(fields=["school", "-sealed_at", "-id"], name="letter_register"),
                    models.Index(fields=["school", "recipient"], name="letter_by_recipient"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "reference"), name="letter_reference_once_per_school"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "draft"),
                            models.Q(("approved_by__isnull", False), ("approved_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="letter_leaves_draft_only_approved",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["ready", "printed", "posted"]), _negated=True),
                            models.Q(
                                models.Q(("sha256", ""), _negated=True),
                                models.Q(("file", ""), _negated=True),
                                ("pages__gt", 0),
                            ),
                            _connector="OR",
                        ),
                        name="letter_to_print_is_sealed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "posted"), _negated=True),
                            models.Q(("posted_on__isnull", False), ("posted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="posted_letter_says_when_and_by_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "void"), _negated=True),
                            models.Q(
                                ("voided_at__isnull", False),
                                ("voided_by__isnull", False),
                                models.Q(("void_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="void_letter_says_when_why_and_by_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalLetter",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("reference", models.CharField(help_text="Our reference: DKH-C014-3.", max_length=24)),
                (
                    "kind",
                    models.CharField(help_text="Which template it was made from, such as warning.", max_length=20),
                ),
                ("template_version", models.CharField(max_length=20)),
                ("title", models.CharField(help_text="What the office calls it: Warning letter.", max_length=80)),
                ("heading", models.CharField(help_text="The letter's main heading.", max_length=120)),
                ("addressee", models.CharField(max_length=120)),
                ("salutation", models.CharField(max_length=120)),
                ("address", models.TextField(max_length=300)),
                ("body", models.TextField(help_text="Markdown: headings, lists, bold, tables.", max_length=10000)),
                ("written_on", models.DateField()),
                ("reply_by", models.DateField(blank=True, null=True)),
                ("signatory_name", models.CharField(max_length=120)),
                ("signatory_role", models.CharField(max_length=120)),
                ("enclosures", models.CharField(blank=True, max_length=200)),
                (
                    "copies_to",
                    models.CharField(blank=True, help_text="Who else gets it. Printed on the letter.", max_length=200),
                ),
                (
                    "delivery",
                    models.CharField(
                        choices=[
                            ("post", "First class post, from the print room"),
                            ("second", "Second class post, from the print room"),
                            ("hand", "Handed over in person"),
                            ("email", "By email: a link that needs the letter’s code"),
                        ],
                        default="post",
                        max_length=6,
                    ),
                ),
                ("email_to", dkh_conduct.school.sealing.SealedField(blank=True, default="", purpose="letter.email_to")),
                ("language", models.CharField(blank=True, help_text="Of emails and pages about it.", max_length=8)),
                (
                    "is_large_print",
                    models.BooleanField(default=False, help_text="18 point, for somebody who asked for large print."),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("queued", "Being made"),
                            ("rendering", "Being made "),
                            ("failed", "Could not be made"),
                            ("ready", "To print"),
                            ("printed", "To post"),
                            ("posted", "Posted"),
                            ("void", "Void"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, help_text="Goes up with every saved change of a draft."),
                ),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("queued_at", models.DateTimeField(blank=True, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("failure", models.CharField(blank=True, max_length=300)),
                ("file", models.TextField(blank=True, max_length=120)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("size", models.PositiveIntegerField(default=0)),
                ("pages", models.PositiveSmallIntegerField(default=0)),
                ("sealed_at", models.DateTimeField(blank=True, null=True)),
                ("printed_at", models.DateTimeField(blank=True, null=True)),
                ("posted_on", models.DateField(blank=True, null=True)),
                ("posted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "arrives_on",
                    models.DateField(blank=True, help_text="The day it counts as having arrived.", null=True),
                ),
                (
                    "fair_reply_by",
                    models.DateField(
                        blank=True,
                        help_text="The day to reply by, moved where the post left too few school days.",
                        null=True,
                    ),
                ),
                ("voided_at", models.DateTimeField(blank=True, null=True)),
                (
                    "void_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("address", "The address is wrong"),
                            ("came_back", "It came back, or did not arrive"),
                            ("damaged", "It is damaged or was printed badly"),
                            ("words", "What it says is wrong"),
                            ("other", "Something else"),
                        ],
                        max_length=9,
                    ),
                ),
                ("void_words", models.CharField(blank=True, max_length=300)),
                (
                    "recipient",
                    models.CharField(
                        blank=True,
                        help_text="Who it is to, as a key of whoever wrote it. Empty for a body.",
                        max_length=40,
                    ),
                ),
                (
                    "in_spite_at",
                    models.DateTimeField(blank=True, help_text="When it was let go in spite of a flag.", null=True),
                ),
                ("in_spite_why", models.CharField(blank=True, max_length=300)),
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
                    "drafted_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="letters.printbatch",
                    ),
                ),
                (
                    "posted_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "voided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reissue_of",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="letters.letter",
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
                "verbose_name": "historical letter",
                "verbose_name_plural": "historical letters",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="LetterEmail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "letter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="email", to="letters.letter"
                    ),
                ),
                ("to", dkh_conduct.school.sealing.SealedField(purpose="letter_email.to")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("failure", models.CharField(blank=True, max_length=300)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("opened_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["created_at"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at__isnull", True)), fields=["created_at"], name="letter_email_unsent"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "letter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="events", to="letters.letter"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sealed", "Letter made and sealed"),
                            ("failed", "Letter could not be made"),
                            ("retried", "Letter queued again"),
                            ("printed", "Letter printed"),
                            ("posted", "Letter posted"),
                            ("handed_over", "Letter handed over"),
                            ("posting_undone", "Posting undone"),
                            ("recounted", "Day to reply counted again"),
                            ("copied", "Copy printed"),
                            ("voided", "Letter made void"),
                            ("reissued", "Letter issued again"),
                            ("held", "Letter stopped"),
                            ("released", "Letter no longer stopped"),
                            ("let_go", "May go in spite of a flag"),
                            ("emailed", "Link emailed"),
                            ("opened", "Opened by its addressee"),
                            ("post_instead", "Goes by post instead"),
                            ("check_answered", "Gone on after a check"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("facts", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["letter", "-at"], name="event_of_letter")],
            },
        ),
        migrations.CreateModel(
            name="Mailing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mailings", to="school.school"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "letter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="mailing", to="letters.letter"
                    ),
                ),
                (
                    "audience",
                    models.JSONField(help_text="Who it is for, as whoever knows the families understands it."),
                ),
                ("audience_words", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("proposed", "Waits for approval"),
                            ("approved", "Letters are being made"),
                            ("done", "Letters are made"),
                            ("discarded", "Given up"),
                        ],
                        default="draft",
                        max_length=9,
                    ),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("proposed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_why", models.CharField(blank=True, help_text="Why it was sent back.", max_length=500)),
                (
                    "excluded",
                    models.JSONField(default=list, help_text="A name and the reason, for each who got no letter."),
                ),
            ],
            options={
                "ordering": ["-number"],
                "permissions": [
                    ("draft_mailing", "Can write a letter to many families"),
                    ("approve_mailing", "Can approve a letter to many families"),
                ],
                "default_permissions": (),
                "indexes": [models.Index(fields=["school", "state"], name="mailing_by_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "number"), name="mailing_number_once_per_school"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["approved", "done"]), _negated=True),
                            ("decided_by__isnull", False),
                            _connector="OR",
                        ),
                        name="approved_mailing_says_by_whom",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MailingRecipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mailing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recipients", to="letters.mailing"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("recipient", models.CharField(max_length=40)),
                ("addressee", models.CharField(max_length=120)),
                ("salutation", models.CharField(max_length=120)),
                ("address", models.TextField(max_length=300)),
                (
                    "letter",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mailing_recipient",
                        to="letters.letter",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("mailing", "number"), name="mailing_recipient_once"),
                    models.UniqueConstraint(fields=("mailing", "recipient"), name="mailing_reaches_nobody_twice"),
                ],
            },
        ),
    ]
    operations = together(operations)
