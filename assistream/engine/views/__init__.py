"""One module per resource, one function per operation: validate, call, render."""
