from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="zaak",
            name="rings_on",
            field=models.DateField(help_text="the day on which the next timer of the process goes off", null=True),
        ),
        migrations.AddField(
            model_name="zaak",
            name="rung",
            field=models.JSONField(default=list, help_text="the timers that went off, each with the day that started it"),
        ),
        migrations.AddIndex(
            model_name="zaak",
            index=models.Index(
                condition=models.Q(("einddatum__isnull", True), ("rings_on__isnull", False)),
                fields=["municipality", "rings_on"],
                name="zaak_rings",
            ),
        ),
    ]
