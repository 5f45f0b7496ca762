from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from .. import contents
from ..errors import Refused
from ..forms import Form, receive
from ..lifecycle import Document
from ..schemas import FileFields, FileQuery
from ..tables import FILES
from ..validation import check
from .call import Call, absent, find, listing

# The others were given by whoever would read them: the hosted API does not give those back.
_OUTPUTS = frozenset({"assistants_output"})
_NESTED = re.compile(r"(\w+)\[(\w+)\]")
_LONGEST = 255


async def create(call: Call) -> Response:
    limit, request = call.services.limits.upload, call.request
    async with contents.uploading(call.store, limit) as upload:
        form = await receive(request.stream(), request.headers, upload.write, limit)
        fields = check(FileFields, _nested(form.fields))
        filename = _name(form)
        if not upload.size:
            raise Refused("empty_file", param="file")
        seconds = fields.expires_after.seconds if fields.expires_after else None
        return call.reply(await upload.finish(filename, fields.purpose, seconds))


async def retrieve(call: Call) -> Response:
    return call.reply(await _file(call))


async def content(call: Call) -> Response:
    file = await _file(call)
    if not (call.services.limits.open_files or file["purpose"] in _OUTPUTS):
        raise Refused("not_downloadable", purpose=file["purpose"])
    headers = {
        "content-type": "application/octet-stream",
        "content-length": str(file["bytes"]),
        "content-disposition": f"attachment; filename*=UTF-8''{quote(file['filename'], safe='')}",
        # Whoever uploaded it decided what is in it: no browser is to take it for a page of this server.
        "x-content-type-options": "nosniff",
    }
    return StreamingResponse(contents.read(call.store, file), headers=headers)


async def delete(call: Call) -> Response:
    """What names the file goes on naming it."""
    await contents.sweep(call.store)
    if not await contents.delete(call.store, call.id("file")):
        raise absent(FILES, call.id("file"))
    return call.deleted(FILES, call.id("file"))


async def all(call: Call) -> Response:
    await contents.sweep(call.store)
    async with call.store.transaction() as transaction:
        return await listing(transaction, FILES, call, FileQuery)


async def _file(call: Call) -> Document:
    await contents.sweep(call.store)
    async with call.store.transaction() as transaction:
        return await find(transaction, FILES, call.id("file"))


def _name(form: Form) -> str:
    """What the file is called, for its reader: never a path, for readers may take it for one."""
    if form.filename is None:
        raise Refused("missing", param="file", where="file")
    name = re.split(r"[/\\]", form.filename)[-1]
    if len(name) > _LONGEST:
        raise Refused("long_string", param="file", where="file.filename", limit=_LONGEST, got=len(name))
    return "upload" if name in ("", ".", "..") else name


def _nested(fields: Mapping[str, str]) -> dict[str, Any]:
    """``a[b]`` is how a form writes the ``b`` of an object ``a``."""
    if "file" in fields:
        raise Refused("no_file_part", param="file")
    whole: dict[str, Any] = {}
    for name, value in fields.items():
        if (parts := _NESTED.fullmatch(name)) and isinstance(inner := whole.setdefault(parts[1], {}), dict):
            inner[parts[2]] = value
        else:
            whole[name] = value
    return whole
