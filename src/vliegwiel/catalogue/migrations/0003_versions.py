import django.contrib.postgres.fields
import django.db.models.deletion
import vliegwiel.base.ids
import vliegwiel.base.tenancy
from django.db import migrations, models

from vliegwiel.base.tenancy import ProtectTenantTable

# Shown inside any scope, written only inside that of its municipality (the policy of every tenant table).
EVERYBODY_READS = """
CREATE POLICY everybody_reads ON {table} FOR SELECT
  USING (coalesce(current_setting('vliegwiel.scope', true), '') <> '');
"""

# A published definition never changes, whoever asks: cases, bundles and other municipalities count on it.
PUBLISHED_FOR_GOOD = """
CREATE FUNCTION catalogue_publication_stays() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF to_jsonb(NEW) - '{serial,deprecated_from,deprecated_until,deprecation_reason}'::text[]
       = to_jsonb(OLD) - '{serial,deprecated_from,deprecated_until,deprecation_reason}'::text[]
       AND NEW.serial >= OLD.serial THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'a published definition never changes' USING ERRCODE = 'restrict_violation';
END
$body$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON catalogue_publication
  FOR EACH ROW EXECUTE FUNCTION catalogue_publication_stays();
CREATE TRIGGER stays_all BEFORE TRUNCATE ON catalogue_publication
  FOR EACH STATEMENT EXECUTE FUNCTION catalogue_publication_stays();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0002_installation'),
        ('catalogue', '0002_simulation'),
    ]

    operations = [
        migrations.CreateModel(
            name='AdoptionStep',
            fields=[
                ('id', models.UUIDField(default=vliegwiel.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('product', models.CharField(max_length=80)),
                ('day', models.DateField(help_text='from which day it counts')),
                ('definition', models.CharField(help_text='hash of the resolved definition', max_length=64)),
                ('version', models.CharField(max_length=20)),
                ('why', models.CharField(max_length=300)),
                ('by', models.CharField(max_length=200)),
                ('by_name', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='CatalogueRevision',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('value', models.BigIntegerField(default=0)),
                ('mark', models.UUIDField()),
            ],
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=vliegwiel.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('patroon', 'patroon'), ('blok', 'blok'), ('product', 'product'), ('variant', 'variant')], max_length=12)),
                ('key', models.CharField(max_length=80)),
                ('owner', models.CharField(blank=True, max_length=6)),
                ('base', models.CharField(blank=True, help_text='hash of the text it was begun from', max_length=64)),
                ('text', models.TextField()),
                ('history', models.JSONField(default=list)),
                ('place', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(choices=[('concept', 'concept'), ('ter goedkeuring', 'ter goedkeuring')], default='concept', max_length=20)),
                ('version', models.CharField(blank=True, help_text='asked for, when offered', max_length=20)),
                ('summary', models.TextField(blank=True)),
                ('reason', models.TextField(blank=True)),
                ('edited_by', models.CharField(max_length=200)),
                ('edited_by_name', models.CharField(max_length=200)),
                ('edited_at', models.DateTimeField()),
                ('offered_by', models.CharField(blank=True, max_length=200)),
                ('offered_by_name', models.CharField(blank=True, max_length=200)),
                ('offered_at', models.DateTimeField(null=True)),
                ('refusal', models.TextField(blank=True, help_text='why the second person sent it back')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.UUIDField(default=vliegwiel.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('product', models.CharField(max_length=80)),
                ('publisher', models.CharField(blank=True, max_length=6)),
                ('upto', models.BigIntegerField(default=0)),
                ('release', models.BigIntegerField(null=True)),
                ('from_hash', models.CharField(help_text='resolved definition before', max_length=64)),
                ('to_hash', models.CharField(blank=True, help_text='resolved definition after, where it can be made', max_length=64)),
                ('from_version', models.CharField(max_length=20)),
                ('to_version', models.CharField(max_length=20)),
                ('what', models.JSONField(default=list, help_text='the publications: kind, key, version, summary, reason, by whom')),
                ('changes', models.JSONField(default=list)),
                ('effect', models.CharField(choices=[('geen', 'uw variant blijft zoals zij is'), ('automatisch', 'uw variant gaat vanzelf mee'), ('conflicten', 'u moet kiezen'), ('voorbeelden', 'een voorbeeld komt niet meer uit'), ('onbruikbaar', 'de nieuwe versie past niet')], max_length=12)),
                ('effects', models.JSONField(default=list)),
                ('conflicts', models.JSONField(default=list)),
                ('findings', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('nieuw', 'nieuw'), ('gezien', 'gezien'), ('overgenomen', 'overgenomen'), ('geweigerd', 'geweigerd'), ('vervangen', 'vervangen door een nieuwer bericht')], default='nieuw', max_length=12)),
                ('note', models.TextField(blank=True)),
                ('made_at', models.DateTimeField()),
                ('decided_by', models.CharField(blank=True, max_length=200)),
                ('decided_by_name', models.CharField(blank=True, max_length=200)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='PackagedText',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('release', models.BigIntegerField(help_text='value of the revision when it was first seen')),
                ('kind', models.CharField(choices=[('patroon', 'patroon'), ('blok', 'blok'), ('product', 'product'), ('variant', 'variant')], max_length=12)),
                ('key', models.CharField(max_length=80)),
                ('owner', models.CharField(blank=True, max_length=6)),
                ('version', models.CharField(blank=True, max_length=20)),
                ('hash', models.CharField(max_length=64)),
                ('name', models.CharField(help_text='the file below the folder of definitions', max_length=200)),
                ('text', models.TextField(help_text='empty: the file went away in this release')),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Peer',
            fields=[
                ('id', models.UUIDField(default=vliegwiel.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('code', models.CharField(max_length=6)),
                ('name', models.CharField(max_length=120)),
                ('url', models.CharField(max_length=500)),
                ('public_key', models.CharField(help_text='Ed25519, 32 bytes in base64', max_length=64)),
                ('kinds', models.JSONField(default=list)),
                ('keys', models.JSONField(default=list, help_text='products wanted; empty means all')),
                ('cursor', models.BigIntegerField(default=0)),
                ('active', models.BooleanField(default=True)),
                ('last_pull_at', models.DateTimeField(null=True)),
                ('last_ok_at', models.DateTimeField(null=True)),
                ('last_error', models.TextField(blank=True)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('added_by', models.CharField(max_length=200)),
                ('added_by_name', models.CharField(max_length=200)),
                ('added_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='PracticeFigure',
            fields=[
                ('id', models.UUIDField(default=vliegwiel.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('product', models.CharField(max_length=80)),
                ('definition', models.CharField(help_text='hash of the resolved definition the cases ran under', max_length=64)),
                ('version', models.CharField(max_length=20)),
                ('begin', models.DateField()),
                ('stratum', models.CharField(max_length=120)),
                ('cases', models.PositiveIntegerField()),
                ('content', models.JSONField()),
                ('counted_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.UUIDField(default=vliegwiel.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('direction', models.CharField(choices=[('in', 'ontvangen'), ('uit', 'verstuurd')], max_length=4)),
                ('other', models.CharField(max_length=6)),
                ('kind', models.CharField(max_length=12)),
                ('key', models.CharField(max_length=80)),
                ('owner', models.CharField(blank=True, max_length=6)),
                ('base', models.CharField(blank=True, max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('text', models.TextField()),
                ('reason', models.TextField()),
                ('sender', models.CharField(max_length=200)),
                ('sender_name', models.CharField(max_length=200)),
                ('state', models.CharField(choices=[('concept', 'concept'), ('verstuurd', 'verstuurd'), ('nieuw', 'nieuw'), ('overgenomen', 'overgenomen'), ('geweigerd', 'geweigerd'), ('mislukt', 'niet gelukt')], max_length=12)),
                ('answer', models.TextField(blank=True)),
                ('remote', models.UUIDField(null=True)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.CharField(blank=True, max_length=200)),
                ('decided_by_name', models.CharField(blank=True, max_length=200)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('id', models.UUIDField(default=vliegwiel.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('patroon', 'patroon'), ('blok', 'blok'), ('product', 'product'), ('variant', 'variant')], max_length=12)),
                ('key', models.CharField(help_text='of a variant: the product', max_length=80)),
                ('owner', models.CharField(blank=True, help_text='of a variant: the municipality it is for', max_length=6)),
                ('version', models.CharField(max_length=20)),
                ('hash', models.CharField(max_length=64)),
                ('text', models.TextField()),
                ('parents', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
                ('summary', models.TextField(blank=True)),
                ('reason', models.TextField(blank=True)),
                ('prepared_by', models.CharField(max_length=200)),
                ('prepared_by_name', models.CharField(max_length=200)),
                ('approved_by', models.CharField(max_length=200)),
                ('approved_by_name', models.CharField(max_length=200)),
                ('published_at', models.DateTimeField()),
                ('origin', models.CharField(default='eigen', help_text='eigen, pakket of uitwisseling:<wie>', max_length=80)),
                ('number', models.PositiveBigIntegerField()),
                ('serial', models.PositiveBigIntegerField()),
                ('deprecated_from', models.DateField(null=True)),
                ('deprecated_until', models.DateField(help_text='last day it may be used', null=True)),
                ('deprecation_reason', models.TextField(blank=True)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Received',
            fields=[
                ('id', models.UUIDField(default=vliegwiel.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('publisher', models.CharField(max_length=6)),
                ('kind', models.CharField(max_length=12)),
                ('key', models.CharField(max_length=80)),
                ('owner', models.CharField(blank=True, max_length=6)),
                ('version', models.CharField(max_length=20)),
                ('hash', models.CharField(max_length=64)),
                ('text', models.TextField()),
                ('parents', models.JSONField(default=list)),
                ('summary', models.TextField(blank=True)),
                ('reason', models.TextField(blank=True)),
                ('published_at', models.DateTimeField()),
                ('deprecated_from', models.DateField(null=True)),
                ('deprecated_until', models.DateField(null=True)),
                ('needs', models.JSONField(default=list, help_text='what it rests on: soort, sleutel, versie, hash')),
                ('bundle', models.CharField(max_length=64)),
                ('received_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('nieuw', 'nieuw'), ('overgenomen', 'overgenomen'), ('geweigerd', 'geweigerd'), ('vervangen', 'vervangen door een nieuwere versie')], default='nieuw', max_length=12)),
                ('note', models.TextField(blank=True)),
                ('decided_by', models.CharField(blank=True, max_length=200)),
                ('decided_by_name', models.CharField(blank=True, max_length=200)),
                ('decided_at', models.DateTimeField(null=True)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ZgwImport',
            fields=[
                ('id', models.UUIDField(default=vliegwiel.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('source', models.CharField(max_length=200)),
                ('size', models.PositiveIntegerField()),
                ('content', models.JSONField()),
                ('report', models.JSONField(null=True)),
                ('created_by', models.CharField(max_length=200)),
                ('created_by_name', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
            },
        ),
        migrations.AddField(
            model_name='adoption',
            name='definition',
            field=models.CharField(blank=True, help_text='hash of what it ran when last looked at', max_length=64),
        ),
        migrations.AddField(
            model_name='adoption',
            name='publisher',
            field=models.CharField(blank=True, help_text='code of the municipality it follows', max_length=6),
        ),
        migrations.AddField(
            model_name='adoption',
            name='release',
            field=models.BigIntegerField(help_text='number of the release of the package it stays on', null=True),
        ),
        migrations.AddField(
            model_name='adoption',
            name='upto',
            field=models.BigIntegerField(default=0, help_text='number of the last publication of that publisher that counts'),
        ),
        migrations.AddField(
            model_name='adoption',
            name='version',
            field=models.CharField(blank=True, help_text='version of the product when last looked at', max_length=20),
        ),
        migrations.AddIndex(
            model_name='adoption',
            index=models.Index(fields=['product', 'municipality'], name='catalogue_adoption_product'),
        ),
        migrations.AddField(
            model_name='adoptionstep',
            name='municipality',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.municipality'),
        ),
        migrations.AddConstraint(
            model_name='cataloguerevision',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='catalogue_revision_one'),
        ),
        migrations.AddField(
            model_name='draft',
            name='municipality',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.municipality'),
        ),
        migrations.AddField(
            model_name='notice',
            name='municipality',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.municipality'),
        ),
        migrations.AddConstraint(
            model_name='packagedtext',
            constraint=models.UniqueConstraint(fields=('kind', 'key', 'owner', 'release'), name='catalogue_packaged_once'),
        ),
        migrations.AddField(
            model_name='peer',
            name='municipality',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.municipality'),
        ),
        migrations.AddField(
            model_name='practicefigure',
            name='municipality',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.municipality'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='municipality',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.municipality'),
        ),
        migrations.AddField(
            model_name='proposal',
            name='peer',
            field=vliegwiel.base.tenancy.TenantForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.peer'),
        ),
        migrations.AddField(
            model_name='publication',
            name='municipality',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.municipality'),
        ),
        migrations.AddField(
            model_name='received',
            name='municipality',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.municipality'),
        ),
        migrations.AddField(
            model_name='received',
            name='peer',
            field=vliegwiel.base.tenancy.TenantForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='catalogue.peer'),
        ),
        migrations.AddField(
            model_name='zgwimport',
            name='municipality',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.municipality'),
        ),
        migrations.AddIndex(
            model_name='adoptionstep',
            index=models.Index(fields=['municipality', 'product', '-at'], name='catalogue_step_recent'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(fields=('municipality', 'kind', 'key', 'owner'), name='catalogue_draft_one'),
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['municipality', 'state', '-made_at'], name='catalogue_notice_recent'),
        ),
        migrations.AddConstraint(
            model_name='peer',
            constraint=models.UniqueConstraint(fields=('municipality', 'url'), name='catalogue_peer_url'),
        ),
        migrations.AddIndex(
            model_name='practicefigure',
            index=models.Index(fields=['product', 'begin'], name='catalogue_practice_product'),
        ),
        migrations.AddConstraint(
            model_name='practicefigure',
            constraint=models.UniqueConstraint(fields=('municipality', 'product', 'definition', 'begin', 'stratum'), name='catalogue_practice_cell'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(fields=('municipality', 'direction', 'other', 'hash', 'base'), name='catalogue_proposal_once'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(fields=['kind', 'key', 'owner'], name='catalogue_publication_what'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(fields=['hash'], name='catalogue_publication_hash'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.UniqueConstraint(fields=('municipality', 'number'), name='catalogue_publication_number'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.UniqueConstraint(fields=('municipality', 'serial'), name='catalogue_publication_serial'),
        ),
        migrations.AddConstraint(
            model_name='publication',
            constraint=models.UniqueConstraint(fields=('municipality', 'kind', 'key', 'owner', 'version'), name='catalogue_publication_version'),
        ),
        migrations.AddIndex(
            model_name='received',
            index=models.Index(fields=['municipality', 'state', '-received_at'], name='catalogue_received_recent'),
        ),
        migrations.AddConstraint(
            model_name='received',
            constraint=models.UniqueConstraint(fields=('municipality', 'peer', 'kind', 'key', 'owner', 'hash'), name='catalogue_received_once'),
        ),
        migrations.AddIndex(
            model_name='zgwimport',
            index=models.Index(fields=['municipality', '-created_at'], name='catalogue_zgwimport_recent'),
        ),
        *[
            ProtectTenantTable(name)
            for name in ("AdoptionStep", "Draft", "Notice", "Peer", "Received", "Proposal", "ZgwImport", "PracticeFigure", "Publication")
        ],
        # What everybody may know: who offers what, in which version, and how it went; and every published definition.
        *[
            migrations.RunSQL(EVERYBODY_READS.format(table=table), f"DROP POLICY everybody_reads ON {table}")
            for table in ("catalogue_adoption", "catalogue_adoptionstep", "catalogue_publication", "catalogue_practicefigure")
        ],
        migrations.RunSQL(PUBLISHED_FOR_GOOD, "DROP FUNCTION catalogue_publication_stays CASCADE"),
        migrations.RunSQL(
            "INSERT INTO catalogue_cataloguerevision (id, value, mark) VALUES (1, 0, gen_random_uuid())", ""
        ),
    ]
