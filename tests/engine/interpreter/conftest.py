from tests.sandboxed import anyio_backend, kernel, opened, sandbox

__all__ = ["anyio_backend", "kernel", "opened", "sandbox"]
