// OCR by the program `tesseract`, one process a picture. It is never linked: what it loads is its
// distribution's choice, and what it is given is plain pixels, decoded in the reader's sandbox before.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "app/reading/wire.h"
#include "engine/base/cancel.h"
#include "engine/base/error.h"

namespace pellucid::reading {

struct OcrLimits {
    std::chrono::steady_clock::time_point deadline;
    std::uint64_t memory_bytes = 1ull << 30;
};

/// Where `tesseract` is installed; empty where it is not.
std::filesystem::path tesseract_program();

/// The lines of text in `picture`. `languages` are Tesseract's names ("eng", "chi_sim"). Errors: unsupported
/// (no data of a language, or no tesseract), timed_out, cancelled, internal.
Result<std::vector<RecognisedLine>> recognise(const GreyPicture& picture,
                                              const std::vector<std::string>& languages,
                                              const OcrLimits& limits, const CancelToken& cancel);

/// Lines from Tesseract's tab-separated output.
std::vector<RecognisedLine> lines_from_tsv(std::string_view tsv);

}  // namespace pellucid::reading
