// The blocks of one text (a thought's body) as a list. Grows at its end while the text streams.
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>
#include <memory>

#include "app/chat/block.h"

namespace pellucid::app {

class BlockListModel : public QAbstractListModel {
    Q_OBJECT
    QML_NAMED_ELEMENT(BlockListModel)
    QML_UNCREATABLE("Made by the app")
    Q_PROPERTY(int count READ count NOTIFY countChanged)

public:
    /// Kinds of block, as in roles `blockKind` here and in ChatRowModel.
    enum Kind { Paragraph, Heading, ListItem, Code, Math, Table, Quote, Rule };
    Q_ENUM(Kind)

    enum Role {
        BlockKindRole = Qt::UserRole + 1,  ///< blockKind: Kind
        TextRole,                          ///< text: source (Markdown, code, TeX); what copy gives
        HtmlRole,                          ///< html: rich text of a paragraph, heading, list item or quote
        LevelRole,                         ///< level: heading 1-6; depth of a list item from 0
        MarkerRole,                        ///< marker: "•", "3."
        QuoteDepthRole,                    ///< quoteDepth: 0 outside quotes
        LanguageRole,                      ///< language: of code, as written
        TableRole,       ///< table: list of rows, each a list of rich texts; the first is the head
        AlignmentsRole,  ///< alignments: "left" | "center" | "right" per column
        ClosedRole,      ///< closed: false while the block may still grow
    };

    explicit BlockListModel(std::unique_ptr<BlockParser> parser, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    int count() const { return shown_; }

    void append(const QString& text);
    void finish();

    /// Shared with ChatRowModel: the value of a block role, and the role names.
    static QVariant blockData(const Block& block, int role);
    static QHash<int, QByteArray> blockRoleNames();

signals:
    void countChanged();
    /// Row `row` grew by `suffix` at its end and nothing else changed: a long code block can append instead
    /// of re-reading.
    void textAppended(int row, const QString& suffix);

private:
    void apply(BlockChange change);

    std::unique_ptr<BlockParser> parser_;
    int shown_ = 0;
};

}  // namespace pellucid::app
