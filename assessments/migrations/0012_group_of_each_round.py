from django.db import migrations
from django.db.models import OuterRef, Subquery

CHUNK = 500


def write_down(apps, schema_editor):
    """Until now everybody belonged to one group in all rounds."""
    Ballot, Participant = (apps.get_model("assessments", name) for name in ("Ballot", "Participant"))
    own = Participant.objects.filter(pk=OuterRef("participant")).values("group")
    Ballot.objects.update(group=Subquery(own))
    rewrite_kept(apps, into_rounds)


def read_back(apps, schema_editor):
    """A participant has theirs still; of somebody who is gone the last one counts."""
    rewrite_kept(apps, out_of_rounds)


def into_rounds(kept):
    for given in kept.rounds.values():
        given["group"] = kept.group


def out_of_rounds(kept):
    for number in sorted(kept.rounds, key=int):
        kept.group = kept.rounds[number].pop("group")


def rewrite_kept(apps, rewrite):
    KeptBallot = apps.get_model("assessments", "KeptBallot")
    found = list(KeptBallot.objects.order_by("pk"))
    for kept in found:
        rewrite(kept)
    KeptBallot.objects.bulk_update(found, ["group", "rounds"], batch_size=CHUNK)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0011_ballot_group")]
    operations = [migrations.RunPython(write_down, read_back)]
