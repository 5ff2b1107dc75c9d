#!/usr/bin/env python3
"""Writes the first inputs of the folder, adapter, encoder and importance targets: tiny models of several families, plain and
quantised, adapters for the tiny model of fuzz_adapter.cpp, encoders and importance matrices. needs: numpy, gguf. usage: make_folder_corpora.py"""
import json
import pathlib
import tempfile

import gguf
import numpy as np

HERE = pathlib.Path(__file__).parent
rng = np.random.default_rng(1)


def safetensors(tensors):
    header, data = {}, b""
    for name, (kind, array) in tensors.items():
        raw = np.ascontiguousarray(array).tobytes()
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text + data


def both(config, tensors):
    text = json.dumps(config, separators=(",", ":")).encode()
    return len(text).to_bytes(2, "little") + text + safetensors(tensors)


def half(*shape):
    return "F16", rng.normal(0, 1, shape).astype(np.float16)


def write(target, name, data):
    (HERE / target / "corpus" / f"seed-{name}").write_bytes(data)


BASE = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1, "intermediate_size": 32,
        "max_position_embeddings": 64, "rms_norm_eps": 1e-6, "vocab_size": 8, "tie_word_embeddings": True}


def layer(**more):
    at = "model.layers.0."
    tensors = {"model.embed_tokens.weight": half(8, 32), "model.norm.weight": half(32), at + "input_layernorm.weight": half(32),
               at + "post_attention_layernorm.weight": half(32), at + "self_attn.q_proj.weight": half(32, 32),
               at + "self_attn.k_proj.weight": half(16, 32), at + "self_attn.v_proj.weight": half(16, 32),
               at + "self_attn.o_proj.weight": half(32, 32), at + "mlp.gate_proj.weight": half(32, 32),
               at + "mlp.up_proj.weight": half(32, 32), at + "mlp.down_proj.weight": half(32, 32)}
    return tensors | {at + k: v for k, v in more.items()}


def without(tensors, *ends):
    return {k: v for k, v in tensors.items() if not any(e in k for e in ends)}


def packed(form):
    out = {}
    for name, value in layer().items():
        if "_proj" not in name:
            out[name] = value
            continue
        rows, columns = value[1].shape
        module = name.removesuffix(".weight")
        if form == "fp8":
            out |= {name: ("F8_E4M3", rng.integers(0, 120, (rows, columns)).astype(np.uint8)), module + ".weight_scale_inv": ("F32", np.ones((-(-rows // 16), 2), np.float32))}
        else:
            words = (columns // 8, rows) if form == "gptq" else (columns, rows // 8)
            out |= {module + ".qweight": ("I32", rng.integers(0, 2 ** 31, words).astype(np.int32)),
                    module + ".qzeros": ("I32", rng.integers(0, 2 ** 31, (1, rows // 8)).astype(np.int32)),
                    module + ".scales": ("F16", np.ones((1, rows), np.float16))}
            if form == "gptq":
                out[module + ".g_idx"] = ("I32", np.zeros(columns, np.int32))
    return out


experts = {f"mlp.experts.{e}.{p}_proj.weight": half(32, 32) for e in range(2) for p in ("gate", "up", "down")}
models = {
    "llama": (BASE | {"model_type": "llama"}, layer()),
    "llama3": (BASE | {"model_type": "llama", "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 32}}, layer()),
    "yarn": (BASE | {"model_type": "qwen3", "head_dim": 16, "rope_parameters": {"rope_type": "yarn", "rope_theta": 1e6, "factor": 4.0}},
             layer(**{"self_attn.q_norm.weight": half(16), "self_attn.k_norm.weight": half(16)})),
    "gemma3": (BASE | {"model_type": "gemma3", "text_config": BASE | {"head_dim": 16, "query_pre_attn_scalar": 16}},
               layer(**{"self_attn.q_norm.weight": half(16), "self_attn.k_norm.weight": half(16), "pre_feedforward_layernorm.weight": half(32),
                        "post_feedforward_layernorm.weight": half(32)}) | {"vision_tower.x.weight": half(4)}),
    "moe": (BASE | {"model_type": "qwen2_moe", "num_experts": 2, "num_experts_per_tok": 1, "moe_intermediate_size": 32},
            without(layer(**experts, **{"mlp.gate.weight": half(2, 32)}), "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj")),
    "deepseek": (BASE | {"model_type": "deepseek_v3", "kv_lora_rank": 16, "qk_rope_head_dim": 4, "qk_nope_head_dim": 8, "v_head_dim": 8},
                 without(layer(**{"self_attn.q_proj.weight": half(24, 32), "self_attn.kv_a_proj_with_mqa.weight": half(20, 32),
                                  "self_attn.kv_a_layernorm.weight": half(16), "self_attn.kv_b_proj.weight": half(32, 16),
                                  "self_attn.o_proj.weight": half(32, 16)}), "k_proj", "v_proj")),
    "gpt_oss": (BASE | {"model_type": "gpt_oss", "num_local_experts": 2, "num_experts_per_tok": 1, "head_dim": 16, "quantization_config": {"quant_method": "mxfp4"}},
                without(layer(**{"self_attn.sinks": half(2), "mlp.router.weight": half(2, 32), "mlp.router.bias": half(2),
                                 "mlp.experts.gate_up_proj_blocks": ("U8", rng.integers(0, 256, (2, 64, 1, 16)).astype(np.uint8)),
                                 "mlp.experts.gate_up_proj_scales": ("U8", np.full((2, 64, 1), 120, np.uint8)), "mlp.experts.gate_up_proj_bias": half(2, 64),
                                 "mlp.experts.down_proj": half(2, 32, 32), "mlp.experts.down_proj_bias": half(2, 32)}),
                        "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj.")),
    "lfm2": (BASE | {"model_type": "lfm2", "layer_types": ["conv"], "block_auto_adjust_ff_dim": False, "norm_eps": 1e-5},
             {"model.embed_tokens.weight": half(8, 32), "model.embedding_norm.weight": half(32), "model.layers.0.operator_norm.weight": half(32),
              "model.layers.0.ffn_norm.weight": half(32), "model.layers.0.conv.in_proj.weight": half(96, 32), "model.layers.0.conv.out_proj.weight": half(32, 32),
              "model.layers.0.conv.conv.weight": half(32, 1, 3), **{f"model.layers.0.feed_forward.w{i}.weight": half(32, 32) for i in (1, 2, 3)}}),
    **{form: (BASE | {"model_type": "qwen2", "quantization_config": {"quant_method": form, "bits": 4, "group_size": 32, "weight_block_size": [16, 16]}},
              packed(form) | {f"model.layers.0.self_attn.{x}_proj.bias": half(32 if x == "q" else 16) for x in "qkv"}) for form in ("fp8", "gptq", "awq")},
}
for name, (config, tensors) in models.items():
    write("folder", name, both(config, tensors))
write("folder", "index", b"\xff\xff" + json.dumps({"metadata": {"total_size": 8}, "weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}).encode())

parts = {"q_proj": (8, 8), "k_proj": (4, 8), "o_proj": (8, 8)}
tensors = {}
for name, (n_out, n_in) in parts.items():
    module = f"base_model.model.model.layers.0.self_attn.{name}"
    tensors |= {module + ".lora_A.weight": ("F32", rng.normal(0, 1, (2, n_in)).astype(np.float32)), module + ".lora_B.weight": half(n_out, 2)}
write("adapter", "peft", both({"peft_type": "LORA", "r": 2, "lora_alpha": 4, "use_rslora": True, "alpha_pattern": {"q_proj": 8}, "bias": "none"}, tensors))
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "a.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_string("general.type", "adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 4)
    writer.add_tensor("blk.0.ffn_down.weight.lora_a", rng.normal(0, 1, (2, 16)).astype(np.float16))
    writer.add_tensor("blk.0.ffn_down.weight.lora_b", rng.normal(0, 1, (8, 2)).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    write("adapter", "gguf", b"\xff\xff" + path.read_bytes())


def gguf_bytes(architecture, fill):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "a.gguf"
        writer = gguf.GGUFWriter(path, architecture)
        fill(writer)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        return path.read_bytes()


def single(*shape):
    return "F32", rng.normal(0, 1, shape).astype(np.float32)


def encoder_tensors(prefix, vocabulary, positions):
    at = prefix + "encoder.layer.0."
    out = {prefix + f"embeddings.{name}_embeddings.weight": single(rows, 8)
           for name, rows in (("word", vocabulary), ("position", positions), ("token_type", 2))}
    for name, n_out, n_in in (("attention.self.query", 8, 8), ("attention.self.key", 8, 8), ("attention.self.value", 8, 8),
                              ("attention.output.dense", 8, 8), ("intermediate.dense", 12, 8), ("output.dense", 8, 12)):
        out |= {at + name + ".weight": single(n_out, n_in), at + name + ".bias": single(n_out)}
    for name in (prefix + "embeddings.LayerNorm", at + "attention.output.LayerNorm", at + "output.LayerNorm"):
        out |= {name + ".weight": single(8), name + ".bias": single(8)}
    return out


WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "##b", "hello"]
WORDPIECE = {"version": "1.0", "added_tokens": [{"id": i, "content": WORDS[i], "special": True, "normalized": False, "single_word": False,
                                                 "lstrip": False, "rstrip": False} for i in range(4)],
             "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
             "pre_tokenizer": {"type": "BertPreTokenizer"},
             "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]},
             "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
                       "vocab": {word: i for i, word in enumerate(WORDS)}}}
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "\u2581", "a", "b", "ab"]
UNIGRAM = {"version": "1.0", "added_tokens": [{"id": i, "content": PIECES[i], "special": True, "normalized": False, "single_word": False,
                                               "lstrip": False, "rstrip": False} for i in range(4)],
           "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581", "add_prefix_space": True},
           "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                                                                       {"SpecialToken": {"id": "</s>", "type_id": 0}}], "pair": [],
                              "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}, "</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]}}},
           "model": {"type": "Unigram", "unk_id": 3, "vocab": [[piece, -float(i)] for i, piece in enumerate(PIECES)]}}
ENCODER = {"hidden_size": 8, "num_attention_heads": 2, "num_hidden_layers": 1, "intermediate_size": 12, "max_position_embeddings": 12, "type_vocab_size": 2,
           "vocab_size": 8, "hidden_act": "gelu", "layer_norm_eps": 1e-12, "position_embedding_type": "absolute"}
for name, prefix, config, tokenizer, mode in (("bert", "", {"model_type": "bert", "pad_token_id": 0}, WORDPIECE, "mean"),
                                              ("xlm", "roberta.", {"model_type": "xlm-roberta", "pad_token_id": 1}, UNIGRAM, "cls")):
    modules = [{"idx": i, "name": str(i), "path": "" if i == 0 else f"{i}_{m}", "type": "sentence_transformers.models." + m}
               for i, m in enumerate(("Transformer", "Pooling", "Normalize"))]
    texts = [ENCODER | config, tokenizer, modules, {"max_seq_length": 10}, {f"pooling_mode_{mode}_tokens" if mode == "mean" else "pooling_mode_cls_token": True}]
    raw = [json.dumps(text, ensure_ascii=False, separators=(",", ":")).encode() for text in texts]
    write("encoder", name, b"\0" + b"".join(len(r).to_bytes(2, "little") + r for r in raw) + safetensors(encoder_tensors(prefix, 8, 12)))


def bert_gguf(out):
    out.add_block_count(1), out.add_context_length(12), out.add_embedding_length(8), out.add_feed_forward_length(12)
    out.add_head_count(2), out.add_layer_norm_eps(1e-12), out.add_causal_attention(False), out.add_pooling_type(gguf.PoolingType.MEAN)
    out.add_tokenizer_model("bert"), out.add_token_types([3] * 4 + [1] * 4)
    out.add_token_list([w if i < 4 else w[2:] if w.startswith("##") else "\u2581" + w for i, w in enumerate(WORDS)])
    out.add_unk_token_id(1), out.add_sep_token_id(3), out.add_bos_token_id(2)
    names = {"embeddings.word_embeddings": "token_embd", "embeddings.position_embeddings": "position_embd", "embeddings.token_type_embeddings": "token_types",
             "embeddings.LayerNorm": "token_embd_norm", "attention.self.query": "attn_q", "attention.self.key": "attn_k", "attention.self.value": "attn_v",
             "attention.output.dense": "attn_output", "attention.output.LayerNorm": "attn_output_norm", "intermediate.dense": "ffn_up",
             "output.dense": "ffn_down", "output.LayerNorm": "layer_output_norm"}
    for name, (_, value) in encoder_tensors("", 8, 12).items():
        module, kind = name.rsplit(".", 1)
        rest = module.removeprefix("encoder.layer.0.")
        out.add_tensor(f"{names[module]}.{kind}" if module in names else f"blk.0.{names[rest]}.{kind}", value)


write("encoder", "gguf", b"\1" + gguf_bytes("bert", bert_gguf))


def importance(out):
    out.add_string("general.type", "imatrix")
    out.add_array("imatrix.datasets", ["a text"])
    out.add_uint32("imatrix.chunk_count", 2), out.add_uint32("imatrix.chunk_size", 16)
    for name, slices in (("blk.0.attn_q.weight", 1), ("blk.0.ffn_up_exps.weight", 2)):
        out.add_tensor(name + ".in_sum2", np.abs(rng.normal(0, 1, (slices, 4))).astype(np.float32))
        out.add_tensor(name + ".counts", np.full((slices, 1), 32, np.float32))


write("importance", "imatrix", gguf_bytes("llama", importance))
