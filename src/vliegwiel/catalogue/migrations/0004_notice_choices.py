
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0003_versions'),
    ]

    operations = [
        migrations.AddField(
            model_name='notice',
            name='choices',
            field=models.JSONField(default=dict, help_text='what somebody chose in the conflicts, by path'),
        ),
        migrations.AddField(
            model_name='notice',
            name='chosen_by',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='notice',
            name='chosen_by_name',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AlterField(
            model_name='notice',
            name='state',
            field=models.CharField(choices=[('nieuw', 'nieuw'), ('gezien', 'gezien'), ('gekozen', 'gekozen, wacht op een collega'), ('overgenomen', 'overgenomen'), ('geweigerd', 'geweigerd'), ('vervangen', 'vervangen door een nieuwer bericht')], default='nieuw', max_length=12),
        ),
    ]
