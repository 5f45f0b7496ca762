"""Import paths of the reference client: `openai.lib`."""
