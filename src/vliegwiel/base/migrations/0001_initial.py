from django.db import migrations, models
import django.db.models.deletion


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        migrations.CreateModel(
            name="Municipality",
            fields=[
                ("code", models.CharField(max_length=6, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("slug", models.CharField(db_index=True, max_length=80)),
                ("province", models.CharField(max_length=20)),
                ("begin", models.DateField(null=True)),
                ("end", models.DateField(null=True)),
                ("successors", models.JSONField(default=list)),
                ("live_since", models.DateField(help_text="first day on which this installation serves the municipality", null=True)),
                ("phone", models.CharField(blank=True, max_length=20)),
                ("visiting_address", models.CharField(blank=True, max_length=200)),
                ("theme", models.CharField(blank=True, max_length=80)),
            ],
            options={"ordering": ["name"]},
        ),
        migrations.CreateModel(
            name="MunicipalityHost",
            fields=[
                ("host", models.CharField(max_length=253, primary_key=True, serialize=False)),
                (
                    "municipality",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="hosts", to="base.municipality"
                    ),
                ),
            ],
        ),
    ]
