"""Which nodes of a graph lie on a circle together.

Source: Tarjan (1972), Depth-first search and linear graph algorithms, SIAM Journal on Computing 1(2).
"""

from __future__ import annotations

from collections.abc import Sequence


def components(edges: Sequence[Sequence[int]]) -> list[list[int]]:
    """The strongly connected components of a graph, each after those that it leads to.

    Args:
        edges: for every node, by its position, the nodes that it leads to.
    """
    found: list[list[int]] = []
    order = [0] * len(edges)  # 1, 2, 3 … as nodes are met; 0: not yet
    lowest = [0] * len(edges)  # the earliest node on the stack that can be reached
    stack: list[int] = []
    is_closed = [False] * len(edges)
    met = 0
    for root in range(len(edges)):
        if order[root]:
            continue
        met += 1
        order[root] = lowest[root] = met
        stack.append(root)
        path = [(root, iter(edges[root]))]
        while path:
            node, further = path[-1]
            for target in further:
                if not order[target]:
                    met += 1
                    order[target] = lowest[target] = met
                    stack.append(target)
                    path.append((target, iter(edges[target])))
                    break
                if not is_closed[target] and order[target] < lowest[node]:
                    lowest[node] = order[target]
            else:
                path.pop()
                if path and lowest[node] < lowest[path[-1][0]]:
                    lowest[path[-1][0]] = lowest[node]
                if lowest[node] == order[node]:
                    component: list[int] = []
                    while not component or component[-1] != node:
                        component.append(stack.pop())
                        is_closed[component[-1]] = True
                    found.append(component)
    return found
