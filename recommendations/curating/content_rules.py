"""What a careful curator would find in the text of records, as far as a machine can see it.

Lines beyond the end of a source are refused on every way into the database; these rules are asked before,
by `check_fixtures`.
"""

import re
from collections import defaultdict
from hashlib import sha256
from itertools import islice

from django.utils.translation import gettext as _

from recommendations.models import Measure, Report, Source

RUN = 8  # words in a row that no sentence of ours shares with a source
WORD = re.compile(r"\w+(?:['’]\w+)*")
OWN_WORDS = (
    "title", "name", "summary", "explanation", "statement", "reason", "note", "definition", "description",
    "narrative", "worst", "best",
)  # fmt: skip
DATES = ("dated_on", "as_of")


def content_findings(records, texts=None):
    """Everything the rules find, in sentences that name file and record; `texts` are those of sources."""
    published = _published(records)
    runs = [(slug, _runs(text)) for slug, text in (texts or {}).items()]
    for record in records:
        for sentence in (*_undated(record, published), *_unfounded(record), *_borrowed(record, runs)):
            yield record.problem(sentence)


def _unfounded(record):
    """A horizon is an error where the report gives none; with lines it can be checked."""
    fields = record.data["fields"]
    if record.model is Measure and fields.get("horizon") and not fields.get("lines"):
        yield _("It has a horizon but no lines; name those that give the horizon, or leave it out.")


def _published(records):
    """The day of every source, from the records or else the database; whole months and years as their end."""
    known = dict(Source.objects.exclude(published_on=None).values_list("slug", "published_on"))
    for record in records:
        if record.model is Source:
            field = Source._meta.get_field("published_on")
            known[record.key[0]] = field.to_python(record.data["fields"].get("published_on"))
    return {slug: day for slug, day in known.items() if day}


def _undated(record, published):
    """What a document says it cannot say of a later day, unless it is a projection."""
    fields = record.data["fields"]
    source = fields.get("source")
    if not source or fields.get("is_projection") or record.model is Report:
        return
    for name in DATES:
        if fields.get(name) and source[0] in published:
            day = record.model._meta.get_field(name).to_python(fields[name])
            if day > published[source[0]]:
                said = {"day": day.isoformat(), "source": source[0], "published": published[source[0]]}
                yield _("It is dated %(day)s, after its source %(source)s of %(published)s.") % said


# Own words


def source_texts(folder, records):
    """The text of every source whose file lies in a folder, and what is wrong with those files."""
    texts, problems = {}, []
    for record in records:
        name = record.data["fields"].get("file_name") if record.model is Source else None
        path = folder / name if name else None
        if path is None or not path.is_file():
            continue
        content = path.read_bytes()
        texts[record.key[0]] = content.decode(errors="replace")
        if record.data["fields"].get("sha256") not in ("", None, sha256(content).hexdigest()):
            problems.append(record.problem(_("The file %s is not the text that its SHA-256 names.") % name))
    return texts, problems


def words_of(text):
    """The words of a text as they are compared: without case and marks, hyphens at line ends healed."""
    healed = re.sub(r"(\w)-\n(\w)", r"\1\2", text)
    return [match.group().casefold().replace("’", "'") for match in WORD.finditer(healed)]


def _runs(text):
    words = words_of(text)
    return {tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}


def _borrowed(record, runs):
    """Sentences of ours that share a run of words with a source."""
    if not runs or record.model is Source:
        return
    found = defaultdict(list)
    for name in OWN_WORDS:
        words = words_of(str(record.data["fields"].get(name) or ""))
        for start in range(len(words) - RUN + 1):
            run = tuple(islice(words, start, start + RUN))
            for slug in (slug for slug, of_source in runs if run in of_source):
                found[name, slug].append(" ".join(run))
    for (name, slug), shared in found.items():
        said = {"field": name, "source": slug, "words": shared[0], "count": RUN}
        yield _("%(field)s: It shares %(count)d words in a row with %(source)s: “%(words)s …”.") % said
