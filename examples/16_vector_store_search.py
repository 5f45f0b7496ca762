"""Files in a vector store, found by what they say."""

from __future__ import annotations

from assistream import Client

FILES = {
    "refunds.md": "# Refunds\n\nWe give the money back within ten working days, the way it was paid.",
    "shipping.html": "<h1>Shipping</h1><p>Parcels leave on the day of the order if it comes before noon.</p>",
    "prices.csv": "product,price\nkettle,39 euros\nlamp,25 euros\n",
    "broken.pdf": "%PDF-1.7 and nothing that is one",
}

with Client.embedded() as client:
    store = client.vector_stores.create(name="Help", expires_after={"anchor": "last_active_at", "days": 7})
    batch = client.vector_stores.file_batches.upload_and_poll(
        store.id,
        files=[(name, text.encode()) for name, text in FILES.items()],
        attributes={"public": True},
    )
    print(f"{batch.status}: {batch.file_counts.completed} can be searched, {batch.file_counts.failed} cannot")
    for file in client.vector_stores.file_batches.list_files(batch.id, vector_store_id=store.id, filter="failed"):
        print(f"-- {file.last_error.code}" if file.last_error else "--")

    for question in ("When do I get my money back?", "What does a lamp cost?", "Is my parcel sent today?"):
        hits = client.vector_stores.search(
            store.id, query=question, max_num_results=1, filters={"type": "eq", "key": "public", "value": True}
        )
        print(f"{question} {hits.data[0].filename}")
