"""How tests get from one page to the next."""


def follow(target):
    """Click what loads a page, and wait until that page is whole and its scripts have run."""
    with target.page.expect_navigation():
        target.click()
