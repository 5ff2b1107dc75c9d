// Any bytes as another assistant's export: conversations whose trees hold together, or a typed error. What
// was read goes out as Markdown, JSON and database rows, and our JSON reads back as the same conversations.
#include <QByteArray>
#include <QSet>
#include <cstdint>
#include <cstdlib>

#include "app/exchange/archive_format.h"
#include "app/store/message_rows.h"

using namespace pellucid;
using namespace pellucid::app;

namespace {

void must(bool truth) {
    if (!truth) std::abort();
}

/// JSON can spell halves of a surrogate pair, UTF-8 cannot.
bool writable(const QString& text) {
    return QString::fromUtf8(text.toUtf8()) == text;
}

/// Parents come before children, ids differ. True where all texts can also be written down.
bool check_tree(const StoredConversation& conversation) {
    QSet<QString> ids;
    bool plain = writable(conversation.summary.title);
    for (const Message& message : conversation.messages) {
        must(!message.id.isEmpty() && !ids.contains(message.id));
        must(message.parentId.isEmpty() || ids.contains(message.parentId));
        ids.insert(message.id);
        plain = plain && writable(message.id) && writable(message.text) && writable(message.thought);
        const storage::NewMessage row = toRow(message);
        for (const storage::Part& part : row.parts)
            must(QString::fromStdString(part.text).toStdString() == part.text);
    }
    return plain;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const auto read = fromExport(
        QByteArray::fromRawData(reinterpret_cast<const char*>(bytes), static_cast<qsizetype>(size)));
    if (!read) {
        must(!read.error().what.empty() && !read.error().hint.empty());
        return 0;
    }
    bool plain = true;
    for (const StoredConversation& conversation : *read) {
        plain = check_tree(conversation) && plain;
        (void)toMarkdown(conversation, true);
    }
    if (!plain) return 0;
    const auto again = fromExport(toJson(*read));
    must(again.ok() && again->size() == read->size());
    for (std::size_t i = 0; i < read->size(); ++i) {
        const StoredConversation &first = (*read)[i], &second = (*again)[i];
        must(first.summary.title == second.summary.title);
        must(first.messages.size() == second.messages.size());
        for (std::size_t k = 0; k < first.messages.size(); ++k) {
            const Message &a = first.messages[k], &b = second.messages[k];
            must(a.id == b.id && a.parentId == b.parentId && a.role == b.role);
            must(a.text == b.text && a.thought == b.thought && a.hasThought == b.hasThought);
            if (a.role == MessageRole::Assistant) must(a.state == b.state);
        }
    }
    return 0;
}
