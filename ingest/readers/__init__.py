"""One reader a form: bytes or text in, a Document with blocks out."""
