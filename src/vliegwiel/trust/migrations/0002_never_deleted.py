"""Keys are destroyed by emptying them, mandates are withdrawn, logs go on: the application removes no such row."""

from django.db import migrations

from vliegwiel.trust.privileges import NeverDeleted


class Migration(migrations.Migration):
    dependencies = [("trust", "0001_initial")]
    operations = [NeverDeleted("CaseKey"), NeverDeleted("LedgerLog"), NeverDeleted("Mandate")]
