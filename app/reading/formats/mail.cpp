// Messages (.eml; RFC 5322 and MIME): who wrote what to whom when, the text, and which attachments were not
// read.
#include <array>
#include <cctype>
#include <set>

#include "app/reading/formats/format.h"
#include "engine/text/utf8.h"

namespace pellucid::reading {

namespace {

using namespace std::string_view_literals;

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return out;
}

std::string from_base64(std::string_view text) {
    std::string out;
    unsigned bits = 0;
    int count = 0;
    for (const char c : text) {
        int value = -1;
        if (c >= 'A' && c <= 'Z')
            value = c - 'A';
        else if (c >= 'a' && c <= 'z')
            value = c - 'a' + 26;
        else if (c >= '0' && c <= '9')
            value = c - '0' + 52;
        else if (c == '+' || c == '-')
            value = 62;
        else if (c == '/' || c == '_')
            value = 63;
        if (value < 0) continue;
        bits = bits << 6 | static_cast<unsigned>(value);
        if ((count += 6) >= 8) {
            count -= 8;
            out += static_cast<char>(bits >> count & 0xff);
        }
    }
    return out;
}

int hex(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

std::string from_quoted_printable(std::string_view text, bool header) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (header && text[i] == '_') {
            out += ' ';
        } else if (text[i] != '=') {
            out += text[i];
        } else if (i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
            out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
            i += 2;
        } else if (!header) {  // a soft line end
            const std::size_t end = text.find('\n', i);
            if (end == text.npos) break;
            i = end;
        }
    }
    return out;
}

/// RFC 2047: "=?charset?B?…?=" words.
std::string decoded_words(std::string_view text) {
    std::string out;
    bool after_word = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = text.find("=?", at);
        if (begin == text.npos) {
            out += to_well_formed_utf8(text.substr(at));
            break;
        }
        const std::size_t charset_end = text.find('?', begin + 2);
        const std::size_t kind_end = charset_end == text.npos ? text.npos : text.find('?', charset_end + 1);
        const std::size_t end = kind_end == text.npos ? text.npos : text.find("?=", kind_end + 1);
        if (end == text.npos || kind_end != charset_end + 2) {
            out += to_well_formed_utf8(text.substr(at, begin + 2 - at));
            at = begin + 2;
            continue;
        }
        const std::string_view between = text.substr(at, begin - at);
        if (!after_word || between.find_first_not_of(" \t\r\n") != between.npos)
            out += to_well_formed_utf8(between);
        std::string_view charset = text.substr(begin + 2, charset_end - begin - 2);
        charset = charset.substr(0, charset.find('*'));
        const std::string_view word = text.substr(kind_end + 1, end - kind_end - 1);
        out += from_charset(
            (text[charset_end + 1] | 0x20) == 'b' ? from_base64(word) : from_quoted_printable(word, true),
            charset);
        after_word = true;
        at = end + 2;
    }
    return out;
}

using Fields = std::vector<std::pair<std::string, std::string>>;

/// Header fields, unfolded; `rest` is what follows the empty line.
Fields fields_of(std::string_view text, std::string_view& rest) {
    Fields fields;
    std::size_t at = 0;
    while (at < text.size() && fields.size() < 2'000) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        std::string_view line = text.substr(at, end - at);
        at = std::min(end + 1, text.size());
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty()) break;
        if ((line[0] == ' ' || line[0] == '\t') && !fields.empty()) {
            if (fields.back().second.size() < (1u << 16))
                fields.back().second += " " + folded_space(to_well_formed_utf8(line));
        } else if (const std::size_t colon = line.find(':'); colon != line.npos) {
            fields.emplace_back(lower(line.substr(0, colon)), std::string(line.substr(colon + 1)));
        }
    }
    rest = text.substr(at);
    return fields;
}

std::string field(const Fields& fields, std::string_view name) {
    for (const auto& [key, value] : fields)
        if (key == name) return value;
    return {};
}

/// A parameter of Content-Type or Content-Disposition.
std::string parameter(std::string_view value, std::string_view name) {
    const std::string small = lower(value);
    for (std::size_t at = small.find(';'); at != small.npos; at = small.find(';', at + 1)) {
        std::size_t key = small.find_first_not_of(" \t", at + 1);
        if (key == small.npos || small.compare(key, name.size(), name) != 0) continue;
        key += name.size();
        if (key < small.size() && small[key] == '*') ++key;
        if (key >= small.size() || small[key] != '=') continue;
        std::string_view rest = value.substr(key + 1);
        if (rest.starts_with('"')) return std::string(rest.substr(1, rest.find('"', 1) - 1));
        return std::string(rest.substr(0, rest.find_first_of("; \t\r\n")));
    }
    return {};
}

class Message {
public:
    explicit Message(DocumentBuilder& out) : out_(out) {}

    /// One part with its fields; `depth` of nesting.
    void part(std::string_view text, int depth, bool top) {
        if (depth > 16 || ++parts_ > 1'000) {
            skipped.push_back("parts nested too deep");
            return;
        }
        std::string_view body;
        const Fields fields = fields_of(text, body);
        if (top) head(fields, depth);
        const std::string type_field = field(fields, "content-type");
        const std::string type = lower(folded_space(type_field.substr(0, type_field.find(';'))));
        const std::string disposition = field(fields, "content-disposition");
        std::string name = decoded_words(parameter(disposition, "filename"));
        if (name.empty()) name = decoded_words(parameter(type_field, "name"));
        if (type.starts_with("multipart/")) {
            multipart(body, parameter(type_field, "boundary"), type == "multipart/alternative", depth);
            return;
        }
        if (type == "message/rfc822") {
            part(body, depth + 1, true);
            return;
        }
        const bool attached = lower(folded_space(disposition)).starts_with("attachment");
        if (attached || !(type.empty() || type == "text/plain" || type == "text/html")) {
            skipped.push_back(name.empty() ? (type.empty() ? "an attachment" : type) : name);
            return;
        }
        const std::string coding = lower(folded_space(field(fields, "content-transfer-encoding")));
        const std::string bytes = coding == "base64"             ? from_base64(body)
                                  : coding == "quoted-printable" ? from_quoted_printable(body, false)
                                                                 : std::string(body);
        const std::string words = decode_text(bytes, parameter(type_field, "charset"), out_);
        (void)(type == "text/html" ? read_html(words, out_) : read_text(words, out_));
    }

    std::vector<std::string> skipped;

private:
    void head(const Fields& fields, int depth) {
        const std::string subject = folded_space(decoded_words(field(fields, "subject")));
        if (depth == 0) {
            out_.about().title = subject;
            out_.about().author = folded_space(decoded_words(field(fields, "from")));
        }
        out_.heading(std::min(depth + 1, 6), subject);
        std::string lines;
        for (const auto& [key, label] :
             {std::pair{"from", "From: "}, {"to", "To: "}, {"cc", "Cc: "}, {"date", "Date: "}})
            if (const std::string value = folded_space(decoded_words(field(fields, key))); !value.empty())
                lines += label + value + "\n";
        out_.add(BlockKind::note, 0, lines, {}, true);
    }

    void multipart(std::string_view body, const std::string& boundary, bool alternative, int depth) {
        if (boundary.empty()) return;
        const std::string mark = "--" + boundary;
        std::vector<std::string_view> parts;
        std::size_t begin = body.npos;
        for (std::size_t at = body.find(mark); at != body.npos && parts.size() < 1'000;
             at = body.find(mark, at + mark.size())) {
            if (at > 0 && body[at - 1] != '\n') continue;
            if (begin != body.npos) parts.push_back(body.substr(begin, at - begin));
            if (body.substr(at + mark.size(), 2) == "--") {
                begin = body.npos;
                break;
            }
            const std::size_t line = body.find('\n', at);
            begin = line == body.npos ? body.npos : line + 1;
            if (begin == body.npos) break;
        }
        if (begin != body.npos) parts.push_back(body.substr(begin));  // broken off: what is there is read
        if (alternative && parts.size() > 1) {
            // The same text several times: the plain one, where there is one.
            for (const std::string_view candidate : parts) {
                std::string_view rest;
                const std::string type = lower(field(fields_of(candidate, rest), "content-type"));
                if (type.find("text/plain") != type.npos && rest.find_first_not_of(" \t\r\n") != rest.npos)
                    return part(candidate, depth + 1, false);
            }
            return part(parts.back(), depth + 1, false);
        }
        for (const std::string_view each : parts) part(each, depth + 1, false);
    }

    DocumentBuilder& out_;
    int parts_ = 0;
};

}  // namespace

Result<void> read_mail(std::string_view bytes, DocumentBuilder& out, int depth) {
    if (bytes.starts_with("From "))
        bytes.remove_prefix(std::min(bytes.find('\n'), bytes.size() - 1) + 1);  // of a mailbox
    Message message(out);
    message.part(bytes, depth, true);
    if (!message.skipped.empty()) {
        std::string names;
        for (std::size_t i = 0; i < message.skipped.size() && i < 10; ++i)
            names += (names.empty() ? "" : ", ") + message.skipped[i];
        out.notice(NoticeCode::part_skipped, "attachments were not read: " + names);
    }
    return {};
}

}  // namespace pellucid::reading
