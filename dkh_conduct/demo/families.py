"""Families of the demo school: its own list, a child with two households, people whom no letter may reach."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from incidents.contacts.audience import CLASSES, WHOLE, Audience, reached_by
from incidents.contacts.changing import change_contact, version_of
from incidents.contacts.columns import guess_columns
from incidents.contacts.family import link_family
from incidents.contacts.flags import set_flag
from incidents.contacts.importing import import_contacts, keep_upload
from incidents.contacts.table_files import read_table
from incidents.models import ContactImport, FamilyLink, Person, PersonFlag
from incidents.policy.wording import POLICY
from letters.emailing import email_letters, note_opened
from letters.kinds import PolicyReminderFacts, compose
from letters.mailings import approve_mailing, draft_mailing, fingerprint, make_mailing, propose_mailing
from letters.models import Letter, LetterEmail, Mailing
from letters.sealing import make_letter
from letters.studio import source_of

if TYPE_CHECKING:
    from dkh_conduct.accounts.models import User
    from dkh_conduct.demo.story import Story

HEADING = (
    "Student ID,Forename,Surname,Year Group,Class,Parent ID,Title,Forename,Surname,Address Line 1,Town,Postcode,"
    "Email,Language,Relationship,Parental Responsibility,Lives with Pupil,Priority,Court Order,Address Confidential"
)
YEARS_AND_CLASSES = (("Year 1", "Elm"), ("Year 2", "Oak"), ("Year 4", "Willow"), ("Year 6", "Maple"))
# A child, and the adults of the child: title, first name, surname, address, postcode, language, and what stops letters.
FAMILIES: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("Theo Marsh", (("Mr", "Daniel", "Marsh", "Flat 3 18 Grove Vale", "SE22 8EQ", "English"),
                    ("Ms", "Kate", "Sutcliffe", "41 Ondine Road", "SE15 4ED", "English"))),
    ("Rosa Ortega", (("Ms", "Luz", "Ortega", "15 Tannery Close", "SE22 8QZ", "Spanish"),)),
    ("Zara Haddad", (("", "ليلى", "حداد", "7 Quorn Road", "SE22 8BZ", "Arabic"),
                     ("Mr", "Karim", "Haddad", "7 Quorn Road", "SE22 8BZ", "Arabic"))),
    ("João Ferreira", (("Sra", "Inês", "Ferreira", "Flat 9 2 Champion Hill", "SE5 8AL", "Portuguese"),)),
    ("Amélie Diallo", (("Mme", "Fatou", "Diallo", "23 Grove Lane", "SE5 8SP", "French"),)),
    ("Ike Obi", (("Mrs", "Chioma", "Obi", "5 Bromar Road", "SE5 8DL", "English"),
                 ("Mr", "Emeka", "Obi", "88 Avondale Rise", "SE15 4AL", "English", "court"))),
    ("Maya Lindgren", (("Ms", "Sofia", "Lindgren", "12 Malfort Road", "SE5 8DQ", "English", "hidden"),)),
    ("Sam Whitcombe", (("Mr", "Paul", "Whitcombe", "", "", "English"),)),
    ("Ella Whitcombe", (("Mr", "Paul", "Whitcombe", "", "", "English"),)),
)  # fmt: skip
FIRST = ("Ada", "Bilal", "Chloe", "Dev", "Esme", "Femi", "Gwen", "Hugo", "Isla", "Jude", "Kofi", "Lena")
LAST = ("Abara", "Bright", "Castle", "Dunmore", "Ellery", "Fontaine", "Grantham", "Hale", "Iyer", "Jessop")


def run(story: Story) -> None:
    _the_schools_own_list(story)
    people = {person.full_name: person for person in Person.objects.filter(school=story.school)}
    ruth, grace = story.staff["ruth"], story.staff["grace"]
    with story.when(12, "9:20am"):
        for parent, child in (("Daniel Marsh", "T. M."), ("Helen Ashby", "R. A.")):
            link_family(person=people[parent], relative=people[child], kind=FamilyLink.Kind.PARENT, by=ruth)
    with story.when(6, "8:35am"):
        set_flag(
            person=people["Sinéad Ní Bhriain"],
            by=ruth,
            kind=PersonFlag.Kind.DO_NOT_CONTACT,
            reason="Her solicitor asked on 2 November that we write to the office of the firm. Letter in the file.",
        )
    with story.when(5, "10:05am"):
        for name, address in (("Luz Ortega", "luz.ortega@example.com"), ("Fatou Diallo", "f.diallo@example.com")):
            person = people[name]
            change_contact(
                person=person,
                by=grace,
                version=version_of(person),
                email=address,
                email_agreed_how="On the contact form of September",
            )
    _one_by_email(story, people["Luz Ortega"])
    _a_reminder_to_all(story)


def _one_by_email(story: Story, luz: Person) -> None:
    """Her letter was approved before she agreed; the office was told, and a leader let it go by email."""
    letters = Letter.objects.filter(school=story.school, recipient=luz.recipient, state=Letter.State.READY)
    for letter in letters:
        agreed = Person.objects.get(pk=luz.pk)
        letter.delivery, letter.email_to = Letter.Delivery.EMAIL, agreed.email
        letter.language = "es"
        letter.save(update_fields=["delivery", "email_to", "language"])
        with story.when(1, "5:10pm"):
            email_letters(letters=[letter], by=story.staff["grace"])
            LetterEmail.objects.filter(letter=letter).update(sent_at=timezone.now())  # no demo sends email
        with story.when(1, "8:32pm"):
            note_opened(letter)


def _a_reminder_to_all(story: Story) -> None:
    """Approved and made; a few of its letters wait in the print room. Another one waits for a second person."""
    ruth, marian, farah = story.staff["ruth"], story.staff["marian"], story.staff["farah"]
    with story.when(3, "2:15pm"):
        reminder = _begin(story, farah, Audience(CLASSES, ("Willow",)))
        propose_mailing(mailing=reminder, by=farah)
    with story.when(2, "9:05am"):
        reached = reached_by(Audience.of(reminder.audience), school=story.school)
        approve_mailing(
            mailing=reminder,
            by=marian,
            signatory=(marian.full_name, marian.job_title),
            addressees=reached.addressees,
            excluded=reached.excluded,
            seen=fingerprint(reminder.letter, reached.addressees, reached.excluded),
        )
        make_mailing(reminder.pk)
        for letter in Letter.objects.filter(mailing_recipient__mailing=reminder):
            make_letter(letter.pk)
    with story.when(1, "4:20pm"):
        propose_mailing(mailing=_begin(story, ruth, Audience(WHOLE)), by=ruth)


def _begin(story: Story, by: User, audience: Audience) -> Mailing:
    school = story.school
    facts = PolicyReminderFacts(
        policy_title=POLICY.title,
        school_phone=school.phone,
        school_email=school.email,
        expect_lead=POLICY.expect_lead,
        expect=tuple(POLICY.expect),
        website=school.website,
    )
    return draft_mailing(
        school=school,
        by=by,
        kind="policy_reminder",
        composed=compose("policy_reminder", facts, source=source_of(school, "policy_reminder")),
        signatory=(by.full_name, by.job_title),
        audience=audience.kept,
        audience_words=audience.words,
    )


def _the_schools_own_list(story: Story) -> None:
    """A hundred or so families, as an office brings them in."""
    grace = story.staff["grace"]
    content = "\n".join((HEADING, *_lines())).encode()
    with story.when(14, "11:10am"):
        table = read_table(SimpleUploadedFile("families-november.csv", content))
        upload = keep_upload(
            school=story.school,
            by=grace,
            file_name="families-november.csv",
            table=json.dumps([table.heading, table.rows]),
            columns=guess_columns(table.heading),
        )
        import_contacts(upload=ContactImport.objects.get(pk=upload.pk), by=grace)


def _lines() -> list[str]:
    lines = []
    for number, (child, adults) in enumerate(FAMILIES):
        for place, adult in enumerate(adults, start=1):
            lines.append(_line(number, child, adult, place=place))
    for number in range(100):
        last = LAST[number % 10]
        child, parent = f"{FIRST[number // 10]} {last}", FIRST[(number // 10 + 5) % 12]
        adult = ("Ms", parent, last, f"{number + 1} Dog Kennel Hill", "SE22 8AA", "English")
        lines.append(_line(100 + number, child, adult, place=1))
    return lines


def _line(number: int, child: str, adult: tuple[str, ...], *, place: int) -> str:
    title, first, last, address, postcode, language = adult[:6]
    stops = adult[6] if len(adult) > 6 else ""
    year, class_name = YEARS_AND_CLASSES[number % 4]
    name, surname = child.split(" ", 1)
    of_child = (f"S{number}", name, surname, year, class_name)
    of_adult = (f"P{number}-{place}" if first != "Paul" else "P7-1", title, first, last, address, "London", postcode)
    between = ("", language, "Parent", "T", "T" if place == 1 else "F", str(place))
    return ",".join((*of_child, *of_adult, *between, _yes(stops == "court"), _yes(stops == "hidden")))


def _yes(is_so: bool) -> str:  # noqa: FBT001
    return "T" if is_so else "F"
