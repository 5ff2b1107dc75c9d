// Weight matrices in the quantised forms that Hugging Face folders carry, as block types where those hold the
// same numbers, else as half precision.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/base/error.h"
#include "engine/format/file_tensor.h"
#include "engine/model/folder/stored_tensor.h"

namespace pellucid {

/// What config.json's quantization_config says.
struct FolderQuantization {
    enum class Kind {
        none,
        fp8,   ///< F8 E4M3 with one scale for each block of weight_block_size (DeepSeek-V3, section 3.3)
        gptq,  ///< arXiv 2210.17323, as AutoGPTQ packs it
        awq,   ///< arXiv 2306.00978, in AutoAWQ's "gemm" packing
        mxfp4  ///< OCP microscaling, as gpt-oss stores its experts
    } kind = Kind::none;
    int bits = 4;
    int group_size = 128;       ///< inputs that share a scale; -1: all
    bool zero_plus_one = true;  ///< gptq: stored zero points are one less (checkpoint_format "gptq")
    int block_rows = 128, block_columns = 128;  ///< fp8
    std::string label;                          ///< "GPTQ 4-bit"
};

/// The tensors of one module, by what follows its name: "weight", "qweight", "bias" …
using ModuleParts = std::map<std::string, const FileTensor*, std::less<>>;

/// Whether `parts` hold a matrix that quantized_matrix() reads.
bool is_quantized(const ModuleParts& parts);

/// [out, in]. GPTQ and AWQ: Q4_0 where every zero point is 8, else Q4_1 (its minimum rounded to f16), Q8_0
/// for eight bits around 128, f16 where groups are not runs of whole blocks (desc_act); f32 where scales
/// exceed f16; all of them fine (TensorView). FP8: f16, or bf16 where the scales exceed it. Values are read
/// when the tensor is made; only zero points and scales before. Errors name `module`: corrupt for shapes that
/// contradict each other or group numbers out of range; unsupported for other packings.
Result<StoredTensor> quantized_matrix(const std::string& module, const ModuleParts& parts,
                                      const FolderQuantization& how);

/// gpt-oss's experts: blocks [experts, rows, columns / 32, 16] and scales [experts, rows, columns / 32] as
/// MXFP4 [experts, rows, columns].
Result<StoredTensor> mxfp4_experts(const std::string& module, const FileTensor& blocks,
                                   const FileTensor& scales);

/// The value of an F8 E4M3 (FN: no infinities; 0x7f and 0xff are no numbers).
float f8_e4m3_to_float(std::uint8_t code);

}  // namespace pellucid
