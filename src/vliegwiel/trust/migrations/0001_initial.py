"""Tables of trust. See `trust/models.py` for what they mean; the partitioned ones are made by `PartitionByYear`."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import vliegwiel.base.ids
import vliegwiel.trust.models
from vliegwiel.base.tenancy import CODES_IN_SCOPE, SETTING, ProtectTenantTable
from vliegwiel.trust.partitions import PartitionByYear, PartitionFunctions

META = {"abstract": False, "base_manager_name": "objects", "default_manager_name": "objects"}


def key():
    return ("id", models.UUIDField(default=vliegwiel.base.ids.uuid7, editable=False, primary_key=True, serialize=False))


def municipality():
    return (
        "municipality",
        models.ForeignKey(
            db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="base.municipality"
        ),
    )


def municipality_unchecked():
    return (
        "municipality",
        models.ForeignKey(
            db_constraint=False,
            db_index=False,
            on_delete=django.db.models.deletion.DO_NOTHING,
            related_name="+",
            to="base.municipality",
        ),
    )


EVENT_COLUMNS = """
    id uuid NOT NULL, municipality_id varchar(6) NOT NULL, recorded_at timestamptz NOT NULL,
    xid xid8 NOT NULL, kind varchar(80) NOT NULL, zaak_id uuid,
    actor_kind varchar(12) NOT NULL, actor_municipality varchar(6) NOT NULL, actor_id varchar(200) NOT NULL,
    payload jsonb NOT NULL, key_id uuid, personal bytea
"""

RECORD_COLUMNS = """
    id uuid NOT NULL, municipality_id varchar(6) NOT NULL, recorded_at timestamptz NOT NULL,
    trace_id varchar(32) NOT NULL, operation_id varchar(16) NOT NULL, parent_operation_id varchar(16) NOT NULL,
    foreign_operation jsonb, name varchar(80) NOT NULL,
    start_time timestamptz NOT NULL, end_time timestamptz NOT NULL, status_code smallint NOT NULL,
    activity varchar(200) NOT NULL, subject varchar(64) NOT NULL, processor varchar(200) NOT NULL,
    resource varchar(60) NOT NULL,
    actor_kind varchar(12) NOT NULL, actor_municipality varchar(6) NOT NULL, actor_id varchar(200) NOT NULL,
    function varchar(120) NOT NULL, data varchar(120)[] NOT NULL, reason varchar(400) NOT NULL, zaak_id uuid
"""

# A mandate is seen by both sides and written by the one that gives it.
MANDATE_POLICIES = f"""
DROP POLICY municipality_scope ON trust_mandate;
CREATE POLICY municipality_scope ON trust_mandate
  USING (municipality_id = ANY {CODES_IN_SCOPE});
CREATE POLICY mandataris_reads ON trust_mandate FOR SELECT
  USING (mandataris = ANY {CODES_IN_SCOPE});
"""

# One round trip that opens the scope of a member of staff: the own municipality and those whose mandate it holds today,
# as far as the mandate gives a right this person has (`held`). Runs with the caller's rights: row-level security shows the
# mandates only because the own municipality is set first.
ENTER = f"""
CREATE FUNCTION trust_enter(own text, held text[], today date)
RETURNS TABLE (municipality text, products text[], rights text[])
LANGUAGE plpgsql AS $body$
DECLARE
  codes text := own;
BEGIN
  PERFORM set_config('{SETTING}', own, true);
  FOR municipality, products, rights IN
    SELECT m.municipality_id::text, m.products::text[], m.rights::text[] FROM trust_mandate m
    WHERE m.mandataris = own AND m.municipality_id <> own AND m.withdrawn_at IS NULL AND m.rights::text[] && held
      AND m.valid_from <= today AND (m.valid_until IS NULL OR m.valid_until >= today)
  LOOP
    codes := codes || ',' || municipality;
    RETURN NEXT;
  END LOOP;
  PERFORM set_config('{SETTING}', codes, true);
END
$body$
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("base", "0001_initial")]
    operations = [
        PartitionFunctions(),
        migrations.CreateModel(
            name="CaseKey",
            fields=[
                key(),
                ("zaak_id", models.UUIDField()),
                ("wrapped", models.BinaryField(help_text="absent once destroyed", null=True)),
                ("made_at", models.DateTimeField()),
                ("destroyed_at", models.DateTimeField(null=True)),
                municipality(),
            ],
            options={**META, "indexes": [models.Index(fields=["municipality", "zaak_id"], name="casekey_of_zaak")]},
        ),
        ProtectTenantTable(name="CaseKey"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Event",
                    fields=[
                        key(),
                        ("recorded_at", models.DateTimeField()),
                        (
                            "xid",
                            vliegwiel.trust.models.TransactionId(
                                help_text="transaction that wrote it; the sealer orders by it"
                            ),
                        ),
                        ("kind", models.CharField(max_length=80)),
                        ("zaak_id", models.UUIDField(null=True)),
                        ("actor_kind", models.CharField(max_length=12)),
                        ("actor_municipality", models.CharField(max_length=6)),
                        (
                            "actor_id",
                            models.CharField(
                                help_text="subject of staff or name of a job; empty for a citizen", max_length=200
                            ),
                        ),
                        ("payload", models.JSONField()),
                        ("key_id", models.UUIDField(null=True)),
                        ("personal", models.BinaryField(null=True)),
                        municipality_unchecked(),
                    ],
                    options={
                        **META,
                        "indexes": [
                            models.Index(fields=["municipality", "zaak_id", "recorded_at"], name="event_of_zaak"),
                            models.Index(fields=["municipality", "xid"], name="event_in_order"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProcessingRecord",
                    fields=[
                        key(),
                        ("recorded_at", models.DateTimeField()),
                        ("trace_id", models.CharField(max_length=32)),
                        ("operation_id", models.CharField(max_length=16)),
                        ("parent_operation_id", models.CharField(blank=True, max_length=16)),
                        (
                            "foreign_operation",
                            models.JSONField(
                                help_text="trace_id, span_id and entity of the party that asked us", null=True
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("start_time", models.DateTimeField()),
                        ("end_time", models.DateTimeField()),
                        ("status_code", models.SmallIntegerField()),
                        ("activity", models.CharField(help_text="dpl.core.processing_activity_id", max_length=200)),
                        (
                            "subject",
                            models.CharField(help_text="dpl.core.data_subject_id: pseudonym of the bsn", max_length=64),
                        ),
                        (
                            "processor",
                            models.CharField(blank=True, help_text="dpl.core.foreign_operation.processor", max_length=200),
                        ),
                        (
                            "resource",
                            models.CharField(help_text="the application that wrote it, and its version", max_length=60),
                        ),
                        ("actor_kind", models.CharField(max_length=12)),
                        ("actor_municipality", models.CharField(max_length=6)),
                        (
                            "actor_id",
                            models.CharField(
                                help_text="subject of staff, name of a job, pseudonym of a citizen", max_length=200
                            ),
                        ),
                        ("function", models.CharField(help_text="who, as told to the citizen", max_length=120)),
                        (
                            "data",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=120), size=None
                            ),
                        ),
                        ("reason", models.CharField(max_length=400)),
                        ("zaak_id", models.UUIDField(null=True)),
                        municipality_unchecked(),
                    ],
                    options={
                        **META,
                        "indexes": [
                            models.Index(fields=["municipality", "subject", "recorded_at"], name="processing_of_person"),
                            models.Index(fields=["municipality", "zaak_id", "recorded_at"], name="processing_of_zaak"),
                        ],
                    },
                ),
            ],
        ),
        PartitionByYear(name="Event", columns=EVENT_COLUMNS),
        PartitionByYear(name="ProcessingRecord", columns=RECORD_COLUMNS),
        migrations.CreateModel(
            name="LedgerLog",
            fields=[
                key(),
                (
                    "origin",
                    models.CharField(
                        help_text="first line of each checkpoint; names this log in the world", max_length=200
                    ),
                ),
                ("size", models.BigIntegerField(default=0)),
                (
                    "next_xid",
                    vliegwiel.trust.models.TransactionId(
                        default=0, help_text="events of lower transactions are all sealed"
                    ),
                ),
                (
                    "database",
                    models.CharField(
                        help_text="the server's own number; another one means a restored copy", max_length=20
                    ),
                ),
                municipality(),
            ],
            options={
                **META,
                "constraints": [models.UniqueConstraint(fields=("municipality",), name="ledgerlog_one")],
            },
        ),
        ProtectTenantTable(name="LedgerLog"),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                key(),
                ("index", models.BigIntegerField()),
                ("recorded_at", models.DateTimeField(help_text="of the event; finds its partition")),
                ("hash", models.BinaryField()),
                municipality(),
            ],
            options={
                **META,
                "constraints": [models.UniqueConstraint(fields=("municipality", "index"), name="leaf_index")],
            },
        ),
        ProtectTenantTable(name="Leaf", append_only=True),
        migrations.CreateModel(
            name="Node",
            fields=[
                key(),
                ("level", models.SmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hash", models.BinaryField()),
                municipality(),
            ],
            options={**META},
        ),
        ProtectTenantTable(name="Node", append_only=True),
        migrations.CreateModel(
            name="CheckpointRow",
            fields=[
                key(),
                ("size", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("note", models.TextField()),
                ("made_at", models.DateTimeField()),
                municipality(),
            ],
            options={
                **META,
                "db_table": "trust_checkpoint",
                "constraints": [models.UniqueConstraint(fields=("municipality", "size"), name="checkpoint_size")],
            },
        ),
        ProtectTenantTable(name="CheckpointRow", append_only=True),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                key(),
                ("mandataris", models.CharField(max_length=6)),
                (
                    "products",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=100), size=None),
                ),
                (
                    "rights",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None),
                ),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(help_text="last day", null=True)),
                ("besluit", models.CharField(help_text="the mandaatbesluit it rests on", max_length=300)),
                ("given_by", models.CharField(max_length=200)),
                ("given_at", models.DateTimeField()),
                ("withdrawn_by", models.CharField(blank=True, max_length=200)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                municipality(),
            ],
            options={
                **META,
                "indexes": [
                    models.Index(fields=["municipality", "valid_from"], name="mandate_given"),
                    models.Index(fields=["mandataris"], condition=models.Q(withdrawn_at=None), name="mandate_held"),
                ],
            },
        ),
        ProtectTenantTable(name="Mandate"),
        migrations.RunSQL(MANDATE_POLICIES, migrations.RunSQL.noop),
        migrations.RunSQL(ENTER, "DROP FUNCTION trust_enter(text, text[], date)"),
        migrations.CreateModel(
            name="LoginSession",
            fields=[
                key(),
                ("token_hash", models.BinaryField()),
                (
                    "person",
                    models.CharField(help_text="pseudonym, to end all sessions of one person", max_length=64),
                ),
                ("kind", models.CharField(max_length=12)),
                ("sealed", models.BinaryField(help_text="the actor, encrypted under the token")),
                ("begun_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                municipality(),
            ],
            options={
                **META,
                "constraints": [models.UniqueConstraint(fields=("municipality", "token_hash"), name="session_token")],
                "indexes": [models.Index(fields=["municipality", "person"], name="session_of_person")],
            },
        ),
        ProtectTenantTable(name="LoginSession"),
        migrations.CreateModel(
            name="LoginAttempt",
            fields=[
                key(),
                ("state_hash", models.BinaryField()),
                ("browser_hash", models.BinaryField()),
                ("kind", models.CharField(max_length=12)),
                ("level", models.SmallIntegerField()),
                ("return_to", models.CharField(max_length=2000)),
                ("expires_at", models.DateTimeField()),
                municipality(),
            ],
            options={
                **META,
                "constraints": [models.UniqueConstraint(fields=("municipality", "state_hash"), name="attempt_state")],
            },
        ),
        ProtectTenantTable(name="LoginAttempt"),
    ]
