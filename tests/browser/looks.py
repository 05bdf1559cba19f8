"""What is wrong with how a page looks or sounds, as axe and a ruler tell it."""

from axe_playwright_python.base import AXE_SCRIPT

PHONE, DESK = {"width": 320, "height": 800}, {"width": 1280, "height": 1000}
ABOUT_COLOUR = ["color-contrast", "link-in-text-block"]  # all that a dark page could change


def objections(page, **options):
    """What axe has to say, one line for each rule and element."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(
        """async (options) => (await axe.run({resultTypes: ["violations"], ...options})).violations.flatMap(
            (rule) => rule.nodes.map((node) => `${rule.id}: ${node.html.slice(0, 160)}`))""",
        options,
    )


def too_wide(page):
    """What reaches beyond the right edge; only a chart, its figures and a matrix may scroll within."""
    return page.evaluate(
        """(mayScroll) => {
            const isTooWide = (element) => element.scrollWidth > element.clientWidth + 1;
            const regions = [...document.querySelectorAll("[role=region]")].filter(
                (region) => !mayScroll.includes(region.ariaLabel ?? region.getAttribute("aria-labelledby")));
            return [document.documentElement, ...regions].filter(isTooWide).map(
                (element) => element.outerHTML.slice(0, 160));
        }""",
        ["Chart", "over-time", "Measures by options"],
    )


def problems(page):
    """Everything wrong with a page, as a person with a phone or a desk, by day or by night, would meet it."""
    found = []
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="light")
        found += objections(page)
        page.emulate_media(color_scheme="dark")
        found += objections(page, runOnly=ABOUT_COLOUR)
    return found + too_wide(page)
