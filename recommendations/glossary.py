"""Where the names of a glossary occur in a text. Pure Python."""

import re
from collections.abc import Collection, Hashable, Iterable
from typing import Any, Generic, NamedTuple, TypeVar

Term = TypeVar("Term", bound=Hashable)

# Words, gaps and single signs. A letter may carry its accent as a character of its own.
TOKENS = re.compile(r"[\w\u0300-\u036f]+|\s+|.")
END = ""  # no token is empty


class Piece(NamedTuple, Generic[Term]):
    """A part of a text, and the term that it is the first to name."""

    text: str
    term: Term | None = None


class Finder(Generic[Term]):
    """Finds names as whole words, the longest at each place.

    A name in small letters is found in any case (neutrality, Neutrality); one with a capital only as it is
    written (the WTO, the Union State). A space stands for any gap. The time grows with the text and with
    the words of the longest name, whatever the number of names.
    """

    def __init__(self, names: Iterable[tuple[str, Term]]):
        """Take pairs of a name and its term; of two terms with one name the first has it."""
        self._as_written: dict[str, Any] = {}  # token → what may follow it; END → the term
        self._in_any_case: dict[str, Any] = {}
        for name, term in names:
            node = self._in_any_case if name == name.lower() else self._as_written
            for token in TOKENS.findall(name.strip()):
                node = node.setdefault(_key(token), {})
            node.setdefault(END, term)

    def pieces(self, text: str, without: Collection[Term] = ()) -> list[Piece[Term]]:
        """The text cut where a term is named for the first time; the pieces make up the whole text.

        Args:
            text: what is read, as plain text.
            without: terms that are not looked for.
        """
        tokens = TOKENS.findall(text)
        seen = set(without)
        pieces: list[Piece[Term]] = []
        place = told = 0
        keys = [_key(token) for token in tokens]
        small = [key.lower() for key in keys]
        while place < len(tokens):
            end, term = self._longest(place, keys, small)
            if term is not None and term not in seen:
                seen.add(term)
                pieces += [Piece("".join(tokens[told:place])), Piece("".join(tokens[place:end]), term)]
                told = end
            place = end
        return [piece for piece in [*pieces, Piece("".join(tokens[told:]))] if piece.text]

    def _longest(self, place: int, keys: list[str], small: list[str]) -> tuple[int, Term | None]:
        """Where the longest name ends that begins here, and its term; the next token and none without one."""
        longest, term = place + 1, None
        for node, following in ((self._as_written, keys), (self._in_any_case, small)):
            for end in range(place, len(keys)):
                node = node.get(following[end], {})
                if END in node and (term is None or end + 1 > longest):
                    longest, term = end + 1, node[END]
                if not node:
                    break
        return longest, term


def _key(token: str) -> str:
    return " " if token.isspace() else token
