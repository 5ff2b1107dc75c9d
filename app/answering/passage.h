// A passage: the piece of a document that a model is given and that an answer cites.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "app/prose/sentences.h"

namespace pellucid::answering {

using prose::Span;

/// What the retriever gives. `first` and `last` are bytes of the document's text as it was read (the reader's
/// TextRange), so that a citation finds its page and boxes again.
struct Passage {
    std::int64_t document = 0;  ///< the library's id; 0: none
    std::int64_t content = 0;   ///< the library's id of what it says; 0: none
    std::int64_t chunk = 0;     ///< the index's id; 0: none
    std::string title;          ///< of the document, or its file name
    std::string file;           ///< file name without its folder
    std::string headings;       ///< "Part > Chapter"; may be empty
    std::string page_label;     ///< "12", "12-13"; empty: the source has no pages
    std::uint32_t page = 0;     ///< index of the page it begins on
    std::uint32_t first = 0, last = 0;
    std::string text;          ///< UTF-8
    std::uint32_t header = 0;  ///< bytes of `text` that stand before the range: a table's header, repeated
    double score = 0;          ///< of the retriever, higher is nearer
};

/// Where bytes of a passage's text stand in its document; a header's: the beginning. Empty where the passage
/// has no place in a document.
Span in_document(const Passage& passage, Span span);

/// "handbook.pdf, page 12, Part > Chapter": where a passage stands, for people.
std::string place_of(const Passage& passage);

}  // namespace pellucid::answering
