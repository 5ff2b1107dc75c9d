#include "app/answering/passage.h"

namespace pellucid::answering {

std::string place_of(const Passage& passage) {
    std::string place = passage.title.empty() ? passage.file : passage.title;
    if (!passage.page_label.empty()) place += ", page " + passage.page_label;
    if (!passage.headings.empty()) place += ", " + passage.headings;
    return place;
}

}  // namespace pellucid::answering
