// What the files of StorageStore share and nobody else sees: names of rows, replies on their way.
#pragma once

#include <QHash>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/store/storage_store.h"

namespace pellucid::app {

/// Ids of rows that were there before: "c12" and "m34". New ones are UUIDs until the program ends.
inline QString conversationText(storage::ConversationId id) {
    return u'c' + QString::number(id);
}
inline QString messageText(storage::MessageId id) {
    return u'm' + QString::number(id);
}

/// Worth another try when there is room again.
inline bool diskRefused(const storage::Error& error) {
    return error.code == storage::ErrorCode::no_space || error.code == storage::ErrorCode::io ||
           error.code == storage::ErrorCode::read_only;
}

inline storage::Failure unknown(const QString& id) {
    return storage::fail(storage::ErrorCode::not_found, "There is no row for " + id.toStdString());
}

struct StorageStore::Ids {
    std::mutex mutex;
    QHash<QString, std::int64_t> rows;
    QHash<QString, QString> names;  // "c12" -> the app's id, for rows made in this run

    void put(const QString& id, const QString& rowName, std::int64_t row) {
        std::lock_guard lock(mutex);
        rows[id] = row;
        names[rowName] = id;
    }
    /// 0: unknown.
    std::int64_t row(const QString& id) {
        {
            std::lock_guard lock(mutex);
            if (const auto it = rows.constFind(id); it != rows.constEnd()) return *it;
        }
        bool number = false;
        const qint64 row = id.mid(1).toLongLong(&number);
        return number ? row : 0;
    }
    QString name(const QString& rowName) {
        std::lock_guard lock(mutex);
        return names.value(rowName, rowName);
    }
};

struct StorageStore::Stream {
    struct Piece {
        storage::PartKind kind;
        std::string text;
        std::vector<int> tokens;
    };
    std::mutex mutex;
    std::unique_ptr<storage::ReplyStream> stream;
    std::vector<Piece> waiting;  // came before the stream was open
    storage::Timings before;
    bool refused = false;  // could not be opened: saved whole at its end

    void open(std::unique_ptr<storage::ReplyStream> opened) {
        std::lock_guard lock(mutex);
        stream = std::move(opened);
        for (const Piece& piece : waiting) stream->append(piece.kind, piece.text, piece.tokens);
        waiting.clear();
    }
};

}  // namespace pellucid::app
