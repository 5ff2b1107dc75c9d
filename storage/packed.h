// Text and page boxes as the database keeps them: compressed, and checked when they are unpacked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "storage/contents.h"

namespace pellucid::storage {

/// zstd, level 3.
std::string pack(std::string_view bytes);
/// Throws Refusal: corrupt where the bytes are no whole zstd frame of at most `most` bytes.
std::string unpack(std::string_view packed, std::size_t most);

std::string pack_boxes(const std::vector<TextBox>& boxes);
/// Throws Refusal: corrupt.
std::vector<TextBox> unpack_boxes(std::string_view packed);

}  // namespace pellucid::storage
