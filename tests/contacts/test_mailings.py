"""A letter to many: whom it reaches, who approves it, and that every household gets one letter whatever happens."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from incidents.contacts.audience import CLASSES, WHOLE, YEARS, Audience, missed_of, reached_by
from incidents.contacts.changing import change_contact, version_of
from incidents.contacts.family import link_family
from incidents.contacts.flags import set_flag
from incidents.models import Case, FamilyLink, Person, PersonFlag
from letters import mailings
from letters.kinds import Composed
from letters.mailing_again import write_again
from letters.mailings import (
    ListChangedError,
    approve_mailing,
    change_mailing,
    discard_mailing,
    draft_mailing,
    fingerprint,
    make_mailing,
    progress_of,
    propose_mailing,
    requeue_lost_mailings,
    send_mailing_back,
)
from letters.models import Letter, Mailing
from letters.printing import print_letters
from letters.refusals import HeldError, LetterRefusedError, StaleDraftError, UnprintableError, WrongStateError
from letters.voiding import void_letter
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
COMPOSED = Composed(title="Letter", heading="News", body="Hello to all.", template_version="1", enclosures="")


def a_family(school, office, *, child: str, adults: list[tuple[str, str]], year: str = "Year 4", of: str = "Willow"):
    listed = {"school": school, "is_contact": True}
    kid = PersonFactory.create(**listed, full_name=child, title="", is_child=True, year_group=year, class_name=of)
    people: list[Person] = []
    for name, address in adults:
        adult = PersonFactory.create(**listed, full_name=name, title="", address=address)
        link_family(person=adult, relative=kid, kind="parent", by=office)
        FamilyLink.objects.filter(person=adult, relative=kid).update(priority=len(people) + 1)
        people.append(adult)
    return kid, people


@pytest.fixture
def families(school, office):
    """Two households of one child; a couple under one address; one in another class."""
    a_family(
        school,
        office,
        child="Ava",
        adults=[("Kate Marsh", "1 Elm Row\nSE22 8EQ"), ("Dan Marsh", "9 Oak Way\nSE15 3AB")],
    )
    a_family(
        school, office, child="Ben", adults=[("Ann Obi", "5 Ash Close\nSE5 8DL"), ("Ed Obi", "5 ASH Close,\nSE5 8dl")]
    )
    a_family(school, office, child="Cy", adults=[("Jo Hale", "7 Fir Street\nSE5 1AA")], year="Year 6", of="Maple")


def reached(school, audience=None):
    return reached_by(audience or Audience(WHOLE), school=school)


def names(school, audience=None) -> list[str]:
    return sorted(each.addressee for each in reached(school, audience).addressees)


def begun(school, by, audience=None) -> Mailing:
    audience = audience or Audience(WHOLE)
    return draft_mailing(
        school=school,
        by=by,
        kind="general",
        composed=COMPOSED,
        signatory=(by.full_name, by.job_title),
        audience=audience.kept,
        audience_words=audience.words,
    )


def approve(mailing, head, school, **changes):
    found = reached(school)
    given = {
        "mailing": mailing,
        "by": head,
        "signatory": (head.full_name, head.job_title),
        "addressees": found.addressees,
        "excluded": found.excluded,
        "seen": fingerprint(mailing.letter, found.addressees, found.excluded),
    }
    return approve_mailing(**given | changes)


def test_one_letter_a_household_and_two_households_of_one_child_get_two(families, school):
    found = reached(school)

    assert names(school) == ["Ann Obi", "Dan Marsh", "Jo Hale", "Kate Marsh"]
    assert found.excluded == [("Ed Obi", "Same household as another letter: with Ann Obi")]


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (Audience(CLASSES, ("Maple",)), ["Jo Hale"]),
        (Audience(YEARS, ("Year 4",)), ["Ann Obi", "Dan Marsh", "Kate Marsh"]),
        (Audience(CLASSES, ("Willow", "Maple")), ["Ann Obi", "Dan Marsh", "Jo Hale", "Kate Marsh"]),
        (Audience(CLASSES, ("Nobody",)), []),
    ],
)
def test_a_class_or_a_year_reaches_its_families_alone(audience, expected, families, school):
    assert names(school, audience) == expected


def test_everybody_who_is_left_out_is_named_with_the_reason(families, school, office, slt):
    _, [flagged] = a_family(school, office, child="Di", adults=[("Flo Court", "2 Yew Row\nSE5 2BB")])
    a_family(school, office, child="Eli", adults=[("No Address", "")])
    a_family(school, office, child="Fin", adults=[("Too Long", "\n".join(f"Line {n} of it" for n in range(12)))])
    _, [other] = a_family(school, office, child="Gus", adults=[("Gran Only", "3 Box Row\nSE5 2BB")])
    FamilyLink.objects.filter(person=other).update(has_responsibility=False)
    set_flag(person=flagged, by=slt, kind=PersonFlag.Kind.COURT_ORDER, reason="x")

    found = dict(reached(school).excluded)

    assert found["Flo Court"] == "Court order"
    assert found["No Address"] == "No address held"
    assert found["Too Long"] == "The address does not fit the envelope’s window"
    assert found["Gran Only"] == "No parental responsibility"


def test_a_flagged_parent_does_not_keep_the_other_one_of_the_household_from_the_letter(families, school, slt):

    set_flag(person=Person.objects.get(full_name="Ann Obi"), by=slt, kind=PersonFlag.Kind.DO_NOT_CONTACT, reason="x")

    assert "Ed Obi" in names(school)


def test_whoever_wrote_it_does_not_approve_it(families, school, slt, head, office):
    mailing = propose_mailing(mailing=begun(school, slt), by=slt)

    with pytest.raises(WrongStateError, match="another person must decide"):
        approve(mailing, slt, school)
    with pytest.raises(PermissionDenied):
        approve(mailing, office, school)
    with pytest.raises(PermissionDenied):
        begun(school, office)

    assert not Letter.objects.exclude(pk=mailing.letter_id).exists()


def test_an_approval_is_for_the_list_that_was_read(families, school, slt, head, office):
    mailing = propose_mailing(mailing=begun(school, slt), by=slt)
    read = reached(school)
    a_family(school, office, child="New", adults=[("New Here", "4 Bay Row\nSE5 2BB")])

    with pytest.raises(ListChangedError, match="the list has changed"):
        approve(mailing, head, school, seen=fingerprint(mailing.letter, read.addressees, read.excluded))

    assert Mailing.objects.get().state == Mailing.State.PROPOSED


def test_an_approval_is_of_the_words_that_were_read(families, school, slt, head, signed_in):
    mailing = propose_mailing(mailing=begun(school, slt), by=slt)
    reading = signed_in(head)
    read = reading.get(mailing.get_absolute_url()).context["decide"]["seen"].value()
    send_mailing_back(mailing=mailing, by=head, why="Too long")
    mailing.letter.refresh_from_db()
    letter = mailing.letter
    change_mailing(mailing=mailing, by=slt, version=letter.version, heading=letter.heading, body="Something else.")
    propose_mailing(mailing=mailing, by=slt)

    page = reading.post(mailing.get_absolute_url(), {"decision": "approve", "has_read": "on", "seen": read})

    assert "The letter or the list has changed since you opened this page." in page.content.decode()
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.PROPOSED


def test_every_household_gets_one_letter_signed_by_who_approved_and_no_case_is_made(
    families, school, slt, head, django_capture_on_commit_callbacks
):
    mailing = propose_mailing(mailing=begun(school, slt), by=slt)

    with django_capture_on_commit_callbacks(execute=True):
        approve(mailing, head, school)

    letters = Letter.objects.filter(mailing_recipient__mailing=mailing).order_by("pk")
    assert [letter.reference for letter in letters] == [f"DKH-M1-{n}" for n in (1, 2, 3, 4)]
    assert {letter.addressee for letter in letters} == {"Ann Obi", "Dan Marsh", "Jo Hale", "Kate Marsh"}
    assert {(letter.signatory_name, letter.approved_by) for letter in letters} == {(head.full_name, head)}
    assert all(letter.recipient.startswith("person-") for letter in letters)
    assert Mailing.objects.get().excluded == [["Ed Obi", "Same household as another letter: with Ann Obi"]]
    assert not Case.objects.exists()


def test_a_worker_that_dies_or_is_told_twice_leaves_one_letter_each(families, school, slt, head, monkeypatch):
    mailing = propose_mailing(mailing=begun(school, slt), by=slt)
    approve(mailing, head, school)
    monkeypatch.setattr("letters.mailings.AT_ONCE", 1)
    real, calls = make_mailing.__globals__["_write_some"], []

    def dies_at_the_third(pk):
        calls.append(pk)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return real(pk)

    monkeypatch.setattr("letters.mailings._write_some", dies_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        make_mailing(mailing.pk)
    half = progress_of(mailing)
    make_mailing(mailing.pk)
    make_mailing(mailing.pk)

    assert (half["all"], half["unwritten"]) == (4, 2)
    assert progress_of(mailing)["unwritten"] == 0
    assert Letter.objects.filter(mailing_recipient__mailing=mailing).count() == 4
    assert Mailing.objects.get().state == Mailing.State.DONE


def test_a_queue_that_lost_the_message_is_told_again(families, school, slt, head, monkeypatch):
    mailing = propose_mailing(mailing=begun(school, slt), by=slt)
    approve(mailing, head, school)
    told = []
    monkeypatch.setattr("letters.mailings.hurry_mailing", told.append)
    Mailing.objects.update(decided_at="2026-01-01T09:00Z")

    assert requeue_lost_mailings() == 1
    assert told == [mailing.pk]


def test_a_flag_that_comes_after_approval_stops_that_one_letter(
    families, school, slt, head, office, django_capture_on_commit_callbacks
):

    mailing = propose_mailing(mailing=begun(school, slt), by=slt)
    with django_capture_on_commit_callbacks(execute=True):
        approve(mailing, head, school)
    Letter.objects.exclude(pk=mailing.letter_id).update(state="ready", sha256="0" * 64, file="letters/x.pdf", pages=1)
    set_flag(person=Person.objects.get(full_name="Jo Hale"), by=slt, kind=PersonFlag.Kind.COURT_ORDER, reason="x")

    ready = Letter.objects.to_print()

    assert {letter.addressee for letter in ready} == {"Ann Obi", "Dan Marsh", "Kate Marsh"}
    with pytest.raises(HeldError):
        print_letters(letters=Letter.objects.filter(state="ready"), by=office)


@pytest.fixture
def posted_soon(families, school, slt, head, monkeypatch):
    """Every letter is made, and none has left the house."""
    monkeypatch.setattr("letters.approval.render", lambda letter, **_: None)
    mailing = propose_mailing(mailing=begun(school, slt), by=slt)
    approve(mailing, head, school)
    make_mailing(mailing.pk)
    Letter.objects.exclude(pk=mailing.letter_id).update(state="ready", sha256="0" * 64, file="letters/x.pdf", pages=1)
    return Mailing.objects.get()


def press(browser, mailing):
    """The one button of the page, as it stands there."""
    page = browser.get(mailing.get_absolute_url())
    (missed,) = page.context["missed"]
    to = {"to": missed.to.recipient if missed.to else ""}
    address = reverse("mailing-again", args=[mailing.number, missed.number])
    return page.content.decode() + browser.post(address, to, follow=True).content.decode()


def test_where_the_chosen_parent_is_flagged_the_other_one_of_the_household_can_be_written_to(
    posted_soon, head, slt, signed_in
):
    ann, ed = Person.objects.get(full_name="Ann Obi"), Person.objects.get(full_name="Ed Obi")
    set_flag(person=ann, by=slt, kind=PersonFlag.Kind.DO_NOT_CONTACT, reason="x")

    said = press(signed_in(head), posted_soon)

    assert "Who gets nothing, as it stands" in said
    assert "No letter may go to Ann Obi: they are not to be contacted" in said
    assert "Write to Ed Obi of the same household" in said
    new = Letter.objects.get(recipient=ed.recipient)
    assert (new.reference, new.addressee, new.state) == ("DKH-M1-1-2", "Ed Obi", Letter.State.QUEUED)
    assert new.reissue_of.state == Letter.State.VOID  # so that it does not follow when the flag is lifted
    assert progress_of(posted_soon)["all"] == 4
    assert not signed_in(head).get(posted_soon.get_absolute_url()).context["missed"]


def test_nobody_else_who_may_not_be_written_to_is_offered(posted_soon, head, slt, signed_in):
    for name in ("Ann Obi", "Ed Obi"):
        set_flag(person=Person.objects.get(full_name=name), by=slt, kind=PersonFlag.Kind.COURT_ORDER, reason="x")

    said = press(signed_in(head), posted_soon)

    assert "Nobody else of the household" in said
    assert "Something changed after you looked" in said
    assert not Letter.objects.filter(reissue_of__isnull=False).exists()


def test_a_letter_to_a_family_that_moved_is_issued_again_to_the_new_address(posted_soon, head, slt, office, signed_in):
    jo = Person.objects.get(full_name="Jo Hale")
    change_contact(person=jo, by=office, version=version_of(jo), address="8 New Row\nSE5 9ZZ")

    assert "They moved before the letter had gone" in press(signed_in(head), posted_soon)

    new = Letter.objects.get(recipient=jo.recipient, state="queued")
    assert (new.reference, new.address) == ("DKH-M1-2-2", "8 New Row\nSE5 9ZZ")
    assert posted_soon.recipients.get(recipient=jo.recipient).letter == new


def test_writing_to_another_adult_takes_back_the_stopped_letter_of_that_household_alone(posted_soon, head, slt):
    for name in ("Ann Obi", "Jo Hale"):
        set_flag(person=Person.objects.get(full_name=name), by=slt, kind=PersonFlag.Kind.DO_NOT_CONTACT, reason="x")
    missed = next(each for each in missed_of(posted_soon) if each.to and each.to.addressee == "Ed Obi")

    write_again(mailing=posted_soon, by=head, number=missed.number, to=missed.to)

    states = dict(Letter.objects.filter(reissue_of=None).values_list("addressee", "state"))
    assert (states["Ann Obi"], states["Jo Hale"]) == ("void", "ready")


def test_a_wrong_address_is_corrected_before_the_letter_is_issued_again(posted_soon, head, office, signed_in):
    letter = Letter.objects.get(addressee="Jo Hale")
    void_letter(letter=letter, by=office, reason="address")

    assert "The address of Jo Hale was wrong, and is still the same" in press(signed_in(head), posted_soon)
    assert not Letter.objects.filter(reissue_of=letter).exists()


def test_what_has_gone_is_not_written_again_and_nobody_gets_two(posted_soon, head, slt, office):
    to = {each.addressee: each for each in reached(head.school).addressees}
    with pytest.raises(PermissionDenied):
        write_again(mailing=posted_soon, by=office, number=1, to=to["Ann Obi"])
    with pytest.raises(WrongStateError, match="is not void"):
        write_again(mailing=posted_soon, by=head, number=1, to=to["Ann Obi"])
    with pytest.raises(WrongStateError, match="a letter of their own"):
        write_again(mailing=posted_soon, by=head, number=1, to=to["Jo Hale"])
    with pytest.raises(WrongStateError, match="not written yet"):
        write_again(mailing=posted_soon, by=head, number=99, to=to["Jo Hale"])


def test_two_editors_never_overwrite_each_other(school, slt, head):
    mailing = begun(school, slt)
    version = mailing.letter.version
    change_mailing(mailing=mailing, by=slt, version=version, heading="News", body="First.")

    with pytest.raises(StaleDraftError):
        change_mailing(mailing=mailing, by=head, version=version, heading="News", body="Second.")

    assert Mailing.objects.get().letter.body == "First."


def test_sent_back_says_why_and_can_be_proposed_again(families, school, slt, head):
    mailing = propose_mailing(mailing=begun(school, slt), by=slt)

    send_mailing_back(mailing=mailing, by=head, why="Name the website.")
    again = propose_mailing(mailing=Mailing.objects.get(), by=slt)

    assert again.state == Mailing.State.PROPOSED


def test_from_the_first_page_to_the_print_room(
    families, school, slt, head, office, signed_in, django_capture_on_commit_callbacks
):
    writer, decider, prints = signed_in(slt), signed_in(head), signed_in(office)

    empty = writer.post(reverse("mailing-start"), {"kind": "general", "audience": "classes"})
    begun_page = writer.post(
        reverse("mailing-start"), {"kind": "policy_reminder", "audience": "classes", "classes": ["Willow"]}, follow=True
    )
    mailing = Mailing.objects.get()
    page = reverse("mailing", args=[mailing.number])
    form = begun_page.context["form"]
    sent = writer.post(
        page,
        {
            "heading": form["heading"].value(),
            "body": form["body"].value(),
            "version": form["version"].value(),
            "propose": "",
        },
        follow=True,
    )
    hidden = prints.get(page)
    asked = decider.get(page)
    unread = decider.post(page, {"decision": "approve", "seen": asked.context["decide"]["seen"].value()})
    with django_capture_on_commit_callbacks(execute=True):
        done = decider.post(
            page,
            {"decision": "approve", "has_read": "on", "seen": asked.context["decide"]["seen"].value()},
            follow=True,
        )
    shown = prints.get(page).content.decode()

    assert "Enter what the letter is about" in empty.content.decode()
    assert "Select at least one class" in empty.content.decode()
    assert "3 households" in begun_page.content.decode()
    assert "Sent for approval" in sent.content.decode()
    assert hidden.status_code == 404
    assert "Tick this when you have read it" in unread.content.decode()
    assert "Approved. The letters are being made." in done.content.decode()
    assert "of 3 letters" in shown
    assert f"?q={mailing.reference}-" in shown


def test_800_families_are_reached_with_few_queries(school, office, django_assert_max_num_queries):

    listed = {"school": school, "is_contact": True}
    kids = Person.objects.bulk_create(
        Person(**listed, full_name=f"Child {n}", is_child=True, class_name="Elm") for n in range(800)
    )
    adults = Person.objects.bulk_create(
        Person(**listed, full_name=f"Adult {n}", address=f"{n} Elm Row\nSE22 8EQ") for n in range(800)
    )
    FamilyLink.objects.bulk_create(
        FamilyLink(person=adult, relative=kid, kind="parent") for adult, kid in zip(adults, kids, strict=True)
    )

    with django_assert_max_num_queries(4):
        found = reached(school)

    assert len(found.addressees) == 800


def kept(browser, mailing: Mailing, **typed: object):
    typed = {"heading": "News", "body": "Hello to all.", "version": 1, **typed}
    return browser.post(reverse("mailing-autosave", args=[mailing.number]), typed)


def test_a_letter_to_many_is_kept_while_it_is_typed_and_the_next_time_carries_the_new_version(
    school, slt, head, signed_in
):
    mailing = begun(school, slt)
    one, other = signed_in(slt), signed_in(head)

    first = kept(one, mailing, body="Hel")
    second = kept(one, mailing, body="Hello, all", version=first.json()["version"])
    slower = kept(other, mailing, body="From the other")

    assert (first.status_code, second.status_code, slower.status_code) == (200, 200, 409)
    assert first.json()["said"].startswith("Saved at ")
    assert "Somebody else has changed this letter" in slower.json()["said"]
    mailing.letter.refresh_from_db()
    assert (mailing.letter.body, mailing.letter.version) == ("Hello, all", second.json()["version"])
    assert "data-dkh-autosave=" in one.get(mailing.get_absolute_url()).content.decode()


def test_what_cannot_be_kept_and_what_is_sent_for_approval_changes_nothing(school, slt, signed_in):
    mailing = begun(school, slt)
    browser = signed_in(slt)

    empty = kept(browser, mailing, body="")
    propose_mailing(mailing=mailing, by=slt)
    late = kept(browser, mailing, body="Too late")

    assert (empty.status_code, late.status_code) == (422, 409)
    assert Letter.objects.get().body == "Hello to all."


def test_given_up_it_is_not_written_or_sent_any_more_and_its_number_stays(families, school, slt):
    mailing = discard_mailing(mailing=begun(school, slt), by=slt)

    with pytest.raises(WrongStateError, match=r"marked “Given up”. Nothing was changed"):
        propose_mailing(mailing=mailing, by=slt)
    assert begun(school, slt).number == mailing.number + 1


def test_who_decides_second_reads_who_was_first(families, school, slt, head, colleague):
    mailing = propose_mailing(mailing=begun(school, slt), by=slt)
    approve(mailing, head, school)

    with pytest.raises(WrongStateError, match=f"by {head.full_name} today at"):
        send_mailing_back(mailing=mailing, by=colleague, why="Name the website.")

    assert Mailing.objects.get().state == Mailing.State.APPROVED


def test_an_empty_letter_is_not_proposed_and_sending_it_back_needs_a_reason(families, school, slt, head):
    mailing = begun(school, slt)
    Letter.objects.update(body=" ")
    with pytest.raises(UnprintableError, match="The letter is empty"):
        propose_mailing(mailing=mailing, by=slt)
    Letter.objects.update(body="Hello to all.")
    propose_mailing(mailing=mailing, by=slt)

    with pytest.raises(LetterRefusedError, match="Say what needs to change"):
        send_mailing_back(mailing=mailing, by=head, why=" ")

    assert Mailing.objects.get().state == Mailing.State.PROPOSED


@pytest.mark.parametrize(("most", "to", "sentence"), [(1, None, "1 families at once or fewer"), (9, [], "nobody to")])
def test_nobody_and_too_many_are_not_written_to(families, school, slt, head, monkeypatch, most, to, sentence):
    monkeypatch.setattr(mailings, "MOST", most)
    mailing = propose_mailing(mailing=begun(school, slt), by=slt)

    with pytest.raises(WrongStateError, match=sentence):
        approve(mailing, head, school, **({} if to is None else {"addressees": to}))

    assert Mailing.objects.get().state == Mailing.State.PROPOSED


def test_the_name_that_stands_under_it_already_is_left_as_it_is(families, school, slt, head):
    mailing = propose_mailing(mailing=begun(school, slt), by=slt)

    approve(mailing, head, school, signatory=(slt.full_name, slt.job_title))

    assert (mailing.letter.version, Mailing.objects.get().letter.version) == (1, 1)


def test_an_approval_waits_for_nobody_who_may_not_give_it(families, school, slt, head, office):
    mailing = propose_mailing(mailing=begun(school, slt), by=slt)

    assert list(Mailing.objects.waiting_for(head)) == [mailing]
    assert not Mailing.objects.waiting_for(office).exists()
