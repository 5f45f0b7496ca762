"""Writes a language model of a few hundred kilobytes: `python tiny_model.py FILE`. Needs the package gguf.

It is a llama with one layer and random weights, so that it babbles; but it is served as any other. Its vocabulary is
the bytes and three signs, its chat template the common one.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

# They are in the environment of `make test-models` only, where this is run.
gguf: Any = import_module("gguf")
numpy: Any = import_module("numpy")

WIDTH, HEADS, HIDDEN, CONTEXT = 32, 4, 64, 2048
TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def vocabulary() -> list[tuple[str, int]]:
    """Tokens and their types: unknown, control, byte."""
    signs = [("<unk>", 2), ("<s>", 3), ("</s>", 3)]
    letters = [(chr(code), 1) for code in range(32, 127)]
    return [*signs, *((f"<0x{code:02X}>", 6) for code in range(256)), ("▁", 1), *letters]


def write(path: str) -> None:
    writer: Any = gguf.GGUFWriter(path, "llama")
    tokens = vocabulary()
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list([text for text, _ in tokens])
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types([kind for _, kind in tokens])
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_chat_template(TEMPLATE)
    _add_tensors(writer, len(tokens))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_tensors(writer: Any, tokens: int) -> None:
    random: Any = numpy.random.default_rng(0)
    shapes = {
        "token_embd": (tokens, WIDTH),
        "output": (tokens, WIDTH),
        **{f"blk.0.attn_{name}": (WIDTH, WIDTH) for name in ("q", "k", "v", "output")},
        "blk.0.ffn_gate": (HIDDEN, WIDTH),
        "blk.0.ffn_up": (HIDDEN, WIDTH),
        "blk.0.ffn_down": (WIDTH, HIDDEN),
    }
    for name, shape in shapes.items():
        writer.add_tensor(f"{name}.weight", random.standard_normal(shape).astype(numpy.float32))
    for name in ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"):
        writer.add_tensor(f"{name}.weight", numpy.ones(WIDTH, dtype=numpy.float32))


if __name__ == "__main__":
    write(sys.argv[1])
