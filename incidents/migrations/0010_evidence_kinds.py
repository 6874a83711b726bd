from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0009_languages")]

    operations = [
        migrations.RemoveField(model_name="evidence", name="look"),
        migrations.AddField(
            model_name="evidence",
            name="look",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Perceptual hash of the clean copy, in hexadecimal.",
                max_length=64,
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
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
                    ("contact_changed", "The reporter changed how to reach them"),
                    ("code_reissued", "New access code given"),
                    ("concern_closed", "Nothing further"),
                    ("concern_handed_over", "Handed over"),
                    ("concern_duplicate", "Marked as a duplicate"),
                    ("concern_paused", "Paused for safeguarding"),
                    ("concern_resumed", "Safeguarding done"),
                    ("outcome_undone", "Outcome undone"),
                    ("case_opened", "Case opened"),
                    ("concern_added", "Concern added"),
                    ("person_added", "Person added"),
                    ("person_changed", "Person changed"),
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
                    ("step_rescinded", "Step rescinded"),
                    ("case_closed", "Case closed"),
                ],
                max_length=24,
            ),
        ),
    ]
