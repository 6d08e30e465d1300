from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("key", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("value", models.CharField(max_length=200)),
                ("since", models.DateTimeField()),
            ],
        ),
    ]
