from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_clocks")]

    operations = [
        migrations.AddField(
            model_name="zaak",
            name="term_from",
            field=models.DateField(
                help_text="the day after which the decision term counts, if not the receipt", null=True
            ),
        ),
    ]
