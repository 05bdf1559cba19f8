"""A room scores the options: rules, rounds, ballots, results, and the end of it."""
