from __future__ import annotations

import uuid

import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import dkh_conduct.school.sealing
import incidents.models.draft
from dkh_conduct.migrating import together


class Migration(migrations.Migration):
    replaces = [
        ("incidents", "0001_initial"),
        ("incidents", "0002_referrals"),
        ("incidents", "0003_custody"),
        ("incidents", "0004_conflicts_of_interest"),
        ("incidents", "0005_steps_of_two_people"),
        ("incidents", "0006_outcomes"),
        ("incidents", "0007_evidence_files"),
        ("incidents", "0008_site_bans"),
        ("incidents", "0009_languages"),
        ("incidents", "0010_evidence_kinds"),
        ("incidents", "0011_sealed_identity"),
        ("incidents", "0012_meetings_authorities_and_advice"),
        ("incidents", "0013_evidence_may_have_no_hints"),
        ("incidents", "0014_cases_and_recordings"),
        ("incidents", "0015_notices"),
        ("incidents", "0016_draft_links"),
        ("incidents", "0017_saved_filters"),
        ("incidents", "0018_school_time"),
        ("incidents", "0019_people_and_flags"),
        ("incidents", "0020_flags_only"),
        ("incidents", "0021_hand_over"),
        ("incidents", "0022_case_files"),
        ("incidents", "0023_evidence_drawn_later"),
        ("incidents", "0024_contact_imports"),
        ("incidents", "0025_words_in_pictures"),
        ("incidents", "0026_packs_and_versions"),
        ("incidents", "0027_merged_cases"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0002_squashed_0007_searches"),
        ("letters", "0001_squashed_0011_emails"),
        ("school", "0001_squashed_0006_pages_in_each_language"),
        # Not needed here. They change tables one by one, which takes a tenth of the time while few are known.
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="school.school"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("summary", models.CharField(help_text="What it is about, in a few neutral words.", max_length=120)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("paused", "Paused for safeguarding"), ("closed", "Closed")],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="led_cases",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("next_action", models.CharField(blank=True, max_length=120)),
                ("next_on", models.DateField(blank=True, null=True)),
                (
                    "cannot_wait_reason",
                    models.TextField(
                        blank=True, help_text="Why a step cannot wait for the information asked for.", max_length=2000
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_reason", models.TextField(blank=True, max_length=5000)),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="incidents.case",
                    ),
                ),
                ("last_letter_number", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["-number"],
                "permissions": [
                    ("view_every_case", "Can read cases that were not referred to them, too"),
                    ("run_case", "Can gather information and record findings"),
                    ("take_step", "Can take a step of the ladder"),
                    ("approve_step", "Can approve a step that someone else proposed"),
                ],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["school", "status", "next_on"], name="case_list"),
                    models.Index(fields=["lead", "status", "next_on"], name="case_by_lead"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("school", "number"), name="case_number_once_per_school"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "closed"), _negated=True),
                            models.Q(models.Q(("closed_reason", ""), _negated=True), ("closed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="closed_case_says_why_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("merged_into__isnull", True), ("status", "closed"), _connector="OR"),
                        name="merged_case_is_closed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="school.school"
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("file_name", models.CharField(max_length=120)),
                ("table", dkh_conduct.school.sealing.SealedField(purpose="contact_import.table")),
                ("columns", models.JSONField(default=dict, help_text="What each column holds, by its number from 0.")),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="CustodyEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="school.school"
                    ),
                ),
                ("seq", models.PositiveBigIntegerField(help_text="1, 2, 3 … within one school, without a gap.")),
                ("at", models.DateTimeField()),
                ("kind", models.CharField(max_length=40)),
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
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "evidence_key",
                    models.UUIDField(help_text="Of the file. Not a foreign key: the file may be destroyed."),
                ),
            ],
            options={
                "verbose_name_plural": "custody entries",
                "ordering": ["seq"],
                "abstract": False,
                "default_permissions": (),
                "indexes": [models.Index(fields=["evidence_key", "seq"], name="custody_of_evidence")],
                "constraints": [models.UniqueConstraint(fields=("school", "seq"), name="custodyentry_has_no_twin")],
            },
        ),
        migrations.CreateModel(
            name="Email",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="school.school"
                    ),
                ),
                ("to", dkh_conduct.school.sealing.SealedField(purpose="email.to")),
                ("subject", models.CharField(max_length=120)),
                ("body", dkh_conduct.school.sealing.SealedField(purpose="email.body")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("failure", models.CharField(blank=True, max_length=300)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["created_at"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at__isnull", True)), fields=["created_at"], name="email_unsent"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalPerson",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("full_name", models.CharField(max_length=120)),
                ("title", models.CharField(blank=True, help_text="Only if they gave one.", max_length=20)),
                ("is_child", models.BooleanField(default=False)),
                (
                    "address",
                    models.TextField(blank=True, help_text="One line of the address on each line.", max_length=300),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("en-gb", "English"),
                            ("ar", "العربيّة"),
                            ("es", "Español"),
                            ("fr", "Français"),
                            ("pt", "Português"),
                        ],
                        help_text="Only if they said so.",
                        max_length=8,
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "email_agreed_on",
                    models.DateField(blank=True, help_text="When they agreed to letters by email.", null=True),
                ),
                (
                    "email_agreed_how",
                    models.CharField(blank=True, help_text="Such as: on the form of 3 September.", max_length=200),
                ),
                (
                    "is_contact",
                    models.BooleanField(default=False, help_text="On the list imported from the school's own system."),
                ),
                (
                    "mis_id",
                    models.CharField(blank=True, help_text="Their number in the school's own system.", max_length=40),
                ),
                (
                    "born_on",
                    models.DateField(
                        blank=True, help_text="Of a child, to tell two of the same name apart.", null=True
                    ),
                ),
                ("year_group", models.CharField(blank=True, max_length=20)),
                ("class_name", models.CharField(blank=True, max_length=40)),
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
                    "email_agreed_to",
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
                "verbose_name": "historical person",
                "verbose_name_plural": "historical people",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="NoticeChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notice_choice",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "often",
                    models.CharField(
                        choices=[
                            ("once", "At once"),
                            ("daily", "Once a day, in the morning"),
                            ("weekly", "Once a week, on Monday morning"),
                            ("never", "Never: I look behind the bell"),
                        ],
                        default="daily",
                        max_length=6,
                    ),
                ),
                ("last_emailed_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="people", to="school.school"
                    ),
                ),
                ("full_name", models.CharField(max_length=120)),
                ("title", models.CharField(blank=True, help_text="Only if they gave one.", max_length=20)),
                ("is_child", models.BooleanField(default=False)),
                (
                    "address",
                    models.TextField(blank=True, help_text="One line of the address on each line.", max_length=300),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("en-gb", "English"),
                            ("ar", "العربيّة"),
                            ("es", "Español"),
                            ("fr", "Français"),
                            ("pt", "Português"),
                        ],
                        help_text="Only if they said so.",
                        max_length=8,
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254)),
                (
                    "email_agreed_on",
                    models.DateField(blank=True, help_text="When they agreed to letters by email.", null=True),
                ),
                (
                    "email_agreed_how",
                    models.CharField(blank=True, help_text="Such as: on the form of 3 September.", max_length=200),
                ),
                (
                    "email_agreed_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "is_contact",
                    models.BooleanField(default=False, help_text="On the list imported from the school's own system."),
                ),
                (
                    "mis_id",
                    models.CharField(blank=True, help_text="Their number in the school's own system.", max_length=40),
                ),
                (
                    "born_on",
                    models.DateField(
                        blank=True, help_text="Of a child, to tell two of the same name apart.", null=True
                    ),
                ),
                ("year_group", models.CharField(blank=True, max_length=20)),
                ("class_name", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "verbose_name_plural": "people",
                "ordering": ["full_name"],
                "permissions": [
                    ("view_contacts", "Can read the school's list of contacts"),
                    ("change_contacts", "Can change contacts, and import them"),
                    ("flag_person", "Can set a flag that stops letters to somebody"),
                    ("lift_flag", "Can lift such a flag"),
                    ("override_flag", "Can write to somebody in spite of a flag"),
                ],
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["school", "full_name"], name="person_by_name"),
                    models.Index(fields=["school", "is_contact", "is_child", "full_name"], name="person_contacts"),
                    models.Index(fields=["school", "class_name"], name="person_by_class"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("mis_id", ""), _negated=True),
                        fields=("school", "is_child", "mis_id"),
                        name="person_mis_id_once_per_school",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="school.school"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_filters",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=1000)),
                ("is_shared", models.BooleanField(default=False)),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["name", "pk"],
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("owner", "name"), name="saved_filter_name_once")],
            },
        ),
        migrations.CreateModel(
            name="CaseFile",
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="incidents.case"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("purpose", models.CharField(help_text="Whom it is for, as the first page says it.", max_length=120)),
                ("parts", models.JSONField(help_text="The keys of the sections that go in.")),
                ("letters", models.JSONField(help_text="The references of the letters that go in.")),
                ("evidence", models.JSONField(help_text="The keys of the evidence whose redacted copies go in.")),
                ("has_advice", models.BooleanField(default=False, help_text="It holds privileged legal advice.")),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("papers_done", models.PositiveIntegerField(default=0)),
                ("papers_total", models.PositiveIntegerField(default=0)),
                ("fingerprint", models.CharField(blank=True, help_text="Printed on every page.", max_length=64)),
                ("made_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-number"],
                "permissions": [("print_case_file", "Can print the file of a case for a panel")],
                "default_permissions": (),
                "indexes": [models.Index(fields=["state", "lease_until"], name="case_file_waiting")],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="case_file_number_once_per_case"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True),
                            models.Q(
                                models.Q(("sha256", ""), _negated=True),
                                models.Q(("fingerprint", ""), _negated=True),
                                ("pages__gt", 0),
                            ),
                            _connector="OR",
                        ),
                        name="ready_case_file_is_sealed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links_on", to="incidents.case"
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links_back", to="incidents.case"
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("case", "other"), name="cases_linked_once"),
                    models.CheckConstraint(
                        condition=models.Q(("case__lt", models.F("other"))), name="link_names_the_first_case_first"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CasePerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="people", to="incidents.case"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="incidents.person"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("subject", "Subject"),
                            ("affected", "Affected"),
                            ("witness", "Witness"),
                            ("child", "Child"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "description",
                    models.CharField(blank=True, help_text="Such as “Parent” or “Teaching assistant”.", max_length=120),
                ),
            ],
            options={
                "verbose_name_plural": "case people",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("case", "person", "role"), name="person_has_a_role_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Concern",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="concerns", to="school.school"
                    ),
                ),
                ("reference", models.CharField(max_length=16, unique=True)),
                ("access_code_hash", models.CharField(max_length=200)),
                ("submission_key", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_on", models.DateField(help_text="The day by which a senior leader has read it.")),
                (
                    "danger",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "No"),
                            ("now", "Someone is in danger now"),
                            ("child", "A child may be at risk of harm"),
                        ],
                        max_length=5,
                    ),
                ),
                (
                    "complaint",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no", "No"),
                            ("only", "Yes, and only that"),
                            ("also", "Yes, and somebody behaved badly as well"),
                        ],
                        max_length=4,
                    ),
                ),
                ("about_leader", models.CharField(blank=True, max_length=1000)),
                ("is_unsure_of_clause", models.BooleanField(default=False)),
                ("places", models.JSONField(blank=True, default=list)),
                ("place_name", models.CharField(blank=True, max_length=200)),
                ("seen_on", models.DateField(blank=True, null=True)),
                ("when_words", models.CharField(blank=True, max_length=200)),
                ("is_poster_known", models.BooleanField(default=False)),
                ("poster", models.CharField(blank=True, max_length=200)),
                ("account", models.TextField(max_length=10000)),
                ("language", models.CharField(default="en-gb", max_length=12)),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="assigned_concerns",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("criticism", "Criticism of the school or its decisions"),
                            ("misconduct", "Conduct the policy calls inappropriate"),
                            ("both", "Some of each"),
                            ("unclear", "I cannot tell yet"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("open_case", "Open a case"),
                            ("add_to_case", "Add to a case"),
                            ("complaint", "Complaints procedure"),
                            ("safeguarding", "Safeguarding first"),
                            ("other_school", "Another school’s matter"),
                            ("duplicate", "Duplicate"),
                            ("nothing_further", "Nothing further"),
                        ],
                        max_length=20,
                    ),
                ),
                ("outcome_reason", models.TextField(blank=True, max_length=5000)),
                (
                    "outcome_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("outcome_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="concerns",
                        to="incidents.case",
                    ),
                ),
                ("handed_to", models.CharField(blank=True, max_length=120)),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="incidents.concern",
                    ),
                ),
                (
                    "safeguarding_at",
                    models.DateTimeField(blank=True, help_text="Since when safeguarding comes first.", null=True),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_reason", models.TextField(blank=True, max_length=2000)),
            ],
            options={
                "ordering": ["-received_at", "-pk"],
                "permissions": [
                    ("view_every_concern", "Can read concerns where nobody is at risk, too"),
                    ("view_passed_on", "Can read what every Executive Head has a conflict with"),
                    ("pause_concern", "Can put safeguarding first"),
                    ("triage_concern", "Can decide what happens to a concern"),
                ],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["school", "outcome", "due_on"], name="concern_queue"),
                    models.Index(fields=["school", "received_at"], name="concern_received"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome", ""),
                            models.Q(
                                models.Q(("outcome_reason", ""), _negated=True),
                                ("outcome_by__isnull", False),
                                ("outcome_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="outcome_has_reason_person_and_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome__in", ["open_case", "add_to_case"]), _negated=True),
                            ("case__isnull", False),
                            _connector="OR",
                        ),
                        name="outcome_with_case_names_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome__in", ["complaint", "other_school"]), _negated=True),
                            models.Q(("handed_to", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="handed_over_concern_says_to_whom",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "duplicate"), _negated=True),
                            ("duplicate_of__isnull", False),
                            _connector="OR",
                        ),
                        name="duplicate_names_the_other",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", True),
                            models.Q(("withdrawn_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="withdrawn_concern_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FamilyLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="relatives", to="incidents.person"
                    ),
                ),
                (
                    "relative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="related_from", to="incidents.person"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("parent", "Parent"), ("carer", "Carer"), ("sibling", "Sibling")], max_length=8
                    ),
                ),
                (
                    "has_responsibility",
                    models.BooleanField(blank=True, help_text="Parental. Empty: not known.", null=True),
                ),
                ("lives_together", models.BooleanField(blank=True, null=True)),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Whom the school calls first: 1. 0: not known."
                    ),
                ),
            ],
            options={
                "ordering": ["priority", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "relative"), name="family_link_once"),
                    models.CheckConstraint(
                        condition=models.Q(("person", models.F("relative")), _negated=True),
                        name="nobody_is_their_own_family",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalCase",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("summary", models.CharField(help_text="What it is about, in a few neutral words.", max_length=120)),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("paused", "Paused for safeguarding"), ("closed", "Closed")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("opened_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("next_action", models.CharField(blank=True, max_length=120)),
                ("next_on", models.DateField(blank=True, null=True)),
                (
                    "cannot_wait_reason",
                    models.TextField(
                        blank=True, help_text="Why a step cannot wait for the information asked for.", max_length=2000
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_reason", models.TextField(blank=True, max_length=5000)),
                ("last_letter_number", models.PositiveIntegerField(default=0)),
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
                    "lead",
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
                    "opened_by",
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
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.case",
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
                "verbose_name": "historical case",
                "verbose_name_plural": "historical cases",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCasePerson",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("subject", "Subject"),
                            ("affected", "Affected"),
                            ("witness", "Witness"),
                            ("child", "Child"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "description",
                    models.CharField(blank=True, help_text="Such as “Parent” or “Teaching assistant”.", max_length=120),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.case",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.person",
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
                "verbose_name": "historical case person",
                "verbose_name_plural": "historical case people",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalInformationRequest",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        blank=True, help_text="Who was asked, when not a person on the case.", max_length=120
                    ),
                ),
                ("topic", models.CharField(blank=True, max_length=200)),
                ("is_subject_account", models.BooleanField(default=False)),
                ("asked_on", models.DateField()),
                (
                    "asked_how",
                    models.CharField(
                        choices=[
                            ("letter", "By letter"),
                            ("phone", "By phone"),
                            ("email", "By email"),
                            ("person", "In person"),
                        ],
                        max_length=10,
                    ),
                ),
                ("due_on", models.DateField()),
                ("due_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "due_unit",
                    models.CharField(
                        choices=[("school", "School days"), ("working", "Working days")], default="school", max_length=8
                    ),
                ),
                ("received_on", models.DateField(blank=True, null=True)),
                (
                    "received_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("letter", "By letter"),
                            ("phone", "By phone"),
                            ("email", "By email"),
                            ("person", "In person"),
                        ],
                        max_length=10,
                    ),
                ),
                ("statement", models.TextField(blank=True, max_length=10000)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.case",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.person",
                    ),
                ),
                (
                    "asked_by",
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
                    "received_by",
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
                "verbose_name": "historical information request",
                "verbose_name_plural": "historical information requests",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="InformationRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="information", to="incidents.case"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="information",
                        to="incidents.person",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        blank=True, help_text="Who was asked, when not a person on the case.", max_length=120
                    ),
                ),
                ("topic", models.CharField(blank=True, max_length=200)),
                ("is_subject_account", models.BooleanField(default=False)),
                ("asked_on", models.DateField()),
                (
                    "asked_how",
                    models.CharField(
                        choices=[
                            ("letter", "By letter"),
                            ("phone", "By phone"),
                            ("email", "By email"),
                            ("person", "In person"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("due_on", models.DateField()),
                ("due_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "due_unit",
                    models.CharField(
                        choices=[("school", "School days"), ("working", "Working days")], default="school", max_length=8
                    ),
                ),
                ("received_on", models.DateField(blank=True, null=True)),
                (
                    "received_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("letter", "By letter"),
                            ("phone", "By phone"),
                            ("email", "By email"),
                            ("person", "In person"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("statement", models.TextField(blank=True, max_length=10000)),
            ],
            options={
                "ordering": ["-is_subject_account", "asked_on", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("received_on__isnull", True), models.Q(("statement", ""), _negated=True), _connector="OR"
                        ),
                        name="what_was_received_is_written_down",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("person__isnull", False), models.Q(("source", ""), _negated=True), _connector="OR"
                        ),
                        name="information_is_from_someone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="incidents.case"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("fact", "Fact"), ("observation", "Observation"), ("opinion", "Opinion")],
                        max_length=12,
                    ),
                ),
                ("text", models.TextField(max_length=10000)),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-written_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PersonFlag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="flags", to="incidents.person"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("court_order", "Court order"),
                            ("do_not_contact", "Do not contact"),
                            ("confidential", "Address confidential"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("set_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                ("lifted_reason", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["set_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("person", "kind"),
                        name="flag_stands_once_per_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_at__isnull", True),
                            models.Q(("lifted_by__isnull", False), models.Q(("lifted_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="lifted_flag_says_by_whom_and_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Referral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="referrals", to="incidents.case"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("reason", models.TextField(max_length=2000)),
                (
                    "referred_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("referred_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-referred_at", "-pk"],
                "indexes": [models.Index(fields=["to", "ended_at"], name="referral_of_reader")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("case", "to"),
                        name="case_referred_to_somebody_once",
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="referral_says_why"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tasks", to="incidents.case"
                    ),
                ),
                ("what", models.CharField(max_length=120)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tasks", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("due_on", models.DateField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("done_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": [models.OrderBy(models.F("done_at"), nulls_first=True), "due_on", "pk"],
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)), fields=["owner", "due_on"], name="task_to_do"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", True), ("done_by__isnull", True)),
                            models.Q(("done_at__isnull", False), ("done_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="task_done_says_by_whom",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ConcernClause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="clauses", to="incidents.concern"
                    ),
                ),
                (
                    "clause",
                    models.CharField(
                        choices=[
                            (
                                "abusive",
                                "Abusive or personal comments about staff, pupils or other parents or any member of the school community",
                            ),
                            ("anger", "Displays of anger including swearing, or using offensive language"),
                            ("disrepute", "Bringing the school into disrepute"),
                            ("defamatory", "Posting aggressive, defamatory or libelous comments"),
                            (
                                "emails",
                                "Emails circulated or sent directly with abusive or personal comments about staff, pupils or any member of the school community",
                            ),
                            (
                                "challenge",
                                "Using social media to publicly challenge school policies or discuss issues about individual children",
                            ),
                            (
                                "threat",
                                "Threatening behaviour, such as verbally intimidating members of the school community, or using inappropriate language",
                            ),
                            ("contacting", "Contacting other parents to discuss children and or their behaviour"),
                            ("voice", "Leaving voice notes to discuss issues involving children"),
                            (
                                "platform",
                                "The group should never be used as a platform to air views/grievances regarding a teacher, child or parent in the class or school",
                            ),
                            (
                                "political",
                                "The group is not a political platform for airing opinions on current affairs",
                            ),
                            (
                                "private",
                                "The group should not be used for private conversations with anyone else using the group",
                            ),
                            (
                                "respect",
                                "The group should be used keeping in mind mutual respect and cultural sensitivity between all its members",
                            ),
                        ],
                        max_length=20,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["clause"], name="concern_clause")],
                "constraints": [models.UniqueConstraint(fields=("concern", "clause"), name="clause_chosen_once")],
            },
        ),
        migrations.CreateModel(
            name="Conflict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conflicts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "concern",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conflicts",
                        to="incidents.concern",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conflicts",
                        to="incidents.case",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("named", "Named in it, or hurt by it"),
                            ("related", "Related to somebody in it, or close to them"),
                            ("aside", "Stepped aside for another reason"),
                        ],
                        default="aside",
                        max_length=8,
                    ),
                ),
                ("reason", models.CharField(max_length=200)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case__isnull", True), ("concern__isnull", False)),
                            models.Q(("case__isnull", False), ("concern__isnull", True)),
                            _connector="OR",
                        ),
                        name="conflict_is_with_one_thing",
                    ),
                    models.UniqueConstraint(fields=("user", "concern"), name="conflict_once_per_concern"),
                    models.UniqueConstraint(fields=("user", "case"), name="conflict_once_per_case"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="school.school"
                    ),
                ),
                ("secret_hash", models.CharField(max_length=64, unique=True)),
                ("link_hash", models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ("submission_key", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "answers",
                    dkh_conduct.school.sealing.SealedJSONField(blank=True, default=dict, purpose="draft.answers"),
                ),
                (
                    "concern",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="draft",
                        to="incidents.concern",
                    ),
                ),
                ("sealed_receipt", models.BinaryField(blank=True, default=b"")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField(db_index=True, default=incidents.models.draft._draft_end)),
            ],
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="school.school"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("concern_received", "Concern received"),
                            ("concern_assigned", "Concern assigned"),
                            ("concern_withdrawn", "Concern withdrawn by the reporter"),
                            ("message_sent", "Message to the reporter"),
                            ("message_received", "Message from the reporter"),
                            ("evidence_added", "File added by the reporter"),
                            ("evidence_redacted", "Redacted copy of a file made"),
                            ("chat_rest_destroyed", "Messages that do not matter destroyed"),
                            ("original_opened", "Sealed original of a file opened"),
                            ("email_saved", "Email as it came saved"),
                            ("contact_changed", "The reporter changed how to reach them"),
                            ("code_reissued", "New access code given"),
                            ("concern_closed", "Nothing further"),
                            ("concern_handed_over", "Handed over"),
                            ("hand_over_written", "Letter about the complaint"),
                            ("concern_duplicate", "Marked as a duplicate"),
                            ("concern_paused", "Paused for safeguarding"),
                            ("concern_resumed", "Safeguarding done"),
                            ("outcome_undone", "Outcome undone"),
                            ("case_opened", "Case opened"),
                            ("concern_added", "Concern added"),
                            ("person_added", "Person added"),
                            ("person_changed", "Person changed"),
                            ("flag_set", "Letters to a person stopped"),
                            ("flag_lifted", "Flag on a person lifted"),
                            ("flag_overridden", "Leave to write in spite of a flag"),
                            ("allegation_added", "Allegation added"),
                            ("finding_recorded", "Finding recorded"),
                            ("information_asked", "Information asked for"),
                            ("information_received", "Information received"),
                            ("reply_received", "Reply to a letter received"),
                            ("reply_read", "Reply to a letter read"),
                            ("cannot_wait", "Recorded why it cannot wait"),
                            ("note_added", "Note added"),
                            ("case_referred", "Case referred to Trust legal"),
                            ("referral_ended", "Referral to Trust legal ended"),
                            ("conflict_recorded", "Stepped aside"),
                            ("lead_changed", "Lead changed"),
                            ("step_drafted", "Step drafted"),
                            ("step_draft_discarded", "Draft discarded"),
                            ("step_proposed", "Step proposed"),
                            ("step_sent_back", "Proposal sent back"),
                            ("step_declined", "Proposal not approved"),
                            ("step_taken", "Step taken"),
                            ("representation_received", "Their side on a ban received"),
                            ("breach_recorded", "Coming on site recorded"),
                            ("meeting_arranged", "Meeting arranged"),
                            ("meeting_held", "Meeting held"),
                            ("meeting_missed", "Meeting missed"),
                            ("notes_agreed", "Notes of a meeting answered"),
                            ("signal_recorded", "Signal in a message recorded"),
                            ("signal_withdrawn", "Signal in a message withdrawn"),
                            ("authority_told", "Sent to the authorities"),
                            ("authority_answered", "The authorities answered"),
                            ("pack_made", "Pack made"),
                            ("case_file_made", "File of the case printed"),
                            ("legal_advised", "Legal advice filed"),
                            ("step_rescinded", "Step rescinded"),
                            ("task_added", "Task added"),
                            ("task_done", "Task done"),
                            ("case_linked", "Linked to another case"),
                            ("case_unlinked", "Link to another case removed"),
                            ("case_merged", "Cases merged"),
                            ("case_split", "Case split"),
                            ("case_paused", "Case paused for safeguarding"),
                            ("case_resumed", "Case goes on"),
                            ("case_closed", "Case closed"),
                            ("case_reopened", "Case opened again"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="incidents.case",
                    ),
                ),
                (
                    "concern",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="incidents.concern",
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
                ("why", models.TextField(blank=True)),
                ("facts", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(fields=["case", "-at"], name="event_of_case"),
                    models.Index(fields=["concern", "-at"], name="event_of_concern"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FlagException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "flag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exceptions",
                        to="incidents.personflag",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="flag_exceptions", to="incidents.case"
                    ),
                ),
                ("reason", models.CharField(max_length=300)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["made_at", "pk"],
                "constraints": [models.UniqueConstraint(fields=("flag", "case"), name="flag_exception_once_per_case")],
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "concern",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hand_over", to="incidents.concern"
                    ),
                ),
                (
                    "letter",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="letters.letter"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1)),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("written_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="HistoricalConcern",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("reference", models.CharField(db_index=True, max_length=16)),
                ("submission_key", models.UUIDField(db_index=True, default=uuid.uuid4)),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("due_on", models.DateField(help_text="The day by which a senior leader has read it.")),
                (
                    "danger",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "No"),
                            ("now", "Someone is in danger now"),
                            ("child", "A child may be at risk of harm"),
                        ],
                        max_length=5,
                    ),
                ),
                (
                    "complaint",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("no", "No"),
                            ("only", "Yes, and only that"),
                            ("also", "Yes, and somebody behaved badly as well"),
                        ],
                        max_length=4,
                    ),
                ),
                ("about_leader", models.CharField(blank=True, max_length=1000)),
                ("is_unsure_of_clause", models.BooleanField(default=False)),
                ("places", models.JSONField(blank=True, default=list)),
                ("place_name", models.CharField(blank=True, max_length=200)),
                ("seen_on", models.DateField(blank=True, null=True)),
                ("when_words", models.CharField(blank=True, max_length=200)),
                ("is_poster_known", models.BooleanField(default=False)),
                ("poster", models.CharField(blank=True, max_length=200)),
                ("account", models.TextField(max_length=10000)),
                ("language", models.CharField(default="en-gb", max_length=12)),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("criticism", "Criticism of the school or its decisions"),
                            ("misconduct", "Conduct the policy calls inappropriate"),
                            ("both", "Some of each"),
                            ("unclear", "I cannot tell yet"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("open_case", "Open a case"),
                            ("add_to_case", "Add to a case"),
                            ("complaint", "Complaints procedure"),
                            ("safeguarding", "Safeguarding first"),
                            ("other_school", "Another school’s matter"),
                            ("duplicate", "Duplicate"),
                            ("nothing_further", "Nothing further"),
                        ],
                        max_length=20,
                    ),
                ),
                ("outcome_reason", models.TextField(blank=True, max_length=5000)),
                ("outcome_at", models.DateTimeField(blank=True, null=True)),
                ("handed_to", models.CharField(blank=True, max_length=120)),
                (
                    "safeguarding_at",
                    models.DateTimeField(blank=True, help_text="Since when safeguarding comes first.", null=True),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_reason", models.TextField(blank=True, max_length=2000)),
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
                    "assigned_to",
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
                    "outcome_by",
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
                    "case",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.case",
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.concern",
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
                "verbose_name": "historical concern",
                "verbose_name_plural": "historical concerns",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalReporter",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("parent", "A parent or carer"),
                            ("staff", "A member of staff"),
                            ("governor", "A governor"),
                            ("other", "Someone else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", dkh_conduct.school.sealing.SealedField(blank=True, purpose="reporter.name")),
                ("email", dkh_conduct.school.sealing.SealedField(blank=True, purpose="reporter.email")),
                (
                    "email_index",
                    dkh_conduct.school.sealing.BlindIndexField(
                        blank=True, db_index=True, default="", editable=False, max_length=64, source="email"
                    ),
                ),
                ("email_confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "pending_email",
                    dkh_conduct.school.sealing.SealedField(
                        blank=True,
                        help_text="Not used for anything until its owner confirms it.",
                        purpose="reporter.email",
                    ),
                ),
                ("phone", dkh_conduct.school.sealing.SealedField(blank=True, purpose="reporter.phone")),
                (
                    "phone_index",
                    dkh_conduct.school.sealing.BlindIndexField(
                        blank=True, db_index=True, default="", editable=False, max_length=64, source="phone"
                    ),
                ),
                (
                    "may_name",
                    models.CharField(
                        choices=[("no", "No"), ("ask", "Ask me first"), ("yes", "Yes")], default="no", max_length=4
                    ),
                ),
                (
                    "concern",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.concern",
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
                "verbose_name": "historical reporter",
                "verbose_name_plural": "historical reporters",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "concern",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="incidents.concern"
                    ),
                ),
                (
                    "key",
                    models.UUIDField(default=uuid.uuid4, help_text="The form's own: sent twice, it makes one message."),
                ),
                ("is_from_school", models.BooleanField()),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("text", models.TextField(blank=True, max_length=5000)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["sent_at", "pk"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["concern", "sent_at"], name="message_of_concern")],
                "constraints": [
                    models.UniqueConstraint(fields=("concern", "key"), name="message_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("author__isnull", False), ("is_from_school", True)),
                            models.Q(("author__isnull", True), ("is_from_school", False)),
                            _connector="OR",
                        ),
                        name="message_has_author_if_from_school",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_from_school", False), models.Q(("text", ""), _negated=True), _connector="OR"
                        ),
                        name="message_from_school_has_words",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notices", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new_concern", "New concern"),
                            ("concern_soon", "Concern to be read by the next working day"),
                            ("concern_late", "Concern that is late"),
                            ("message", "New message from a reporter"),
                            ("case_soon", "Case that waits for you by the next working day"),
                            ("case_late", "Case that is late"),
                            ("task_soon", "Task to be done by the next working day"),
                            ("task_late", "Task that is late"),
                            ("reply", "Reply to a letter"),
                            ("approval", "Step that waits for your decision"),
                        ],
                        max_length=12,
                    ),
                ),
                ("key", models.CharField(max_length=60)),
                (
                    "concern",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.concern",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="incidents.case",
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("emailed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["user", "-at"], name="notice_of_user")],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "key"), name="told_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("case__isnull", True), ("concern__isnull", False)),
                            models.Q(("case__isnull", False), ("concern__isnull", True)),
                            _connector="OR",
                        ),
                        name="notice_is_about_one_thing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reporter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "concern",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reporter", to="incidents.concern"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("parent", "A parent or carer"),
                            ("staff", "A member of staff"),
                            ("governor", "A governor"),
                            ("other", "Someone else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("name", dkh_conduct.school.sealing.SealedField(blank=True, purpose="reporter.name")),
                ("email", dkh_conduct.school.sealing.SealedField(blank=True, purpose="reporter.email")),
                (
                    "email_index",
                    dkh_conduct.school.sealing.BlindIndexField(
                        blank=True, db_index=True, default="", editable=False, max_length=64, source="email"
                    ),
                ),
                ("email_confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "pending_email",
                    dkh_conduct.school.sealing.SealedField(
                        blank=True,
                        help_text="Not used for anything until its owner confirms it.",
                        purpose="reporter.email",
                    ),
                ),
                ("phone", dkh_conduct.school.sealing.SealedField(blank=True, purpose="reporter.phone")),
                (
                    "phone_index",
                    dkh_conduct.school.sealing.BlindIndexField(
                        blank=True, db_index=True, default="", editable=False, max_length=64, source="phone"
                    ),
                ),
                (
                    "may_name",
                    models.CharField(
                        choices=[("no", "No"), ("ask", "Ask me first"), ("yes", "Yes")], default="no", max_length=4
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Recording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "draft",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="recording",
                        to="incidents.draft",
                    ),
                ),
                (
                    "concern",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recording",
                        to="incidents.concern",
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("phone", "By phone"),
                            ("person", "In person"),
                            ("paper", "On paper"),
                            ("email", "By email"),
                        ],
                        max_length=6,
                    ),
                ),
                ("came_on", models.DateField()),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("email_file", models.FileField(blank=True, max_length=120, upload_to="")),
                (
                    "email_sha256",
                    models.CharField(blank=True, help_text="Of the message as it came, in hexadecimal.", max_length=64),
                ),
            ],
            options={
                "permissions": [("record_concern", "Can write a concern down for somebody else")],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("email_file", ""), models.Q(("email_sha256", ""), _negated=True), _connector="OR"
                        ),
                        name="kept_email_has_its_hash",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Allegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="allegations", to="incidents.case"
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="allegations", to="incidents.person"
                    ),
                ),
                (
                    "clause",
                    models.CharField(
                        choices=[
                            (
                                "abusive",
                                "Abusive or personal comments about staff, pupils or other parents or any member of the school community",
                            ),
                            ("anger", "Displays of anger including swearing, or using offensive language"),
                            ("disrepute", "Bringing the school into disrepute"),
                            ("defamatory", "Posting aggressive, defamatory or libelous comments"),
                            (
                                "emails",
                                "Emails circulated or sent directly with abusive or personal comments about staff, pupils or any member of the school community",
                            ),
                            (
                                "challenge",
                                "Using social media to publicly challenge school policies or discuss issues about individual children",
                            ),
                            (
                                "threat",
                                "Threatening behaviour, such as verbally intimidating members of the school community, or using inappropriate language",
                            ),
                            ("contacting", "Contacting other parents to discuss children and or their behaviour"),
                            ("voice", "Leaving voice notes to discuss issues involving children"),
                            (
                                "platform",
                                "The group should never be used as a platform to air views/grievances regarding a teacher, child or parent in the class or school",
                            ),
                            (
                                "political",
                                "The group is not a political platform for airing opinions on current affairs",
                            ),
                            (
                                "private",
                                "The group should not be used for private conversations with anyone else using the group",
                            ),
                            (
                                "respect",
                                "The group should be used keeping in mind mutual respect and cultural sensitivity between all its members",
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("policy_version", models.CharField(default="2026-11", max_length=20)),
                (
                    "words",
                    models.TextField(blank=True, help_text="The exact words, as they were posted.", max_length=2000),
                ),
                (
                    "description",
                    models.CharField(blank=True, help_text="What was posted where there are no words.", max_length=200),
                ),
                ("posted_on", models.DateField(blank=True, null=True)),
                ("posted_where", models.CharField(blank=True, max_length=120)),
                (
                    "finding",
                    models.CharField(
                        choices=[("undecided", "Not decided"), ("found", "Found"), ("not_found", "Not found")],
                        default="undecided",
                        max_length=10,
                    ),
                ),
                ("finding_reason", models.TextField(blank=True, max_length=5000)),
                (
                    "found_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("found_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("step", "A step of the policy was taken"),
                            ("talk", "Talked about, and left there"),
                            ("nothing", "Nothing more was needed"),
                            ("complaint", "It was criticism: the complaints procedure has it"),
                            ("unknown", "It could not be found out"),
                        ],
                        help_text="When the case was closed.",
                        max_length=10,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["made_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("finding", "undecided"),
                            models.Q(
                                models.Q(("finding_reason", ""), _negated=True),
                                ("found_by__isnull", False),
                                ("found_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="finding_has_reason_person_and_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("words", ""), _negated=True),
                            models.Q(("description", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="allegation_says_what_was_posted",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Signal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "allegation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="signals", to="incidents.allegation"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("violence", "A threat of death or serious violence that could be meant"),
                            ("weapon", "A weapon is mentioned"),
                            ("on_the_way", "Somebody says when and where they will come"),
                            ("suicide", "Somebody says that they will end their life, and how"),
                            ("on_site", "Somebody is on the site, disturbs it and will not leave"),
                            ("threat", "A threat, without a time or a place"),
                            ("repeated", "Contact again and again after being asked to stop"),
                            (
                                "stalking",
                                "Waiting, following, coming to somebody’s home, photographs of a car or a home",
                            ),
                            ("private_details", "Somebody’s address, telephone, car or family is given away"),
                            (
                                "hate",
                                "Abuse or a threat because of race, religion, disability, sexuality or gender identity",
                            ),
                            ("blackmail", "Money or something else is asked for, with a threat"),
                            ("intimate", "An intimate picture was passed on"),
                            ("impersonation", "Somebody’s account was taken over, or imitated"),
                            ("sexual_child", "Sexual remarks about a child"),
                            ("accused_teacher", "A teacher is named whom a pupil has accused of a crime"),
                            ("incitement", "Others are told to come, or to confront somebody"),
                            ("child_risk", "A child may be harmed, neglected or exploited"),
                            ("child_details", "A child’s picture or details are spread"),
                            ("libel", "It may be libellous: written down, a picture or a recording that is kept"),
                            ("slander", "It may be slanderous: spoken, and not kept"),
                        ],
                        max_length=20,
                    ),
                ),
                ("shows", models.TextField(help_text="What in the message shows it.", max_length=1000)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_reason", models.TextField(blank=True, max_length=1000)),
            ],
            options={
                "ordering": ["recorded_at", "pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("allegation", "kind"),
                        name="signal_once_per_message",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("shows", ""), _negated=True), name="signal_says_what_shows_it"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("withdrawn_at__isnull", True),
                            models.Q(
                                models.Q(("withdrawn_reason", ""), _negated=True), ("withdrawn_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="withdrawn_signal_says_who_and_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="incidents.case"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("warning", "Warning letter"),
                            ("meeting", "Meeting"),
                            ("authorities", "Authorities"),
                            ("legal", "Legal advice"),
                            ("ban", "Site ban"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("breach", "Letter about coming on site"),
                            ("confirm", "Site ban confirmed"),
                            ("expire", "Site ban ended"),
                            ("extend", "Site ban extended"),
                            ("follow_up", "Letter after the meeting"),
                            ("interim", "Interim ban"),
                            ("lift", "Site ban lifted"),
                            ("no_ban", "Decision not to ban"),
                            ("no_show", "Letter about a missed meeting"),
                            ("notice", "Notice of intent to ban"),
                            ("review", "Review of a site ban"),
                            ("vary", "Site ban changed"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "part_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="incidents.step",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="incidents.person"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("proposed", "Waiting for approval"),
                            ("taken", "Taken"),
                            ("declined", "Not approved"),
                            ("rescinded", "Rescinded"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("policy_version", models.CharField(default="2026-11", max_length=20)),
                ("reason", models.TextField(blank=True, max_length=5000)),
                (
                    "left_out_reason",
                    models.TextField(blank=True, help_text="Why a lower step was left out.", max_length=2000),
                ),
                (
                    "soon_reason",
                    models.TextField(blank=True, help_text="Why so soon after the last step.", max_length=2000),
                ),
                (
                    "again_reason",
                    models.TextField(blank=True, help_text="Why again for the same conduct.", max_length=2000),
                ),
                (
                    "has_no_conflict",
                    models.BooleanField(default=False, help_text="The decider said they are not named in it."),
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
                    "proposals",
                    models.PositiveSmallIntegerField(default=0, help_text="How often it was sent for approval."),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                (
                    "rescinded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("rescinded_at", models.DateTimeField(blank=True, null=True)),
                ("rescinded_reason", models.TextField(blank=True, max_length=5000)),
                (
                    "letter",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="letters.letter",
                    ),
                ),
                ("allegations", models.ManyToManyField(blank=True, related_name="steps", to="incidents.allegation")),
            ],
            options={
                "ordering": ["drafted_at", "pk"],
                "indexes": [
                    models.Index(fields=["case", "state", "taken_at"], name="step_of_case"),
                    models.Index(
                        condition=models.Q(("state", "proposed")), fields=["proposed_at"], name="step_waiting"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["draft", "proposed"])),
                        fields=("case", "kind", "subject"),
                        name="one_draft_of_a_step_per_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["draft", "proposed", "declined"]),
                            models.Q(
                                models.Q(("reason", ""), _negated=True),
                                ("taken_by__isnull", False),
                                ("taken_at__isnull", False),
                                ("has_no_conflict", True),
                            ),
                            _connector="OR",
                        ),
                        name="taken_step_has_reason_person_time_and_no_conflict",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "proposed"), _negated=True),
                            models.Q(
                                models.Q(("reason", ""), _negated=True),
                                ("proposed_by__isnull", False),
                                ("proposed_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="proposed_step_has_reason_person_and_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("proposed_by__isnull", True),
                            ("taken_by__isnull", True),
                            models.Q(("proposed_by", models.F("taken_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_approves_their_own_proposal",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "rescinded"), _negated=True),
                            models.Q(
                                models.Q(("rescinded_reason", ""), _negated=True),
                                ("rescinded_by__isnull", False),
                                ("rescinded_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="rescinded_step_has_reason_person_and_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="incidents.step"
                    ),
                ),
                ("proposal", models.PositiveSmallIntegerField(help_text="1 for the first time it was proposed.")),
                (
                    "decision",
                    models.CharField(
                        choices=[("approve", "Approved"), ("back", "Sent back"), ("decline", "Not approved")],
                        max_length=8,
                    ),
                ),
                ("reason", models.TextField(max_length=5000)),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("decided_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["decided_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("step", "proposal"), name="a_proposal_is_decided_once"),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                        name="another_person_decides",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="approval_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuthorityReferral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="authority", to="incidents.step"
                    ),
                ),
                (
                    "body",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("police", "The police, on 101 or online"),
                            ("safer_schools", "The Safer Schools officer"),
                            ("southwark", "Southwark children’s services (MASH)"),
                            ("lambeth", "Lambeth children’s services"),
                            ("lewisham", "Lewisham children’s services"),
                            ("croydon", "Croydon children’s services"),
                            ("bromley", "Bromley children’s services"),
                            ("lado", "The designated officer (LADO) of the school’s council"),
                            ("ceop", "CEOP"),
                            ("iwf", "Internet Watch Foundation"),
                            ("helpline", "Professionals Online Safety Helpline"),
                            ("true_vision", "True Vision"),
                        ],
                        max_length=20,
                    ),
                ),
                ("address", models.TextField(blank=True, max_length=300)),
                (
                    "why",
                    models.TextField(
                        blank=True, help_text="Why this is for them, in a sentence or two.", max_length=2000
                    ),
                ),
                ("about", models.CharField(blank=True, help_text="Who it is about, as far as known.", max_length=200)),
                ("basis", models.CharField(blank=True, help_text="How that is known.", max_length=500)),
                ("account", models.TextField(blank=True, max_length=2000)),
                ("no_account_because", models.CharField(blank=True, max_length=500)),
                ("complaint_open", models.CharField(blank=True, max_length=500)),
                ("known", models.TextField(blank=True, max_length=1000)),
                ("asked", models.CharField(blank=True, help_text="What the body is asked to do.", max_length=500)),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("sent_on", models.DateField(blank=True, null=True)),
                (
                    "sent_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("phone", "By phone"),
                            ("online", "On their website"),
                            ("email", "By email"),
                            ("letter", "By letter"),
                            ("person", "In person"),
                        ],
                        max_length=8,
                    ),
                ),
                ("sent_to", models.CharField(blank=True, help_text="Who took it there.", max_length=120)),
                ("what_was_sent", models.TextField(blank=True, max_length=1000)),
                ("their_reference", models.CharField(blank=True, max_length=60)),
                ("outcome", models.TextField(blank=True, max_length=3000)),
                ("outcome_on", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("sent_on__isnull", True),
                            models.Q(
                                models.Q(("sent_how", ""), _negated=True),
                                models.Q(("what_was_sent", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="what_was_sent_says_how_and_what",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome_on__isnull", True), models.Q(("outcome", ""), _negated=True), _connector="OR"
                        ),
                        name="outcome_of_a_body_says_what",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalAuthorityReferral",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "body",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("police", "The police, on 101 or online"),
                            ("safer_schools", "The Safer Schools officer"),
                            ("southwark", "Southwark children’s services (MASH)"),
                            ("lambeth", "Lambeth children’s services"),
                            ("lewisham", "Lewisham children’s services"),
                            ("croydon", "Croydon children’s services"),
                            ("bromley", "Bromley children’s services"),
                            ("lado", "The designated officer (LADO) of the school’s council"),
                            ("ceop", "CEOP"),
                            ("iwf", "Internet Watch Foundation"),
                            ("helpline", "Professionals Online Safety Helpline"),
                            ("true_vision", "True Vision"),
                        ],
                        max_length=20,
                    ),
                ),
                ("address", models.TextField(blank=True, max_length=300)),
                (
                    "why",
                    models.TextField(
                        blank=True, help_text="Why this is for them, in a sentence or two.", max_length=2000
                    ),
                ),
                ("about", models.CharField(blank=True, help_text="Who it is about, as far as known.", max_length=200)),
                ("basis", models.CharField(blank=True, help_text="How that is known.", max_length=500)),
                ("account", models.TextField(blank=True, max_length=2000)),
                ("no_account_because", models.CharField(blank=True, max_length=500)),
                ("complaint_open", models.CharField(blank=True, max_length=500)),
                ("known", models.TextField(blank=True, max_length=1000)),
                ("asked", models.CharField(blank=True, help_text="What the body is asked to do.", max_length=500)),
                ("sent_on", models.DateField(blank=True, null=True)),
                (
                    "sent_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("phone", "By phone"),
                            ("online", "On their website"),
                            ("email", "By email"),
                            ("letter", "By letter"),
                            ("person", "In person"),
                        ],
                        max_length=8,
                    ),
                ),
                ("sent_to", models.CharField(blank=True, help_text="Who took it there.", max_length=120)),
                ("what_was_sent", models.TextField(blank=True, max_length=1000)),
                ("their_reference", models.CharField(blank=True, max_length=60)),
                ("outcome", models.TextField(blank=True, max_length=3000)),
                ("outcome_on", models.DateField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "step",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.step",
                    ),
                ),
                (
                    "contact",
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
                "verbose_name": "historical authority referral",
                "verbose_name_plural": "historical authority referrals",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalLegalReferral",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("referred_to_whom", models.CharField(help_text="Whom the words are about.", max_length=200)),
                ("wishes", models.TextField(help_text="What that person wishes.", max_length=1000)),
                ("author", models.CharField(help_text="Who wrote it, as it was shown.", max_length=200)),
                (
                    "handle",
                    models.CharField(blank=True, help_text="The number or account it came from.", max_length=200),
                ),
                ("basis", models.TextField(help_text="How that is known, and how sure.", max_length=1000)),
                (
                    "translation",
                    models.TextField(blank=True, help_text="Of words that are not in English.", max_length=3000),
                ),
                (
                    "translator",
                    models.CharField(
                        blank=True, help_text="Who translated, and how well they know it.", max_length=200
                    ),
                ),
                ("seen_by", models.CharField(help_text="How many saw it, and who as far as known.", max_length=200)),
                ("is_live", models.BooleanField(default=False, help_text="It is still there.")),
                ("meaning", models.TextField(help_text="What readers will have taken it to mean.", max_length=2000)),
                ("untrue", models.TextField(max_length=2000)),
                ("accepted", models.TextField(help_text="What is true, or partly true.", max_length=2000)),
                ("harm", models.TextField(max_length=2000)),
                ("context", models.TextField(blank=True, help_text="A complaint, a dispute, a need.", max_length=2000)),
                ("account", models.TextField(blank=True, max_length=2000)),
                ("questions", models.TextField(help_text="One on each line.", max_length=2000)),
                (
                    "custody",
                    models.TextField(
                        blank=True, help_text="Who holds the phone, and what was kept how.", max_length=1000
                    ),
                ),
                ("urgency", models.CharField(blank=True, max_length=300)),
                ("do_not_contact", models.CharField(blank=True, max_length=300)),
                ("published_on", models.DateField(help_text="The first day the words were posted or said.")),
                (
                    "reminded",
                    models.JSONField(
                        blank=True, default=list, help_text="Which reminders were sent: 11, 6, 3 months, 28 days."
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.step",
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
                "verbose_name": "historical legal referral",
                "verbose_name_plural": "historical legal referrals",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSiteBan",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being written"),
                            ("notice", "Being considered"),
                            ("interim", "Interim ban"),
                            ("confirmed", "Site ban"),
                            ("not_made", "No ban"),
                            ("lifted", "Lifted"),
                            ("expired", "Ended"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("urgency", models.TextField(blank=True, help_text="Why an interim ban cannot wait.", max_length=2000)),
                ("risk", models.TextField(blank=True, max_length=3000)),
                ("lesser", models.JSONField(blank=True, default=list)),
                ("why_not_enough", models.TextField(blank=True, max_length=3000)),
                ("premises", models.JSONField(blank=True, default=list)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("review_on", models.DateField(blank=True, null=True)),
                ("reviewer", models.CharField(blank=True, max_length=120)),
                ("drop_off", models.TextField(blank=True, max_length=1000)),
                ("children", models.PositiveSmallIntegerField(default=1, help_text="Their children at the school.")),
                ("stays", models.JSONField(blank=True, default=list)),
                ("adjustments", models.CharField(blank=True, max_length=500)),
                ("equality", models.TextField(blank=True, max_length=3000)),
                (
                    "court",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "Checked: nothing limits or changes this"),
                            ("order", "Checked: there is an order, described below"),
                        ],
                        max_length=8,
                    ),
                ),
                ("court_words", models.TextField(blank=True, max_length=1000)),
                (
                    "needs",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "Checked with the SENCo: none that this affects"),
                            ("covered", "Checked with the SENCo: there are, and the plan above covers them"),
                            ("no_child", "They have no child at this school"),
                        ],
                        max_length=8,
                    ),
                ),
                ("is_address_confirmed", models.BooleanField(default=False)),
                ("account", models.CharField(blank=True, max_length=600)),
                ("reply_by", models.DateField(blank=True, null=True)),
                ("decide_by", models.DateField(blank=True, null=True)),
                ("complaints", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
                ("letter_version", models.PositiveIntegerField(default=0)),
                (
                    "review_reminded_for",
                    models.DateField(blank=True, help_text="The review that the lead was reminded of.", null=True),
                ),
                ("decision_reminded_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
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
                    "step",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.step",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.person",
                    ),
                ),
                (
                    "contact",
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
                "verbose_name": "historical site ban",
                "verbose_name_plural": "historical site bans",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalStep",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("warning", "Warning letter"),
                            ("meeting", "Meeting"),
                            ("authorities", "Authorities"),
                            ("legal", "Legal advice"),
                            ("ban", "Site ban"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("breach", "Letter about coming on site"),
                            ("confirm", "Site ban confirmed"),
                            ("expire", "Site ban ended"),
                            ("extend", "Site ban extended"),
                            ("follow_up", "Letter after the meeting"),
                            ("interim", "Interim ban"),
                            ("lift", "Site ban lifted"),
                            ("no_ban", "Decision not to ban"),
                            ("no_show", "Letter about a missed meeting"),
                            ("notice", "Notice of intent to ban"),
                            ("review", "Review of a site ban"),
                            ("vary", "Site ban changed"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("proposed", "Waiting for approval"),
                            ("taken", "Taken"),
                            ("declined", "Not approved"),
                            ("rescinded", "Rescinded"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("policy_version", models.CharField(default="2026-11", max_length=20)),
                ("reason", models.TextField(blank=True, max_length=5000)),
                (
                    "left_out_reason",
                    models.TextField(blank=True, help_text="Why a lower step was left out.", max_length=2000),
                ),
                (
                    "soon_reason",
                    models.TextField(blank=True, help_text="Why so soon after the last step.", max_length=2000),
                ),
                (
                    "again_reason",
                    models.TextField(blank=True, help_text="Why again for the same conduct.", max_length=2000),
                ),
                (
                    "has_no_conflict",
                    models.BooleanField(default=False, help_text="The decider said they are not named in it."),
                ),
                ("drafted_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("proposed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "proposals",
                    models.PositiveSmallIntegerField(default=0, help_text="How often it was sent for approval."),
                ),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                ("rescinded_at", models.DateTimeField(blank=True, null=True)),
                ("rescinded_reason", models.TextField(blank=True, max_length=5000)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.case",
                    ),
                ),
                (
                    "part_of",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.step",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.person",
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
                    "proposed_by",
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
                    "taken_by",
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
                    "rescinded_by",
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
                    "letter",
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
                "verbose_name": "historical step",
                "verbose_name_plural": "historical steps",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="LegalReferral",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="legal", to="incidents.step"
                    ),
                ),
                ("referred_to_whom", models.CharField(help_text="Whom the words are about.", max_length=200)),
                ("wishes", models.TextField(help_text="What that person wishes.", max_length=1000)),
                ("author", models.CharField(help_text="Who wrote it, as it was shown.", max_length=200)),
                (
                    "handle",
                    models.CharField(blank=True, help_text="The number or account it came from.", max_length=200),
                ),
                ("basis", models.TextField(help_text="How that is known, and how sure.", max_length=1000)),
                (
                    "translation",
                    models.TextField(blank=True, help_text="Of words that are not in English.", max_length=3000),
                ),
                (
                    "translator",
                    models.CharField(
                        blank=True, help_text="Who translated, and how well they know it.", max_length=200
                    ),
                ),
                ("seen_by", models.CharField(help_text="How many saw it, and who as far as known.", max_length=200)),
                ("is_live", models.BooleanField(default=False, help_text="It is still there.")),
                ("meaning", models.TextField(help_text="What readers will have taken it to mean.", max_length=2000)),
                ("untrue", models.TextField(max_length=2000)),
                ("accepted", models.TextField(help_text="What is true, or partly true.", max_length=2000)),
                ("harm", models.TextField(max_length=2000)),
                ("context", models.TextField(blank=True, help_text="A complaint, a dispute, a need.", max_length=2000)),
                ("account", models.TextField(blank=True, max_length=2000)),
                ("questions", models.TextField(help_text="One on each line.", max_length=2000)),
                (
                    "custody",
                    models.TextField(
                        blank=True, help_text="Who holds the phone, and what was kept how.", max_length=1000
                    ),
                ),
                ("urgency", models.CharField(blank=True, max_length=300)),
                ("do_not_contact", models.CharField(blank=True, max_length=300)),
                ("published_on", models.DateField(help_text="The first day the words were posted or said.")),
                (
                    "reminded",
                    models.JSONField(
                        blank=True, default=list, help_text="Which reminders were sent: 11, 6, 3 months, 28 days."
                    ),
                ),
            ],
            options={
                "permissions": [("view_privileged", "Can see a request for legal advice, and the advice")],
                "default_permissions": (),
                "indexes": [models.Index(fields=["published_on"], name="legal_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("translation", ""), models.Q(("translator", ""), _negated=True), _connector="OR"
                        ),
                        name="translation_says_who_translated",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Reply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="school.school"
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="replies", to="incidents.step"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "agreement",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("yes", "Yes, but I want to explain"),
                            ("part", "Some of it is wrong"),
                            ("no", "It was not me, or it did not happen"),
                        ],
                        max_length=4,
                    ),
                ),
                ("side", models.TextField(blank=True, max_length=10000)),
                ("help", models.JSONField(blank=True, default=list)),
                ("help_words", models.CharField(blank=True, max_length=500)),
                ("language", models.CharField(default="en-gb", help_text="Of the pages they used.", max_length=12)),
                (
                    "reach",
                    models.CharField(blank=True, help_text="An email address or a telephone number.", max_length=200),
                ),
                ("saved_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                (
                    "read_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("read_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "replies",
                "ordering": ["sent_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at__isnull", True)), fields=["saved_at"], name="reply_unsent"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("read_at__isnull", True), ("read_by__isnull", True)),
                            models.Q(
                                ("read_at__isnull", False), ("read_by__isnull", False), ("sent_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="read_reply_was_sent_and_says_who_read_it",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SiteBan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="site_bans", to="school.school"
                    ),
                ),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ban", to="incidents.step"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="site_bans", to="incidents.person"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Being written"),
                            ("notice", "Being considered"),
                            ("interim", "Interim ban"),
                            ("confirmed", "Site ban"),
                            ("not_made", "No ban"),
                            ("lifted", "Lifted"),
                            ("expired", "Ended"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("urgency", models.TextField(blank=True, help_text="Why an interim ban cannot wait.", max_length=2000)),
                ("risk", models.TextField(blank=True, max_length=3000)),
                ("lesser", models.JSONField(blank=True, default=list)),
                ("why_not_enough", models.TextField(blank=True, max_length=3000)),
                ("premises", models.JSONField(blank=True, default=list)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("review_on", models.DateField(blank=True, null=True)),
                ("reviewer", models.CharField(blank=True, max_length=120)),
                ("drop_off", models.TextField(blank=True, max_length=1000)),
                ("children", models.PositiveSmallIntegerField(default=1, help_text="Their children at the school.")),
                ("stays", models.JSONField(blank=True, default=list)),
                (
                    "contact",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("adjustments", models.CharField(blank=True, max_length=500)),
                ("equality", models.TextField(blank=True, max_length=3000)),
                (
                    "court",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "Checked: nothing limits or changes this"),
                            ("order", "Checked: there is an order, described below"),
                        ],
                        max_length=8,
                    ),
                ),
                ("court_words", models.TextField(blank=True, max_length=1000)),
                (
                    "needs",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("none", "Checked with the SENCo: none that this affects"),
                            ("covered", "Checked with the SENCo: there are, and the plan above covers them"),
                            ("no_child", "They have no child at this school"),
                        ],
                        max_length=8,
                    ),
                ),
                ("is_address_confirmed", models.BooleanField(default=False)),
                ("account", models.CharField(blank=True, max_length=600)),
                ("reply_by", models.DateField(blank=True, null=True)),
                ("decide_by", models.DateField(blank=True, null=True)),
                ("complaints", models.CharField(blank=True, max_length=300)),
                ("version", models.PositiveIntegerField(default=1)),
                ("letter_version", models.PositiveIntegerField(default=0)),
                (
                    "review_reminded_for",
                    models.DateField(blank=True, help_text="The review that the lead was reminded of.", null=True),
                ),
                ("decision_reminded_on", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "permissions": [("view_register", "Can see who may not come on site")],
                "default_permissions": (),
                "indexes": [models.Index(fields=["school", "state", "ends_on"], name="ban_register")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["notice", "interim", "confirmed"]), _negated=True),
                            models.Q(
                                ("starts_on__isnull", False),
                                ("ends_on__isnull", False),
                                ("ends_on__gt", models.F("starts_on")),
                            ),
                            _connector="OR",
                        ),
                        name="ban_has_an_end_after_its_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "confirmed"), _negated=True),
                            models.Q(("review_on__isnull", False), models.Q(("reviewer", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="confirmed_ban_has_a_review",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "interim"), _negated=True),
                            models.Q(("urgency", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="interim_ban_says_why_it_could_not_wait",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BanBreach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ban",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="breaches", to="incidents.siteban"
                    ),
                ),
                ("seen_on", models.DateField()),
                ("seen", models.TextField(max_length=2000)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name_plural": "ban breaches",
                "ordering": ["seen_on", "pk"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="BanDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="ban_decision", to="incidents.step"
                    ),
                ),
                (
                    "ban",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="decisions", to="incidents.siteban"
                    ),
                ),
                (
                    "weighed",
                    models.TextField(
                        blank=True,
                        help_text="One point they made on each line, then “:”, and how it was weighed.",
                        max_length=5000,
                    ),
                ),
                (
                    "found",
                    models.TextField(blank=True, help_text="One sentence of fact on each line.", max_length=3000),
                ),
                ("not_found", models.TextField(blank=True, max_length=3000)),
                ("changes", models.TextField(blank=True, max_length=2000)),
                ("conditions", models.CharField(blank=True, max_length=500)),
                ("expectations", models.TextField(blank=True, max_length=1000)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("review_on", models.DateField(blank=True, null=True)),
                ("reviewer", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="school.school"
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="evidence",
                        to="incidents.draft",
                    ),
                ),
                (
                    "concern",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="incidents.concern",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        help_text="The message it came with, where it was added later.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="files",
                        to="incidents.message",
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="incidents.reply",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "name",
                    models.CharField(
                        help_text="The file's name as the parent's phone gave it, made safe to show.", max_length=100
                    ),
                ),
                ("caption", models.CharField(blank=True, max_length=200)),
                ("problem", models.CharField(blank=True, max_length=300)),
                ("media_type", models.CharField(blank=True, help_text="By content, never by name.", max_length=40)),
                ("size", models.PositiveBigIntegerField(default=0, help_text="Bytes received.")),
                ("sha256", models.CharField(blank=True, help_text="Of the original, in hexadecimal.", max_length=64)),
                ("original", models.FileField(blank=True, max_length=120, upload_to="")),
                ("copy", models.FileField(blank=True, max_length=120, upload_to="")),
                ("thumbnail", models.FileField(blank=True, max_length=120, upload_to="")),
                ("width", models.PositiveIntegerField(default=0)),
                ("height", models.PositiveIntegerField(default=0)),
                ("seconds", models.PositiveIntegerField(default=0, help_text="How long a voice note is.")),
                (
                    "look",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Perceptual hash of the clean copy, in hexadecimal.",
                        max_length=64,
                    ),
                ),
                (
                    "hints",
                    models.JSONField(
                        blank=True, default=list, help_text="What may make it hard to use, as keys of `quality.HINTS`."
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True, help_text="Read by a machine, for searching. Never shown as the truth."
                    ),
                ),
                ("text_read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "scan",
                    models.CharField(
                        choices=[
                            ("none", "No virus scanner is set up"),
                            ("waiting", "Being checked"),
                            ("clean", "Checked: nothing found"),
                            ("found", "A virus was found in the original"),
                        ],
                        default="none",
                        max_length=12,
                    ),
                ),
                (
                    "draw_at",
                    models.DateTimeField(
                        blank=True,
                        db_index=True,
                        help_text="Its clean copy is still to be made, not before this time.",
                        null=True,
                    ),
                ),
                ("draw_tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "unshown",
                    models.CharField(
                        blank=True, help_text="Why there is no clean copy of a file that was taken in.", max_length=300
                    ),
                ),
                (
                    "date_order",
                    models.CharField(blank=True, help_text="Of a chat export: dmy, mdy or ymd.", max_length=3),
                ),
                ("original_destroyed_at", models.DateTimeField(blank=True, null=True)),
                ("received_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name_plural": "evidence",
                "ordering": ["position", "received_at", "pk"],
                "permissions": [
                    ("redact_evidence", "Can redact evidence and mark messages"),
                    ("open_original", "Can open a sealed original"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("problem", ""), _negated=True),
                            models.Q(
                                models.Q(("sha256", ""), _negated=True),
                                models.Q(
                                    models.Q(("copy", ""), _negated=True),
                                    ("draw_at__isnull", False),
                                    models.Q(("unshown", ""), _negated=True),
                                    _connector="OR",
                                ),
                                models.Q(
                                    models.Q(("original", ""), _negated=True),
                                    ("original_destroyed_at__isnull", False),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="good_evidence_has_its_files",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("problem", ""), ("concern__isnull", True), _connector="OR"),
                        name="refused_file_is_never_sent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("concern__isnull", True), ("draft__isnull", False), ("reply__isnull", True)),
                            models.Q(("concern__isnull", False), ("draft__isnull", True), ("reply__isnull", True)),
                            models.Q(("concern__isnull", True), ("draft__isnull", True), ("reply__isnull", False)),
                            _connector="OR",
                        ),
                        name="evidence_has_exactly_one_home",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalBanDecision",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "weighed",
                    models.TextField(
                        blank=True,
                        help_text="One point they made on each line, then “:”, and how it was weighed.",
                        max_length=5000,
                    ),
                ),
                (
                    "found",
                    models.TextField(blank=True, help_text="One sentence of fact on each line.", max_length=3000),
                ),
                ("not_found", models.TextField(blank=True, max_length=3000)),
                ("changes", models.TextField(blank=True, max_length=2000)),
                ("conditions", models.CharField(blank=True, max_length=500)),
                ("expectations", models.TextField(blank=True, max_length=1000)),
                ("starts_on", models.DateField(blank=True, null=True)),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("review_on", models.DateField(blank=True, null=True)),
                ("reviewer", models.CharField(blank=True, max_length=120)),
                (
                    "step",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.step",
                    ),
                ),
                (
                    "ban",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.siteban",
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
                "verbose_name": "historical ban decision",
                "verbose_name_plural": "historical ban decisions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="LegalAdvice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "referral",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="advice", to="incidents.legalreferral"
                    ),
                ),
                ("text", models.TextField(max_length=20000)),
                (
                    "filed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("filed_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name_plural": "legal advice",
                "ordering": ["filed_at", "pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="advice_says_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Representation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "ban",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="representations",
                        to="incidents.siteban",
                    ),
                ),
                ("received_on", models.DateField()),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("letter", "By letter"),
                            ("phone", "By phone"),
                            ("email", "By email"),
                            ("person", "In person"),
                        ],
                        max_length=8,
                    ),
                ),
                ("text", models.TextField(max_length=10000)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["received_on", "pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="representation_says_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ChatLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="incidents.evidence"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("message", "Message"),
                            ("system", "Written by the app"),
                            ("unread", "Could not be read as a message"),
                        ],
                        max_length=8,
                    ),
                ),
                ("raw", models.TextField(help_text="Every character, line ends included. A NUL is written ␀.")),
                ("stamp", models.CharField(blank=True, help_text="Date and time as displayed.", max_length=80)),
                (
                    "said_on",
                    models.DateField(
                        blank=True, help_text="By the phone that exported it; it names no time zone.", null=True
                    ),
                ),
                ("said_at", models.TimeField(blank=True, null=True)),
                ("sender", models.TextField(blank=True, help_text="As the exporting phone's address book had it.")),
                ("body", models.TextField(blank=True)),
                ("attachment", models.TextField(blank=True, help_text="The name of a file sent with it.")),
                ("is_marked", models.BooleanField(default=False)),
                (
                    "fingerprint",
                    models.BigIntegerField(db_index=True, help_text="Of its words, to find them elsewhere.", null=True),
                ),
            ],
            options={
                "ordering": ["number"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["evidence", "is_marked", "number"], name="marked_lines")],
                "constraints": [models.UniqueConstraint(fields=("evidence", "number"), name="one_row_per_line")],
            },
        ),
        migrations.CreateModel(
            name="EvidencePart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="incidents.evidence"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("name", models.CharField(blank=True, max_length=100)),
                ("media_type", models.CharField(max_length=40)),
                ("copy", models.FileField(max_length=120, upload_to="")),
                ("thumbnail", models.FileField(max_length=120, upload_to="")),
                ("width", models.PositiveIntegerField(default=0)),
                ("height", models.PositiveIntegerField(default=0)),
                ("seconds", models.PositiveIntegerField(default=0)),
                ("text", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["number"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("evidence", "number"), name="one_row_per_part"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 2)), name="the_first_part_is_the_file_itself"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalAllegation",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "clause",
                    models.CharField(
                        choices=[
                            (
                                "abusive",
                                "Abusive or personal comments about staff, pupils or other parents or any member of the school community",
                            ),
                            ("anger", "Displays of anger including swearing, or using offensive language"),
                            ("disrepute", "Bringing the school into disrepute"),
                            ("defamatory", "Posting aggressive, defamatory or libelous comments"),
                            (
                                "emails",
                                "Emails circulated or sent directly with abusive or personal comments about staff, pupils or any member of the school community",
                            ),
                            (
                                "challenge",
                                "Using social media to publicly challenge school policies or discuss issues about individual children",
                            ),
                            (
                                "threat",
                                "Threatening behaviour, such as verbally intimidating members of the school community, or using inappropriate language",
                            ),
                            ("contacting", "Contacting other parents to discuss children and or their behaviour"),
                            ("voice", "Leaving voice notes to discuss issues involving children"),
                            (
                                "platform",
                                "The group should never be used as a platform to air views/grievances regarding a teacher, child or parent in the class or school",
                            ),
                            (
                                "political",
                                "The group is not a political platform for airing opinions on current affairs",
                            ),
                            (
                                "private",
                                "The group should not be used for private conversations with anyone else using the group",
                            ),
                            (
                                "respect",
                                "The group should be used keeping in mind mutual respect and cultural sensitivity between all its members",
                            ),
                        ],
                        max_length=20,
                    ),
                ),
                ("policy_version", models.CharField(default="2026-11", max_length=20)),
                (
                    "words",
                    models.TextField(blank=True, help_text="The exact words, as they were posted.", max_length=2000),
                ),
                (
                    "description",
                    models.CharField(blank=True, help_text="What was posted where there are no words.", max_length=200),
                ),
                ("posted_on", models.DateField(blank=True, null=True)),
                ("posted_where", models.CharField(blank=True, max_length=120)),
                (
                    "finding",
                    models.CharField(
                        choices=[("undecided", "Not decided"), ("found", "Found"), ("not_found", "Not found")],
                        default="undecided",
                        max_length=10,
                    ),
                ),
                ("finding_reason", models.TextField(blank=True, max_length=5000)),
                ("found_at", models.DateTimeField(blank=True, null=True)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("step", "A step of the policy was taken"),
                            ("talk", "Talked about, and left there"),
                            ("nothing", "Nothing more was needed"),
                            ("complaint", "It was criticism: the complaints procedure has it"),
                            ("unknown", "It could not be found out"),
                        ],
                        help_text="When the case was closed.",
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.case",
                    ),
                ),
                (
                    "subject",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.person",
                    ),
                ),
                (
                    "evidence",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.evidence",
                    ),
                ),
                (
                    "found_by",
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
                    "made_by",
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
                "verbose_name": "historical allegation",
                "verbose_name_plural": "historical allegations",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="ReadWords",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="read_words", to="incidents.evidence"
                    ),
                ),
                ("part", models.PositiveSmallIntegerField(default=1)),
                (
                    "lines",
                    models.JSONField(help_text="Lines of words, each a list of left, top, width, height and text."),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("evidence", "part"), name="words_of_a_page_once")],
            },
        ),
        migrations.CreateModel(
            name="Redaction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "evidence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="redactions", to="incidents.evidence"
                    ),
                ),
                ("part", models.PositiveSmallIntegerField(default=1)),
                (
                    "boxes",
                    models.JSONField(
                        blank=True, help_text="A list of {left, top, width, height, why}, in pixels of the clean copy."
                    ),
                ),
                ("copy", models.FileField(max_length=120, upload_to="")),
                ("sha256", models.CharField(help_text="Of the redacted copy.", max_length=64)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["part", "-made_at", "-pk"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["evidence", "part", "-made_at"], name="redaction_of_part")],
            },
        ),
        migrations.CreateModel(
            name="HistoricalMeeting",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "Times offered"),
                            ("arranged", "Arranged"),
                            ("held", "Held"),
                            ("missed", "They did not come"),
                        ],
                        default="offered",
                        max_length=10,
                    ),
                ),
                ("purpose", models.CharField(max_length=200)),
                ("topics", models.TextField(help_text="One on each line.", max_length=1000)),
                ("adjustments", models.CharField(blank=True, max_length=500)),
                ("companion", models.CharField(blank=True, help_text="Whom the parent brings.", max_length=120)),
                (
                    "interpreter",
                    models.CharField(blank=True, help_text="Which language, and who interprets.", max_length=120),
                ),
                ("they_said", models.TextField(blank=True, help_text="One point on each line.", max_length=5000)),
                ("we_said", models.TextField(blank=True, max_length=5000)),
                ("agreed", models.TextField(blank=True, max_length=5000)),
                ("not_agreed", models.TextField(blank=True, max_length=2000)),
                ("recorded_at", models.DateTimeField(blank=True, null=True)),
                ("notes_agreed_on", models.DateField(blank=True, null=True)),
                (
                    "notes_corrections",
                    models.TextField(blank=True, help_text="What they corrected, in their words.", max_length=5000),
                ),
                (
                    "step",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.step",
                    ),
                ),
                (
                    "note_taker",
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
                    "recorded_by",
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
                "verbose_name": "historical meeting",
                "verbose_name_plural": "historical meetings",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="meeting", to="incidents.step"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "Times offered"),
                            ("arranged", "Arranged"),
                            ("held", "Held"),
                            ("missed", "They did not come"),
                        ],
                        default="offered",
                        max_length=10,
                    ),
                ),
                ("purpose", models.CharField(max_length=200)),
                ("topics", models.TextField(help_text="One on each line.", max_length=1000)),
                (
                    "note_taker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("adjustments", models.CharField(blank=True, max_length=500)),
                ("companion", models.CharField(blank=True, help_text="Whom the parent brings.", max_length=120)),
                (
                    "interpreter",
                    models.CharField(blank=True, help_text="Which language, and who interprets.", max_length=120),
                ),
                ("they_said", models.TextField(blank=True, help_text="One point on each line.", max_length=5000)),
                ("we_said", models.TextField(blank=True, max_length=5000)),
                ("agreed", models.TextField(blank=True, max_length=5000)),
                ("not_agreed", models.TextField(blank=True, max_length=2000)),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("recorded_at", models.DateTimeField(blank=True, null=True)),
                ("notes_agreed_on", models.DateField(blank=True, null=True)),
                (
                    "notes_corrections",
                    models.TextField(blank=True, help_text="What they corrected, in their words.", max_length=5000),
                ),
                ("attending", models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "held"), _negated=True),
                            models.Q(models.Q(("they_said", ""), _negated=True), ("recorded_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="held_meeting_says_what_they_said",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("notes_agreed_on__isnull", True), ("state", "held"), _connector="OR"),
                        name="only_notes_of_a_meeting_are_agreed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeetingSlot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="slots", to="incidents.meeting"
                    ),
                ),
                ("on", models.DateField()),
                ("at", models.TimeField()),
                (
                    "how",
                    models.CharField(
                        choices=[("person", "At school"), ("phone", "By phone"), ("video", "By video")],
                        default="person",
                        max_length=8,
                    ),
                ),
            ],
            options={
                "ordering": ["on", "at", "pk"],
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("meeting", "on", "at"), name="a_time_is_offered_once")],
            },
        ),
        migrations.AddField(
            model_name="allegation",
            name="evidence",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="allegations",
                to="incidents.evidence",
            ),
        ),
        migrations.AddField(
            model_name="historicalmeeting",
            name="chosen",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="incidents.meetingslot",
            ),
        ),
        migrations.AddField(
            model_name="meeting",
            name="chosen",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="incidents.meetingslot",
            ),
        ),
    ]
    operations = together(operations)
