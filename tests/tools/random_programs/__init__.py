"""Random programs of tools: how they are drawn, what they should come to, and how they are played."""
