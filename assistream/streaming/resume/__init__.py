"""A stream that was cut off is read on where it broke off, if its server can do that (docs/contract.md, section 6)."""
