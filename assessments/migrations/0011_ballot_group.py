import django.db.models.deletion
from django.db import migrations, models

TABLE, COLUMN = "assessments_ballot", "group_id"


def set_statistics(schema_editor, target):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f'ALTER TABLE {TABLE} ALTER COLUMN "{COLUMN}" SET STATISTICS {target}')


def take_none(apps, schema_editor):
    """As 0008 does: PostgreSQL keeps samples of a column, also when a table is empty."""
    set_statistics(schema_editor, 0)


def take_the_usual(apps, schema_editor):
    set_statistics(schema_editor, -1)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0010_workshop_constraint_sentences")]
    operations = [
        migrations.AddField(
            model_name="ballot",
            name="group",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="ballots",
                to="assessments.workshopgroup",
            ),
        ),
        migrations.RunPython(take_none, take_the_usual),
    ]
