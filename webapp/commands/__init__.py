"""One module a group of commands: they wire all layers together."""
