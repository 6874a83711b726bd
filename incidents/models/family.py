"""Who belongs to whom: an adult and a child, or two children of one family. Each adult has an address of their own."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from incidents.models.person import Person


class FamilyLink(models.Model):
    """“`person` is the parent of `relative`.” Siblings are linked where they share no parent that is on the list."""

    class Kind(models.TextChoices):
        PARENT = "parent", "Parent"
        CARER = "carer", "Carer"
        SIBLING = "sibling", "Sibling"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="relatives")
    relative = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="related_from")
    kind = models.CharField(max_length=8, choices=Kind)
    has_responsibility = models.BooleanField(null=True, blank=True, help_text="Parental. Empty: not known.")
    lives_together = models.BooleanField(null=True, blank=True)
    priority = models.PositiveSmallIntegerField(default=0, help_text="Whom the school calls first: 1. 0: not known.")

    class Meta:
        ordering = ["priority", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "relative"], name="family_link_once"),
            models.CheckConstraint(condition=~Q(person=F("relative")), name="nobody_is_their_own_family"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_kind_display().lower()} of {self.relative}"
