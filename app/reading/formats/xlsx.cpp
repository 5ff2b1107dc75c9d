// Excel's .xlsx (ECMA-376, SpreadsheetML): a page a sheet, its cells as one table; dates as dates.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <set>

#include "app/reading/formats/format.h"
#include "app/reading/formats/office.h"
#include "app/reading/formats/xml_stream.h"

namespace pellucid::reading {

namespace {

using Event = XmlStream::Event;
constexpr std::size_t kMostRows = 200'000, kMostColumns = 1'000;

std::vector<std::string> read_strings(const std::string* bytes) {
    std::vector<std::string> strings;
    if (bytes == nullptr) return strings;
    XmlStream xml(*bytes);
    for (Event event; (event = xml.next()) != Event::over;) {
        if (event != Event::begin) continue;
        if (xml.name() == "si")
            strings.emplace_back();
        else if (xml.name() == "rPh")
            xml.skip();  // how it is pronounced
        else if (xml.name() == "t" && !strings.empty())
            strings.back() += xml.inner_text();
    }
    return strings;
}

/// Cell formats that show a date, by index.
std::vector<bool> read_dates(const std::string* bytes) {
    std::vector<bool> dates;
    if (bytes == nullptr) return dates;
    std::set<std::string> custom;
    XmlStream xml(*bytes);
    bool cells = false;
    for (Event event; (event = xml.next()) != Event::over;) {
        if (xml.name() == "cellXfs") cells = event == Event::begin;
        if (event != Event::begin) continue;
        if (xml.name() == "numFmt") {
            std::string code = xml.attribute("formatCode");
            std::string bare;
            for (std::size_t i = 0, quoted = 0; i < code.size(); ++i) {
                if (code[i] == '"')
                    quoted ^= 1;
                else if (code[i] == '[')
                    i = std::min(code.find(']', i), code.size());
                else if (quoted == 0)
                    bare += code[i];
            }
            if (bare.find_first_of("ymdYMD") != bare.npos && bare.find_first_of("0#") == bare.npos)
                custom.insert(xml.attribute("numFmtId"));
        } else if (xml.name() == "xf" && cells && dates.size() < 100'000) {
            const std::string id = xml.attribute("numFmtId");
            static const std::set<std::string> kBuiltIn = {"14", "15", "16", "17", "18", "19",
                                                           "20", "21", "22", "45", "46", "47"};
            dates.push_back(custom.contains(id) || kBuiltIn.contains(id));
        }
    }
    return dates;
}

/// Days since 1899-12-30 as an ISO date, with a time where it has one.
std::string date_of(const std::string& text, bool since_1904) {
    double serial = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), serial);
    if (error != std::errc() || end != text.data() + text.size() || !(serial >= 0) || serial > 2'958'466)
        return text;
    if (since_1904) serial += 1462;
    auto days = static_cast<long long>(std::floor(serial));
    auto seconds = std::llround((serial - std::floor(serial)) * 86'400);
    if (seconds >= 86'400) seconds = 0, ++days;
    char buffer[128];
    const auto time = [&] {
        std::snprintf(buffer, sizeof buffer, "%02lld:%02lld", seconds / 3600, seconds / 60 % 60);
        return std::string(buffer);
    };
    if (days == 0) return time();
    // Civil date from days (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
    const long long z = days - 25'569 + 719'468, era = z / 146'097, doe = z - era * 146'097;
    const long long yoe = (doe - doe / 1460 + doe / 36'524 - doe / 146'096) / 365,
                    doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    const long long day = doy - (153 * mp + 2) / 5 + 1, month = mp < 10 ? mp + 3 : mp - 9,
                    year = yoe + era * 400 + (month <= 2 ? 1 : 0);
    std::snprintf(buffer, sizeof buffer, "%04lld-%02lld-%02lld", year, month, day);
    const std::string date = buffer;
    return seconds == 0 ? date : date + " " + time();
}

/// "BC12" is column 54, counted from 0.
std::size_t column_of(std::string_view reference, std::size_t otherwise) {
    std::size_t column = 0, letters = 0;
    for (const char c : reference) {
        if (c < 'A' || c > 'Z' || ++letters > 3) break;
        column = column * 26 + static_cast<std::size_t>(c - 'A') + 1;
    }
    return letters == 0 ? otherwise : column - 1;
}

struct Workbook {
    std::vector<std::string> strings;
    std::vector<bool> dates;
    bool since_1904 = false;
};

/// Adds the sheet's table. Flags: the XML was damaged; rows or columns were cut.
void read_sheet(std::string_view bytes, const Workbook& book, DocumentBuilder& out, bool& damaged,
                bool& cut) {
    std::vector<std::vector<std::string>> rows;
    XmlStream xml(bytes);
    std::string type, style;
    std::size_t column = 0;
    bool keep = false;
    const auto put = [&](std::string value) {
        if (!keep || value.empty()) return;
        auto& row = rows.back();
        if (row.size() <= column) row.resize(column + 1);
        row[column] += value;
    };
    for (Event event; (event = xml.next()) != Event::over;) {
        if (event != Event::begin) continue;
        if (xml.name() == "row") {
            if (rows.size() >= kMostRows) {
                cut = true;
                break;
            }
            rows.emplace_back();
            column = static_cast<std::size_t>(-1);
        } else if (xml.name() == "c") {
            column = column_of(xml.attribute("r"), column + 1);
            keep = !rows.empty() && column < kMostColumns;
            cut = cut || column >= kMostColumns;
            type = xml.attribute("t");
            style = xml.attribute("s");
        } else if (xml.name() == "v") {
            std::string value = xml.inner_text();
            if (type == "s") {
                std::size_t index = book.strings.size();
                std::from_chars(value.data(), value.data() + value.size(), index);
                put(index < book.strings.size() ? book.strings[index] : std::string());
            } else if (type == "b") {
                put(value == "1" ? "TRUE" : "FALSE");
            } else {
                std::size_t format = book.dates.size();
                std::from_chars(style.data(), style.data() + style.size(), format);
                const bool date =
                    (type.empty() || type == "n") && format < book.dates.size() && book.dates[format];
                put(date ? date_of(value, book.since_1904) : value);
            }
        } else if (xml.name() == "t") {
            put(xml.inner_text());
        } else if (xml.name() == "f" || xml.name() == "rPh") {
            xml.skip();
        }
    }
    damaged = damaged || xml.damaged();
    out.table(rows, rows.size() > 1);
}

}  // namespace

Result<void> read_xlsx(std::string_view bytes, DocumentBuilder& out) {
    PELLUCID_TRY(const Parts parts, unpack(bytes, [](std::string_view name) {
                     return name == "xl/workbook.xml" || name == "xl/_rels/workbook.xml.rels" ||
                            name == "xl/sharedStrings.xml" || name == "xl/styles.xml" ||
                            name == "docProps/core.xml" ||
                            (name.starts_with("xl/worksheets/") && name.ends_with(".xml"));
                 }));
    read_properties(parts, "docProps/core.xml", out);
    const std::string* workbook = parts.find("xl/workbook.xml");
    if (workbook == nullptr)
        return fail(ErrorCode::corrupt, "the list of its sheets is missing",
                    "open it in the program that made it and save it again");
    Workbook book{read_strings(parts.find("xl/sharedStrings.xml")), read_dates(parts.find("xl/styles.xml")),
                  false};
    const auto relations = relations_of(parts, "xl/workbook.xml");
    bool damaged = false, cut = false, hidden = false, any = false;
    XmlStream xml(*workbook);
    for (Event event; (event = xml.next()) != Event::over && !out.full();) {
        if (event != Event::begin) continue;
        if (xml.name() == "workbookPr")
            book.since_1904 = xml.attribute("date1904") == "1" || xml.attribute("date1904") == "true";
        if (xml.name() != "sheet") continue;
        any = true;
        if (!xml.attribute("state").empty() && xml.attribute("state") != "visible") {
            hidden = true;
            continue;
        }
        const auto relation = relations.find(xml.relation());
        const std::string* sheet = relation == relations.end() ? nullptr : parts.find(relation->second);
        const std::string label = xml.attribute("name");
        if (!out.begin_page(label)) break;
        out.heading(1, label);
        if (sheet == nullptr)
            damaged =
                damaged || relation == relations.end() || relation->second.starts_with("xl/worksheets/");
        else
            read_sheet(*sheet, book, out, damaged, cut);
    }
    if (!any) return fail(ErrorCode::corrupt, "it has no sheets");
    if (damaged) out.notice(NoticeCode::damaged, "some sheets are damaged or missing");
    if (cut)
        out.notice(NoticeCode::table_cut, "a sheet is longer than " + std::to_string(kMostRows) +
                                              " rows or wider than " + std::to_string(kMostColumns) +
                                              " columns: the rest was not read");
    if (hidden) out.notice(NoticeCode::hidden_dropped, "hidden sheets were left out");
    tell_damage(parts, out);
    return {};
}

}  // namespace pellucid::reading
