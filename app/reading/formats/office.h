// What the office formats share: relations between parts, document properties, damaged parts told.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "app/reading/formats/archive.h"
#include "app/reading/formats/document_builder.h"

namespace pellucid::reading {

/// The relations of a part (Open Packaging Conventions): id to the name of the part it leads to.
std::map<std::string, std::string> relations_of(const Parts& parts, std::string_view part);
/// Title, author and language from docProps/core.xml or OpenDocument's meta.xml.
void read_properties(const Parts& parts, std::string_view part, DocumentBuilder& out);
/// A notice where parts of the archive could not be unpacked.
void tell_damage(const Parts& parts, DocumentBuilder& out);

}  // namespace pellucid::reading
