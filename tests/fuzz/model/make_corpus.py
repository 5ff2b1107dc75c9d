#!/usr/bin/env python3
"""Writes the seed corpus of fuzz_model: one tiny complete model per architecture. Needs PyPI's gguf and numpy."""
import pathlib
import sys

import gguf
import numpy as np

EMBD, HEADS, KV_HEADS, DIM, WIDTH, VOCAB, LAYERS = 8, 2, 1, 4, 16, 6, 2
random = np.random.default_rng(1)


def write(folder: pathlib.Path, arch: str) -> None:
    w = gguf.GGUFWriter(folder / f"{arch}.gguf", arch)
    w.add_block_count(LAYERS)
    w.add_context_length(64)
    w.add_embedding_length(EMBD)
    w.add_feed_forward_length(WIDTH)
    w.add_head_count(HEADS)
    w.add_head_count_kv(KV_HEADS)
    w.add_key_length(DIM)
    w.add_value_length(DIM)
    w.add_layer_norm_rms_eps(1e-6)
    w.add_rope_dimension_count(DIM)
    w.add_sliding_window(1)
    if arch == "qwen3":
        w.add_rope_scaling_type(gguf.RopeScalingType.YARN)
        w.add_rope_scaling_factor(4.0)
        w.add_rope_scaling_orig_ctx_len(16)
    if arch == "granite":
        w.add_logit_scale(8.0)
        w.add_residual_scale(0.5)

    def tensor(name: str, *shape: int) -> None:
        kind = np.float16 if len(shape) == 2 else np.float32
        w.add_tensor(name, random.standard_normal(shape).astype(kind))

    tensor("token_embd.weight", VOCAB, EMBD)
    tensor("output_norm.weight", EMBD)
    if arch == "llama":
        tensor("output.weight", VOCAB, EMBD)
        tensor("rope_freqs.weight", DIM // 2)
    if arch == "phi3":
        tensor("rope_factors_long.weight", DIM // 2)
        tensor("rope_factors_short.weight", DIM // 2)
    for layer in range(LAYERS):
        def block(name: str, *shape: int) -> None:
            tensor(f"blk.{layer}.{name}", *shape)

        block("attn_norm.weight", EMBD)
        block("ffn_norm.weight", EMBD)
        block("ffn_down.weight", EMBD, WIDTH)
        block("attn_output.weight", EMBD, HEADS * DIM)
        if arch == "phi3":
            block("attn_qkv.weight", (HEADS + 2 * KV_HEADS) * DIM, EMBD)
        else:
            block("attn_q.weight", HEADS * DIM, EMBD)
            block("attn_k.weight", KV_HEADS * DIM, EMBD)
            block("attn_v.weight", KV_HEADS * DIM, EMBD)
        if arch in ("phi3", "glm4"):
            block("ffn_up.weight", 2 * WIDTH, EMBD)
        else:
            block("ffn_gate.weight", WIDTH, EMBD)
            block("ffn_up.weight", WIDTH, EMBD)
        if arch == "qwen2":
            block("attn_q.bias", HEADS * DIM)
            block("attn_k.bias", KV_HEADS * DIM)
            block("attn_v.bias", KV_HEADS * DIM)
        if arch in ("qwen3", "gemma3"):
            block("attn_q_norm.weight", DIM)
            block("attn_k_norm.weight", DIM)
        if arch in ("gemma2", "gemma3", "glm4"):
            block("post_attention_norm.weight", EMBD)
            block("post_ffw_norm.weight", EMBD)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


def write_latent(folder: pathlib.Path) -> None:
    """Latent attention, its halves once apart and once in one piece, and a multi-token-prediction layer."""
    content, rope, value, rank = 2, 2, 4, 4
    w = gguf.GGUFWriter(folder / "deepseek2.gguf", "deepseek2")
    w.add_block_count(LAYERS + 1)
    w.add_nextn_predict_layers(1)
    w.add_context_length(64)
    w.add_embedding_length(EMBD)
    w.add_feed_forward_length(WIDTH)
    w.add_head_count(HEADS)
    w.add_head_count_kv(1)
    w.add_key_length(rank + rope)
    w.add_value_length(rank)
    w.add_key_length_mla(content + rope)
    w.add_value_length_mla(value)
    w.add_kv_lora_rank(rank)
    w.add_layer_norm_rms_eps(1e-6)
    w.add_rope_dimension_count(rope)
    w.add_leading_dense_block_count(LAYERS + 1)

    def tensor(name: str, *shape: int) -> None:
        w.add_tensor(name, random.standard_normal(shape).astype(np.float16 if len(shape) > 1 else np.float32))

    tensor("token_embd.weight", VOCAB, EMBD)
    tensor("output.weight", VOCAB, EMBD)
    tensor("output_norm.weight", EMBD)
    for layer in range(LAYERS + 1):
        b = f"blk.{layer}."
        tensor(b + "attn_norm.weight", EMBD)
        tensor(b + "ffn_norm.weight", EMBD)
        tensor(b + "ffn_gate.weight", WIDTH, EMBD)
        tensor(b + "ffn_up.weight", WIDTH, EMBD)
        tensor(b + "ffn_down.weight", EMBD, WIDTH)
        tensor(b + "attn_q.weight", HEADS * (content + rope), EMBD)
        tensor(b + "attn_kv_a_mqa.weight", rank + rope, EMBD)
        tensor(b + "attn_kv_a_norm.weight", rank)
        if layer == 0:
            tensor(b + "attn_kv_b.weight", HEADS * (content + value), rank)
        else:
            tensor(b + "attn_k_b.weight", HEADS, rank, content)
            tensor(b + "attn_v_b.weight", HEADS, value, rank)
        tensor(b + "attn_output.weight", EMBD, HEADS * value)
    b = f"blk.{LAYERS}.nextn."
    tensor(b + "enorm.weight", EMBD)
    tensor(b + "hnorm.weight", EMBD)
    tensor(b + "eh_proj.weight", EMBD, 2 * EMBD)
    tensor(b + "shared_head_norm.weight", EMBD)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "corpus")
folder.mkdir(parents=True, exist_ok=True)
for arch in ("llama", "qwen2", "qwen3", "phi3", "gemma2", "gemma3", "granite", "glm4", "smollm3"):
    write(folder, arch)
write_latent(folder)
