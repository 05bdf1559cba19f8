from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assessments", "0012_group_of_each_round")]
    operations = [migrations.RemoveField(model_name="keptballot", name="group")]
