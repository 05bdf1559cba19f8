"""What tests of editions share."""

import pytest


@pytest.fixture
def write(tmp_path_factory):
    """Puts texts into a new folder."""

    def write(texts):
        folder = tmp_path_factory.mktemp("edition")
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        return str(folder)

    return write
