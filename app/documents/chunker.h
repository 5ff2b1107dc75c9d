// A document cut into passages: what is embedded, found and cited.
//
// A pure function of the document. Sentences are ICU's, for scripts with spaces and without; a passage keeps
// to its section where that is long enough, tables are cut between rows and code between functions and lines.
// A passage that a length alone has cut off begins with the last sentence of the one before.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/reading/document.h"

namespace pellucid::documents {

using reading::BlockKind;
using reading::TextRange;

/// How many tokens a text has for the model that will read it.
using TokenCounter = std::function<int(std::string_view text)>;

/// For when there is no model to ask: right to about a quarter for European languages and Chinese.
int estimated_tokens(std::string_view text);

/// Raised whenever other passages come of some document: what is stored is then read again when it changes.
constexpr int kChunkerVersion = 1;

struct ChunkOptions {
    int target_tokens = 256;  ///< passages become about as long
    int most_tokens = 384;    ///< and never longer (as the sum of their sentences), header included
    bool overlap = true;      ///< begin with the last sentence before, where a length alone has cut
};

struct Chunk {
    TextRange range;   ///< of Document::text; begins and ends with what is no blank
    TextRange header;  ///< a table's first row, where it stands before this part; empty: none
    std::uint32_t page = 0, last_page = 0;
    std::string headings;  ///< "A > B"; code: its symbol last
    BlockKind kind = BlockKind::paragraph;
    int tokens = 0;  ///< of the range and the header

    bool operator==(const Chunk&) const = default;
};

/// In the order of the text. Everything but blanks lies in a chunk. PRECONDITION: reading::check(document),
/// 8 <= target_tokens <= most_tokens.
std::vector<Chunk> cut(const reading::Document& document, const TokenCounter& count,
                       const ChunkOptions& options = {});

}  // namespace pellucid::documents
