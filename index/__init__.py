"""What was read, kept and found again: identity, the SQLite store, the Whoosh index, queries."""
