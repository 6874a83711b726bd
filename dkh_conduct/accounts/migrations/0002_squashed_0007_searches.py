from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("accounts", "0002_initial"),
        ("accounts", "0003_rights"),
        ("accounts", "0004_staff_and_audit"),
        ("accounts", "0005_access_log"),
        ("accounts", "0006_people_and_flags"),
        ("accounts", "0007_searches"),
    ]

    dependencies = [
        ("accounts", "0001_initial"),
        ("school", "0001_squashed_0006_pages_in_each_language"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="user",
            options={
                "default_permissions": (),
                "ordering": ["full_name"],
                "permissions": [
                    ("view_rights", "Can read who may do what"),
                    ("read_access_log", "Can read who looked at what"),
                    ("manage_staff", "Can invite staff, give roles and end accounts"),
                ],
            },
        ),
        migrations.AddField(
            model_name="user",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="staff", to="school.school"
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="left_at",
            field=models.DateTimeField(blank=True, help_text="The account stays for what it signed.", null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="user_permissions",
            field=models.ManyToManyField(
                blank=True,
                help_text="Specific permissions for this user.",
                related_name="user_set",
                related_query_name="user",
                to="auth.permission",
                verbose_name="user permissions",
            ),
        ),
        migrations.CreateModel(
            name="AuditEntry",
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
                    "thing",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("concern", "Concern"),
                            ("case", "Case"),
                            ("evidence", "Evidence"),
                            ("letter", "Letter"),
                            ("contact", "Contact"),
                            ("export", "Export"),
                            ("search", "Search"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=40)),
                (
                    "reason",
                    models.CharField(
                        blank=True, help_text="Why, from somebody who was not on the case.", max_length=300
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "audit entries",
                "ordering": ["seq"],
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(fields=["school", "thing", "reference", "seq"], name="audit_of_thing"),
                    models.Index(fields=["school", "at"], name="audit_by_time"),
                ],
                "constraints": [models.UniqueConstraint(fields=("school", "seq"), name="auditentry_has_no_twin")],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to="school.school"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("full_name", models.CharField(max_length=120)),
                ("job_title", models.CharField(max_length=120)),
                ("role", models.CharField(max_length=10)),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("invited_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-invited_at", "-pk"],
                "default_permissions": (),
                "indexes": [models.Index(fields=["school", "expires_at"], name="invitation_open")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("used_at__isnull", True), ("withdrawn_at__isnull", True), _connector="OR"),
                        name="used_invitation_was_not_withdrawn",
                    )
                ],
            },
        ),
    ]
