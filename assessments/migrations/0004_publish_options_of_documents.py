from django.db import migrations


def publish(apps, schema_editor):
    """Options of documents were public before there were drafts."""
    options = apps.get_model("assessments", "StrategyOption").objects.using(schema_editor.connection.alias)
    options.filter(author=None).update(status="published")


class Migration(migrations.Migration):

    dependencies = [("assessments", "0003_drafts_and_desk_assessments")]

    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
