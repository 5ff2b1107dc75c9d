#include "app/reading/scripted_reader.h"

#include <algorithm>
#include <thread>

namespace pellucid::reading {

void ScriptedReader::set(const std::filesystem::path& file, Result<Document> answer) {
    const std::lock_guard lock(mutex_);
    answers_.insert_or_assign(file, std::move(answer));
}

void ScriptedReader::set_delay(std::chrono::milliseconds delay) {
    const std::lock_guard lock(mutex_);
    delay_ = delay;
}

int ScriptedReader::reads() const {
    const std::lock_guard lock(mutex_);
    return reads_;
}

Result<Document> ScriptedReader::read(const std::filesystem::path& file, const ReadOptions&,
                                      CancelToken cancel) {
    std::unique_lock lock(mutex_);
    ++reads_;
    const auto until = std::chrono::steady_clock::now() + delay_;
    while (std::chrono::steady_clock::now() < until && !cancel.cancelled()) {
        lock.unlock();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
        lock.lock();
    }
    if (cancel.cancelled()) return fail(ErrorCode::cancelled, "Reading " + file.string() + " was stopped");
    if (const auto found = answers_.find(file); found != answers_.end()) return found->second;
    return fail(ErrorCode::not_found, file.string() + " is not there");
}

Document scripted_document(const std::vector<std::string_view>& pages, bool boxes) {
    constexpr float kWidth = 595, kHeight = 842, kMargin = 72, kLine = 14, kCharacter = 6;
    Document document;
    document.mime = "text/plain";
    for (std::uint32_t number = 0; number < pages.size(); ++number) {
        const std::string_view source = pages[number];
        Page page;
        page.range.first = static_cast<std::uint32_t>(document.text.size());
        if (boxes) page.width = kWidth, page.height = kHeight;
        bool open = false;  // the last block of this page still grows
        float y = kMargin;
        for (std::size_t at = 0; at < source.size();) {
            const std::size_t end = std::min(source.find('\n', at), source.size());
            std::string_view line = source.substr(at, end - at);
            at = end + 1;
            y += kLine;
            if (line.empty()) {
                open = false;
                continue;
            }
            int level = 0;
            while (level < 6 && line.starts_with(std::string(static_cast<std::size_t>(level) + 1, '#')))
                ++level;
            if (level > 0 && line.substr(static_cast<std::size_t>(level)).starts_with(' '))
                line.remove_prefix(static_cast<std::size_t>(level) + 1);
            else
                level = 0;
            if (!document.text.empty()) document.text += open && level == 0 ? "\n" : "\n\n";
            if (page.range.first < document.text.size() &&
                document.text.find_first_not_of('\n', page.range.first) == std::string::npos)
                page.range.first = static_cast<std::uint32_t>(document.text.size());
            const auto first = static_cast<std::uint32_t>(document.text.size());
            document.text += line;
            const auto last = static_cast<std::uint32_t>(document.text.size());
            if (!open || level > 0)
                document.blocks.push_back({level > 0 ? BlockKind::heading : BlockKind::paragraph,
                                           level,
                                           {first, last},
                                           number,
                                           {}});
            else
                document.blocks.back().range.last = last;
            open = level == 0;
            if (boxes)
                document.lines.push_back(
                    {{first, last}, number, kMargin, y, kCharacter * static_cast<float>(line.size()), kLine});
        }
        document.pages.push_back(page);
    }
    if (document.pages.empty()) document.pages.push_back({});
    // What separates blocks belongs to the page before it that has text; empty pages lie at the next one's
    // beginning.
    std::uint32_t next = static_cast<std::uint32_t>(document.text.size());
    for (std::size_t i = document.pages.size(); i-- > 0;) {
        Page& page = document.pages[i];
        const bool has_text = std::any_of(document.blocks.begin(), document.blocks.end(),
                                          [&](const Block& block) { return block.page == i; });
        page.range.last = next;
        page.range.first = i == 0 ? 0 : has_text ? page.range.first : next;
        next = page.range.first;
    }
    return document;
}

}  // namespace pellucid::reading
