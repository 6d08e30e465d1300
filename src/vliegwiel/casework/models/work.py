"""What people and machines do on a case: facts, tasks, questions, notes, and the words to find it by."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from vliegwiel.base.tenancy import TenantForeignKey

from ..facts import StoredFact, value_from_json, value_to_json
from .row import CaseRow
from .zaak import Zaak


class Fact(CaseRow):
    """One datum of a case with its source, moment and purpose. A datum that is fetched again replaces the older row
    (`superseded`), which stays: a decision rests on what was known then."""

    zaak = TenantForeignKey(Zaak, on_delete=models.CASCADE, related_name="facts")
    datum = models.CharField(max_length=120)
    value = models.JSONField(null=True)
    source = models.CharField(max_length=60, help_text="register, or eigen_opgave, medewerker, eigen_zaken")
    moment = models.DateTimeField()
    purpose = models.CharField(max_length=200, blank=True)
    known = models.BooleanField(default=True, help_text="false: the register itself does not know it")
    in_doubt = models.BooleanField(default=False, help_text="the register itself is investigating it")
    text = models.CharField(
        max_length=200, blank=True, help_text="the register's own words for a date that is not complete"
    )
    superseded = models.DateTimeField(null=True)

    class Meta(CaseRow.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "zaak", "datum"], condition=Q(superseded__isnull=True), name="fact_current"
            )
        ]

    @classmethod
    def of(cls, zaak: Zaak, fact: StoredFact) -> Fact:
        """A new row for a fact of a case."""
        return cls.quick(
            municipality_id=zaak.municipality_id,
            zaak_id=zaak.id,
            datum=fact.name,
            value=value_to_json(fact.value),
            source=fact.source,
            moment=fact.moment,
            purpose=fact.purpose[:200],
            known=fact.known,
            in_doubt=fact.in_doubt,
            text=fact.text[:200],
        )

    @property
    def stored(self) -> StoredFact:
        """The fact."""
        value = value_from_json(self.value)
        return StoredFact(
            self.datum, value, self.source, self.moment, self.purpose, self.known, self.in_doubt, self.text
        )


class Task(CaseRow):
    """A task of the pattern on this case. States: open, klaar, vervallen."""

    zaak = TenantForeignKey(Zaak, on_delete=models.CASCADE, related_name="tasks")
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    phase = models.CharField(max_length=60)
    kind = models.CharField(max_length=30)
    who = models.CharField(max_length=20, default="gemeente")
    optional = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default="open")
    order = models.IntegerField(default=0)
    created = models.DateTimeField()
    due = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=200, blank=True)
    done_by_name = models.CharField(max_length=200, blank=True)
    result = models.JSONField(default=dict)

    class Meta(CaseRow.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["municipality", "zaak"], name="task_zaak"),
            models.Index(fields=["municipality", "kind"], condition=Q(state="open"), name="task_open_kind"),
        ]


class Suspension(CaseRow):
    """A stretch in which the decision term stands still (Awb 4:15). `begins` is the day after the request; `until` the
    last day it can stand still; `ended` the day it really ended, filled once."""

    zaak = TenantForeignKey(Zaak, on_delete=models.CASCADE, related_name="suspensions")
    ground = models.CharField(max_length=20, help_text="article of the Awb, for example 4:15-1a")
    reason = models.CharField(max_length=200)
    begins = models.DateField()
    until = models.DateField()
    ended = models.DateField(null=True)

    class Meta(CaseRow.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["municipality", "zaak"], name="suspension_zaak"),
            models.Index(fields=["municipality", "until"], condition=Q(ended__isnull=True), name="suspension_until"),
        ]


class InformationRequest(CaseRow):
    """Something we asked the citizen. It stops the clock through its suspension."""

    zaak = TenantForeignKey(Zaak, on_delete=models.CASCADE, related_name="information_requests")
    suspension = TenantForeignKey(Suspension, on_delete=models.PROTECT, null=True, related_name="requests")
    title = models.CharField(max_length=200)
    text = models.TextField()
    wants_files = models.BooleanField(default=True)
    asked = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    due = models.DateField()
    answered = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    closed = models.DateTimeField(null=True)
    reminded = models.DateTimeField(null=True)
    letter = models.UUIDField(null=True)

    class Meta(CaseRow.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["municipality", "zaak"], name="informationrequest_zaak"),
            models.Index(
                fields=["municipality", "due"], condition=Q(closed__isnull=True), name="informationrequest_due"
            ),
        ]


class Note(CaseRow):
    """A note of a member of staff. Not part of the decision; the citizen may ask to read it."""

    zaak = TenantForeignKey(Zaak, on_delete=models.CASCADE, related_name="notes")
    by = models.CharField(max_length=200)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    text = models.TextField()

    class Meta(CaseRow.Meta):
        abstract = False
        indexes = [models.Index(fields=["municipality", "zaak"], name="note_zaak")]


class RegisterReport(CaseRow):
    """A terugmelding: somebody says that a datum of a register is wrong. Sent by a job; the application goes on meanwhile."""

    zaak = models.UUIDField(null=True)
    draft = models.UUIDField(null=True)
    bsn = models.CharField(max_length=9)
    register = models.CharField(max_length=40)
    datum = models.CharField(max_length=120)
    seen = models.JSONField(null=True, help_text="the value that is said to be wrong")
    text = models.TextField()
    by_citizen = models.BooleanField()
    at = models.DateTimeField()
    sent = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)

    class Meta(CaseRow.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["municipality", "zaak"], name="registerreport_zaak"),
            models.Index(fields=["municipality", "draft"], name="registerreport_draft"),
            models.Index(fields=["municipality", "at"], condition=Q(sent__isnull=True), name="registerreport_unsent"),
        ]


class SavedView(CaseRow):
    """A filter of the worklist that a clerk keeps. It belongs to the municipality that employs the clerk."""

    owner = models.CharField(max_length=200)
    title = models.CharField(max_length=60)
    filter = models.JSONField()
    created = models.DateTimeField()

    class Meta(CaseRow.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["municipality", "owner", "title"], name="savedview_title")]


class CaseWord(CaseRow):
    """A word a case can be found by: name, street, postcode, number. Row-level security lets PostgreSQL use only leakproof
    operators before the policy; a range on plain text is one, LIKE and trigrams are not. So: one row a word, btree."""

    word = models.CharField(max_length=40)
    zaak = TenantForeignKey(Zaak, on_delete=models.CASCADE, related_name="words")

    class Meta(CaseRow.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["municipality", "word", "zaak"], name="caseword_word"),
            models.Index(fields=["municipality", "zaak"], name="caseword_zaak"),
        ]


class TeamRoute(CaseRow):
    """Which team new cases of a product go to."""

    product = models.CharField(max_length=100)
    team = models.CharField(max_length=80)

    class Meta(CaseRow.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["municipality", "product"], name="teamroute_product")]


class Clerk(CaseRow):
    """A member of staff who works on cases here: whom a case can be given to. `municipality` is the employer."""

    subject = models.CharField(max_length=200)
    name = models.CharField(max_length=200)
    teams = models.JSONField(default=list)
    seen = models.DateField()

    class Meta(CaseRow.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["municipality", "subject"], name="clerk_subject")]
