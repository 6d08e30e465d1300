"""Statistics of what was filled at once (see `rounds/partitions.py`)."""

from django.db import migrations

from vliegwiel.rounds.partitions import statistics_function


class Migration(migrations.Migration):

    dependencies = [
        ('rounds', '0001_initial'),
    ]

    operations = [
        statistics_function(),
    ]
