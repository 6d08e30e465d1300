import django.db.models.deletion
import vliegwiel.base.ids
from django.db import migrations, models

from vliegwiel.base.tenancy import ProtectTenantTable


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0002_installation'),
        ('catalogue', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Simulation',
            fields=[
                ('id', models.UUIDField(default=vliegwiel.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=200)),
                ('law', models.CharField(max_length=80)),
                ('law_name', models.CharField(max_length=200)),
                ('question', models.JSONField()),
                ('state', models.CharField(choices=[('wacht', 'wacht op haar beurt'), ('loopt', 'rekent'), ('klaar', 'klaar'), ('afgebroken', 'afgebroken'), ('mislukt', 'niet gelukt')], default='wacht', max_length=12)),
                ('done', models.BigIntegerField(default=0)),
                ('total', models.BigIntegerField(default=0)),
                ('stop', models.BooleanField(default=False)),
                ('sentence', models.TextField(blank=True)),
                ('result', models.JSONField(null=True)),
                ('file', models.CharField(blank=True, max_length=120)),
                ('book', models.CharField(blank=True, max_length=64)),
                ('subject', models.CharField(max_length=200)),
                ('subject_name', models.CharField(max_length=200)),
                ('created_at', models.DateTimeField()),
                ('finished_at', models.DateTimeField(null=True)),
                ('municipality', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='base.municipality')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['municipality', '-created_at'], name='catalogue_simulation_recent')],
            },
        ),
        ProtectTenantTable('Simulation'),
    ]
