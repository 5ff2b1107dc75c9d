// Citations as a conversation keeps them: one part of kind citation each, so that an answer opened years
// later still shows what it rested on, whether or not the document is still in the library.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/answering/answer_stream.h"
#include "storage/message.h"

namespace pellucid::asking {

/// What a view needs of a citation.
struct StoredCitation {
    int number = 0;            ///< of the passage in its answer, as in "[3]"
    answering::Span mark;      ///< bytes of the answer's text; empty with `found`: behind its sentence
    answering::Span sentence;  ///< bytes of the answer's text
    bool found = false;        ///< matched by what it says; the model gave no mark
    answering::Verdict verdict = answering::Verdict::not_checkable;
    answering::Doubt doubt = answering::Doubt::none;
    std::string claimed, said;  ///< what differs
    std::string title, file, headings, page_label, quote;
    std::int64_t document = 0, content = 0, chunk = 0;  ///< of the library, as they were then
    std::uint32_t page = 0;
    answering::Span range;  ///< bytes of the document's text

    bool operator==(const StoredCitation&) const = default;
};

std::vector<StoredCitation> stored_citations(const answering::CheckedAnswer& answer,
                                             const std::vector<answering::Passage>& passages);

/// name: the title; reference: "file, page 12"; text: the words cited; data: the rest as JSON.
storage::Part to_part(const StoredCitation& citation);
/// Nothing for a part of another kind, or one whose data cannot be read.
std::optional<StoredCitation> read_part(const storage::Part& part);

}  // namespace pellucid::asking
