from django.db import migrations

# PostgreSQL keeps samples of every column for its planner, and keeps them when a table is empty.
COLUMNS = {
    "assessments_participant": ["digest", "group_id", "place"],
    "assessments_score": ["score", "reason"],
    "assessments_weight": ["swing"],
}


def set_statistics(schema_editor, target):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table, columns in COLUMNS.items():
        for column in columns:
            schema_editor.execute(f'ALTER TABLE {table} ALTER COLUMN "{column}" SET STATISTICS {target}')


def take_none(apps, schema_editor):
    set_statistics(schema_editor, 0)


def take_the_usual(apps, schema_editor):
    set_statistics(schema_editor, -1)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0007_closing")]
    operations = [migrations.RunPython(take_none, take_the_usual)]
