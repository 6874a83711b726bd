"""Merging two cases and splitting one: what moves, what stays, who may know of it, and why it is refused."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from dkh_conduct.school.models import today
from incidents.casework.case_lock import Refused
from incidents.casework.closing import pause_case, reopen_case
from incidents.casework.conflicts import record_conflict
from incidents.casework.merge import merge_cases
from incidents.casework.notes import add_note
from incidents.casework.referrals import refer_case
from incidents.casework.split import split_case
from incidents.casework.tasks import add_task, link_cases, unlink_cases
from incidents.models import Case, CaseLink, CasePerson, Event, Evidence, Step
from tests.addresses import a_step
from tests.casework.fair_case import add_subject, fair_case
from tests.factories import (
    AllegationFactory,
    CaseFactory,
    CasePersonFactory,
    ConcernFactory,
    LetterFactory,
    PersonFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
REASON = "The same evening in the same group."


@pytest.fixture
def into(slt):
    """C014, which goes on: Daniel Marsh, found and heard."""
    return fair_case(slt)


@pytest.fixture
def case(slt):
    """C009, which goes into it: somebody else, with one thing of each kind."""
    case = CaseFactory.create(school=slt.school, lead=slt, number=9, summary="More messages")
    person = add_subject(case, full_name="Ama Boateng")
    ConcernFactory.create(school=slt.school, case=case)
    add_note(case=case, by=slt, kind="fact", text="She rang.")
    case.tasks.create(what="Ring back", owner=slt, due_on="2026-12-01", made_by=slt)
    letter = LetterFactory.create(school=slt.school, drafted_by=slt, reference="DKH-C009-1")
    step = a_step(case, "warning", by=slt)
    step.letter = letter
    step.save()
    assert step.subject == person
    return case


def merge(case, into, by, **more):
    return merge_cases(case=case, into=into, by=by, reason=REASON, **more)


class TestMerge:
    def test_everything_that_goes_on_moves_and_the_case_is_closed_with_links_both_ways(self, case, into, slt):
        merge(case, into, slt)

        into, case = Case.objects.get(pk=into.pk), Case.objects.get(pk=case.pk)
        assert {person.full_name for person in into.subjects} == {"Daniel Marsh", "Ama Boateng"}
        for name, number in (("allegations", 2), ("information", 2), ("concerns", 1), ("notes", 1), ("tasks", 1)):
            assert getattr(into, name).count() == number, name
            assert getattr(case, name).count() == 0, name
        step = Step.objects.get(letter__reference="DKH-C009-1")
        assert step.case == into
        assert (case.status, case.merged_into) == ("closed", into)
        assert case.closed_reason == f"Merged into C014. {REASON}"

    def test_both_pages_lead_to_the_other_and_the_story_is_told_in_one(self, case, into, slt, signed_in):
        merge(case, into, slt)
        browser = signed_in(slt)

        there, here = (browser.get(each.get_absolute_url()).content.decode() for each in (into, case))

        assert "Case C009 merged into this one" in there
        assert "1 person, 1 allegation, 1 concern, 1 request for information, 1 note, 1 task" in there
        assert "Note added" in there
        assert case.get_absolute_url() in there
        assert "Go to case C014" in here
        assert "Merged into C014</bdi></h1>" in here
        assert "Open again" not in here

    def test_the_same_person_in_the_same_role_is_there_once(self, case, into, slt):
        daniel = into.subjects[0]
        CasePersonFactory.create(case=case, person=daniel)
        CasePersonFactory.create(case=case, person=daniel, role="witness")

        merge(case, into, slt)

        links = CasePerson.objects.filter(person=daniel)
        assert sorted((link.case_id, link.role) for link in links) == [(into.pk, "subject"), (into.pk, "witness")]

    def test_links_to_others_move_and_the_two_stay_linked_for_good(self, case, into, slt):
        other = CaseFactory.create(school=slt.school, lead=slt, number=20)
        link_cases(case=case, by=slt, other=into, reason="One group")
        link_cases(case=case, by=slt, other=other, reason="One family")

        merge(case, into, slt)

        links = {frozenset((link.case_id, link.other_id)): link.reason for link in CaseLink.objects.all()}
        assert links == {
            frozenset((into.pk, other.pk)): "One family",
            frozenset((into.pk, case.pk)): "C009 was merged into C014",
        }
        with pytest.raises(Refused, match="closed case C009"):
            unlink_cases(case=into, by=slt, other=case)

    def test_who_may_not_know_of_one_may_know_of_neither(self, case, into, slt, colleague, school):
        from_into = UserFactory.create(school=school, role="slt")
        record_conflict(case=case, by=slt, who=colleague, reason="Named in it")
        record_conflict(case=into, by=slt, who=from_into, reason="A neighbour")

        merge(case, into, slt)

        for user in (colleague, from_into):
            assert not Case.objects.visible_to(user).filter(pk__in=[case.pk, into.pk]).exists()
        letter = Step.objects.get(letter__reference="DKH-C009-1").letter
        assert {colleague, from_into} <= set(letter.withheld_from.all())

    def test_a_conflict_recorded_later_hides_what_was_merged_too(self, case, into, slt, colleague):
        merge(case, into, slt)

        record_conflict(case=into, by=slt, who=colleague, reason="Named in it")

        assert not Case.objects.visible_to(colleague).exists()

    def test_why_one_of_them_could_not_wait_is_kept(self, case, into, slt):
        Case.objects.filter(pk=case.pk).update(cannot_wait_reason="She was followed home.")

        merge(case, into, slt)

        into.refresh_from_db()
        case.refresh_from_db()
        assert (into.cannot_wait_reason, case.cannot_wait_reason) == ("She was followed home.", "")

    def test_it_is_said_why_they_are_one(self, case, into, slt):
        with pytest.raises(Refused, match="Write why they are one case"):
            merge_cases(case=case, into=into, by=slt, reason=" ")

    def test_one_merged_into_it_before_goes_along(self, case, into, slt):
        first = CaseFactory.create(school=slt.school, lead=slt, number=3)
        merge(first, case, slt)

        merge(case, into, slt)

        first.refresh_from_db()
        assert first.merged_into == into

    def test_it_cannot_be_opened_again(self, case, into, slt):
        merge(case, into, slt)

        with pytest.raises(Refused, match="It was merged into C014"):
            reopen_case(case=case, by=slt, reason="Once more")

    @pytest.mark.parametrize("which", ["case", "into"])
    def test_a_step_in_progress_a_pause_or_trust_legal_is_in_the_way(self, case, into, slt, school, which):
        one = {"case": case, "into": into}[which]
        lawyer = UserFactory.create(school=school, role="legal")
        referral = refer_case(case=one, to=lawyer, by=slt, reason="Words")
        with pytest.raises(Refused, match=f"{one.reference} is shown to the Trust’s legal team"):
            merge(case, into, slt)
        referral.delete()
        draft = Step.objects.create(case=one, kind="meeting", subject=one.subjects[0], drafted_by=slt)
        with pytest.raises(Refused, match=f"waits for approval in {one.reference}"):
            merge(case, into, slt)
        draft.delete()
        pause_case(case=one, by=slt, reason="A child")
        with pytest.raises(Refused, match=f"Safeguarding comes first in {one.reference}"):
            merge(case, into, slt)
        assert not Event.objects.filter(kind="case_merged").exists()

    def test_privileged_advice_never_changes_its_reader(self, case, into, slt, colleague):
        a_step(case, "legal", by=slt)
        Case.objects.filter(pk=into.pk).update(lead=colleague)

        with pytest.raises(Refused, match="the same lead first"):
            merge(case, into, slt)

    def test_the_lead_of_the_other_must_be_allowed_to_know(self, case, into, slt, colleague):
        Case.objects.filter(pk=into.pk).update(lead=colleague)
        record_conflict(case=case, by=slt, who=colleague, reason="Named in it")

        with pytest.raises(Refused, match="Tomas Lindqvist, who leads C014, may not know of C009"):
            merge(case, into, slt)

    def test_who_has_a_conflict_or_no_right_merges_nothing(self, case, into, slt, colleague, office):
        record_conflict(case=into, by=slt, who=colleague, reason="Named in it")

        with pytest.raises(Refused, match="You can no longer see this case"):
            merge(case, into, colleague)
        with pytest.raises(PermissionDenied):
            merge(case, into, office)
        with pytest.raises(Refused, match="itself"):
            merge(case, case, slt)

    def test_the_second_of_two_is_told(self, case, into, slt, colleague):
        merge(case, into, slt)

        with pytest.raises(Refused, match="Ruth Adeyemi closed case C009"):
            merge(case, into, colleague)

    def test_the_page_lists_what_moves_then_does_it_and_looks_again_after_a_change(self, case, into, slt, signed_in):
        browser, address = signed_in(slt), reverse("case-merge", args=["C009"])
        asked = {"other": "c14", "reason": REASON}

        looked = browser.post(address, asked).content.decode()
        assert "1 step with its letter" in looked
        assert not Case.objects.filter(status="closed").exists()
        seen = looked.partition('name="seen" value="')[2].partition('"')[0]
        add_note(case=case, by=slt, kind="fact", text="One more.")
        stale = browser.post(address, {**asked, "seen": seen}).content.decode()
        assert "Something changed after you looked" in stale
        assert REASON in stale

        done = browser.post(address, {**asked, "seen": seen.replace("1 note", "2 notes")})

        assert done.url == into.get_absolute_url()

    def test_a_case_that_is_kept_from_somebody_is_no_case_to_them(self, case, into, slt, colleague, signed_in):
        record_conflict(case=into, by=slt, who=colleague, reason="Named in it")
        Case.objects.filter(pk=case.pk).update(opened_by=colleague)

        page = signed_in(colleague).post(reverse("case-merge", args=["C009"]), {"other": "C014", "reason": REASON})

        assert "There is no other case with this number" in page.content.decode()


def split(case, by, **chosen):
    return split_case(case=case, by=by, summary="Another matter", reason="Other people, another day.", **chosen)


class TestSplit:
    @pytest.fixture
    def wide(self, into, slt):
        """Two subjects, two concerns."""
        add_subject(into, full_name="Ama Boateng")
        for number in range(2):
            ConcernFactory.create(school=slt.school, case=into, account=f"Concern {number}")
        return into

    def test_what_was_chosen_goes_to_a_new_case_with_a_number_and_links_both_ways(self, wide, slt, school):
        school.last_case_number = 40
        school.save()
        concern = wide.concerns.first()
        allegation = wide.allegations.get(subject__full_name="Ama Boateng")

        new = split(wide, slt, concerns=[concern.pk], allegations=[allegation.pk])

        assert (new.reference, new.lead, new.status) == ("C041", wide.lead, "open")
        assert [person.full_name for person in new.subjects] == ["Ama Boateng"]
        assert [each.pk for each in new.concerns.all()] == [concern.pk]
        assert new.information.get().person.full_name == "Ama Boateng"
        assert [person.full_name for person in Case.objects.get(pk=wide.pk).subjects] == ["Daniel Marsh"]
        assert CaseLink.objects.filter(case=wide, other=new).exists()
        told = Event.objects.filter(kind="case_split").order_by("pk")
        assert [each.facts.get("new") or each.facts["source"] for each in told] == ["C041", "C014"]

    def test_a_subject_with_more_here_stays_on_both_and_so_does_what_they_were_asked(self, wide, slt):
        daniel = wide.subjects[0]
        second = AllegationFactory.create(case=wide, subject=daniel, made_by=slt)

        new = split(wide, slt, allegations=[second.pk])

        assert CasePerson.objects.filter(person=daniel, role="subject").count() == 2
        assert not new.information.exists()

    def test_a_witness_who_is_chosen_moves(self, wide, slt):
        witness = CasePersonFactory.create(case=wide, person=PersonFactory.create(full_name="Wit Ness"), role="witness")

        new = split(wide, slt, people=[witness.pk])

        assert [link.person.full_name for link in new.people.all()] == ["Wit Ness"]

    def test_notes_and_tasks_go_where_they_were_chosen_for_and_the_page_says_what_stays(self, wide, slt, signed_in):
        notes = [add_note(case=wide, by=slt, kind="fact", text=text) for text in ("About her.", "About both.")]
        task = add_task(case=wide, by=slt, what="Ring her", owner=slt, due_on=today())
        add_task(case=wide, by=slt, what="Ring him", owner=slt, due_on=today())
        concern = wide.concerns.first()
        chosen = {"concerns": [concern.pk], "notes": [notes[0].pk], "tasks": [task.pk]}
        asked = {"summary": "Another matter", "reason": "Another day.", **chosen}

        browser, address = signed_in(slt), reverse("case-split", args=["C014"])
        looked = browser.post(address, asked).content.decode()
        browser.post(address, {**asked, "seen": "yes"})

        assert "About her." in looked
        assert "Ring her, for Ruth Adeyemi" in looked
        assert "1 concern, 2 allegations, 1 note, 1 task." in looked
        new = Case.objects.get(summary="Another matter")
        assert [note.text for note in new.notes.all()] == ["About her."]
        assert [task.what for task in new.tasks.all()] == ["Ring her"]
        assert [note.text for note in wide.notes.all()] == ["About both."]
        assert [task.what for task in wide.tasks.all()] == ["Ring him"]

    def test_who_stays_as_a_witness_keeps_what_they_were_asked(self, wide, slt):
        ama = wide.subjects[1]
        CasePersonFactory.create(case=wide, person=ama, role="witness")

        new = split(wide, slt, allegations=[wide.allegations.get(subject=ama).pk])

        assert [link.role for link in new.people.all()] == ["subject"]
        assert not new.information.exists()
        assert wide.information.filter(person=ama).exists()

    @pytest.mark.parametrize("left_out", ["summary", "reason"])
    def test_the_new_case_says_what_it_is_about_and_why(self, wide, slt, left_out):
        said = {"summary": "Another matter", "reason": "Other people.", left_out: " "}

        with pytest.raises(Refused, match="Write what the new case is about"):
            split_case(case=wide, by=slt, concerns=[wide.concerns.first().pk], **said)

    def test_safeguarding_comes_first(self, wide, slt):
        pause_case(case=wide, by=slt, reason="A child may be at risk.")

        with pytest.raises(Refused, match="Safeguarding comes first"):
            split(wide, slt, concerns=[wide.concerns.first().pk])

    def test_a_note_alone_is_no_case(self, wide, slt):
        note = add_note(case=wide, by=slt, kind="fact", text="About her.")

        with pytest.raises(Refused, match="Choose what goes"):
            split(wide, slt, notes=[note.pk])

    def test_it_is_kept_from_the_same_people(self, wide, slt, colleague):
        record_conflict(case=wide, by=slt, who=colleague, reason="Named in it")

        new = split(wide, slt, concerns=[wide.concerns.first().pk])

        assert not Case.objects.visible_to(colleague).filter(pk=new.pk).exists()

    def test_what_a_taken_step_relies_on_stays(self, wide, slt):
        step = a_step(wide, "warning", by=slt)
        step.allegations.set([wide.allegations.first()])

        with pytest.raises(Refused, match="A step that was taken relies on"):
            split(wide, slt, allegations=[wide.allegations.first().pk])

    def test_words_and_the_file_they_quote_stay_together(self, wide, slt):
        concern, allegation = wide.concerns.first(), wide.allegations.first()
        about = {"name": "a.png", "sha256": "0" * 64, "original": "o", "copy": "c", "thumbnail": "t"}
        allegation.evidence = Evidence.objects.create(school=slt.school, concern=concern, **about)
        allegation.save()

        with pytest.raises(Refused, match=f"quotes a file of concern {concern.reference}"):
            split(wide, slt, concerns=[concern.pk])
        assert split(wide, slt, concerns=[concern.pk], allegations=[allegation.pk])

    def test_nothing_everything_a_draft_and_what_is_elsewhere_are_refused(self, wide, case, slt):
        for nothing in ({}, {"concerns": [case.concerns.get().pk]}):
            with pytest.raises(Refused, match="Choose what goes"):
                split(wide, slt, **nothing)
        keys = {name: list(getattr(wide, name).values_list("pk", flat=True)) for name in ("concerns", "allegations")}
        with pytest.raises(Refused, match="Nothing would be left"):
            split(wide, slt, **keys)
        Step.objects.create(case=wide, kind="meeting", subject=wide.subjects[0], drafted_by=slt)
        with pytest.raises(Refused, match="waits for approval"):
            split(wide, slt, concerns=keys["concerns"][:1])

    def test_the_page_shows_what_moves_and_opens_the_new_case(self, wide, slt, signed_in):
        browser, address = signed_in(slt), reverse("case-split", args=["C014"])
        concern = wide.concerns.first()
        asked = {"summary": "Another matter", "reason": "Another day.", "concerns": [concern.pk]}

        missing = browser.post(address, {}).content.decode()
        looked = browser.post(address, asked).content.decode()
        done = browser.post(address, {**asked, "seen": "yes"})

        assert "Write what the new case is about" in missing
        assert f"Concern {concern.reference}, with its files" in looked
        new = Case.objects.get(summary="Another matter")
        assert done.url == new.get_absolute_url()
        assert browser.get(done.url).status_code == 200

    def test_a_concern_kept_from_somebody_is_neither_offered_nor_moved(self, wide, slt, signed_in):
        hidden = wide.concerns.first()
        hidden.conflicts.create(user=slt, reason="Named in it")

        page = signed_in(slt).get(reverse("case-split", args=["C014"])).content.decode()

        assert hidden.reference not in page
        with pytest.raises(Refused, match="Choose what goes"):
            split(wide, slt, concerns=[hidden.pk])
