"""The bundled change logs, written by this project, with hand-made labels beside them."""
