"""Strategy options: drafting them, scoring them alone, and comparing them."""
