"""Sources that are looked at again and again, and who is told of what is new there."""
