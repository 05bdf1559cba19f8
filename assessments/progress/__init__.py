"""How a report's measures stand: entries, evidence, dates, and what lies ahead."""
