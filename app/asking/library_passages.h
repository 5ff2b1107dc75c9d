// Passages of the document library as answers need them, and where a citation stands on its page.
#pragma once

#include <string>
#include <vector>

#include "app/answering/document_prompt.h"
#include "app/answering/outcome.h"
#include "app/answering/quote_check.h"
#include "app/documents/document_library.h"

namespace pellucid::asking {

/// What was found, as a passage with its place: pages by their labels, else by their numbers. Errors: those
/// of the database.
Result<answering::Passage> to_passage(documents::DocumentLibrary& library,
                                      const documents::FoundPassage& found);

/// How near it is, for is_near(). `words`: content words of the question.
answering::Nearness nearness_of(const documents::FoundPassage& found, int words);

/// All passages of a content in the order of its text.
Result<std::vector<answering::Passage>> all_passages(documents::DocumentLibrary& library,
                                                     const storage::DocumentRow& document);

/// Where a citation's words stand.
struct CitedPlace {
    std::string path;                     ///< of the document's file
    std::uint32_t page = 0;               ///< index of the page on which they begin
    std::string page_label;               ///< as people say it; empty: the source has no pages
    float width = 0, height = 0;          ///< of the page, in points; 0: the source has no pages
    answering::Span range;                ///< bytes of the document's text
    std::vector<storage::TextBox> boxes;  ///< on that page, one a run of text
};
/// `span`: bytes of passage.text, such as Citation::evidence; empty: the whole passage. not_found where the
/// document is no longer in the library.
Result<CitedPlace> cited_place(documents::DocumentLibrary& library, const answering::Passage& passage,
                               answering::Span span);

/// Likeness in meaning by the library's embedding model; empty where none is in use. Not thread safe, copies
/// included.
answering::Meaning meaning_of(documents::DocumentLibrary& library);

}  // namespace pellucid::asking
