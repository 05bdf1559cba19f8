"""What may be shown of a workshop's answers, so that nothing shown tells about fewer than k people.

Two rules. The first looks at one statistic: at least k people for a number, the mean and the verdict word, 2k
for the histogram and what follows from it; a part of the people appears only where the others who answered
are as many as well. The second looks at everything shown so far, over all groups, rounds and exports: no
linear combination of counts and sums, 0 itself aside, rests on fewer than k people, and none of histograms on
fewer than 2k.

A released number is Σ c·x over people and *unknowns*: what each person has one number of, such as her score
in a cell in a round. A combination rests on the people of whom some coefficient is left that is not 0. It is
asked twice, since people may repeat their answers: with rounds *apart*, where answers of two rounds have
nothing to do with each other, and *linked*, where everybody's are the same in all rounds (or, if the caller
gives the answers, where they are known to be; see `Reading`). The coefficients are taken as known to whoever
attacks: who is in which group, who answered what, and own weights.

Why that is enough. Let no combination rest on some fewer than k people alone. Then the rows without these
people's columns have the same rank as with them, so their columns are combinations of the others', and
whatever they had answered, other answers of the others (any numbers) would have given the same released
numbers: nothing that follows from the answers of these few is fixed by what was shown. Conversely a
combination that rests on fewer than k is a number that follows from their answers alone, and it is known. A
histogram is one such sum for every step of the scale, over the same people, so what holds for the sums holds
for each of them.

What is not linear (verdict words, medians, orders) is released with the sum over the same people, from 2k but
for the word. What this does not cover: docs/threat-model.md, P5.

`releases` has the nouns, `sums` the statistics of a page, `deciding` which of them are shown, `auditing` what
follows from all that was shown; below them `isolation`, whether sums combine into one that rests on few.
"""

from assessments.disclosure.auditing import Finding, audit, may_release
from assessments.disclosure.deciding import Decision, Readers, Verdict, decide
from assessments.disclosure.releases import Kind, People, Release, Unknown
from assessments.disclosure.sums import (
    Cell,
    Statistic,
    cell,
    change,
    changes,
    histogram,
    mean,
    mean_weight,
    orders,
    total,
)

__all__ = [
    "Cell",
    "Decision",
    "Finding",
    "Kind",
    "People",
    "Readers",
    "Release",
    "Statistic",
    "Unknown",
    "Verdict",
    "audit",
    "cell",
    "change",
    "changes",
    "decide",
    "histogram",
    "may_release",
    "mean",
    "mean_weight",
    "orders",
    "total",
]
