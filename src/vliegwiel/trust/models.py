"""Tables of trust: who may act for whom, what happened (the ledger), who looked at whose data, who is logged in.

`Event` and `ProcessingRecord` only grow. They are partitioned by year and the application may not change or remove their
rows. They carry no foreign key to the municipality: checking one would lock the same municipality row in every
transaction, and row-level security already refuses a municipality that is not in scope.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from vliegwiel.base.tenancy import TenantModel

if TYPE_CHECKING:
    _IntegerColumn = models.Field[int, int]
else:  # generic only for the type checker
    _IntegerColumn = models.Field


class TransactionId(_IntegerColumn):
    """PostgreSQL's 64-bit transaction number (`xid8`), which never wraps."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: object, connection: object) -> int | None:
        return None if value is None else int(value)

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else str(int(value))


class AppendOnly(TenantModel):
    """A partitioned table that only grows; `recorded_at` chooses the partition."""

    municipality = models.ForeignKey(
        "base.Municipality", on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    recorded_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        abstract = True


class Event(AppendOnly):
    """Something that happened, as it was written. `personal` is ciphertext under a key of the case (`CaseKey`)."""

    xid = TransactionId(help_text="transaction that wrote it; the sealer orders by it")
    kind = models.CharField(max_length=80)
    zaak_id = models.UUIDField(null=True)
    actor_kind = models.CharField(max_length=12)
    actor_municipality = models.CharField(max_length=6)
    actor_id = models.CharField(max_length=200, help_text="subject of staff or name of a job; empty for a citizen")
    payload = models.JSONField()
    key_id = models.UUIDField(null=True)
    personal = models.BinaryField(null=True)

    class Meta(AppendOnly.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["municipality", "zaak_id", "recorded_at"], name="event_of_zaak"),
            models.Index(fields=["municipality", "xid"], name="event_in_order"),
        ]


class CaseKey(TenantModel):
    """A key under which personal data of a case is encrypted in the ledger, itself encrypted with the master key.

    A case has one key, or a few where processes made one at the same moment; destroying a case's keys means all of them.
    """

    zaak_id = models.UUIDField()
    wrapped = models.BinaryField(null=True, help_text="absent once destroyed")
    made_at = models.DateTimeField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        abstract = False
        indexes = [models.Index(fields=["municipality", "zaak_id"], name="casekey_of_zaak")]


class LedgerLog(TenantModel):
    """The Merkle log of one municipality: how far it has come. The sealer locks this row, writers never touch it."""

    origin = models.CharField(max_length=200, help_text="first line of each checkpoint; names this log in the world")
    size = models.BigIntegerField(default=0)
    next_xid = TransactionId(default=0, help_text="events of lower transactions are all sealed")
    database = models.CharField(max_length=20, help_text="the server's own number; another one means a restored copy")

    class Meta(TenantModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["municipality"], name="ledgerlog_one")]


class Leaf(TenantModel):
    """Place of an event in the log. `id` is the event's id."""

    index = models.BigIntegerField()
    recorded_at = models.DateTimeField(help_text="of the event; finds its partition")
    hash = models.BinaryField()

    class Meta(TenantModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["municipality", "index"], name="leaf_index")]


class Node(TenantModel):
    """Hash of a complete subtree of 2^level leaves. `id` holds level and index (`merkle.node_id`), so the key finds it."""

    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta(TenantModel.Meta):
        abstract = False


class CheckpointRow(TenantModel):
    """A signed statement of the log's size and root: a C2SP signed note."""

    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    made_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        abstract = False
        db_table = "trust_checkpoint"
        constraints = [models.UniqueConstraint(fields=["municipality", "size"], name="checkpoint_size")]


class ProcessingRecord(AppendOnly):
    """One look at, or other processing of, personal data: a log line of Logboek Dataverwerkingen, with who did it and why."""

    trace_id = models.CharField(max_length=32)
    operation_id = models.CharField(max_length=16)
    parent_operation_id = models.CharField(max_length=16, blank=True)
    foreign_operation = models.JSONField(null=True, help_text="trace_id, span_id and entity of the party that asked us")
    name = models.CharField(max_length=80)
    start_time = models.DateTimeField()
    end_time = models.DateTimeField()
    status_code = models.SmallIntegerField()
    activity = models.CharField(max_length=200, help_text="dpl.core.processing_activity_id")
    subject = models.CharField(max_length=64, help_text="dpl.core.data_subject_id: pseudonym of the bsn")
    processor = models.CharField(max_length=200, blank=True, help_text="dpl.core.foreign_operation.processor")
    resource = models.CharField(max_length=60, help_text="the application that wrote it, and its version")
    actor_kind = models.CharField(max_length=12)
    actor_municipality = models.CharField(max_length=6)
    actor_id = models.CharField(max_length=200, help_text="subject of staff, name of a job, pseudonym of a citizen")
    function = models.CharField(max_length=120, help_text="who, as told to the citizen")
    data = ArrayField(models.CharField(max_length=120))
    reason = models.CharField(max_length=400)
    zaak_id = models.UUIDField(null=True)

    class Meta(AppendOnly.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["municipality", "subject", "recorded_at"], name="processing_of_person"),
            models.Index(fields=["municipality", "zaak_id", "recorded_at"], name="processing_of_zaak"),
        ]


class Mandate(TenantModel):
    """`municipality` (the mandans) lets staff of `mandataris` do some things for some products (Awb 10:1 - 10:12).

    Row-level security shows a mandate to both municipalities and lets only the mandans write it.
    """

    mandataris = models.CharField(max_length=6)
    products = ArrayField(models.CharField(max_length=100))
    rights = ArrayField(models.CharField(max_length=40))
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, help_text="last day")
    besluit = models.CharField(max_length=300, help_text="the mandaatbesluit it rests on")
    given_by = models.CharField(max_length=200)
    given_at = models.DateTimeField()
    withdrawn_by = models.CharField(max_length=200, blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["municipality", "valid_from"], name="mandate_given"),
            # Who holds mandates is asked by the mandataris, across the municipalities that gave them.
            models.Index(fields=["mandataris"], condition=models.Q(withdrawn_at=None), name="mandate_held"),
        ]


class LoginSession(TenantModel):
    """Somebody is logged in. The token is only in the browser: here is its hash, and who it is encrypted under it."""

    token_hash = models.BinaryField()
    person = models.CharField(max_length=64, help_text="pseudonym, to end all sessions of one person")
    kind = models.CharField(max_length=12)
    sealed = models.BinaryField(help_text="the actor, encrypted under the token")
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["municipality", "token_hash"], name="session_token")]
        indexes = [models.Index(fields=["municipality", "person"], name="session_of_person")]


class LoginAttempt(TenantModel):
    """Somebody is on their way to the identity provider and back. Used once, within minutes, by the same browser."""

    state_hash = models.BinaryField()
    browser_hash = models.BinaryField()
    kind = models.CharField(max_length=12)
    level = models.SmallIntegerField()
    return_to = models.CharField(max_length=2000)
    expires_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["municipality", "state_hash"], name="attempt_state")]
