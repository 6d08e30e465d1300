"""Statistics of what was filled at once (see `rounds/partitions.py`)."""

from django.db import migrations

from vliegwiel.rounds.partitions import StatisticsFunction


class Migration(migrations.Migration):

    dependencies = [
        ('rounds', '0001_initial'),
    ]

    operations = [
        StatisticsFunction(),
    ]
