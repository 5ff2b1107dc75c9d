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

    // Roles, by name:
    //   blockKind     Kind
    //   text          source: inline Markdown, code, TeX, a table's lines; what copy gives
    //   level         heading 1-6; nesting of a list item (and of what belongs to it) from 1, else 0
    //   marker        list item: "•", "3."
    //   task          list item: "" | "open" | "done"
    //   quoteLevel    enclosing quotes
    //   language      of code, lower case
    //   closed        false while the block may still grow
    //   terminated    code, maths: its closing fence or delimiter was seen
    //   continued     goes on with the paragraph before it, no space between
    //   blankBefore   an empty line stands before it in the source

    explicit BlockListModel(std::unique_ptr<BlockParser> parser, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QHash<int, QByteArray> roleNames() const override;
    int count() const { return shown_; }

    /// See BlockParser::grow.
    void grow(const GrowingText& whole);
    void finish();
    /// A text that had ended goes on: parsed again from its beginning, this one time.
    void restart(std::unique_ptr<BlockParser> parser, const GrowingText& text);

    /// Role names of a block, shared with ChatRowModel.
    static QHash<int, QByteArray> blockRoleNames();

signals:
    void countChanged();

private:
    void apply(BlockChange change);

    std::unique_ptr<BlockParser> parser_;
    int shown_ = 0;
};

}  // namespace pellucid::app
