"""Short words for small graphs that tests draw by hand."""

from recommendations.readiness import Alternative, Graph, Measure, Requirement


def node(key, parent=None, kind="action", needs=None, retired=False):
    return Measure(key, parent, kind, needs, retired)


def reaches(measure, state=None):
    return Alternative(measure, None, state)


def holds(fact):
    return Alternative(None, fact, None)


def require(measure, *alternatives, at_least=1, required=True, key=None):
    return Requirement(key or f"{measure} requires", measure, at_least, required, alternatives)


def graph_of(measures, *requirements, successors=None):
    return Graph(measures, requirements, successors or {})
