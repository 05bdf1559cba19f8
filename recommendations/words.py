"""Whether texts hold the words that somebody looks for. Pure Python."""


def hold_words(asked: str, *texts: str) -> bool:
    """Whether each word asked for occurs somewhere in some texts, in letters of any size."""
    held = "\n".join(texts).casefold()
    return all(word in held for word in asked.casefold().split())
